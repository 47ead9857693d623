-- Packages that were sent and that no worker will deliver: their intent is marked as done, or is gone. A delivery and the
-- end of its intent are one transaction, so only somebody who bypasses the application can leave one so.
--
-- Made by: keeper
-- May call, nobody: lock.undelivered
-- Touches: public.casework_handoff, public.casework_outbox

CREATE OR REPLACE FUNCTION lock.undelivered() RETURNS TABLE (handoff uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT h.id FROM public.casework_handoff h WHERE h.state = 'sent' AND NOT EXISTS (
    SELECT 1 FROM public.casework_outbox o WHERE o.key = format('deliver_handoff:%s:%s', h.id, h.version)
      AND o.about_id = h.id AND o.done_at IS NULL);
END $$;
