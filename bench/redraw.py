"""A board of 500 rows in a real browser: what one row that changed costs its screen.

Rows arrive as the stream brings them, one in each of so many frames: drawn where they stand, moved because
their level changed, with the focus in them, and under a filter in another order. Counted is the frame's own
time on the page's thread, from the row's arrival until its frame is painted: script, style, layout, paint.

The floor puts the same HTML in the same place of the same table and does nothing else. Then rows arrive ten a
second, and frames are counted that came late; the floor of that is the same page, told nothing.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, sync_playwright

from bench.browsing import launched, looking
from bench.figures import Figure, quantile, repeated
from bench.house import House, house
from bench.processes import Failed, finish

EPISODES, UNITS = 500, 40
ROWS = 120
SECONDS, RATE = 6, 10
LATE_MS = 25
AIM = "p99 <= 16 ms"
LOOKS = "ruth.palmer"
FILL = (sys.executable, "-m", "bench.many_units", str(EPISODES), str(UNITS))

# The page's own stream, in our hands: what is told here is what a worker would tell.
HANDS = """
const Real = window.SharedWorker;
window.SharedWorker = class extends Real {
  constructor(...how) { super(...how); window.stream = this.port; }
};
"""
# Tells one row: the same with another word in it. `moves`: at another level, so that it stands elsewhere.
TELL = """
window.nth = (n) => {
  const rows = document.querySelectorAll("table[data-board] tbody tr:not([hidden])");
  return rows[(n * 131) % rows.length];
};
window.told = (row, n, moves) => {
  const sort = moves ? row.dataset.sort.replace(/^\\d/, String(1 + (n % 7))) : row.dataset.sort;
  const html = row.outerHTML
    .replace(/data-sort="[^"]*"/, `data-sort="${sort}"`)
    .replace(/(l-type"[^>]*>)/, `$1 ${n} `);
  return { key: row.dataset.keyRow, sort, html };
};
window.tell = ({ key, sort, html }) => {
  const said = JSON.stringify({ board: "holding", key, sort, html, seq: Number.MAX_SAFE_INTEGER });
  stream.onmessage({ data: { event: "row", data: said } });
};
window.put = ({ key, html }) => {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  document.getElementById(`row-${key}`).replaceWith(template.content.firstElementChild);
};
window.frame = () => new Promise(requestAnimationFrame);
window.painted = () => new Promise((done) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = done;
  port2.postMessage(0);
});
"""
# Milliseconds of the frames in which a row arrived.
COSTS = """
async ([rows, how, moves, focused]) => {
  const ms = [];
  for (let n = 0; n < rows; n++) {
    const row = nth(n);
    const what = told(row, n, moves);
    if (focused) row.querySelector("[data-row-open]").focus({ preventScroll: true });
    await frame();
    await frame();
    const began = performance.now();
    window[how](what);
    await painted();
    ms.push(performance.now() - began);
  }
  return ms;
}
"""
# How long each frame of some seconds took, while rows arrive, or do not.
FRAMES = """
async ([seconds, rate, late]) => {
  const gaps = [];
  const began = performance.now();
  let last = await frame();
  let sent = 0;
  while (performance.now() - began < seconds * 1000) {
    if (rate && performance.now() - began > sent * (1000 / rate)) {
      tell(told(nth(sent), sent, sent % 2 === 1));
      sent += 1;
    }
    const now = await frame();
    gaps.push(now - last);
    last = now;
  }
  return [gaps.length, gaps.filter((gap) => gap > late).length, sent];
}
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """Milliseconds of each row's frame, by how it came; and (frames, late, rows) with rows and without."""

    ms: Mapping[str, Sequence[float]]
    floor: Sequence[float]
    frames: tuple[int, int, int]
    idle: tuple[int, int, int]


def run(repeats: int) -> list[Figure]:
    """Errors: Failed where there is no browser, or the board is not full."""
    with house() as running, sync_playwright() as playwright:
        finish(list(FILL), most_s=600, environment=running.environment)
        browser = launched(playwright, "--disable-gpu")
        page = _board(running, browser)
        turns = repeated("redraw", repeats, lambda _turn: _turn_of(page))
        browser.close()
    return _figures(turns)


def _board(running: House, browser: Browser) -> Page:
    """The board of whoever may do most with a row, of all roles that look at it."""
    context, here = looking(running, browser, LOOKS)
    context.add_init_script(HANDS)
    page = context.new_page()
    page.goto(f"{here}/board/")
    page.wait_for_selector("#live:not(.stale):has-text('live')")
    page.evaluate(TELL)
    rows = page.locator("table[data-board] tbody tr").count()
    if rows < EPISODES:
        raise Failed(f"the board shows {rows} rows")
    return page


def _turn_of(page: Page) -> Turn:
    def costs(how: str, *, moves: bool = False, focused: bool = False) -> list[float]:
        return [float(each) for each in page.evaluate(COSTS, [ROWS, how, moves, focused])]

    costs("tell")  # what is compiled on the way is compiled
    floor = costs("put")
    ms = {
        "in its place": costs("tell"),
        "moves": costs("tell", moves=True),
        "has the focus": costs("tell", focused=True),
    }
    page.locator("#by-owner").click()
    page.locator("[data-filter=level]").select_option("none")
    ms["sorted and filtered"] = costs("tell")
    page.locator("#filters-clear").click()
    page.locator("#by-level").click()
    idle = page.evaluate(FRAMES, [SECONDS, 0, LATE_MS])
    frames = page.evaluate(FRAMES, [SECONDS, RATE, LATE_MS])
    return Turn(ms, floor, tuple(frames), tuple(idle))


def _figures(turns: Sequence[Turn]) -> list[Figure]:
    def part(each: Sequence[Sequence[float]], at: float) -> list[float]:
        return [quantile(one, at) for one in each]

    floors = [turn.floor for turn in turns]
    figures = [
        Figure(
            "redraw",
            f"one row of {EPISODES}, {name}: {word}",
            "ms",
            part([turn.ms[name] for turn in turns], at),
            part(floors, at),
            f"{ROWS} rows",
            AIM if at == 0.99 else "",
        )
        for name in turns[0].ms
        for word, at in (("p50", 0.5), ("p99", 0.99))
    ]
    frames, late, sent = turns[-1].frames
    return [
        *figures,
        Figure(
            "redraw",
            f"frames over {LATE_MS} ms, of 100",
            "%",
            [100 * turn.frames[1] / turn.frames[0] for turn in turns],
            [100 * turn.idle[1] / turn.idle[0] for turn in turns],
            f"{frames} frames, {late} late, {sent} rows; floor: {turns[-1].idle[0]} frames, no row",
        ),
    ]
