"""What stands in PostgreSQL's catalogue for this database: everything that can change what a statement does.

Each query answers kind, place, name and definition. `safeguards.txt` is what a fresh database answers;
`safeguards.missing` compares. What `initdb` made is not listed: where a row of it was written since, or
granted to somebody else, that is. The other catalogues stand in `NOT_ASKED`, each with its reason, and a
test finds a catalogue that is in neither.
"""

_WHO = """
WITH who AS (
    SELECT oid, CASE WHEN rolname = %(app)s THEN 'app' WHEN rolname = %(owner)s THEN 'owner' WHEN rolname IN ('app', 'owner', 'everybody') THEN 'another ' || rolname
                     ELSE rolname::text END AS name FROM pg_roles
    UNION ALL SELECT 0, 'everybody'
), place AS (
    SELECT oid, nspname::text AS name FROM pg_namespace
    WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND NOT starts_with(nspname, 'pg_temp_')
      AND NOT starts_with(nspname, 'pg_toast_temp_')
), here AS (
    SELECT c.*, CASE WHEN nspname = 'pg_catalog' THEN 'pg_catalog.' ELSE '' END || c.oid::regclass AS called
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE (c.oid >= 16384 OR n.oid IN (SELECT oid FROM place)) AND NOT starts_with(nspname, 'pg_temp_')
      AND NOT (starts_with(nspname, 'pg_toast') AND relkind IN ('t', 'i'))
)
"""
# A table that somebody put before ours, where every name is looked for first (pg_catalog), is one of these too.
# A session's own temporary schema goes with it, the functions' paths name it last, and the app makes none.

_INITDB = 1000
"""`initdb` takes some 750 transactions, in versions 15 to 18: what has a later one was written since."""
_SINCE = f"(oid >= 16384 OR xmin::text::bigint > {_INITDB})"

# What makes large objects may be taken from everybody, by a superuser alone: that there are any is told.
_MAKES_LARGE_OBJECTS = """(pronamespace = 'pg_catalog'::regnamespace
    AND proname IN ('lo_creat', 'lo_create', 'lo_from_bytea'))"""
