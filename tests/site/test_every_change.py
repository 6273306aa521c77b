"""Whatever is changed in the catalogue, `verify` names it: those that an attack tried, and the rest of their kind.

All changes are made at once and taken back: what is named for one does not depend on the others.
"""

import os
import re

import psycopg
import pytest

from nowrongdoor.site import catalogue, safeguards
from tests.conftest import database_url

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.xdist_group("verify")]
Admin = psycopg.Connection[tuple[object, ...]]
HERE = f"nwd_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
QUIET = "episodes_offer_needs_open()"

# what is named: what was done. Several are named where one statement does several things.
CHANGES = {
    # triggers
    "trigger gone: journal_entry_append_only on journal_entry": "DROP TRIGGER journal_entry_append_only ON journal_entry",
    "trigger gone: journal_seal_append_only on journal_seal": "ALTER TABLE journal_seal DISABLE TRIGGER journal_seal_append_only",
    "trigger changed: journal_entry_stamp on journal_entry": "ALTER TABLE journal_entry ENABLE REPLICA TRIGGER journal_entry_stamp",
    "trigger changed: episodes_answer_stands on episodes_handoff": "ALTER TABLE episodes_handoff ENABLE ALWAYS TRIGGER episodes_answer_stands",
    "trigger added: quiet on web_answer": f"CREATE TRIGGER quiet BEFORE INSERT ON web_answer FOR EACH ROW EXECUTE FUNCTION {QUIET}",
    'key trigger gone: {episodes_card} "RI_FKey_check_ins" 5 on episodes_card': "ALTER TABLE episodes_card DISABLE TRIGGER ALL",
    'key trigger changed: {episodes_party} "RI_FKey_check_ins" 5 on episodes_party': "DO $$ BEGIN EXECUTE (SELECT format('ALTER TABLE episodes_party ENABLE REPLICA TRIGGER %I', tgname) FROM pg_trigger t JOIN pg_constraint k ON k.oid = tgconstraint WHERE conname = '{episodes_party}' AND tgtype = 5); END $$",
    "object added: shut on pg_event_trigger": "CREATE FUNCTION public.shut() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER shut ON ddl_command_start EXECUTE FUNCTION public.shut()",
    # rules and views
    "rule added: swallowed on triage_answer": "CREATE RULE swallowed AS ON INSERT TO triage_answer DO INSTEAD NOTHING",
    "rule added: aside on triage_screening": "CREATE TABLE aside (a text); CREATE RULE aside AS ON INSERT TO triage_screening DO ALSO INSERT INTO aside VALUES (NEW.level)",
    "table added: table on everything": "CREATE VIEW everything AS SELECT * FROM episodes_card",
    "grant added: everybody on everything": "GRANT SELECT ON everything TO PUBLIC",
    "table added: table on kept": "CREATE MATERIALIZED VIEW kept AS SELECT 1 AS a",
    # functions
    "function changed: clocks_due(timestamp with time zone,integer) on public": "ALTER FUNCTION clocks_due SET search_path = public",
    "function changed: episodes_keep_seen_by() on public": "ALTER FUNCTION episodes_keep_seen_by SET search_path = pg_temp, public",
    "function changed: rows_immutable() on public": "CREATE OR REPLACE FUNCTION rows_immutable() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "function changed: guests_by_id(uuid) on public": "ALTER FUNCTION guests_by_id SECURITY INVOKER",
    "function changed: guests_by_token(text) on public": "ALTER FUNCTION guests_by_token LEAKPROOF",
    "function changed: guests_by_code(text) on public": "ALTER FUNCTION guests_by_code OWNER TO nwd_app",
    "function added: open_sesame() on public": "CREATE FUNCTION open_sesame() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
    "function added: clocks_due(text) on public": "CREATE FUNCTION clocks_due(text) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "function added: set_config(text,text) on pg_catalog": "CREATE FUNCTION pg_catalog.set_config(text, text) RETURNS text LANGUAGE sql AS 'SELECT 1::text'",
    "function added: lower(text) on pg_catalog": "ALTER FUNCTION pg_catalog.lower(text) SET search_path = public",
    "grant changed: app on function clocks_overdue_since(timestamp with time zone)": "GRANT EXECUTE ON FUNCTION clocks_overdue_since TO nwd_app WITH GRANT OPTION",
    "grant added: everybody on function triage_known(uuid)": "GRANT EXECUTE ON FUNCTION triage_known TO PUBLIC",
    "system grant added: app on pg_catalog.pg_read_file(pg_catalog.text)": "GRANT EXECUTE ON FUNCTION pg_read_file(text) TO nwd_app",
    "system grant added: everybody on pg_catalog.pg_largeobject": "GRANT UPDATE ON pg_largeobject TO PUBLIC",
    # policies and row level security
    "policy gone: episodes_party_select on episodes_party": "DROP POLICY episodes_party_select ON episodes_party",
    "policy changed: episodes_card_select on episodes_card": "ALTER POLICY episodes_card_select ON episodes_card TO PUBLIC",
    "policy changed: triage_answer_select on triage_answer": "ALTER POLICY triage_answer_select ON triage_answer USING (true)",
    "policy added: open_to_all on episodes_card": "CREATE POLICY open_to_all ON episodes_card FOR SELECT TO PUBLIC USING (true)",
    "forced gone: row level security on guests_link": "ALTER TABLE guests_link DISABLE ROW LEVEL SECURITY",
    "forced gone: row level security on calls_contact": "ALTER TABLE calls_contact NO FORCE ROW LEVEL SECURITY",
    # grants
    "grant changed: app on episodes_card": "GRANT DELETE ON episodes_card TO nwd_app",
    "grant added: everybody on journal_entry": "GRANT SELECT ON journal_entry TO PUBLIC",
    "grant changed: app, columns on episodes_episode": "GRANT UPDATE (seen_by) ON episodes_episode TO nwd_app",
    "grant added: everybody, columns on agencies_member": "GRANT SELECT (password) ON agencies_member TO PUBLIC",
    "grant changed: app on episodes_number": "GRANT UPDATE ON SEQUENCE episodes_number TO nwd_app",
    "grant changed: everybody on schema public": "GRANT CREATE ON SCHEMA public TO PUBLIC",
    "grant changed: everybody on database": f"GRANT TEMPORARY ON DATABASE {HERE} TO PUBLIC",
    "object added: for role nwd_owner on tables on pg_default_acl": "ALTER DEFAULT PRIVILEGES FOR ROLE nwd_owner GRANT SELECT ON TABLES TO PUBLIC",
    "object added: session_replication_role on pg_parameter_acl": "GRANT SET ON PARAMETER session_replication_role TO nwd_app",
    # tables
    "table changed: table on dispatch_request": "ALTER TABLE dispatch_request OWNER TO nwd_app",
    "table changed: table on narrative_note": "ALTER TABLE narrative_note SET UNLOGGED",
    "column changed: note on episodes_card": "ALTER TABLE episodes_card ALTER note SET DEFAULT 'none'",
    "column changed: place on episodes_card": "ALTER TABLE episodes_card ALTER place DROP NOT NULL",
    "column changed: at on journal_entry": "ALTER TABLE journal_entry ALTER at TYPE timestamptz(0)",
    "column added: aside on episodes_card": "ALTER TABLE episodes_card ADD aside text GENERATED ALWAYS AS (note) STORED",
    "column gone: reason on triage_screening": "ALTER TABLE triage_screening RENAME reason TO reasons",
    "inherited added: dispatch_caution on more": "CREATE TABLE more () INHERITS (dispatch_caution)",
    "sequence changed: counts on episodes_number": "ALTER SEQUENCE episodes_number MAXVALUE 1000 CYCLE",
    "constraint gone: handoff_ends_one_way on episodes_handoff": "ALTER TABLE episodes_handoff DROP CONSTRAINT handoff_ends_one_way",
    "constraint changed: journal_seal_from_one on journal_seal": "ALTER TABLE journal_seal DROP CONSTRAINT journal_seal_from_one; ALTER TABLE journal_seal ADD CONSTRAINT journal_seal_from_one CHECK (true)",
    "constraint added: never on calls_leg": "ALTER TABLE calls_leg ADD CONSTRAINT never CHECK (false) NOT VALID",
    "unique gone: party_once on episodes_party": "DROP INDEX party_once",
    "index gone: card_latest on episodes_card": "DROP INDEX card_latest",
    "index added: called on journal_seal": "CREATE INDEX called ON journal_seal (md5(hash))",
    'object added: "some" on pg_statistic_ext': "CREATE STATISTICS public.some ON kind, by FROM journal_entry",
    # schemas, types and whatever else a name can lead to
    "schema added: of on elsewhere": "CREATE SCHEMA elsewhere; CREATE FUNCTION elsewhere.evil() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
    "function added: elsewhere.evil() on elsewhere": "SELECT 1",
    "schema changed: of on public": "ALTER SCHEMA public OWNER TO nwd_app",
    "object added: (integer AS boolean) on pg_cast": "UPDATE pg_cast SET castcontext = 'i' WHERE castsource = 'int4'::regtype AND casttarget = 'bool'::regtype",
    "object added: ===(integer,integer) on pg_operator": "CREATE OPERATOR public.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq)",
    "object added: small on pg_type": "CREATE DOMAIN small AS int CHECK (VALUE < 10)",
    "object added: mood on pg_type": "CREATE TYPE mood AS ENUM ('calm')",
    "object added: plain on pg_ts_config": "CREATE TEXT SEARCH CONFIGURATION plain (COPY = simple)",
    "object added: alike on pg_collation": 'CREATE COLLATION alike FROM "C"',
    "object added: plsh on pg_language": "CREATE TRUSTED LANGUAGE plsh HANDLER plpgsql_call_handler",
    "object added: away on pg_foreign_data_wrapper": "CREATE FOREIGN DATA WRAPPER away",
    "object added: far on pg_foreign_server": "CREATE SERVER far FOREIGN DATA WRAPPER away",
    "object added: told on pg_publication": "SET LOCAL client_min_messages = error; CREATE PUBLICATION told FOR TABLE episodes_card",
    "subscription added: heard on database": "SET LOCAL client_min_messages = error; CREATE SUBSCRIPTION heard CONNECTION 'host=nowhere' PUBLICATION told WITH (connect = false, slot_name = NONE)",
    "large objects added: stored on database": "SELECT lo_from_bytea(0, 'x')",
    # roles and settings
    "role changed: may on app": "ALTER ROLE nwd_app BYPASSRLS",
    "role changed: may on owner": "ALTER ROLE nwd_owner CREATEROLE",
    "member added: app on owner": "GRANT nwd_owner TO nwd_app",
    "member added: app on pg_read_all_data": "GRANT pg_read_all_data TO nwd_app",
    "setting added: nwd.task on app": "ALTER ROLE nwd_app SET nwd.task = 'feed'",
    "setting added: session_replication_role on owner": f"ALTER ROLE nwd_owner IN DATABASE {HERE} SET session_replication_role = replica",
    "setting added: row_security on everybody": f"ALTER DATABASE {HERE} SET row_security = off",
    "setting gone: lock_timeout on app": "ALTER ROLE nwd_app RESET lock_timeout",
    "setting changed: idle_in_transaction_session_timeout on app": "ALTER ROLE nwd_app SET idle_in_transaction_session_timeout = 0",
    "setting added: nwd.program on the server": "SET LOCAL nwd.program = 'x'",
    "setting changed: session_replication_role on the server": "SET LOCAL session_replication_role = replica",
    "database changed: made on database": f"ALTER DATABASE {HERE} OWNER TO nwd_app",
    "label added: none on 0": "INSERT INTO pg_seclabel VALUES (0, 'pg_class'::regclass, 0, 'none', 'x')",
}

