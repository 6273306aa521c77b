"""Whole call lives: called, screened, handed on, a unit sent, there and cleared, closed. A process.

A machine enters the call and says where the unit is; everything else is done by people, on pages.

In: {"port", "seconds", "rate", "clients", "key", "desks": {"taker", "counselor", "dispatcher"},
"programs": {"line", "floor"}, "units": [id, …]}. Without a rate each client lives one life after the
other; with one, lives begin at planned times whatever the others do, and each counts from its planned
time. Out: {"seconds", "ms", "steps", "refused", "said"}: how long it all took, what each life took,
how many commands a life is, and how many lives were not lived to their end, with the first reason.
"""

import json
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

from bench.clients import CALL, Client

STOPS = {"MED": "N", "ACT": "N", "WPN": "none", "VIO": "N", "CRM": "none", "HAZ": "none"}
ANSWERS = {"ABU": "N", "BHN": "Y", "SI": "passive", "HI": "none", "PLAN": "N", "TALK": "Y"}
CLOSED = {"outcome": "information", "declined_by_person": "yes"}
CLEARED = {"outcome": "resolved_scene", "left_behind": "nobody", "way": "radio"}


class Refused(Exception):  # noqa: N818 - it ends one life, not the run
    """A command was not done."""


@dataclass(slots=True)
class Run:
    """What all clients share."""

    job: dict[str, Any]
    units: "SimpleQueue[str]" = field(default_factory=SimpleQueue)
    planned: "SimpleQueue[float]" = field(default_factory=SimpleQueue)
    ms: list[float] = field(default_factory=list)
    steps: set[int] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)

    def live(self, client: Client) -> None:
        """One life, from the ringing to the close."""
        sent = len(client.ms)

        def known(done: object, path: str) -> Any:
            if done is None or done is False:
                raise Refused(f"{path}: {client.said}")
            return done

        def send(path: str, body: dict[str, Any]) -> dict[str, Any]:
            found: dict[str, Any] = known(client.send(path, self.job["key"], body), path)
            return found

        def act(path: str, who: str, form: dict[str, str]) -> None:
            known(client.act(path, self.job["desks"][who], form), path)

        line = self.job["programs"]["line"]
        episode_id = send("calls", CALL)["episode_id"]
        here = f"episodes/{episode_id}"
        act(f"{here}/take", "taker", {})
        act(f"{here}/answer", "taker", STOPS)
        act(f"{here}/answer", "taker", ANSWERS)
        act(f"{here}/offer", "taker", {"kind": "warm_transfer", "to_program_id": line})
        [offer] = client.read(here, self.job["desks"]["taker"])["offers"]
        act(f"offers/{offer['id']}/accept", "counselor", {})
        act(f"{here}/card", "counselor", {"place": "4 Loud Lane", "was.place": CALL["place"]})
        self._unit_goes(client, episode_id, act, send)
        act(f"{here}/close", "counselor", CLOSED)
        self.steps.add(len(client.ms) - sent)

    def _unit_goes(
        self, client: Client, episode_id: str, act: Callable[..., None], send: Callable[..., Any]
    ) -> None:
        floor = self.job["programs"]["floor"]
        wanted = {"kind": "police_staged", "to_program_id": floor}
        act(f"episodes/{episode_id}/help", "counselor", wanted)
        request = self._request(client, episode_id)
        unit = self.units.get()
        act(f"requests/{request['id']}/assign", "dispatcher", {"unit_id": unit})
        [gone] = self._request(client, episode_id)["teams"]
        for stage in ("en_route", "staged", "on_scene"):
            send(f"assignments/{gone['id']}/step", {"stage": stage, "way": "radio"})
        act(f"assignments/{gone['id']}/clear", "dispatcher", CLEARED)
        self.units.put(unit)

    def _request(self, client: Client, episode_id: str) -> dict[str, Any]:
        """The open request of a call, as the desk that sends sees it."""
        rows = client.read("requests", self.job["desks"]["dispatcher"])
        [found] = [row for row in rows if row["episode_id"] == episode_id]
        request: dict[str, Any] = found
        return request

    def _counted(self, client: Client, due: float) -> None:
        try:
            self.live(client)
        except Refused as reason:
            self.refused.append(str(reason))
        else:
            self.ms.append((time.perf_counter() - due) * 1000)

    def closed_loop(self, client: Client, until: float) -> None:
        while (due := time.perf_counter()) < until:
            self._counted(client, due)

    def open_loop(self, client: Client, _until: float) -> None:
        """Lives at their planned times, until none is left: a late start counts as waiting."""
        while True:
            try:
                due = self.planned.get_nowait()
            except Empty:
                return
            time.sleep(max(0.0, due - time.perf_counter()))
            self._counted(client, due)


def main() -> None:
    job = json.load(sys.stdin)
    run = Run(job)
    for unit in job["units"]:
        run.units.put(unit)
    begun = time.perf_counter()
    for number in range(round(job["rate"] * job["seconds"])):
        run.planned.put(begun + number / job["rate"])
    work = run.open_loop if job["rate"] else run.closed_loop
    clients = [Client(job["port"]) for _ in range(job["clients"])]
    with ThreadPoolExecutor(len(clients)) as pool:
        list(pool.map(work, clients, [begun + job["seconds"]] * len(clients)))
    answer = {
        "seconds": time.perf_counter() - begun,
        "ms": run.ms,
        "steps": max(run.steps, default=0),
        "refused": len(run.refused),
        "said": next(iter(run.refused), ""),
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
