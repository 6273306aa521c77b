"""The pages of releases: the list and one of them for workers, the phone page for the person, the copy as a PDF."""

import json
import re
from datetime import timedelta
from hashlib import sha256
from io import BytesIO

import pytest
from django.urls import reverse

from nowrongdoor.agencies.acting import act_as
from nowrongdoor.identity import commands as identity
from nowrongdoor.identity.facts import PersonTyped
from nowrongdoor.sharing import commands, documents, release_pages
from nowrongdoor.sharing.bases import Want
from nowrongdoor.sharing.commands import Record
from nowrongdoor.sharing.elements import Signer
from nowrongdoor.sharing.models import Release
from nowrongdoor.sharing.plans import Plan
from nowrongdoor.sharing.release_said import day_words, digest, local_day
from nowrongdoor.sharing.release_wishes import Language
from nowrongdoor.web.clock import now
from tests.clients import Desk
from tests.conftest import not_run
from tests.makers import an_actor, program_id
from tests.sharing.full import PERSON, STROKES, TELLER, TOLD, a_draft, a_release, a_wish

pytestmark = pytest.mark.usefixtures("db")
DRAWN = json.dumps(STROKES)


def page(name: str, row: Release) -> str:
    return reverse(f"sharing:{name}", args=[row.pk])


def shown_to(desk: Desk, url: str) -> str:
    answer = desk.get(url)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def carried(desk: Desk, row: Release, language: str = "en") -> dict[str, str]:
    """What the page that the person reads sends along unseen."""
    return of_the_form(shown_to(desk, f"{page('read_release', row)}?lang={language}"))


def of_the_form(html: str) -> dict[str, str]:
    form = html[html.index('id="sign"') :]
    hidden = re.findall(
        r'type="hidden" name="(\w+)" value="([^"]*)"', form[: form.index("</form>")]
    )
    return {name: value for name, value in hidden if name in ("read", "language", "text_version")}


def test_an_empty_list_says_what_to_do_and_a_full_one_each_state_as_of_now() -> None:
    desk = Desk("martha.gibbs")
    assert "Take a release with them, on your phone." in shown_to(desk, reverse("sharing:releases"))

    a_draft(at=now())
    a_release(at=now())
    a_release(at=now() - timedelta(days=160))
    a_release(at=now() - timedelta(days=181))
    shown = shown_to(desk, reverse("sharing:releases"))

    badges = re.findall(r'class="badge \w*">([^<]*)<', shown)
    assert sorted(badges) == ["Active", "Ends soon", "Expired", "Not signed"]


def test_a_draft_is_written_read_and_signed_step_by_step() -> None:
    desk = Desk("martha.gibbs")
    typed = {
        "plan": "attendance",
        "person_name": "Andre Whitlock",
        "told_program_id": str(program_id(TOLD)),
        "teller_id": str(program_id(TELLER)),
    }
    assert "Who is told" in shown_to(desk, reverse("sharing:new_release"))

    led = desk.htmx(reverse("sharing:draft_release"), typed)
    url = led["HX-Redirect"]
    waits = text(shown_to(desk, url))
    assert "It says who signs: the person or a guardian (42 CFR 2.14 and 2.15)." in waits
    assert desk.get(f"{url}read/").status_code == 302  # nothing is signed before it is whole
    desk.htmx(f"{url}change/", typed | {"born": "1994-07-09"})
    assert "Let them read and sign" in shown_to(desk, url)
    reads = text(shown_to(desk, f"{url}read/"))

    assert "Andre, may Substance use treatment program, Treatment intake tell" in reads
    assert "If you came" in reads
    assert "born on July 9, 1994" in reads


def test_what_was_drawn_is_still_there_when_the_page_says_what_is_missing() -> None:
    row = a_draft(
        at=now(),
        born="2014-05-05",
        signer=Signer.GUARDIAN,
        signer_name="R W",
        signer_basis="mother",
    )
    desk = Desk("martha.gibbs")

    answer = desk.post(page("sign_release", row), carried(desk, row) | {"drawn": DRAWN})

    html = answer.content.decode()
    assert answer.status_code == 409
    assert "The minor and the guardian both sign this permission." in html
    assert DRAWN.replace('"', "&quot;") in html
    signed = desk.post(
        page("sign_release", row),
        carried(desk, row) | {"drawn": DRAWN, "minor": "Andre Whitlock"},
    )
    assert signed["Location"] == f"{page('read_release', row)}?lang=en"


