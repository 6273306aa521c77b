"""The words that a person reads before they sign, by version and language: `sharing/texts/`.

A version is a file and is never edited, so that what somebody read can be shown again.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from nowrongdoor.sharing.elements import STATEMENTS, Kind, ReleaseFacts, Signer

FOLDER = Path(__file__).parent / "texts"
NEWEST = "2026-12-2"
LANGUAGES = ("en", "es")


@dataclass(frozen=True, slots=True)
class Section:
    """One question and its answers. `sign`: "yes" or "no" before each, or none. `then`: one line below them."""

    code: str
    heading: str
    says: tuple[str, ...]
    sign: str = ""
    then: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands on the page that a person reads, in order."""

    title: str
    ask: str
    note: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """What is filled in, as the reader's language has it. `day`: the end, '' where it has no date.

    `teller` and `told` are whole names of programs with their agencies; the first version asked with the `short` ones.
    """

    person: str
    teller: str
    told: tuple[str, ...]
    teller_short: str
    told_short: tuple[str, ...]
    people: tuple[str, ...]
    data: tuple[str, ...]
    items: tuple[str, ...]
    day: str = ""


@cache
def words(version: str, language: str) -> Mapping[str, Any]:
    """A version's words. Errors: KeyError for a version or a language that there is not."""
    if version not in versions():
        raise KeyError(version)
    found: Mapping[str, Any] = yaml.safe_load((FOLDER / f"{version}.yaml").read_text())[language]
    return found


@cache
def versions() -> frozenset[str]:
    return frozenset(file.stem for file in FOLDER.glob("*.yaml"))


def statements(kind: Kind) -> tuple[str, ...]:
    """What the page of a kind says of the law's statements: all that are asked for, and that one may say no."""
    return tuple(dict.fromkeys((*STATEMENTS[kind], "refuse")))


def described(items: Collection[str], language: str, version: str = NEWEST) -> str:
    """What may be told, in one line."""
    said = words(version, language)["items"]
    return "; ".join(each for code in items if code in said for each in said[code]["says"])


def is_plain(description: str, items: Collection[str], version: str = NEWEST) -> bool:
    """Whether a description is only what its items say, in any language."""
    return description in {"", *(described(items, each, version) for each in LANGUAGES)}


def reading(release: ReleaseFacts, named: Named, *, language: str, version: str) -> Reading:
    """The page for one release, whole: the same facts and version give the same words."""
    said = words(version, language)
    signs = release.signer in (Signer.PERSON, Signer.MINOR)
    ask = said["ask" if signs else "ask_for"].format(
        person=named.person.partition(" ")[0] if signs else named.person,
        teller=named.teller_short,
        told=_joined(named.told_short, said["and"]),
        teller_whole=named.teller,
        told_whole=_joined(named.told, said["and"]),
        what=_joined([said["items"][each]["what"] for each in named.items], said["and"]),
    )
    return Reading(
        title=said["title"],
        ask=ask,
        note="" if signs else said["for_another"].format(person=named.person),
        sections=_sections(release, named, said),
    )


def _sections(release: ReleaseFacts, named: Named, said: Mapping[str, Any]) -> tuple[Section, ...]:
    told = _joined(named.told, said["and"])
    names = _joined(named.people, said["and"])
    who = said["named" if names else "people"].format(names=names, told=told)
    records = _joined([said["data"][each] for each in named.data], said["and"])
    plain = is_plain(release.description, named.items)
    items = [each for code in named.items for each in said["items"][code]["says"]]
    shown = {*named.items, *named.data}
    never = [each["says"] for each in said["never"].values() if not shown & set(each["unless"])]
    shows = said["headings"]
    asks = [
        Section(each, shows[each], (statement(each, release, said),))
        for each in _order(release.kind)
    ]
    return (
        Section("teller", shows["teller"], (f"{named.teller}.",)),
        Section("told", shows["told"], (who, said["no_one_else"])),
        Section(
            "items",
            shows["items"],
            tuple(items if plain else [*items, release.description]),
            "yes",
            said["records"].format(records=records),
        ),
        Section("never", shows["never"], tuple(never), "no"),
        Section("until", shows["until"], (_until(release, named.day, said),)),
        Section("why", shows["why"], _why(release, said)),
        *asks,
    )


def _why(release: ReleaseFacts, said: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(said["purposes"][each] for each in release.purpose.split())


def _order(kind: Kind) -> Sequence[str]:
    return [each for each in ("refuse", "revoke", "redisclose") if each in statements(kind)]


def statement(code: str, release: ReleaseFacts, said: Mapping[str, Any]) -> str:
    """What is said of one statement of the law: this kind's own wording, where it has one."""
    own = {Kind.PART2_CJ: "condition", Kind.PART2_TPO: "tpo"}.get(release.kind, "")
    text: str = said["statements"].get(f"{code}_{own}") or said["statements"][code]
    return text


def _until(release: ReleaseFacts, day: str, said: Mapping[str, Any]) -> str:
    if release.kind is Kind.PART2_CJ:
        which = "until_condition" if day else "until_condition_event"
    elif day and release.until_event:
        which = "until_either"
    elif day or release.until_event:
        which = "until_day" if day else "until_event"
    else:
        which = "until_stop"
    text: str = said[which].format(day=day, event=release.until_event, condition=release.condition)
    return text


def _joined(names: Sequence[str], word: str) -> str:
    """A, B and C."""
    if len(names) < 2:  # noqa: PLR2004 - two is the first that needs a word between
        return "".join(names)
    return f"{', '.join(names[:-1])} {word} {names[-1]}"
