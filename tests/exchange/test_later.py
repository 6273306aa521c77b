"""A later line of a known number: what it brings, and what is only different."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from nowrongdoor.agencies.acting import act_as, act_as_task
from nowrongdoor.calls import commands, queries
from nowrongdoor.calls.facts import ContactFacts, Entered, Stages
from nowrongdoor.calls.later import completion
from nowrongdoor.calls.models import Contact
from nowrongdoor.calls.numbers import alone
from nowrongdoor.episodes.facts import Source
from nowrongdoor.episodes.models import Episode
from nowrongdoor.exchange import cad
from nowrongdoor.exchange.report import Report
from nowrongdoor.journal.models import Entry
from nowrongdoor.kernel.verdict import Refused
from tests.exchange.phx import AT, a_file, a_line, a_profile, import_, import_file, read
from tests.makers import NOON, an_actor, later

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


@pytest.mark.usefixtures("db")
def test_an_untouched_call_is_what_a_later_file_says_it_was(tmp_path: Path) -> None:
    import_(tmp_path, a_line("O-4"))
    report = import_(tmp_path, a_line("O-4", Type="SUICIDE THREAT"))

    with act_as(cad.importer(None, at=AT)):
        episode, contact = Episode.objects.get(), Contact.objects.get()
    assert (episode.class_code, contact.class_code) == ("suicide_threat", "suicide_threat")
    assert report.completed.total() == 1
    with act_as_task("feed"):
        assert Entry.objects.filter(kind="episodes.classified", by="import").count() == 1


@pytest.mark.usefixtures("db")
def test_in_one_file_the_line_closed_last_is_entered_and_the_others_are_known_by_it(
    tmp_path: Path,
) -> None:
    reopened = MORNING | {"Closed": "2026-11-29 01:40:00", "Dispo": "NR"}

    by_close = import_(tmp_path, NIGHT, MORNING, reopened)
    profile = a_profile(
        tmp_path, ("closed_at: [Closed]", "closed_at: [Closed], updated_at: [Cleared]")
    )
    other = [each | {"No": "O-9"} for each in (MORNING, reopened)]
    by_update = import_(
        tmp_path, other[0] | {"Cleared": "2026-11-29 03:00:00"}, other[1], profile=profile
    )

    with act_as(cad.importer(None, at=AT)):
        closed = list(Episode.objects.order_by("number").values_list("closed_at", "outcome"))
    assert (by_close.entered.total(), by_close.known.total()) == (1, 2)
    assert (by_update.entered.total(), by_update.known.total()) == (1, 1)
    assert [(f"{at:%H:%M}", outcome) for at, outcome in closed] == [
        ("08:40", "unknown"),
        ("07:40", "duplicate"),
    ]


@pytest.mark.usefixtures("db")
def test_what_cannot_be_brought_in_is_counted_with_line_and_column(tmp_path: Path) -> None:
    import_(tmp_path, MORNING)
    file = a_file(tmp_path, MORNING | {"Arrived": "2026-11-29 00:11:00", "Dispo": "NR"}, MORNING | {"Received": "2026-11-28 23:51:00", "No": "O-1"})  # fmt: skip
    report = import_file(file, a_profile(tmp_path))

    assert (report.known.total(), report.different.total(), report.completed.total()) == (1, 1, 0)
    assert file.with_suffix(".rejects").read_text().splitlines()[1:] == [
        '2,Arrived,"known, and different"',
        '3,Received,"this number stands in line 2 too, received at another time"',
    ]


@pytest.mark.usefixtures("db")
def test_an_episode_that_somebody_took_is_no_longer_the_files(tmp_path: Path) -> None:
    import_(tmp_path, NIGHT)
    maria = an_actor("anna.miller")
    with act_as(maria):
        episode_id = Episode.objects.get().pk
    commands.take_from_queue(by=maria, at=AT, episode_id=episode_id)

    report = import_(tmp_path, MORNING | {"Type": "SUICIDE THREAT"})

    with act_as(maria):
        episode, contact = Episode.objects.get(), Contact.objects.get()
    assert (episode.closed_at, episode.class_code) == (None, "psych_distress")
    assert (contact.class_code, f"{contact.closed_at:%H:%M}") == ("psych_distress", "07:40")
    assert (report.completed.total(), report.different.total()) == (1, 1)


SCOPED = ("number: [No]", "number: {columns: [Agency, No], with: year}")


@pytest.mark.parametrize(
    ("changes", "row", "reference"),
    [
        ((), {}, "phx:000451"),
        ((SCOPED,), {}, "phx:POLICE:2026:000451"),
        ((SCOPED,), {"Agency": "A:B"}, "phx:A%3AB:2026:000451"),
        ((SCOPED,), {"Received": "2025-12-31 23:00:00"}, "phx:POLICE:2025:000451"),  # by their own clock
        ((("number: [No]", "number: {columns: [No]}"),), {"No": "p26 -1\u200b"}, "phx:P26 -1"),
    ],
)  # fmt: skip
def test_a_number_has_a_scope(
    tmp_path: Path, changes: tuple[tuple[str, str], ...], row: dict[str, str], reference: str
) -> None:
    [line] = read(tmp_path, a_line("000451") | row, profile=a_profile(tmp_path, *changes))

    assert line.contact is not None
    assert line.contact.external_ref == reference
    assert alone(reference) == line.contact.external_ref.rsplit(":", 1)[-1]


@pytest.mark.usefixtures("db")
def test_one_number_of_two_centres_of_two_years_and_of_two_agencies_is_three_calls_more(
    tmp_path: Path,
) -> None:
    phx = import_(tmp_path, a_line("000450"))
    other = a_line("000450", Type="SUICIDE", Received="2026-11-12 22:00:00")
    nyc = import_(tmp_path, other, profile=a_profile(tmp_path, ("code: phx", "code: nyc")))
    scoped = a_profile(tmp_path, SCOPED)
    first = import_(tmp_path, a_line("000451"), profile=scoped)
    year = import_(tmp_path, a_line("000451", Received="2025-11-20 10:00:00"), profile=scoped)
    agency = import_(tmp_path, a_line("000451", Agency="SHERIFF"), profile=scoped)

    assert [report.entered.total() for report in (phx, nyc, first, year, agency)] == [1] * 5


@pytest.mark.usefixtures("db")
def test_what_was_entered_before_numbers_had_a_scope_is_known_and_gets_one(tmp_path: Path) -> None:
    [line] = read(tmp_path, NIGHT)
    assert line.contact is not None
    by = cad.importer(None, at=AT)
    commands.take_contact(by=by, at=AT, contact=replace(line.contact, external_ref="O-1"))

    same = import_(tmp_path, MORNING)
    other = import_(tmp_path, a_line("O-1", Received="2026-11-01 10:00:00"))

    with act_as(by):
        refs = set(Contact.objects.values_list("external_ref", flat=True))
    assert (same.completed.total(), other.different.total(), other.entered.total()) == (1, 1, 0)
    assert refs == {"phx:O-1"}


@pytest.mark.usefixtures("db")
def test_two_imports_at_once_end_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one enters between our looking and our writing."""
    profile, looks = a_profile(tmp_path), queries.entered

    def late(*given: Any) -> Any:
        found = looks(*given)
        monkeypatch.setattr(queries, "entered", looks)
        import_(tmp_path, NIGHT)
        return found

    monkeypatch.setattr(queries, "entered", late)
    with pytest.raises(Refused, match="Another import"):
        import_(tmp_path, NIGHT, profile=profile)


def test_the_report_says_when_and_what_the_profile_does_not_name(tmp_path: Path) -> None:
    rows = [
        a_line("R-1", Type="MENTL CASE", How="Carrier pigeon"),
        a_line("R-2", Type="MENTL  case", Received="2026-11-21 10:00:00"),
        a_line("R-3", Dispo="TAKEN HOME", Closed="2026-11-20 11:00:00"),
    ]
    report = Report(zone=ZoneInfo("America/Phoenix"))
    for line in read(tmp_path, *rows):
        report.add(line)
        report.enter(line)
    report.keep(read(tmp_path, rows[0])[0])

    text = report.text()
    assert "received from 2026-11-20 10:00:00 to 2026-11-21 10:00:00" in text
    for line in ("Words under Type that no line", "        1  MENTL CASE", "        1  MENTL case",
                 "        1  Carrier pigeon", "        1  TAKEN HOME"):  # fmt: skip
        assert line in text
