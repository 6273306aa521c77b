"""What a person reads: whole in both languages, never contradicting itself, and never edited once somebody may have read it."""

from hashlib import sha256

import pytest

from nowrongdoor.sharing import release_words, signing
from nowrongdoor.sharing.elements import STATEMENTS, Kind, ReleaseFacts, Signer
from nowrongdoor.sharing.plans import PLANS, Plan
from nowrongdoor.sharing.release_words import LANGUAGES, NEWEST, Named, Reading
from nowrongdoor.sharing.signing import Signature

READ = {
    "2026-12-1": "7c19fd3318de873c5fc06046b889d37d8a87bb77b3d31aca47c13d32d8bc9150",
    "2026-12-2": "08429d9839c4002693fca29f290f0a4fbfb33b4452a700e41a7878581bdbb5a8",
}
"""By version, the SHA-256 of its file. A new wording is a new file and a new line."""


def page(plan: Plan, language: str = "en", version: str = NEWEST, **facts: object) -> Reading:
    planned = PLANS[plan]
    given: dict[str, object] = {
        "kind": planned.kind,
        "data": frozenset(planned.data),
        "items": frozenset(planned.items),
        "purpose": planned.purpose,
        "condition": "CR-2027-001",
    }
    named = Named(
        person="Andre Whitlock",
        teller="Treatment program, Intake",
        told=("Police, Deflection", "Clinic, Intake"),
        teller_short="Intake",
        told_short=("Deflection", "Clinic"),
        people=(),
        data=planned.data,
        items=planned.items,
        day="May 30, 2027" if planned.days else "",
    )
    release = ReleaseFacts(**(given | facts))  # type: ignore[arg-type]
    return release_words.reading(release, named, language=language, version=version)


def says(reading: Reading, code: str) -> tuple[str, ...]:
    [section] = [each for each in reading.sections if each.code == code]
    return section.says


def shape(node: object) -> object:
    """The keys of a file and the lengths of its lists, without its words."""
    if isinstance(node, dict):
        return {key: shape(value) for key, value in node.items()}
    return len(node) if isinstance(node, list) else ""


def test_a_version_that_somebody_may_have_read_is_as_it_was() -> None:
    files = release_words.FOLDER.glob("*.yaml")
    assert {each.stem: sha256(each.read_bytes()).hexdigest() for each in files} == READ


def test_both_languages_say_the_same_things() -> None:
    english, spanish = (shape(release_words.words(NEWEST, each)) for each in LANGUAGES)
    assert english == spanish


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("plan", Plan)
def test_each_plan_reads_whole(plan: Plan, language: str) -> None:
    reading = page(plan, language)

    codes = [each.code for each in reading.sections]
    assert codes[:6] == ["teller", "told", "items", "never", "until", "why"]
    assert set(STATEMENTS[PLANS[plan].kind]) | {"refuse"} == set(codes[6:])
    assert all(each.heading and each.says for each in reading.sections)
    assert "{" not in str(reading)


@pytest.mark.parametrize(
    ("plan", "opens"),
    [
        (Plan.TREATMENT, "Tests and medicines"),
        (Plan.NOTES, "Your counselor's own notes"),
        (Plan.HOUSING, "Where you live"),
        (Plan.VICTIM, "Where you live"),
    ],
)
def test_nothing_is_said_never_to_be_told_that_is_told(plan: Plan, opens: str) -> None:
    assert opens not in says(page(plan), "never")
    assert opens in says(page(Plan.ATTENDANCE), "never")


@pytest.mark.parametrize(
    ("language", "only"), [("en", "Only this, out of"), ("es", "Solo esto, de")]
)
def test_what_is_told_are_the_items_out_of_the_records_and_never_the_rest(
    language: str, only: str
) -> None:
    reading = page(Plan.STATUS, language)
    [items] = [each for each in reading.sections if each.code == "items"]

    assert items.then.startswith(only)
    rest = {"en": "The rest of what you say", "es": "Lo demás que usted diga"}
    assert rest[language] in says(reading, "never")


ENDS = (
    (Plan.ATTENDANCE, {}, "May 30, 2027. Or the day you say stop."),
    (Plan.TREATMENT, {}, "Until you say stop."),
    (Plan.TREATMENT, {"until_event": "I leave"}, "When this happens: I leave. Or the day you say stop."),
    (Plan.CARE, {"until_event": "I leave"}, "May 30, 2027, or when this happens: I leave. Or the day you say stop."),
    (Plan.CONDITION, {}, "May 30, 2027. You cannot stop it before this has ended: CR-2027-001."),
)  # fmt: skip


@pytest.mark.parametrize(("plan", "facts", "said"), ENDS)
def test_until_when_it_is(plan: Plan, facts: dict[str, object], said: str) -> None:
    assert says(page(plan, **facts), "until") == (said,)


def test_whoever_signs_for_another_is_told_whom_it_means() -> None:
    whole = "Andre, may Treatment program, Intake tell Police, Deflection and Clinic, Intake"
    assert page(Plan.CARE).ask.startswith(whole)
    before = page(Plan.CARE, version="2026-12-1")
    assert before.ask.startswith("Andre, may Intake tell Deflection and Clinic")
    assert page(Plan.CARE).note == ""
    guardian = page(Plan.CARE, signer=Signer.GUARDIAN)
    assert guardian.ask.endswith("about Andre Whitlock?")
    assert "it means Andre Whitlock" in guardian.note


def test_what_the_person_adds_in_their_own_words_is_read_to_them() -> None:
    added = page(Plan.VICTIM, description="Tell them about my dog")
    assert says(added, "items")[-1] == "Tell them about my dog"


def test_there_are_words_for_every_kind() -> None:
    assert {each.kind for each in PLANS.values()} == set(Kind)


def test_a_signature_is_read_as_it_was_kept() -> None:
    strokes = (((1, 2), (3, 4)), ((5, 6),))
    for each in (Signature(strokes), Signature(strokes, minor="Ana"), Signature(typed="{Ana}")):
        assert signing.read(signing.kept(each)) == each
    assert signing.read("Ana Whitlock") == Signature(typed="Ana Whitlock")
    assert signing.kept(Signature()) == ""
    assert signing.path(strokes) == "M1 2L3 4M5 6L5 6"
