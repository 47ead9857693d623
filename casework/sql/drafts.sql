-- Drafts: what somebody typed in a form and did not send yet. It comes encrypted; here it is stored for the person,
-- membership, action and target of the running act, and is thrown away once the act is done, its time is over, or
-- its writer has no way to what it is about any more (docs/decisions/0027-drafts.md).
--
-- Made by: keeper
-- May call, app: lock.store_draft, lock.drop_draft, lock.clear_drafts
-- May call, owner: lock.draft_is_sent
-- Touches: lock.acting, public.casework_assignment, public.casework_draft, public.casework_handoff,
--   public.casework_operation, public.casework_participation, public.casework_track, public.casework_wall,
--   public.permissions_agency, public.permissions_membership, public.permissions_user

-- Answers whether it is stored: what comes after its own form was sent is not, or it would come back as a draft.
CREATE OR REPLACE FUNCTION lock.store_draft(about uuid, sent uuid, words text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  a lock.acting;
  in_case uuid;
BEGIN
  SELECT * INTO a FROM lock.acting x WHERE x.pid = pg_backend_pid() AND x.person IS NOT NULL
    AND x.xact = pg_current_xact_id_if_assigned();
  IF a.membership IS NULL THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody writes a draft';
  END IF;
  IF about IS NOT NULL THEN
    in_case := coalesce(
      lock.reach_case(about),
      (SELECT t.case_id FROM public.casework_track t WHERE t.id = lock.reach_track(about)),
      (SELECT h.case_id FROM public.casework_handoff h WHERE h.id = lock.reach_handoff(about)));
    IF in_case IS NULL THEN
      RAISE insufficient_privilege USING MESSAGE = 'a draft is about what its writer sees';
    END IF;
  END IF;
  IF EXISTS (SELECT 1 FROM public.casework_operation o WHERE o.id = sent) THEN
    RETURN false;
  END IF;
  INSERT INTO public.casework_draft (id, person_id, membership_id, action, about_id, case_id, sealed, stored_at)
    VALUES (gen_random_uuid(), a.person, a.membership, a.action, about, in_case, words, a.moment)
    ON CONFLICT (membership_id, action, about_id) DO UPDATE SET sealed = excluded.sealed, stored_at = excluded.stored_at;
  RETURN true;
END $$;

CREATE OR REPLACE FUNCTION lock.drop_draft(about uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM public.casework_draft d USING lock.acting a WHERE a.pid = pg_backend_pid() AND a.person IS NOT NULL
    AND a.xact = pg_current_xact_id_if_assigned() AND d.person_id = a.person AND d.membership_id = a.membership
    AND d.action = a.action AND d.about_id IS NOT DISTINCT FROM about;
END $$;

-- An operation has its answer: the act is done, and what was typed for it stands in the records.
CREATE OR REPLACE FUNCTION lock.draft_is_sent() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM lock.drop_draft(NEW.target);
  RETURN NULL;
END $$;

-- Answers how many are gone: after thirty days, of a membership that ended, behind a wall, of an agency that left the
-- case, and of somebody who was taken off it and sees it in none of their roles.
CREATE OR REPLACE FUNCTION lock.clear_drafts() RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  at timestamptz := lock.current_moment();
  gone int;
BEGIN
  IF lock.action() IS DISTINCT FROM 'find_due' OR lock.role() IS DISTINCT FROM 'scheduler' THEN
    RAISE insufficient_privilege USING MESSAGE = 'the scheduler clears drafts';
  END IF;
  DELETE FROM public.casework_draft d USING public.permissions_membership m, public.permissions_user u,
      public.permissions_agency g
    WHERE m.id = d.membership_id AND u.id = m.user_id AND g.group_id = m.agency_id AND (
      d.stored_at <= at - interval '30 days' OR m.ends_at <= at OR NOT u.is_active OR NOT g.is_active
      OR (d.case_id IS NOT NULL AND (
        EXISTS (SELECT 1 FROM public.casework_wall x WHERE x.case_id = d.case_id AND x.user_id = d.person_id
          AND x.starts_at <= at AND (x.ends_at IS NULL OR x.ends_at > at))
        OR NOT (
          EXISTS (SELECT 1 FROM public.casework_participation x WHERE x.content_object_id = d.case_id
            AND x.group_id = m.agency_id AND (x.ends_at IS NULL OR x.ends_at > at)
            AND (m.roles::text[] && lock.case_leaders() OR EXISTS (SELECT 1 FROM public.casework_assignment n
              WHERE n.content_object_id = d.case_id AND n.user_id = d.person_id AND n.agency_id = m.agency_id
              AND (n.ends_at IS NULL OR n.ends_at > at))))
          OR EXISTS (SELECT 1 FROM public.casework_handoff h WHERE h.id = d.about_id
            AND m.agency_id IN (h.sender_id, h.receiver_id))))));
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END $$;
