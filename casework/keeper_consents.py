"""Functions of the keeper on consent to help: whether it ended, and whom a package asks to help."""

from casework.consents import FOR_HELP, HELPING
from permissions.guard import among

_DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
HELD = ("consented", "handoff_pending", "started")
"""States of a track in which help rests on consent."""
_NOW = "x.starts_at <= lock.current_moment() AND (x.ends_at IS NULL OR x.ends_at > lock.current_moment())"
_OF = "f.track_id = t.id AND f.replaced_by_id IS NULL"
_DAY = "(({row}.made_at AT TIME ZONE 'Europe/Amsterdam')::date)"


def _said_on(row: str) -> str:
    return f"coalesce({row}.on_date, {_DAY.format(row=row)})"


# Of a track that a package began and on which nobody consented here: whether that package was withdrawn, and no more.
FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION lock.consent_ended(of_track uuid) RETURNS boolean LANGUAGE plpgsql STABLE {_DEFINER} AS $$
DECLARE
  t public.casework_track;
  c public.casework_storedfact;
  today date := (lock.current_moment() AT TIME ZONE 'Europe/Amsterdam')::date;
  whose uuid;
  help text;
BEGIN
  SELECT * INTO t FROM public.casework_track x WHERE x.id = of_track AND x.agency_id = lock.agency();
  IF t.id IS NULL OR NOT {among("t.kind", sorted(HELPING))} OR NOT {among("t.state", HELD)} OR EXISTS (
    SELECT 1 FROM public.casework_wall x WHERE x.case_id = t.case_id AND x.user_id = lock.person() AND {_NOW}) THEN
    RETURN false;
  END IF;
  SELECT * INTO c FROM public.casework_storedfact f WHERE {_OF} AND f.fact = 'consent'
    AND {among("f.code", sorted(FOR_HELP))} ORDER BY f.made_at DESC, f.id DESC LIMIT 1;
  IF c.id IS NULL THEN
    RETURN EXISTS (SELECT 1 FROM public.casework_handoff h WHERE h.id = t.began_by_handoff_id
      AND {among("h.kind", sorted(HELPING))} AND h.state = 'withdrawn');
  END IF;
  IF c.until_date < today THEN
    RETURN true;
  END IF;
  whose := lock.one_person(t.case_id, t.agency_id, coalesce(c.person_id, t.subject_id));
  help := coalesce(nullif(c.help_kind, ''), (SELECT f.help_kind FROM public.casework_storedfact f WHERE {_OF}
    AND f.fact = 'offer_form' AND f.made_at <= c.made_at ORDER BY f.made_at DESC, f.id DESC LIMIT 1), '');
  RETURN EXISTS (SELECT 1 FROM public.casework_storedfact w LEFT JOIN public.casework_track o ON o.id = w.track_id
      AND o.agency_id = w.agency_id
    CROSS JOIN LATERAL (SELECT coalesce(w.person_id, o.subject_id) AS said) p
    WHERE w.case_id = t.case_id AND w.agency_id = t.agency_id AND w.fact = 'consent_withdrawn' AND w.replaced_by_id IS NULL
    AND CASE WHEN p.said IS NULL THEN w.track_id IS NULL OR w.track_id = t.id WHEN whose IS NULL THEN w.track_id = t.id
      ELSE lock.one_person(t.case_id, t.agency_id, p.said) = whose END
    AND (w.help_kind = '' OR help IN ('', w.help_kind))
    AND (w.made_at >= c.made_at OR {_said_on("w")} > {_said_on("c")}));
END $$;
CREATE OR REPLACE FUNCTION lock.helped_in(of_handoff uuid) RETURNS uuid LANGUAGE plpgsql STABLE {_DEFINER} AS $$
DECLARE h public.casework_handoff := lock.at_end(of_handoff);
BEGIN
  RETURN (SELECT i.origin_id FROM public.casework_packageitem i JOIN public.casework_track t ON t.id = h.track_id
    WHERE i.handoff_id = h.id AND i.package = h.package AND i."group" = 'identity'
    AND lock.one_person(h.case_id, h.sender_id, i.origin_id) = lock.one_person(h.case_id, h.sender_id, t.subject_id)
    ORDER BY i.position LIMIT 1);
END $$;
"""  # noqa: S608 - our own words alone
CALLED = ("lock.consent_ended(uuid)", "lock.helped_in(uuid)")
"""What the app role may call of these."""
