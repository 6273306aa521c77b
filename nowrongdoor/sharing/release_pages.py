"""Releases: the list and one of them for workers, the phone page for the person, and their copy."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_GET, require_POST

from nowrongdoor.agencies.access import holding_count, requires
from nowrongdoor.agencies.acting import act_as, granted
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.rules import may_lock
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import NotFound, NotPermitted, Refused
from nowrongdoor.kit import posted
from nowrongdoor.kit.acts import Acts, actor_of
from nowrongdoor.kit.desks import led
from nowrongdoor.rows.locks import missing
from nowrongdoor.sharing import (
    commands,
    documents,
    privacy_queries,
    release_queries,
    release_words,
)
from nowrongdoor.sharing.elements import NOTES, PART2, PROCEEDING, ReleaseFacts, Signer
from nowrongdoor.sharing.release_queries import Draft, ReleaseView
from nowrongdoor.sharing.release_said import day_words, end_day
from nowrongdoor.sharing.release_wishes import HOWS, LANGUAGES, RECORDS, How, Way
from nowrongdoor.sharing.releasing import State
from nowrongdoor.sharing.said import DATA, PURPOSES, said
from nowrongdoor.sharing.signing import HEIGHT, WIDTH
from nowrongdoor.web.clock import now
from nowrongdoor.web.idempotency import once
from nowrongdoor.web.inputs import inputs_of
from nowrongdoor.web.refusals import STATUS, reason

SEES = (Action.TAKE_RELEASE, Action.GOVERN_SHARING)
STATES: Mapping[State, tuple[str, str]] = {
    State.DRAFT: (_("Not signed"), "wait"),
    State.REFUSED: (_("Said no"), ""),
    State.ACTIVE: (_("Active"), "ours"),
    State.EXPIRING: (_("Ends soon"), "wait"),
    State.EXPIRED: (_("Expired"), ""),
    State.REVOKED: (_("Stopped"), ""),
}
"""Each state in a word, and the look of its badge."""
_WAY = inputs_of(commands.give_copy).without(["sha256"])


@require_GET
@requires(SEES)
def releases(request: HttpRequest) -> HttpResponse:
    """What people let be told, as each stands now."""
    by, at = actor_of(request), now()
    rows, more = release_queries.releases(by, at=at)
    context = {
        "rows": [(row, *_badge(row.state)) for row in rows],
        "more": more,
        "takes": granted(by, Action.TAKE_RELEASE),
        "waits": waiting(by, at=at),
    }
    return render(request, "sharing/release_list.html", context | choices(by, at=at))


@require_GET
@requires(Action.TAKE_RELEASE)
def new_release(request: HttpRequest) -> HttpResponse:
    """What will be asked of a person; `person` is the record here that it is about."""
    draft = Draft(person_id=_uuid(request.GET.get("person", "")))
    return render(
        request, "sharing/release_new.html", {"draft": draft} | choices(actor_of(request), at=now())
    )


@require_GET
@requires(SEES)
def release(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """One release, with each element and the regulation that asks for it."""
    by, at = actor_of(request), now()
    view = release_queries.release(by, release_id, at=at)
    if "say_subject" in view.may:
        view = replace(view, records=RECORDS.get()(by, view.row.person_name, at=at))
    return render(request, "sharing/release.html", _shown(view, by) | choices(by, at=at))


@require_GET
@requires(Action.TAKE_RELEASE)
def read_release(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """What the person reads, on the worker's phone: the question, and after the answer what follows."""
    return _read(request, release_id)


