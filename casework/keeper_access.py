"""Functions of the keeper on what opens a case beyond its people: walls, emergencies, known-elsewhere checks, explanation."""

from permissions.decision import roles_with
from permissions.grid import Cell
from permissions.guard import among
from permissions.vocabulary import Action, Role

_DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
_GLASS_ROLES = roles_with(Action.ASK_EMERGENCY, Cell.CONTROLLER)
_EXPLAIN_ROLES = [*roles_with(Action.EXPLAIN_ACCESS, Cell.OWN, Cell.AGENCY, Cell.NAMED), Role.MIGRATION]


def overseen(case: str) -> str:
    """Return the condition that keeps an external auditor to the cases on which they are named; others it does not touch."""
    return (
        f"(NOT {among('lock.role()', roles_with(Action.SEE_ACCESS_LOG, Cell.NAMED))} OR EXISTS (SELECT 1 FROM"
        f" public.casework_naming y WHERE y.content_object_id = {case} AND y.user_id = lock.person()"
        " AND y.agency_id = lock.agency() AND y.starts_at <= lock.current_moment()"
        " AND (y.ends_at IS NULL OR y.ends_at > lock.current_moment())))"
    )


WALLS = f"""
CREATE OR REPLACE FUNCTION lock.fair_wall() RETURNS trigger LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.casework_ruling r WHERE r.content_object_id = NEW.case_id
      AND r.group_id = NEW.agency_id AND r.ends_at IS NULL)
    OR NOT EXISTS (SELECT 1 FROM public.permissions_membership m WHERE m.user_id = NEW.user_id
      AND m.agency_id = NEW.agency_id) THEN
    RAISE insufficient_privilege USING MESSAGE = 'a wall stands before a member, in a case of the agency';
  END IF;
  RETURN NEW;
END $$;
"""

APPROVALS = f"""
CREATE OR REPLACE FUNCTION lock.four_eyes() RETURNS trigger LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE
  editor int;
  content int;
BEGIN
  IF NEW.approved_by_id IS NULL OR (lock.action() = 'turn_into_advice' AND NEW.reason = '' AND NEW.approver_reason = ''
    AND to_jsonb(NEW) - ARRAY['reason', 'approver_reason'] = to_jsonb(OLD) - ARRAY['reason', 'approver_reason']) THEN
    RETURN NEW;
  END IF;
  IF NEW.track_id IS NOT NULL THEN
    SELECT t.editor_id, t.version INTO editor, content FROM public.casework_track t WHERE t.id = NEW.track_id;
  ELSE
    SELECT h.editor_id, h.package INTO editor, content FROM public.casework_handoff h WHERE h.id = NEW.handoff_id;
  END IF;
  IF OLD.approved_by_id IS NOT NULL OR NEW.approved_by_id <> lock.person() OR NEW.approved_by_id = NEW.asked_by_id
    OR NEW.approved_by_id = editor OR NEW.version <> content THEN
    RAISE insufficient_privilege USING MESSAGE = 'four eyes: by another than the asker and the last editor, of what stands';
  END IF;
  RETURN NEW;
END $$;
"""

