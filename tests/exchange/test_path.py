"""Import is no path of its own: what it writes down is what somebody at a desk would have."""

from dataclasses import replace
from pathlib import Path

import pytest

from nowrongdoor.agencies.acting import act_as_task
from nowrongdoor.calls import commands
from nowrongdoor.episodes.facts import Source
from nowrongdoor.journal.models import Entry
from nowrongdoor.kernel.verdict import BadInput
from nowrongdoor.web.clock import now
from tests.exchange.test_cad import PROFILE, a_file, a_row, import_, read
from tests.makers import an_actor

pytestmark = pytest.mark.usefixtures("db")


def written() -> list[tuple[str, frozenset[str]]]:
    """The journal's lines, by kind and the names of what they carry."""
    import json

    with act_as_task("feed"):
        rows = Entry.objects.order_by("recorded_at", "id").values_list("kind", "ids")
        return [(kind, frozenset(json.loads(ids))) for kind, ids in rows]


def test_an_imported_episode_is_written_down_as_one_entered_by_hand(tmp_path: Path) -> None:
    row = a_row(Final_Closed_Time="")
    import_(a_file(tmp_path, row))
    imported = written()
    [line] = read(tmp_path, row)
    assert line.contact is not None

    by_hand = replace(line.contact, source=Source.PAPER, external_ref="")
    commands.take_contact(by=an_actor(), at=now(), contact=by_hand)

    assert imported
    assert written()[len(imported) :] == imported


def test_a_class_this_community_does_not_know_is_said_before_the_first_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = tmp_path / "other.yaml"
    profile.write_text(PROFILE.read_text().replace("class: psych_distress", "class: moon_sickness"))
    monkeypatch.setattr("tests.exchange.test_cad.PROFILE", profile)

    with pytest.raises(BadInput, match="moon_sickness"):
        import_(a_file(tmp_path, a_row(Problem="CHEST PAIN", Agency="EMS")))

    assert written() == []
