"""Every read of triage. Row-level security decides which answers; the level is for all who work on it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.community.queries import NotLoaded, setting
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.rows.locks import missing
from nowrongdoor.triage import models
from nowrongdoor.triage.facts import Answers, Clinical, Ems, Level, Police, Protocol, Response
from nowrongdoor.triage.models import Answer, Screening
from nowrongdoor.triage.reading import read_text

HOT = "HOT"
"""The one answer that the weather gives, not the caller."""


NO_PROTOCOL = "no protocol is in force: nowrongdoor load the community's files"


class NoProtocol(NotLoaded):
    """No protocol is in force: nothing is screened, and unknown is risk."""


@dataclass(frozen=True, slots=True)
class ProtocolRow:
    """One version. `text` is its file; '' in a list."""

    id: UUID
    code: str
    version: str
    text: str
    digest: str
    drafted_at: datetime
    drafted_by: str
    proved_at: datetime | None
    active_from: datetime | None
    retired_at: datetime | None
    approvals: dict[str, str]
    """Approver to name."""
    approved_by: frozenset[UUID]

    def state(self, at: datetime) -> str:
        """draft, proved, waiting, active (whether or not a newer one goes before it), retired."""
        if self.retired_at is not None and self.retired_at <= at:
            return "retired"
        if self.active_from is not None:
            return "active" if self.active_from <= at else "waiting"
        return "proved" if self.proved_at is not None else "draft"


@dataclass(frozen=True, slots=True)
class CurrentLevelRow:
    """What is known of one person's need now. `shown` is the level a screen says."""

    episode_id: UUID
    step: int
    shown: Level
    standing: Level
    rule: str
    because: str
    response: Response
    duties: tuple[str, ...]
    done: frozenset[str]
    provisional: bool
    screened: bool
    """Whether a hard stop was answered: before that no screen names a level."""
    at: datetime
    cause: str
    by_name: str
    said: str
    said_by: str
    rose_step: int
    for_crews: tuple[str, ...] = ()
    """What whoever sends and whoever goes is told, in words."""

    @property
    def open_duties(self) -> tuple[str, ...]:
        return tuple(duty for duty in self.duties if duty not in self.done)


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of screening, for the page that tells how it went."""

    step: int
    at: datetime
    cause: str
    by_name: str
    agreed_with: str
    level: str
    rule: str
    shown: str
    said: str
    reason: str
    answers: tuple[tuple[str, str], ...]


_read: dict[str, Protocol] = {}
KEPT = 16
"""So many versions are remembered, each by the digest of its text."""


def parsed(row: models.Protocol | ProtocolRow) -> Protocol:
    """A protocol read once in a process. Rows may come without their text, which is long: only one
    that was not read before is asked for it.
    """
    found = _read.get(row.digest)
    if found is None:
        if len(_read) >= KEPT:
            _read.clear()
        found = _read[row.digest] = read_text(row.text, "protocol")
    return found


def parsed_as(id: UUID, digest: str) -> Protocol:
    """The same, of a statement that answered its id and digest."""
    return _read.get(digest) or parsed(models.Protocol.objects.get(pk=id))


IN_FORCE = """
SELECT id, digest FROM triage_protocol
WHERE active_from <= %(at)s AND (retired_at IS NULL OR retired_at > %(at)s)
ORDER BY active_from DESC, id DESC LIMIT 1
"""
"""`in_force` as a part of a statement."""


def in_force(at: datetime) -> models.Protocol:
    """The version that goes now. Errors: NoProtocol. One query; inside somebody's acting."""
    rows = models.Protocol.objects.filter(_not_retired(at), active_from__lte=at).defer("text")
    row = rows.order_by("-active_from", "-id").first()
    if row is None:
        raise NoProtocol(NO_PROTOCOL)
    return row


def text_going(at: datetime) -> str:
    """The text of the version that goes then, which a new one must not lower unsaid; '' for none."""
    try:
        return in_force(at).text
    except NoProtocol:
        return ""


def _not_retired(at: datetime) -> Q:
    return Q(retired_at=None) | Q(retired_at__gt=at)


def protocol(by: Actor, *, at: datetime) -> Protocol:
    """The protocol that goes now."""
    with act_as(by):
        return parsed(in_force(at))


def with_weather(answers: Answers, *, at: datetime) -> dict[str, str]:
    try:
        return {HOT: str(setting("hot_outdoors", at)), **answers}
    except NotLoaded:
        return dict(answers)


def rose_before(episode_id: UUID, step: int) -> Coalesce:
    """The last step before this one at which the need rose, 0 for never: for a statement that asks."""
    rows = Screening.objects.filter(episode_id=episode_id, rose=True, step__lt=step)
    return Coalesce(Subquery(rows.order_by("-step").values("step")[:1]), 0)


