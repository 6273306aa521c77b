"""Where a command's time goes: the API called in one process, under cProfile. Run as a process.

In: {"token", "commands"}. Out, as text: what a command takes without the profile and how much of
that is this process's own; the functions with the most time of their own; those of ours with the
most time in all. The profile slows Python down and leaves C as it is: it shows shares, not times.
"""

import cProfile
import io
import json
import pstats
import re
import sys
import time
from uuid import uuid4

import django

django.setup()

from django.db import close_old_connections  # noqa: E402 - Django is set up first
from django.test import Client  # noqa: E402

from bench.clients import CALL  # noqa: E402
from bench.processes import ROOT  # noqa: E402

MOST_OWN = 12
MOST_OURS = 20
OURS = f"^{re.escape(str(ROOT))}/nowrongdoor/"
WARM = 50


def enter(client: Client, token: str, times: int) -> None:
    """Enter calls, one after the other."""
    for _ in range(times):
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
        answer = client.post("/api/v1/calls", CALL, "application/json", headers=headers)
        if answer.status_code != 200:
            raise RuntimeError(answer.content.decode())
        close_old_connections()  # back to the pool after each request, as the server does


def profiled(client: Client, token: str, times: int) -> str:
    """Both lists, without the folder that the project happens to lie in."""
    profile = cProfile.Profile()
    profile.runcall(enter, client, token, times)
    text = io.StringIO()
    stats = pstats.Stats(profile, stream=text)
    stats.sort_stats("tottime").print_stats(MOST_OWN)
    stats.sort_stats("cumulative").print_stats(OURS, MOST_OURS)
    return text.getvalue().replace(f"{ROOT}/", "")


def main() -> None:
    job = json.load(sys.stdin)
    client = Client(headers={"host": "localhost"})
    enter(client, job["token"], WARM)
    begun, used = time.perf_counter(), time.process_time()
    enter(client, job["token"], job["commands"])
    ms = (time.perf_counter() - begun) * 1000 / job["commands"]
    own_ms = (time.process_time() - used) * 1000 / job["commands"]
    text = f"One process, one command after the other: {ms:.1f} ms each, {own_ms:.1f} ms of it its own."
    print(json.dumps(f"{text}\n{profiled(client, job['token'], job['commands'])}"))


if __name__ == "__main__":
    main()
