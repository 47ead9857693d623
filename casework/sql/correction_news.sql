-- The news of a correction goes to every handoff that held the item, at both ends: it is stored at the sender under the
-- clock HANDOFF_CORRECTED, and the courier delivers it to the receiver under the clock HANDOFF_NEWS.
--
-- Made by: keeper
-- May call, app: lock.tell_recipients, lock.owes_news, lock.deliver_news
-- Touches: public.casework_correction, public.casework_correctionnews, public.casework_deadline,
--   public.casework_disclosure, public.casework_handoff, public.casework_note, public.casework_packageitem,
--   public.casework_personincase, public.casework_premises

CREATE OR REPLACE FUNCTION lock.tell_recipients(of_case uuid, cause uuid, origins uuid[], groups text[],
  labels text[], said text[], secrets text[], due timestamptz, rule text)
RETURNS TABLE (of_handoff uuid, of_receiver int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  one record;
  told uuid[] := '{}';
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM public.casework_correction c WHERE coalesce(lock.action(), '') IN ('write_record', 'correct_note')
      AND c.id = cause AND c.case_id = of_case
      AND c.agency_id = lock.agency() AND c.made_at = lock.current_moment()
    UNION ALL SELECT 1 FROM public.casework_note n
      WHERE coalesce(lock.action(), '') IN ('write_record', 'correct_note') AND n.id = cause AND n.case_id = of_case
      AND n.agency_id = lock.agency() AND n.made_at = lock.current_moment() AND n.corrects_id IS NOT NULL
      AND n.kind <> 'police_intelligence'
    UNION ALL SELECT 1 FROM public.casework_premises p WHERE p.id = cause AND p.case_id = of_case
      AND p.agency_id = lock.agency() AND p.made_at = lock.current_moment() AND p.is_secret
    UNION ALL SELECT 1 FROM public.casework_personincase p WHERE p.id = cause AND p.case_id = of_case
      AND p.agency_id = lock.agency() AND p.made_at = lock.current_moment() AND p.contact_is_secret) THEN
    RAISE insufficient_privilege USING MESSAGE = 'nothing is being corrected here';
  END IF;
  FOR one IN SELECT h.id, h.state, h.delivered, h.package, h.receiver_id, i.package AS held, i.origin_id, i."group" AS grp,
      i.value, s.label, s.said, s.secret
    FROM unnest(origins, groups, labels, said, secrets) AS s (origin, grp, label, said, secret)
    JOIN public.casework_packageitem i ON i.case_id = of_case AND i.sender_id = lock.agency() AND i.origin_id = s.origin
      AND i."group" = s.grp
    JOIN public.casework_handoff h ON h.id = i.handoff_id AND h.sender_id = lock.agency()
    ORDER BY h.id, i.package, i.position LOOP
    IF one.held = one.package AND NOT one.held = ANY (one.delivered) AND one.state IN ('prepared', 'checked', 'sent') THEN
      UPDATE public.casework_handoff h SET is_outdated = true WHERE h.id = one.id AND NOT h.is_outdated;
    END IF;
    CONTINUE WHEN NOT one.held = ANY (one.delivered) OR one.state = ANY (lock.ended_states());
    UPDATE public.casework_correctionnews n SET label = one.label, value = one.said, withheld = one.secret,
        cause_id = cause, made_at = lock.current_moment()
      WHERE n.handoff_id = one.id AND n.origin_id = one.origin_id AND n."group" = one.grp AND n.delivered_at IS NULL;
    IF NOT FOUND THEN
      INSERT INTO public.casework_correctionnews (id, case_id, sender_id, receiver_id, handoff_id, cause_id, origin_id,
          "group", label, value, withheld, made_at)
        VALUES (gen_random_uuid(), of_case, lock.agency(), one.receiver_id, one.id, cause, one.origin_id, one.grp,
          one.label, one.said, one.secret, lock.current_moment());
    END IF;
    IF one.id = ANY (told) THEN
      CONTINUE;
    END IF;
    told := told || one.id;
    of_handoff := one.id;
    of_receiver := one.receiver_id;
    INSERT INTO public.casework_deadline (id, case_id, agency_id, handoff_id, clock, moment, rule_version, started_at,
        due_at)
      SELECT gen_random_uuid(), of_case, lock.agency(), one.id, 'HANDOFF_CORRECTED', 0, rule, lock.current_moment(), due
      WHERE NOT EXISTS (SELECT 1 FROM public.casework_deadline d WHERE d.handoff_id = one.id
        AND d.clock = 'HANDOFF_CORRECTED'
        AND d.met_at IS NULL);
    RETURN NEXT;
  END LOOP;
END $$;

CREATE OR REPLACE FUNCTION lock.owes_news(of_handoff uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE h public.casework_handoff := lock.at_end(of_handoff);
BEGIN
  RETURN lock.role() = 'courier' AND EXISTS (SELECT 1 FROM public.casework_deadline d WHERE d.handoff_id = h.id
    AND d.clock = 'HANDOFF_CORRECTED' AND d.met_at IS NULL);
END $$;

CREATE OR REPLACE FUNCTION lock.deliver_news(of_handoff uuid, line uuid, due timestamptz, rule text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  h public.casework_handoff := lock.at_end(of_handoff);
  since timestamptz;
  held text[];
BEGIN
  IF lock.role() IS DISTINCT FROM 'courier' OR h.receiver_id <> lock.agency() OR NOT h.state = ANY (lock.arrived_states())
    OR NOT coalesce(lock.action(), '') IN ('deliver_correction', 'deliver_handoff') THEN
    RAISE insufficient_privilege USING MESSAGE = 'no news is delivered here';
  END IF;
  -- News that was given up is not told any more: only what has waited since the running clock began.
  SELECT min(d.started_at) INTO since FROM public.casework_deadline d WHERE d.handoff_id = h.id
    AND d.clock = 'HANDOFF_CORRECTED'
    AND d.met_at IS NULL;
  UPDATE public.casework_correctionnews n SET delivered_at = lock.current_moment()
    WHERE n.handoff_id = h.id AND n.delivered_at IS NULL AND n.made_at >= since;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  SELECT array_agg(n."group") INTO held FROM public.casework_correctionnews n WHERE n.handoff_id = h.id
    AND n.delivered_at = lock.current_moment();
  INSERT INTO public.casework_disclosure (id, case_id, agency_id, receiver_id, handoff_id, package, basis, groups,
      item_count, is_correction, disclosed_at)
    VALUES (line, h.case_id, h.sender_id, h.receiver_id, h.id, h.package, h.basis,
      ARRAY(SELECT DISTINCT g FROM unnest(held) AS g ORDER BY g), cardinality(held), true, lock.current_moment());
  UPDATE public.casework_deadline d SET met_at = lock.current_moment() WHERE d.handoff_id = h.id
    AND d.clock = 'HANDOFF_CORRECTED'
    AND d.met_at IS NULL;
  INSERT INTO public.casework_deadline (id, case_id, agency_id, handoff_id, clock, moment, rule_version, started_at,
      due_at)
    SELECT gen_random_uuid(), h.case_id, h.receiver_id, h.id, 'HANDOFF_NEWS', 0, rule, lock.current_moment(), due
    WHERE NOT EXISTS (SELECT 1 FROM public.casework_deadline d WHERE d.handoff_id = h.id AND d.clock = 'HANDOFF_NEWS'
      AND d.met_at IS NULL);
END $$;
