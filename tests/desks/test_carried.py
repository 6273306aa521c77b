"""What is told by a Part 2 consent carries its notice and the scope of the consent: on the page, on paper, in the ledger."""

from dataclasses import replace
from uuid import UUID

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.parties import party
from nowrongdoor.desks import telling
from nowrongdoor.desks.telling import Typed
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.commands.sharing import add_party
from nowrongdoor.episodes.facts import PartyRole
from nowrongdoor.identity import commands as identity
from nowrongdoor.identity.facts import PersonTyped
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.narrative import commands as narrative
from nowrongdoor.sharing import commands, documents, notices
from nowrongdoor.sharing.models import Disclosure, Release
from nowrongdoor.sharing.plans import Plan
from nowrongdoor.sharing.release_wishes import How
from nowrongdoor.web.clock import now
from tests.clients import Desk
from tests.makers import an_actor, an_episode, program_id
from tests.sharing.full import a_release

pytestmark = pytest.mark.usefixtures("db")
MARTHA, EMILY = "martha.gibbs", "emily.grant"
TREATMENT = "treatment/intake"
NOTICE = "protected by Federal confidentiality rules (42 CFR part 2)"
NOTE = "came to the first group"


def treatment() -> Actor:
    """Someone who works for the treatment program: the community's files name no one there."""
    its = party(program_id(TREATMENT))
    return replace(an_actor(MARTHA), program_id=its.program_id, agency_id=its.agency_id)


@pytest.fixture
def theirs() -> dict[str, UUID]:
    """Andre, on one call of the treatment program and the center, in the record of each."""
    at, anna = now(), an_actor()
    call, found = an_episode(anna, at=at), {}
    for name, by in ((TREATMENT, treatment()), (EMILY, an_actor(EMILY))):
        with act_as(anna):
            add_party(call.pk, by.program_id, by=anna, at=at, role=PartyRole.WORKING, basis="N")
        kept = PersonTyped(given="Andre", family="Whitlock")
        person = identity.keep_person(by=by, at=at, typed=kept)
        of = {"by": by, "at": at, "episode_id": call.pk}
        episodes.identify_person(**of, person_id=person.pk)
        found[name] = UUID(str(person.pk))
    narrative.write_note(by=treatment(), at=at, episode_id=call.pk, text=NOTE, ours=True)
    return found


def consent(theirs: dict[str, UUID]) -> Release:
    """Taken at the clinic: the treatment program says which of its records it means."""
    row = a_release(an_actor(MARTHA), at=now(), plan=Plan.TREATMENT)
    of = {"release_id": row.pk, "person_id": theirs[TREATMENT]}
    commands.say_subject(by=treatment(), at=now(), **of)
    return row


def page(theirs: dict[str, UUID]) -> str:
    html = Desk(EMILY).get(reverse("calls:person", args=[theirs[EMILY]])).content.decode()
    return " ".join(html.split())


def test_the_reader_has_the_notice_and_the_scope_for_as_long_as_what_it_opens(
    theirs: dict[str, UUID],
) -> None:
    shut = page(theirs)
    row = consent(theirs)
    opened = page(theirs)
    copy = reverse("sharing:release_pdf", args=[row.pk])
    commands.revoke_release(by=an_actor(MARTHA), at=now(), release_id=row.pk, how=How.HERE)
    over = page(theirs)

    label = f"Consent R-{row.number}: "
    for html, there in ((shut, False), (opened, True), (over, False)):
        found = (NOTE in html, NOTICE in html, label in html)
        assert found == (there, there, there)
    assert "or until the person stops it" in opened or "Until the person stops it" in opened
    assert (copy in opened) == documents.can_write()
    with act_as(an_actor(EMILY)):
        [line] = Disclosure.objects.filter(record_kind="notes")
    assert (line.notice, line.release_id) == (notices.IN_FORCE, row.pk)
    assert {"notice", "copy"} <= set(line.duties)


def test_the_copy_is_the_recipients_only_while_it_opens_something(
    theirs: dict[str, UUID],
) -> None:
    row = consent(theirs)
    copy = reverse("sharing:release_pdf", args=[row.pk])
    made = 200 if documents.can_write() else 409

    during = {name: Desk(name).get(copy).status_code for name in (MARTHA, EMILY, "james.cole")}
    commands.revoke_release(by=an_actor(MARTHA), at=now(), release_id=row.pk, how=How.HERE)
    after = {name: Desk(name).get(copy).status_code for name in (MARTHA, EMILY)}

    assert during == {MARTHA: made, EMILY: made, "james.cole": 404}
    assert after == {MARTHA: made, EMILY: 404}


def test_what_is_told_by_hand_and_printed_carries_both(theirs: dict[str, UUID]) -> None:
    row, by, person = consent(theirs), treatment(), theirs[TREATMENT]
    to = str(an_actor(EMILY).program_id)
    typed = Typed(to=to, purpose="treatment", groups=("whole",))

    shown = telling.preview(by, person, typed, at=now())
    assert telling.told(by, person, replace(typed, shown=shown.digest), at=now()) is not None
    commands.revoke_release(by=an_actor(MARTHA), at=now(), release_id=row.pk, how=How.HERE)
    printed, _at, _changed = telling.last_told(by, person)

    for each in (shown, printed):
        html = render_to_string("desks/told_items.html", {"shown": each})
        assert NOTE in html
        assert NOTICE in html
        assert f"Consent R-{row.number}: " in html
