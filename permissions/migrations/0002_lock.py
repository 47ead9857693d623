"""The lock: its schema, its tables, and the functions that policies and triggers of later migrations name.

`prepare` makes all of its functions as they are now (audit/sql/acting_context.sql, permissions/sql/).
"""

from django.db import migrations

TABLES = """
SET ROLE schakel_keeper;
CREATE SCHEMA IF NOT EXISTS lock;
CREATE TABLE lock.installation (
  id boolean PRIMARY KEY DEFAULT true CHECK (id),
  mode text NOT NULL CHECK (mode IN ('demo', 'desk', 'production')),
  is_scenario boolean NOT NULL DEFAULT false
);
CREATE TABLE lock.key (id smallint PRIMARY KEY, ipad bytea NOT NULL, opad bytea NOT NULL);
CREATE UNLOGGED TABLE lock.acting (
  pid int PRIMARY KEY, xact xid8 NOT NULL, nonce bigint NOT NULL, person int, agency int, membership uuid,
  role text, action text, purpose text, basis text, operation uuid, moment timestamptz
) WITH (fillfactor = 50);
GRANT USAGE ON SCHEMA lock TO schakel_app, schakel_owner;
RESET ROLE;
"""
NAMED = """
SET ROLE schakel_keeper;
CREATE FUNCTION lock.person() RETURNS int LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT a.person FROM lock.acting a WHERE a.pid = pg_backend_pid() AND a.person IS NOT NULL
          AND a.xact = pg_current_xact_id_if_assigned());
END $$;
CREATE FUNCTION lock.agency() RETURNS int LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT a.agency FROM lock.acting a WHERE a.pid = pg_backend_pid() AND a.person IS NOT NULL
          AND a.xact = pg_current_xact_id_if_assigned());
END $$;
CREATE FUNCTION lock.role() RETURNS text LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT a.role FROM lock.acting a WHERE a.pid = pg_backend_pid() AND a.person IS NOT NULL
          AND a.xact = pg_current_xact_id_if_assigned());
END $$;
CREATE FUNCTION lock.action() RETURNS text LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT a.action FROM lock.acting a WHERE a.pid = pg_backend_pid() AND a.person IS NOT NULL
          AND a.xact = pg_current_xact_id_if_assigned());
END $$;
CREATE FUNCTION lock.basis() RETURNS text LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT a.basis FROM lock.acting a WHERE a.pid = pg_backend_pid() AND a.person IS NOT NULL
          AND a.xact = pg_current_xact_id_if_assigned());
END $$;
CREATE FUNCTION lock.current_moment() RETURNS timestamptz LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT a.moment FROM lock.acting a WHERE a.pid = pg_backend_pid() AND a.person IS NOT NULL
          AND a.xact = pg_current_xact_id_if_assigned());
END $$;
CREATE FUNCTION lock.take_moment() RETURNS timestamptz LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'this database is not prepared';
END $$;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA lock FROM PUBLIC;
RESET ROLE;
"""


class Migration(migrations.Migration):
    """Needs the tables of agencies, people and memberships."""

    dependencies = (("permissions", "0001_initial"),)
    operations = (
        migrations.RunSQL(TABLES, migrations.RunSQL.noop),
        migrations.RunSQL(NAMED, migrations.RunSQL.noop),
    )
