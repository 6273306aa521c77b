"""The privacy officer's desk: could they, agreements, reviews, who looked, accounting, the table."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_GET, require_POST

from nowrongdoor.agencies.access import requires
from nowrongdoor.agencies.acting import act_as
from nowrongdoor.agencies.facts import Action
from nowrongdoor.agencies.parties import PartyRow, parties
from nowrongdoor.community.files import BadCommunity
from nowrongdoor.community.queries import community
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Refused
from nowrongdoor.kit.acts import actor_of
from nowrongdoor.kit.desks import Desk, led
from nowrongdoor.sharing import (
    bench,
    commands,
    could,
    privacy_queries,
    queries,
    reading,
    said,
    told,
)
from nowrongdoor.sharing.agreement_form import read_wish
from nowrongdoor.sharing.facts import Allow, Deny, Table
from nowrongdoor.sharing.headings import heading
from nowrongdoor.sharing.models import Paper
from nowrongdoor.sharing.release_pages import acts
from nowrongdoor.sharing.release_said import local_day
from nowrongdoor.sharing.shelves import number_of
from nowrongdoor.web.clock import now
from nowrongdoor.web.idempotency import once
from nowrongdoor.web.refusals import STATUS, reason

PAGE = "sharing/privacy.html"
LATEST = 8
YEARS = range(1970, 9999)
ENTERED = 2_000_000
"""Bytes of a table that is tried."""


@require_GET
@requires(Action.GOVERN_SHARING)
def privacy(request: HttpRequest) -> HttpResponse:
    """The desk itself. It asks the same function that the product asks, and writes nothing."""
    return _shown(request)


def draw(request: HttpRequest) -> HttpResponse:
    """The desk as it now stands."""
    return _shown(request, part="#follows")


def _shown(request: HttpRequest, *, part: str = "") -> HttpResponse:
    by, at = actor_of(request), now()
    with act_as(by):
        table = queries.table()
    context = {
        "desk": ("privacy", ""),
        "forms": acts.forms(by, at=at),
        "table": table,
        "rows": 0 if table is None else len(table.rows),
        "asked": could.choices(request.GET, table, by),
        "answer": could.answer(request.GET, table),
        "agreements": [_agreement(each) for each in privacy_queries.agreements(by, at=at)],
        "reviews": privacy_queries.reviews(by, at=at),
        "asks": [
            (each, said.said(said.DATA, each.data), said.said(said.PURPOSES, each.purpose))
            for each in privacy_queries.asks(by)
        ],
        "looks": privacy_queries.looks(by)[:LATEST],
        "waiting": ()
        if table is None
        else [each for each in table.allow if not table.counts(each)],
        "signed": privacy_queries.sign_offs(by),
        "in_file": () if table is None else sorted(table.signed_off),
    }
    return render(request, f"{PAGE}{part}", context)


def _agreement(row: privacy_queries.AgreementRow) -> dict[str, Any]:
    return {
        "row": row,
        "opens": said.listed(said.FIELDS, row.fields) or said.listed(said.DATA, row.data),
        "purposes": said.listed(said.PURPOSES, row.purposes),
    }


@require_GET
@requires(Action.GOVERN_SHARING)
def looks(request: HttpRequest) -> HttpResponse:
    """Who looked: at a call or a record, or one member of the staff."""
    by = actor_of(request)
    label, name = request.GET.get("number", "").strip(), request.GET.get("name", "").strip()
    rows = privacy_queries.looks(by, label=label, name=name)
    context = {"rows": rows, "number": label, "name": name}
    return render(request, "sharing/looks.html", context)


@require_GET
@requires(Action.GOVERN_SHARING)
def ledger(request: HttpRequest) -> HttpResponse:
    """What one's agency told and was told over some days, to print. A day that cannot be read is today's."""
    by, at = actor_of(request), now()
    today = local_day(at)
    since, until = (_day(request.GET.get(key, ""), today) for key in ("since", "until"))
    rows = told.ledger(by, since=min(since, until), until=max(since, until))
    context = {
        "lines": rows,
        "since": min(since, until),
        "until": max(since, until),
        "most": told.MOST if len(rows) == told.MOST else 0,
        "as_of": at,
        "community": community().name(by.language),
    }
    return render(request, "sharing/ledger.html", context)


def _day(text: str, otherwise: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return day if day.year in YEARS else otherwise


@require_GET
@requires(Action.GOVERN_SHARING)
def accounting(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """What was told of one person, to print for them. Reading it is itself written down."""
    by, at = actor_of(request), now()
    rows = privacy_queries.accounting(by, person_id, for_them_at=at)
    commands.looked(
        by=by,
        at=at,
        page="accounting",
        label=number_of(person_id),
        record_id=person_id,
        person_id=person_id,
        of_agency_id=by.agency_id,
        basis="privacy_officer",
    )
    context = {
        "of": heading(by, person_id),
        "counted": [each for each in rows if each.counted],
        "others": [each for each in rows if not each.counted],
        "as_of": at,
        "community": community().name(by.language),
    }
    return render(request, "sharing/accounting.html", context)


@require_GET
@requires(Action.GOVERN_SHARING)
def table(request: HttpRequest) -> HttpResponse:
    """The rows of the table in words, in the order in which they decide."""
    return _table(request)


@require_POST
@requires(Action.GOVERN_SHARING)
def replay(request: HttpRequest) -> HttpResponse:
    """A changed table, tried on what was told before. It changes nothing."""
    text = request.POST.get("text", "")
    if len(text.encode()) > ENTERED:
        return _table(request, text=text[:ENTERED], problems=[_("The text is too long.")])
    try:
        changed = reading.read_text(text)
    except BadCommunity as bad:
        return _table(request, text=text, problems=[str(each) for each in bad.problems])
    lines = privacy_queries.told_lines(actor_of(request))
    found = bench.replay(changed, lines)
    return _table(request, text=text, tried=len(lines), found=found)


def _table(request: HttpRequest, **more: Any) -> HttpResponse:
    by = actor_of(request)
    with act_as(by):
        found = queries.table()
    rows = [] if found is None else [_row(each, found) for each in found.allow]
    deny = [] if found is None else [_deny(each, found) for each in found.deny]
    context = {"table": found, "deny": deny, "rows": rows} | more
    answer = render(request, "sharing/table.html", context)
    answer.status_code = 422 if more.get("problems") else 200
    return answer


def _row(row: Allow, found: Table) -> dict[str, Any]:
    scope = row.scope
    return {
        "row": row,
        "data": said.listed(said.DATA, sorted(scope.data)),
        "from": _some(said.KINDS, scope.senders, found.kinds),
        "to": _some(said.KINDS, scope.recipients, found.recipients),
        "purposes": said.listed(said.PURPOSES, sorted(scope.purposes)),
        "needs": said.needed(row.needs),
        "fields": said.listed(said.FIELDS, row.fields),
        "duties": said.listed(said.DUTIES, [str(each) for each in row.duties]),
        "counts": found.counts(row),
    }


def _deny(row: Deny, found: Table) -> dict[str, Any]:
    """What a row shuts, in words; '' where it shuts all."""
    scope = row.scope
    return {
        "row": row,
        "data": _some(said.DATA, scope.data, found.data),
        "to": _some(said.KINDS, scope.recipients, found.recipients),
        "purposes": _some(said.PURPOSES, scope.purposes, found.purposes),
        "unless": "" if row.unless is None else said.needed(row.unless),
    }


def _some(words: Mapping[str, str], codes: Collection[str], every: Collection[str]) -> str:
    return "" if len(codes) == len(every) else said.listed(words, sorted(codes))


@require_GET
@requires(Action.GOVERN_SHARING)
def new_agreement(request: HttpRequest) -> HttpResponse:
    """The form of an agreement; `replaces`: of its next version."""
    return _agreement_form(request, request.GET)


@require_POST
@requires(Action.GOVERN_SHARING)
@once(act_as)
def make_agreement(request: HttpRequest) -> HttpResponse:
    """Keep an agreement. What is wrong stands at its field, and what was typed is still there."""
    by, at = actor_of(request), now()
    try:
        wish = read_wish(request.POST, zone=community().time_zone)
        replaces = could.program_of(request.POST.get("replaces", ""))
        with act_as(by):
            paper = _paper(request, by, at, wish.tells + wish.told)
            commands.make_agreement(
                by=by,
                at=at,
                wish=wish,
                replaces_id=replaces,
                paper_id=None if paper is None else paper.pk,
            )
    except Refused as refusal:
        return _agreement_form(request, request.POST, refusal)
    return led(request, reverse("sharing:privacy"))


def _paper(
    request: HttpRequest, by: Actor, at: datetime, programs: tuple[UUID, ...]
) -> Paper | None:
    sent = request.FILES.get("paper")
    if sent is None:
        return None
    agencies = sorted({parties()[each].agency_id for each in programs if each in parties()})
    return commands.keep_paper(
        by=by,
        at=at,
        name=str(sent.name),
        media=str(sent.content_type),
        content=sent.read(),
        agencies=agencies or [by.agency_id],
    )


def _agreement_form(
    request: HttpRequest, given: QueryDict, refusal: Refused | None = None
) -> HttpResponse:
    by = actor_of(request)
    with act_as(by):
        found = queries.table()
    programs: list[PartyRow] = sorted(parties().values(), key=lambda each: each.path)
    named = [(str(each.program_id), each.name(by.language)) for each in programs]

    def of(name: str, options: list[tuple[str, str]]) -> list[could.Choice]:
        return [
            could.Choice(value, words, value in given.getlist(name)) for value, words in options
        ]

    context = {
        "given": given,
        "tells": of("tells", named),
        "told": of("told", named),
        "data": of(
            "data", [(each, said.said(said.DATA, each)) for each in (found.data if found else ())]
        ),
        "purposes": of(
            "purposes",
            [(each, said.said(said.PURPOSES, each)) for each in (found.purposes if found else ())],
        ),
        "fields": of(
            "fields",
            [(each, said.said(said.FIELDS, each)) for each in (found.fields if found else ())],
        ),
        "wrong": getattr(refusal, "field", "form") if refusal else "",
        "error": "" if refusal is None else reason(refusal.verdict),
    }
    answer = render(request, "sharing/agreement_new.html", context)
    answer.status_code = 200 if refusal is None else STATUS[type(refusal)]
    return answer


@require_POST
@requires(Action.GOVERN_SHARING)
@once(act_as)
def sign_off(request: HttpRequest) -> HttpResponse:
    """Sign a row of the table off, in one's own name."""
    commands.sign_off_row(by=actor_of(request), at=now(), row=request.POST.get("row", "")[:10])
    return led(request, reverse("sharing:privacy"))


