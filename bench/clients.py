"""Clients that send commands in a closed loop, each on its own connection. Run as a process.

In: {"port", "seconds", "to_program", "clients": [{"enters", "accepts", "episodes"}, …]}: two tokens
and the episodes to hand on. With episodes a client offers and accepts them one by one; without, it
enters calls. Out: {"seconds", "ms", "refused", "said", "episodes"}: how long it all took, what each
command took, how many were not answered 200, the first such answer, and what each client entered.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from uuid import uuid4

CALL: dict[str, object] = {
    "incident_class": "psych_distress",
    "place": "12 Quiet Street, corner of the park",
    "callback": "520-555-0100",
    "name_given": "Somebody",
    "note": "Says that they have not slept for three days; calm, alone, wants to talk to somebody.",
}


@dataclass(slots=True)
class Client:
    """One desk's program. `ms` holds what each command took."""

    port: int
    ms: list[float] = field(default_factory=list)
    refused: int = 0
    said: str = ""
    entered: list[str] = field(default_factory=list)
    connection: HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = HTTPConnection("localhost", self.port, timeout=30)
        self.connection.connect()

    def send(self, path: str, token: str, body: dict[str, object]) -> dict[str, Any] | None:
        """One command. None where it was not done."""
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": str(uuid4()),
        }
        text = json.dumps(body)
        begun = time.perf_counter()
        self.connection.request("POST", f"/api/v1/{path}", text, headers)
        answer = self.connection.getresponse()
        said = answer.read()
        self.ms.append((time.perf_counter() - begun) * 1000)
        if answer.status == 200:
            found: dict[str, Any] = json.loads(said)
            return found
        self.refused += 1
        self.said = self.said or f"{answer.status} {said.decode(errors='replace')[:300]}"
        return None

    def enter(self, token: str, until: float) -> None:
        """Enter calls until the time is over."""
        while time.perf_counter() < until:
            done = self.send("calls", token, CALL)
            if done is not None:
                self.entered.append(done["episode_id"])

    def hand_on(self, tokens: tuple[str, str], episodes: list[str], to: str, until: float) -> None:
        """Offer each episode, and accept it at the other desk, until the time or they are over."""
        for episode in episodes:
            if time.perf_counter() >= until:
                return
            offer: dict[str, object] = {"kind": "warm_transfer", "to_program_id": to}
            done = self.send(f"episodes/{episode}/offers", tokens[0], offer)
            if done is not None:
                self.send(f"offers/{done['id']}/accept", tokens[1], {})


def main() -> None:
    job = json.load(sys.stdin)
    clients = [Client(job["port"]) for _ in job["clients"]]
    begun = time.perf_counter()
    until = begun + job["seconds"]

    def work(client: Client, given: dict[str, Any]) -> None:
        if given["episodes"]:
            tokens = (given["enters"], given["accepts"])
            client.hand_on(tokens, given["episodes"], job["to_program"], until)
        else:
            client.enter(given["enters"], until)

    with ThreadPoolExecutor(len(clients)) as pool:
        list(pool.map(work, clients, job["clients"]))
    answer = {
        "seconds": time.perf_counter() - begun,
        "ms": [one for client in clients for one in client.ms],
        "refused": sum(client.refused for client in clients),
        "said": next((client.said for client in clients if client.said), ""),
        "episodes": [client.entered for client in clients],
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
