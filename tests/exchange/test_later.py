"""A later line of a known number: what it brings, and what is only different."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from nowrongdoor.agencies.acting import act_as, act_as_task
from nowrongdoor.calls.facts import ContactFacts, Entered, Stages
from nowrongdoor.calls.later import completion
from nowrongdoor.calls.models import Contact
from nowrongdoor.episodes.facts import Source
from nowrongdoor.episodes.models import Episode
from nowrongdoor.exchange import cad
from nowrongdoor.exchange.report import Report
from nowrongdoor.journal.models import Entry
from tests.exchange.phx import AT, a_line, import_
from tests.makers import NOON, later

ID = UUID(int=1)
OPEN = Entered(
    ID, NOON, "psych_distress", Source.IMPORT, Stages(), episode_id=ID, untouched=True, open=True
)
COUNTED = Entered(ID, NOON, "other", Source.IMPORT, Stages())
SAID = ContactFacts(NOON, "psych_distress", behavioral=True, source=Source.IMPORT)
CLOSED = replace(SAID, outcome="unknown", stages=Stages(closed_at=later(60)))


@pytest.mark.parametrize(
    ("entered", "said", "brings", "different"),
    [
        (OPEN, SAID, set(), ()),
        (OPEN, replace(SAID, stages=Stages(arrived_at=later(9))), {"arrived_at"}, ()),
        (OPEN, CLOSED, {"closed_at", "closes"}, ()),
        (OPEN, replace(SAID, class_code="suicide_threat"), {"suicide_threat"}, ()),
        (OPEN, replace(SAID, class_code="other", behavioral=False), set(), ("problem",)),
        (OPEN, replace(SAID, at=later(1)), set(), ("received_at",)),
        (replace(OPEN, untouched=False), CLOSED, {"closed_at"}, ("closed_at",)),
        (replace(OPEN, untouched=False), replace(SAID, class_code="suicide_threat"), set(), ("problem",)),
        (replace(OPEN, open=False, outcome="unknown", stages=CLOSED.stages), replace(CLOSED, outcome="duplicate"), set(), ("disposition",)),
        (replace(OPEN, stages=CLOSED.stages, open=False, outcome="unknown"), replace(CLOSED, stages=Stages(closed_at=later(61))), set(), ("closed_at",)),
        (COUNTED, SAID, {"opens", "psych_distress"}, ()),
        (COUNTED, CLOSED, {"opens", "closes", "closed_at", "psych_distress"}, ()),
        (COUNTED, replace(SAID, class_code="other", behavioral=False, stages=Stages(queued_at=NOON)), {"queued_at"}, ()),
        # taken live from CAD's text: what happened is its holder's to say, and received when it was answered
        (replace(OPEN, source=Source.LIVE, untouched=False), replace(SAID, at=later(-90), class_code="suicide_threat", stages=Stages(queued_at=NOON)), {"queued_at"}, ()),
    ],
)  # fmt: skip
def test_what_a_later_line_brings(
    entered: Entered, said: ContactFacts, brings: set[str], different: tuple[str, ...]
) -> None:
    new = completion(entered, said)

    flags = {name for name in ("opens", "closes") if getattr(new, name)}
    assert {*new.stages, *flags, *filter(None, [new.class_code])} == brings
    assert (new.different, new.brings) == (different, bool(brings))


NIGHT = a_line("O-1", Type="MENTAL SUBJECT", Received="2026-11-28 23:50:00")
MORNING = NIGHT | {
    "Dispo": "DUP", "Dispatched": "2026-11-28 23:55:00", "Arrived": "2026-11-29 00:10:00", "Closed": "2026-11-29 00:40:00",
}  # fmt: skip


@pytest.mark.usefixtures("db")
def test_a_call_that_was_open_at_midnight_is_closed_by_the_next_file(tmp_path: Path) -> None:
    import_(tmp_path, NIGHT)
    report = import_(tmp_path, MORNING)
    again = import_(tmp_path, MORNING)

    with act_as(cad.importer(None, at=AT)):
        contact, episode = Contact.objects.get(), Episode.objects.get()
    assert (episode.outcome, episode.closed_at) == (
        "duplicate",
        datetime(2026, 11, 29, 7, 40, tzinfo=UTC),
    )
    assert contact.arrived_at == datetime(2026, 11, 29, 7, 10, tzinfo=UTC)
    assert (report.completed.total(), again.completed.total()) == (1, 0)
    with act_as_task("feed"):
        kinds = list(Entry.objects.order_by("recorded_at", "id").values_list("kind", "by"))
    assert kinds[-2:] == [("episodes.closed", "import"), ("calls.completed", "import")]


@pytest.mark.usefixtures("db")
def test_a_class_that_becomes_a_behavioral_one_makes_the_episode_it_should_have_had(
    tmp_path: Path,
) -> None:
    first: Report = import_(tmp_path, a_line("O-2", Type="WELFARE CHECK"), a_line("O-3", Type="X"))
    second = import_(
        tmp_path,
        a_line("O-2", Type="SUICIDE THREAT"),
        a_line("O-3", Type="X", Queued="2026-11-20 10:01:00"),
    )

    with act_as(cad.importer(None, at=AT)):
        episode = Episode.objects.get()
        contact = Contact.objects.get(episode=episode)
        counted = Contact.objects.get(episode=None)
    assert (first.episodes, second.episodes, second.completed.total()) == (0, 1, 2)
    assert (episode.class_code, episode.opened_at) == ("suicide_threat", contact.received_at)
    assert counted.queued_at == datetime(2026, 11, 20, 17, 1, tzinfo=UTC)