_TABLES = """
SELECT 'table', called, 'table', concat_ws(' ', relkind::text, relpersistence::text, 'replica', relreplident::text,
       'of', (SELECT name FROM who WHERE who.oid = relowner), array_to_string(reloptions, ','),
       pg_get_expr(relpartbound, oid), CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(oid) END)
FROM here WHERE relkind NOT IN ('i', 'I', 'c')
UNION ALL
SELECT 'forced', called, 'row level security', '' FROM here WHERE relrowsecurity AND relforcerowsecurity
UNION ALL
SELECT 'forced', called, 'half of row level security', '' FROM here
WHERE relrowsecurity <> relforcerowsecurity AND NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = here.oid)
UNION ALL
-- what stands in its own catalogue and is passed by, since a mark here says that there is none
SELECT 'passed by', called, what, '' FROM here CROSS JOIN LATERAL (VALUES
    ('triggers', NOT relhastriggers AND EXISTS (SELECT FROM pg_trigger WHERE tgrelid = here.oid)),
    ('rules', NOT relhasrules AND EXISTS (SELECT FROM pg_rewrite WHERE ev_class = here.oid)),
    ('indexes', NOT relhasindex AND EXISTS (SELECT FROM pg_index WHERE indrelid = here.oid)),
    ('checks', relchecks <> (SELECT count(*) FROM pg_constraint WHERE conrelid = here.oid AND contype = 'c')),
    ('defaults', EXISTS (SELECT FROM pg_attribute WHERE attrelid = here.oid AND atthasdef <> EXISTS (
        SELECT FROM pg_attrdef WHERE adrelid = attrelid AND adnum = attnum))),
    ('what is unique', EXISTS (SELECT FROM pg_index JOIN pg_constraint k ON conindid = indexrelid AND contype IN ('p', 'u')
        WHERE indrelid = here.oid AND NOT (indisunique AND indimmediate <> condeferrable AND indpred IS NULL
            AND indkey::text = array_to_string(conkey, ' '))))
) mark (what, so) WHERE so
UNION ALL
SELECT 'column', called, attname::text, concat_ws(' ', format_type(atttypid, atttypmod),
       CASE WHEN attnotnull THEN 'not null' END, (SELECT 'of new rows' FROM pg_constraint
           WHERE conrelid = attrelid AND contype = 'n' AND conkey = ARRAY[attnum] AND NOT convalidated), nullif(attidentity::text, ''), nullif(attgenerated::text, ''),
       (SELECT 'default ' || pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = attrelid AND adnum = attnum),
       (SELECT collname FROM pg_collation WHERE oid = attcollation AND attcollation <> 100),
       array_to_string(attoptions, ','))
FROM pg_attribute JOIN here ON here.oid = attrelid
WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'p', 'v', 'm', 'f', 'c')
UNION ALL
SELECT 'sequence', called, 'counts', concat_ws(' ', seqtypid::regtype, seqstart, seqincrement, seqmin, seqmax, seqcycle)
FROM pg_sequence JOIN here ON here.oid = seqrelid
UNION ALL
SELECT 'inherited', called, inhparent::regclass::text, '' FROM pg_inherits JOIN here ON here.oid = inhrelid
"""
_KEPT = """
SELECT 'constraint', coalesce(nullif(conrelid, 0)::regclass::text, contypid::regtype::text), conname::text,
       pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace IN (SELECT oid FROM place) AND contype NOT IN ('n', 't')
UNION ALL
SELECT CASE WHEN indisunique THEN 'unique' ELSE 'index' END, indrelid::regclass::text, relname::text,
       pg_get_indexdef(indexrelid) || CASE WHEN indisvalid AND indisready AND indislive THEN '' ELSE ' invalid' END
FROM pg_index JOIN here ON here.oid = indexrelid
WHERE NOT indisvalid OR NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = indexrelid AND contype <> 'f')
UNION ALL
SELECT 'trigger', tgrelid::regclass::text, tgname::text, concat_ws(' ', tgenabled::text, pg_get_triggerdef(pg_trigger.oid))
FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'
UNION ALL
SELECT 'key trigger', tgrelid::regclass::text, concat_ws(' ', conname, tgfoid::regproc, tgtype),
       concat_ws(' ', tgenabled::text, tgdeferrable, tginitdeferred)
FROM pg_trigger t LEFT JOIN pg_constraint k ON k.oid = tgconstraint WHERE tgisinternal AND tgenabled <> 'D'
UNION ALL
SELECT 'rule', ev_class::regclass::text, rulename::text, concat_ws(' ', ev_enabled::text, pg_get_ruledef(oid))
FROM pg_rewrite WHERE since
UNION ALL
SELECT 'policy', polrelid::regclass::text, polname::text, concat_ws(' ',
       CASE WHEN polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END, polcmd::text, 'to',
       (SELECT string_agg(name, ', ' ORDER BY name) FROM who WHERE who.oid = ANY (polroles)),
       pg_get_expr(polqual, polrelid), 'check', pg_get_expr(polwithcheck, polrelid))
FROM pg_policy
"""
_RUN = """
SELECT 'function', pronamespace::regnamespace::text, p.oid::regprocedure::text,
       concat_ws(' ', CASE WHEN prosecdef THEN 'definer' END, array_to_string(proconfig, ','), prokind::text,
       provolatile::text, proparallel::text, (SELECT lanname FROM pg_language WHERE oid = prolang),
       CASE WHEN proleakproof THEN 'leakproof' END, CASE WHEN proisstrict THEN 'strict' END,
       pg_get_function_result(p.oid), 'of', (SELECT name FROM who WHERE who.oid = proowner),
       pg_get_expr(proargdefaults, 0), CASE WHEN prosupport <> 0 THEN prosupport::regproc END,
       md5(prosrc || coalesce(probin, '') || coalesce(pg_get_function_sqlbody(p.oid), '')))
FROM pg_proc p WHERE since AND pronamespace::regnamespace::text !~ '^pg_temp_' AND NOT makes_large_objects
"""
_GRANTED = """
SELECT 'grant', on_, name || part, string_agg(verb, ' ' ORDER BY verb) FROM (
    SELECT called AS on_, '' AS part, relowner AS owner, relacl AS acl, '' AS each FROM here
    UNION ALL
    SELECT called, ', columns', relowner, attacl, attname || ' '
    FROM pg_attribute JOIN here ON here.oid = attrelid
    UNION ALL
    SELECT 'function ' || oid::regprocedure, '', proowner, coalesce(proacl, acldefault('f', proowner)), ''
    FROM pg_proc WHERE pronamespace IN (SELECT oid FROM place)
    UNION ALL
    SELECT 'schema ' || nspname, '', nspowner, coalesce(nspacl, acldefault('n', nspowner)), ''
    FROM pg_namespace WHERE oid IN (SELECT oid FROM place)
    UNION ALL
    SELECT 'database', '', datdba, coalesce(datacl, acldefault('d', datdba)), ''
    FROM pg_database WHERE datname = current_database()
    UNION ALL
    SELECT 'type ' || oid::regtype, '', typowner, typacl, '' FROM pg_type WHERE typacl IS NOT NULL
) given CROSS JOIN LATERAL (
    SELECT grantee, each || privilege_type || CASE WHEN is_grantable THEN '*' ELSE '' END AS verb FROM aclexplode(acl)
) said JOIN who ON who.oid = grantee
WHERE grantee <> owner GROUP BY on_, name, part
UNION ALL
-- what initdb made, and who may use it: what was given, or taken away, since. Everybody reads
-- the information schema, whose views tell each of their own: initdb does not note that down
SELECT 'system grant', (pg_identify_object(classid, objid, subid)).identity, name,
       concat_ws(' ', CASE WHEN since THEN 'may' ELSE 'may no longer' END,
       string_agg(privilege_type, ' ' ORDER BY privilege_type))
FROM (
    SELECT classid, objid, subid, acl, coalesce(i.initprivs, own) AS was FROM (
        SELECT tableoid AS classid, oid AS objid, 0 AS subid, coalesce(proacl, acldefault('f', proowner)) AS acl,
               acldefault('f', proowner) AS own FROM pg_proc WHERE oid < 16384 AND NOT makes_large_objects
        UNION ALL
        SELECT tableoid, oid, 0, coalesce(relacl, acldefault('r', relowner)), acldefault('r', relowner)
        FROM pg_class WHERE oid < 16384 AND relkind IN ('r', 'v')
        UNION ALL
        SELECT 'pg_class'::regclass, attrelid, attnum, attacl, '{}' FROM pg_attribute
        WHERE attrelid < 16384 AND attacl IS NOT NULL
        UNION ALL
        SELECT tableoid, oid, 0, coalesce(nspacl, acldefault('n', nspowner)), acldefault('n', nspowner)
        FROM pg_namespace WHERE oid < 16384 AND oid NOT IN (SELECT oid FROM place)
        UNION ALL
        SELECT tableoid, oid, 0, coalesce(lanacl, acldefault('l', lanowner)), acldefault('l', lanowner) FROM pg_language
    ) made LEFT JOIN pg_init_privs i ON i.classoid = classid AND i.objoid = objid AND i.objsubid = subid
) made CROSS JOIN LATERAL (
    (SELECT true AS since, x.* FROM aclexplode(acl) x EXCEPT SELECT true, x.* FROM aclexplode(was) x)
    UNION ALL
    (SELECT false, x.* FROM aclexplode(was) x EXCEPT SELECT false, x.* FROM aclexplode(acl) x)
) differs JOIN who ON who.oid = grantee
WHERE acl IS DISTINCT FROM was AND NOT (name = 'everybody' AND privilege_type IN ('SELECT', 'USAGE')
  AND objid IN (SELECT oid FROM pg_class WHERE relnamespace = 'information_schema'::regnamespace
                UNION ALL SELECT 'information_schema'::regnamespace))
GROUP BY classid, objid, subid, name, since
"""
# What PostgreSQL 16 gives whoever makes a role, to administer it and no more, is not told, but where the app
# has it: it would give itself the rest. Version 15 cannot give so little. Nor is told what a role's
# setting says of its own log; nor whether the owner may make databases, as `run` lets it.
_ROLES = """
SELECT 'role', name, 'may', concat_ws(' ', CASE WHEN rolsuper THEN 'superuser' END,
       CASE WHEN rolbypassrls THEN 'bypassrls' END, CASE WHEN rolcreaterole THEN 'createrole' END,
       CASE WHEN rolreplication THEN 'replication' END, CASE WHEN rolcreatedb AND name = 'app' THEN 'createdb' END)
FROM pg_roles JOIN who ON who.oid = pg_roles.oid WHERE rolname IN (%(app)s, %(owner)s)
UNION ALL
SELECT 'member', role.name, member.name, to_jsonb(m) ->> 'inherit_option'
FROM pg_auth_members m JOIN who role ON role.oid = roleid JOIN who member ON member.oid = m.member
WHERE (role.name IN ('app', 'owner') OR member.name IN ('app', 'owner'))
  AND NOT (admin_option AND coalesce(to_jsonb(m) ->> 'inherit_option', 'true') = 'false'
           AND to_jsonb(m) ->> 'set_option' = 'false' AND member.name NOT IN ('app', 'everybody')
           AND (SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE oid = m.member))
UNION ALL
SELECT 'setting', name, split_part(said, '=', 1), substr(said, strpos(said, '=') + 1)
FROM pg_db_role_setting CROSS JOIN LATERAL unnest(setconfig) said JOIN who ON who.oid = setrole
WHERE setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
  AND name IN ('app', 'owner', 'everybody') AND NOT starts_with(said, 'log_')
UNION ALL
SELECT 'setting', 'the server', name, current_setting(name, true)
FROM unnest(ARRAY['nwd.agency', 'nwd.program', 'nwd.member', 'nwd.task']) name
WHERE current_setting(name, true) <> ''
UNION ALL
SELECT 'setting', 'the server', name, setting FROM pg_settings
WHERE name IN ('session_replication_role', 'row_security')
UNION ALL
SELECT 'database', 'database', 'made', concat_ws(' ', 'of', (SELECT name FROM who WHERE oid = datdba),
       pg_encoding_to_char(encoding), CASE WHEN NOT datallowconn THEN 'shut' END,
       CASE WHEN datistemplate THEN 'to be copied' END)
FROM pg_database WHERE datname = current_database()
UNION ALL
SELECT 'schema', name, 'of', (SELECT CASE name WHEN 'pg_database_owner' THEN 'owner' ELSE name END FROM who WHERE oid = nspowner)
FROM pg_namespace JOIN place USING (oid)
UNION ALL
SELECT 'large objects', 'database', 'stored', 'yes' FROM pg_largeobject_metadata HAVING count(*) > 0
UNION ALL
SELECT 'subscription', 'database', subname::text, '' FROM pg_subscription
WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
UNION ALL
SELECT 'label', objoid::text, provider, label FROM pg_seclabel
UNION ALL
SELECT 'label', objoid::text, provider, label FROM pg_shseclabel
UNION ALL
SELECT 'object', 'pg_init_privs', pg_describe_object(classoid, objoid, objsubid), '' FROM pg_init_privs
WHERE xmin::text::bigint > 1000
UNION ALL
SELECT 'object', 'pg_type', (pg_identify_object(tableoid, oid, 0)).identity, '' FROM pg_type
WHERE since AND typrelid = 0 AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = pg_type.oid AND e.typrelid <> 0)
"""
_NONE_OF_OURS = (
    "pg_am", "pg_amop", "pg_amproc", "pg_cast", "pg_collation", "pg_conversion", "pg_default_acl",
    "pg_event_trigger", "pg_extension", "pg_foreign_data_wrapper", "pg_foreign_server", "pg_language",
    "pg_opclass", "pg_operator", "pg_opfamily", "pg_parameter_acl", "pg_publication", "pg_statistic_ext",
    "pg_transform", "pg_ts_config", "pg_ts_dict", "pg_ts_parser", "pg_ts_template",
)  # fmt: skip
"""We make none of these: whatever `initdb` did not make is told by its name."""
NOT_ASKED = {
    "pg_aggregate": "an aggregate is a function too",
    "pg_authid": "asked as pg_roles, which the owner may read",
    "pg_depend": "PostgreSQL's own account of what needs what",
    "pg_description": "comments",
    "pg_enum": "the values of an enumeration, and we have none: it is a type, which is told",
    "pg_foreign_table": "a foreign table is a table too",
    "pg_largeobject": "what is in large objects: that there are any is told",
    "pg_partitioned_table": "its partitions are inherited",
    "pg_publication_namespace": "part of a publication",
    "pg_publication_rel": "part of a publication",
    "pg_range": "a range is a type too",
    "pg_replication_origin": "where a standby or a subscription stands",
    "pg_shdepend": "PostgreSQL's own account of what needs what",
    "pg_shdescription": "comments",
    "pg_statistic": "what the planner has counted",
    "pg_statistic_ext_data": "what the planner has counted",
    "pg_subscription_rel": "part of a subscription",
    "pg_tablespace": "where the server keeps its files",
    "pg_ts_config_map": "part of a text search configuration, and we search by none",
    "pg_user_mapping": "needs a foreign server, which is told",
}


def queries() -> tuple[str, ...]:
    """Each answers (kind, place, name, definition), by the names of both roles: `app` and `owner`."""
    others = " UNION ALL ".join(
        f"SELECT 'object', '{catalogue}', (pg_identify_object(tableoid, oid, 0)).identity, '' "
        f"FROM {catalogue} WHERE {_SINCE}"
        for catalogue in _NONE_OF_OURS
    )
    asked = (_TABLES, _KEPT, _RUN, _GRANTED, _ROLES, others)
    return tuple(
        (_WHO + each)
        .replace("WHERE since", f"WHERE {_SINCE}")
        .replace("makes_large_objects", _MAKES_LARGE_OBJECTS)
        for each in asked
    )
