"""Somebody at a desk, without a browser."""

from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.test.client import ClientHandler
from django.urls import reverse

from nowrongdoor.agencies.models import Position
from tests.makers import program_id

HOST = "localhost"
_HANDLER = ClientHandler(enforce_csrf_checks=False)


class Visitor(Client):
    """A browser or a program that asks. One handler for all: its middleware is loaded once, not for each."""

    def __init__(self, headers: dict[str, str] | None = None, **more: Any) -> None:
        super().__init__(headers={"host": HOST} | (headers or {}), **more)
        if not more.get("enforce_csrf_checks"):
            self.handler = _HANDLER


class Desk(Visitor):
    """A signed-in member's browser, as far as a test without one can be."""

    def __init__(self, username: str, program: str = "", **more: Any) -> None:
        super().__init__(**more)
        rows = Position.objects.filter(member__username=username).order_by("id")
        if program:
            rows = rows.filter(program_id=program_id(program))
        answer = self.post(reverse("agencies:demo"), {"position": str(rows[0].pk)})
        assert answer.status_code == 302, answer.content

    def with_tokens(self) -> "Desk":
        """As a real browser: from now on a form without its token is refused. Only here: the handler is its own."""
        self.handler = ClientHandler(enforce_csrf_checks=True)
        return self

    def htmx(self, url: str, data: dict[str, str] | None = None, key: str = "") -> HttpResponse:
        headers = {"HX-Request": "true"} | ({"Idempotency-Key": key} if key else {})
        return self.post(url, data or {}, headers=headers)
