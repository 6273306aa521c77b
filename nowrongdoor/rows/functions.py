"""Functions, triggers and sequences, declared like `constraints.py`'s: for what is none of those."""

from nowrongdoor.rows.constraints import DEFINER, Safeguard, only_for_the_app
from nowrongdoor.rows.policies import app_role


class SqlFunction(Safeguard):
    """A narrow function that runs as the owner, and so crosses what row access shuts.

    The app may call it and nobody else. `returns` "trigger": what several triggers share, in plpgsql;
    nobody can call that. `writes`: it changes rows, which one that only reads may not.
    """

    def __init__(
        self,
        *,
        name: str,
        body: str,
        returns: str,
        arguments: str = "",
        writes: bool = False,
    ) -> None:
        super().__init__(name=name, body=body, returns=returns, arguments=arguments, writes=writes)
        self.writes = writes
        self.body = body
        self.returns = returns
        self.arguments = arguments

    def created(self, _table: str) -> list[str]:
        of_trigger = self.returns == "trigger"
        language = "plpgsql" if of_trigger else f"sql {'VOLATILE' if self.writes else 'STABLE'}"
        head = f"CREATE OR REPLACE FUNCTION {self.name}({self.arguments}) RETURNS {self.returns}"
        made = f"{head} LANGUAGE {language} {DEFINER} AS $${self.body}$$"
        return [made] if of_trigger else [made, *only_for_the_app(self.name)]

    def removed(self, _table: str) -> list[str]:
        return [f"DROP FUNCTION {self.name}"]


class Trigger(Safeguard):
    """A trigger that is none of the others.

    `fires`: such as "BEFORE UPDATE OF closed_at". `when`: its condition. `deferred`: it runs when the
    transaction ends. `each_statement`: once for all new rows, which are then called `changed`. `body`:
    its plpgsql, run as whoever writes; or `function`: an `SqlFunction`, shared or run as the owner.
    `table`: another module's, below, where it cannot be declared.
    """

    def __init__(  # noqa: PLR0913 - a trigger's own clauses
        self,
        *,
        name: str,
        fires: str,
        body: str = "",
        function: str = "",
        when: str = "",
        deferred: bool = False,
        each_statement: bool = False,
        table: str = "",
    ) -> None:
        super().__init__(
            name=name,
            fires=fires,
            body=body,
            function=function,
            when=when,
            deferred=deferred,
            each_statement=each_statement,
            table=table,
        )
        self.body = body
        self.function = function or name
        self.table = table
        kind = "CONSTRAINT TRIGGER" if deferred else "TRIGGER"
        each = (
            "REFERENCING NEW TABLE AS changed FOR EACH STATEMENT"
            if each_statement
            else f"{'DEFERRABLE INITIALLY DEFERRED ' if deferred else ''}FOR EACH ROW"
        )
        self._head = f"CREATE {kind} {name} {fires} ON"
        self._tail = f"{each}{f' WHEN ({when})' if when else ''}"

    def created(self, table: str) -> list[str]:
        on = self.table or table
        trigger = f"{self._head} {on} {self._tail} EXECUTE FUNCTION {self.function}()"
        if not self.body:
            return [trigger]
        head = f"CREATE OR REPLACE FUNCTION {self.function}() RETURNS trigger LANGUAGE plpgsql"
        return [f"{head} AS $${self.body}$$", trigger]

    def removed(self, table: str) -> list[str]:
        dropped = [f"DROP TRIGGER {self.name} ON {self.table or table}"]
        return [*dropped, f"DROP FUNCTION {self.function}()"] if self.body else dropped


class Sequence(Safeguard):
    """Numbers that a column's default draws. The default names it as text: it is made after the table."""

    def __init__(self, *, name: str) -> None:
        super().__init__(name=name)

    def created(self, _table: str) -> list[str]:
        return [
            f"CREATE SEQUENCE IF NOT EXISTS {self.name}",
            f"GRANT USAGE ON SEQUENCE {self.name} TO {app_role()}",
        ]

    def removed(self, _table: str) -> list[str]:
        return [f"DROP SEQUENCE {self.name}"]


class ReferenceRows(Safeguard):
    """Rows that only the owner changes and that servers keep in memory (`community.remembered`).

    Any change of the table gives `community_version` another value in its own transaction. The value
    is drawn by chance, never counted: after a restore a number could stand for other rows than before.
    """

    def __init__(self, *, name: str) -> None:
        super().__init__(name=name)

    def created(self, table: str) -> list[str]:
        fires = "AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE"
        runs = "FOR EACH STATEMENT EXECUTE FUNCTION reference_changed()"
        return [
            """CREATE OR REPLACE FUNCTION reference_changed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE community_version SET value = gen_random_uuid();
    RETURN NULL;
END $$""",
            "INSERT INTO community_version (id) VALUES (1) ON CONFLICT DO NOTHING",
            f"CREATE TRIGGER reference_changed {fires} ON {table} {runs}",
        ]

    def removed(self, table: str) -> list[str]:
        return [f"DROP TRIGGER reference_changed ON {table}"]
