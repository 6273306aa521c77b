"""Row-level security: what PostgreSQL itself refuses, whatever a query forgets."""

import re
from uuid import UUID

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, connections

from nowrongdoor.agencies.acting import act_as, act_as_task
from nowrongdoor.episodes import commands
from nowrongdoor.episodes.facts import CardFacts
from nowrongdoor.episodes.models import Episode
from nowrongdoor.kernel.verdict import NotFound, Refused
from nowrongdoor.rows.locks import locked, require_version
from nowrongdoor.site import tables
from nowrongdoor.site.tables import OUTSIDE
from nowrongdoor.web import idempotency
from nowrongdoor.web.clock import now
from tests.dispatch.floor import a_request
from tests.makers import NOON, an_actor, an_episode, an_offer, later

pytestmark = pytest.mark.usefixtures("db")
Admin = psycopg.Connection[tuple[object, ...]]
STRANGER = "judith.park"  # a nurse at the center: no feed, no offer
_TABLES = """
SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY relname
"""


def test_the_app_role_is_bound() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("nwd_app", False, False, False)


def test_every_table_has_a_wall_or_a_reason(admin: Admin) -> None:
    tables = {str(name): forced for name, forced in admin.execute(_TABLES)}

    assert {name for name, forced in tables.items() if not forced} == set(OUTSIDE)
    assert all(why for _verbs, why in OUTSIDE.values())


def test_the_app_may_do_outside_exactly_what_the_list_says(admin: Admin) -> None:
    rows = admin.execute(
        "SELECT table_name, privilege_type FROM information_schema.role_table_grants "
        "WHERE grantee = 'nwd_app' AND table_schema = 'public'"
    )
    granted: dict[str, set[str]] = {}
    for table, verb in rows:
        granted.setdefault(str(table), set()).add(str(verb))
    of_columns = admin.execute(
        "SELECT attrelid::regclass::text, privilege_type || ' ' || attname FROM pg_attribute "
        "CROSS JOIN LATERAL aclexplode(attacl) WHERE grantee = 'nwd_app'::regrole"
    )
    for table, verb in of_columns:
        granted.setdefault(str(table), set()).add(str(verb))
    listed = {name: verbs_of(verbs) for name, (verbs, _) in OUTSIDE.items()}

    assert {name: granted.get(name, set()) for name in listed} == listed


def verbs_of(text: str) -> set[str]:
    """`SELECT, UPDATE (a, b)` as the verbs on the table, and those on its columns."""
    columns = {
        f"{verb} {column}"
        for verb, named in re.findall(r"(\w+) \((.*?)\)", text)
        for column in named.split(", ")
    }
    whole = re.sub(r"(, )?\w+ \(.*?\)", "", text)
    return {verb for verb in whole.split(", ") if verb} | columns


PROMOTED = "UPDATE agencies_position SET role = 'administrator'"


@pytest.mark.parametrize(
    "statement",
    [
        PROMOTED,
        "UPDATE agencies_position SET member_id = member_id",
        "INSERT INTO agencies_position SELECT * FROM agencies_position",
        "UPDATE agencies_token SET digest = 'x'",
        "UPDATE agencies_token SET scopes = '[]'",
        "UPDATE agencies_token SET expires_at = now()",
    ],
)
def test_the_app_gives_nobody_another_role(statement: str) -> None:
    """195 positions became administrator in one update."""
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
        cursor.execute(statement)


def test_nothing_of_a_person_is_ever_deleted_by_the_app(admin: Admin) -> None:
    rows = admin.execute(
        "SELECT table_name FROM information_schema.role_table_grants "
        "WHERE grantee = 'nwd_app' AND privilege_type IN ('DELETE', 'TRUNCATE') AND table_schema = 'public'"
    )
    sign_in = {name for name, (verbs, _) in OUTSIDE.items() if "DELETE" in verbs}

    assert {str(name) for [name] in rows} == sign_in | {"web_answer"}


