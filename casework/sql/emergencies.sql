-- Emergency access: asked with a reason, told to those named, reviewed in time; it ends at once when the record that
-- it opens becomes more confidential.
--
-- Made by: keeper
-- May call, app: lock.break_glass
-- May call, owner: lock.store_review, lock.mark_confidential
-- Touches: public.casework_deadline, public.casework_emergency, public.casework_assignment, public.casework_notice,
--   public.casework_participation, public.casework_wall, public.permissions_agency

CREATE OR REPLACE FUNCTION lock.break_glass(new_id uuid, called text, why_code text, why text, until timestamptz,
  review uuid, review_due timestamptz, rule text, OUT of_case uuid, OUT is_named boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  whose int;
  clock timestamptz := lock.current_moment();
BEGIN
  IF lock.action() IS DISTINCT FROM 'ask_emergency' OR NOT lock.role() = ANY (lock.emergency_askers()) THEN
    RAISE insufficient_privilege USING MESSAGE = 'no emergency is being asked';
  END IF;
  SELECT r.content_object_id, r.group_id INTO of_case, whose FROM public.casework_participation r
    JOIN public.permissions_agency a ON a.group_id = r.group_id
    JOIN public.permissions_agency mine ON mine.group_id = lock.agency()
    WHERE r.reference = called AND a.controller = mine.controller AND r.keeps
    AND r.starts_at <= clock AND (r.ends_at IS NULL OR r.ends_at > clock)
    ORDER BY (r.group_id = lock.agency()) DESC LIMIT 1;
  IF of_case IS NULL OR EXISTS (SELECT 1 FROM public.casework_wall w WHERE w.case_id = of_case
      AND w.user_id = lock.person() AND w.starts_at <= clock AND (w.ends_at IS NULL OR w.ends_at > clock)) THEN
    of_case := NULL;
    RETURN;
  END IF;
  is_named := EXISTS (SELECT 1 FROM public.casework_assignment n WHERE n.content_object_id = of_case
    AND n.user_id = lock.person() AND n.agency_id = lock.agency() AND n.starts_at <= clock
    AND (n.ends_at IS NULL OR n.ends_at > clock));
  IF is_named THEN
    RETURN;
  END IF;
  PERFORM lock.hold_case(of_case);
  INSERT INTO public.casework_emergency (id, case_id, agency_id, user_id, asker_agency_id, reference, code, reason,
      starts_at, ends_at, verdict, verdict_reason)
    VALUES (new_id, of_case, whose, lock.person(), lock.agency(), called, why_code, why, clock, until, '', '');
  INSERT INTO public.casework_deadline (id, case_id, agency_id, clock, moment, rule_version, started_at, due_at)
    VALUES (review, of_case, whose, 'EMERGENCY_REVIEW', 0, rule, clock, review_due);
  INSERT INTO public.casework_notice (id, case_id, agency_id, person_id, word, about_id, made_at)
    SELECT gen_random_uuid(), of_case, n.agency_id, n.user_id, 'ask_emergency', new_id, clock
    FROM public.casework_assignment n WHERE n.content_object_id = of_case AND n.agency_id = whose
    AND n.starts_at <= clock AND (n.ends_at IS NULL OR n.ends_at > clock);
END $$;

CREATE OR REPLACE FUNCTION lock.store_review() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE public.casework_deadline d SET met_at = lock.current_moment()
    WHERE d.case_id = NEW.case_id AND d.agency_id = NEW.agency_id AND d.clock = 'EMERGENCY_REVIEW' AND d.met_at IS NULL
    AND d.started_at = NEW.starts_at;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION lock.mark_confidential() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE public.casework_emergency e SET ended_at = lock.current_moment(), ended_by_id = lock.person()
    WHERE e.case_id = NEW.case_id AND e.agency_id = NEW.agency_id AND e.ended_at IS NULL
    AND e.ends_at > lock.current_moment();
  RETURN NULL;
END $$;
