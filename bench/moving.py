"""The dispatch board's map in a real browser: what a tick costs that moves every unit.

Each tick the page fetches one frame in which all units stand elsewhere, reads it and draws it. Counted is the script
of the page's thread, as the browser itself counts it, from before the frame is asked for until the map rests. The
floor fetches and reads the same frames in the same page and draws nothing. The browser draws without a graphics
card, which costs other threads and not this one. Then frames are counted that came late while units move.
"""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, CDPSession, Error, Page, Route, sync_playwright

from bench.browsing import launched, looking
from bench.figures import Figure, repeated
from bench.house import House, house
from bench.processes import Failed

UNITS, TICKS = 300, 20
AIM = "<= 16 ms"
LATE_MS = 100
LOOKS = "carl.jensen"
DRAWS = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
SHAPES = ("free", "assigned", "moving", "there", "unknown")
# One tick: what the page does when something has moved, until the map rests again.
TICK = """
async (ticks) => {
  const part = document.getElementById("map");
  for (let n = 0; n < ticks; n++) {
    part.dataset.map = "waits";
    dispatchEvent(new Event("nwd:drawn"));
    await new Promise((done) => {
      const watch = new MutationObserver(() => part.dataset.map === "drawn" && (watch.disconnect(), done()));
      watch.observe(part, { attributes: true });
    });
  }
}
"""
FLOOR = """
async (ticks) => {
  for (let n = 0; n < ticks; n++) await (await fetch(document.getElementById("map").dataset.frame)).json();
}
"""
FRAMES = """
() => {
  window.gaps = [];
  let last = performance.now();
  const count = (now) => { gaps.push(now - last); last = now; window.counting = requestAnimationFrame(count); };
  window.counting = requestAnimationFrame(count);
}
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """Milliseconds of script a tick; of its floor; frames, and how many came late."""

    ms: float
    floor: float
    frames: int
    late: int


def run(repeats: int) -> list[Figure]:
    """Errors: Failed where there is no browser that draws."""
    with house() as running, sync_playwright() as playwright:
        browser = launched(playwright, *DRAWS)
        page = _board(running, browser)
        session = page.context.new_cdp_session(page)
        session.send(
            "Performance.enable", {"timeDomain": "threadTicks"}
        )  # of this thread, not of the wall
        page.evaluate(TICK, 3)  # what is compiled on the way is compiled
        turns = repeated("map", repeats, lambda _turn: _turn_of(page, session))
        browser.close()
    return _figures(turns)


def _board(running: House, browser: Browser) -> Page:
    context, here = looking(running, browser, LOOKS)
    page = context.new_page()
    page.route("**/teams/map/", _moving())
    page.goto(f"{here}/teams/")
    try:
        page.wait_for_selector("#map[data-map=drawn]", timeout=60_000)
    except Error as reason:
        raise Failed("the map is not drawn: does this browser have WebGL?") from reason
    return page


def _moving() -> Callable[[Route], None]:
    """Answers each question with a frame in which every unit stands a little elsewhere."""
    asked = 0

    def answer(route: Route) -> None:
        nonlocal asked
        asked += 1
        frame = {
            "people": _features([]),
            "units": _features([_unit(n, asked) for n in range(UNITS)]),
        }
        route.fulfill(content_type="application/json", body=json.dumps(frame))

    return answer


def _unit(number: int, asked: int) -> dict[str, Any]:
    turn = number + asked * 0.1
    at = [-110.93 + 0.12 * math.cos(turn), 32.22 + 0.08 * math.sin(turn * 1.7)]
    told = {"name": f"CMT-{number}", "look": SHAPES[number % len(SHAPES)], "level": "", "opens": ""}
    return {"type": "Feature", "properties": told, "geometry": {"type": "Point", "coordinates": at}}


def _features(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}


def _turn_of(page: Page, session: CDPSession) -> Turn:
    def script_ms(what: str) -> float:
        before = _script_s(session)
        page.evaluate(what, TICKS)
        return (_script_s(session) - before) * 1000 / TICKS

    floor = script_ms(FLOOR)
    page.evaluate(FRAMES)
    ms = script_ms(TICK)
    gaps = page.evaluate("() => { cancelAnimationFrame(window.counting); return window.gaps; }")
    return Turn(ms, floor, len(gaps), sum(gap > LATE_MS for gap in gaps))


def _script_s(session: CDPSession) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(each["value"] for each in metrics if each["name"] == "ScriptDuration"))


def _figures(turns: Sequence[Turn]) -> list[Figure]:
    last = turns[-1]
    return [
        Figure(
            "map",
            f"script of a tick that moves {UNITS} units",
            "ms",
            [turn.ms for turn in turns],
            [turn.floor for turn in turns],
            f"{TICKS} ticks; {last.frames} frames, {last.late} over {LATE_MS} ms, drawn without a graphics card",
            AIM,
        )
    ]