def test_a_page_whose_draft_was_changed_meanwhile_is_read_again_before_it_is_signed() -> None:
    row, desk = a_draft(at=now()), Desk("martha.gibbs")
    old = carried(desk, row) | {"drawn": DRAWN}
    wish = a_wish(Plan.TREATMENT, told_program_id=program_id("ed/intake"))
    commands.change_release(by=an_actor("martha.gibbs"), at=now(), release_id=row.pk, wish=wish)

    answer = desk.post(page("sign_release", row), old)

    html = answer.content.decode()
    assert answer.status_code == 409
    assert "This was changed after it was read. Read it again from the top, then sign." in html
    assert "Your whole record, with tests and medicines" in html
    assert DRAWN.replace('"', "&quot;") in html
    again = of_the_form(html) | {"drawn": DRAWN}
    assert desk.post(page("sign_release", row), again).status_code == 302


def test_a_page_that_does_not_say_what_was_read_signs_nothing() -> None:
    row, desk = a_draft(at=now()), Desk("martha.gibbs")

    answer = desk.post(page("sign_release", row), {"drawn": DRAWN, "language": "en"})

    assert answer.status_code == 422
    assert "Let them read and sign" in shown_to(desk, page("release", row))


def test_the_page_is_in_the_language_of_the_person_not_of_the_worker() -> None:
    row, desk = a_draft(at=now()), Desk("martha.gibbs")

    spanish = shown_to(desk, f"{page('read_release', row)}?lang=es")

    assert '<html lang="es">' in spanish
    assert "Qué nunca se le dice" in spanish
    assert "Digo que no" in spanish
    desk.post(page("sign_release", row), carried(desk, row, "es") | {"typed": "Andre Whitlock"})
    with act_as(an_actor("martha.gibbs")):
        assert Release.objects.get(pk=row.pk).language == "es"
    assert '<html lang="es">' in shown_to(desk, page("read_release", row))


def test_the_pages_say_that_what_a_guardian_signed_ends_when_the_person_is_18() -> None:
    grown = local_day(now()) + timedelta(days=40)
    grown += timedelta(days=(grown.month, grown.day) == (2, 29))
    guardian = {
        "plan": Plan.CARE,
        "teller_id": program_id("crc/adult"),
        "born": grown.replace(year=grown.year - 18).isoformat(),
        "signer": Signer.GUARDIAN,
        "signer_name": "Rosa Whitlock",
        "signer_basis": "mother",
    }
    desk, draft, row = (
        Desk("martha.gibbs"),
        a_draft(at=now(), **guardian),
        a_release(at=now(), **guardian),
    )
    day = day_words(grown, "en")

    assert f"{day}. Or the day you say stop." in text(shown_to(desk, page("read_release", draft)))
    why = "The person is 18 then, and decides for themselves."
    assert f"{day}. {why}" in text(shown_to(desk, page("release", row)))
    done = text(shown_to(desk, page("read_release", row)))
    assert f"Until {day}, or the day you say stop. {why}" in done
    assert f"{grown:%b} {grown.day}, {grown.year}" in shown_to(desk, reverse("sharing:releases"))
    assert why not in shown_to(desk, page("release", a_release(at=now())))


def test_a_no_is_one_button_and_is_answered_as_kindly() -> None:
    row, desk = a_draft(at=now()), Desk("martha.gibbs")

    said = desk.post(page("refuse_release", row), {"language": "en"})

    assert "Nothing is told. You get the same help." in shown_to(desk, said["Location"])
    assert "Stop it" not in shown_to(desk, said["Location"])
    assert "The person said no." in shown_to(desk, page("release", row))


