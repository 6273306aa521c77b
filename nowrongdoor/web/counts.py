"""What the processes of one server count together: answers by status, requests and streams under way,
and how long answers and commands take.

Where PROMETHEUS_MULTIPROC_DIR names a folder (`serve` sees to it) each process counts in files
there, and whoever is asked adds them up. Elsewhere a process counts for itself.
"""

import os
from collections.abc import Callable
from pathlib import Path

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from nowrongdoor.web.clock import running_s

disable_created_metrics()  # type: ignore[no-untyped-call]

HERE = CollectorRegistry()
ANSWERS = Counter("nwd_answers", "Answers given, by HTTP status.", ["status"], registry=HERE)
UNDER_WAY = Gauge(
    "nwd_requests_under_way",
    "Requests being answered, this one included; streams are counted apart.",
    registry=HERE,
    multiprocess_mode="livesum",
)
STREAMS = Gauge(
    "nwd_live_streams", "Open live streams.", registry=HERE, multiprocess_mode="livesum"
)
BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
TOOK = Histogram(
    "nwd_answer_seconds",
    "Time until an answer, by the name of its route; streams are left out.",
    ["route"],
    registry=HERE,
    buckets=BUCKETS_S,
)
COMMANDS = Histogram(
    "nwd_command_seconds",
    "Time of a command, refused ones and those inside others included.",
    ["command"],
    registry=HERE,
    buckets=BUCKETS_S,
)
NO_ROUTE = "-"


class Counted:
    """Middleware: every answer is counted and timed, whoever gives it.

    Of the request only the name of its route is kept: nothing that anybody typed, and no id.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began_s = running_s()
        with UNDER_WAY.track_inprogress():
            response = self.get_response(request)
        ANSWERS.labels(str(response.status_code)).inc()
        if not response.streaming:
            TOOK.labels(_route(request)).observe(running_s() - began_s)
        return response


def _route(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else NO_ROUTE


def counts() -> CollectorRegistry:
    """What was counted, by all processes of this server."""
    shared = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if shared is None:
        return HERE
    for file in Path(shared).glob("gauge_live*.db"):
        pid = int(file.stem.rpartition("_")[2])
        if not Path(f"/proc/{pid}").exists():  # killed: nothing of its is under way any more
            mark_process_dead(pid, shared)  # type: ignore[no-untyped-call]
    together = CollectorRegistry()
    MultiProcessCollector(together, shared)  # type: ignore[no-untyped-call]
    return together
