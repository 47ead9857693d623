"""Makes roles and databases on a server that we administer: the embedded one, or that of the tests."""

import hashlib
from pathlib import Path

import psycopg
from psycopg import sql

from audit.roles import APP, BACKUP, BROKER, KEEPER, OWNER
from config.environment import ROOT

ROLES = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{KEEPER}') THEN CREATE ROLE {KEEPER} NOLOGIN; END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{OWNER}') THEN
    CREATE ROLE {OWNER} LOGIN NOINHERIT CREATEDB; END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{APP}') THEN CREATE ROLE {APP} LOGIN; END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{BACKUP}') THEN CREATE ROLE {BACKUP} LOGIN BYPASSRLS; END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{BROKER}') THEN CREATE ROLE {BROKER} LOGIN; END IF;
  GRANT {KEEPER} TO {OWNER};
  ALTER ROLE {APP} RESET ALL;
  ALTER ROLE {APP} SET idle_in_transaction_session_timeout = '60s';
  ALTER ROLE {APP} SET statement_timeout = '300s';
  ALTER ROLE {APP} SET lock_timeout = '30s';
  ALTER ROLE {APP} SET search_path = public, pg_temp;
  ALTER ROLE {BROKER} SET idle_in_transaction_session_timeout = '60s';
  ALTER ROLE {OWNER} SET idle_in_transaction_session_timeout = '300s';
  ALTER ROLE {BACKUP} SET idle_in_transaction_session_timeout = '300s';
END $$;
"""


NOT_NEEDED = """
DO $$ DECLARE f regprocedure; BEGIN
  FOR f IN SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace
    AND (proname ~ '^(lo_|be_lo_)' OR proname IN ('loread', 'lowrite', 'pg_notify')) LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
  END LOOP;
END $$;
"""
"""Large objects and messages between connections: functions of the server itself that no page needs."""


def make_roles(admin: psycopg.Connection) -> None:
    """Create the roles that are not there yet."""
    admin.execute(ROLES)


def make_database(admin: psycopg.Connection, name: str, *, template: str | None = None) -> bool:
    """Create a database owned by the owner; False when it is there already."""
    if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return False
    command = sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER))
    if template:
        command = command + sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
    admin.execute(command)
    admin.execute(sql.SQL("REVOKE CONNECT, TEMPORARY ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
    admin.execute(
        sql.SQL("GRANT CONNECT ON DATABASE {0} TO {1}, {2}, {3}").format(
            sql.Identifier(name),
            sql.Identifier(OWNER),
            sql.Identifier(APP),
            sql.Identifier(BACKUP),
        ),
    )
    admin.execute(sql.SQL("GRANT CREATE ON DATABASE {} TO {}").format(sql.Identifier(name), sql.Identifier(KEEPER)))
    return True


def settle_database(inside: psycopg.Connection) -> None:
    """Give the public schema to the owner and take from everybody else what no page needs; `inside` is an administrator.

    Repeatable: an older database is settled at its next start.
    """
    inside.execute(f"ALTER SCHEMA public OWNER TO {OWNER}; REVOKE CREATE ON SCHEMA public FROM PUBLIC;")
    inside.execute(f"GRANT USAGE ON SCHEMA public TO {APP}, {KEEPER}, {BACKUP}")
    inside.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {BACKUP}")
    inside.execute(f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT SELECT ON TABLES TO {BACKUP}")
    inside.execute(NOT_NEEDED)
    here = sql.Identifier(inside.info.dbname)
    inside.execute(sql.SQL("ALTER ROLE {} IN DATABASE {} RESET ALL").format(sql.Identifier(APP), here))


def make_broker(admin: psycopg.Connection) -> None:
    """Create the broker's own database."""
    if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [BROKER]).fetchone():
        admin.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(sql.Identifier(BROKER)))
        admin.execute(sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(sql.Identifier(BROKER)))


SHAPELESS = ("actions", "oversight", "scenario", "selectors", "worker")
"""Rooms of casework that shape no database: what `prepare` makes is the same whatever they say."""


def schema_hash(root: Path = ROOT) -> str:
    """Return a name for the schema as this source makes it: a template of that name need not be migrated again."""
    digest = hashlib.sha256()
    files = [path for app in ("permissions", "audit", "casework") for path in (root / app).rglob("*.*")]
    shapeless = tuple(root / "casework" / room for room in SHAPELESS)
    files = [path for path in files if path.suffix in {".py", ".sql"} and not set(shapeless) & set(path.parents)]
    files += (root / "workflows").glob("*.py")
    files += [root / "config" / "management" / "commands" / "prepare.py", root / "uv.lock"]
    for path in sorted(files):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