def test_the_person_stops_it_where_they_signed() -> None:
    row, desk = a_release(at=now()), Desk("martha.gibbs")
    signed = shown_to(desk, page("read_release", row))
    assert "Stop it" in signed
    assert signed.count("#check") > 0

    desk.post(page("stop_release", row), {"language": "en"})

    stopped = shown_to(desk, page("read_release", row))
    assert "Nothing more is told by this permission." in stopped  # an agreement may go on
    assert "#check" not in stopped
    assert "Stopped" in shown_to(Desk("monica.cruz"), page("release", row))


def test_the_phone_is_given_back_to_the_lock_screen_and_unlocked_onto_the_release(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row, desk = a_release(at=now()), Desk("martha.gibbs")
    html = shown_to(desk, page("read_release", row))
    form = html[html.index(f'action="{reverse("agencies:lock")}"') :].split("</form>")[0]
    assert "Give the phone back" in form
    [there] = re.findall(r'name="next" value="([^"]*)"', form)

    locked = desk.post(reverse("agencies:lock"), {"next": there})

    assert locked["Location"].startswith(reverse("agencies:unlock"))
    assert desk.get(page("release", row)).status_code == 302
    assert "Whitlock" not in shown_to(desk, locked["Location"])
    assert desk.post(locked["Location"])["Location"] == page("release", row)
    elsewhere = desk.post(reverse("agencies:lock"), {"next": "https://elsewhere.example/"})
    assert "elsewhere" not in desk.post(elsewhere["Location"])["Location"]
    monkeypatch.setattr(release_pages, "holding_count", lambda _by: 1)  # never over a call
    held = shown_to(desk, page("read_release", row))
    assert re.search(rf'href="{page("release", row)}">Give the phone back<', held)


def test_what_a_release_leaves_apart_is_not_part_of_it() -> None:
    desk = Desk("martha.gibbs")

    def here(row: Release, title: str) -> str:
        shown = text(shown_to(desk, page("release", row)).split('id="elements"')[1])
        return shown[shown.index(f"{title} ") :][:50]

    treatment, notes = (a_release(at=now(), plan=each) for each in (Plan.ATTENDANCE, Plan.NOTES))
    assert "Not part of it" in here(treatment, "Counseling notes")
    assert "Not part of it" in here(treatment, "Legal proceedings")
    assert "✓" in here(notes, "Counseling notes")


def test_what_was_told_by_it_is_said_in_words() -> None:
    row = a_release(
        an_actor("emily.grant"),
        at=now(),
        plan=Plan.CARE,
        teller_id=program_id("crc/adult"),
        person_id=PERSON,
    )
    ray = an_actor("ray.sutton")
    want = Want("clinical", "coordinate", program_id("crc/adult"), ray.program_id, person_id=PERSON)
    wish = {"records": lambda _holder: [Record("person", PERSON)], "read": lambda *_: ""}
    commands.disclose(want, by=ray, at=now(), **wish)

    told = text(shown_to(Desk("emily.grant"), page("release", row)).split('id="told"')[1])

    assert "Health record: Person record to work together" in told
    assert "coordinate" not in told


def test_a_condition_is_not_stopped_on_the_phone_and_asks_whether_it_has_ended() -> None:
    row = a_release(at=now(), plan=Plan.CONDITION, condition="CR-2027-001")
    desk = Desk("martha.gibbs")

    assert "Stop it" not in shown_to(desk, page("read_release", row))
    assert "The condition it is tied to has ended" in shown_to(desk, page("release", row))
    refused = desk.htmx(page("revoke_release", row), {"how": "here"})
    assert refused.status_code == 409
    assert "It can be stopped when that has ended" in refused.content.decode()


def test_a_privacy_officer_looks_and_has_no_button() -> None:
    row = a_release(an_actor("monica.cruz"), at=now())
    desk = Desk("sylvia.trujillo")

    html = shown_to(desk, page("release", row))

    assert "42 CFR 2.31(a)(4)" in html
    assert "Stop it now" not in html
    assert desk.get(page("read_release", row)).status_code == 403


def a_pdf(**typed: object) -> tuple[Desk, Release, bytes]:
    if not documents.can_write():
        not_run("PDF: the extra `documents` is not installed")
    row = a_release(at=now(), **typed)  # type: ignore[arg-type]
    desk = Desk("martha.gibbs")
    led = desk.post(page("give_copy", row), {"way": "pdf", "language": "en"})
    return desk, row, desk.get(led["Location"]).content


def test_the_copy_is_what_its_fingerprint_says_also_after_it_has_ended() -> None:
    desk, row, written = a_pdf()

    with act_as(an_actor("martha.gibbs")):
        kept = Release.objects.get(pk=row.pk)
    assert (kept.copy_given, kept.copy_sha256) == ("pdf", sha256(written).hexdigest())
    desk.post(page("stop_release", row), {"language": "en"})
    assert desk.get(page("release_pdf", row)).content == written


@pytest.mark.parametrize("language", Language)
def test_the_copy_is_tagged_and_says_its_language(language: Language) -> None:
    if not documents.can_write():
        not_run("PDF: the extra `documents` is not installed")
    import pikepdf

    by, row = an_actor("martha.gibbs"), a_draft(at=now(), people='#read("/etc/passwd")')
    commands.sign_release(
        by=by,
        at=now(),
        release_id=row.pk,
        read=digest(row, language),
        drawn=STROKES,
        language=language,
    )

    with pikepdf.open(BytesIO(documents.release_copy(by, row.pk, at=now()))) as pdf:
        root = pdf.Root
        tags = set(_tags(root.StructTreeRoot))
        with pdf.open_metadata() as metadata:
            part = metadata["pdfuaid:part"]
    assert bool(root.MarkInfo.Marked)
    assert (str(root.Lang), part) == (language.value, "1")
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    assert {"/H1", "/H2", "/Table", "/TH", "/Figure", "/L"} <= tags


def _tags(node: object) -> list[str]:
    """The kinds of every element of a PDF's structure."""
    import pikepdf

    found: list[str] = []
    waits = [node]
    while waits:
        each = waits.pop()
        if isinstance(each, pikepdf.Array):
            waits += list(each)
        elif isinstance(each, pikepdf.Dictionary):
            if "/S" in each:
                found.append(str(each.S))
            waits += [each.K] if "/K" in each else []
    return found


def test_a_server_without_typst_says_so_and_still_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "can_write", lambda: False)
    row, desk = a_release(at=now()), Desk("martha.gibbs")

    refused = desk.get(page("release_pdf", row))
    printed = desk.post(page("give_copy", row), {"way": "print", "language": "en"})

    assert refused.status_code == 409
    assert "Print the page instead." in refused.content.decode()
    assert 'id="prints"' in shown_to(desk, printed["Location"])