RECONCILED = f"""
CREATE OR REPLACE FUNCTION lock.reconcile() RETURNS TABLE (what text, of_case uuid, agency int, person int)
LANGUAGE plpgsql STABLE {_DEFINER} AS $$
DECLARE
  clock timestamptz := coalesce(lock.current_moment(), now());
BEGIN
  IF lock.action() IS DISTINCT FROM 'reconcile_access' OR lock.role() IS DISTINCT FROM 'scheduler' THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody reconciles';
  END IF;
  RETURN QUERY SELECT f.w, f.c, f.a::int, f.p::int FROM (
    SELECT 'a part that rests on nothing' AS w, r.content_object_id AS c, r.group_id AS a, NULL::bigint AS p
      FROM public.casework_ruling r WHERE r.ends_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM public.casework_agencyrecord x WHERE x.case_id = r.content_object_id
        AND x.agency_id = r.group_id)
      AND NOT EXISTS (SELECT 1 FROM public.casework_track x WHERE x.case_id = r.content_object_id
        AND x.agency_id = r.group_id)
      AND NOT EXISTS (SELECT 1 FROM public.casework_handoff x WHERE x.case_id = r.content_object_id
        AND (x.sender_id = r.group_id OR (x.receiver_id = r.group_id
          AND x.state NOT IN ('prepared', 'checked', 'sent', 'refused', 'withdrawn', 'expired'))))
    UNION ALL SELECT 'a record without a part', x.case_id, x.agency_id, NULL FROM public.casework_agencyrecord x
      WHERE NOT EXISTS (SELECT 1 FROM public.casework_ruling r WHERE r.content_object_id = x.case_id
        AND r.group_id = x.agency_id AND r.starts_at <= clock AND (r.ends_at IS NULL OR r.ends_at > clock))
    UNION ALL SELECT 'a part that says wrongly what is kept', r.content_object_id, r.group_id, NULL
      FROM public.casework_ruling r WHERE r.ends_at IS NULL AND r.keeps <> (
        EXISTS (SELECT 1 FROM public.casework_agencyrecord x WHERE x.case_id = r.content_object_id
          AND x.agency_id = r.group_id)
        OR EXISTS (SELECT 1 FROM public.casework_track x WHERE x.case_id = r.content_object_id
          AND x.agency_id = r.group_id))
    UNION ALL SELECT 'two parts at once', r.content_object_id, r.group_id, NULL FROM public.casework_ruling r
      WHERE r.ends_at IS NULL GROUP BY 2, 3 HAVING count(*) > 1
    UNION ALL SELECT 'a person named without a part', n.content_object_id, n.agency_id, n.user_id
      FROM public.casework_naming n WHERE n.ends_at IS NULL AND NOT EXISTS (SELECT 1 FROM public.casework_ruling r
        WHERE r.content_object_id = n.content_object_id AND r.group_id = n.agency_id AND r.ends_at IS NULL)
    UNION ALL SELECT 'a person named who is no member', n.content_object_id, n.agency_id, n.user_id
      FROM public.casework_naming n WHERE n.ends_at IS NULL AND NOT EXISTS (SELECT 1 FROM public.permissions_membership m
        WHERE m.user_id = n.user_id AND m.agency_id = n.agency_id AND m.starts_at <= clock
        AND (m.ends_at IS NULL OR m.ends_at > clock))
    UNION ALL SELECT 'a term that the list does not know', r.content_object_id, r.group_id, NULL
      FROM public.casework_ruling r WHERE r.ends_at IS NULL AND r.next_due_at <> coalesce((SELECT min(d.due_at)
        FROM public.casework_deadline d WHERE d.case_id = r.content_object_id AND d.agency_id = r.group_id
        AND d.met_at IS NULL), '9999-01-01Z')
  ) AS f;
END $$;
"""

HOLDING = f"""
CREATE OR REPLACE FUNCTION lock.holds_naming(of_case uuid) RETURNS boolean LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  PERFORM 1 FROM public.casework_naming n WHERE n.content_object_id = of_case AND n.user_id = lock.person()
    AND n.agency_id = lock.agency() AND n.starts_at <= lock.current_moment()
    AND (n.ends_at IS NULL OR n.ends_at > lock.current_moment()) FOR SHARE;
  RETURN FOUND;
END $$;
CREATE OR REPLACE FUNCTION lock.hold_case(of_case uuid) RETURNS void LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  PERFORM 1 FROM public.casework_case c WHERE c.id = of_case FOR NO KEY UPDATE;
END $$;
CREATE OR REPLACE FUNCTION lock.case_of(what uuid) RETURNS uuid LANGUAGE plpgsql STABLE {_DEFINER} AS $$
DECLARE found uuid;
BEGIN
  -- Only what is within reach is looked up: a case that is hidden is held no more than one that is not there.
  found := lock.reach_case(what);
  IF found IS NULL THEN
    SELECT t.case_id INTO found FROM public.casework_track t WHERE t.id = lock.reach_track(what);
  END IF;
  IF found IS NULL THEN
    SELECT h.case_id INTO found FROM public.casework_handoff h WHERE h.id = lock.reach_handoff(what);
  END IF;
  IF found IS NULL THEN
    SELECT e.case_id INTO found FROM public.casework_emergency e WHERE e.id = lock.reach_emergency(what);
  END IF;
  IF found IS NULL THEN
    SELECT k.case_id INTO found FROM public.casework_knowncheck k WHERE k.id = lock.reach_known_check(what);
  END IF;
  IF found IS NULL THEN
    SELECT d.case_id INTO found FROM public.casework_deadline d WHERE d.id = what AND d.agency_id = lock.agency();
  END IF;
  RETURN found;
END $$;
CREATE OR REPLACE FUNCTION lock.hold(what uuid) RETURNS void LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  PERFORM lock.hold_case(lock.case_of(what));
END $$;
CREATE OR REPLACE FUNCTION lock.hold_all(what uuid[]) RETURNS void LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  -- In the order of their ids, each once: two plans that meet on several cases wait for each other, never in a ring.
  PERFORM lock.hold_case(s.c) FROM (SELECT DISTINCT lock.case_of(w) AS c FROM unnest(what) AS w ORDER BY 1) AS s;
END $$;
"""
"""Every act holds its case before anything else (docs/decisions/0013): the order of locks begins here."""

