"""The proof holds because it can fail: each claim is tried against a protocol that breaks it."""

import random
import subprocess
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from nowrongdoor.triage import proof
from nowrongdoor.triage.commandline import mutation_lines, proof_lines
from nowrongdoor.triage.conditions import holds
from nowrongdoor.triage.facts import Claim, Fate, Mutation, Protocol
from nowrongdoor.triage.mutants import mutants
from nowrongdoor.triage.reading import read, read_text
from nowrongdoor.triage.rules import decide, settle
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
        "invariant": 8,
        "level rule": 25,
        "duty": 13,
        "every call": 1,
        "story": len(TUCSON.stories),
    }


@pytest.mark.parametrize(
    ("old", "new", "id", "told"),
    [
        ('ACT=="U" or VIO=="U" or WPN=="U"', 'VIO=="U" or WPN=="U"', "I2",
         "Has the person already started doing something to end their life: not known. -> level 2 by L23, but I2 wants 3B, 4, E or X"),
        ('level: "4", if: \'ACT=="Y"\'', 'level: "3B", if: \'ACT=="Y"\'', "I1",
         "Has the person already started doing something to end their life: yes. -> level 3B by L03, duties ems_now, but I1 wants 4 or E"),
        ("level: \"4\", if: 'HI==\"named\"'", "level: \"4\", if: 'HI==\"named\" and TALK!=\"Y\"'", "I1",
         "Are they having thoughts of harming someone else: a named person. -> level 2 by L23, duties duty_to_warn_task, but I1 wants 4 or E"),
        ("{id: duty_to_warn_task, if: 'HI==\"named\"'", "{id: duty_to_warn_task, if: 'HI==\"named\" and AGE!=\"child\"'", "I7",
         "How old are they: under 12; are they having thoughts of harming someone else: a named person. -> level 4 by L05, duties counselor_on_the_phone, youth_queue_guardian, but I7 wants duty_to_warn_task"),
        ('if: \'(MED=="U" or HEAT=="U") and MED', 'if: \'MED=="U" and MED', "I3", "-> level 2 by L23, but I3 wants ems_now or ems_check"),
        ('SCN=="N" and AGE in ("adult","older")', 'SCN=="N"', "I5", "How old are they: under 12; is only information"),
        ("- {id: L99, level: \"3A\", if: 'True'", "- {id: L99, level: \"3A\", if: 'TALK==\"N\"'", "level",
         "Can the person be reached, and will they talk to a counselor: not known. -> no level, but every call needs one"),
        ("if: 'WPN==\"in_reach\"', says", "if: 'WPN==\"in_hand\"', says", "L16", "No call ever reaches it"),
        ("if: 'CRM==\"drug\"', says", "if: 'CRM==\"drug\" and CRM==\"minor\"', says", "offer_deflection_pair", "No call ever reaches it"),
        ('{id: W01, story: "self, wishes not to be here, will talk", answers: {SI: passive}, level: "2"',
         '{id: W01, story: "self, wishes not to be here, will talk", answers: {SI: passive}, level: "3A"', "W01",
         "Are they having thoughts of suicide: wishes not to be here. -> level 2 by L23, duties counselor_on_the_phone, but the story says level 3A by L23, counselor_on_the_phone"),
    ],
)  # fmt: skip
def test_a_broken_protocol_is_refused_with_a_call_in_words(
    old: str, new: str, id: str, told: str
) -> None:
    found = failures(changed(TEXT, (old, new)))

    assert id in found
    assert told in found[id].because


