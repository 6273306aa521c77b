"""At the desks, in a real browser: key to level on the screen; transfer to row on the line's board.

A call-taker's page presses answer keys one after the other, each when the level of the one before
shows. From the key to the drawn panel is measured in the page's own clock. The floor is a key that
asks the same server for its shortest answer and draws that, on the same page.

Also what is no request at all: one evaluation of the protocol, and its proof.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.figures import Figure, quantile, repeated
from bench.house import House, house
from bench.processes import ROOT, Failed
from nowrongdoor.triage import proof, reading, rules

ANSWERS = 60
OFFERS = 12
EVALUATIONS = 20_000
AIM_MS = "p99 <= 50 ms"
CHROMIUMS = (Path("/usr/bin/chromium"), Path("/usr/bin/chromium-headless-shell"))

# Presses a key on the question that has the focus and waits until the panel that follows is drawn.
PRESS = """
(key) => new Promise((done) => {
  const ask = document.querySelector("#ask-PSY");
  const before = document.querySelector("#screen").dataset.step;
  ask.focus();
  const began = performance.now();
  const look = new MutationObserver(() => {
    if (document.querySelector("#screen")?.dataset.step === before) return;
    look.disconnect();
    requestAnimationFrame(() => done(performance.now() - began));
  });
  look.observe(document.body, { childList: true, subtree: true });
  ask.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
})
"""
FLOOR = """
async () => {
  const began = performance.now();
  const answer = await fetch("/health");
  document.getElementById("notice").textContent = (await answer.text()).slice(0, 0);
  return new Promise((done) => requestAnimationFrame(() => done(performance.now() - began)));
}
"""


@dataclass(frozen=True, slots=True)
class Turn:
    answers: Sequence[float]
    floor: Sequence[float]
    offers: Sequence[float]
    evaluation_us: float
    lookup_us: float
    proof_s: float


def run(repeats: int) -> list[Figure]:
    """Measure, and answer the figures. Errors: Failed where there is no browser."""
    chromium = next((path for path in CHROMIUMS if path.exists()), None)
    if chromium is None:
        raise Failed("no Chromium here; `./setup.sh browser` brings it")
    with house() as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(chromium), args=["--no-sandbox", "--disable-gpu"]
        )
        taker, line = browser.new_page(), browser.new_page()
        _sign_in(taker, running, "911", "Anna Miller")
        _sign_in(line, running, "line", "Maria Lopez")
        turns = repeated("desk", repeats, lambda _turn: _turn_of(taker, line, running))
        browser.close()
    return _figures(turns)


def _sign_in(page: Page, house: House, label: str, name: str) -> None:
    page.goto(f"http://{label}.localhost:{house.port}/demo/")
    page.get_by_role("button", name=name).first.click()
    page.wait_for_url("**/board/")
    page.wait_for_selector("#live:not(.stale):has-text('live')")


def _turn_of(taker: Page, line: Page, house: House) -> Turn:
    _take(taker, house)
    taker.keyboard.press("0")
    taker.wait_for_selector("#screen .need .level")
    pressed = [float(taker.evaluate(PRESS, "yn"[n % 2])) for n in range(ANSWERS)]
    floor = [float(taker.evaluate(FLOOR)) for _ in range(ANSWERS)]
    offers = [_offer(taker, line, house) for _ in range(OFFERS)]
    return Turn(pressed, floor, offers, *_pure())


def _take(page: Page, house: House) -> None:
    page.goto(f"http://911.localhost:{house.port}/calls/new/")
    page.locator("button[name=medium]").first.click()
    page.wait_for_selector("#ask-MED:focus")


def _offer(taker: Page, line: Page, house: House) -> float:
    """From t at one desk to the row at the other, in milliseconds of this process's clock."""
    _take(taker, house)
    number = taker.locator(".call-head .number").inner_text()
    began = time.perf_counter()
    taker.keyboard.press("Control+Enter")
    line.wait_for_function(
        "(number) => [...document.querySelectorAll('tr.waits')]"
        ".some((row) => row.textContent.includes(number))",
        arg=number,
        polling="raf",
    )
    return (time.perf_counter() - began) * 1000


def _pure() -> tuple[float, float, float]:
    """Microseconds for one evaluation and for looking its answers up; seconds for a whole proof."""
    protocol = reading.read(ROOT / "communities/tucson/protocol.yaml")
    given = [story.answers for story in protocol.stories]
    ids = [question.id for question in protocol.questions]
    began = time.perf_counter()
    for n in range(EVALUATIONS):
        rules.decide(protocol, given[n % len(given)])
    middle = time.perf_counter()
    for n in range(EVALUATIONS):
        answers = given[n % len(given)]
        for id in ids:
            answers.get(id)
    end = time.perf_counter()
    proof.prove(protocol)
    each = 1e6 / EVALUATIONS
    return (middle - began) * each, (end - middle) * each, time.perf_counter() - end


def _figures(turns: Sequence[Turn]) -> list[Figure]:
    def part(of: str, at: float) -> list[float]:
        return [quantile(getattr(turn, of), at) for turn in turns]

    keys, rows = f"{ANSWERS} keys", f"{OFFERS} offers"
    return [
        Figure("desk", "key to level: p50", "ms", part("answers", 0.5), part("floor", 0.5), keys),
        Figure(
            "desk",
            "key to level: p99",
            "ms",
            part("answers", 0.99),
            part("floor", 0.99),
            keys,
            AIM_MS,
        ),
        Figure(
            "desk", "t to row at the line: p50", "ms", part("offers", 0.5), part("floor", 0.5), rows
        ),
        Figure(
            "desk", "t to row at the line: most", "ms", part("offers", 1), part("floor", 0.99), rows
        ),
        Figure(
            "desk",
            "one evaluation",
            "us",
            [turn.evaluation_us for turn in turns],
            [turn.lookup_us for turn in turns],
            f"{EVALUATIONS} calls; floor: looking every answer up",
        ),
        Figure(
            "desk", "proof of the protocol", "s", [turn.proof_s for turn in turns], n="180 claims"
        ),
    ]
