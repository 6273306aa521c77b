"""Attacks on the rules: whose word opens a record, for how long, for what.

Each test says what must hold.
"""

from uuid import UUID

import pytest

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.desks.person_told import read_told
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.episodes.models import Party
from nowrongdoor.kernel.verdict import Refused
from nowrongdoor.narrative import commands as narrative
from nowrongdoor.sharing import (
    audience,
    commands,
    queries,
    release_queries,
    release_said,
    release_words,
)
from nowrongdoor.sharing.agreeing import AgreementWish
from nowrongdoor.sharing.bases import Want
from nowrongdoor.sharing.commands import Record
from nowrongdoor.sharing.elements import Signer
from nowrongdoor.sharing.models import Ground, Review
from nowrongdoor.sharing.plans import Plan
from nowrongdoor.sharing.reviewing import Finding
from tests.clients import Desk
from tests.makers import NOON, an_actor, an_episode, later, program_id
from tests.sharing import full
from tests.sharing.attacks import (
    ANNA,
    EMILY,
    JAMES,
    LINE,
    MARIA,
    PERSON,
    a_call,
    a_note,
    a_person,
    joins,
    said,
    told,
)

pytestmark = pytest.mark.usefixtures("db")


def test_an_emergency_that_was_not_right_shuts() -> None:
    by = an_actor(ANNA)
    claim = commands.claim_emergency(
        by=by, at=NOON, from_program_id=program_id(LINE), person_id=PERSON, reason="Curious."
    )
    paula = an_actor("paula.stone")
    with act_as(paula):
        review = Review.objects.get(ground=claim, disclosure=None)
    commands.finish_review(
        by=paula, at=later(60), review_id=review.pk, finding=Finding.NOT_UPHELD, words="No danger."
    )
    found = told(ANNA, "crisis_contact", "imminent_threat", LINE, at=later(61))
    assert found.read is None


def test_one_yes_is_for_one_request() -> None:
    """The request that was confirmed was withdrawn; another one, of another day, is nobody's yes yet."""
    emily, marta, frank = an_actor(EMILY), an_actor("marta.quist"), an_actor("frank.duran")
    want = Want("clinical", "locate", emily.program_id, frank.program_id, person_id=PERSON)
    args = {"by": emily, "want": want, "groups": ["identify"], "ground": "signed_request"}
    first = commands.tell(at=NOON, records=[Record("person", PERSON)], reference="R-1", **args)
    assert first is None
    with act_as(marta):
        review, ground = Review.objects.get(), Ground.objects.get()
    commands.finish_review(
        by=marta, at=later(1), review_id=review.pk, finding=Finding.CONFIRMED, words="Served."
    )
    commands.withdraw_ground(by=emily, at=later(2), ground_id=ground.pk)
    second = commands.tell(
        at=later(86_400 * 90),
        records=[Record("person", PERSON, 9), Record("notes", UUID(int=5))],
        reference="R-2",
        **args,
    )
    assert second is None


def test_what_process_names_can_be_told() -> None:
    """A row whose basis is the court, and not a release, opens what somebody wrote down that it names."""
    emily = an_actor(EMILY)
    want = Want(
        "clinical",
        "legal_proceeding",
        emily.program_id,
        None,
        to_kind="court",
        to_name="Div. 4",
        person_id=PERSON,
    )
    commands.tell(
        by=emily,
        at=NOON,
        want=want,
        groups=["treatment"],
        records=[Record("person", PERSON)],
        ground="process",
        reference="W-1",
    )


def test_a_person_signs_what_they_read() -> None:
    by = an_actor("martha.gibbs")
    draft = full.a_draft(by)
    read = release_said.digest(draft)
    wish = full.a_wish(Plan.TREATMENT, told_program_id=program_id("ed/intake"))
    commands.change_release(by=by, at=later(1), release_id=draft.pk, wish=wish)
    with pytest.raises(Refused):
        commands.sign_release(
            by=by,
            at=later(2),
            release_id=draft.pk,
            read=read,
            drawn=full.STROKES,
            text_version=release_words.NEWEST,
        )


