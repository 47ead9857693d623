-- Begins and ends assignments. An action assigns whoever does it, or somebody else where it assigns the case to them; always
-- a member of the agency before whom no wall stands.
--
-- Made by: keeper
-- May call, app: lock.name_person, lock.end_assignment, lock.end_assignments
-- Touches: public.casework_assignment, public.casework_participation, public.casework_wall, public.permissions_membership

CREATE OR REPLACE FUNCTION lock.name_person(of_case uuid, who int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT ((coalesce(lock.action(), '') = ANY (lock.actions_assigning_another()) AND who <> lock.person()) OR
    (coalesce(lock.action(), '') = ANY (lock.actions_assigning_doer()) AND who = lock.person())) OR NOT EXISTS (
    SELECT 1 FROM public.casework_participation r WHERE r.content_object_id = of_case AND r.group_id = lock.agency()
    AND r.ends_at IS NULL) OR NOT EXISTS (
    SELECT 1 FROM public.permissions_membership m WHERE m.user_id = who AND m.agency_id = lock.agency()
    AND m.starts_at <= lock.current_moment() AND (m.ends_at IS NULL OR m.ends_at > lock.current_moment())) OR EXISTS (
    SELECT 1 FROM public.casework_wall w WHERE w.case_id = of_case AND w.user_id = who
    AND w.starts_at <= lock.current_moment() AND (w.ends_at IS NULL OR w.ends_at > lock.current_moment())) THEN
    RAISE insufficient_privilege USING MESSAGE = 'this person cannot be named here';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM public.casework_assignment n WHERE n.content_object_id = of_case AND n.user_id = who
                 AND n.agency_id = lock.agency() AND n.ends_at IS NULL) THEN
    INSERT INTO public.casework_assignment (permission_id, user_id, content_object_id, agency_id, reference, reason,
      basis, giver_id, starts_at, is_open, next_due_at, lacks_term)
      SELECT lock.view_case(), who, of_case, lock.agency(), r.reference, lock.action(), r.basis, lock.person(),
        lock.current_moment(), r.is_open, r.next_due_at, r.lacks_term
      FROM public.casework_participation r WHERE r.content_object_id = of_case AND r.group_id = lock.agency()
      AND r.ends_at IS NULL LIMIT 1;
  END IF;
END $$;

CREATE OR REPLACE FUNCTION lock.end_assignment(of_case uuid, who int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT coalesce(lock.action(), '') = ANY (lock.actions_assigning_another()) THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody is being assigned';
  END IF;
  -- An act that still holds the assignment ends first; the assignment ends after it, at a later moment.
  PERFORM 1 FROM public.casework_assignment n WHERE n.content_object_id = of_case AND n.user_id = who
    AND n.agency_id = lock.agency() AND n.ends_at IS NULL FOR UPDATE;
  UPDATE public.casework_assignment n SET ends_at = lock.real_moment(lock.current_moment())
    WHERE n.content_object_id = of_case AND n.user_id = who AND n.agency_id = lock.agency() AND n.ends_at IS NULL;
END $$;

-- Somebody who is no member of the agency any more is taken off all of its cases; these are then held in the order of
-- their ids, as in every other act.
CREATE OR REPLACE FUNCTION lock.end_assignments(who int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT lock.manages_people(lock.agency()) OR EXISTS (SELECT 1 FROM public.permissions_membership m
    WHERE m.user_id = who AND m.agency_id = lock.agency()
    AND (m.ends_at IS NULL OR m.ends_at > lock.current_moment())) THEN
    RAISE insufficient_privilege USING MESSAGE = 'this person is still a member';
  END IF;
  PERFORM lock.hold_case(s.c) FROM (SELECT DISTINCT n.content_object_id AS c FROM public.casework_assignment n
    WHERE n.user_id = who AND n.agency_id = lock.agency() AND n.ends_at IS NULL ORDER BY 1) AS s;
  UPDATE public.casework_assignment n SET ends_at = lock.real_moment(lock.current_moment())
    WHERE n.user_id = who AND n.agency_id = lock.agency() AND n.ends_at IS NULL;
END $$;