TOKENS = f"""
CREATE OR REPLACE FUNCTION lock.keep_tokens() RETURNS trigger LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    DELETE FROM public.casework_nametoken t WHERE t.person_id = NEW.id;
  END IF;
  INSERT INTO public.casework_nametoken (id, case_id, agency_id, made_by_id, made_at, person_id, kind, token)
    SELECT gen_random_uuid(), NEW.case_id, NEW.agency_id, NEW.made_by_id, NEW.made_at, NEW.id,
      split_part(w, ':', 1), substr(w, strpos(w, ':') + 1)
    FROM unnest(NEW.tokens) AS w;
  RETURN NULL;
END $$;
"""

GLASS = f"""
CREATE OR REPLACE FUNCTION lock.break_glass(new_id uuid, called text, why_code text, why text, until timestamptz,
  review uuid, review_due timestamptz, rule text, OUT of_case uuid, OUT is_named boolean)
LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE
  whose int;
  clock timestamptz := lock.current_moment();
BEGIN
  IF lock.action() IS DISTINCT FROM 'ask_emergency' OR NOT {among("lock.role()", _GLASS_ROLES)} THEN
    RAISE insufficient_privilege USING MESSAGE = 'no emergency is being asked';
  END IF;
  SELECT r.content_object_id, r.group_id INTO of_case, whose FROM public.casework_ruling r
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
  is_named := EXISTS (SELECT 1 FROM public.casework_naming n WHERE n.content_object_id = of_case
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
    FROM public.casework_naming n WHERE n.content_object_id = of_case AND n.agency_id = whose
    AND n.starts_at <= clock AND (n.ends_at IS NULL OR n.ends_at > clock);
END $$;
"""

REVIEWS = f"""
CREATE OR REPLACE FUNCTION lock.keep_review() RETURNS trigger LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  UPDATE public.casework_deadline d SET met_at = lock.current_moment()
    WHERE d.case_id = NEW.case_id AND d.agency_id = NEW.agency_id AND d.clock = 'EMERGENCY_REVIEW' AND d.met_at IS NULL
    AND d.started_at = NEW.starts_at;
  RETURN NULL;
END $$;
"""

CONFIDENTIAL = f"""
CREATE OR REPLACE FUNCTION lock.keep_confidential() RETURNS trigger LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  UPDATE public.casework_emergency e SET ended_at = lock.current_moment(), ended_by_id = lock.person()
    WHERE e.case_id = NEW.case_id AND e.agency_id = NEW.agency_id AND e.ended_at IS NULL
    AND e.ends_at > lock.current_moment();
  RETURN NULL;
END $$;
"""

KNOWN = f"""
CREATE OR REPLACE FUNCTION lock.many_searches(new_id uuid) RETURNS void LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  IF NOT {among("coalesce(lock.action(), '')", [Action.SEARCH_OWN, Action.CHECK_KNOWN])} THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody searches';
  END IF;
  INSERT INTO public.casework_finding (id, agency_id, about_id, kind, text, opened_by_id, opened_at, closing, in_table,
      of_row, columns, people, is_there, times_seen)
    VALUES (new_id, lock.agency(), lock.person(), 'many_searches', '', lock.person(), lock.current_moment(), '', '', '',
      '{{}}', '{{}}', false, 0)
    ON CONFLICT DO NOTHING;
END $$;
"""