def answers(by: Actor, episode_id: UUID) -> dict[str, str]:
    """The answers that `by`'s program may read, the latest of each question."""
    with act_as(by):
        rows = Answer.objects.filter(episode_id=episode_id).order_by("question", "-step")
        return dict(rows.distinct("question").values_list("question", "value"))


@dataclass(frozen=True, slots=True)
class LevelRow:
    """The level a board shows, with its reason in a sentence."""

    shown: Level
    because: str
    provisional: bool


def levels(by: Actor, ids: Collection[UUID]) -> dict[UUID, LevelRow]:
    """The level of each of these people that was screened and that `by` may know. One query."""
    with act_as(by):
        latest = _screened(ids)
        rows = latest.select_related("protocol").defer("protocol__text").distinct("episode_id")
        return {
            row.episode_id: LevelRow(
                Level(row.shown),
                because(parsed(row.protocol), row.rule, by.language),
                row.provisional,
            )
            for row in rows
        }


def _screened(ids: Collection[UUID]) -> QuerySet[Screening]:
    """Steps with a level, the last first; before a hard stop was answered there is none to show."""
    rows = Screening.objects.filter(episode_id__in=ids, screened=True)
    return rows.order_by("episode_id", "-step")


def shown(by: Actor, ids: Collection[UUID]) -> dict[UUID, str]:
    """As `levels`, without the reasons: to put very many in order. One query."""
    with act_as(by):
        latest = _screened(ids)
        return dict(latest.distinct("episode_id").values_list("episode_id", "shown"))


NEEDS = """
SELECT s.episode_id, s.step, s.shown, s.standing, s.rule,
  coalesce(nullif(s.shown_police, ''), s.police) AS police, coalesce(nullif(s.shown_ems, ''), s.ems) AS ems,
  coalesce(nullif(s.shown_clinical, ''), s.clinical) AS clinical, s.duties,
  s.provisional, s.screened, s.at, s.cause, coalesce(m.name, '') AS by_name, coalesce(c.said, '') AS said,
  coalesce(c.name, '') AS said_by, p.id AS protocol_id, p.digest,
  ARRAY(SELECT d.duty FROM triage_duty_done d WHERE d.episode_id = s.episode_id) AS done,
  (SELECT coalesce(max(r.step), 0) FROM triage_screening r
   WHERE r.episode_id = s.episode_id AND r.rose) AS rose_step
FROM unnest(%(ids)s::uuid[]) AS asked (id)
CROSS JOIN LATERAL (SELECT * FROM triage_screening WHERE episode_id = asked.id
                    ORDER BY step DESC LIMIT 1) s
JOIN triage_protocol p ON p.id = s.protocol_id LEFT JOIN agencies_member m ON m.id = s.by_member_id
LEFT JOIN LATERAL (SELECT r.said, rm.name FROM triage_screening r
                   LEFT JOIN agencies_member rm ON rm.id = r.by_member_id
                   WHERE r.episode_id = s.episode_id AND r.cause = 'recommended'
                   ORDER BY r.step DESC LIMIT 1) c ON true
"""


def needs(by: Actor, ids: Collection[UUID]) -> dict[UUID, CurrentLevelRow]:
    """What these people need, as far as it was screened. One query."""
    with act_as(by), connection.cursor() as cursor:
        cursor.execute(NEEDS, {"ids": list(ids)})
        found = [need(row, by.language) for row in cursor.fetchall()]
    return {row.episode_id: row for row in found}


def need(row: Sequence[Any], language: str) -> CurrentLevelRow:
    (episode_id, step, shown, standing, rule, police, ems, clinical, duties, provisional, screened, at, cause,
     by_name, said, said_by, protocol_id, digest, done, rose_step) = row  # fmt: skip
    protocol = parsed_as(protocol_id, digest)
    return CurrentLevelRow(
        episode_id=episode_id,
        step=step,
        shown=Level(shown),
        standing=Level(standing),
        rule=rule,
        because=because(protocol, rule, language),
        response=Response(Police(police), Ems(ems), Clinical(clinical), shown == Level.STANDARD),
        duties=tuple(duties),
        done=frozenset(done),
        provisional=provisional,
        screened=screened,
        at=at,
        cause=cause,
        by_name=by_name,
        said=said,
        said_by=said_by,
        rose_step=rose_step,
        for_crews=tuple(
            each.says.get(language) or each.says["en"]
            for each in protocol.duties
            if each.for_crews and each.id in duties and each.id not in done
        ),
    )