# What stood under a name that was there already, behind a mark in another catalogue, or in an exception of ours.
HIDDEN = {
    # of two with one name the later one was compared
    "setting changed: lock_timeout on app": f"ALTER ROLE nwd_app IN DATABASE {HERE} SET lock_timeout = 0",
    # a role that is called as we call ours
    "function changed: calls_ears(uuid) on public": "CREATE ROLE owner SUPERUSER; ALTER FUNCTION calls_ears OWNER TO owner",
    "policy changed: calls_leg_select on calls_leg": "CREATE ROLE app; ALTER POLICY calls_leg_select ON calls_leg TO app",
    "function changed: clocks_due(timestamp with time zone,integer) on public": "ALTER FUNCTION clocks_due OWNER TO pg_database_owner",
    "function changed: clocks_cancel(uuid,timestamp with time zone) on public": "UPDATE pg_proc SET prosupport = 'text_starts_with_support'::regproc WHERE proname = 'clocks_cancel'",
    # who may administer a role gives it to themselves
    "member added: app on lent": "CREATE ROLE lent; GRANT lent TO nwd_app WITH {only_admin}",
    "member added: borrower on owner": "CREATE ROLE borrower; GRANT nwd_owner TO borrower WITH {only_admin}",
    # marks by which PostgreSQL passes by what stands elsewhere
    "passed by added: triggers on calls_participant": "UPDATE pg_class SET relhastriggers = false WHERE oid = 'calls_participant'::regclass",
    "passed by added: checks on calls_search": "UPDATE pg_class SET relchecks = 0 WHERE oid = 'calls_search'::regclass",
    "passed by added: indexes on calls_search_attempt": "UPDATE pg_class SET relhasindex = false WHERE oid = 'calls_search_attempt'::regclass",
    "passed by added: rules on web_answer": "CREATE RULE swallowed AS ON DELETE TO web_answer DO INSTEAD NOTHING; UPDATE pg_class SET relhasrules = false WHERE oid = 'web_answer'::regclass",
    "passed by added: defaults on calls_contact": "UPDATE pg_attribute SET atthasdef = false WHERE attrelid = 'calls_contact'::regclass",
    "passed by added: what is unique on journal_seal": "UPDATE pg_index SET indisunique = false WHERE indexrelid = 'journal_seal_pkey'::regclass",
    # half of it
    "forced added: half of row level security on agencies_member": "ALTER TABLE agencies_member ENABLE ROW LEVEL SECURITY",
    "grant added: everybody, columns on episodes_card": "GRANT SELECT (xmin) ON episodes_card TO PUBLIC",
    "database changed: made on database": f"ALTER DATABASE {HERE} IS_TEMPLATE true",
    # schemas that were left out
    "table added: table on information_schema.aside": "CREATE TABLE information_schema.aside AS SELECT * FROM episodes_card",
    "table added: table on pg_catalog.agencies_presence": "SET LOCAL allow_system_table_mods = on; CREATE TABLE pg_catalog.agencies_presence (LIKE public.agencies_presence)",
}
SINCE_18 = {
    "column changed: place on episodes_card": "ALTER TABLE episodes_card ALTER place DROP NOT NULL; ALTER TABLE episodes_card ADD CONSTRAINT later NOT NULL place NOT VALID",
}


