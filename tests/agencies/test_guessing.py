"""What somebody learns who tries names, passwords, codes and keys: nothing, and not for long.

How long each answer took is printed (`pytest -s`), never asserted: machines are noisy.
"""

import re
from collections.abc import Callable
from statistics import median
from time import perf_counter

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.http import HttpResponse
from django.urls import reverse

from nowrongdoor.agencies import commands
from nowrongdoor.agencies.models import Member
from nowrongdoor.web.clock import now
from tests.clients import Visitor
from tests.desks.machines import a_machine, post
from tests.makers import an_actor, member_id

pytestmark = pytest.mark.usefixtures("db")
PASSWORD = "correct horse battery staple"
GUESSES = {
    "nobody's name": ("nobody.known", PASSWORD),
    "a wrong password": ("maria.lopez", "nine lives of a red cat"),
    "ended access, the right password": ("thomas.baker", PASSWORD),
    "no password at all": ("rosa.figueroa", PASSWORD),
}
TIMES = 12


@pytest.fixture(autouse=True)
def people() -> None:
    """Maria has a password, Thomas had one until his access ended, Rosa never had one."""
    for name in ("maria.lopez", "thomas.baker"):
        member = Member.objects.get(username=name)
        member.set_password(PASSWORD)
        member.save()
    by = an_actor("oscar.nunez")
    commands.end_access(by=by, at=now(), member_id=member_id("thomas.baker"))


def guess(name: str, password: str) -> HttpResponse:
    cache.clear()  # so that the lock after five, which has its own test, does not answer here
    client = Visitor()
    answer = client.post(reverse("account_login"), {"login": name, "password": password})
    assert "_auth_user_id" not in client.session
    return answer


def plain(answer: HttpResponse) -> tuple[int, str]:
    """The page without what is another each time, and without the name that was typed."""
    return answer.status_code, re.sub(
        r'value="[^"]*"|"X-CSRFToken": "\w+"', "", answer.content.decode()
    )


def test_every_wrong_sign_in_is_one_answer() -> None:
    told = {kind: plain(guess(*typed)) for kind, typed in GUESSES.items()}

    assert len(set(told.values())) == 1, told


@pytest.mark.long
@pytest.mark.usefixtures("real_hashing")
def test_how_long_a_wrong_sign_in_takes() -> None:
    took: dict[str, list[float]] = {kind: [] for kind in GUESSES}
    for _ in range(TIMES):  # in turns, so that other work on the machine meets all alike
        for kind, typed in GUESSES.items():
            began = perf_counter()
            guess(*typed)
            took[kind].append(1000 * (perf_counter() - began))

    for kind, each in took.items():
        spread = f"{min(each):.0f} to {max(each):.0f}"
        print(f"sign-in, {kind}: median {median(each):.0f} ms ({spread}), n = {TIMES}")
    assert {len(each) for each in took.values()} == {TIMES}


@pytest.mark.parametrize("kind", GUESSES)
def test_as_much_is_computed_for_nobody_as_for_somebody(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What makes the times alike: one hash of the password that was typed, whoever it is for."""
    hashed: list[str] = []

    def counted(name: str) -> Callable[..., object]:
        real: Callable[..., object] = getattr(Argon2PasswordHasher, name)

        def hash_and_count(*asked: object) -> object:
            hashed.append(name)
            return real(*asked)

        return hash_and_count

    for name in ("encode", "verify"):
        monkeypatch.setattr(Argon2PasswordHasher, name, counted(name))

    guess(*GUESSES[kind])

    assert len(hashed) == 1, hashed


def test_somebody_elses_key_tells_nothing() -> None:
    """Neither that it was used, nor for what: it is as new to whoever comes second."""
    anna, luis = (a_machine() for _ in "ab")
    place = {"incident_class": "psych_distress", "place": "12 Quiet Street"}

    first = post(anna, "/calls", place, key="k")
    same = post(luis, "/calls", place, key="k")
    other = post(luis, "/calls", place | {"place": "4 Loud Lane"}, key="k")

    assert (first.status_code, same.status_code) == (200, 200)
    assert same.json()["episode_id"] != first.json()["episode_id"]
    assert "Idempotency-Replayed" not in same
    assert (other.status_code, other.json()["rule"]) == (409, "key.reused")  # luis's own
