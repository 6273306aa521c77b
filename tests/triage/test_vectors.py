"""The walked calls, typed here from the protocol's paper; and the command line, which answers them.

What a row does not name was answered, and was benign.
"""

import json
import subprocess

import pytest

from nowrongdoor.triage.commandline import protocol_of
from nowrongdoor.triage.facts import Level
from nowrongdoor.triage.reading import read
from nowrongdoor.triage.rules import decide
from tests.conftest import ROOT

TUCSON = read(ROOT / "communities/tucson/protocol.yaml")
COMMAND = str(ROOT / ".venv/bin/nowrongdoor")
BARE = {"PATH": "/usr/bin:/bin"}  # no database, no secret

WALKED = [
    ("W01", "SI=passive", "2", "L23", "counselor_on_the_phone"),
    ("W02", "SI=active", "2", "L23", "counselor_on_the_phone"),
    ("W03", "SI=active PLAN=Y MEANS=Y TIME=day", "3B", "L09", "counselor_on_the_phone"),
    ("W04", "SI=active PLAN=Y MEANS=Y TIME=now TALK=N", "4", "L08", "counselor_on_the_phone"),
    ("W05", "MED=Y SI=active ACT=Y", "E", "L01", "ems_now counselor_on_the_phone"),
    ("W06", "SI=active ACT=Y", "4", "L03", "ems_now counselor_on_the_phone"),
    ("W07", "SI=active WPN=in_reach GUN=Y", "4", "L06", "counselor_on_the_phone means_safety_before_release"),
    ("W08", "SI=active WPN=elsewhere GUN=Y", "2", "L23", "counselor_on_the_phone means_safety_before_release"),
    ("W09", "WPN=in_hand PSY=Y", "4", "L02", ""),
    ("W10", "REL=family PSY=Y TALK=N", "3A", "L21", ""),
    ("W11", "REL=family PSY=Y TALK=N SCN=Y", "3B", "L19", ""),
    ("W12", "REL=professional PSY=Y TALK=N WPN=U", "3B", "L13", ""),
    ("W13", "HI=named", "4", "L05", "duty_to_warn_task"),
    ("W14", "REL=bystander CARE=Y PSY=Y TALK=U", "3A", "L21", ""),
    ("W15", "NEED=Y", "1", "L22", ""),
    ("W16", "CRM=victim_wants_police PSY=Y", "3B", "L12", ""),
    ("W17", "CRM=drug", "2", "L23", "offer_deflection_pair"),
    ("W18", "POL=Y SI=passive", "3B", "L12", "counselor_on_the_phone"),
    ("W19", "CRM=violent SI=active", "4", "L04", "counselor_on_the_phone"),
    ("W20", "BHN=N", "X", "L07", ""),
    ("W21", "AGE=child ABU=Y SI=active", "4", "L04", "mandated_report counselor_on_the_phone youth_queue_guardian"),
    ("W22", "REL=bystander SI=U TALK=N", "3A", "L21", ""),
    ("W23", "WPN=in_reach", "3B", "L16", ""),
    ("W24", "POL=Y SI=active PLAN=Y MEANS=Y TIME=now TALK=N", "4", "L08", "counselor_on_the_phone"),
    ("W25", "REL=bystander MED=U TALK=U", "E", "L14", "ems_check"),
    ("W26", "REL=family TALK=N", "3A", "L99", ""),
    ("W27", "REL=family SEE=N SI=active PLAN=U MEANS=Y TIME=day TALK=U", "3B", "L09", "counselor_on_the_phone no_release_until_plan_asked"),
    ("W28", "REL=family AGE=older VIO=Y PSY=Y ONSET=Y", "E", "L01", "ems_now police_with_ems"),
    ("W29", "REL=professional AGE=teen SI=passive", "2", "L23", "counselor_on_the_phone youth_queue_guardian"),
    ("W30", "AGE=teen NEED=Y", "2", "L23", "counselor_on_the_phone youth_queue_guardian"),
    ("W31", "SI=active WPN=home_locked GUN=Y INTOX=Y MEANS=Y", "2", "L23", "counselor_on_the_phone means_safety_before_release police_aware_not_rolling"),
    ("W32", "SI=active WPN=home_locked GUN=Y INTOX=Y MEANS=Y TALK=N", "3B", "L10", "counselor_on_the_phone means_safety_before_release police_aware_not_rolling"),
    ("W33", "REL=bystander HOT=Y HEAT=U CARE=Y INTOX=Y", "2", "L23", "ems_check"),
    ("W34", "NEED=Y MED=Y", "E", "L01", "ems_now"),
    ("W35", "WPN=in_hand VIO=Y HAZ=barricade GUN=Y", "4", "L02", ""),
    ("W36", "MED=U ACT=U WPN=U VIO=U CRM=U HAZ=U ABU=U SI=U HI=U PSY=U CARE=U TALK=U SCN=U", "3B", "L13", "ems_check"),
    ("W37", "SI=active PLAN=U MEANS=U TIME=U", "2", "L23", "counselor_on_the_phone no_release_until_plan_asked"),
    ("W38", "REL=family DV=Y SI=active PLAN=U MEANS=Y WPN=home_locked GUN=Y", "3B", "L10", "counselor_on_the_phone no_release_until_plan_asked means_safety_before_release dv_safety_and_advocate"),
    ("W39", "REL=bystander HOT=Y HEAT=Y MED=U TALK=U", "E", "L01", "ems_now"),
    ("W40", "REL=bystander HOT=Y HEAT=Y CARE=Y", "E", "L01", "ems_now"),
    ("W41", "REL=professional ORD=in_force WPN=U ACT=U SI=U TALK=U", "3B", "L13", "ask_mhst_first"),
    ("W42", "CRM=U", "2", "L23", ""),
    ("W43", "CRM=U TALK=N", "3B", "L15", ""),
    ("W44", "SI=U PLAN=Y MEANS=Y TIME=now", "3B", "L24", ""),
]  # fmt: skip


