"""What keeps holding true, where no CHECK can say it: row access, triggers and functions of `episodes`.

Who sees an episode, and how its holder may change (docs/adr/0006 and 0015).
"""

from django.contrib.postgres.indexes import GinIndex
from django.db.models.expressions import RawSQL

from nowrongdoor.rows.constraints import Immutable, ReadableBy, RowAccess
from nowrongdoor.rows.functions import Sequence, SqlFunction, Trigger
from nowrongdoor.rows.policies import PROGRAM, WORKED
from nowrongdoor.sharing.safeguards import officer_of

SEES = f"{PROGRAM} = ANY (seen_by)"
WORKS = f"{PROGRAM} = ANY (worked_by)"
# What a command may change. The two lists are the trigger's alone: a row that was read before somebody
# left must not let them in again when it is written.
CHANGED = (
    "holder_program_id", "holder_member_id", "held_since", "holder_via_id", "joined_into_id", "closed_at",
    "outcome", "accountable_member_id", "declined_by_person", "version", "class_code", "zone_id",
)  # fmt: skip


# What a card is found by: the words of its place and of the name given, and each telephone number backwards, with
# a `p` before it. An index stands on it: every part is immutable. No weights: the index would ask each row again.
# Accents are folded here as `kernel.text` folds what is typed.
_ACCENTED = "ÁÀÂÄÃÅáàâäãåÉÈÊËéèêëÍÌÎÏíìîïÓÒÔÖÕóòôöõÚÙÛÜúùûüÑñÇç"
_LETTERS = "AAAAAAaaaaaaEEEEeeeeIIIIiiiiOOOOOoooooUUUUuuuuNnCc"
_PLAIN = f"lower(translate(place || ' ' || name_given, '{_ACCENTED}', '{_LETTERS}'))"
_WORDS = f"regexp_replace({_PLAIN}, '[^[:alnum:]]+', ' ', 'g')"
_WITHOUT_EXTENSION = "regexp_replace(lower(callback), '(ext|x|#)[^0-9;,/]*[0-9]+', ';', 'g')"
_APART = f"regexp_replace({_WITHOUT_EXTENSION}, '[[:alpha:],/]+', ';', 'g')"
_BACKWARDS = f"reverse(regexp_replace({_APART}, '[^0-9;]+', '', 'g'))"
_PHONES = f"regexp_replace({_BACKWARDS}, ';*([0-9]+);*', ' p\\1', 'g')"
SOUGHT = f"to_tsvector('simple'::regconfig, {_WORDS} || ' ' || {_PHONES})"
SOUGHT_INDEX = GinIndex(RawSQL(SOUGHT, ()), name="card_sought")  # noqa: S611 - nothing of it is typed by anyone

