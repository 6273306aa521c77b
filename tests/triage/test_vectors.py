"""The walked calls, typed here from the protocol's paper; and the command line, which answers them.

What a row does not name was answered, and was benign.
"""

import json
import subprocess

import pytest

from nowrongdoor.triage.commandline import protocol_of
from nowrongdoor.triage.facts import Level
from nowrongdoor.triage.proof import in_short
from nowrongdoor.triage.reading import read
from nowrongdoor.triage.rules import decide
from tests.conftest import ROOT

TUCSON = read(ROOT / "communities/tucson/protocol.yaml")
AXES = ("police", "ems", "clinical")
COMMAND = str(ROOT / ".venv/bin/nowrongdoor")
BARE = {"PATH": "/usr/bin:/bin"}  # no database, no secret

WALKED = [
    ("W01", "SI=passive", "2", "L23", "none / none / line", "counselor_on_the_phone"),
    ("W02", "SI=active", "2", "L23", "none / none / line", "counselor_on_the_phone"),
    ("W03", "SI=active PLAN=Y MEANS=Y TIME=day", "3B", "L09", "staged / none / pair", "counselor_on_the_phone means_safety_before_release"),
    ("W04", "SI=active PLAN=Y MEANS=Y TIME=now TALK=N", "4", "L08", "now / staged / pair", "clinical_joins_when_safe counselor_on_the_phone means_safety_before_release"),
    ("W05", "MED=Y SI=active ACT=Y ACTK=taken", "E", "L01", "staged / now / pair", "clinical_joins_when_safe counselor_on_the_phone ems_now"),
    ("W06", "SI=active ACT=Y", "4", "L03", "now / now / pair", "clinical_joins_when_safe counselor_on_the_phone ems_now"),
    ("W07", "SI=active WPN=in_reach GUN=Y", "4", "L06", "now / staged / pair", "clinical_joins_when_safe counselor_on_the_phone means_safety_before_release"),
    ("W08", "SI=active WPN=elsewhere GUN=Y", "2", "L23", "none / none / line", "counselor_on_the_phone means_safety_before_release"),
    ("W09", "WPN=in_hand PSY=Y", "4", "L02", "now / staged / pair", "clinical_joins_when_safe"),
    ("W10", "REL=family PSY=Y TALK=N", "3A", "L21", "none / none / team", ""),
    ("W11", "REL=family PSY=Y TALK=N SCN=Y", "3B", "L19", "staged / none / pair", ""),
    ("W12", "REL=professional PSY=Y TALK=N WPN=U", "3B", "L13", "staged / none / pair", ""),
    ("W13", "HI=named", "4", "L05", "now / staged / line", "duty_to_warn_task"),
    ("W14", "REL=bystander CARE=Y PSY=Y TALK=U", "3A", "L21", "none / none / team", ""),
    ("W15", "NEED=Y", "1", "L22", "none / none / refer", ""),
    ("W16", "CRM=victim_wants_police PSY=Y", "3B", "L12", "staged / none / pair", ""),
    ("W17", "CRM=drug", "2", "L23", "none / none / line", "offer_deflection_pair"),
    ("W18", "POL=Y SI=passive", "3B", "L12", "staged / none / pair", "counselor_on_the_phone"),
    ("W19", "CRM=violent SI=active", "4", "L04", "now / staged / pair", "clinical_joins_when_safe counselor_on_the_phone"),
    ("W20", "BHN=N", "X", "L07", "standard", ""),
    ("W21", "AGE=child ABU=Y SI=active", "4", "L04", "now / staged / pair", "clinical_joins_when_safe counselor_on_the_phone mandated_report youth_queue"),
    ("W22", "REL=bystander SI=U TALK=N", "3A", "L21", "none / none / team", "counselor_on_the_phone"),
    ("W23", "WPN=in_reach", "3B", "L16", "staged / none / pair", ""),
    ("W24", "POL=Y SI=active PLAN=Y MEANS=Y TIME=now TALK=N", "4", "L08", "now / staged / pair", "clinical_joins_when_safe counselor_on_the_phone means_safety_before_release"),
    ("W25", "REL=bystander MED=U TALK=U", "E", "L14", "none / now / line", "ems_check"),
    ("W26", "REL=family TALK=N", "3A", "L99", "none / none / team", ""),
    ("W27", "REL=family SEE=N MED=U ACT=U WPN=U SI=active PLAN=U MEANS=Y TIME=day TALK=U", "E", "L14", "now / now / pair", "clinical_joins_when_safe counselor_on_the_phone ems_check ems_waits_for_police means_safety_before_release no_release_until_plan_asked police_with_ems"),
    ("W28", "REL=family AGE=older VIO=Y PSY=Y ONSET=Y", "E", "L01", "now / now / pair", "clinical_joins_when_safe ems_now ems_waits_for_police police_with_ems"),
    ("W29", "REL=professional AGE=teen SI=passive", "2", "L23", "none / none / line", "counselor_on_the_phone guardian_contact youth_queue"),
    ("W30", "AGE=teen NEED=Y", "2", "L23", "none / none / line", "counselor_on_the_phone guardian_contact youth_queue"),
    ("W31", "SI=active WPN=home_locked GUN=Y INTOX=Y MEANS=Y", "2", "L23", "aware / none / line", "counselor_on_the_phone means_safety_before_release police_aware_not_rolling"),
    ("W32", "SI=active WPN=home_locked GUN=Y INTOX=Y MEANS=Y TALK=N", "3B", "L10", "staged / none / pair", "counselor_on_the_phone means_safety_before_release police_aware_not_rolling"),
    ("W33", "REL=bystander HOT=Y HEAT=U CARE=Y INTOX=Y", "E", "L14", "none / now / line", "ems_check"),
    ("W34", "NEED=Y MED=Y", "E", "L01", "none / now / line", "ems_now"),
    ("W35", "WPN=in_hand VIO=Y HAZ=barricade GUN=Y", "4", "L02", "now / staged / pair", "clinical_joins_when_safe"),
    ("W36", "MED=U ACT=U WPN=U VIO=U CRM=U HAZ=U ABU=U SI=U HI=U PSY=U CARE=U TALK=U SCN=U", "E", "L14", "now / now / pair", "clinical_joins_when_safe counselor_on_the_phone ems_check ems_waits_for_police police_with_ems"),
    ("W37", "SI=active PLAN=U MEANS=U TIME=U", "2", "L23", "none / none / line", "counselor_on_the_phone no_release_until_plan_asked"),
    ("W38", "REL=family DV=Y SI=active PLAN=U MEANS=Y WPN=home_locked GUN=Y", "3B", "L10", "staged / none / pair", "counselor_on_the_phone dv_safety_and_advocate means_safety_before_release no_release_until_plan_asked"),
    ("W39", "REL=bystander HOT=Y HEAT=Y MED=U TALK=U", "E", "L01", "none / now / line", "ems_now"),
    ("W40", "REL=bystander HOT=Y HEAT=Y CARE=Y", "E", "L01", "none / now / line", "ems_now"),
    ("W41", "REL=professional ORD=in_force WPN=U ACT=U SI=U TALK=U", "3B", "L13", "staged / none / pair", "ask_mhst_first counselor_on_the_phone"),
    ("W42", "CRM=U", "2", "L23", "none / none / line", ""),
    ("W43", "CRM=U TALK=N", "3B", "L15", "staged / none / pair", ""),
    ("W44", "SI=U PLAN=Y MEANS=Y TIME=now", "3B", "L24", "staged / none / pair", "counselor_on_the_phone means_safety_before_release"),
    ("W201", "REL=bystander MED=U WPN=in_reach", "E", "L14", "now / now / pair", "clinical_joins_when_safe ems_check ems_waits_for_police police_with_ems"),
    ("W202", "REL=bystander MED=U POL=Y", "E", "L14", "staged / now / pair", "clinical_joins_when_safe ems_check"),
    ("W203", "REL=bystander MED=Y HAZ=traffic", "E", "L01", "now / now / pair", "clinical_joins_when_safe ems_now"),
    ("W204", "REL=bystander HOT=Y HEAT=Y VIO=U", "E", "L01", "now / now / pair", "clinical_joins_when_safe ems_now ems_waits_for_police police_with_ems"),
    ("W205", "REL=bystander MED=Y TALK=N", "E", "L01", "none / now / line", "ems_now"),
    ("W206", "BHN=N CRM=victim_wants_police MED=U", "X", "L07", "standard", "ems_check"),
    ("W207", "BHN=N VIO=Y MED=Y", "E", "L01", "now / now / line", "ems_now ems_waits_for_police police_with_ems"),
    ("W208", "REL=family PSY=Y TALK=N MED=Y", "E", "L01", "none / now / team", "clinical_joins_when_safe ems_now"),
    ("W209", "SI=active HAZ=barricade", "4", "L02", "now / staged / pair", "clinical_joins_when_safe counselor_on_the_phone"),
    ("W210", "BHN=N HI=named", "4", "L05", "now / staged / line", "duty_to_warn_task"),
    ("W211", "BHN=N WPN=in_hand HAZ=fire", "4", "L02", "now / staged / line", "fire_now"),
    ("W212", "SI=passive WPN=home_locked GUN=Y INTOX=Y", "2", "L23", "none / none / line", "counselor_on_the_phone means_safety_before_release"),
    ("W213", "REL=responder CRM=drug TALK=N SCN=U", "3B", "L17", "staged / none / pair", "offer_deflection_pair"),
    ("W214", "REL=family HI=unspecific PSY=Y TALK=N", "3B", "L18", "staged / none / pair", ""),
    ("W215", "HI=unspecific PSY=Y", "3A", "L20", "none / none / team", ""),
    ("W216", "REL=bystander CARE=Y TALK=N SCN=U", "3B", "L19", "staged / none / pair", ""),
    ("W217", "REL=family HI=named WPN=home_locked GUN=Y", "4", "L05", "now / staged / pair", "clinical_joins_when_safe duty_to_warn_task means_safety_before_release"),
    ("W218", "REL=professional AGE=teen HI=unspecific WPN=in_reach", "4", "L06", "now / staged / pair", "clinical_joins_when_safe counselor_on_the_phone guardian_contact means_safety_before_release youth_queue"),
    ("W219", "REL=family PSY=Y TALK=N WPN=home_locked GUN=Y", "3B", "L26", "staged / none / pair", "police_aware_not_rolling"),
    ("W220", "HI=unspecific PSY=Y SCN=Y", "3B", "L19", "staged / none / pair", ""),
    ("W221", "AGE=teen SI=passive", "2", "L23", "none / none / line", "counselor_on_the_phone guardian_contact youth_queue"),
    ("W222", "SI=active PLAN=Y TRY=Y", "3A", "L28", "none / none / team", "counselor_on_the_phone"),
    ("W223", "PSY=Y DEP=Y", "3A", "L30", "none / none / team", ""),
    ("W224", "PSY=Y CARE=Y", "3A", "L29", "none / none / team", ""),
    ("W226", "MED=Y SCN=Y", "E", "L01", "staged / now / line", "ems_now police_near_crew"),
    ("W227", "HI=unspecific TALK=N INTOX=Y", "3B", "L18", "staged / none / pair", ""),
    ("W228", "REL=family SEE=N ACT=U SI=active", "3B", "L13", "staged / staged / pair", "ask_again_not_seen counselor_on_the_phone ems_check"),
    ("W229", "NEED=Y HURT=Y", "2", "L23", "none / none / line", "dv_safety_and_advocate"),
    ("W230", "CRM=none", "2", "L23", "none / none / line", ""),
    ("W231", "REL=bystander HOT=Y CARE=Y PSY=Y TALK=N", "3A", "L21", "none / staged / team", "ems_check"),
    ("W232", "REL=family AGE=older PSY=Y ONSET=U", "2", "L23", "none / staged / line", "ems_check"),
    ("W233", "SI=active HAZ=fire TALK=N", "4", "L02", "now / staged / pair", "clinical_joins_when_safe counselor_on_the_phone fire_now"),
]  # fmt: skip


