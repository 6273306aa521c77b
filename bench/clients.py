"""Clients that send commands in a closed loop, each on its own connection. Run as a process.

In: {"port", "seconds", "to_program", "clients": [{"enters", "offers", "accepts", "episodes"}, …]}: a
machine's key, the cookies of two people at their desks, and the episodes to hand on. With episodes a
client offers and accepts them one by one, on pages as people do; without, it enters calls. Out:
{"seconds", "ms", "refused", "said", "episodes"}: how long it all took, what each command took, how many
were not done, the first such answer, and what each client entered.
"""

import json
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

CSRF = "a" * 32
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

    def send(self, path: str, key: str, body: dict[str, object]) -> dict[str, Any] | None:
        """One command of a machine, at the API. None where it was not done."""
        headers = {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            "Idempotency-Key": str(uuid4()),
        }
        said = self._timed(f"/api/v1/{path}", json.dumps(body), headers)
        found: dict[str, Any] | None = None if said is None else json.loads(said)
        return found

    def act(self, path: str, cookie: str, form: dict[str, str]) -> bool:
        """One command of somebody at their desk, on its page. Whether it was done."""
        headers = {
            "Cookie": f"{cookie}; csrf={CSRF}",
            "X-CSRFToken": CSRF,
            "Content-Type": "application/x-www-form-urlencoded",
            "Idempotency-Key": str(uuid4()),
        }
        return self._timed(f"/{path}/", urlencode(form), headers) is not None

    def read(self, path: str, cookie: str) -> Any:
        """What the API answers to somebody at their desk. Not timed: no command waits for it."""
        self.connection.request("GET", f"/api/v1/{path}", headers={"Cookie": cookie})
        answer = self.connection.getresponse()
        return json.loads(answer.read())

    def _timed(self, path: str, text: str, headers: dict[str, str]) -> bytes | None:
        begun = time.perf_counter()
        self.connection.request("POST", path, text, headers)
        answer = self.connection.getresponse()
        said = answer.read()
        self.ms.append((time.perf_counter() - begun) * 1000)
        if answer.status in (200, 204, 302):
            return said
        self.refused += 1
        self.said = self.said or f"{answer.status} {_sentence(said.decode(errors='replace'))}"
        return None

    def enter(self, key: str, until: float) -> None:
        """Enter calls until the time is over."""
        while time.perf_counter() < until:
            done = self.send("calls", key, CALL)
            if done is not None:
                self.entered.append(done["episode_id"])

    def hand_on(self, desks: tuple[str, str], episodes: list[str], to: str, until: float) -> None:
        """Offer each episode, and accept it at the other desk, until the time or they are over."""
        for episode in episodes:
            if time.perf_counter() >= until:
                return
            offer = {"kind": "warm_transfer", "to_program_id": to}
            if self.act(f"episodes/{episode}/offer", desks[0], offer):
                [open] = self.read(f"episodes/{episode}", desks[0])["offers"]
                self.act(f"offers/{open['id']}/accept", desks[1], {})


def _sentence(page: str) -> str:
    """What a refusal says, as JSON or as the alert of a page."""
    alert = re.search(r'role="alert"[^>]*>([^<]+)', page)
    return (alert[1] if alert else page)[:300].strip()


def main() -> None:
    job = json.load(sys.stdin)
    clients = [Client(job["port"]) for _ in job["clients"]]
    begun = time.perf_counter()
    until = begun + job["seconds"]

    def work(client: Client, given: dict[str, Any]) -> None:
        if given["episodes"]:
            desks = (given["offers"], given["accepts"])
            client.hand_on(desks, given["episodes"], job["to_program"], until)
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
