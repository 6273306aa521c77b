"""The proof holds because it can fail: each claim is tried against a protocol that breaks it."""

import random
import subprocess
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from nowrongdoor.kernel.conditions import holds
from nowrongdoor.triage import noticed, proof
from nowrongdoor.triage.commandline import mutation_lines, proof_lines
from nowrongdoor.triage.facts import Claim, Fate, Mutation, Protocol
from nowrongdoor.triage.mutants import mutants
from nowrongdoor.triage.reading import read, read_text
from nowrongdoor.triage.rules import decide, settle
from nowrongdoor.triage.solver import AXES, Limit, Model
from tests.conftest import ROOT

FILE = ROOT / "communities/tucson/protocol.yaml"
TEXT = FILE.read_text()
TUCSON = read(FILE)
SMALL_TEXT = (Path(__file__).parent / "small.yaml").read_text()
SMALL = read_text(SMALL_TEXT, "small.yaml")
COMMAND = str(ROOT / ".venv/bin/nowrongdoor")
BARE = {"PATH": "/usr/bin:/bin"}  # no database, no secret


def changed(text: str, *edits: tuple[str, str]) -> Protocol:
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return read_text(text, "draft.yaml")


def failures(protocol: Protocol) -> dict[str, Claim]:
    return {claim.id: claim for claim in proof.prove(protocol).failures}


def test_tucson_s_protocol_is_proved_for_every_call() -> None:
    proved = proof.prove(TUCSON)

    assert proved.holds, list(proof_lines(proved))
    assert Counter(claim.kind for claim in proved.claims) == {
        "invariant": 20,
        "can fail": 20,
        "level rule": 31,
        "duty": 20,
        "question": 33,
        "every call": 1,
        "answers": 3,
        "approvers": 1,
        "story": len(TUCSON.stories),
    }