def said(answers: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in answers.split())


def whole(answers: str) -> dict[str, str]:
    return {**TUCSON.benign, **said(answers)}


def axes(sent: str) -> dict[str, str] | None:
    return None if sent == "standard" else dict(zip(AXES, sent.split(" / "), strict=True))


@pytest.mark.parametrize(
    ("id", "answers", "level", "rule", "sent", "duties"), WALKED, ids=[row[0] for row in WALKED]
)
def test_a_walked_call_gets_its_level_rule_response_and_duties(
    id: str, answers: str, level: str, rule: str, sent: str, duties: str
) -> None:
    finding = decide(TUCSON, whole(answers))

    assert (finding.level, finding.rule) == (level, rule)
    assert (in_short(finding.response), " ".join(sorted(finding.duties))) == (sent, duties)
    assert not finding.provisional


def test_the_file_tells_the_same_76_calls() -> None:
    told = [
        (
            s.id,
            dict(s.answers),
            s.level,
            s.rule,
            s.response and in_short(s.response),
            sorted(s.duties),
        )
        for s in TUCSON.stories[:76]
    ]

    assert len(WALKED) == 76
    assert told == [
        (id, said(answers), Level(level), rule, sent, duties.split())
        for id, answers, level, rule, sent, duties in WALKED
    ]


