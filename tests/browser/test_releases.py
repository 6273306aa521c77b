"""A release on a phone: written, read aloud in Spanish, signed with a finger, its copy taken, and stopped."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import City, sign_in
from tests.browser.test_pages import wrong

PHONE = {"width": 390, "height": 844}
SPEAKS = """
window.said = [];
Object.defineProperty(window, "speechSynthesis", {
  value: { speak: (words) => { window.saying = words; said.push(words.text); }, cancel: () => {} },
});
"""
"""A voice that says nothing, and has said a sentence when the test says so."""


@pytest.fixture
def phone(browser: Browser, city: City) -> Iterator[Page]:
    """Monica Cruz, a peer of the deflection program, with her phone."""
    context = browser.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        has_touch=True,
        locale="en-US",
        device_scale_factor=2,
        color_scheme="dark" if os.environ.get("NWD_DARK") else "light",
    )
    context.set_default_timeout(10_000)
    context.add_init_script(SPEAKS)
    sign_in(context, city, "desk", "Monica Cruz")
    yield context.new_page()
    context.close()


def keep(page: Page, name: str) -> None:
    """A picture, for somebody to look at."""
    if folder := os.environ.get("NWD_SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png")
        page.screenshot(path=Path(folder) / f"{name}-full.png", full_page=True)


def written(page: Page, city: City) -> None:
    """What will be asked of Andre, as far as the page on which he reads it."""
    page.goto(city.url("desk", "/releases/new/"))
    keep(page, "new")
    page.get_by_label("Permission").select_option("attendance")
    page.get_by_label("Name", exact=True).fill("Andre Whitlock")
    page.get_by_label("Birth date").fill("1994-07-09")
    page.get_by_label("Who is told", exact=True).select_option(
        label="Tucson Police Department, Substance use deflection (SURT)"
    )
    page.get_by_label("People there, by name").fill("Ray Sutton, Monica Cruz")
    page.get_by_label("Who tells").select_option(
        label="Substance use treatment program, Treatment intake"
    )
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/releases/*-*/")
    keep(page, "draft")
    page.get_by_role("link", name="Let them read and sign").click()
    page.wait_for_url("**/read/")


def drawn(page: Page) -> None:
    """A finger draws one stroke across the box."""
    pad = page.locator("#pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    page.mouse.move(box["x"] + 40, box["y"] + 30)
    page.mouse.down()
    for step in range(1, 30):
        page.mouse.move(
            box["x"] + 40 + 8 * step, box["y"] + 30 + (30 if step % 6 < 3 else 60) + step % 3 * 10
        )
    page.mouse.up()


def test_a_person_reads_signs_takes_a_copy_and_stops_it(phone: Page, city: City) -> None:
    written(phone, city)
    keep(phone, "read-en")
    phone.get_by_role("link", name="Español").click()
    expect(phone.get_by_role("heading", name="Qué nunca se le dice")).to_be_visible()
    keep(phone, "read-es")
    assert wrong(phone) == []

    phone.get_by_role("button", name="Leer en voz alta").click()
    expect(phone.locator(".said")).to_have_text(phone.locator("h1").inner_text())
    phone.evaluate("saying.dispatchEvent(new Event('end'))")
    expect(phone.locator(".said")).to_have_text("Quién lo dice")
    keep(phone, "reading")
    phone.get_by_role("button", name="Pausar la lectura").click()
    assert phone.evaluate("said.length") == 2

    phone.get_by_role("button", name="Firmar, con mi copia").click()
    expect(phone.get_by_role("alert")).to_have_text(
        "Firme primero en el cuadro, o escriba su nombre."
    )
    drawn(phone)
    keep(phone, "drawn")
    phone.get_by_role("button", name="Firmar, con mi copia").click()
    expect(phone.get_by_role("heading", name="Firmado. Gracias.")).to_be_visible()
    keep(phone, "done")
    assert wrong(phone) == []

    with phone.expect_response("**/copy.pdf") as copy:
        phone.get_by_role("button", name="Mi copia en PDF").click()
    assert copy.value.headers["content-type"] == "application/pdf"
    phone.wait_for_load_state()
    if "/read/" not in phone.url:
        phone.go_back()
    phone.get_by_role("button", name="Detenerlo").click()
    expect(phone.get_by_role("heading", name="Usted lo detuvo")).to_be_visible()
    phone.get_by_role("button", name="Devolver el teléfono").click()
    expect(phone.get_by_role("heading", name="Screen locked")).to_be_visible()
    keep(phone, "locked")
    phone.get_by_role("button", name="Continue").click()
    expect(phone.locator("main .badge").first).to_have_text("Stopped")
    keep(phone, "stopped")


def test_a_name_is_typed_where_no_finger_draws_and_a_no_is_as_easy(phone: Page, city: City) -> None:
    written(phone, city)

    phone.get_by_role("button", name="Type my name instead").click()
    expect(phone.get_by_label("Type your name")).to_be_focused()
    expect(phone.locator("#pad")).to_be_hidden()
    sizes = [phone.get_by_role("button", name=each).bounding_box() for each in ("I say no", "Sign and get my copy")]  # fmt: skip
    assert {each["height"] for each in sizes if each} == {56}
    phone.get_by_role("button", name="I say no").click()

    expect(phone.get_by_role("heading", name="You said no")).to_be_visible()
    expect(phone.get_by_text("You get the same help.")).to_be_visible()
    keep(phone, "no")


def test_a_device_without_a_voice_says_so(browser: Browser, city: City) -> None:
    context: BrowserContext = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    context.add_init_script(
        "Object.defineProperty(window, 'speechSynthesis', { value: undefined })"
    )
    sign_in(context, city, "desk", "Monica Cruz")
    page = context.new_page()
    written(page, city)

    expect(page.get_by_role("button", name="Read aloud")).to_be_disabled()
    expect(page.get_by_text("This device cannot read aloud.")).to_be_visible()
    context.close()
