"""Asking twice acts once.

The key's row goes in first, in the command's own transaction: a twin that comes at the same time
waits for it, then gets the same answer. Only what was done is remembered: a refusal, raised or drawn
as a page, rolls the key back with everything else and is asked again. What only shows how things
now stand is not remembered but drawn, with the act and again for a twin: a picture of then would be
large, and old. Answers are forgotten after `KEPT_FOR`, longer than a phone in the field
is offline.
"""

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import partial, wraps
from hashlib import sha256
from http import HTTPStatus
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import BadInput, Refused, no
from nowrongdoor.rows.locks import retried
from nowrongdoor.web.models import Answer

View = Callable[..., HttpResponse]
Draw = Callable[[HttpRequest, UUID], HttpResponse]
DRAWN = "X-Drawn"
KEPT = ("Content-Type", "Location", "HX-Redirect", "HX-Retarget", "HX-Reswap", "HX-Trigger", DRAWN)
LONGEST_KEY = 64
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
OF_THE_PAGE = ("csrfmiddlewaretoken", "idempotency_key")
KEPT_FOR = timedelta(days=45)

# One round trip: the row, or nothing where a committed twin has it. A twin that is still
# running makes this statement wait until it commits or rolls back.
_CLAIM = """
INSERT INTO web_answer (member_id, route, key, body_digest, asked_at, headers, body)
VALUES (%s, %s, %s, %s, clock_timestamp(), '{}', '') ON CONFLICT ON CONSTRAINT answer_once DO NOTHING
RETURNING true
"""

# By the whole of `answer_once`: by its id, a young database looked through all that one key was ever answered.
_ANSWER = """
UPDATE web_answer SET status = %s, headers = %s, body = %s WHERE member_id = %s AND route = %s AND key = %s
"""


def drawn(subject: UUID) -> HttpResponse:
    """What a writing view answers that has nothing to say but how its subject now stands."""
    response = HttpResponse()
    response[DRAWN] = str(subject)
    return response


def once(
    acting: Callable[[Actor], AbstractContextManager[None]],
    draw: Draw | None = None,
    *,
    together: bool = False,
) -> Callable[[View], View]:
    """Decorate a writing view. `acting` opens the transaction (it lives above this module).

    `draw` draws what a view left to be `drawn`, when the act is committed. `together`: it reads in the
    act's own transaction, before the journal is written, and renders afterwards (a TemplateResponse).
    Without a key, and where somebody only looks, the view simply runs. With one: BadInput for an
    unusable key; Refused where the same key came with another body. A transaction that the database
    ended for another's sake is begun again (`rows.locks.retried`).
    """

    def decorate(view: View) -> View:
        def act(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            digest = _digest(request)  # before POST is read: a stream is read once
            by: Actor = request.actor  # type: ignore[attr-defined]  # set by Doors
            key = _key(request, by)
            if not key:
                return view(request, *args, **kwargs)
            bound = partial(view, request, *args, **kwargs)
            whole = partial(_in_one, acting, partial(_once, bound, request, key, digest), by)
            return whole() if together else retried(whole)

        def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            response = act(request, *args, **kwargs)
            if draw is None or DRAWN not in response:
                return response
            by: Actor = request.actor  # type: ignore[attr-defined]
            with acting(by):
                return _picture(draw, request, response)

        @wraps(view)
        def run(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not together:
                return answered(request, *args, **kwargs)
            by: Actor = request.actor  # type: ignore[attr-defined]
            return retried(_in_one, acting, partial(answered, request, *args, **kwargs), by)

        return run

    return decorate


def _key(request: HttpRequest, by: Actor) -> str:
    """The key of a writing request; '' where none came, and for whoever is neither a member nor a machine."""
    key = request.headers.get("Idempotency-Key") or request.POST.get("idempotency_key", "")
    if not key or by.asks_as is None or request.method != "POST":
        return ""
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise BadInput("Idempotency-Key", "key.unusable", "The idempotency key is not valid.")
    return key


def _in_one(
    acting: Callable[[Actor], AbstractContextManager[None]],
    act: Callable[[], HttpResponse],
    by: Actor,
) -> HttpResponse:
    with acting(by):
        return act()


def _picture(draw: Draw, request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """How what was done to now stands, said to be a twin's where the answer was."""
    picture = draw(request, UUID(response[DRAWN]))
    if "Idempotency-Replayed" in response:
        picture["Idempotency-Replayed"] = "true"
    return picture


def forget(*, at: datetime) -> int:
    """Delete answers that are old enough. Runs as the task `forget`; answers how many."""
    old, _ = Answer.objects.filter(asked_at__lt=at - KEPT_FOR).delete()
    return old


def _digest(request: HttpRequest) -> str:
    """What was asked. A form is known by its fields: its token is another each time it is drawn.

    Of one with files the check for forgeries has read the stream; the line between its parts varies too.
    """
    if request.content_type not in FORMS:
        return sha256(request.body).hexdigest()
    asked = [each for each in request.POST.lists() if each[0] not in OF_THE_PAGE]
    files = [
        (name, file.name, _content(file))
        for name, several in request.FILES.lists()
        for file in several
    ]
    return sha256(json.dumps([asked, files]).encode()).hexdigest()


def _content(file: "UploadedFile[bytes]") -> str:
    found = sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)  # the view reads it from its beginning
    return found.hexdigest()


def _once(
    act: Callable[[], HttpResponse], request: HttpRequest, key: str, digest: str
) -> HttpResponse:
    by: Actor = request.actor  # type: ignore[attr-defined]
    claimed: list[UUID | str | None] = [by.asks_as, _route(request), key]
    if not _claim(claimed, digest):
        return _replay(request, key, digest)
    response = act()
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        transaction.set_rollback(True)
        return response
    headers = {name: response[name] for name in KEPT if name in response}
    with connection.cursor() as cursor:
        told = (response.status_code, json.dumps(headers), response.content.decode())
        cursor.execute(_ANSWER, [*told, *claimed])
    return response


def _claim(key: Sequence[UUID | str | None], digest: str) -> bool:
    """Whether it is this request's; else a twin's, which is committed."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [*key, digest])
        return cursor.fetchone() is not None


def _replay(request: HttpRequest, key: str, digest: str) -> HttpResponse:
    by: Actor = request.actor  # type: ignore[attr-defined]
    answer = Answer.objects.get(member_id=by.asks_as or UUID(int=0), route=_route(request), key=key)
    if answer.body_digest != digest:
        raise Refused(no("key.reused", "This idempotency key was used for a different request."))
    response = HttpResponse(answer.body, status=answer.status)
    for name, value in answer.headers.items():
        response[name] = value
    response["Idempotency-Replayed"] = "true"
    return response


def _route(request: HttpRequest) -> str:
    return f"{request.method} {request.path}"