EPISODE = (
    RowAccess(
        name="episodes_episode_access",
        # an informed program knows that somebody is there, not what became of them
        select=f"{SEES} AND (closed_at IS NULL OR {WORKS})",
        insert=f"{SEES} AND holder_program_id = {PROGRAM}",
        # an informed program may lock it, to ask that another is joined to it
        update=SEES,
        check=WORKS,
        columns=CHANGED,
        owner={
            "SELECT": "episodes_audience, episodes_held_by, seen_by",
            "UPDATE": "seen_by is kept by a trigger",
        },
    ),
    # whoever never saw it is not told even that it left a board
    ReadableBy(
        name="episodes_audience",
        programs="r.seen_by",
        ever=(
            "ARRAY(SELECT DISTINCT p.program_id FROM episodes_party p WHERE p.episode_id = r.id)"
        ),
    ),
    Immutable(
        name="episodes_closed_stays_closed",
        once="OLD.closed_at IS NOT NULL",
        columns=(
            "closed_at",
            "outcome",
            "holder_program_id",
            "holder_member_id",
            "joined_into_id",
        ),
    ),
    Sequence(name="episodes_number"),
    # A holder changes only together with a handoff that a named person accepted (or attested) to that
    # holder, each acceptance once.
    Trigger(
        name="episodes_holder_moves_only_by_acceptance",
        fires="BEFORE UPDATE OF holder_program_id, holder_member_id, holder_via_id",
        when="""OLD.holder_program_id <> NEW.holder_program_id
        OR OLD.holder_member_id IS DISTINCT FROM NEW.holder_member_id
        OR OLD.holder_via_id IS DISTINCT FROM NEW.holder_via_id""",
        body="""
BEGIN
    IF NEW.holder_via_id IS NOT DISTINCT FROM OLD.holder_via_id OR NOT EXISTS (
        SELECT FROM episodes_handoff h
        WHERE h.id = NEW.holder_via_id AND h.episode_id = NEW.id
          AND h.accepted_at IS NOT NULL AND h.moves <> 'never'
          AND h.to_program_id = NEW.holder_program_id
          AND h.accepted_by_id IS NOT DISTINCT FROM NEW.holder_member_id
    ) THEN
        RAISE EXCEPTION 'episode_holder_moves_only_by_acceptance'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END """,
    ),
    # Nothing is joined to what is not open.
    Trigger(
        name="episodes_join_needs_open",
        fires="BEFORE INSERT OR UPDATE OF joined_into_id",
        when="NEW.joined_into_id IS NOT NULL",
        body="""
BEGIN
    IF EXISTS (
        SELECT FROM episodes_episode e WHERE e.id = NEW.joined_into_id
          AND (e.closed_at IS NOT NULL OR e.joined_into_id IS NOT NULL)
    ) THEN
        RAISE EXCEPTION 'episode_joins_open_episode'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END """,
    ),
    # What somebody holds in whatever program: asked at sign-out, and when their desk falls silent.
    SqlFunction(
        name="episodes_held_by",
        arguments="member uuid",
        returns="TABLE (id uuid, program_id uuid)",
        body="""
    SELECT e.id, e.holder_program_id FROM episodes_episode e
    WHERE e.holder_member_id = member AND e.closed_at IS NULL AND e.joined_into_id IS NULL
""",
    ),
)

# seen_by and worked_by are what the parties say. Runs as the owner, because a party that declines
# leaves, and could not write the row that it then no longer sees.
PARTY = (
    # the calls whose person a program knows as this record: for the accounting of what was told of
    # them, in one's own agency
    SqlFunction(
        name="episodes_of_record",
        arguments="person uuid",
        returns="TABLE (episode_id uuid, program_id uuid)",
        body="""
    SELECT p.episode_id, p.program_id FROM episodes_party p JOIN agencies_program g ON g.id = p.program_id
    WHERE p.person_id = person AND g.agency_id = nullif(current_setting('nwd.agency', true), '')::uuid
""",
    ),
    # whom one's own program knows the persons of these calls as; for a privacy officer, those of the agency
    SqlFunction(
        name="episodes_records_of",
        arguments="calls uuid[]",
        returns="TABLE (episode_id uuid, program_id uuid, person_id uuid)",
        body=f"""
    SELECT p.episode_id, p.program_id, p.person_id FROM episodes_party p JOIN agencies_program g ON g.id = p.program_id
    WHERE p.episode_id = ANY (calls) AND p.person_id IS NOT NULL
      AND (p.program_id = {PROGRAM} OR {officer_of("g.agency_id")})
""",
    ),
    SqlFunction(
        name="episodes_keep_seen_by",
        returns="trigger",
        body="""
BEGIN
    UPDATE episodes_episode e SET seen_by = said.seen, worked_by = said.worked
    FROM (
        SELECT p.episode_id AS id, array_agg(DISTINCT p.program_id) AS seen,
               coalesce(array_agg(DISTINCT p.program_id) FILTER (WHERE p.role = 'working'), '{}') AS worked
        FROM episodes_party p
        WHERE p.until_at IS NULL AND p.episode_id IN (SELECT episode_id FROM changed)
        GROUP BY p.episode_id
    ) said
    WHERE e.id = said.id AND (e.seen_by <> said.seen OR e.worked_by <> said.worked);
    RETURN NULL;
END """,
    ),
    Trigger(
        name="episodes_new_party_keeps_seen_by",
        fires="AFTER INSERT",
        each_statement=True,
        function="episodes_keep_seen_by",
    ),
    Trigger(
        name="episodes_party_keeps_seen_by",
        fires="AFTER UPDATE",
        each_statement=True,
        function="episodes_keep_seen_by",
    ),
    # Whom a program knows the person as is its own to say, and one of its own records.
    SqlFunction(
        name="episodes_own_person",
        returns="trigger",
        body=f"""
BEGIN
    IF NEW.program_id IS DISTINCT FROM {PROGRAM} OR NOT EXISTS (
        SELECT FROM identity_person p WHERE p.id = NEW.person_id AND p.program_id = NEW.program_id
        UNION ALL SELECT WHERE NEW.person_id IS NULL
    ) THEN
        RAISE EXCEPTION 'episodes_own_person' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END """,
    ),
    Trigger(
        name="episodes_new_party_own_person",
        fires="BEFORE INSERT",
        when="NEW.person_id IS NOT NULL",
        function="episodes_own_person",
    ),
    Trigger(
        name="episodes_party_own_person",
        fires="BEFORE UPDATE OF person_id",
        when="NEW.person_id IS DISTINCT FROM OLD.person_id",
        function="episodes_own_person",
    ),
)

