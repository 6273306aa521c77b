"""The proof holds because it can fail: each claim is tried against a table that breaks it."""

import pytest
import z3

from nowrongdoor.sharing.commandline import proof_lines
from nowrongdoor.sharing.facts import Allow, Deny, Flow, Table
from nowrongdoor.sharing.proof import if_all_signed, prove
from nowrongdoor.sharing.reading import read_text
from nowrongdoor.sharing.rules import WHO, may_disclose, read_asked
from nowrongdoor.sharing.solver import Model
from tests.sharing.examples import EXAMPLES, read_example
from tests.sharing.naive import Naive
from tests.sharing.tables import PASSED_OVER, TEXT, TUCSON, UNSIGNED, changed, without

A36_NEEDS = 'needs: "named or process or signed_request"'


def failures(table: Table) -> dict[str, str]:
    return {claim.id: claim.because for claim in prove(table) if not claim.holds}


def then(text: str, old: str, new: str) -> Table:
    assert text.count(old) == 1
    return read_text(text.replace(old, new))


def test_the_community_s_table_is_proved() -> None:
    claims = prove(TUCSON)

    assert [claim for claim in claims if not claim.holds] == []
    kinds = [claim.kind for claim in claims]
    assert [kinds.count(each) for each in ("invariant", "row", "must work", "must not")] == [12, 64, 13, 6]  # fmt: skip
    assert list(proof_lines(TUCSON, claims, ())) == [
        "tucson 1.0.0: looked at invariant 12, row 64, must work 13, must not 6.",
        "Proved for every possible disclosure.",
    ]


BROKEN = {
    "I1": then(without("X01"), "data: [police_report], from: [le_patrol, le_mhst, le_deflection", "data: [police_report, cji], from: [le_patrol, le_mhst, le_deflection"),
    "I2": then(without("X03"), "court, family, peer_org]", "court, family, peer_org, homeless_provider]"),
    "I3": changed('purpose: [engagement, coordinate], needs: "named"', 'purpose: [engagement, coordinate], needs: "tpo"'),
    "I4": then(without("X04"), 'purpose: [legal_proceeding, other], needs: "process"', 'purpose: [legal_proceeding, other], needs: "process or agreement"'),
    "I5": then(without("X06"), "purpose: [coordinate, locate, investigate]", "purpose: [coordinate, locate, investigate, enforcement]"),
    "I6": then(without("X10"), 'purpose: [coordinate, refer, legal_proceeding, respond], needs: "victim_release"', 'purpose: [coordinate, imminent_threat], needs: "victim_release or emergency"'),
    "I7": then(without("X05"), 'purpose: [coordinate, review, legal_proceeding], needs: "guardian or process"', 'purpose: [coordinate, review, legal_proceeding], needs: "guardian or agreement"'),
    "I8": then(without("X08"), "to: [prosecutor, court, defense, other_le]", "to: [prosecutor, court, defense, other_le, public]"),
    "I9": changed('needs: "agrees", fields: [treatment], duties: [minimum]', 'needs: "agrees", fields: [treatment], duties: [copy]'),
    "I10": changed("fields: [whole], duties: [notice, copy, expires]", "fields: [whole], duties: [copy, expires]"),
    "I11": changed('purpose: [investigate, legal_proceeding], needs: "authorization or process"', 'purpose: [investigate, legal_proceeding], needs: "authorization or agreement"'),
}  # fmt: skip
"""For each invariant a table that breaks it."""


@pytest.mark.parametrize("id", BROKEN)
def test_a_broken_invariant_is_found_with_a_disclosure_that_shows_it(id: str) -> None:
    found = failures(BROKEN[id])

    assert id in found
    who, row = found[id].split(": ", 1)
    assert " tells " in who
    assert " for " in who
    assert row.split()[0] in {each.id for each in TUCSON.allow}


def test_a_counter_example_names_the_fewest_facts() -> None:
    assert failures(BROKEN["I3"])["I3"].endswith(
        "with tpo: A28 allows it (duties: notice, copy, expires, audit)."
    )
    assert ", with no fact: A53" in failures(
        changed("data: [aggregate]", "data: [aggregate, incident]")
    ).get("I9", "")