def test_only_the_task_that_forgets_deletes_answers_and_only_old_ones(admin: Admin) -> None:
    anna = an_actor()
    ages = {"new": "1 day", "old": "44 days", "very old": "46 days"}
    for key, age in ages.items():  # the app itself makes none that is older than it is
        admin.execute(
            "INSERT INTO web_answer (member_id, route, key, body_digest, asked_at, headers, body) "
            "VALUES (%s, 'POST /x', %s, 'd', now() - %s::interval, '{}', '')",
            [anna.member_id, key, age],
        )
    with act_as(anna), connection.cursor() as cursor:
        cursor.execute("DELETE FROM web_answer")
        assert cursor.rowcount == 0

    with act_as_task("forget"):
        assert idempotency.forget(at=now()) == 1

    with act_as(anna), connection.cursor() as cursor:
        cursor.execute("SELECT key FROM web_answer ORDER BY key")
        assert [key for [key] in cursor.fetchall()] == ["new", "old"]


@pytest.fixture
def busy() -> Episode:
    """An episode with a card, an offer, deadlines, parties and journal lines."""
    episode = an_episode(place="12 Quiet Street")
    an_offer(episode)
    return episode


def counts(tables: list[str]) -> dict[str, int]:
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
    return found


def test_walls_run_inside_an_agency(busy: Episode) -> None:
    """911's administration is the same agency as its floor, and sees nobody."""
    with act_as(an_actor("victor.reed")):
        assert not Episode.objects.exists()


def test_an_answer_is_its_members_alone() -> None:
    with connection.cursor() as cursor:
        with act_as(an_actor()):
            cursor.execute(
                "INSERT INTO web_answer (member_id, route, key, body_digest, asked_at, headers, body) "
                "VALUES (%s, 'POST /x', 'k', 'd', now(), '{}', 'Maria')",
                [an_actor().member_id],
            )
        with act_as(an_actor("luis.ortega")):  # the same program
            assert counts(["web_answer"]) == {"web_answer": 0}
        with act_as(an_actor()):
            assert counts(["web_answer"]) == {"web_answer": 1}


@pytest.mark.parametrize("kept", ["seen_by", "worked_by"])
def test_nobody_writes_who_may_see(busy: Episode, kept: str) -> None:
    """Not even who holds it: a row read before somebody left would let them in again."""
    anna = an_actor()
    with pytest.raises(ProgrammingError, match="permission denied"), act_as(anna):
        Episode.objects.filter(pk=busy.pk).update(**{kept: [anna.program_id]})


def test_an_informed_program_cannot_open_the_card_to_itself(busy: Episode) -> None:
    line = an_actor("maria.lopez")
    an_episode(an_actor())
    with act_as(line), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE episodes_party SET role = 'working' WHERE role = 'informed' AND program_id = %s",
            [line.program_id],
        )
        assert cursor.rowcount == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE episodes_party SET until_at = now() WHERE program_id <> %s::uuid",
        "INSERT INTO episodes_party (id, episode_id, program_id, role, basis, since_at, pointer_record, pointer_status, person_name) "
        "SELECT gen_random_uuid(), id, %s::uuid, 'working', 'N', now(), '', '', '' FROM episodes_episode",
    ],
)
def test_a_stranger_cannot_let_themselves_in(busy: Episode, statement: str) -> None:
    stranger = an_actor(STRANGER)
    with act_as(stranger), connection.cursor() as cursor:
        cursor.execute(statement, [stranger.program_id])
        assert cursor.rowcount == 0


def test_one_transaction_never_acts_for_two_programs() -> None:
    with (
        act_as(an_actor()),
        pytest.raises(RuntimeError, match="one program"),
        act_as(an_actor("maria.lopez")),
    ):
        pass


def test_who_acted_is_forgotten_when_the_connection_goes_back() -> None:
    with act_as(an_actor()):
        pass
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('nwd.program', true), current_setting('nwd.member', true)"
        )
        assert set(cursor.fetchone()) <= {"", None}


