"""Statements that an intruder with the application's role could send: over every table, function and view there is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random

import psycopg

SETTINGS = r"""
SET ROLE schakel_keeper
SET ROLE schakel_owner
SET ROLE NONE
SET SESSION AUTHORIZATION schakel_owner
SET row_security = off
SET LOCAL row_security = off
SET session_replication_role = replica
SET search_path = pg_temp, public, lock, trail
SET check_function_bodies = off
SET plan_cache_mode = force_generic_plan
SELECT set_config('role', 'schakel_keeper', false)
SELECT set_config('lock.person', '101', false)
SELECT set_config('app.agency', '2', false)
SELECT set_config('row_security', 'off', true)
SET client_min_messages = debug5
SET debug_print_plan = on
SET log_statement = 'all'
SET enable_indexscan = off
SET transaction_isolation = 'serializable'
SET xmloption = content
SET default_transaction_read_only = off
SELECT lock.act_as('{{"kind":"identity","pid":{pid},"nonce":999999999999999,"person":101,"role":"migration"}}', '')
SELECT lock.act_as('{{"kind":"identity","pid":{pid},"nonce":{nonce},"person":6,"role":"migration"}}', NULL)
SELECT lock.act_as('{{"kind":"identity","pid":{pid},"nonce":{nonce},"person":2,"role":"scheduler"}}', sha256('x'))
SELECT lock.act_as('{{"pid":{pid},"nonce":{nonce},"person":{person},"agency":{agency},"role":"supervisor"}}', NULL)
SELECT lock.act_as('{{"kind":"identity","pid":{pid},"nonce":{nonce},"person":{person},"role":"auditor"}}', NULL)
SELECT lock.act_as('null', NULL)
SELECT lock.signing_in('{{"kind":"sign_in","name":"lies"}}', NULL)
SELECT lock.memberships('{{"kind":"memberships","person":{person}}}', NULL)
SELECT lock.stop_acting()
""".strip().splitlines()
SERVER = r"""
SELECT pg_read_file('postgresql.auto.conf')
SELECT pg_read_binary_file('global/pg_control')
SELECT pg_ls_dir('.')
SELECT * FROM pg_ls_waldir()
SELECT lo_import('/etc/passwd')
SELECT lo_get(1)
SELECT lo_from_bytea(0, 'x')
SELECT * FROM dblink('dbname=postgres', 'SELECT 1') AS t(a int)
CREATE EXTENSION dblink
CREATE EXTENSION pageinspect
SELECT get_raw_page('{table}', 0)
SELECT * FROM pg_stat_get_activity(NULL)
NOTIFY mine, 'x'
LISTEN mine
SELECT * FROM pg_show_all_settings()
SELECT * FROM pg_hba_file_rules()
SELECT * FROM pg_get_shmem_allocations()
SELECT pg_current_logfile()
SELECT pg_export_snapshot()
SELECT * FROM pg_logical_slot_peek_changes('x', NULL, NULL)
SELECT pg_create_logical_replication_slot('mine', 'test_decoding')
SELECT pg_get_functiondef(oid) FROM pg_proc WHERE {some}
SELECT pg_advisory_lock(1), pg_advisory_unlock_all()
SELECT pg_relation_size('{table}'), pg_relation_filepath('{table}')
SELECT * FROM pg_mcv_list_items((SELECT stxdmcv FROM pg_statistic_ext_data LIMIT 1))
SELECT current_setting('is_superuser')
SELECT has_table_privilege('schakel_keeper', '{table}', 'SELECT')
SELECT pg_stat_get_live_tuples('{table}'::regclass)
SELECT query FROM pg_stat_activity
SELECT * FROM pg_prepared_statements
SELECT * FROM pg_cursors
SELECT pg_get_constraintdef(oid) FROM pg_constraint
SELECT pg_get_expr(polqual, polrelid) FROM pg_policy
VACUUM {table}
ANALYZE {table}
CLUSTER {table}
REINDEX TABLE {table}
LOCK TABLE {table} IN SHARE MODE
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY
ALTER TABLE {table} DISABLE TRIGGER ALL
TRUNCATE {table}
CREATE INDEX ON {table} (({column}::text))
CREATE STATISTICS mine ON {column}, {other} FROM {table}
CREATE POLICY mine ON {table} USING (true)
GRANT SELECT ON {table} TO PUBLIC
ALTER TABLE {table} OWNER TO schakel_app
CREATE RULE mine AS ON SELECT TO {table} DO INSTEAD NOTHING
COMMENT ON TABLE {table} IS 'x'
CREATE SCHEMA mine
SECURITY LABEL ON TABLE {table} IS 'x'
CREATE EVENT TRIGGER mine ON ddl_command_end EXECUTE FUNCTION trail.note()
CREATE PUBLICATION mine FOR TABLE {table}
CREATE SUBSCRIPTION mine CONNECTION '' PUBLICATION mine
LOAD 'auto_explain'
""".strip().splitlines()
LEFT_BEHIND = r"""
CREATE TEMP TABLE mine AS {select}
CREATE TEMP VIEW mine AS {select}
SELECT * INTO TEMP mine FROM ({select}) AS s
CREATE TEMP SEQUENCE mine
CREATE MATERIALIZED VIEW mine AS {select}
CREATE TYPE pg_temp.mine AS (a text)
CREATE OPERATOR pg_temp.=== (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq)
CREATE DOMAIN pg_temp.mine AS text
CREATE CAST (text AS int) WITH INOUT
CREATE AGGREGATE pg_temp.mine(text) (SFUNC = textcat, STYPE = text)
PREPARE mine AS {select}; EXECUTE mine
DECLARE mine CURSOR FOR {select}; FETCH ALL FROM mine
DECLARE mine CURSOR WITH HOLD FOR {select}
DECLARE mine SCROLL CURSOR FOR {select}; FETCH LAST FROM mine
DO $do$ DECLARE r record; BEGIN FOR r IN {select} LOOP RAISE EXCEPTION '%', r; END LOOP; END $do$
DO $do$ DECLARE r record; BEGIN FOR r IN {select} LOOP RAISE NOTICE '%', r; END LOOP; END $do$
DO $do$ BEGIN EXECUTE $q$ {select} $q$; END $do$
""".strip().splitlines()
VALUES = r"""
{column}
{column}::text::int
{column}::text::uuid
{column}::text::jsonb
('x' || {column}::text)::regclass
1 / (length({column}::text) - {small})
{column}::text::timestamptz
xmlparse(document {column}::text)
pg_input_is_valid({column}::text, 'int')
to_jsonb({table})
{table}
md5({column}::text)
{table}::text::int
count(*) OVER ()
ctid
xmin
tableoid::regclass
octet_length({column}::text)
convert_from({column}::text::bytea, 'UTF8')
set_config('mine.said', {column}::text, false)
pg_notify('mine', {column}::text)
current_setting({column}::text)
query_to_xml('SELECT * FROM {table}', true, true, '')
pg_read_file({column}::text)
{column}::text::money
""".strip().splitlines()
SUMS = r"""
count(*)
string_agg({column}::text, ',')
array_agg({column})
min({column}::text)
max({column}::text)
json_agg({table})
xmlagg(xmlelement(name a, {column}))
count(DISTINCT {column}::text)
percentile_disc(0.5) WITHIN GROUP (ORDER BY {column}::text)
mode() WITHIN GROUP (ORDER BY {column}::text)
""".strip().splitlines()
CONDITIONS = r"""
true
{column}::text LIKE '%zq%'
{column}::text ~ 'zq.*xq'
{column}::text::int > 0
1 / (length({column}::text) - {small}) = 0
{column} IS NOT NULL
position('zq' IN {column}::text) > 0
{column}::text ^@ 'zq'
{column}::text > 'zq'
to_tsvector({column}::text) @@ 'zq:*'
{column}::text SIMILAR TO '%zq%'
{column} = {column}
ctid = '(0,{small})'
EXISTS (SELECT 1 FROM {other_table} o WHERE o::text LIKE '%zq%')
pg_catalog.textlike({column}::text, '%zq%')
CASE WHEN {column}::text LIKE '%zq%' THEN 1 / (random() * 0)::int = 0 ELSE true END
{table}::text LIKE '%zq%'
starts_with({column}::text, 'zq')
""".strip().splitlines()
WRITES = r"""
UPDATE {table} SET {column} = {column} RETURNING *
UPDATE {table} SET {column} = {other} WHERE {where} RETURNING {column}
DELETE FROM {table} WHERE {where} RETURNING *
DELETE FROM {table} USING {other_table} o WHERE o::text LIKE '%zq%' RETURNING o.*
INSERT INTO {table} SELECT * FROM {table} RETURNING *
INSERT INTO {table} DEFAULT VALUES RETURNING *
INSERT INTO {table} SELECT * FROM {table} ON CONFLICT DO NOTHING
INSERT INTO {table} ({column}) SELECT {column} FROM {table} RETURNING {column}
MERGE INTO {table} t USING {table} s ON t.{column} = s.{column} WHEN MATCHED THEN DO NOTHING
MERGE INTO {table} t USING {other_table} s ON true WHEN MATCHED THEN DELETE
SELECT * FROM {table} FOR UPDATE
SELECT {column} FROM {table} FOR SHARE SKIP LOCKED
SELECT * FROM {table} FOR KEY SHARE NOWAIT
WITH gone AS (DELETE FROM {table} RETURNING *) SELECT * FROM gone
INSERT INTO casework_note SELECT n.* FROM casework_note n, {table}
""".strip().splitlines()
AROUND = r"""
{select}
{select}
{select}
WITH s AS MATERIALIZED ({select}) SELECT * FROM s
SELECT * FROM ({select}) AS s LIMIT 3
SELECT (SELECT count(*) FROM ({select}) AS s)
{select} UNION ALL {select}
SELECT 1 / (SELECT count(*) FROM ({select}) AS s)
SELECT ARRAY(SELECT s::text FROM ({select}) AS s)
EXPLAIN (ANALYZE, VERBOSE, BUFFERS, FORMAT JSON) {select}
EXPLAIN (VERBOSE, COSTS) {select}
COPY ({select}) TO STDOUT
COPY ({select}) TO '/tmp/mine'
COPY ({select}) TO PROGRAM 'cat'
SELECT * FROM generate_series(1, 2) AS g, LATERAL ({select}) AS s
SELECT row_to_json(s) FROM ({select}) AS s
SELECT (SELECT string_agg(s::text, '') FROM ({select}) AS s)::int
VALUES ((SELECT count(*) FROM ({select}) AS s))
SELECT query_to_xml($q${select}$q$, true, true, '')
SELECT CASE WHEN EXISTS ({select}) THEN 1 ELSE 0 END
""".strip().splitlines()
WHOLE = r"""
COPY {table} TO STDOUT
COPY {table} ({column}) TO STDOUT (FORMAT csv, HEADER)
COPY {table} FROM '/etc/passwd'
TABLE {table}
SELECT table_to_xml('{table}', true, true, '')
SELECT schema_to_xml('public', true, true, '')
SELECT * FROM {table} TABLESAMPLE SYSTEM (100)
SELECT * FROM ONLY {table}
COPY {table} TO '/tmp/mine'
""".strip().splitlines()
GIVEN = {
    "uuid": ("gen_random_uuid()", "NULL", "{own}"),
    "uuid[]": ("ARRAY['{own}'::uuid]", "'{{}}'"),
    "text": ("''", "'zq'", "'%'", "'see_case'"),
    "text[]": ("ARRAY['zq', '%']", "'{{}}'"),
    "integer": ("1", "101", "{small}"),
    "integer[]": ("ARRAY[1, 2, 3, 101, 102]",),
    "bigint": ("1", "101", "{small}"),
    "bigint[]": ("ARRAY[1, 2, 3]",),
    "smallint[]": ("ARRAY[0, 1]::smallint[]",),
    "boolean": ("true", "false"),
    "bytea": ("'x'",),
    "xid8": ("'1'",),
    "timestamp with time zone": ("now()", "'2000-01-01'", "'2100-01-01'"),
    "timestamp with time zone[]": ("ARRAY[now()]",),
}


OF_RECORDS = 0.8


@dataclass(frozen=True)
class Schema:
    """What there is to ask for: tables with their columns, views of the catalogue, functions with the types they take."""

    tables: dict[str, list[str]]
    catalogue: list[str]
    functions: list[tuple[str, list[str]]]

    @classmethod
    def read(cls, superuser: psycopg.Connection) -> "Schema":
        """Look in the database itself: what is added later is tried too."""
        tables = superuser.execute(
            "SELECT format('%s.%s', n.nspname, c.relname), array_agg(quote_ident(a.attname) ORDER BY a.attnum)"
            " FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
            " WHERE n.nspname IN ('public', 'lock', 'trail') AND c.relkind IN ('r', 'v', 'm') AND NOT a.attisdropped"
            " GROUP BY 1 ORDER BY 1",
        ).fetchall()
        catalogue = superuser.execute(
            "SELECT format('%s.%s', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname IN ('pg_catalog', 'information_schema') AND c.relkind IN ('r', 'v') ORDER BY 1",
        ).fetchall()
        functions = superuser.execute(
            "SELECT format('%s.%s', n.nspname, p.proname), array(SELECT format_type(t, null) FROM unnest(p.proargtypes) t)"
            " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
            " WHERE n.nspname IN ('public', 'lock', 'trail') AND p.prorettype <> 'trigger'::regtype ORDER BY 1, 2",
        ).fetchall()
        names = {name.removeprefix("public."): columns for name, columns in tables}
        return cls(names, [name for (name,) in catalogue], list(functions))


class Intruder:
    """Writes statements by a seed; `own` are ids that A knows."""

    def __init__(self, seed: int, schema: Schema, own: Iterable[str], pid: int) -> None:
        """Begin a row of statements."""
        self.random, self.schema, self.own, self.pid = Random(seed), schema, list(own), pid
        self.kinds: list[tuple[int, Callable[[], str]]] = [
            (8, self.select),
            (3, self.whole),
            (3, self.write),
            (3, self.left_behind),
            (2, self.setting),
            (2, self.of_server),
            (2, self.of_catalogue),
            (3, self.call),
        ]

    def statement(self) -> str:
        """Return the next statement."""
        weights, kinds = zip(*self.kinds, strict=True)
        return str(self.random.choices(kinds, weights)[0]())

    def select(self) -> str:
        """Return a question about rows, wrapped in another one or not."""
        return self._filled(self.random.choice(AROUND), select=self._bare())

    def whole(self) -> str:
        """Return what takes a whole table."""
        return self._filled(self.random.choice(WHOLE))

    def write(self) -> str:
        """Return what changes rows, to read them by it."""
        return self._filled(self.random.choice(WRITES))

    def left_behind(self) -> str:
        """Return what makes something that outlives a statement."""
        return self._filled(self.random.choice(LEFT_BEHIND), select=self._bare())

    def setting(self) -> str:
        """Return what pretends to be somebody, and asks afterwards."""
        setting = self.random.choice(SETTINGS).replace("{pid}", str(self.pid)).replace("{nonce}", str(9 * 10**18))
        setting = setting.replace("{person}", str(self.random.randint(100, 130))).replace("{own}", self.own[0])
        return setting.replace("{agency}", str(self.random.randint(1, 60))) + "; " + self._bare()

    def of_server(self) -> str:
        """Return what asks the server itself."""
        return self._filled(self.random.choice(SERVER))

    def of_catalogue(self) -> str:
        """Return a question about the catalogue, its statistics and what runs."""
        name = self.random.choice(self.schema.catalogue)
        return self._filled(self.random.choice(AROUND), select=f"SELECT * FROM {name}")

    def call(self) -> str:
        """Return a call of one of our functions with what anybody may guess."""
        name, kinds = self.random.choice(self.schema.functions)
        given = ", ".join(f"{self.random.choice(GIVEN.get(kind, ('NULL',)))}::{kind}" for kind in kinds)
        call = f"SELECT * FROM {name}({given})"
        call = call.replace("{own}", self.random.choice(self.own)).replace("{small}", "7").replace("{{}}", "{}")
        call = call.replace(f"{self.own[0]}::uuid,", f"'{self.own[0]}'::uuid,")
        return self._filled(self.random.choice(AROUND), select=call)

    def _bare(self) -> str:
        values, sums = self.random.choice(VALUES), self.random.choice(SUMS)
        what = self.random.choice(("*", values, values, sums))
        joined = self.random.choice(("", "", "", ", {other_table} o", " LEFT JOIN {other_table} o ON true"))
        query = f"SELECT {what} FROM {{table}}{joined} WHERE {self.random.choice(CONDITIONS)}"
        return self._filled(query)

    def _table(self) -> str:
        """Return a table: mostly one of the records, for most of the others are refused as a whole."""
        names = list(self.schema.tables)
        ours = [name for name in names if "." not in name]
        return self.random.choice(ours if self.random.random() < OF_RECORDS else names)

    def _filled(self, pattern: str, select: str = "") -> str:
        table = self._table()
        columns = self.schema.tables[table]
        words = {
            "table": table,
            "column": self.random.choice(columns),
            "other": self.random.choice(columns),
            "other_table": self._table(),
            "small": str(self.random.randint(0, 40)),
            "type": self.random.choice(("text", "int", "uuid")),
            "some": f"oid % 50 = {self.random.randint(0, 49)}",
            "where": self.random.choice(CONDITIONS[:6]),
            "select": select,
        }
        for _ in range(2):
            for name, word in words.items():
                pattern = pattern.replace(f"{{{name}}}", word)
        return pattern