def because(protocol: Protocol, rule: str, language: str) -> str:
    """The sentence of a rule in the reader's language. No rule: only that questions are open."""
    if rule == "":
        return gettext("Questions still open")
    for each in protocol.levels:
        if each.id == rule:
            return each.says.get(language) or each.says["en"]
    return ""


def steps(by: Actor, episode_id: UUID) -> tuple[StepRow, ...]:
    """How the screening went, with the answers that `by`'s program may read. Two queries."""
    with act_as(by):
        given: dict[int, list[tuple[str, str]]] = {}
        rows = Answer.objects.filter(episode_id=episode_id).order_by("step", "question")
        for step, question, value in rows.values_list("step", "question", "value"):
            given.setdefault(step, []).append((question, value))
        screenings = Screening.objects.filter(episode_id=episode_id).order_by("step")
        return tuple(
            StepRow(
                step=row.step,
                at=row.at,
                cause=row.cause,
                by_name=row.by_member.name if row.by_member else "",
                agreed_with=row.agreed_with.name if row.agreed_with else "",
                level=row.level,
                rule=row.rule,
                shown=row.shown,
                said=row.said,
                reason=row.reason,
                answers=tuple(given.get(row.step, ())),
            )
            for row in screenings.select_related("by_member", "agreed_with")
        )


def versions(by: Actor) -> tuple[ProtocolRow, ...]:
    """Every version there ever was, the newest first, without their texts. Two queries."""
    with act_as(by):
        rows = _versions().defer("text").order_by("-drafted_at", "-id")
        return tuple(_version(row, text="") for row in rows)


def version(by: Actor, protocol_id: UUID) -> ProtocolRow:
    """One version whole. Two queries. Errors: NotFound."""
    with act_as(by):
        row = _versions().filter(pk=protocol_id).first()
        if row is None:
            raise missing()
        return _version(row, text=row.text)


def version_of(code: str, number: str) -> UUID | None:
    """The version with this number."""
    rows = models.Protocol.objects.filter(code=code, version=number)
    return rows.values_list("id", flat=True).first()


def version_saying(text: str) -> UUID | None:
    """The version that says exactly this already. Protocols are no secret; inside or outside an acting."""
    rows = models.Protocol.objects.filter(digest=sha256(text.encode()).hexdigest())
    return rows.values_list("pk", flat=True).first()


def going(rows: Collection[ProtocolRow], at: datetime) -> ProtocolRow | None:
    """Of these versions the one in force, as `in_force` finds it."""
    active = [row for row in rows if row.state(at) == "active"]
    return max(active, key=lambda row: (row.active_from or at, row.id), default=None)


def going_now(by: Actor, *, at: datetime) -> ProtocolRow | None:
    """The version in force whole, or None. Two queries."""
    with act_as(by):
        rows = _versions().filter(_not_retired(at), active_from__lte=at)
        row = rows.order_by("-active_from", "-id").first()
        return None if row is None else _version(row, text=row.text)


def _versions() -> QuerySet[models.Protocol]:
    approvals = Prefetch(
        "approvals", models.Approval.objects.select_related("member").order_by("at")
    )
    return models.Protocol.objects.select_related("drafted_by").prefetch_related(approvals)


def _version(row: models.Protocol, *, text: str) -> ProtocolRow:
    return ProtocolRow(
        id=row.pk,
        code=row.code,
        version=row.version,
        text=text,
        digest=row.digest,
        drafted_at=row.drafted_at,
        drafted_by=row.drafted_by.name if row.drafted_by else "",
        proved_at=row.proved_at,
        active_from=row.active_from,
        retired_at=row.retired_at,
        approvals={each.approver: each.member.name for each in row.approvals.all()},
        approved_by=frozenset(each.member_id for each in row.approvals.all()),
    )


def replayed(by: Actor, *, at: datetime, most: int) -> tuple[tuple[str, dict[str, str]], ...]:
    """The answers of the latest screenings that `by`'s program may read, for a dry run.

    Shape: (number, answers), the newest first, at most `most`. The weather is that of `at`: the
        calls as they would be decided now. Three queries.
    """
    with act_as(by):
        latest = Screening.objects.filter(cause="answers").order_by("episode_id", "-step")
        rows = latest.distinct("episode_id").values_list("at", "episode_id", "episode__label")
        newest = sorted(rows, reverse=True)[:most]
        weather = with_weather({}, at=at)
        found = {episode_id: (label, dict(weather)) for _at, episode_id, label in newest}
        given = Answer.objects.filter(episode_id__in=found).order_by("step")
        for episode_id, question, value in given.values_list("episode_id", "question", "value"):
            found[episode_id][1][question] = value
    return tuple(found.values())