def test_a_command_in_a_command_shares_its_transaction(busy: Episode) -> None:
    anna = an_actor()
    with pytest.raises(Refused), act_as(anna):
        commands.change_card(
            by=anna, at=NOON, episode_id=busy.pk, card=CardFacts(place="elsewhere")
        )
        commands.take_episode(by=anna, at=NOON, episode_id=busy.pk)  # refused: held already

    with act_as(anna), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM episodes_card WHERE place = 'elsewhere'")
        assert cursor.fetchone() == (0,)


def test_a_row_that_is_not_there_and_one_that_is_hidden_look_the_same(busy: Episode) -> None:
    answers = []
    for by, id in ((an_actor(STRANGER), busy.pk), (an_actor(STRANGER), UUID(int=1))):
        with act_as(by), pytest.raises(NotFound) as raised:
            locked(Episode, id)
        answers.append((raised.value.verdict.rule, raised.value.verdict.because))

    assert answers[0] == answers[1]


def test_an_old_version_is_refused_and_none_is_not_asked() -> None:
    require_version(3, None)
    require_version(3, 3)
    with pytest.raises(Refused):
        require_version(3, 2)


def test_an_informed_party_reads_no_card_before_it_is_offered() -> None:
    episode = an_episode(place="12 Quiet Street")
    with act_as(an_actor("maria.lopez")):
        assert counts(["episodes_episode", "episodes_card"]) == {
            "episodes_episode": 1,
            "episodes_card": 0,
        }
    an_offer(episode, at=later(1))
    with act_as(an_actor("maria.lopez")):
        assert counts(["episodes_card"]) == {"episodes_card": 1}


def test_only_the_feed_reads_the_journal_across_walls(busy: Episode) -> None:
    with act_as(an_actor(STRANGER)):
        assert counts(["journal_entry"]) == {"journal_entry": 0}
    with act_as_task("feed"):
        assert counts(["journal_entry"])["journal_entry"] >= 3
    with act_as_task("any other"):
        assert counts(["journal_entry"]) == {"journal_entry": 0}


def test_the_app_puts_no_table_of_its_own_before_ours(admin: Admin) -> None:
    """Where it could, it would end the last clock of a request, and the constraint would look elsewhere."""
    request = a_request(at=now())
    copied = (
        "CREATE TEMP TABLE clocks_deadline ON COMMIT DROP AS SELECT * FROM public.clocks_deadline"
    )
    shown = "GRANT SELECT ON pg_temp.clocks_deadline TO PUBLIC"
    ended = "UPDATE public.clocks_deadline SET cancelled_at = set_at WHERE subject_id = %s"

    def granted() -> None:
        connections["owner"].close()  # where another test's cut has ended it, it begins anew
        tables.grant("nwd_app")

    def end(*before: str) -> None:
        with act_as(an_actor("maria.lopez")), connection.cursor() as cursor:
            for statement in before:
                cursor.execute(statement)
            cursor.execute(ended, [request.pk])

    with pytest.raises(IntegrityError, match="request_waits_with_clock"):
        end()
    granted()  # a copy of a database does not have what its own says of it
    with pytest.raises(ProgrammingError, match="permission denied to create temporary tables"):
        end(copied, shown)

    template = "SELECT has_database_privilege('nwd_app', 'template', 'TEMP')"
    assert admin.execute(template).fetchone() == (False,)  # migrated as any other is
    name = connection.settings_dict["NAME"]
    admin.execute(f"GRANT TEMPORARY ON DATABASE {name} TO nwd_app")
    with pytest.raises(IntegrityError, match="request_waits_with_clock"):
        end(copied, shown)  # nor would it help: what the path names last is looked at last
    path = "ALTER FUNCTION request_waits_with_clock() SET search_path = pg_catalog, public"
    admin.execute(path)
    end(copied, shown)  # negative control: nothing else would have refused it
    admin.execute(f"{path}, pg_temp")
    granted()
