"""Plants cases by the thousand, the same ones each time, and says in one hash what was planted.

The statements are those of the tests (tests/web): here they find functions of our own under the names of PostgreSQL's, so
that identifiers come from a fixed seed and every moment is counted from one.
"""

import hashlib
from pathlib import Path

import psycopg
from psycopg import sql

from tests.web import test_scans
from tests.web.test_scans import PLANTED
from tests.web.test_statements import plant
from tests.world import World

SCALES = {"xs": 1_000, "s": 10_000, "m": 100_000}
"""Cases of each scale."""
SEED = 0.14
STATEMENTS = Path(test_scans.__file__).with_name("planted.sql")
FIXED = """
    CREATE SCHEMA planting;
    CREATE TABLE planting.began AS SELECT pg_catalog.now() AS at;
    CREATE FUNCTION planting.now() RETURNS timestamptz STABLE LANGUAGE sql AS 'SELECT at FROM planting.began';
    CREATE FUNCTION planting.gen_random_uuid() RETURNS uuid VOLATILE LANGUAGE sql
        AS 'SELECT md5(random()::text || random()::text)::uuid';
    SET search_path = planting, public, pg_catalog;
    SET session_replication_role = replica;
"""
"""One moment and one row of random identifiers; triggers rest, as what they would do is planted too."""
FREE = """
    RESET search_path;
    SET session_replication_role = origin;
    DROP SCHEMA planting CASCADE;
"""
UNLIKE = {"xact", "xid8", "jsonb"}
"""Types whose values differ each time without another meaning."""


def plant_cases(world: World, cases: int) -> str:
    """Plant so many cases with all that belongs to them; returns the hash of what is there then."""
    superuser = world.superuser
    superuser.execute(FIXED)
    superuser.execute("SELECT setseed(%s)", [SEED])
    plant(world, cases)
    superuser.execute("SET session_replication_role = replica")
    values = {"a": world.agency("lies"), "b": world.agency("wim"), "p": world.lies.person_id}
    for statement in STATEMENTS.read_text().split(";\n"):
        superuser.execute(statement, values)
    said = content_hash(superuser)
    superuser.execute(FREE)
    superuser.execute("VACUUM (ANALYZE)")
    return said


def content_hash(superuser: psycopg.Connection) -> str:
    """Return one hash of the planted tables, whatever the order of their rows and the day on which they were planted."""
    lines = [f"{table} {_sum_of(superuser, table)}" for table in sorted(PLANTED)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _sum_of(superuser: psycopg.Connection, table: str) -> str:
    """Return the number of rows of a table and the sum of their hashes, moments counted from when planting began."""
    schema, _, name = f"public.{table}".rpartition(".")
    columns = superuser.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = %s AND table_name = %s"
        " AND NOT (is_identity = 'YES' OR column_name = 'entry_id') ORDER BY ordinal_position",
        [schema.rpartition(".")[2], name],
    ).fetchall()
    parts = sql.SQL(", ").join(_counted(column, kind) for column, kind in columns if kind not in UNLIKE)
    query = sql.SQL("SELECT count(*), coalesce(sum(hashtextextended(ROW({})::text, 0)), 0) FROM {} WHERE {}")
    planted = sql.SQL("case_id IS NOT NULL" if table.startswith("audit_") else "true")  # others are of how people came
    row = superuser.execute(query.format(parts, sql.Identifier(*table.split(".")), planted)).fetchone()
    return f"{row}"


def _counted(column: str, kind: str) -> sql.Composable:
    if kind == "timestamp with time zone":
        return sql.SQL("{} - planting.now()").format(sql.Identifier(column))
    if kind == "date":
        return sql.SQL("{} - planting.now()::date").format(sql.Identifier(column))
    return sql.Identifier(column)
