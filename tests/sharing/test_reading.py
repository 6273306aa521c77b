"""The mistakes a disclosure table's file can make: each named by file, line and key."""

from pathlib import Path

import pytest

from nowrongdoor.community.files import BadCommunity
from nowrongdoor.sharing.reading import LONGEST, read, read_text, table_of
from tests.conftest import ROOT
from tests.sharing.tables import FILE, TEXT, TUCSON

LAST = "fields: [named], duties: [], basis: A}"
"""Of A54, which nothing stands in front of but a line of its own."""


@pytest.mark.parametrize(
    ("old", "new", "key", "told"),
    [
        ("disclosure: tucson", "disclosures: tucson", "disclosures", "nothing is called that here"),
        ("aggregate: D13", "aggregate: D12", "data", "D12 stands here twice"),
        ("aggregate: D13", "aggregate: 13", "data.aggregate", "this is text"),
        ("aggregate: D13", "incident: D13", "disclosure.yaml", "incident is written twice here"),
        ("  [psap, crisis_line", "  [psap, psap, crisis_line", "kinds", "psap stands here twice"),
        ("[family, school,", "[family, psap,", "recipients_only", "psap stands here twice"),
        ("[family, school,", "[family, Schule,", "recipients_only.1", "this is not written as it must be"),
        ("purposes: [respond,", "purposes: [respond, respond,", "purposes", "respond stands here twice"),
        ("  outreach: [le_outreach,", "  outreach: [le_outpost,", "groups.outreach", "there is no kind le_outpost here"),
        ("  outreach: [le_outreach,", "  crc: [le_outreach,", "groups.crc", "crc is the name of a kind"),
        ("  outreach: [le_outreach,", "  same: [le_outreach,", "kinds", "same means the sender's own kind"),
        ("  tpo: Part 2", "  to: Part 2", "facts.to", "a fact cannot be called to"),
        ("  tpo: Part 2", "  class: Part 2", "facts.class", "a fact cannot be called class"),
        ("  tpo: Part 2", "  le: Part 2", "facts.le", "a fact cannot be called le"),
        ("id: X03,", "id: X01,", "deny.1", "X01 stands here twice"),
        ("id: A54,", "id: X01,", "allow.53", "X01 stands here twice"),
        ("{id: I2,", "{id: A54,", "invariants.1", "A54 stands here twice"),
        ("was: 41, data: [staff]", "was: 41, data: [stuff]", "allow.53.data", "there is no class stuff here"),
        ("was: 41, data: [staff]", "was: 41, data: []", "allow.53.data", "there are at least 1 of these"),
        ("data: [custody], from: [jail, pretrial]", "data: [custody], from: [jail, family]", "allow.48.from", "there is no kind family here"),
        ("data: [custody], from: [jail, pretrial]", "data: [custody], from: [jail, justice]", "allow.48.from", "there is no kind review_committee here"),
        ("data: [custody], from: [jail, pretrial]", 'data: [custody], from: "same"', "allow.48.from", "there is no kind same here"),
        ("data: [custody], from: [jail, pretrial]", 'data: [custody], from: [jail, "*"]', "allow.48.from", "there is no kind * here"),
        ("to: [hmis, homeless_provider], because", "to: [hims, homeless_provider], because", "deny.1.to", "there is no kind hims here"),
        ("purpose: [research]", "purpose: [search]", "allow.51.purpose", "there is no purpose search here"),
        ('needs: "irb and agreement"', 'needs: "irb and treaty"', "allow.51.needs", "There is no fact treaty."),
        ('needs: "irb and agreement"', 'needs: "irb and"', "allow.51.needs", "This cannot be read: "),
        ('needs: "irb and agreement"', "needs: \"__import__('os').getcwd() == 'x'\"", "allow.51.needs", "is not part of the language. Write facts,"),
        ('needs: "irb and agreement"', "needs: \"purpose == 'search'\"", "allow.51.needs", 'purpose is never "search"; it takes '),
        ('needs: "irb and agreement"', "needs: \"to in clergy\"", "allow.51.needs", "After to in, write the values in brackets"),
        ('needs: "irb and agreement"', "needs: \"data in health\"", "allow.51.needs", "data is never in health."),
        ('needs: "irb and agreement"', "needs: \"basis == 'A'\"", "allow.51.needs", "There is no fact basis."),
        ('needs: "irb and agreement"', "needs: True", "allow.51.needs", "this is text: put it in quotation marks"),
        ('needs: "irb and agreement", ', "", "allow.51.needs", "this is missing"),
        ("unless: \"data == 'aggregate'\"", "unless: \"data == 'counts'\"", "deny.6.unless", 'data is never "counts"'),
        ("fields: [counts]", "fields: [count]", "allow.52.fields", "there is no field group count here"),
        ("duties: [suppress]", "duties: [depress]", "allow.52.duties.0", "this is 'minimum', 'account'"),
        (LAST, "fields: [named], duties: [], basis: Z}", "allow.53.basis", "this is 'N', 'A', 'R'"),
        (LAST, "fields: [named], duties: [], basis: A, setled: false}", "allow.53.setled", "nothing is called that here"),
        (LAST, "fields: [named], duties: [], basis: A, settled: maybe}", "allow.53.settled", "valid boolean"),
        ("signed_off: [A09, A14, A19]", "signed_off: [A09, A14, A91]", "signed_off.2", "there is no row A91 here"),
        ("signed_off: [A09, A14, A19]", "signed_off: [A09, A14, X01]", "signed_off.2", "there is no row X01 here"),
        ("signed_off: [A09, A14, A19]", "signed_off: [A09, A14, A09]", "signed_off", "A09 stands here twice"),
        ("never: \"data == 'cji'\"", "never: \"data == 'ncic'\"", "invariants.0.never", 'data is never "ncic"'),
        ("never: \"data == 'cji'\"", "never: \"data == 'cji'\", when: \"True\"", "invariants.0", "when goes with duty_any and duty_all"),
        ("never: \"data == 'cji'\"", "when: \"True\"", "invariants.0", "an invariant wants one of never, duty_any, duty_all"),
        ("duty_all: [notice, copy], when: ", "duty_all: [notice, copy], never: ", "invariants.9", "an invariant wants one of never, duty_any, duty_all"),
        ("duty_all: [notice, copy]", "duty_all: [notice, copies]", "invariants.9.duty_all.1", "this is 'minimum'"),
        ("to: rbha, purpose: payment}", "to: rhba, purpose: payment}", "must_work.11.to", "there is no kind rhba here"),
        ("from: crc, to: rbha, purpose: payment}", "from: public, to: rbha, purpose: payment}", "must_work.11.from", "there is no kind public here"),
        ("to: rbha, purpose: payment}", "to: rbha, purpose: pay}", "must_work.11.purpose", "there is no purpose pay here"),
        ("purpose: engagement, with: [agreement]}", "purpose: engagement, with: [treaty]}", "must_not.2.with", "there is no fact treaty here"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_file_line_and_key(old: str, new: str, key: str, told: str) -> None:
    assert old in TEXT

    with pytest.raises(BadCommunity) as bad:
        read_text(TEXT.replace(old, new, 1), "disclosure.yaml")

    found = {each.key: each for each in bad.value.problems if told in each.because}
    assert key in found, bad.value.problems
    assert found[key].file == "disclosure.yaml"
    changed = TEXT[: TEXT.index(old)].count("\n") + 1
    assert abs(found[key].line - changed) <= (20 if key in ("data", "kinds") else 1)


def test_all_mistakes_are_named_at_once_in_the_order_of_their_lines() -> None:
    text = TEXT.replace("purpose: [research]", "purpose: [search]").replace("id: X03,", "id: X01,")

    with pytest.raises(BadCommunity) as bad:
        read_text(text)

    assert [each.key for each in bad.value.problems] == ["deny.1", "allow.51.purpose"]


@pytest.mark.parametrize("text", ["", "[]", "just words", "a: &a [*a]", "\t", "x" * (LONGEST + 1)])
def test_text_that_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(BadCommunity):
        read_text(text)


def test_groups_same_and_all_are_written_out() -> None:
    rows = {row.id: row.scope for row in TUCSON.rows}

    assert rows["A02"].recipients == {*TUCSON.groups["le"], "fire_ems", "psap"}
    assert rows["A35"].senders == set(TUCSON.groups["outreach"])
    assert rows["A53"].recipients == {*TUCSON.kinds, *TUCSON.recipients_only}
    assert rows["A53"].senders == rows["X01"].senders == set(TUCSON.kinds)
    assert [id for id, scope in rows.items() if scope.same] == ["A50"]


def test_a_community_is_a_name_a_folder_or_the_file(tmp_path: Path) -> None:
    tables = [table_of(str(each)) for each in ("communities/tucson", FILE.parent, FILE)]

    assert {len(table.rows) for table in tables} == {64}
    with pytest.raises(BadCommunity, match="this file is missing"):
        read(tmp_path / "disclosure.yaml")
    with pytest.raises(BadCommunity, match="there is no such folder"):
        table_of("atlantis")
    assert ROOT in FILE.parents