BROKEN = {
    "an unknown that was dropped": (
        "I2", 'if: \'ACT!="N" or VIO!="N" or', 'if: \'VIO!="N" or',
        "-> level 2 by L23 (none / none / line), but I2 wants 3B, 4, E or X",
    ),
    "a weaker level": (
        "I1", 'L04, level: "4"', 'L04, level: "3B"',
        "but I1 wants 4 or E",
    ),
    "a duty that spares some": (
        "I7", "{id: duty_to_warn_task, if: 'HI==\"named\"'", "{id: duty_to_warn_task, if: 'HI==\"named\" and AGE!=\"child\"'",
        "How old are they: under 12; do they say they will harm someone else, or mean to: a person, group or place that could be identified. -> level 4 by L05 (now / staged / line), duties counselor_on_the_phone, youth_queue, guardian_contact, but I7 wants duty_to_warn_task",
    ),
    "no ambulance check for heat": ("I3", 'if: \'(MED=="U" or HEAT=="U" or', 'if: \'(MED=="U" or', "but I3 wants ems_now or ems_check"),
    "a minor at level 1": ("I5", 'HURT=="N" and AGE in ("adult","older")', 'HURT=="N"', "How old are they: under 12"),
    "a call without a level": (
        "level", "floor: true, if: 'True'", "floor: true, if: 'TALK==\"N\"'",
        "not known. -> no level, but every call needs one",
    ),
    "a rule out of reach": ("L16", "if: 'WPN==\"in_reach\"', says", "if: 'WPN==\"in_hand\" and BHN==\"N\" and VIO==\"Y\" and BHN==\"Y\"', says", "No call ever reaches it"),
    "a duty out of reach": ("offer_deflection_pair", "if: 'CRM==\"drug\"', says", "if: 'CRM==\"drug\" and CRM==\"minor\"', says", "No call ever reaches it"),
    "a story told otherwise": (
        "W01", 'answers: {SI: passive}, level: "2", rule: L23, response: none / none / line', 'answers: {SI: passive}, level: "2", rule: L23, response: aware / none / line',
        "-> level 2 by L23 (none / none / line), duties counselor_on_the_phone, but the story says level 2 by L23 (aware / none / line), counselor_on_the_phone",
    ),
    # field/REAL_FILES B, one to five
    "B1: a hard stop that is none": (
        "MED", "- id: MED\n  type: ynu\n  hard_stop: true\n", "- id: MED\n  type: ynu\n",
        "but MED is no hard stop, not in `minimum` and not asked when called for. Where it is not asked: level 2 by L23 (none / none / line)",
    ),
    "B2: a hard stop that is never asked": (
        "VIO", "{id: VIO, type: ynu, hard_stop: true, ask:", "{id: VIO, type: ynu, hard_stop: true, ask_when: 'BHN==\"Y\" and BHN==\"N\"', ask:",
        "A hard stop is asked on every call",
    ),
    "B3: nothing goes at level 4": (
        "I10", '"4": {police: now, ems: staged, clinical: line}', '"4": {police: none, ems: none, clinical: refer}',
        "but I10 wants police now",
    ),
    "B4: an invariant that allows everything": (
        "I1", 'or HI=="named"\', level_in: ["4", "E"]', 'or HI=="named"\', level_in: ["1", "2", "3A", "3B", "4", "E", "X"]',
        "It allows every level.",
    ),
    "B5: an approver who is missing": (
        "approvers", "- {role: police, name: {en: \"Police commander\", es: \"Mando policial\"}}\n", "",
        "The file does not name police.",
    ),
    # and others of their kind
    "a hard stop that becomes a question like others": (
        "ACT", "{id: ACT, type: ynu, hard_stop: true,", "{id: ACT, type: ynu, always: true,", "ACT is no hard stop",
    ),
    "a question of the minimum that is left out": (
        "HI", "minimum: [SI, HI, AGE,", "minimum: [SI, AGE,", "HI is no hard stop, not in `minimum`",
    ),
    "a question that no call asks": (
        "DV", "{id: DV, type: ynu, ask_when: 'REL==\"family\"'", "{id: DV, type: ynu, ask_when: 'REL==\"family\" and REL==\"self\"'",
        "No call ever asks it",
    ),
    "a question that nothing ever asks": ("CARE", "{id: CARE, type: ynu, always: true,", "{id: CARE, type: ynu,", "Nothing ever asks it."),
    "a question that nothing looks at": (
        "SEE", "ask_again_not_seen, if: 'SEE==\"N\" and MED==\"N\"'", "ask_again_not_seen, if: 'MED==\"U\"'",
        "No rule, duty or question looks at its answer.",
    ),
    "an invariant whose case never comes": (
        "I16", 'when: \'WPN=="in_reach" and SI=="active"\'', 'when: \'WPN=="in_reach" and WPN=="none"\'', "No call is ever in its case.",
    ),
    "an invariant of an axis at X alone": (
        "I14", "when: 'SI==\"active\"', clinical_in:", "when: 'BHN==\"N\" and SI==\"none\" and HI==\"none\" and PSY==\"N\" and CARE==\"N\" and MED==\"N\" and HEAT==\"N\" and ONSET==\"N\" and WPN==\"none\" and VIO==\"N\" and HAZ==\"none\" and ACT==\"N\" and CRM==\"none\" and ABU==\"N\"', clinical_in:",
        "No call is ever in its case.",
    ),
    "an axis where everything is allowed": (
        "I11", 'police_in: [staged, now]}', 'police_in: [none, aware, staged, now]}', "It allows everything on its axis.",
    ),
    "3B without police near": ("I11", "3B: {police: staged,", "3B: {police: none,", "but I11 wants police staged or police now"),
    "a floor where a rule was": (
        "worse", 'L13, level: "3B", if', 'L13, level: "3B", floor: true, if', "With ",
    ),
    "J1: the police are lost where it gets worse": (
        "I20", "police_with_ems, if: '(MED!=\"N\"", "police_with_ems, if: '(MED==\"Y\"", "but I20 wants police now",
    ),
    "rules in a worse order": (
        "worse", 'L24, level: "3B", if', 'L24, level: "2", if', "With ",
    ),
    "an answer that no chain names": (
        "risk_order", '  MED: [["N", U, "Y"]]', '  MED: [["N", "Y"]]', "Which answers are worse is not said of MED.",
    ),
    "the worse answer called the better": ("worse", 'SCN: [["N", U, "Y"]]', 'SCN: [["Y", U, "N"]]', "With SCN "),
}  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_protocol_is_refused_with_a_call_in_words(broken: str) -> None:
    id, old, new, told = BROKEN[broken]
    found = failures(changed(TEXT, (old, new)))

    assert id in found
    assert told in found[id].because