def named(words: str) -> str:
    """With the names of foreign keys as they are, which Django makes up."""
    keys = {"episodes_card": "made_by_program", "episodes_party": "_program_id"}
    for table, column in keys.items():
        names = (
            each.name
            for each in safeguards.expected()
            if each.table == table
            and each.definition.startswith("FOREIGN KEY")
            and column in each.name
        )
        words = words.replace(f"{{{table}}}", next(names))
    return words


def only_admin(version: int) -> str:
    """The least that a role can be given which administers another."""
    return "ADMIN TRUE, INHERIT FALSE, SET FALSE" if version >= 160000 else "ADMIN OPTION"


def test_every_change_is_named() -> None:
    with psycopg.connect(database_url("admin", HERE)) as admin:
        before = list(safeguards.missing(admin))
        for statement in CHANGES.values():
            admin.execute(named(statement))
        told = set(safeguards.missing(admin))
        admin.rollback()
        after = list(safeguards.missing(admin))

    assert {named(words) for words in CHANGES} - told == set()
    assert before == after == []


def test_what_was_hidden_is_named_too() -> None:
    with psycopg.connect(database_url("admin", HERE)) as admin:
        version = admin.info.server_version
        changes = HIDDEN | (SINCE_18 if version >= 180000 else {})
        for statement in changes.values():
            admin.execute(statement.replace("{only_admin}", only_admin(version)))
        told = set(safeguards.missing(admin))
        admin.rollback()
        after = list(safeguards.missing(admin))

    assert set(changes) - told == set()
    assert after == []


def test_every_catalogue_is_asked_or_has_a_reason(admin: Admin) -> None:
    rows = admin.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'pg_catalog'::regnamespace"
    ).fetchall()
    every = {str(name) for [name] in rows}
    asked = every & set(re.findall(r"\bpg_\w+", " ".join(catalogue.queries())))

    assert every - asked - set(catalogue.NOT_ASKED) == set()
    assert asked & set(catalogue.NOT_ASKED) <= {"pg_authid", "pg_largeobject"}
