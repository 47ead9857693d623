-- The mode in which an installation was first started: everybody may read it, and nobody can change it.
--
-- Made by: keeper
-- May call, app owner: lock.mode
-- May call, nobody: lock.settled
-- Touches: lock.installation

CREATE OR REPLACE FUNCTION lock.mode() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT i.mode FROM lock.installation i);
END $$;

CREATE OR REPLACE FUNCTION lock.settled() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE insufficient_privilege USING MESSAGE = 'the mode of an installation is settled at its first start';
END $$;

CREATE OR REPLACE TRIGGER settled BEFORE UPDATE OR DELETE ON lock.installation FOR EACH ROW EXECUTE FUNCTION lock.settled();

GRANT USAGE ON SCHEMA lock TO schakel_app, schakel_owner;
