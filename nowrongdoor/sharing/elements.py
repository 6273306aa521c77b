"""What a release must say, and who may sign it. Pure.

Sources: 42 CFR 2.14, 2.15, 2.31 and 2.35; 45 CFR 164.508(b) and (c); sources, "Privacy law".
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from nowrongdoor.kernel.verdict import Verdict, no, yes
from nowrongdoor.kernel.words import _
from nowrongdoor.sharing.ages import minor

TPO = ("treatment", "payment", "operations", "handover", "refer")
"""What one Part 2 consent may cover together, as the table's row A27 has it."""
PROCEEDING = "legal_proceeding"
NOTES = "sud_notes"


class Kind(StrEnum):
    PART2_TPO = "part2_tpo"
    PART2_NAMED = "part2_named"
    PART2_CJ = "part2_cj"
    AUTHORIZATION = "authorization"
    HMIS = "hmis"
    VICTIM = "victim"


class Signer(StrEnum):
    PERSON = "person"
    MINOR = "minor"
    GUARDIAN = "guardian"
    REPRESENTATIVE = "representative"


PART2 = (Kind.PART2_TPO, Kind.PART2_NAMED, Kind.PART2_CJ)
COVERS: dict[Kind, frozenset[str]] = {
    Kind.PART2_TPO: frozenset({"sud"}),
    Kind.PART2_NAMED: frozenset({"sud", NOTES}),
    Kind.PART2_CJ: frozenset({"sud"}),
    Kind.AUTHORIZATION: frozenset(
        {"clinical", "crisis_contact", NOTES, "court_order", "custody", "juvenile", "homeless"}
    ),
    Kind.HMIS: frozenset({"homeless"}),
    Kind.VICTIM: frozenset({"victim"}),
}
"""Classes of data that a kind can open; what is not here takes another kind."""
STATEMENTS: dict[Kind, tuple[str, ...]] = {
    Kind.PART2_TPO: ("revoke", "redisclose", "refuse"),
    Kind.PART2_NAMED: ("revoke",),
    Kind.PART2_CJ: ("revoke",),
    Kind.AUTHORIZATION: ("revoke", "refuse", "redisclose"),
    Kind.HMIS: ("revoke", "refuse"),
    Kind.VICTIM: ("revoke", "refuse"),
}
"""The statements that the law wants read before each kind is signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseFacts:
    """A release as it stands. `teller`: whether one is named; `told`: how many programs; `purpose`: codes, a space between two.

    `minor_signed`: beside a guardian, the minor signed too. `grown_at`: when a person for whom a guardian signed, or
    who signed as a minor, is of age. Times None: that has not happened.
    """

    kind: Kind
    person_name: str = ""
    person_born: date | None = None
    teller: bool = True
    told: int = 0
    data: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    description: str = ""
    purpose: str = ""
    until_at: datetime | None = None
    grown_at: datetime | None = None
    until_event: str = ""
    no_end: bool = False
    condition: str = ""
    signer: Signer = Signer.PERSON
    signer_name: str = ""
    signer_basis: str = ""
    signed: bool = False
    minor_signed: bool = False
    signed_at: datetime | None = None
    statements: frozenset[str] = frozenset()
    text_version: str = ""
    activated_at: datetime | None = None
    refused_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """What a release lacks: the element, what asks for it, and a sentence with `{regulation}`."""

    element: str
    regulation: str
    words: str


@dataclass(frozen=True, slots=True)
class Element:
    """One thing that a release must have. `of`: where each kind's law says so; other kinds do not ask.

    `signing`: comes with the signature, and so is not asked of a page that waits for one.
    """

    code: str
    title: str
    of: dict[Kind, str]
    words: str
    has: Callable[[ReleaseFacts, date], bool]
    signing: bool = False


def may_sign(release: ReleaseFacts, on: date) -> Verdict:
    """Say whether this signer may sign for this person.

    Source: 42 CFR 2.14 (only the minor where the law lets the minor consent, else both) and 2.15; 45 CFR 164.502(g)
        and 164.508(c)(1)(vi). Our choice: no one signs for a victim, as it may be who did the harm; and who is not
        known to be an adult is signed for as a minor.
    """
    young = minor(release.person_born, on)
    if release.signer is Signer.PERSON:
        return _too_young(release) if young else yes("signer.person")
    if release.signer is Signer.MINOR:
        return _alone(release, young=young)
    return _for_another(release, young=young)


def _too_young(release: ReleaseFacts) -> Verdict:
    if release.person_born is None:
        return no(
            "signer.age_unknown",
            "Enter the birth date. It says who signs: the person or a guardian ({regulation}).",
            regulation=SIGNING[release.kind],
        )
    return no("signer.minor", "The person is under 18. A guardian signs, or a law lets them sign.")


def _alone(release: ReleaseFacts, *, young: bool) -> Verdict:
    if not young:
        return no("signer.adult", "The person is an adult and signs as an adult.")
    if release.person_born is None:
        return no(
            "signer.minor_unborn",
            "Enter the birth date of the minor who signs ({regulation}).",
            regulation=SIGNING[release.kind],
        )
    if not release.signer_basis:
        return no("signer.no_law", "Enter the law that lets this minor sign alone.")
    return yes("signer.minor_alone")


def _for_another(release: ReleaseFacts, *, young: bool) -> Verdict:
    guardian = release.signer is Signer.GUARDIAN
    if release.kind is Kind.VICTIM:
        return no("signer.victim", "This permission is signed by the person and no one else.")
    if release.person_born is None or young is not guardian:
        return _not_for_them(release)
    if not release.signer_name or not release.signer_basis:
        return no("signer.no_basis", "Enter who signs, and by what relationship or authority.")
    if guardian and release.kind in PART2 and release.signed and not release.minor_signed:
        return no("signer.both", "The minor and the guardian both sign this permission.")
    return yes("signer.for_another")


def _not_for_them(release: ReleaseFacts) -> Verdict:
    if release.person_born is not None and release.signer is Signer.GUARDIAN:
        return no("signer.grown", "The person is an adult. A guardian does not sign for them.")
    if release.person_born is not None:
        return no(
            "signer.charge_minor",
            "The person is under 18. Choose parent or guardian, and enter their authority.",
        )
    of = SIGNING[release.kind]
    if release.signer is Signer.GUARDIAN:
        return no(
            "signer.ward_unborn",
            "Enter the birth date. A guardian signs only for a person under 18 ({regulation}).",
            regulation=of,
        )
    return no(
        "signer.charge_unborn",
        "Enter the birth date. Someone with legal authority signs only for an adult ({regulation}).",
        regulation=of,
    )


def _all(
    part2: str, other: str, *, hmis: str = "HUD HMIS notice 2004", victim: str = ""
) -> dict[Kind, str]:
    """Where each kind's law asks for the same: 42 CFR `part2`, 45 CFR `other`."""
    return {
        **dict.fromkeys(PART2, f"42 CFR {part2}"),
        Kind.AUTHORIZATION: f"45 CFR {other}",
        Kind.HMIS: hmis,
        Kind.VICTIM: victim or "34 U.S.C. 12291(b)(2)",
    }


