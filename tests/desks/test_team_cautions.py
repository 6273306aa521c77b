"""What a team is warned of, from the pages: written, appealed, decided, ended."""

from datetime import timedelta
from uuid import uuid4

import pytest

from nowrongdoor.dispatch.cautions import CautionRow, cautions
from nowrongdoor.dispatch.models import Request
from nowrongdoor.web.clock import now
from tests.desks.sending import asked, done, no, post
from tests.dispatch.floor import (
    CARL,
    DENISE,
    MARIA,
    STRANGER,
)
from tests.makers import an_actor

pytestmark = pytest.mark.usefixtures("db")

DOGS = {"of": "place", "code": "dogs", "evidence": "told_by_caller", "days": "7", "text": "two"}


def warned(request: Request, by: str = MARIA) -> CautionRow:
    assert post(by, "warn", request.episode_id, **DOGS).status_code == 302
    [row] = cautions(an_actor(by), request.episode_id, at=now())
    return row


def test_a_team_is_warned_of_a_place() -> None:
    request = asked()

    row = warned(request)

    assert (row.code_name, row.text, row.author) == ("Dogs", "two", "Maria Lopez")
    assert timedelta(days=6) < row.expires_at - now() < timedelta(days=8)


@pytest.mark.parametrize(
    ("wrong", "status", "sentence"),
    [
        ({"days": ""}, 422, "Give whole days from now."),
        ({"days": "ever"}, 422, "Give whole days from now."),
        ({"days": "0"}, 422, "Give whole days from now."),
        ({"of": "family"}, 422, "Choose from the list."),
        ({"code": "odd"}, 422, "Choose the concern from the list."),
        ({"evidence": "odd"}, 422, "Choose the source from the list."),
        ({"evidence": ""}, 422, "Choose the source from the list."),
        ({"text": "x" * 201}, 422, "At most 200 characters."),
        ({"days": "1000"}, 409, "A safety alert lasts "),
    ],
)
def test_a_caution_that_cannot_stand_is_refused(
    wrong: dict[str, str], status: int, sentence: str
) -> None:
    request = asked()

    found = no(post(MARIA, "warn", request.episode_id, **DOGS | wrong))

    assert found[0] == status
    assert found[1].startswith(sentence)
    assert cautions(an_actor(MARIA), request.episode_id, at=now()) == ()
    assert post(STRANGER, "warn", request.episode_id, **DOGS).status_code == 404


def test_a_caution_is_appealed_and_a_supervisor_drops_it() -> None:
    request = asked()
    row = warned(request)

    early = post(DENISE, "decide_appeal", row.id, decision="drop")
    here = {"on": "call", "on_id": str(request.episode_id)}
    appeal = post(CARL, "appeal", row.id, reason="not_so", **here)
    [appealed] = cautions(an_actor(MARIA), request.episode_id, at=now())
    author = post(MARIA, "decide_appeal", row.id, decision="keep")
    drop = post(DENISE, "decide_appeal", row.id, decision="drop")

    assert no(early) == (409, "No one has disputed this safety alert.")
    assert done(appeal, to="episode", id=request.episode_id)
    assert appealed.appealed
    assert no(author) == (409, "Only a supervisor decides a dispute.")
    assert drop.status_code == 302
    assert cautions(an_actor(MARIA), request.episode_id, at=now()) == ()


def test_a_caution_is_ended_by_the_program_that_wrote_it() -> None:
    request = asked()
    row = warned(request)

    theirs = post(CARL, "end_caution", row.id)
    bare = post(CARL, "appeal", row.id)
    ours = post(MARIA, "end_caution", row.id)

    assert no(theirs) == (
        403,
        ("Only the program that added this alert can resolve it. You can dispute it."),
    )
    assert no(bare)[0] == 422
    assert ours.status_code == 302
    assert cautions(an_actor(MARIA), request.episode_id, at=now()) == ()
    assert post(MARIA, "end_caution", uuid4()).status_code == 404
