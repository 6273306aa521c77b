"""Whole call lives over the API: called, screened, handed on, a unit sent, there and cleared, closed. A process.

In: {"port", "seconds", "rate", "clients", "tokens": {"taker", "counselor", "dispatcher"},
"programs": {"line", "floor"}, "units": [id, …]}. Without a rate each client lives one life after the
other; with one, lives begin at planned times whatever the others do, and each counts from its planned
time. Out: {"seconds", "ms", "steps", "refused", "said"}: how long it all took, what each life took,
how many commands a life is, and how many lives were not lived to their end, with the first reason.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

from bench.clients import CALL, Client

STOPS = {"MED": "N", "ACT": "N", "WPN": "none", "VIO": "N", "CRM": "none", "HAZ": "none"}
ANSWERS = {"ABU": "N", "BHN": "Y", "SI": "passive", "HI": "none", "PLAN": "N", "TALK": "Y"}
CLOSED = {"outcome": "information", "declined_by_person": True}
CLEARED = {"outcome": "resolved_scene", "left_behind": ["nobody"]}


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

        def send(path: str, who: str, body: dict[str, Any]) -> dict[str, Any]:
            done = client.send(path, self.job["tokens"][who], body)
            if done is None:
                raise Refused(f"{path}: {client.said}")
            return done

        line, floor = self.job["programs"]["line"], self.job["programs"]["floor"]
        here = f"episodes/{send('calls', 'taker', CALL)['episode_id']}"
        send(f"{here}/answers", "taker", {"answers": STOPS})
        send(f"{here}/answers", "taker", {"answers": ANSWERS})
        to_line = {"kind": "warm_transfer", "to_program_id": line}
        offer = send(f"{here}/offers", "taker", to_line)
        send(f"offers/{offer['id']}/accept", "counselor", {})
        send(f"{here}/card", "counselor", {"place": "4 Loud Lane"})
        staged = {"kind": "police_staged", "to_program_id": floor}
        request = send(f"{here}/requests", "counselor", staged)
        unit = self.units.get()
        gone = send(f"requests/{request['id']}/assign", "dispatcher", {"unit_id": unit})
        for stage in ("en_route", "staged", "on_scene"):
            send(f"assignments/{gone['id']}/step", "dispatcher", {"stage": stage, "way": "radio"})
        send(f"assignments/{gone['id']}/clear", "dispatcher", CLEARED)
        self.units.put(unit)
        send(f"{here}/close", "counselor", CLOSED)
        self.steps.add(len(client.ms) - sent)

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