def said(answers: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in answers.split())


def whole(answers: str) -> dict[str, str]:
    return {**TUCSON.benign, **said(answers)}


@pytest.mark.parametrize(
    ("id", "answers", "level", "rule", "duties"), WALKED, ids=[row[0] for row in WALKED]
)
def test_a_walked_call_gets_its_level_rule_and_duties(
    id: str, answers: str, level: str, rule: str, duties: str
) -> None:
    finding = decide(TUCSON, whole(answers))

    assert (finding.level, finding.rule, " ".join(finding.duties)) == (level, rule, duties)
    assert not finding.provisional


def test_the_file_tells_the_same_44_calls() -> None:
    told = [
        (s.id, dict(s.answers), s.level, s.rule, " ".join(s.duties)) for s in TUCSON.stories[:44]
    ]

    assert told == [
        (id, said(answers), Level(level), rule, duties)
        for id, answers, level, rule, duties in WALKED
    ]


def test_every_story_after_them_is_told_as_the_rules_decide() -> None:
    for story in TUCSON.stories[44:]:
        finding = decide(TUCSON, {**TUCSON.benign, **story.answers})

        assert (finding.level, finding.rule, finding.duties) == (
            story.level,
            story.rule,
            story.duties,
        ), story


def test_the_command_line_answers_every_line_and_says_which_it_cannot() -> None:
    calls = [json.dumps(whole(answers)) for _, answers, *_ in WALKED]
    bad = [
        '{"MED": "perhaps"}',
        '{"PULSE": "Y"}',
        "not a call",
        '{"SI": "none", "SI": "active"}',
        "[]",
    ]
    given = "\n".join([*calls[:2], *bad, "", *calls[2:], '{"MED": "Y", "VIO": null}']) + "\n"

    done = subprocess.run(
        [COMMAND, "triage", "--community", "tucson"],
        input=given, capture_output=True, text=True, cwd=ROOT, env=BARE,
    )  # fmt: skip

    lines = [json.loads(line) for line in done.stdout.splitlines()]
    errors = [line["error"] for line in lines if "error" in line]
    assert done.returncode == 1, done.stderr
    assert [line for line in lines if "error" not in line] == [
        *(
            {"level": level, "rule": rule, "duties": duties.split()}
            for _, _, level, rule, duties in WALKED
        ),
        {"level": "E", "rule": "L01", "duties": ["ems_now", "police_with_ems"]},
    ]
    assert lines[2:7] == [{"error": error} for error in errors]
    assert [(error["rule"], error["field"]) for error in errors] == [
        ("answer.value", "MED"),
        ("answer.question", "PULSE"),
        ("line.unreadable", "line"),
        ("answer.twice", "SI"),
        ("answers.shape", "answers"),
    ]
    assert errors[0]["because"] == "MED is answered with one of Y, N, U."


def test_a_community_is_named_or_given_as_a_folder() -> None:
    folder = ROOT / "communities/tucson"

    assert protocol_of(str(folder)).id == "tucson-bh-triage"
    assert protocol_of("communities/tucson").id == "tucson-bh-triage"


def test_a_community_that_is_not_there_is_said_so() -> None:
    done = subprocess.run(
        [COMMAND, "triage", "--community", "atlantis"],
        input="{}", capture_output=True, text=True, cwd=ROOT, env=BARE,
    )  # fmt: skip

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "atlantis, line 0, protocol.yaml: there is no such folder\n"
