"""What a page shows is never older than what it has shown, whatever arrives late or not at all."""

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import City, desk, do
from tests.browser.test_first_call import holder, offered, open_call
from tests.browser.test_journeys import choose_row, row, take_call
from tests.conftest import ROOT

RETOLD = """() => {
  const Real = window.SharedWorker;
  window.SharedWorker = class extends Real {
    constructor(...how) { super(...how); window.stream = this.port; }
  };
}"""
FRESH = 'stream.onmessage({ data: { event: "fresh", data: "{}" } })'
GONE = """(key) => {
  const data = JSON.stringify({ board: "holding", key, seq: 999999999 });
  stream.onmessage({ data: { event: "gone", data } });
}"""
HOLD = """() => {
  const real = window.fetch;
  window.letGo = null;
  window.fetch = async (...asked) => {
    window.fetch = real;
    const answer = await real(...asked);
    const text = await answer.text();
    await new Promise((go) => { window.letGo = go; });
    return new Response(text, answer);
  };
}"""
TABS = """() => {
  window.said = [];
  let stream;
  window.EventSource = class {
    constructor() { stream = this; this.on = {}; }
    addEventListener(event, act) { this.on[event] = act; }
  };
  window.hear = (type, id, data) => stream.on[type]({ type, lastEventId: id, data: JSON.stringify(data) });
  window.tab = (name, after) => {
    const port = { postMessage: ({ event }) => said.push([name, event]) };
    onconnect({ ports: [port] });
    port.onmessage({ data: { join: "/live?board=holding", after } });
  };
}"""
WATCH = """(selector) => {
  window.came = window.went = false;
  new MutationObserver(() => {
    const there = Boolean(document.querySelector(selector));
    window.went ||= window.came && !there;
    window.came ||= there;
  }).observe(document.body, { childList: true, subtree: true });
}"""


class Late:
    """The next page that is asked for is answered at once and comes when it is let go: it is old by then."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.evaluate(HOLD)

    def wait(self) -> None:
        for _ in range(200):
            if self.page.evaluate("Boolean(window.letGo)"):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError("no page was asked for")

    def let_go(self) -> None:
        self.page.evaluate("letGo()")


def test_a_page_asked_for_before_ones_own_act_does_not_undo_it(
    window: BrowserContext, city: City
) -> None:
    place = "Late page, Oracle Road"
    anna, maria = offered(window, city, place)
    expect(anna.locator("[data-key='k']")).to_have_count(0)
    late = Late(anna)
    choose_row(maria, place)
    do(maria, "a")
    expect(row(maria, place)).to_contain_text("Maria Lopez")
    late.wait()  # it says: accepted by Maria
    expect(anna.get_by_role("button", name="Cancel transfer")).to_be_visible()
    anna.evaluate(WATCH, "[data-key='k']")
    late.let_go()
    holder(anna, "Maria Lopez")
    expect(anna.locator("[data-key='k']")).to_be_visible()
    assert anna.evaluate("came")  # the watch sees what comes

    late = Late(anna)
    open_call(maria, place)
    do(maria, "e")  # something that is told to Anna's page too
    late.wait()
    do(anna, "k")
    holder(anna, "Anna Miller")
    expect(anna.locator("[data-key='k']")).to_have_count(0)
    anna.evaluate(WATCH, "[data-key='k']")
    late.let_go()
    anna.wait_for_timeout(500)
    holder(anna, "Anna Miller")
    assert not anna.evaluate("came")


def test_of_two_pages_the_newer_stays(window: BrowserContext, city: City) -> None:
    place = "Two pages, Speedway"
    anna, maria = offered(window, city, place)
    anna.evaluate(WATCH, "[data-key='a']")
    late = Late(anna)
    choose_row(maria, place)
    do(maria, "a")
    expect(row(maria, place)).to_contain_text("Maria Lopez")
    late.wait()
    open_call(maria, place)
    do(maria, "g")
    for step in ("Tab", "Tab", "Enter"):  # given back
        maria.keyboard.press(step)
    expect(maria.get_by_role("button", name="Cancel transfer")).to_be_visible()
    anna.wait_for_timeout(1000)
    late.let_go()

    expect(anna.locator("[data-key='a']")).to_be_visible()
    anna.wait_for_timeout(500)
    assert not anna.evaluate("went")
    do(anna, "a")  # nothing is left that rings at other tests' desks
    holder(anna, "Anna Miller")


def test_a_row_that_came_while_the_board_was_asked_for_again_stays(
    window: BrowserContext, city: City
) -> None:
    place = "Row meanwhile, Kolb Road"
    window.add_init_script(f"({RETOLD})()")
    anna = desk(window, city, "911", "Anna Miller")
    maria = desk(window, city, "line", "Maria Lopez")
    take_call(anna, place)
    late = Late(maria)
    maria.evaluate(FRESH)
    late.wait()
    do(anna, "t")
    expect(anna.get_by_role("button", name="Cancel transfer")).to_be_visible()
    maria.wait_for_timeout(1000)  # its row has come, by the stream
    late.let_go()

    expect(row(maria, place)).to_contain_text("Awaiting your answer")
    choose_row(maria, place)
    do(maria, "a")  # nothing is left that rings at other tests' desks
    expect(row(maria, place)).to_contain_text("Maria Lopez")


def test_a_tab_that_opens_between_the_rows_of_one_entry_asks_for_them_all(
    window: BrowserContext,
) -> None:
    """The stream's script by itself, told by hand: no machine is cut off at this one moment."""
    page = window.new_page()
    page.evaluate(TABS)
    page.add_script_tag(path=ROOT / "nowrongdoor/web/static/web/js/stream.js")

    page.evaluate("tab('first', 6)")
    page.evaluate("hear('row', '6', { seq: 7 })")  # another row of 7 is still to come
    page.evaluate("hear('beat', '6', {})")
    page.evaluate("tab('before it', 6)")
    page.evaluate("tab('after it', 7)")
    page.evaluate("hear('fresh', '3', {})")  # restored
    page.evaluate("tab('since', 3)")

    told = page.evaluate("said.filter(([tab]) => tab !== 'first')")
    assert told == [["before it", "fresh"], ["before it", "fresh"], ["after it", "fresh"]]