def test_a_row_that_decides_without_what_it_needs_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file can break I12, as rows decide only where their needs hold: so the engine is broken here."""

    def careless(model: Model, row: Deny | Allow) -> z3.BoolRef:
        return model.all([])

    monkeypatch.setattr(Model, "_holds", careless)

    assert "I12" in failures(TUCSON)


@pytest.mark.parametrize(
    ("old", "new", "id"),
    [
        ("  - {id: A22, ", '  - {id: A98, data: [clinical], from: [crc], to: [hospital], purpose: [treatment], needs: "emergency", fields: [card], duties: [audit], basis: N}\n  - {id: A22, ', "A98"),
        ("  - {id: X10, ", '  - {id: X98, data: [sud], to: [public_health], because: "twice"}\n  - {id: X10, ', "X98"),
        ("  - {id: A22, ", '  - {id: A98, data: [cji], from: [crc], to: [hospital], purpose: [treatment], needs: "True", fields: [card], duties: [audit], basis: N}\n  - {id: A22, ', "A98"),
        ("  - {id: A22, ", '  - {id: A98, data: [clinical], from: [jail], to: same, purpose: [review], needs: "agrees and not agrees", fields: [card], duties: [audit], basis: N}\n  - {id: A22, ', "A98"),
        ("  - {id: A22, ", '  - {id: A98, data: [clinical], from: [jail], to: same, purpose: [review], needs: "not same", fields: [card], duties: [audit], basis: N}\n  - {id: A22, ', "A98"),
    ],
    ids=["shadowed", "denied twice", "denied before", "never true", "never the same"],
)  # fmt: skip
def test_a_row_that_nothing_reaches_is_named(old: str, new: str, id: str) -> None:
    found = failures(changed(old, new))

    assert list(found) == [id]
    assert "No disclosure reaches it" in found[id]


def test_a_row_behind_one_that_is_not_signed_is_reached_and_so_is_that_one() -> None:
    unsigned = read_text(UNSIGNED)

    assert failures(read_text(PASSED_OVER)) == {}

    assert failures(unsigned) == {}
    assert list(proof_lines(unsigned, (), ()))[1:] == [
        "passed over until the community signs them off: A09, A14, A19.",
        "Proved for every possible disclosure.",
    ]


def test_what_would_break_once_it_is_signed_off_is_told_before() -> None:
    table = then(UNSIGNED, "purpose: [close_loop], needs: \"agreement\", fields: [status], duties: [minimum, account], basis: A, settled: false", "purpose: [coordinate], needs: \"agreement\", fields: [status], duties: [minimum, account], basis: A, settled: false")  # fmt: skip

    later = if_all_signed(table)

    assert failures(table) == {}
    assert [claim.id for claim in later] == ["I11"]
    assert any("would fail once" in line for line in proof_lines(table, (), later))
    assert if_all_signed(TUCSON) == ()


@pytest.mark.parametrize("flow", TUCSON.flows, ids=[flow.text for flow in TUCSON.flows])
def test_what_must_work_works_and_what_must_not_does_not(flow: Flow) -> None:
    assert may_disclose(TUCSON, flow.asked).allowed is flow.works


def test_a_flow_that_stops_and_one_that_opens_are_found() -> None:
    stopped = failures(changed('custody], from: [jail], to: [clinic, crc, le_mhst,', 'custody], from: [jail], to: [clinic, crc,'))  # fmt: skip
    opened = failures(changed('purpose: [engagement, coordinate], needs: "named"', 'purpose: [engagement, coordinate], needs: "named or agreement"'))  # fmt: skip

    assert list(stopped) == ["the jail tells the support team of a booking"]
    assert "jail tells le_mhst custody for know_custody, with agreement: No rule covers" in "".join(
        stopped.values()
    )
    assert "a deflection officer asks without a signature" in opened
    assert "Rule A28 allows this" in opened["a deflection officer asks without a signature"]


def test_the_solver_and_the_compiled_function_name_the_same_row() -> None:
    """What is proved of the formulas is true of the answers: by chance, and for each row's own disclosure."""
    model = Model(TUCSON)
    lines = [read_asked(TUCSON, line) for line in Naive(TEXT).lines(17, 150)]

    for question in [*lines, *(read_example(each) for _row, each in EXAMPLES)]:
        model.solver.push()
        who = zip(
            WHO, (question.data, question.sender, question.recipient, question.purpose), strict=True
        )
        model.solver.add(*(model.one[name][value] for name, value in who))
        model.solver.add(
            *(
                each if fact in question.facts else z3.Not(each)
                for fact, each in model.facts.items()
            )
        )
        assert model.solver.check() == z3.sat
        shown = model.solver.model()
        rows = [
            row.id
            for row, decides in model.decides
            if z3.is_true(shown.eval(decides, model_completion=True))
        ]
        model.solver.pop()

        assert (rows or ["none"]) == [may_disclose(TUCSON, question).row]


def test_what_the_solver_gives_up_on_is_never_taken_to_hold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(z3.Solver, "check", lambda _solver, *_literals: z3.unknown)

    with pytest.raises(RuntimeError, match="the solver gave up"):
        prove(TUCSON)
