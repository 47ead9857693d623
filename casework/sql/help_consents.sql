-- Consent to help: whether it ended, and whom a package asks to help. Of a track that a package began and on which
-- nobody consented here it is asked whether that package was withdrawn, and no more.
--
-- Made by: keeper
-- May call, app: lock.consent_ended, lock.helped_in
-- Touches: public.casework_handoff, public.casework_packageitem, public.casework_storedfact, public.casework_track,
--   public.casework_wall

CREATE OR REPLACE FUNCTION lock.consent_ended(of_track uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t public.casework_track;
  c public.casework_storedfact;
  today date := (lock.current_moment() AT TIME ZONE 'Europe/Amsterdam')::date;
  whose uuid;
  help text;
BEGIN
  SELECT * INTO t FROM public.casework_track x WHERE x.id = of_track AND x.agency_id = lock.agency();
  IF t.id IS NULL OR NOT t.kind = ANY (lock.helping_kinds()) OR NOT t.state = ANY (lock.helped_states()) OR EXISTS (
    SELECT 1 FROM public.casework_wall x WHERE x.case_id = t.case_id AND x.user_id = lock.person()
      AND x.starts_at <= lock.current_moment() AND (x.ends_at IS NULL OR x.ends_at > lock.current_moment())) THEN
    RETURN false;
  END IF;
  SELECT * INTO c FROM public.casework_storedfact f WHERE f.track_id = t.id AND f.replaced_by_id IS NULL
    AND f.fact = 'consent'
    AND f.code = ANY (lock.help_consents()) ORDER BY f.made_at DESC, f.id DESC LIMIT 1;
  IF c.id IS NULL THEN
    RETURN EXISTS (SELECT 1 FROM public.casework_handoff h WHERE h.id = t.began_by_handoff_id
      AND h.kind = ANY (lock.helping_kinds()) AND h.state = 'withdrawn');
  END IF;
  IF c.until_date < today THEN
    RETURN true;
  END IF;
  whose := lock.one_person(t.case_id, t.agency_id, coalesce(c.person_id, t.subject_id));
  help := coalesce(nullif(c.help_kind, ''), (SELECT f.help_kind FROM public.casework_storedfact f
    WHERE f.track_id = t.id AND f.replaced_by_id IS NULL
    AND f.fact = 'offer_form' AND f.made_at <= c.made_at ORDER BY f.made_at DESC, f.id DESC LIMIT 1), '');
  RETURN EXISTS (SELECT 1 FROM public.casework_storedfact w LEFT JOIN public.casework_track o ON o.id = w.track_id
      AND o.agency_id = w.agency_id
    CROSS JOIN LATERAL (SELECT coalesce(w.person_id, o.subject_id) AS said) p
    WHERE w.case_id = t.case_id AND w.agency_id = t.agency_id AND w.fact = 'consent_withdrawn' AND w.replaced_by_id IS NULL
    AND CASE WHEN p.said IS NULL THEN w.track_id IS NULL OR w.track_id = t.id WHEN whose IS NULL THEN w.track_id = t.id
      ELSE lock.one_person(t.case_id, t.agency_id, p.said) = whose END
    AND (w.help_kind = '' OR help IN ('', w.help_kind))
    AND (w.made_at >= c.made_at OR coalesce(w.on_date, ((w.made_at AT TIME ZONE 'Europe/Amsterdam')::date))
      > coalesce(c.on_date, ((c.made_at AT TIME ZONE 'Europe/Amsterdam')::date))));
END $$;

CREATE OR REPLACE FUNCTION lock.helped_in(of_handoff uuid) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE h public.casework_handoff := lock.at_end(of_handoff);
BEGIN
  RETURN (SELECT i.origin_id FROM public.casework_packageitem i JOIN public.casework_track t ON t.id = h.track_id
    WHERE i.handoff_id = h.id AND i.package = h.package AND i."group" = 'identity'
    AND lock.one_person(h.case_id, h.sender_id, i.origin_id) = lock.one_person(h.case_id, h.sender_id, t.subject_id)
    ORDER BY i.position LIMIT 1);
END $$;