def test_the_teller_is_asked_which_of_its_own_records_is_meant() -> None:
    row = a_release(at=now(), plan=Plan.CARE, teller_id=program_id("crc/adult"))
    desk = Desk("emily.grant")
    assert "No record of your program has this name." in shown_to(desk, page("release", row))

    person = identity.keep_person(
        by=an_actor("emily.grant"), at=now(), typed=PersonTyped(given="Andre", family="Whitlock")
    )
    assert "Andre Whitlock" in shown_to(desk, page("release", row))
    said = desk.htmx(page("say_subject", row), {"person_id": str(person.pk)})

    assert said["HX-Redirect"] == page("release", row)
    shown = text(shown_to(desk, page("release", row)))
    assert "Emily Grant said whose record this means here" in shown
    assert "Which record here is this person?" not in shown


def test_a_draft_that_is_changed_still_means_the_record_it_was_taken_for() -> None:
    """The form of the change carries it; without it the draft meant nobody's record again."""
    by = an_actor("martha.gibbs")
    row = a_draft(by, person_id=PERSON)

    html = shown_to(Desk("martha.gibbs"), page("release", row))

    form = html[html.index(reverse("sharing:change_release", args=[row.pk])) :]
    assert f'name="person_id" value="{PERSON}"' in " ".join(form[: form.index("</form>")].split())
