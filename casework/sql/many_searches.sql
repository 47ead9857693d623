-- Who searches too often in an hour is told to an auditor. The searches of one person come one after the other: each counts
-- those before it, however many run at once.
--
-- Made by: keeper
-- May call, app: lock.searches_lately, lock.many_searches
-- Touches: public.audit_entry, public.casework_finding

-- Read from the newest entry on; entries do not lie quite in the order of their moments, an act may take a while.
CREATE OR REPLACE FUNCTION lock.searches_lately() RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE
  since timestamptz := lock.current_moment() - interval '1 hour';
  found int := 0;
  e record;
BEGIN
  IF NOT coalesce(lock.action(), '') IN ('search_own', 'check_known') THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody searches';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('searches'), lock.person());
  FOR e IN SELECT x.word, x.verb, x.outcome, x.occurred_at FROM public.audit_entry x WHERE x.actor_id = lock.person()
    ORDER BY x.id DESC
  LOOP
    EXIT WHEN e.occurred_at <= since - interval '10 minutes';
    IF e.word IN ('search_own', 'check_known') AND e.verb = 'consult' AND e.outcome = 'done' AND e.occurred_at > since THEN
      found := found + 1;
    END IF;
  END LOOP;
  RETURN found;
END $$;

CREATE OR REPLACE FUNCTION lock.many_searches(new_id uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT coalesce(lock.action(), '') IN ('search_own', 'check_known') THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody searches';
  END IF;
  INSERT INTO public.casework_finding (id, agency_id, about_id, kind, text, opened_by_id, opened_at, closing, in_table,
      of_row, columns, people, is_there, times_seen)
    VALUES (new_id, lock.agency(), lock.person(), 'many_searches', '', lock.person(), lock.current_moment(), '', '', '',
      '{}', '{}', false, 0)
    ON CONFLICT DO NOTHING;
END $$;
