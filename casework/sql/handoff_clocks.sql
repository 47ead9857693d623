-- The terms of a handoff at both of its ends, as it moves.
--
-- Made by: keeper
-- May call, app: lock.handoff_clocks, lock.sender_clocks
-- Touches: public.casework_deadline, public.casework_handoff, public.casework_storedfact

CREATE OR REPLACE FUNCTION lock.handoff_clocks(of_handoff uuid, stopped text[], ids uuid[], codes text[],
  sides text[], dues timestamptz[], rule text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE h public.casework_handoff := lock.at_end(of_handoff);
BEGIN
  UPDATE public.casework_deadline d SET met_at = lock.current_moment()
    WHERE d.handoff_id = h.id AND d.clock = ANY (stopped) AND d.met_at IS NULL;
  INSERT INTO public.casework_deadline (id, case_id, agency_id, handoff_id, clock, moment, rule_version, started_at,
      due_at)
    SELECT s.id, h.case_id, CASE s.side WHEN 'sender' THEN h.sender_id ELSE h.receiver_id END, h.id, s.code, 0, rule,
      lock.current_moment(), s.due
    FROM unnest(ids, codes, sides, dues) AS s (id, code, side, due)
    WHERE NOT EXISTS (SELECT 1 FROM public.casework_deadline d WHERE d.handoff_id = h.id AND d.clock = s.code
                      AND d.met_at IS NULL);
END $$;

CREATE OR REPLACE FUNCTION lock.sender_clocks(of_handoff uuid, entered text, new_id uuid, found_due timestamptz,
  rule text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  h public.casework_handoff := lock.at_end(of_handoff);
  on_track uuid;
BEGIN
  IF entered = 'sent' THEN
    -- What came to nothing counts as sent again by the same handoff or another of its kind; for help, of the same track.
    UPDATE public.casework_deadline d SET met_at = lock.current_moment() FROM public.casework_handoff o
      WHERE d.clock = 'HANDOFF_AGAIN' AND d.met_at IS NULL AND d.case_id = h.case_id AND d.agency_id = h.sender_id
      AND o.id = d.handoff_id AND o.kind = h.kind
      AND (o.kind NOT IN ('help', 'victim') OR o.track_id IS NOT DISTINCT FROM h.track_id);
  END IF;
  IF h.kind <> 'concern_report' THEN
    RETURN;
  END IF;
  IF entered = 'delivered' AND NOT lock.untold_children_of(h.case_id, h.sender_id, lock.arrived_states(), NULL, h.id,
    entered) THEN
    UPDATE public.casework_deadline d SET met_at = lock.current_moment()
      WHERE d.clock = 'CHILDREN_FOUND' AND d.met_at IS NULL AND d.case_id = h.case_id AND d.agency_id = h.sender_id;
  END IF;
  IF found_due IS NULL OR entered NOT IN ('refused', 'expired', 'withdrawn') OR EXISTS (
    SELECT 1 FROM public.casework_deadline d WHERE d.clock = 'CHILDREN_FOUND' AND d.met_at IS NULL
      AND d.case_id = h.case_id AND d.agency_id = h.sender_id)
    OR NOT lock.untold_children_of(h.case_id, h.sender_id, lock.arrived_states(), NULL, h.id, entered) THEN
    RETURN;
  END IF;
  SELECT f.track_id INTO on_track FROM public.casework_storedfact f WHERE f.case_id = h.case_id
    AND f.agency_id = h.sender_id AND f.fact = 'child_check' AND f.replaced_by_id IS NULL
    ORDER BY f.made_at DESC, f.id DESC LIMIT 1;
  INSERT INTO public.casework_deadline (id, case_id, agency_id, track_id, clock, moment, rule_version, started_at,
      due_at)
    VALUES (new_id, h.case_id, h.sender_id, on_track, 'CHILDREN_FOUND', 0, rule, lock.current_moment(), found_due);
END $$;
