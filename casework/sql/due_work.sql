-- What is due in all agencies, by id alone: the scheduler asks it.
--
-- Made by: keeper
-- May call, app: lock.due_intents, lock.passed_deadlines
-- Touches: public.casework_deadline, public.casework_outbox

CREATE OR REPLACE FUNCTION lock.due_intents(until timestamptz) RETURNS TABLE (id uuid, due_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF lock.action() IS DISTINCT FROM 'find_due' OR lock.role() IS DISTINCT FROM 'scheduler' THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody looks for what is due';
  END IF;
  RETURN QUERY SELECT o.id, o.due_at FROM public.casework_outbox o WHERE o.done_at IS NULL AND o.due_at <= until
    ORDER BY o.due_at, o.id LIMIT 500;
END $$;

CREATE OR REPLACE FUNCTION lock.passed_deadlines(until timestamptz)
RETURNS TABLE (id uuid, agency int, due_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF lock.action() IS DISTINCT FROM 'find_due' OR lock.role() IS DISTINCT FROM 'scheduler' THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody looks for what is due';
  END IF;
  RETURN QUERY SELECT d.id, d.agency_id, d.due_at FROM public.casework_deadline d
    WHERE d.met_at IS NULL AND d.overdue_at IS NULL AND d.due_at <= until ORDER BY d.due_at LIMIT 500;
END $$;
