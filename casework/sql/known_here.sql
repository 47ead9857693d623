-- Whether a report that comes in is of a household that this agency knows, and how it is joined to it. A report comes
-- in where it is logged, or where whoever may accepts one that was handed over. A case behind a wall is told as
-- there, without its reference.
--
-- Made by: keeper
-- May call, app: lock.known_here, lock.pass_signal
-- Touches: public.casework_agencyrecord, public.casework_handoff, public.casework_assignment, public.casework_notice,
--   public.casework_participation, public.casework_storedfact, public.casework_track, public.casework_wall,
--   public.permissions_user

CREATE OR REPLACE FUNCTION lock.known_here(words text[], whole text[], born text, keys text[])
RETURNS TABLE (of_case uuid, called text, matched text[], stood text, since date, holders text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (lock.action() = 'open_case' AND coalesce(lock.role(), '') = ANY (lock.case_openers())
    OR lock.action() = 'accept_handoff' AND coalesce(lock.role(), '') = ANY (lock.handoff_accepters())) IS NOT TRUE THEN
    RAISE insufficient_privilege USING MESSAGE = 'nothing is being logged';
  END IF;
  RETURN QUERY SELECT CASE WHEN f.walled THEN NULL ELSE f.c END,
    CASE WHEN f.walled THEN NULL ELSE (SELECT x.reference::text FROM public.casework_participation x
      WHERE x.content_object_id = f.c AND x.group_id = lock.agency() ORDER BY x.starts_at DESC LIMIT 1) END,
    f.m, CASE WHEN f.walled THEN NULL ELSE o.state END, CASE WHEN f.walled THEN NULL ELSE o.day END,
    CASE WHEN f.walled THEN NULL ELSE ARRAY(SELECT u.full_name::text FROM public.casework_assignment x
      JOIN public.permissions_user u ON u.id = x.user_id WHERE x.content_object_id = f.c AND x.agency_id = lock.agency()
      AND x.starts_at <= lock.current_moment() AND (x.ends_at IS NULL OR x.ends_at > lock.current_moment())
      ORDER BY 1) END
  FROM (SELECT a.of_case AS c, array_agg(DISTINCT a.matched ORDER BY a.matched) AS m,
      EXISTS (SELECT 1 FROM public.casework_wall x WHERE x.case_id = a.of_case AND x.user_id = lock.person()
        AND x.starts_at <= lock.current_moment() AND (x.ends_at IS NULL OR x.ends_at > lock.current_moment())) AS walled
      FROM lock.alike(words, whole, born, keys) a GROUP BY a.of_case) f
    CROSS JOIN LATERAL (SELECT t.state::text AS state, (t.made_at AT TIME ZONE 'Europe/Amsterdam')::date AS day
      FROM public.casework_track t WHERE t.case_id = f.c AND t.agency_id = lock.agency() AND t.kind = 'safety'
      ORDER BY t.made_at DESC LIMIT 1) o ORDER BY o.day DESC, f.c;
END $$;

CREATE OR REPLACE FUNCTION lock.pass_signal(new_id uuid, earlier uuid, fresh uuid, said text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t public.casework_track;
  one int;
  told boolean := false;
BEGIN
  SELECT * INTO t FROM public.casework_track x WHERE x.case_id = earlier AND x.agency_id = lock.agency()
    AND x.kind = 'safety' ORDER BY x.made_at DESC LIMIT 1;
  IF (lock.action() = 'open_case' AND coalesce(lock.role(), '') = ANY (lock.case_openers())
    OR lock.action() = 'accept_handoff' AND coalesce(lock.role(), '') = ANY (lock.handoff_accepters())) IS NOT TRUE
    OR t.id IS NULL OR earlier = fresh OR EXISTS (SELECT 1 FROM public.casework_wall x WHERE x.case_id = earlier
      AND x.user_id = lock.person() AND x.starts_at <= lock.current_moment()
      AND (x.ends_at IS NULL OR x.ends_at > lock.current_moment()))
    OR NOT (CASE WHEN lock.action() = 'open_case' THEN EXISTS (SELECT 1 FROM public.casework_agencyrecord r
        WHERE r.case_id = fresh AND r.agency_id = lock.agency() AND r.made_at = lock.current_moment()
        AND r.made_by_id = lock.person())
      ELSE EXISTS (SELECT 1 FROM public.casework_handoff h WHERE h.case_id = fresh AND h.receiver_id = lock.agency()
        AND h.kind = 'concern_report' AND h.state = 'accepted' AND h.moved_at = lock.current_moment()) END) THEN
    RAISE insufficient_privilege USING MESSAGE = 'no report is joined to a household of this agency';
  END IF;
  INSERT INTO public.casework_storedfact (id, case_id, agency_id, made_by_id, made_at, track_id, round, visit_number, fact,
      action, code, text, name, ref_id)
    VALUES (new_id, earlier, lock.agency(), lock.person(), lock.current_moment(), t.id, t.round, 0, 'new_signal',
      lock.action(), '', said, '', fresh);
  FOR one IN SELECT x.user_id FROM public.casework_assignment x WHERE x.content_object_id = earlier
      AND x.agency_id = lock.agency() AND x.starts_at <= lock.current_moment()
      AND (x.ends_at IS NULL OR x.ends_at > lock.current_moment()) LOOP
    told := true;
    INSERT INTO public.casework_notice (id, case_id, agency_id, person_id, word, about_id, made_at)
      VALUES (gen_random_uuid(), earlier, lock.agency(), one, 'new_signal', earlier, lock.current_moment());
    IF NOT EXISTS (SELECT 1 FROM public.casework_wall x WHERE x.case_id = fresh AND x.user_id = one
      AND x.starts_at <= lock.current_moment() AND (x.ends_at IS NULL OR x.ends_at > lock.current_moment()))
      AND NOT EXISTS (SELECT 1 FROM public.casework_assignment x WHERE x.content_object_id = fresh AND x.user_id = one
        AND x.agency_id = lock.agency() AND x.starts_at <= lock.current_moment()
        AND (x.ends_at IS NULL OR x.ends_at > lock.current_moment())) THEN
      INSERT INTO public.casework_assignment (permission_id, user_id, content_object_id, agency_id, reference, reason, basis,
          giver_id, starts_at, is_open, next_due_at)
        SELECT lock.view_case(), one, fresh, lock.agency(), r.reference, lock.action(), r.basis, lock.person(),
          lock.current_moment(), r.is_open, r.next_due_at
        FROM public.casework_participation r WHERE r.content_object_id = fresh AND r.group_id = lock.agency()
        AND r.ends_at IS NULL LIMIT 1;
    END IF;
  END LOOP;
  IF NOT told THEN
    INSERT INTO public.casework_notice (id, case_id, agency_id, person_id, word, about_id, made_at)
      VALUES (gen_random_uuid(), earlier, lock.agency(), NULL, 'new_signal', earlier, lock.current_moment());
  END IF;
END $$;