def test_a_no_stays_where_it_was_said() -> None:
    by = an_actor("martha.gibbs")
    wish = full.a_wish(Plan.CARE, teller_id=program_id("crc/adult"))
    draft = commands.draft_release(by=by, at=NOON, wish=wish)
    commands.refuse_release(by=by, at=later(1), release_id=draft.pk)
    rows, _more = release_queries.releases(an_actor("marta.quist"), at=later(2))
    assert rows == ()


def test_a_guardian_signs_for_no_adult_whose_birth_is_left_out() -> None:
    with pytest.raises(Refused):
        full.a_release(
            an_actor("martha.gibbs"),
            plan=Plan.CARE,
            teller_id=program_id("crc/adult"),
            born="",
            signer=Signer.GUARDIAN,
            signer_name="A. Stranger",
            signer_basis="uncle",
        )


def test_nobody_is_born_tomorrow() -> None:
    with pytest.raises(Refused):
        full.a_draft(born="2999-01-01")


def test_a_guardians_release_ends_when_the_person_is_of_age() -> None:
    full.a_release(
        an_actor(EMILY),
        plan=Plan.CARE,
        teller_id=program_id("crc/adult"),
        person_id=PERSON,
        born="2009-03-03",
        signer=Signer.GUARDIAN,
        signer_name="M. Other",
        signer_basis="mother",
    )
    found = told("ray.sutton", "clinical", "engagement", "crc/adult", at=later(3 * 86_400))
    assert found.read is None


def test_what_somebody_agrees_to_once_is_told_once() -> None:
    """Told by telephone because the person agreed, that day."""
    maria = an_actor(MARIA)
    want = Want(
        "crisis_contact",
        "scene_safety",
        maria.program_id,
        program_id("tpd/patrol"),
        person_id=PERSON,
    )
    commands.tell(
        by=maria,
        at=NOON,
        want=want,
        groups=["safety"],
        records=[Record("person", PERSON)],
        ground="agrees",
        reference="Said so.",
    )
    found = told(JAMES, "crisis_contact", "scene_safety", LINE, at=later(86_400 * 365))
    assert found.read is None


def test_a_told_side_replaces_no_agreement_of_the_tellers() -> None:
    """Police write a further version, of their own records, and the center's is out of force at once."""
    row = full.an_agreement()
    wish = AgreementWish(
        code=row.code,
        title="t",
        tells=(program_id("tpd/mhst"),),
        told=(program_id("crc/adult"),),
        data=("police_report",),
        purposes=("close_loop",),
        legal_basis="b",
        from_at=NOON,
    )
    with pytest.raises(Refused):
        commands.make_agreement(
            by=an_actor("sylvia.trujillo"), at=later(1), wish=wish, replaces_id=row.pk
        )
    assert told("luis.garza", "clinical", "close_loop", "crc/adult", at=later(2)).read == "status"


def test_detectives_read_nothing_of_the_social_workers_deflection_or_outreach() -> None:
    frank = an_actor("frank.duran")
    for of, data in (
        ("tpd/deflection", "police_report"),
        ("tpd/outreach", "homeless"),
        ("tpd/social-work", "police_report"),
    ):
        for purpose in audience.aims("le_detectives", working=True):
            want = Want(
                data,
                purpose,
                program_id(of),
                frank.program_id,
                person_id=PERSON,
                known=frozenset({"working"}),
            )
            with act_as(frank):
                found = queries.decide(want, at=NOON)
            assert not found.allowed, (of, purpose, found.row, found.fields)