@require_POST
@requires(Action.TAKE_RELEASE)
def sign_release(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """Keep a signature. What is missing is said on the page itself, and what was drawn is still there."""
    try:
        return _signed(request, release_id)
    except (NotPermitted, NotFound):
        raise
    except Refused as refusal:
        return _read(request, release_id, refusal)


@require_POST
@requires(Action.TAKE_RELEASE)
@once(act_as)
def refuse_release(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """Keep that the person said no."""
    commands.refuse_release(by=actor_of(request), at=now(), release_id=release_id)
    return led(request, _page_of(request, release_id))


@require_POST
@requires(Action.TAKE_RELEASE)
@once(act_as)
def stop_release(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """Stop it from the page that the person signed on."""
    commands.revoke_release(by=actor_of(request), at=now(), release_id=release_id, how=How.HERE)
    return led(request, _page_of(request, release_id))


@require_POST
@requires(Action.TAKE_RELEASE)
@once(act_as)
def give_copy(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """Give the person their copy: as a PDF, or this page on paper."""
    by, at = actor_of(request), now()
    values = posted.read(_WAY, request.POST, at=at, edits=True)
    way = Way(str(values.get("how", Way.PDF)))
    absent = way is Way.PRINT and not documents.can_write()
    written = b"" if absent else documents.release_copy(by, release_id, at=at)
    digest = sha256(written).hexdigest() if written else ""
    commands.give_copy(by=by, at=at, release_id=release_id, how=way, sha256=digest)
    if way is Way.PDF:
        return led(request, reverse("sharing:release_pdf", args=[release_id]))
    return led(request, f"{_page_of(request, release_id)}&print=yes")


@require_GET
@requires(SEES)
def release_pdf(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """The copy, as it was given."""
    written = documents.release_copy(actor_of(request), release_id, at=now())
    answer = HttpResponse(written, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="permission.pdf"'
    return answer


@once(act_as)
def _signed(request: HttpRequest, release_id: UUID) -> HttpResponse:
    by, at = actor_of(request), now()
    inputs = inputs_of(commands.sign_release)
    values = posted.read(inputs, request.POST, at=at)
    commands.sign_release(by=by, at=at, release_id=release_id, **inputs.arguments(values, {}))  # type: ignore[arg-type]  # read by its own signature
    return led(request, _page_of(request, release_id))


def _read(request: HttpRequest, release_id: UUID, wrong: Refused | None = None) -> HttpResponse:
    """The phone page in the person's language: to read, signed, or refused."""
    by, at = actor_of(request), now()
    view = release_queries.release(by, release_id, at=at)
    if not view.whole:
        raise missing()
    waits = "sign_release" in view.may
    if (waits and view.missing) or (view.row.state is State.DRAFT and not waits):
        return led(request, reverse("sharing:release", args=[release_id]))
    language = _language(request, view, by)
    with override(language):
        context = _shown(view, by, language) | {
            "languages": [
                (code.value, words, code.value == language) for code, words in LANGUAGES.items()
            ],
            "read": view.digests.get(language, ""),
            "today": end_day(at, language),
            "signed": end_day(view.signed_at, language),
            "born": day_words(view.born, language) if view.born else "",
            "box": (WIDTH, HEIGHT),
            "both": view.facts.signer is Signer.GUARDIAN and view.facts.kind in PART2,
            "drawn": request.POST.get("drawn", ""),
            "typed": request.POST.get("typed", ""),
            "minor": request.POST.get("minor", ""),
            "wrong": "" if wrong is None else _wrong(wrong),
            "key": uuid4(),
            "prints": request.GET.get("print") == "yes",
            "locks": may_lock(holding=holding_count(by)).allowed,
        }
        template = "sharing/release_read.html" if waits else "sharing/release_done.html"
        status = 200 if wrong is None else STATUS[type(wrong)]
        return render(request, template, context, status=status)


def _shown(view: ReleaseView, by: Actor, language: str = "") -> dict[str, Any]:
    """One release for a template: with the words that are read, in this language or the reader's own."""
    language = language or by.language
    who = view.named[language]
    page = release_words.reading(view.facts, who, language=language, version=view.text_version)
    words, look = _badge(view.row.state)
    return {
        "release": view,
        "who": who,
        "page": page,
        "language": language,
        "state": words,
        "look": look,
        "revoked_how": gettext(HOWS[How(view.revoked_how)]) if view.revoked_how else "",
        "missing": [
            gettext(each.words).format(regulation=each.regulation) for each in view.missing
        ],
        "elements": [
            (
                gettext(each.title),
                _lack(each.lacks, each.regulation),
                each.says or _apart(each.code, view.facts) or "✓",
                each.regulation,
            )
            for each in view.elements
        ],
    }


def waiting(by: Actor, *, at: datetime) -> dict[str, Any]:
    """What waits in `by`'s program: who asks to see a record, and, for supervisors, what to review.

    An agency with a privacy officer has it on their desk.
    """
    return {
        "asks": [
            (each, said(DATA, each.data), said(PURPOSES, each.purpose))
            for each in privacy_queries.asks(by)
        ],
        "reviews": privacy_queries.reviews(by, at=at),
    }


def choices(by: Actor, *, at: datetime) -> dict[str, Any]:
    return {"forms": acts.forms(by, at=at)}


def draw(_request: HttpRequest, release_id: UUID) -> HttpResponse:
    """After an act the release's own page, whole: its state stands in many places of it."""
    answer = HttpResponse()
    answer["HX-Redirect"] = reverse("sharing:release", args=[release_id])
    return answer


def _badge(state: State) -> tuple[str, str]:
    words, look = STATES[state]
    return gettext(words), look


def _lack(words: str, regulation: str) -> str:
    return gettext(words).format(regulation=regulation) if words else ""


def _apart(code: str, facts: ReleaseFacts) -> str:
    """Of what a release never combines with anything else: that it is not part of this one."""
    apart = {
        "notes": NOTES not in facts.data,
        "proceeding": PROCEEDING not in facts.purpose.split(),
    }
    return gettext("Not part of it") if apart.get(code) else ""


def _wrong(refusal: Refused) -> str:
    """What is wrong, as the person with the phone in hand reads it."""
    if refusal.verdict.rule == "release.lacks_signature":
        return gettext("Sign in the box first, or type your name.")
    return reason(refusal.verdict)


def _language(request: HttpRequest, view: ReleaseView, by: Actor) -> str:
    """The language that the person chose; once signed, the one in which they read it."""
    asked = request.POST.get("language", request.GET.get("lang", ""))
    if asked in release_words.LANGUAGES:
        return asked
    return by.language if view.signed_at is None else view.language


def _page_of(request: HttpRequest, release_id: UUID) -> str:
    language = request.POST.get("language", "en")
    known = language if language in release_words.LANGUAGES else "en"
    return f"{reverse('sharing:read_release', args=[release_id])}?lang={known}"


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


acts = Acts("sharing", draw=draw, home="sharing:releases")
acts.add(
    commands.draft_release,
    at="releases/draft/",
    label=_("Continue"),
    machine=False,
    folded=False,
    target="this",
)
acts.add(
    commands.change_release,
    at="releases/<uuid:release_id>/change/",
    label=_("Change"),
    machine=False,
    target="this",
)
acts.add(
    commands.revoke_release,
    at="releases/<uuid:release_id>/stop/",
    label=_("Stop it now"),
    machine=False,
    target="this",
)
acts.add(
    commands.say_subject,
    at="releases/<uuid:release_id>/record/",
    label=_("This is the record"),
    machine=False,
    folded=False,
    target="this",
    subject="release_id",
)
acts.add(
    commands.undo_subject,
    at="subjects/<uuid:subject_id>/undo/",
    label=_("Not this record"),
    machine=False,
    target="this",
    subject="release_id",
)
PAGES = (
    path("releases/", releases, name="releases"),
    path("releases/new/", new_release, name="new_release"),
    path("releases/<uuid:release_id>/", release, name="release"),
    path("releases/<uuid:release_id>/read/", read_release, name="read_release"),
    path("releases/<uuid:release_id>/sign/", sign_release, name="sign_release"),
    path("releases/<uuid:release_id>/no/", refuse_release, name="refuse_release"),
    path("releases/<uuid:release_id>/stopped/", stop_release, name="stop_release"),
    path("releases/<uuid:release_id>/copy/", give_copy, name="give_copy"),
    path("releases/<uuid:release_id>/copy.pdf", release_pdf, name="release_pdf"),
)
