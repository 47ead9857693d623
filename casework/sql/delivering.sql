-- What a delivery brings about at the receiver: their part in the case and the line in the ledger; and how that part
-- ends where a package came to nothing.
--
-- Made by: keeper
-- May call, app: lock.receive, lock.leave, lock.twins
-- Touches: public.casework_agencyrecord, public.casework_disclosure, public.casework_handoff, public.casework_assignment,
--   public.casework_packageitem, public.casework_personincase, public.casework_participation

CREATE OR REPLACE FUNCTION lock.receive(of_handoff uuid, line uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE h public.casework_handoff := lock.at_end(of_handoff);
BEGIN
  IF lock.role() <> 'courier' OR h.state <> 'delivered' OR h.receiver_id <> lock.agency() THEN
    RAISE insufficient_privilege USING MESSAGE = 'nothing is delivered here';
  END IF;
  PERFORM lock.take_part(h.case_id, h.receiver_id, 'deliver_handoff');
  INSERT INTO public.casework_disclosure (id, case_id, agency_id, receiver_id, handoff_id, package, basis, groups,
      item_count, disclosed_at)
    SELECT line, h.case_id, h.sender_id, h.receiver_id, h.id, h.package, h.basis,
      coalesce(array_agg(DISTINCT i."group"), '{}'), count(i.id), lock.current_moment()
    FROM public.casework_packageitem i WHERE i.handoff_id = h.id AND i.package = h.package;
  PERFORM lock.refresh(h.case_id, h.receiver_id);
END $$;

CREATE OR REPLACE FUNCTION lock.leave(of_handoff uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE h public.casework_handoff := lock.at_end(of_handoff);
BEGIN
  IF h.state NOT IN ('refused', 'withdrawn', 'expired') OR EXISTS (
    SELECT 1 FROM public.casework_agencyrecord r WHERE r.case_id = h.case_id AND r.agency_id = h.receiver_id)
    OR EXISTS (SELECT 1 FROM public.casework_handoff o WHERE o.case_id = h.case_id AND o.id <> h.id
      AND h.receiver_id IN (o.sender_id, o.receiver_id) AND o.state NOT IN ('refused', 'withdrawn', 'expired')) THEN
    RETURN;
  END IF;
  UPDATE public.casework_assignment n SET ends_at = lock.current_moment() WHERE n.content_object_id = h.case_id
    AND n.agency_id = h.receiver_id AND n.ends_at IS NULL;
  UPDATE public.casework_participation r SET ends_at = lock.current_moment() WHERE r.content_object_id = h.case_id
    AND r.group_id = h.receiver_id AND r.ends_at IS NULL;
END $$;

-- Who is the same person in two packages: both rows rest on one item of the sender.
CREATE OR REPLACE FUNCTION lock.twins(of_case uuid, people uuid[]) RETURNS TABLE (person uuid, twin uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT DISTINCT p.id, q.id FROM public.casework_personincase p
    JOIN public.casework_packageitem i ON i.id = p.from_item_id
    JOIN public.casework_packageitem j ON j.origin_id = i.origin_id AND j.case_id = i.case_id
    JOIN public.casework_personincase q ON q.from_item_id = j.id AND q.case_id = p.case_id AND q.agency_id = p.agency_id
    WHERE p.case_id = of_case AND p.agency_id = lock.agency() AND p.id = ANY (people);
END $$;