def test_a_counter_example_is_a_call_that_really_breaks_it() -> None:
    broken = changed(TEXT, ('if: \'ACT!="N" or VIO!="N" or', 'if: \'VIO!="N" or'))
    model = Model(broken)
    wanted = next(each for each in broken.invariants if each.id == "I2")
    call = model.call(*proof.broken(model, wanted, model.now))

    assert call is not None
    assert holds(wanted.when, settle(broken, call))
    assert decide(broken, call).level not in wanted.level_in
    assert {id for id, value in call.items() if value != broken.benign[id]} == {"ACT"}


def test_a_proof_that_reaches_its_limit_is_no_proof() -> None:
    made = proof.prove(TUCSON, Limit(steps=1))

    assert [(each.kind, each.holds) for each in made.claims] == [("limit", False)]
    assert not made.holds


def random_calls(protocol: Protocol, count: int) -> list[dict[str, str]]:
    chance = random.Random(20190401)
    return [
        {
            question.id: question.benign
            if chance.random() < 0.5
            else chance.choice(question.values)
            for question in protocol.questions
            if chance.random() < 0.9
        }
        for _ in range(count)
    ]


@pytest.mark.parametrize(
    ("protocol", "count"), [(TUCSON, 80), (SMALL, 80)], ids=["tucson", "small"]
)
def test_solver_and_evaluator_agree_on_random_calls(protocol: Protocol, count: int) -> None:
    model = Model(protocol)

    for call in random_calls(protocol, count):
        given = [
            raw[call[id]] if id in call else model.not_asked(id) for id, raw in model.raw.items()
        ]
        finding = decide(protocol, call)
        settled = settle(protocol, call)

        rules = [
            rule.id
            for rule, first in zip(protocol.levels, model.now.firsts, strict=True)
            if model.possible(*given, first)
        ]
        duties = [id for id, due in model.now.duties.items() if model.possible(*given, due)]
        axes = {
            axis: [
                each
                for each in values
                if model.possible(*given, model.among(model.now, axis, [each]))
            ]
            for axis, values in AXES.items()
        }
        assert rules == [finding.rule], call
        assert duties == list(finding.duties), call
        assert axes == {axis: [getattr(finding.response, axis)] for axis in AXES}, call
        assert model.possible(*given, *(model.settled[id][value] for id, value in settled.items()))


@cache
def table(protocol: Protocol) -> dict[str, Mutation]:
    return {row.name: row for row in noticed.mutations(protocol)}


def test_whatever_is_taken_from_a_rule_somebody_notices_or_nothing_changes() -> None:
    """The mutation table (sources, "Every rule is noticed"). About five seconds."""
    rows = table(TUCSON).values()
    fates = Counter(row.fate for row in rows)

    assert [row for row in rows if not row.passes] == []
    assert fates[Fate.NOTICED] > 280
    assert {row.name.split()[0] for row in rows} == {
        *(rule.id for rule in TUCSON.levels),
        *(duty.id for duty in TUCSON.duties if duty.when),
        "response",
    }
    # each invariant notices something, but for the two whose ambulance rule and duty both send
    noticed_by = {who for row in rows for who in row.by}
    assert {each.id for each in TUCSON.invariants} - noticed_by == {"I9", "I15"}


def test_what_rule_and_duty_both_send_is_missed_once_neither_does() -> None:
    weaker = [
        ("E: {police: none, ems: now,", "E: {police: none, ems: none,"),
        ("ems_now: {ems: now}", "ems_now: {ems: staged}"),
    ]

    assert "I9" in failures(changed(TEXT, *weaker))


def test_every_mutation_of_the_small_protocol_is_named_with_who_notices() -> None:
    rows = table(SMALL)

    assert all(row.passes for row in rows.values())
    assert rows["A1 dropped"].by == ("I1", "A1 is never reached", "S1", "S4")
    assert rows["A1 without HURT U"].by == ("S4",)
    assert rows['go without MOOD=="lost"'].by == ("I2", "S2", "S6")
    assert "a call without a level" in rows["A9 dropped"].by
    assert rows["A3 without MOOD sad"].by == ("S3",)  # `not` is turned round
    assert rows["A2 without MOOD U"].fate is Fate.EXEMPT
    assert rows["A2 without MOOD U"].because.startswith("who does not say")


