-- Who searches too often in an hour is told to an auditor.
--
-- Made by: keeper
-- May call, app: lock.many_searches
-- Touches: public.casework_finding

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