_REVIEWERS = roles_with(Action.SEE_ACCESS_LOG, Cell.AGENCY, Cell.NAMED)
_BY_OTHERS = "(e.agency_id IS NULL OR e.agency_id < e.record_agency_id OR e.agency_id > e.record_agency_id)"
"""The condition of the index entry_by_others, in its words: audit/models.py."""
_LEADERS = [*roles_with(Action.SEE_CASE, Cell.OWN), *_REVIEWERS]
LOOKS = f"""
CREATE OR REPLACE FUNCTION lock.subjects_of(cases uuid[]) RETURNS TABLE (of_case uuid, subject uuid)
LANGUAGE plpgsql STABLE {_DEFINER} AS $$
BEGIN
  IF lock.action() IS DISTINCT FROM 'export_trail' OR NOT {among("coalesce(lock.role(), '')", _REVIEWERS)} THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody exports the trail';
  END IF;
  RETURN QUERY SELECT p.case_id, p.id FROM public.casework_personincase p WHERE p.agency_id = lock.agency()
    AND p.case_id = ANY (cases) AND {overseen("p.case_id")} ORDER BY 1, 2;
END $$;
DROP FUNCTION IF EXISTS lock.cases_of_identity(text);
CREATE OR REPLACE FUNCTION lock.cases_of_identity(kinds text[], lows text[], highs text[]) RETURNS TABLE (of_case uuid)
LANGUAGE plpgsql STABLE {_DEFINER} AS $$
BEGIN
  IF NOT {among("coalesce(lock.action(), '')", [Action.SEE_ACCESS_LOG, Action.HANDLE_RIGHTS_REQUEST])}
    OR NOT {among("coalesce(lock.role(), '')", _REVIEWERS)} THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody asks who saw a person';
  END IF;
  RETURN QUERY SELECT DISTINCT t.case_id FROM unnest(kinds, lows, highs) AS asked (kind, low, high)
    JOIN public.casework_nametoken t ON t.kind = asked.kind AND t.token >= asked.low AND t.token <= asked.high
    WHERE t.agency_id = lock.agency() AND {overseen("t.case_id")}
    AND NOT EXISTS (SELECT 1 FROM public.casework_wall w WHERE w.user_id = lock.person() AND w.case_id = t.case_id
      AND w.starts_at <= lock.current_moment() AND (w.ends_at IS NULL OR w.ends_at > lock.current_moment()));
END $$;
CREATE OR REPLACE FUNCTION lock.entries_showing(cases uuid[], since timestamptz, until timestamptz)
RETURNS SETOF public.audit_entry LANGUAGE plpgsql STABLE {_DEFINER} SET enable_seqscan = off AS $$
DECLARE
  reviews boolean := {among("coalesce(lock.role(), '')", _REVIEWERS)};
  leads boolean := {among("coalesce(lock.role(), '')", roles_with(Action.SEE_CASE_LOG, Cell.OWN))};
BEGIN
  RETURN QUERY SELECT e.* FROM public.audit_entry e WHERE e.agency_id = lock.agency() AND e.id IN (
    SELECT s.entry_id FROM trail.shown s WHERE s.case_id = ANY (cases) AND s.occurred_at >= coalesce(since, '-infinity')
      AND s.occurred_at < coalesce(until, 'infinity') AND {overseen("s.case_id")}
      AND (reviews OR (leads AND EXISTS (SELECT 1 FROM public.casework_ruling r WHERE r.content_object_id = s.case_id
        AND r.group_id = lock.agency() AND r.keeps AND r.starts_at <= lock.current_moment()
        AND (r.ends_at IS NULL OR r.ends_at > lock.current_moment()))))
      AND NOT EXISTS (SELECT 1 FROM public.casework_wall w WHERE w.user_id = lock.person() AND w.case_id = s.case_id
        AND w.starts_at <= lock.current_moment() AND (w.ends_at IS NULL OR w.ends_at > lock.current_moment())));
END $$;
CREATE OR REPLACE FUNCTION lock.looks(since timestamptz, until timestamptz, people int[], surnames text[])
RETURNS TABLE (person int, of_case uuid, on_day date, times int, busiest int, is_named boolean, has_worked boolean,
  leads boolean, has_own_surname boolean, outside_hours int, is_closed boolean, checks int, emergencies int, called text)
LANGUAGE plpgsql STABLE {_DEFINER} SET enable_seqscan = off AS $$
DECLARE mine int := lock.agency();
BEGIN
  IF NOT {among("coalesce(lock.role(), '')", _REVIEWERS)} THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody reviews looks';
  END IF;
  RETURN QUERY WITH seen AS MATERIALIZED (
    SELECT e.actor_id, e.case_id, e.occurred_at, e.role, (e.occurred_at AT TIME ZONE 'Europe/Amsterdam') AS at
    FROM public.audit_entry e WHERE e.agency_id = mine AND e.occurred_at >= since AND e.occurred_at < until
      AND e.verb = 'consult' AND e.outcome = 'done' AND e.case_id IS NOT NULL AND e.actor_id >= 100
    UNION ALL SELECT e.actor_id, e.case_id, e.occurred_at, e.role, (e.occurred_at AT TIME ZONE 'Europe/Amsterdam')
    FROM public.audit_entry e WHERE e.record_agency_id = mine AND {_BY_OTHERS}
      AND e.occurred_at >= since AND e.occurred_at < until AND e.verb = 'consult' AND e.outcome = 'done'
      AND e.case_id IS NOT NULL AND e.actor_id >= 100),
  busy AS (
    SELECT h.actor_id, h.day, max(h.n)::int AS n FROM (
      SELECT s.actor_id, s.at::date AS day, count(*) AS n FROM seen s GROUP BY 1, 2, date_trunc('hour', s.at)) AS h
    GROUP BY 1, 2),
  folded AS (
    SELECT s.actor_id, s.case_id, s.at::date AS day, count(*)::int AS n, min(s.occurred_at) AS first,
      bool_or({among("s.role", _LEADERS)}) AS leads,
      count(*) FILTER (WHERE extract(hour FROM s.at) NOT BETWEEN 6 AND 21 OR extract(isodow FROM s.at) > 5)::int AS odd
    FROM seen s GROUP BY 1, 2, 3),
  surname AS (SELECT * FROM unnest(people, surnames) AS p (person, token)),
  asked AS (
    SELECT e.actor_id, (e.occurred_at AT TIME ZONE 'Europe/Amsterdam')::date AS day, count(*)::int AS n
    FROM public.audit_entry e WHERE e.agency_id = mine AND e.occurred_at >= since AND e.occurred_at < until
      AND e.verb = 'consult' AND e.word = 'check_known' AND e.outcome = 'done' GROUP BY 1, 2)
  SELECT f.actor_id::int, f.case_id, f.day, f.n, b.n, k.is_named,
    (k.is_closed OR NOT (k.is_named OR f.leads)) AND EXISTS (SELECT 1 FROM public.audit_entry w WHERE w.case_id = f.case_id AND w.actor_id = f.actor_id
      AND w.verb IN ('collect', 'alter', 'provide') AND w.word NOT IN ('ask_emergency', 'end_emergency')
      AND w.occurred_at BETWEEN f.first - interval '14 days' AND f.first + interval '14 days'),
    f.leads,
    EXISTS (SELECT 1 FROM surname p JOIN public.casework_nametoken t ON t.kind = 'name' AND t.token = p.token
      WHERE p.person = f.actor_id AND t.case_id = f.case_id),
    f.odd, k.is_closed,
    coalesce(a.n, 0),
    (SELECT count(*)::int FROM public.casework_emergency g WHERE g.user_id = f.actor_id
      AND g.starts_at > f.first - interval '7 days' AND g.starts_at <= f.first + interval '1 day'),
    (SELECT r.reference::text FROM public.casework_ruling r WHERE r.content_object_id = f.case_id AND r.group_id = mine
      ORDER BY r.starts_at DESC LIMIT 1)
  FROM folded f JOIN busy b ON b.actor_id = f.actor_id AND b.day = f.day
    CROSS JOIN LATERAL (SELECT
      EXISTS (SELECT 1 FROM public.casework_naming x WHERE x.content_object_id = f.case_id AND x.user_id = f.actor_id
        AND x.starts_at <= f.first AND (x.ends_at IS NULL OR x.ends_at > f.first)) AS is_named,
      EXISTS (SELECT 1 FROM public.casework_ruling r WHERE r.content_object_id = f.case_id AND r.group_id = mine
        AND NOT r.is_open AND r.moved_at < f.first - interval '30 days') AS is_closed) AS k
    LEFT JOIN asked a ON a.actor_id = f.actor_id AND a.day = f.day
  WHERE NOT EXISTS (SELECT 1 FROM public.casework_wall v WHERE v.case_id = f.case_id AND v.user_id = lock.person()
    AND v.starts_at <= lock.current_moment() AND (v.ends_at IS NULL OR v.ends_at > lock.current_moment()))
    AND {overseen("f.case_id")};
END $$;
"""

