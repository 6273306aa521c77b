"""So many changes a minute, of one member and of one key; a call is entered however many there were."""

from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nowrongdoor.web import rates
from nowrongdoor.web.rates import Buckets
from tests.clients import Desk
from tests.desks.machines import CALL, a_machine


def test_a_minute_s_share_at_once_then_one_as_it_fills() -> None:
    buckets, who = Buckets(), uuid4()

    first = [buckets.wait_s(who, 3, at_s=100.0) for _ in range(4)]
    later = [buckets.wait_s(who, 3, at_s=at) for at in (119.5, 120.5, 121.5, 1000.0)]

    assert first == [0, 0, 0, 20]
    assert later == [1, 0, 19, 0]
    assert buckets.wait_s(uuid4(), 3, at_s=100.0) == 0  # anybody else has a share of their own


def test_who_has_a_whole_share_again_is_forgotten_before_there_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rates, "MOST_KEPT", 3)
    buckets, busy = Buckets(), uuid4()
    for _ in range(2):
        buckets.wait_s(uuid4(), 9, at_s=0.0)
    buckets.wait_s(busy, 1, at_s=59.0)

    buckets.wait_s(uuid4(), 9, at_s=61.0)

    assert len(buckets.left) == 2
    assert buckets.wait_s(busy, 1, at_s=61.0) > 0


def test_a_member_is_refused_in_a_sentence_and_enters_calls_all_the_same(
    db: None, settings: LazySettings
) -> None:
    settings.MEMBER_RATE = 2
    anna, karen = Desk("anna.miller"), Desk("karen.hughes")
    duty = reverse("triage:do_duty", args=[uuid4()])

    first = [anna.post(duty).status_code for _ in range(2)]
    page, part = anna.post(duty), anna.htmx(duty)
    others, looks = karen.post(duty).status_code, anna.get(reverse("calls:board")).status_code
    calls = [
        anna.post(reverse("calls:new_call"), {"incident_class": "psych_distress"}) for _ in range(3)
    ]

    assert ([*first, others], looks) == ([422] * 3, 200)
    assert (page.status_code, part.status_code) == (429, 429)
    assert int(page["Retry-After"]) in range(1, 32)
    assert "Too many changes within a minute." in page.content.decode()
    assert part["HX-Retarget"] == "#notice"
    assert [each.status_code for each in calls] == [302] * 3


def test_a_key_has_a_share_of_its_own_and_it_costs_no_query(
    db: None, settings: LazySettings
) -> None:
    settings.KEY_RATE = 1
    machine = a_machine()
    settings.MEMBER_RATE = 0

    def position() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as asked:
            answer = machine.post(
                f"/api/v1/units/{uuid4()}/said",
                {"reason": "capacity"},
                content_type="application/json",
            )
        return answer.status_code, len(asked)

    before, refused = position(), position()
    calls = [
        machine.post("/api/v1/calls", CALL, content_type="application/json").status_code
        for _ in range(3)
    ]

    assert before[0] != 429
    assert refused[0] == 429
    assert refused[1] <= before[1]
    assert calls == [200] * 3