def test_a_page_that_is_not_answered_is_asked_for_again_and_says_stale(
    window: BrowserContext, city: City
) -> None:
    place = "Not answered, Valencia Road"
    anna, maria = offered(window, city, place)
    anna.route(anna.url, lambda route: route.fulfill(status=502, body="Bad Gateway"), times=2)
    choose_row(maria, place)
    do(maria, "a")

    expect(anna.locator("#live.stale")).to_be_visible()
    holder(anna, "Maria Lopez")
    expect(anna.locator("#live:not(.stale)")).to_be_visible()


def test_a_page_that_may_not_be_seen_any_more_leaves_the_screen(
    window: BrowserContext, city: City
) -> None:
    place = "Not theirs now, Ajo Way"
    anna, maria = offered(window, city, place)
    anna.route(anna.url, lambda route: route.fulfill(status=404, body="It is not there."))
    choose_row(maria, place)
    do(maria, "a")

    expect(anna.locator("body")).to_have_text("It is not there.")


def test_an_act_that_is_never_answered_says_so_and_the_page_goes_on_following(
    window: BrowserContext, city: City
) -> None:
    place = "Never answered, Houghton Road"
    anna, maria = offered(window, city, place)
    anna.evaluate("htmx.config.timeout = 500")
    anna.route("**/withdraw/", lambda route: None)  # noqa: ARG005 - it is never answered
    anna.get_by_role("button", name="Cancel transfer").click()
    expect(anna.locator("#notice")).to_contain_text("couldn't confirm that")

    choose_row(maria, place)
    do(maria, "a")
    holder(anna, "Maria Lopez")


def test_of_more_than_a_page_holds_whoever_comes_up_is_drawn_in_time(
    window: BrowserContext, city: City
) -> None:
    window.add_init_script(f"({RETOLD})()")
    maria = desk(window, city, "line", "Maria Lopez")
    asked: list[str] = []
    maria.on("request", lambda sent: asked.append(sent.url))
    first = maria.locator("tr[data-key-row]").first.get_attribute("id") or ""

    maria.evaluate(GONE, first.removeprefix("row-"))
    expect(maria.locator(f"#{first}")).to_have_count(0)
    assert [each for each in asked if "/board/rows/" in each] == []  # all were on the page
    maria.evaluate(FRESH)
    expect(maria.locator(f"#{first}")).to_be_visible()
    maria.evaluate("document.querySelector('table[data-board]').dataset.most = 1000")
    with maria.expect_response("**/board/rows/**"):
        maria.evaluate(GONE, first.removeprefix("row-"))
    expect(maria.locator(f"#{first}")).to_be_visible()


def test_whatever_is_open_and_typed_a_call_says_who_has_it(
    window: BrowserContext, city: City
) -> None:
    """A2: everything that opens is open, somebody types, and the page is never older than 3 s."""
    anna = desk(window, city, "911", "Anna Miller")
    maria = desk(window, city, "line", "Maria Lopez")
    place = "Open everything, Oracle Rd"
    take_call(anna, place)
    do(anna, "t")
    expect(anna.get_by_role("button", name="Cancel transfer")).to_be_visible()
    opened = anna.evaluate(
        "() => { const all = [...document.querySelectorAll('#follows details')];"
        " all.forEach((each) => each.open = true); return all.length; }"
    )
    anna.locator("#follows form[action$='/join/'] input[name=number]").fill("T26-000777")
    note = anna.locator("#follows textarea[name=text]").first
    note.press_sequentially("two dogs behind")

    choose_row(maria, place)
    do(maria, "a")

    holder(anna, "Maria Lopez")
    expect(note).to_have_value("two dogs behind")
    expect(note).to_be_focused()
    anna.keyboard.type(" the gate")
    expect(note).to_have_value("two dogs behind the gate")
    expect(anna.locator("#left-over")).to_contain_text("T26-000777")  # not hers to join any more
    assert opened > 3
    assert anna.locator("#follows details[open]").count() > 2  # those that there still are