GRANTED = f"""
DROP FUNCTION IF EXISTS lock.grants_of(uuid);
CREATE FUNCTION lock.grants_of(of_case uuid) RETURNS TABLE (kind text, person int, agency int, why text,
  giver int, since timestamptz, until timestamptz, basis text) LANGUAGE plpgsql STABLE {_DEFINER} AS $$
BEGIN
  IF lock.action() IS DISTINCT FROM 'explain_access' OR NOT {among("lock.role()", _EXPLAIN_ROLES)}
    OR NOT {overseen("of_case")} THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody explains access';
  END IF;
  RETURN QUERY SELECT g.a::text, g.b::int, g.c::int, g.d::text, g.e::int, g.f, g.h, g.i::text FROM (
    SELECT 'ruling', NULL::int, r.group_id, r.reason::text, r.giver_id, r.starts_at, r.ends_at, r.basis
      FROM public.casework_ruling r WHERE r.content_object_id = of_case AND r.group_id = lock.agency()
    UNION ALL SELECT 'naming', n.user_id, n.agency_id, n.reason::text, n.giver_id, n.starts_at, n.ends_at, n.basis
      FROM public.casework_naming n WHERE n.content_object_id = of_case AND n.agency_id = lock.agency()
    UNION ALL SELECT 'keeps', NULL::int, a.agency_id, 'record', a.made_by_id, a.made_at, NULL::timestamptz, a.basis
      FROM public.casework_agencyrecord a WHERE a.case_id = of_case AND a.agency_id = lock.agency()
    UNION ALL SELECT 'keeps', NULL::int, t.agency_id, t.kind::text, t.made_by_id, t.made_at, NULL::timestamptz, t.basis
      FROM public.casework_track t WHERE t.case_id = of_case AND t.agency_id = lock.agency()
    UNION ALL SELECT 'wall', w.user_id, w.agency_id, '', NULL::int, w.starts_at, w.ends_at, ''
      FROM public.casework_wall w WHERE w.case_id = of_case
    UNION ALL SELECT 'emergency', e.user_id, e.asker_agency_id, e.code::text, NULL::int, e.starts_at,
      least(e.ended_at, e.ends_at), ''
      FROM public.casework_emergency e WHERE e.case_id = of_case AND e.agency_id = lock.agency()
    UNION ALL SELECT 'sender', NULL::int, h.sender_id, h.kind::text, h.editor_id, h.made_at, NULL::timestamptz, h.basis
      FROM public.casework_handoff h WHERE h.case_id = of_case AND h.sender_id = lock.agency()
    UNION ALL SELECT 'receiver', NULL::int, h.receiver_id, h.kind::text, NULL::int, min(s.made_at), NULL::timestamptz, h.basis
      FROM public.casework_handoff h JOIN public.casework_steptaken s ON s.handoff_id = h.id AND s.target = 'delivered'
      WHERE h.case_id = of_case AND h.receiver_id = lock.agency() GROUP BY h.id) AS g (a, b, c, d, e, f, h, i);
END $$;
"""

FUNCTIONS = WALLS + APPROVALS + HOLDING + RECONCILED + TOKENS + GLASS + REVIEWS + CONFIDENTIAL + KNOWN + LOOKS + GRANTED
