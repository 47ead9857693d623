-- Who acts in this transaction, in which role, doing what and at which moment: one row of lock.acting for each
-- connection, valid in the transaction that filled it and in no other. Everything else asks these functions. Who may fill
-- the row is proven one layer up (permissions/sql/act_as.sql).
--
-- Made by: keeper
-- May call, app: lock.person, lock.agency, lock.membership, lock.role, lock.action, lock.current_moment,
--   lock.stop_acting, lock.take_moment
-- May call, nobody: lock.basis, lock.real_moment
-- Touches: lock.acting

CREATE OR REPLACE FUNCTION lock.person() RETURNS int
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT a.person FROM lock.acting a WHERE a.pid = pg_backend_pid() AND a.person IS NOT NULL
          AND a.xact = pg_current_xact_id_if_assigned());
END $$;

CREATE OR REPLACE FUNCTION lock.agency() RETURNS int
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT a.agency FROM lock.acting a WHERE a.pid = pg_backend_pid() AND a.person IS NOT NULL
          AND a.xact = pg_current_xact_id_if_assigned());
END $$;

CREATE OR REPLACE FUNCTION lock.membership() RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT a.membership FROM lock.acting a WHERE a.pid = pg_backend_pid() AND a.person IS NOT NULL
          AND a.xact = pg_current_xact_id_if_assigned());
END $$;

CREATE OR REPLACE FUNCTION lock.role() RETURNS text
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT a.role FROM lock.acting a WHERE a.pid = pg_backend_pid() AND a.person IS NOT NULL
          AND a.xact = pg_current_xact_id_if_assigned());
END $$;

CREATE OR REPLACE FUNCTION lock.action() RETURNS text
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT a.action FROM lock.acting a WHERE a.pid = pg_backend_pid() AND a.person IS NOT NULL
          AND a.xact = pg_current_xact_id_if_assigned());
END $$;

CREATE OR REPLACE FUNCTION lock.basis() RETURNS text
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT a.basis FROM lock.acting a WHERE a.pid = pg_backend_pid() AND a.person IS NOT NULL
          AND a.xact = pg_current_xact_id_if_assigned());
END $$;

CREATE OR REPLACE FUNCTION lock.current_moment() RETURNS timestamptz
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT a.moment FROM lock.acting a WHERE a.pid = pg_backend_pid() AND a.person IS NOT NULL
          AND a.xact = pg_current_xact_id_if_assigned());
END $$;

-- Moves the moment of an act to the present, by the clock of the database; a scenario stays at its own moment.
CREATE OR REPLACE FUNCTION lock.real_moment(moment timestamptz) RETURNS timestamptz
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN moment BETWEEN now() AND clock_timestamp() THEN clock_timestamp() ELSE moment END
$$;

CREATE OR REPLACE FUNCTION lock.take_moment() RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE answer timestamptz;
BEGIN
  -- An act that waited for another one gets a later moment: otherwise the later of two facts would seem the earlier.
  UPDATE lock.acting a SET moment = lock.real_moment(a.moment)
    WHERE a.pid = pg_backend_pid() AND a.person IS NOT NULL AND a.xact = pg_current_xact_id_if_assigned()
    RETURNING a.moment INTO answer;
  RETURN answer;
END $$;

CREATE OR REPLACE FUNCTION lock.stop_acting() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE lock.acting SET person = NULL WHERE pid = pg_backend_pid() AND xact = pg_current_xact_id_if_assigned();
END $$;