def test_who_has_left_a_call_is_not_at_work_on_it() -> None:
    anna = an_actor(ANNA)
    mine = a_person(anna, "Rosa")
    call = a_call(mine)
    from nowrongdoor.episodes.known import known_from

    with act_as(anna):
        Party.objects.filter(episode_id=call.pk, program_id=anna.program_id).update(role="informed")
    assert not known_from(anna, (mine,)).working


def test_a_minors_record_is_asked_for_as_one() -> None:
    """Row A41: a minor's record goes from police to the center by a guardian, a law, custody or an emergency alone."""
    james, emily = an_actor(JAMES), an_actor(EMILY)
    theirs = a_person(james, "Leo", born="2014-05-05")
    mine = a_person(emily, "Leo", born="2014-05-05")
    episode = an_episode(an_actor(ANNA))
    joins(episode, "tpd/patrol", "crc/adult")
    for by, person in ((james, theirs), (emily, mine)):
        episodes.identify_person(by=by, at=NOON, episode_id=episode.pk, person_id=person)
    a_note(episode, "Was drinking.", by=JAMES)
    assert "drinking" not in said(EMILY, mine)


def test_a_page_that_waits_for_a_second_person_says_not_that_there_is_a_record() -> None:
    """Asked by a signed request: whether there is a record is part of what the second person decides."""
    frank, emily = an_actor("frank.duran"), an_actor(EMILY)
    commands.record_ground(
        by=emily,
        at=NOON,
        kind="signed_request",
        reference="R",
        person_id=PERSON,
        to_program_id=frank.program_id,
    )
    there = told("frank.duran", "clinical", "locate", "crc/adult", at=later(1))
    nothing = told(
        "frank.duran", "clinical", "locate", "crc/adult", at=later(1), records=lambda _h: []
    )
    assert (there.verdict.rule, there.read) == (nothing.verdict.rule, nothing.read)


def test_a_note_kept_apart_stays_with_those_of_ones_own_employer() -> None:
    """Susan of a provider sits in the police team; Luis is police there."""
    susan = an_actor("susan.kim")
    episode = an_episode(an_actor(ANNA))
    joins(episode, "tpd/mhst", "tpd/patrol")
    narrative.write_note(by=susan, at=NOON, episode_id=episode.pk, text="Takes lithium.", ours=True)
    from nowrongdoor.narrative import queries as notes
    from nowrongdoor.narrative.models import Note

    with act_as(susan):
        note = Note.objects.get()
    assert note.apart
    for by in ("luis.garza", "brian.hale", "erin.walsh", JAMES, ANNA, "sylvia.trujillo"):
        actor = an_actor(by)
        with act_as(actor):
            assert not Note.objects.exists(), by
        log = notes.log(actor, episode.pk)
        assert log is None or "lithium" not in str(log)
        desk = Desk(by)
        for url in (
            f"/episodes/{episode.pk}/",
            "/board/",
            "/field/",
            "/supervising/",
            "/morning/",
            "/relief/",
            "/messages/",
            "/",
        ):
            assert "lithium" not in desk.get(url).content.decode(), (by, url)
        answer = desk.post(f"/notes/{note.pk}/correct/", {"text": "x"})
        assert answer.status_code in (403, 404), answer.status_code


def test_police_learn_of_no_treatment_program_by_its_pointer() -> None:
    """42 CFR 2.13(c): that somebody is a patient there is itself told by consent. No row opens it to police or 911."""
    maria, james = an_actor(MARIA), an_actor(JAMES)
    call = a_call()
    joins(call, "tpd/patrol")
    mine = a_person(james, "Rosa")
    episodes.identify_person(by=james, at=NOON, episode_id=call.pk, person_id=mine)
    episodes.set_pointer(
        by=maria,
        at=NOON,
        episode_id=call.pk,
        program_id=program_id("treatment/intake"),
        pointer_record="7",
        status="",
    )
    found = read_told(james, mine, at=later(1))
    assert found is not None
    assert program_id("treatment/intake") not in {each["id"] for each in found["emergency"]}
