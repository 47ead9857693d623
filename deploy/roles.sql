-- Run once by the database administrator of a production server (PostgreSQL 15 or newer), connected to the database
-- that Schakel will use. Give the login roles passwords of your own; then run `manage.py prepare`.
CREATE ROLE schakel_keeper NOLOGIN;
CREATE ROLE schakel_owner LOGIN NOINHERIT;
CREATE ROLE schakel_app LOGIN;
CREATE ROLE schakel_backup LOGIN BYPASSRLS;
GRANT schakel_keeper TO schakel_owner;
ALTER ROLE schakel_app SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE schakel_app SET statement_timeout = '300s';
ALTER ROLE schakel_app SET lock_timeout = '30s';
ALTER ROLE schakel_app SET search_path = public, pg_temp;
-- Plans under row security look dearer than they are, and compiling one takes longer than running it.
ALTER ROLE schakel_app SET jit = off;
ALTER ROLE schakel_owner SET idle_in_transaction_session_timeout = '300s';
ALTER ROLE schakel_backup SET idle_in_transaction_session_timeout = '300s';
ALTER SCHEMA public OWNER TO schakel_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO schakel_app, schakel_keeper, schakel_backup;
DO $$ BEGIN
  EXECUTE format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO schakel_owner, schakel_app, schakel_backup', current_database());
  EXECUTE format('GRANT CREATE ON DATABASE %I TO schakel_keeper', current_database());
END $$;
-- What a role set for itself goes: this line alone is run again where the look at roles names it (docs/threat-model.md).
DO $$ BEGIN EXECUTE format('ALTER ROLE schakel_app IN DATABASE %I RESET ALL', current_database()); END $$;
-- Large objects and messages between connections: no page needs them.
DO $$ DECLARE f regprocedure; BEGIN
  FOR f IN SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace
    AND (proname ~ '^(lo_|be_lo_)' OR proname IN ('loread', 'lowrite', 'pg_notify')) LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
  END LOOP;
END $$;
ALTER DEFAULT PRIVILEGES FOR ROLE schakel_owner IN SCHEMA public GRANT SELECT ON TABLES TO schakel_backup;
-- `manage.py replay` makes databases of its own: only where you want that, also
-- ALTER ROLE schakel_owner CREATEDB;
