"""Every page in both themes, both sizes and both languages: drawn, and looked over for what is ugly. `make gallery`.

It is collected only where it is named. What it finds is printed for somebody to look at, and fails nothing: what
must hold is held in `test_pages`. One picture of each page is kept in `docs/pictures/gallery`.
"""

import os
from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import City, sign_in
from tests.browser.test_pages import BEFORE, PEOPLE, SIZES
from tests.conftest import ROOT

KEPT = ROOT / "docs/pictures/gallery"
LOOKS = (
    ("light", "en-US", "desk"),
    ("dark", "en-US", "desk"),
    ("light", "en-US", "phone"),
    ("dark", "es-MX", "phone"),
)
ON_A_PHONE = ("field", "found")
"""Pages whose kept picture is the phone's: where they are used."""
UGLY = """
() => {
  const found = [];
  const phone = innerWidth < 600;
  const said = (each) => each.textContent.trim().replace(/\\s+/g, " ").slice(0, 40);
  const inText = (each) => getComputedStyle(each).display === "inline";
  if (document.documentElement.scrollWidth > innerWidth) found.push("scrolls sideways");
  for (const each of document.querySelectorAll("main *, header *, nav *")) {
    if (!each.checkVisibility() || each.closest("svg, .hidden-text, .skip")) continue;
    const style = getComputedStyle(each);
    const box = each.getBoundingClientRect();
    if (style.overflow === "hidden" && each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 2) found.push(`cut off: ${said(each)}`);
    if (each.matches("button, .button") && box.height > 72) found.push(`wraps in a button: ${said(each)}`);
    const target = phone && each.matches("a, button, summary, select, input:not([type=hidden])") && !inText(each);
    if (target && box.height > 2 && (box.height < 44 || box.width < 44) && !each.closest("label")) found.push(`small for a thumb: ${said(each) || each.name || each.tagName}`);
    if (each.hasAttribute("style")) found.push(`inline style: ${said(each)}`);
  }
  return found;
}
"""


@pytest.mark.parametrize("look", LOOKS, ids="-".join)
def test_every_page_is_drawn(browser: Browser, city: City, look: tuple[str, str, str]) -> None:
    theme, language, size = look
    context = browser.new_context(
        viewport=SIZES[size],  # type: ignore[arg-type]
        color_scheme=theme,  # type: ignore[arg-type]
        locale=language,
        reduced_motion="reduce",
        has_touch=size == "phone",
    )
    page = context.new_page()
    drawn = 0
    for (label, somebody), theirs in ((("911", ""), BEFORE), *PEOPLE.items()):
        if somebody:
            sign_in(context, city, label, somebody)
        for name, go in theirs.items():
            go(page, city)
            page.wait_for_load_state()
            keep(page, name, look)
            drawn += 1
            for words, times in Counter(page.evaluate(UGLY)).items():
                print(
                    f"{name} {'-'.join(look)}: {words}" + (f" ({times} times)" if times > 1 else "")
                )
    context.close()

    assert drawn >= 30


def keep(page: Page, name: str, look: tuple[str, str, str]) -> None:
    file = name.replace(":", "-")
    if folder := os.environ.get("NWD_SHOTS"):
        page.screenshot(path=Path(folder) / f"{file}-{'-'.join(look)}.png", full_page=True)
    if look == LOOKS[2 if name.startswith(ON_A_PHONE) else 0]:
        KEPT.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=KEPT / f"{file}.jpg", type="jpeg", quality=60)
