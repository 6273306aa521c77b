"""F7 and F8: many ask at once, by one key or for one unit or one offer. One effect each.

NWD_CYCLES sets the number of rounds.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from django.urls import reverse

from nowrongdoor.dispatch import commands as dispatch
from nowrongdoor.dispatch.models import Assignment
from nowrongdoor.episodes import commands as episodes
from nowrongdoor.kernel.verdict import Refused
from tests.clients import Desk
from tests.dispatch.floor import CARL, IRMA, a_crew, a_request, cleared, unit_id
from tests.faults.counts import at_most, cycles
from tests.makers import an_actor, an_episode, an_offer, later

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("db")]
Admin = psycopg.Connection[tuple[object, ...]]
ROUNDS = cycles(2)
THREADS = 8
CALL = {"incident_class": "psych_distress", "place": "12 Quiet Street"}
_ON_THE_WAY = "SELECT unit_id FROM dispatch_assignment WHERE cleared_at IS NULL"


def together(tries: Iterable[Callable[[], object]]) -> list[object]:
    """All at once, each with its own connection. Answers what each was told; a refusal as its rule."""
    tries = list(tries)
    start = threading.Barrier(len(tries))
    told: list[object] = [None] * len(tries)

    def one(number: int, ask: Callable[[], object]) -> None:
        connection.ensure_connection()
        start.wait(30)
        try:
            told[number] = ask()
        except Refused as refusal:
            told[number] = refusal.verdict.rule
        except Exception as error:  # noqa: BLE001 - the test's own thread raises it
            told[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=each) for each in enumerate(tries)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for each in told:
        if isinstance(each, Exception):
            raise each
    return told


def doubled(admin: Admin, query: str) -> list[object]:
    """What stands there more than once."""
    return [each for each, n in Counter(admin.execute(query).fetchall()).items() if n > 1]


def test_one_unit_is_sent_to_one_of_many(admin: Admin) -> None:
    a_crew()
    requests = [a_request() for _ in range(THREADS)]
    desks, unit = [an_actor(CARL), an_actor(IRMA)], unit_id()
    refused: Counter[object] = Counter()

    for number in range(ROUNDS):
        at = later(number)
        told = together(
            partial(dispatch.assign, by=desks[n % 2], at=at, request_id=each.pk, unit_id=unit)
            for n, each in enumerate(requests)
        )
        sent = [each for each in told if isinstance(each, Assignment)]
        refused.update(each for each in told if isinstance(each, str))
        assert len(sent) == 1
        assert doubled(admin, _ON_THE_WAY) == []
        requests = [each for each in requests if each.pk != sent[0].request_id]
        cleared(sent[0], at=at)
        requests.append(a_request(at=at))

    tries = ROUNDS * THREADS
    print(f"\nF8: {tries} tries to send one unit, 0 double, {dict(refused)}; {at_most(tries)}")
    assert refused == {"unit.busy": tries - ROUNDS}


def test_one_offer_is_accepted_by_one_of_many() -> None:
    people = [an_actor("maria.lopez"), an_actor("thomas.baker")]
    refused: Counter[object] = Counter()

    for _ in range(ROUNDS):
        offer = an_offer(an_episode())
        told = together(
            partial(episodes.accept_offer, by=people[n % 2], at=later(1), handoff_id=offer.pk)
            for n in range(THREADS)
        )
        said_no = [each for each in told if isinstance(each, str)]
        refused.update(said_no)
        assert len(said_no) == THREADS - 1

    tries = ROUNDS * THREADS
    print(f"\nF8: {tries} tries to accept, 0 double, {dict(refused)}; {at_most(tries)}")


def test_one_key_acts_once_however_often_and_by_how_many_it_is_sent(admin: Admin) -> None:
    desks = [Desk("anna.miller") for _ in range(THREADS)]
    url, told = reverse("calls:new_call"), Counter[str]()

    for number in range(ROUNDS):
        key, first = f"key-{number}", opened(admin)
        answers = [
            answer
            for _again in range(2)
            for answer in together(partial(desk.htmx, url, CALL, key=key) for desk in desks)
        ]
        assert opened(admin) == first + 1
        assert len({(each.status_code, each["HX-Redirect"]) for each in answers}) == 1  # type: ignore[attr-defined,index]
        told.update("again" if "Idempotency-Replayed" in each else "first" for each in answers)  # type: ignore[operator]

    tries = 2 * ROUNDS * THREADS
    print(f"\nF7: {tries} posts by {ROUNDS} keys, {dict(told)}, 0 double; {at_most(tries)}")
    assert told == {"first": ROUNDS, "again": tries - ROUNDS}


def test_without_a_key_everybody_acts_and_it_is_seen(admin: Admin) -> None:
    """Negative control of F7: it is the key that holds."""
    desks = [Desk("anna.miller") for _ in range(THREADS)]

    together(partial(desk.htmx, reverse("calls:new_call"), CALL) for desk in desks)

    assert opened(admin) == THREADS


@pytest.fixture
def naive(admin: Admin) -> Iterator[str]:
    """Assignments as somebody in a hurry keeps them: a table, and nothing that says only one."""
    admin.execute("CREATE TABLE naive (unit uuid, request uuid)")
    admin.execute("GRANT SELECT, INSERT ON naive TO nwd_app")
    yield "SELECT unit FROM naive"
    admin.execute("DROP TABLE naive")


def test_reading_and_then_writing_sends_one_unit_twice_and_is_seen(
    admin: Admin, naive: str
) -> None:
    """Negative control of F8: the same threads and the same count."""
    everybody_read = threading.Barrier(THREADS)
    unit = unit_id()

    def assign(request: int) -> str:
        with connection.cursor() as cursor:
            cursor.execute(f"{naive} WHERE unit = %s", [unit])
            free = cursor.fetchone() is None
            everybody_read.wait(30)
            if not free:
                return "unit.busy"
            cursor.execute("INSERT INTO naive VALUES (%s, %s)", [unit, UUID(int=request)])
        return ""

    told = together(partial(assign, n) for n in range(THREADS))

    assert doubled(admin, naive) == [(unit,)]
    print(f"\nF8, read and then written: {told.count('') - 1} of {THREADS} double")


def opened(admin: Admin) -> int:
    [found] = admin.execute("SELECT count(*) FROM episodes_episode").fetchone() or [0]
    return int(str(found))
