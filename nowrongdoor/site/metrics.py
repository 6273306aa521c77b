"""`/metrics`: numbers about the machinery in Prometheus' text format, for whoever has the token.

What the database knows is asked at that moment, so any process may answer; what only processes
know, they count (`web.counts`). Nothing here is about a person: the labels are a status, the name
of a route or that of a command.
"""

from collections.abc import Iterable, Iterator
from math import inf

from django.conf import settings
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from nowrongdoor.agencies.acting import act_as_task
from nowrongdoor.clocks import queries as clocks
from nowrongdoor.journal import lag
from nowrongdoor.web.clock import now
from nowrongdoor.web.counts import counts


@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """All numbers; 401 without the token, whoever is signed in; 404 where none is set."""
    if not settings.METRICS_TOKEN:
        raise Http404
    if not constant_time_compare(
        request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"
    ):
        stranger = HttpResponse(
            "a token is needed", status=401, content_type="text/plain; charset=utf-8"
        )
        stranger["WWW-Authenticate"] = "Bearer"
        return stranger
    asked = CollectorRegistry()
    asked.register(_Asked())
    text = generate_latest(counts()) + generate_latest(asked)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


class _Asked(Collector):
    """What the database says at this moment. Where it does not answer, only that is said."""

    def collect(self) -> Iterable[Metric]:
        try:
            found = list(_gauges())
        except Error:
            found = []
        up = "1 where the database answered just now."
        return [*found, GaugeMetricFamily("nwd_database_up", up, float(bool(found)))]


def _gauges() -> Iterator[Metric]:
    with act_as_task("feed"):
        unsealed_s = lag.unsealed_s()
    age_ms = lag.age_ms()
    yield GaugeMetricFamily(
        "nwd_journal_unsealed_seconds",
        "Age of the oldest journal entry without a seal; 0 where all are sealed.",
        unsealed_s,
    )
    yield GaugeMetricFamily(
        "nwd_journal_pulse_seconds",
        "Time since the journal was last looked after; +Inf where nobody does.",
        inf if age_ms is None else age_ms / 1000,
    )
    yield GaugeMetricFamily(
        "nwd_deadline_overdue_seconds",
        "For how long the oldest due deadline has not been fired; 0 where none waits.",
        clocks.overdue_s(now()),
    )
