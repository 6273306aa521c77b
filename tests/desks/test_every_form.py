"""Every form of every page, found on the pages themselves: what each promises whoever types.

And what people wrote stands apart from our own words on each of them.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from uuid import UUID

import pytest
from django.urls import resolve, reverse

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.calls import commands
from nowrongdoor.dispatch.models import Request
from nowrongdoor.episodes.facts import CardFacts
from nowrongdoor.kit.posted import WAS
from nowrongdoor.narrative import commands as narrative
from nowrongdoor.site.modules import MODULES
from tests.clients import Desk
from tests.dispatch.full import a_team_at_the_scene
from tests.makers import an_actor, later
from tests.test_doors import all_routes
from tests.test_looking import BRIEFLY

pytestmark = pytest.mark.usefixtures("db")
TURNED = "\u05d0\u05d1\u05d2 wrote"
"""What turns around whatever stands beside it, where it is not kept apart."""
APART = {"bdi", "textarea", "option", "title"}
TYPED = {"text", "search", "tel", "datetime-local", "password", ""}
ACTS = {
    f"{act.module}:{act.name}": act
    for module in MODULES
    if module.acts
    for act in module.acts.all.values()
}
WHO = ("maria.lopez", "carl.jensen", "ana.ruiz", "victor.reed")


@dataclass
class Seen:
    """A form: where it is sent, its attributes, and its fields' attributes by name."""

    said: dict[str, str]
    fields: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def typed(self) -> list[dict[str, str]]:
        return [each for each in self.fields.values() if each["sort"] in TYPED | {"textarea"}]


class Page(HTMLParser):
    """The forms of a page, its scripts, and the texts of people that nothing keeps apart."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Seen] = []
        self.scripts: list[str] = []
        self.bare: list[str] = []
        self.apart = False
        self._in: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attributes}
        if tag in APART:
            self._in.append(tag)
        if tag == "script":
            self.scripts.append(said.get("src", ""))
        if tag == "form":
            self.forms.append(Seen(said))
        elif tag in ("input", "textarea", "select") and self.forms and "name" in said:
            sort = said.get("type", "") if tag == "input" else tag
            self.forms[-1].fields[said["name"]] = said | {"sort": sort}

    def handle_endtag(self, tag: str) -> None:
        if self._in and self._in[-1] == tag:
            self._in.pop()

    def handle_data(self, data: str) -> None:
        if TURNED in data and not self._in:
            self.bare.append(data.strip())
        self.apart = self.apart or TURNED in data


def a_busy_call() -> dict[str, UUID]:
    """Somebody's call on which everything that is typed turns its line around."""
    maria, at = an_actor("maria.lopez"), later(60)
    episode_id = a_team_at_the_scene().episode_id
    card = CardFacts(*(f"{TURNED} {n}" for n in range(4)))
    commands.change_card(by=maria, at=at, episode_id=episode_id, card=card)
    narrative.write_note(by=maria, at=at, episode_id=episode_id, text=TURNED)
    commands.write_plan(by=maria, at=at, episode_id=episode_id, text=TURNED)
    with act_as(maria):
        request = Request.objects.filter(episode_id=episode_id)[0]
    return {"episode_id": episode_id, "request_id": request.pk}


def pages() -> dict[str, Page]:
    """Every page by its name, as the first of these sees it who may open it and reads what was written."""
    there = a_busy_call()
    found: dict[str, Page] = {}
    for who in WHO:
        desk = Desk(who)
        for name, url, view in all_routes():
            ids = resolve(url).kwargs
            if name == "live" or not hasattr(view, "needs"):
                continue
            if not ids.keys() <= there.keys() or (name in found and found[name].apart):
                continue
            answer = desk.get(
                reverse(name, kwargs={key: there[key] for key in ids}), headers=BRIEFLY
            )
            if answer.status_code == 200 and "html" in answer["Content-Type"]:
                found[name] = Page(answer.content.decode())
    return found


def test_every_form_keeps_what_is_typed_and_every_text_stands_apart() -> None:
    typed_in, edited = set(), set()
    found = pages()
    for name, page in found.items():
        assert page.bare == [], name
        for form in page.forms:
            action = form.said.get("hx-post") or form.said.get("action", "")
            assert not any("maxlength" in each for each in form.fields.values()), (name, action)
            if form.said.get("method") != "post" or not form.typed:
                continue
            assert form.said.get("autocomplete") == "off", (name, action)
            assert any("/drafts" in each for each in page.scripts), name
            assert any("/forms" in each for each in page.scripts), name
            typed_in.add(resolve(action).view_name if action else name)
            act = ACTS.get(resolve(action).view_name) if action else None
            for each in act.inputs if act and act.edits else ():
                assert WAS + each.sent_as in form.fields, (name, action, each.sent_as)
                edited.add(act.name if act else "")

    assert len(typed_in) > 10, typed_in
    assert sum(page.apart for page in found.values()) > 3
    assert edited >= {"change_card", "change_caller"}, edited


def test_a_safety_note_is_an_area_that_grows() -> None:
    there = a_busy_call()
    answer = Desk("maria.lopez").get(reverse("calls:episode", args=[there["episode_id"]]))

    sorts = [
        form.fields["note"]["sort"]
        for form in Page(answer.content.decode()).forms
        if form.said.get("action", "").endswith("/card/")
    ]

    assert sorts == ["textarea"]


def test_what_stands_apart_from_nothing_is_found() -> None:
    page = Page(
        f"<p>{TURNED} 61:80</p><p><bdi>{TURNED}</bdi> 61:80</p><textarea>{TURNED}</textarea>"
    )

    assert page.bare == [f"{TURNED} 61:80"]