def test_a_mutation_that_nobody_notices_fails_with_a_call_that_shows_it() -> None:
    row = table(replace(SMALL, exceptions=()))["A2 without MOOD U"]

    assert (row.fate, row.passes) == (Fate.MISSED, False)
    assert row.because == (
        "How do they feel: not known; is it cold today: yes. -> level 3A by A2 (none / none / team) before"
    )


def test_a_mutation_that_changes_nothing_is_told_apart_from_one_that_nobody_notices() -> None:
    twice = changed(SMALL_TEXT, ("if: 'HURT!=\"N\"'", 'if: \'HURT!="N" or HURT=="Y"\''))

    assert table(twice)['A1 without HURT=="Y"'].fate is Fate.SAME
    assert table(twice)['A1 without HURT!="N"'].fate is Fate.NOTICED


@pytest.mark.parametrize("name", ["A1 dropped", "A7 dropped"])
def test_an_exception_that_nothing_needs_fails(name: str) -> None:
    row = table(changed(SMALL_TEXT, ('mutation: "A2 without MOOD U"', f'mutation: "{name}"')))

    stale = [each for each in row.values() if each.fate is Fate.STALE]
    assert [each.name for each in stale] == [name]
    assert not stale[0].passes


def test_a_story_taken_out_is_missed_by_the_table() -> None:
    fewer = replace(SMALL, stories=tuple(story for story in SMALL.stories if story.id != "S4"))

    assert [row.name for row in noticed.mutations(fewer) if not row.passes] == ["A1 without HURT U"]


def test_each_mutation_has_a_name_of_its_own() -> None:
    names = [mutant.name for mutant in mutants(TUCSON)]

    assert len(set(names)) == len(names)


def test_a_proof_of_the_mutated_file_fails_where_the_table_says_so() -> None:
    """The table replaces one formula; here the file itself is changed and read again."""
    rows = table(TUCSON)
    edits = {
        'L13 without ACT!="N"': ('if: \'ACT!="N" or VIO!="N" or', 'if: \'VIO!="N" or'),
        "response 3A with clinical line": ("clinical: team", "clinical: line"),
        "L02 without HAZ fire": ('VIO=="Y" or HAZ in ("barricade","fire",', 'VIO=="Y" or HAZ in ("barricade",'),
        "L08 without TALK U": ('TIME in ("now","day","U") and TALK!="Y"\', says: {en: "thoughts of suicide with', 'TIME in ("now","day","U") and TALK=="N"\', says: {en: "thoughts of suicide with'),
        "ask_mhst_first without ORD in_force": ('ORD in ("in_force","pickup_signed")', 'ORD=="pickup_signed"'),
    }  # fmt: skip

    for name, edit in edits.items():
        broken = set(failures(changed(TEXT, edit))) - {"worse", "order"}
        assert set(rows[name].by) == broken, name


def test_the_table_is_printed_for_people() -> None:
    rows = list(mutation_lines(noticed.mutations(replace(SMALL, exceptions=()))))

    assert rows[0].split(None, 3) == ["A1", "dropped", "noticed", "I1, A1 is never reached, S1, S4"]
    assert any(
        "nobody notices" in row and "level 3A by A2 (none / none / team) before" in row
        for row in rows
    )
    assert rows[-1].endswith("1 nobody notices, 0 exempt without need")


def test_the_command_line_proves_a_file_and_shows_the_call_that_breaks_it(tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"
    draft.write_text(SMALL_TEXT.replace("if: 'HURT!=", 'if: \'NEAR=="Y" and HURT!='))

    def check(*words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [COMMAND, "protocol", "check", *words], capture_output=True, text=True, cwd=ROOT, env=BARE
        )  # fmt: skip

    whole, broken = check("--community", "tucson"), check(str(draft))
    table, unread = check("--mutations", "tests/triage/small.yaml"), check("README.md")

    assert (whole.returncode, table.returncode) == (0, 0), whole.stderr + table.stderr
    assert "Proved for every possible call, whole or partly asked." in whole.stdout
    assert "A1 dropped" in table.stdout
    assert (broken.returncode, unread.returncode) == (1, 1)
    assert "fails: invariant I1 (whoever is hurt gets E)" in broken.stdout
    assert "Is anyone hurt: yes; are you near: no. -> level 1 by A9" in broken.stdout
    assert unread.stderr.startswith("README.md, line ")
