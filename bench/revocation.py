"""From the commit of a revocation until an open police page shows nothing of what the release had opened.

One person, whom police brought to the center: the center's record is opened to the police by a release, which is
signed and stopped again and again while the police page of that person stands open in a real browser. Counted is
from the acknowledged commit until the frame in which the words are gone.

The floor is the same message without the redraw: from the same commit until the stream's event is in the same page.
"""

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from subprocess import PIPE, Popen
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from bench.browsing import launched, looking
from bench.figures import Figure, quantile, repeated
from bench.house import House, house
from bench.processes import Failed, started

REVOCATIONS = 30
LOOKS = "luis.garza"
AIM = "p99 <= 1000 ms"
MOST_MS = 20_000
APART_MS = 37
"""So that no two revocations meet the server's looks at the feed at the same moment."""

# Hears what the page hears, when it hears it.
HEARS = """
window.seen = { told: 0, gone: 0 };
const Real = window.SharedWorker;
window.SharedWorker = class extends Real {
  constructor(...how) {
    super(...how);
    this.port.addEventListener("message", ({ data }) => {
      if (data.event === "shared") seen.told ||= Date.now();
    });
  }
};
"""
# From here on: when the words are gone, and painted so.
WATCH = """
(words) => {
  const shows = () => document.getElementById("follows").textContent.includes(words);
  if (!shows()) throw new Error("it is not shown");
  window.seen = { told: 0, gone: 0 };
  const look = new MutationObserver(() => {
    if (shows()) return;
    look.disconnect();
    requestAnimationFrame(() => (seen.gone = Date.now()));
  });
  look.observe(document.body, { childList: true, subtree: true });
}
"""
SHOWS = "(words) => document.getElementById('follows').textContent.includes(words)"


@dataclass(frozen=True, slots=True)
class Turn:
    """Milliseconds from each commit: until the page was told, and until it had nothing more to show."""

    told: Sequence[float]
    gone: Sequence[float]


def run(repeats: int) -> list[Figure]:
    """Errors: Failed where there is no browser, or the release opens nothing."""
    words = [sys.executable, "-m", "bench.revoking"]
    pipes: dict[str, Any] = {"stdin": PIPE, "stdout": PIPE}
    with house() as running, sync_playwright() as playwright:
        browser = launched(playwright, "--disable-gpu")
        with started(words, environment=running.environment, **pipes) as center:
            known = _heard(center)
            page = _page(running, browser, known["path"])
            turns = repeated(
                "revocation", repeats, lambda _turn: _turn_of(page, center, known["shown"])
            )
        browser.close()
    return _figures(turns)


def _page(running: House, browser: Browser, path: str) -> Page:
    context, here = looking(running, browser, LOOKS)
    context.add_init_script(HEARS)
    page = context.new_page()
    page.goto(f"{here}{path}")
    page.wait_for_selector("#live:not(.stale):has-text('live')")
    return page


def _turn_of(page: Page, center: "Popen[bytes]", shown: str) -> Turn:
    told, gone = [], []
    for n in range(REVOCATIONS):
        _asked(center, "sign")
        page.wait_for_function(SHOWS, arg=shown, timeout=MOST_MS)
        time.sleep(n * APART_MS / 1000 % 0.5)
        page.evaluate(WATCH, shown)
        committed = _asked(center, "stop")["committed_ms"]
        page.wait_for_function("() => seen.gone && seen.told", timeout=MOST_MS)
        seen = page.evaluate("seen")
        told.append(max(0.0, seen["told"] - committed))
        gone.append(seen["gone"] - committed)
    return Turn(told, gone)


def _asked(center: "Popen[bytes]", what: str) -> dict[str, Any]:
    if center.stdin is None:
        raise Failed("bench.revoking cannot be asked")
    center.stdin.write(f"{what}\n".encode())
    center.stdin.flush()
    return _heard(center)


def _heard(center: "Popen[bytes]") -> dict[str, Any]:
    line = center.stdout.readline() if center.stdout else b""
    if not line:
        raise Failed("bench.revoking ended; see above.")
    found: dict[str, Any] = json.loads(line)
    return found


def _figures(turns: Sequence[Turn]) -> list[Figure]:
    return [
        Figure(
            "revocation",
            f"stopped, until an open page shows it no more: {word}",
            "ms",
            [quantile(turn.gone, at) for turn in turns],
            [quantile(turn.told, at) for turn in turns],
            f"{REVOCATIONS} revocations",
            AIM if at == 0.99 else "",
        )
        for word, at in (("p50", 0.5), ("p99", 0.99))
    ]
