"""A person signs what their page showed, and nothing that was written after they read it."""

import pytest

from nowrongdoor.kernel.verdict import Refused
from nowrongdoor.sharing import commands, release_queries
from nowrongdoor.sharing.elements import Signer
from nowrongdoor.sharing.plans import Plan
from nowrongdoor.sharing.release_said import digest
from nowrongdoor.sharing.release_wishes import Language
from nowrongdoor.sharing.releasing import State
from tests.makers import NOON, an_actor, later, program_id
from tests.sharing.full import PERSON, STROKES, a_draft, a_wish

pytestmark = pytest.mark.usefixtures("db")
CHANGED = (
    {"plan": Plan.TREATMENT},
    {"person_name": "Andre Whitlok"},
    {"born": "1994-07-10"},
    {"told_program_id": program_id("tpd/outreach")},
    {"also_told_id": program_id("tpd/outreach")},
    {"people": "Monica Cruz"},
    {"plan": Plan.CARE},
    {"plan": Plan.CARE, "teller_id": program_id("clinic-a/intake")},
    {"until_at": later(86_400)},
    {"until_event": "I leave care"},
    {"condition": "CR-2027-001"},
    {"description": "My doctor's name"},
    {"signer_name": "Rosa Whitlock"},
    {"signer_basis": "mother"},
    {"signer": Signer.REPRESENTATIVE, "signer_name": "R W", "signer_basis": "power of attorney"},
    {"person_id": PERSON},
)


def test_what_was_changed_after_it_was_read_is_not_signed() -> None:
    by, row = an_actor("martha.gibbs"), a_draft()
    read = [digest(row)]

    for change in CHANGED:
        wish = a_wish(**change)  # type: ignore[arg-type]
        row = commands.change_release(by=by, at=NOON, release_id=row.pk, wish=wish)
        read.append(digest(row))

    assert len(set(read)) == len(CHANGED) + 1
    for old in read[:-1]:
        with pytest.raises(Refused) as refused:
            commands.sign_release(by=by, at=NOON, release_id=row.pk, read=old, drawn=STROKES)
        assert refused.value.verdict.rule == "release.changed"
    assert release_queries.release(by, row.pk, at=NOON).row.state is State.DRAFT
    commands.sign_release(by=by, at=NOON, release_id=row.pk, read=read[-1], drawn=STROKES)


def test_a_draft_written_again_as_it_was_is_what_was_read() -> None:
    by, row = an_actor("martha.gibbs"), a_draft()
    read = digest(row)

    commands.change_release(by=by, at=later(60), release_id=row.pk, wish=a_wish())

    commands.sign_release(by=by, at=later(90), release_id=row.pk, read=read, drawn=STROKES)


def test_what_is_read_in_one_language_is_not_signed_in_another() -> None:
    by, row = an_actor("martha.gibbs"), a_draft()

    with pytest.raises(Refused) as refused:
        commands.sign_release(
            by=by,
            at=NOON,
            release_id=row.pk,
            read=digest(row),
            drawn=STROKES,
            language=Language.ES,
        )

    assert refused.value.verdict.rule == "release.changed"