def test_a_counter_example_is_a_call_that_really_breaks_it() -> None:
    broken = changed(TEXT, ('ACT=="U" or VIO=="U" or WPN=="U"', 'VIO=="U" or WPN=="U"'))
    model = proof.Model(broken)
    wanted = next(each for each in broken.invariants if each.id == "I2")
    call = model.call(*proof._broken(model, wanted, model.levels))

    assert call is not None
    assert holds(wanted.when, settle(broken, call))
    assert decide(broken, call).level not in wanted.level_in
    assert {id for id, value in call.items() if value != broken.benign[id]} == {"ACT"}


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
    model = proof.Model(protocol)

    for call in random_calls(protocol, count):
        given = [
            raw[call[id]] if id in call else model.not_asked(id) for id, raw in model.raw.items()
        ]
        finding = decide(protocol, call)
        settled = settle(protocol, call)

        rules = [
            rule.id
            for rule, first in zip(protocol.levels, model.firsts, strict=True)
            if model.possible(*given, first)
        ]
        duties = [id for id, matched in model.duties.items() if model.possible(*given, matched)]
        assert rules == [finding.rule], call
        assert duties == list(finding.duties), call
        assert model.possible(*given, *(model.settled[id][value] for id, value in settled.items()))


@cache
def table(protocol: Protocol) -> dict[str, Mutation]:
    return {row.name: row for row in proof.mutations(protocol)}


def test_whatever_is_taken_from_a_rule_somebody_notices_or_nothing_changes() -> None:
    """The mutation table (sources, "Every rule is noticed"). About five seconds."""
    rows = table(TUCSON).values()
    fates = Counter(row.fate for row in rows)

    assert [row for row in rows if not row.passes] == []
    assert fates[Fate.NOTICED] > 280
    assert {row.name.split()[0] for row in rows} == {
        *(rule.id for rule in TUCSON.levels),
        *(duty.id for duty in TUCSON.duties),
    }
    # what changes nothing is what another rule says as well; each was looked at
    assert {row.name.split()[0] for row in rows if row.fate is Fate.SAME} == {
        "L07",
        "L11",
        "L17",
        "L19",
        "L21",
    }


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
        "How do they feel: not known; is it cold today: yes. -> level 3A by A2 before"
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

    assert [row.name for row in proof.mutations(fewer) if not row.passes] == ["A1 without HURT U"]


def test_each_mutation_has_a_name_of_its_own() -> None:
    names = [mutant.name for mutant in mutants(TUCSON)]

    assert len(set(names)) == len(names)


def test_a_proof_of_the_mutated_file_fails_where_the_table_says_so() -> None:
    """The table replaces one formula; here the file itself is changed and read again."""
    rows = table(TUCSON)
    edits = {
        'L13 without ACT=="U"': ('ACT=="U" or VIO=="U" or WPN=="U"', 'VIO=="U" or WPN=="U"'),
        "L02 without HAZ fire": ('VIO=="Y" or HAZ in ("barricade","fire",', 'VIO=="Y" or HAZ in ("barricade",'),
        "L08 without TALK U": ('TIME in ("now","day","U") and TALK!="Y"\', says: {en: "thoughts of suicide with', 'TIME in ("now","day","U") and TALK=="N"\', says: {en: "thoughts of suicide with'),
        "ask_mhst_first without ORD in_force": ('ORD in ("in_force","pickup_signed")', 'ORD=="pickup_signed"'),
    }  # fmt: skip

    for name, edit in edits.items():
        assert set(rows[name].by) == set(failures(changed(TEXT, edit))), name


def test_the_table_is_printed_for_people() -> None:
    rows = list(mutation_lines(proof.mutations(replace(SMALL, exceptions=()))))

    assert rows[0].split(None, 3) == ["A1", "dropped", "noticed", "I1, A1 is never reached, S1, S4"]
    assert any("nobody notices" in row and "level 3A by A2 before" in row for row in rows)
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
    assert "Proved for every possible call." in whole.stdout
    assert "A1 dropped" in table.stdout
    assert (broken.returncode, unread.returncode) == (1, 1)
    assert "fails: invariant I1 (whoever is hurt gets E)" in broken.stdout
    assert "Is anyone hurt: yes; are you near: no. -> level 1 by A9" in broken.stdout
    assert unread.stderr.startswith("README.md, line ")
