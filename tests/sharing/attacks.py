"""What the attacks on the gate need: calls of two programs, releases, and reading as a page does."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from uuid import UUID

import psycopg

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.desks.person_told import read_told
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.models import Episode, Party
from nowrongdoor.identity import commands as identity
from nowrongdoor.identity.facts import PersonTyped
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.narrative import commands as narrative
from nowrongdoor.rows.ids import new_id
from nowrongdoor.sharing import commands
from nowrongdoor.sharing.bases import Want
from nowrongdoor.sharing.commands import Record, Told
from nowrongdoor.sharing.models import Disclosure, Release
from tests.makers import NOON, accepted, an_actor, an_episode, later, program_id

ANNA = "anna.miller"

MARIA = "maria.lopez"

JAMES = "james.cole"

EMILY = "emily.grant"

FLOOR = "911/floor"

LINE = "line/counselors"

Admin = psycopg.Connection[tuple[object, ...]]


def a_person(by: Actor, given: str, **typed: str) -> UUID:
    row = identity.keep_person(by=by, at=NOON, typed=PersonTyped(given=given, **typed))
    return UUID(str(row.pk))


def a_call(person: UUID | None = None, there: UUID | None = None, at: datetime = NOON) -> Episode:
    """Anna's call, which Maria of the line took over: `person` as 911 knows them, `there` as the line does."""
    anna, maria = an_actor(ANNA), an_actor(MARIA)
    episode = an_episode(anna, at=at)
    accepted(episode, anna, to=maria, at=at)
    for by, known in ((anna, person), (maria, there)):
        if known is not None:
            episodes.identify_person(by=by, at=NOON, episode_id=episode.pk, person_id=known)
    return episode


def joins(episode: Episode, *names: str) -> None:
    """These programs work on the call too, as after a request."""
    anna = an_actor(ANNA)
    for name in names:
        with act_as(anna):
            Party.objects.create(
                id=new_id(NOON),
                episode=episode,
                program_id=program_id(name),
                role="working",
                basis="N",
                since_at=NOON,
            )


def a_note(episode: Episode, text: str, by: str = MARIA) -> None:
    narrative.write_note(by=an_actor(by), at=NOON, episode_id=episode.pk, text=text, ours=True)


def release_values(by: Actor, teller: UUID, person: UUID, **other: object) -> dict[str, object]:
    """A whole release as raw rows write it: how somebody is, for closing the loop."""
    facts: dict[str, object] = {
        "id": new_id(NOON),
        "kind": "authorization",
        "program_id": by.program_id,
        "member_id": by.member_id,
        "taken_at": NOON,
        "person_id": person,
        "person_name": "Rosa",
        "teller_id": teller,
        "told": [program_id(FLOOR)],
        "data": ["crisis_contact"],
        "items": ["treatment"],
        "description": "how they are",
        "purpose": "close_loop",
        "until_at": later(86_400),
        "signer_name": "Rosa",
        "signature_kind": "typed",
        "signature": "Rosa",
        "signed_at": NOON,
        "statements": ["revoke"],
        "text_version": "1",
        "activated_at": NOON,
        "activated_by_id": by.member_id,
    }
    return facts | other


def a_release(person: UUID, **other: object) -> Release:
    by = an_actor(MARIA)
    with act_as(by):
        return Release.objects.create(**release_values(by, by.program_id, person, **other))


def said(by: str, person: UUID, seconds: float = 1) -> str:
    """Everything that a person's page tells of what others hold."""
    found = read_told(an_actor(by), person, at=later(seconds))
    assert found is not None
    return " | ".join(item.value for each in found["opened"] for item in each.items)


PERSON = UUID("01900000-0000-7000-8000-00000000aaaa")

BEFORE = datetime(2026, 12, 1, 19, tzinfo=UTC)


def status(_holder: object = None) -> list[Record]:
    return [Record("status", PERSON, 3)]


def told(
    by: str,
    data: str,
    purpose: str,
    of: str,
    *,
    at: datetime = BEFORE,
    records: Callable[[Actor], Sequence[Record]] = status,
) -> Told[str]:
    """What comes of reading what `of` holds; what is read is the groups of fields that are open."""
    actor = an_actor(by)
    want = Want(data, purpose, program_id(of), actor.program_id, person_id=PERSON)
    return commands.disclose(
        want, by=actor, at=at, records=records, read=lambda _h, fields: ", ".join(fields)
    )


def lines(by: str = JAMES) -> list[Disclosure]:
    with act_as(an_actor(by)):
        return list(Disclosure.objects.order_by("at", "id"))


def agreement(**other: object) -> dict[str, object]:
    return {
        "code": "MOU-77",
        "title": "t",
        "tells": str(program_id("crc/adult")),
        "told": str(program_id("tpd/mhst")),
        "data": "clinical",
        "purposes": "close_loop",
        "legal_basis": "b",
        "from_at": "2026-01-01",
    } | other
