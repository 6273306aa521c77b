"""One call is one episode: CAD's number goes from the clip into the call, and a file knows it."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls.models import Contact
from nowrongdoor.episodes.models import Episode
from nowrongdoor.exchange import cad
from nowrongdoor.web.clock import now
from tests.clients import Desk
from tests.exchange.phx import a_file, a_line, a_profile
from tests.makers import an_actor

pytestmark = pytest.mark.usefixtures("db")
TEXT = "INC: P26-000777\nLOC: 777 N MAIN AVE\nCB: 520-555-0177\nNATURE: SUICIDE THREAT"
CALL = {
    "number": "P26-000777",
    "place": "777 N MAIN AVE",
    "class_code": "suicide_threat",
    "medium": "audio",
}


def page(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


def imported(folder: Path, *rows: dict[str, str]) -> object:
    at = now()
    return cad.import_file(
        a_file(folder, *rows),
        a_profile(folder),
        by=cad.importer(None, at=at),
        at=at,
        rejects=folder / "rejects",
        progress=lambda _n: None,
    )


def test_a_number_is_taken_once_and_the_second_is_told_who_holds_it() -> None:
    anna, luis = Desk("anna.miller"), Desk("karen.hughes")
    read = page(anna.post(reverse("calls:clip"), {"text": TEXT}))
    anna.post(reverse("calls:new_call"), CALL)

    again = luis.post(reverse("calls:new_call"), CALL | {"number": "p26-000777 "})
    told = page(luis.post(reverse("calls:clip"), {"text": TEXT}))

    with act_as(an_actor()):
        episode = Episode.objects.get()
        assert Contact.objects.get().external_ref == f"cad:{now().year}:P26-000777"
    assert 'name="number"' in read
    assert "Already entered" not in read
    assert again.status_code == 409
    for said in (page(again), told):
        assert f"Already entered: {episode.label}, owner Anna Miller" in said
    assert "P26-000777" in page(anna.get(reverse("calls:episode", args=[episode.pk])))
    assert luis.post(reverse("calls:new_call"), CALL | {"number": ""}).status_code == 302


def test_a_file_knows_what_the_clip_brought_whatever_its_source(tmp_path: Path) -> None:
    Desk("anna.miller").post(reverse("calls:new_call"), CALL)
    local = now() - timedelta(hours=7, minutes=3)
    line = a_line("P26-000777", Type="SUICIDE THREAT", Received=f"{local:%Y-%m-%d %H:%M:%S}")

    first = imported(tmp_path, line, line | {"No": "P26-000778"})
    queued = line | {"Queued": f"{local + timedelta(minutes=1):%Y-%m-%d %H:%M:%S}"}
    again = imported(tmp_path, queued)
    older = imported(tmp_path, line | {"Received": "2025-11-20 10:00:00"})

    with act_as(an_actor()):
        assert Episode.objects.count() == 2
        mine = Contact.objects.get(source="live")
        assert (mine.external_ref, mine.queued_at is not None) == ("phx:P26-000777", True)
    assert (first.known.total(), first.entered.total()) == (1, 1)  # type: ignore[attr-defined]
    assert (again.completed.total(), again.entered.total()) == (1, 0)  # type: ignore[attr-defined]
    assert older.entered.total() == 0  # type: ignore[attr-defined]
    told = Desk("anna.miller").post(reverse("calls:new_call"), CALL)
    assert told.status_code == 409  # its number has another scope now, and is known by it


def test_what_was_found_and_does_not_fit_is_shown_and_the_text_stays() -> None:
    anna = Desk("anna.miller")
    long = "520-555-0103 EXT 12 OR " * 9 + "520-555-0104 ASK FOR FRONT DESK"

    found = page(anna.post(reverse("calls:clip"), {"text": f"LOC: 1 MAIN\nCB: {long}"}))
    refused = anna.post(reverse("calls:clip"), {"text": "LOC: kept\n".ljust(20_001, "x")})

    assert "Found, too long: callback number" in " ".join(found.split())
    assert found.count(long) == 2  # to copy, and in the text that was pasted
    assert "Not found in the text: number, incident type" in found
    assert refused.status_code == 422
    assert "At most 20000 characters" in page(refused)
    assert "LOC: kept" in page(refused)