def test_every_story_after_them_is_told_as_the_rules_decide() -> None:
    for story in TUCSON.stories[76:]:
        finding = decide(TUCSON, {**TUCSON.benign, **story.answers})

        assert (finding.level, finding.rule, finding.duties, finding.response) == (
            story.level,
            story.rule,
            story.duties,
            story.response,
        ), story


def test_the_command_line_answers_every_line_and_says_which_it_cannot() -> None:
    calls = [json.dumps(whole(answers)) for _, answers, *_ in WALKED]
    nothing_known = "{}"
    bad = [
        '{"MED": "perhaps"}',
        '{"PULSE": "Y"}',
        "not a call",
        '{"SI": "none", "SI": "active"}',
        "[]",
    ]
    given = (
        "\n".join([*calls[:2], *bad, "", *calls[2:], '{"MED": "Y", "VIO": null}', nothing_known])
        + "\n"
    )

    done = subprocess.run(
        [COMMAND, "triage", "--community", "tucson"],
        input=given, capture_output=True, text=True, cwd=ROOT, env=BARE,
    )  # fmt: skip

    lines = [json.loads(line) for line in done.stdout.splitlines()]
    errors = [line["error"] for line in lines if "error" in line]
    assert done.returncode == 1, done.stderr
    assert [line for line in lines if "error" not in line] == [
        *(
            {"level": level, "rule": rule, "duties": duties.split(), "response": axes(sent)}
            for _, _, level, rule, sent, duties in WALKED
        ),
        {
            "level": "E",
            "rule": "L01",
            "duties": [
                "clinical_joins_when_safe",
                "ems_now",
                "ems_waits_for_police",
                "police_with_ems",
            ],
            "response": {"police": "now", "ems": "now", "clinical": "pair"},
        },
        {
            "level": "E",
            "rule": "L14",
            "duties": [
                "clinical_joins_when_safe",
                "ems_check",
                "ems_waits_for_police",
                "police_with_ems",
            ],
            "response": {"police": "now", "ems": "now", "clinical": "pair"},
        },
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