@require_GET
@requires(Action.GOVERN_SHARING)
def paper(request: HttpRequest, paper_id: UUID) -> HttpResponse:
    """A scan, to look at: never shown inside a page of ours."""
    row = privacy_queries.paper(actor_of(request), paper_id)
    answer = HttpResponse(bytes(row.content), content_type=row.media)
    answer["Content-Disposition"] = "attachment"
    return answer


PRIVACY = Desk("privacy", "sharing:privacy", draw, alone=True)
acts.add(
    commands.finish_review,
    at="reviews/<uuid:review_id>/",
    label=_("Review"),
    machine=False,
    target="",
)
acts.add(
    commands.answer_ask,
    at="asks/<uuid:ask_id>/",
    label=_("Answer"),
    machine=False,
    target="",
)
acts.add(
    commands.agree_agreement,
    at="agreements/<uuid:agreement_id>/agree/",
    label=_("Agree for our agency"),
    machine=False,
)
acts.add(
    commands.end_agreement,
    at="agreements/<uuid:agreement_id>/end/",
    label=_("End it now"),
    machine=False,
)
acts.add(
    commands.withdraw_sign_off,
    at="sign-offs/<uuid:signoff_id>/withdraw/",
    label=_("Withdraw"),
    machine=False,
)
PAGES = (
    path("privacy/", privacy, name="privacy"),
    path("privacy/looks/", looks, name="looks"),
    path("privacy/ledger/", ledger, name="ledger"),
    path("privacy/table/", table, name="table"),
    path("privacy/table/try/", replay, name="replay"),
    path("privacy/accounting/<uuid:person_id>/", accounting, name="accounting"),
    path("privacy/agreements/new/", new_agreement, name="new_agreement"),
    path("privacy/agreements/make/", make_agreement, name="make_agreement"),
    path("privacy/sign-off/", sign_off, name="sign_off"),
    path("privacy/papers/<uuid:paper_id>/", paper, name="paper"),
)