CARD = (
    RowAccess(
        name="episodes_card_access",
        select=WORKED,
        insert=f"made_by_program_id = {PROGRAM} AND {WORKED}",
    ),
    # Which episodes have a card like this, the newest first. Runs as the owner, because row access keeps an index of
    # words from being asked before each row is looked at; the wall stands inside instead: the acting program works on
    # them. The cards themselves are then read by row access, as ever.
    SqlFunction(
        name="episodes_with_card",
        arguments="words text, since timestamptz, most integer",
        returns="TABLE (id uuid)",
        body=f"""
    WITH found AS MATERIALIZED (  -- first, whatever is thought to be quicker
        SELECT DISTINCT c.episode_id FROM episodes_card c WHERE {SOUGHT} @@ words::tsquery
    )
    SELECT e.id FROM found JOIN episodes_episode e ON e.id = found.episode_id
    WHERE {PROGRAM} = ANY (e.worked_by) AND e.opened_at >= since
    ORDER BY e.opened_at DESC, e.id DESC LIMIT most
""",
    ),
)

HANDOFF = (
    # What was accepted has moved the holder by the commit.
    Trigger(
        name="episodes_acceptance_moves_holder",
        fires="AFTER INSERT OR UPDATE OF accepted_at",
        when="NEW.accepted_at IS NOT NULL AND NEW.moves = 'on_accept'",
        deferred=True,
        body="""
BEGIN
    IF NOT EXISTS (
        SELECT FROM episodes_episode e WHERE e.id = NEW.episode_id
          AND (e.holder_via_id = NEW.id OR e.held_since > NEW.accepted_at)
    ) THEN
        RAISE EXCEPTION 'handoff_acceptance_moves_holder'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END """,
    ),
    # Nobody offers what is closed or joined (a joined one may be separated again).
    Trigger(
        name="episodes_offer_needs_open",
        fires="BEFORE INSERT",
        body="""
BEGIN
    IF EXISTS (
        SELECT FROM episodes_episode e WHERE e.id = NEW.episode_id AND (
            e.closed_at IS NOT NULL
            OR (e.joined_into_id IS NOT NULL) <> (NEW.purpose = 'separate')
        )
    ) THEN
        RAISE EXCEPTION 'handoff_needs_open_episode'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END """,
    ),
)
