"""The program's log: one line a record, which names nobody.

What a person typed, what a query holds and where a person is found never get here: a request is
its route's pattern, and an error is its kind, its SQLSTATE and where in the code it was raised.
PostgreSQL's and Python's own words about an error may repeat a row or a value, so they are left out.
"""

import json
import logging
import re
import traceback
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from uuid import uuid4

import psycopg
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from nowrongdoor.web.clock import running_s

log = logging.getLogger(__name__)

HEADER = "X-Request-ID"
UNKNOWN = "-"
_ID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_request_id: ContextVar[str] = ContextVar("request_id", default="")


class Logged:
    """Middleware, outermost: gives each request an id, and logs one line when it is answered.

    The id is the proxy's where that looks like one (32 hexadecimal digits, or a UUID), else new.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        offered = request.headers.get(HEADER, "")
        id = offered if _ID.fullmatch(offered) else uuid4().hex
        began_s = running_s()
        token = _request_id.set(id)
        try:
            response = self.get_response(request)
            told = {
                "route": route(request),
                "method": request.method if request.method in _METHODS else UNKNOWN,
                "status": response.status_code,
                "ms": round((running_s() - began_s) * 1000),
            }
            log.info("%(method)s %(route)s %(status)s %(ms)s ms", told, extra={"told": told})
        finally:
            _request_id.reset(token)
        response[HEADER] = id
        response["Server"] = "web"  # or the server says of itself which one it is
        return response


class Line(logging.Formatter):
    """A record as one line of plain text."""

    def format(self, record: logging.LogRecord) -> str:
        head = f"{_time(record)} {record.levelname} {record.name}"
        return " ".join([head, _request_id.get() or UNKNOWN, _message(record), *_error(record)])


class JsonLine(logging.Formatter):
    """A record as one JSON object on one line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "request": _request_id.get() or None,
            "message": _message(record),
        }
        if error := _error(record):
            line["error"] = error
        return json.dumps(line | getattr(record, "told", {}))


def write_attempt(request: HttpRequest, rule: str) -> None:
    """Somebody tried what they may not, or what nobody may so often: the rule, where, and who by id."""
    by = getattr(request, "actor", None)
    told = {"rule": rule, "route": route(request), "by": UNKNOWN if by is None else by.code}
    log.warning("refused: %(rule)s %(route)s %(by)s", told, extra={"told": told})


def route(request: HttpRequest) -> str:
    """The pattern that the address fits, never the address: that carries ids."""
    match = request.resolver_match
    return UNKNOWN if match is None else f"/{match.route}"


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _message(record: logging.LogRecord) -> str:
    """What was said, on one line. What Django says of a request has its address in it: its route then."""
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        return f"{getattr(record, 'status_code', UNKNOWN)} {route(request)}"
    return " ".join(record.getMessage().split())


def _error(record: logging.LogRecord) -> list[str]:
    error = record.exc_info[1] if record.exc_info else None
    return [] if error is None else list(_kinds(error))


def _kinds(error: BaseException) -> Iterator[str]:
    """An error and what led to it: what kind each is, and where it went through the code."""
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    if isinstance(error, psycopg.Error):
        diag = error.diag
        kind = " ".join(filter(None, (kind, diag.sqlstate, diag.table_name, diag.constraint_name)))
    yield kind
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"{frame.filename}:{frame.lineno} {frame.name}"
    for each in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from _kinds(each)
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _kinds(before)