SIGNING = _all("2.14 and 2.15", "164.508(c)(1)(vi)")
"""What says who signs for whom."""


def _statement(code: str) -> Callable[[ReleaseFacts, date], bool]:
    return lambda release, _on: code in release.statements


def _ends(release: ReleaseFacts, _on: date) -> bool:
    if release.kind is Kind.VICTIM:
        return release.until_at is not None
    endless = release.no_end and release.kind is Kind.PART2_TPO
    return release.until_at is not None or bool(release.until_event) or endless


def _notes_apart(release: ReleaseFacts, _on: date) -> bool:
    return NOTES not in release.data or release.data == {NOTES}


def _proceeding_apart(release: ReleaseFacts, _on: date) -> bool:
    purposes = set(release.purpose.split())
    return PROCEEDING not in purposes or purposes == {PROCEEDING}


def _purpose(release: ReleaseFacts, _on: date) -> bool:
    purposes = set(release.purpose.split())
    if release.kind is Kind.PART2_TPO:
        return bool(purposes) and purposes <= set(TPO)
    if release.kind is Kind.PART2_CJ:
        return purposes == {"monitor_condition"}
    return bool(purposes)


ELEMENTS = (
    Element(
        "person",
        _("Person"),
        _all("2.31(a)(1)", "164.508(c)(1)"),
        _("Enter the person's name ({regulation})."),
        lambda release, _on: bool(release.person_name),
    ),
    Element(
        "description",
        _("What may be told"),
        _all("2.31(a)(3)", "164.508(c)(1)(i)"),
        _("Say what may be told, so that the person can picture it ({regulation})."),
        lambda release, _on: bool(release.description and release.items and release.data),
    ),
    Element(
        "kind",
        _("Records"),
        _all("2.31(a)(3)", "164.508(c)(1)(i)"),
        _("This kind of permission does not cover these records ({regulation})."),
        lambda release, _on: release.data <= COVERS[release.kind],
    ),
    Element(
        "notes",
        _("Counseling notes"),
        {
            **dict.fromkeys(PART2, "42 CFR 2.31(b)"),
            Kind.AUTHORIZATION: "45 CFR 164.508(b)(3)(ii)",
        },
        _("Counseling notes need a permission of their own ({regulation})."),
        _notes_apart,
    ),
    Element(
        "teller",
        _("Who tells"),
        _all("2.31(a)(2)", "164.508(c)(1)(ii)"),
        _("Choose who tells ({regulation})."),
        lambda release, _on: release.teller,
    ),
    Element(
        "told",
        _("Who is told"),
        _all("2.31(a)(4)", "164.508(c)(1)(iii)"),
        _("Choose who is told ({regulation})."),
        lambda release, _on: release.told > 0,
    ),
    Element(
        "purpose",
        _("Purpose"),
        _all("2.31(a)(5)", "164.508(c)(1)(iv)"),
        _("Say for what they are told; this kind has its own purposes ({regulation})."),
        _purpose,
    ),
    Element(
        "proceeding",
        _("Legal proceedings"),
        dict.fromkeys(PART2, "42 CFR 2.31(d)"),
        _("Consent for legal proceedings is not combined with any other ({regulation})."),
        _proceeding_apart,
    ),
    Element(
        "condition",
        _("Case and condition"),
        {Kind.PART2_CJ: "42 CFR 2.35"},
        _("Name the case and the condition that this is tied to ({regulation})."),
        lambda release, _on: bool(release.condition),
    ),
    Element(
        "end",
        _("Ends"),
        _all("2.31(a)(7)", "164.508(c)(1)(v)"),
        _("Say until when: a date, or an event where the law allows one ({regulation})."),
        _ends,
    ),
    Element(
        "signer",
        _("Who signs"),
        SIGNING,
        _("Say who signs, and why they may ({regulation})."),
        lambda release, on: may_sign(release, on).allowed,
    ),
    Element(
        "text",
        _("Words that were read"),
        _all("2.31(a)", "164.508(c)(3)"),
        _("The person must read it, or have it read, in plain words ({regulation})."),
        lambda release, _on: bool(release.text_version),
        signing=True,
    ),
    Element(
        "revoke",
        _("How to stop"),
        _all("2.31(a)(6)", "164.508(c)(2)(i)"),
        _("The person must read how to stop it ({regulation})."),
        _statement("revoke"),
        signing=True,
    ),
    Element(
        "refuse",
        _("What a no means"),
        {
            Kind.PART2_TPO: "42 CFR 2.31(a)(10)(ii)",
            Kind.AUTHORIZATION: "45 CFR 164.508(c)(2)(ii)",
            Kind.HMIS: "HUD HMIS notice 2004",
            Kind.VICTIM: "34 U.S.C. 12291(b)(2)",
        },
        _("The person must read what happens if they say no ({regulation})."),
        _statement("refuse"),
        signing=True,
    ),
    Element(
        "redisclose",
        _("Passing it on"),
        {
            Kind.PART2_TPO: "42 CFR 2.31(a)(10)(i)",
            Kind.AUTHORIZATION: "45 CFR 164.508(c)(2)(iii)",
        },
        _("The person must read that what is told may be passed on ({regulation})."),
        _statement("redisclose"),
        signing=True,
    ),
    Element(
        "signature",
        _("Signature"),
        _all("2.31(a)(8)", "164.508(c)(1)(vi)"),
        _("The signature is missing ({regulation})."),
        lambda release, _on: release.signed and bool(release.signer_name),
        signing=True,
    ),
    Element(
        "signed_at",
        _("Date signed"),
        _all("2.31(a)(9)", "164.508(c)(1)(vi)"),
        _("The date of the signature is missing ({regulation})."),
        lambda release, _on: release.signed_at is not None,
        signing=True,
    ),
)
"""Every element, in the order of the page."""


def missing(release: ReleaseFacts, on: date) -> tuple[Missing, ...]:
    """What keeps a release from opening anything, first of the page first; none where it is whole.

    Source: 42 CFR 2.31(a), (b) and (d), 2.14, 2.15, 2.35; 45 CFR 164.508(b)(3)(ii) and (c).
    """
    return tuple(_lacking(release, on, ELEMENTS))


def unready(release: ReleaseFacts, on: date) -> tuple[Missing, ...]:
    """What has to be written before the person is asked to sign."""
    return tuple(_lacking(release, on, (each for each in ELEMENTS if not each.signing)))


def _lacking(release: ReleaseFacts, on: date, elements: Iterable[Element]) -> Iterable[Missing]:
    for each in elements:
        if release.kind in each.of and not each.has(release, on):
            yield Missing(each.code, each.of[release.kind], _said(each, release, on))


def _said(element: Element, release: ReleaseFacts, on: date) -> str:
    """Of who signs, what exactly is in the way."""
    return may_sign(release, on).sentence if element.code == "signer" else element.words
