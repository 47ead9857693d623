"""Functions of the keeper that look through one agency's own records: earlier warnings, and whether somebody is known here.

They answer references, dates and what was alike, and never a word of what stands in a record: who asks may not be named on
what is found. A case behind a wall is told as there, without its reference.
"""

from casework.codes import WARNED_OUTCOMES
from permissions.decision import roles_with
from permissions.grid import Cell
from permissions.guard import among
from permissions.vocabulary import Action, Role

_DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
_ASKING = dict.fromkeys(
    role
    for action in (Action.PLAN_VISIT, Action.WRITE_RECORD, Action.RETARGET)
    for role in roles_with(action, Cell.OWN, Cell.NAMED)
)
_WRITING = dict.fromkeys(role for action in Action for role in roles_with(action, Cell.OWN, Cell.NAMED))
_LOGGING = roles_with(Action.OPEN_CASE, Cell.AGENCY)
_ACCEPTING = roles_with(Action.ACCEPT_HANDOFF, Cell.RECEIVER)
_CHECKING = roles_with(Action.CHECK_KNOWN, Cell.AGENCY)
LATELY = 500_000
"""Among how many newest entries of the trail one's own looks are lately."""
_ROLE = "coalesce(lock.role(), '')"
_COMES_IN = (
    f"(lock.action() = 'open_case' AND {among(_ROLE, _LOGGING)}"
    f" OR lock.action() = 'accept_handoff' AND {among(_ROLE, _ACCEPTING)})"
)
"""Whether a report comes in: it is being logged, or whoever may accepts one that was handed over."""
_NOW = "x.starts_at <= lock.current_moment() AND (x.ends_at IS NULL OR x.ends_at > lock.current_moment())"


def _walled(case: str) -> str:
    return f"EXISTS (SELECT 1 FROM public.casework_wall x WHERE x.case_id = {case} AND x.user_id = lock.person() AND {_NOW})"


def _called(case: str) -> str:
    return (
        f"(SELECT x.reference::text FROM public.casework_ruling x WHERE x.content_object_id = {case}"
        " AND x.group_id = lock.agency() ORDER BY x.starts_at DESC LIMIT 1)"
    )


ALIKE = f"""
DROP FUNCTION IF EXISTS lock.known_here(text[], text, text, text, text, text);
DROP FUNCTION IF EXISTS lock.known_here(text[], text, text[]);
DROP FUNCTION IF EXISTS lock.alike(text[], text, text[]);
DROP FUNCTION IF EXISTS lock.address_keys(text, text, text, text);
CREATE OR REPLACE FUNCTION lock.alike(words text[], whole text[], born text, keys text[])
RETURNS TABLE (of_case uuid, as_role text, matched text) LANGUAGE plpgsql STABLE {_DEFINER} AS $$
BEGIN
  -- Words are a name in every spelling; whole ones are as many as somebody has names, so that one name is not taken for two.
  RETURN QUERY WITH found AS (
    SELECT p.id, p.case_id, p.role,
      (SELECT array_agg(n.token::text) FROM public.casework_nametoken n
        WHERE n.person_id = p.id AND n.kind = 'name') AS names,
      (SELECT array_agg(n.token::text) FROM public.casework_nametoken n
        WHERE n.person_id = p.id AND n.kind = 'whole') AS called,
      (SELECT max(n.token) FROM public.casework_nametoken n WHERE n.person_id = p.id AND n.kind = 'born') AS birth
    FROM public.casework_personincase p WHERE p.agency_id = lock.agency() AND p.id IN (
      SELECT t.person_id FROM public.casework_nametoken t WHERE t.agency_id = lock.agency() AND t.kind = 'name'
      AND t.token = ANY (words)))
  SELECT f.case_id, f.role::text, CASE WHEN f.birth IS NULL OR born IS NULL THEN 'person_partly' ELSE 'person' END
    FROM found f WHERE CASE WHEN f.birth IS NULL OR born IS NULL
      THEN (f.called <@ words OR whole <@ f.names)
        AND (least(cardinality(f.called), cardinality(whole)) > 1 OR cardinality(f.called) = cardinality(whole))
      ELSE starts_with(f.birth, born) OR starts_with(born, f.birth) END
  UNION ALL SELECT m.case_id, '', 'address' FROM public.casework_premises m WHERE m.agency_id = lock.agency()
    AND m.address_keys && keys::varchar[];
END $$;
"""

WARNINGS = f"""
CREATE OR REPLACE FUNCTION lock.earlier_warnings(of_track uuid)
RETURNS TABLE (hit uuid, called text, on_day date, matched text[]) LANGUAGE plpgsql STABLE {_DEFINER} AS $$
DECLARE
  t public.casework_track;
  who uuid;
  words text[];
  whole text[];
  born text;
  keys text[];
BEGIN
  SELECT * INTO t FROM public.casework_track x WHERE x.id = of_track AND x.agency_id = lock.agency() AND x.kind = 'warning';
  IF t.id IS NULL OR NOT {among("coalesce(lock.role(), '')", list(_ASKING))} OR {_walled("t.case_id")} THEN
    RAISE insufficient_privilege USING MESSAGE = 'no warning of this agency is being prepared';
  END IF;
  SELECT p.id INTO who FROM public.casework_personincase p WHERE p.case_id = t.case_id AND p.agency_id = t.agency_id
    AND (p.id = t.subject_id OR p.role = 'subject')
    ORDER BY (p.id = t.subject_id) DESC NULLS LAST, p.made_at DESC, p.id DESC LIMIT 1;
  SELECT array_agg(n.token::text) FILTER (WHERE n.kind = 'name'), array_agg(n.token::text) FILTER (WHERE n.kind = 'whole'),
    max(n.token) FILTER (WHERE n.kind = 'born') INTO words, whole, born
    FROM public.casework_nametoken n WHERE n.person_id = lock.one_person(t.case_id, t.agency_id, who);
  SELECT array_agg(k) INTO keys FROM public.casework_premises m,
    unnest(m.address_keys) AS k
    WHERE m.case_id = t.case_id AND m.agency_id = t.agency_id AND k NOT LIKE 'near:%';
  RETURN QUERY SELECT CASE WHEN {_walled("w.case_id")} THEN md5(w.case_id::text || t.id)::uuid ELSE w.case_id END,
    CASE WHEN {_walled("w.case_id")} THEN NULL ELSE {_called("w.case_id")} END,
    max(w.day), array_agg(DISTINCT a.matched ORDER BY a.matched)
  FROM lock.alike(coalesce(words, '{{}}'), coalesce(whole, '{{}}'), born, coalesce(keys, '{{}}')) a CROSS JOIN LATERAL (
    SELECT s.case_id, (s.made_at AT TIME ZONE 'Europe/Amsterdam')::date AS day FROM public.casework_steptaken s
      JOIN public.casework_track o ON o.id = s.track_id
      WHERE s.case_id = a.of_case AND s.agency_id = t.agency_id AND o.agency_id = t.agency_id AND o.kind = 'warning'
      AND s.target = 'warned' AND (o.id <> t.id OR s.made_at < t.round_began_at)
    UNION ALL SELECT v.case_id, coalesce(v.visited_on, v.planned_on) FROM public.casework_visit v
      WHERE v.case_id = a.of_case AND v.agency_id = t.agency_id AND {among("v.outcome", WARNED_OUTCOMES)}
      AND (v.track_id <> t.id OR v.round < t.round)) w
  WHERE a.matched = 'address' OR a.as_role = 'subject' GROUP BY w.case_id ORDER BY 3 DESC, 1;
END $$;
"""

RADAR = f"""
CREATE OR REPLACE FUNCTION lock.known_here(words text[], whole text[], born text, keys text[])
RETURNS TABLE (of_case uuid, called text, matched text[], stood text, since date, holders text[])
LANGUAGE plpgsql STABLE {_DEFINER} AS $$
BEGIN
  IF {_COMES_IN} IS NOT TRUE THEN
    RAISE insufficient_privilege USING MESSAGE = 'nothing is being logged';
  END IF;
  RETURN QUERY SELECT CASE WHEN f.walled THEN NULL ELSE f.c END, CASE WHEN f.walled THEN NULL ELSE {_called("f.c")} END, f.m,
    CASE WHEN f.walled THEN NULL ELSE o.state END, CASE WHEN f.walled THEN NULL ELSE o.day END,
    CASE WHEN f.walled THEN NULL ELSE ARRAY(SELECT u.full_name::text FROM public.casework_naming x
      JOIN public.permissions_user u ON u.id = x.user_id WHERE x.content_object_id = f.c AND x.agency_id = lock.agency()
      AND {_NOW} ORDER BY 1) END
  FROM (SELECT a.of_case AS c, array_agg(DISTINCT a.matched ORDER BY a.matched) AS m, {_walled("a.of_case")} AS walled
      FROM lock.alike(words, whole, born, keys) a GROUP BY a.of_case) f
    CROSS JOIN LATERAL (SELECT t.state::text AS state, (t.made_at AT TIME ZONE 'Europe/Amsterdam')::date AS day
      FROM public.casework_track t WHERE t.case_id = f.c AND t.agency_id = lock.agency() AND t.kind = 'safety'
      ORDER BY t.made_at DESC LIMIT 1) o ORDER BY o.day DESC, f.c;
END $$;
CREATE OR REPLACE FUNCTION lock.pass_signal(new_id uuid, earlier uuid, fresh uuid, said text) RETURNS void
LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE
  t public.casework_track;
  one int;
  told boolean := false;
BEGIN
  SELECT * INTO t FROM public.casework_track x WHERE x.case_id = earlier AND x.agency_id = lock.agency()
    AND x.kind = 'safety' ORDER BY x.made_at DESC LIMIT 1;
  IF {_COMES_IN} IS NOT TRUE OR t.id IS NULL OR earlier = fresh OR {_walled("earlier")}
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
  FOR one IN SELECT x.user_id FROM public.casework_naming x WHERE x.content_object_id = earlier
      AND x.agency_id = lock.agency() AND {_NOW} LOOP
    told := true;
    INSERT INTO public.casework_notice (id, case_id, agency_id, person_id, word, about_id, made_at)
      VALUES (gen_random_uuid(), earlier, lock.agency(), one, 'new_signal', earlier, lock.current_moment());
    IF NOT EXISTS (SELECT 1 FROM public.casework_wall x WHERE x.case_id = fresh AND x.user_id = one AND {_NOW})
      AND NOT EXISTS (SELECT 1 FROM public.casework_naming x WHERE x.content_object_id = fresh AND x.user_id = one
        AND x.agency_id = lock.agency() AND {_NOW}) THEN
      INSERT INTO public.casework_naming (permission_id, user_id, content_object_id, agency_id, reference, reason, basis,
          giver_id, starts_at, is_open, next_due_at)
        SELECT lock.view_case(), one, fresh, lock.agency(), r.reference, lock.action(), r.basis, lock.person(),
          lock.current_moment(), r.is_open, r.next_due_at
        FROM public.casework_ruling r WHERE r.content_object_id = fresh AND r.group_id = lock.agency()
        AND r.ends_at IS NULL LIMIT 1;
    END IF;
  END LOOP;
  IF NOT told THEN
    INSERT INTO public.casework_notice (id, case_id, agency_id, person_id, word, about_id, made_at)
      VALUES (gen_random_uuid(), earlier, lock.agency(), NULL, 'new_signal', earlier, lock.current_moment());
  END IF;
END $$;
"""

_ENDS = roles_with(Action.SEE_HANDOFF, Cell.END)
_NAMED_ENDS = roles_with(Action.SEE_HANDOFF, Cell.NAMED_END)
CONTACT_KEYS = r"""
CREATE OR REPLACE FUNCTION lock.contact_keys(said text) RETURNS text[] LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  WITH plain AS (SELECT lower(normalize(said, NFKC)) AS words),
  run AS (SELECT regexp_replace(m[1], '[^0-9]', '', 'g') AS digits
    FROM plain, regexp_matches(words, '[0-9](?:[^0-9[:alpha:]@+,;|&]{0,4}[0-9]){6,}', 'g') AS m),
  number AS (SELECT digits FROM run UNION SELECT m[1]
    FROM run, regexp_matches(digits, '(?:00)?(?:310?|0)[1-9][0-9]{8}', 'g') AS m WHERE length(digits) > 15)
  SELECT array_agg(found.key) FROM (
    SELECT 'said:' || regexp_replace(words, '\s', '', 'g') AS key FROM plain
    UNION SELECT 'mail:' || btrim(m[1], '.') FROM plain, regexp_matches(words, '[^\s<>,;:()"]+@[^\s<>,;:()"]+', 'g') AS m
    UNION SELECT 'tel:' || regexp_replace(regexp_replace(digits, '^00', ''), '^(?:310?|0)(?=[1-9][0-9]{8}$)', '') FROM number
  ) found WHERE lock.person() IS NOT NULL
$$;
"""
"""By what a contact is compared: its words, and each address of mail and each telephone number in them, however written.

A number of the Netherlands has one key with +31, 0031 or 0 before it; one of another country with + or 00.
"""
SECRECY = r"""
CREATE OR REPLACE FUNCTION lock.kept_secret(of_case uuid, of_agency int) RETURNS SETOF uuid LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY WITH RECURSIVE known AS (
    SELECT p.id, p.is_secret, CASE WHEN p.address_keys <> '{}' THEN p.address_keys
      ELSE ARRAY[regexp_replace(lower(concat_ws('|', p.street, p.number, p.postcode, p.town)), '\s', '', 'g')] END AS keys
      FROM public.casework_premises p WHERE p.case_id = of_case AND p.agency_id = of_agency
    UNION ALL SELECT p.id, p.contact_is_secret, lock.contact_keys(p.contact)
      FROM public.casework_personincase p WHERE p.case_id = of_case AND p.agency_id = of_agency AND p.contact <> ''),
  hidden AS (SELECT k.id, k.keys FROM known k WHERE k.is_secret
    UNION SELECT k.id, k.keys FROM known k JOIN hidden h ON k.keys && h.keys)
  SELECT DISTINCT h.id FROM hidden h;
END $$;
"""
"""Which addresses and whose contacts are kept secret: written again as secret, in whatever form, the earlier row is too.

Whoever calls it reads what they may read; an address is compared by its keys (casework/addresses.py).
"""
_OF_HANDOFF = "x.case_id = h.case_id AND x.agency_id = h.sender_id"
KEPT = f"""
DROP FUNCTION IF EXISTS lock.record_kept(uuid);
CREATE FUNCTION lock.record_kept(of_handoff uuid)
RETURNS TABLE (kind text, item uuid, label text, on_day date, known_to text, is_replaced boolean, is_secret boolean)
LANGUAGE plpgsql STABLE {_DEFINER} AS $$
DECLARE
  h public.casework_handoff;
BEGIN
  SELECT * INTO h FROM public.casework_handoff y WHERE y.id = of_handoff AND y.sender_id = lock.agency()
    AND y.state IN ('prepared', 'checked');
  IF h.id IS NULL OR {_walled("h.case_id")} OR NOT ({among("coalesce(lock.role(), '')", _ENDS)}
    OR ({among("coalesce(lock.role(), '')", _NAMED_ENDS)} AND EXISTS (SELECT 1 FROM public.casework_naming x
      WHERE x.content_object_id = h.case_id AND x.user_id = lock.person() AND x.agency_id = lock.agency() AND {_NOW}))) THEN
    RETURN;
  END IF;
  RETURN QUERY SELECT f.a, f.b, f.c, f.d, f.p, f.e, f.a IN ('contact', 'premises')
    AND f.b IN (SELECT lock.kept_secret(h.case_id, h.sender_id)) FROM (
    SELECT 1 AS o, 'person' AS a, x.id AS b, x.role::text AS c, NULL::date AS d, 'day' AS p, false AS e, x.made_at AS at
      FROM public.casework_personincase x WHERE {_OF_HANDOFF}
    UNION ALL SELECT 2, 'contact', x.id, x.role::text, NULL, 'day', false, x.made_at
      FROM public.casework_personincase x WHERE {_OF_HANDOFF} AND x.contact <> ''
    UNION ALL SELECT 3, 'premises', x.id, 'premises', NULL, 'day', false, x.made_at
      FROM public.casework_premises x WHERE {_OF_HANDOFF}
    UNION ALL SELECT 4, 'note', x.id, x.kind::text,
      coalesce(x.happened_on, (x.made_at AT TIME ZONE 'Europe/Amsterdam')::date),
      CASE WHEN x.happened_on IS NULL THEN 'day' ELSE x.happened_precision::text END,
      EXISTS (SELECT 1 FROM public.casework_note n WHERE n.corrects_id = x.id), x.made_at
      FROM public.casework_note x WHERE {_OF_HANDOFF}
    UNION ALL SELECT 5, 'fact', x.id, x.fact::text, coalesce(x.on_date, (x.made_at AT TIME ZONE 'Europe/Amsterdam')::date),
      'day',
      EXISTS (SELECT 1 FROM public.casework_storedfact n WHERE n.case_id = x.case_id AND n.agency_id = x.agency_id
        AND n.fact = x.fact AND (n.track_id, n.person_id) IS NOT DISTINCT FROM (x.track_id, x.person_id)
        AND n.replaced_by_id IS NULL AND (n.made_at, n.id) > (x.made_at, x.id)), x.made_at
      FROM public.casework_storedfact x WHERE {_OF_HANDOFF} AND x.handoff_id IS NULL AND x.replaced_by_id IS NULL
      AND x.fact NOT IN ('reason', 'trigger', 'question', 'prior_warning_look_up', 'prior_warning_hit')
    UNION ALL SELECT 6, 'visit', x.id, 'visit_report', coalesce(x.visited_on, x.planned_on), 'day', false, x.made_at
      FROM public.casework_visit x WHERE {_OF_HANDOFF}
    UNION ALL SELECT 7, 'source', x.id, 'source', NULL, 'day', false, x.made_at
      FROM public.casework_source x WHERE {_OF_HANDOFF}
    UNION ALL SELECT 8, 'criteria', NULL, 'criteria', NULL, 'day', false, max(x.made_at)
      FROM public.casework_criterion x WHERE {_OF_HANDOFF} HAVING count(*) > 0
    UNION ALL SELECT 9, 'citizen_number', x.id, 'citizen_number', NULL, 'day', false, x.made_at
      FROM public.casework_citizennumber x WHERE {_OF_HANDOFF}) f ORDER BY f.o, f.at, f.b;
END $$;
"""

_WEIGHING = dict.fromkeys((*_ENDS, *_NAMED_ENDS, Role.COURIER))
"""Who weighs a package at its sender: whoever sees it there, and the courier."""
NOW_KEPT = f"""
CREATE OR REPLACE FUNCTION lock.holds_secret(of_handoff uuid) RETURNS boolean LANGUAGE plpgsql STABLE {_DEFINER} AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM public.casework_handoff h JOIN public.casework_packageitem i ON i.handoff_id = h.id
    AND i.package = h.package AND i."group" IN ('contact', 'household')
    WHERE h.id = of_handoff AND h.sender_id = lock.agency() AND h.state IN ('prepared', 'checked', 'sent')
    AND {among("coalesce(lock.role(), '')", list(_WEIGHING))} AND NOT {_walled("h.case_id")}
    AND i.origin_id IN (SELECT lock.kept_secret(h.case_id, h.sender_id)));
END $$;
CREATE OR REPLACE FUNCTION lock.article_kept(of_handoff uuid) RETURNS text LANGUAGE plpgsql STABLE {_DEFINER} AS $$
BEGIN
  RETURN (SELECT r.wpg_article::text FROM public.casework_handoff h
    JOIN public.casework_agencyrecord r ON r.case_id = h.case_id AND r.agency_id = h.sender_id
    WHERE h.id = of_handoff AND h.sender_id = lock.agency()
    AND (h.state IN ('prepared', 'checked', 'sent') OR lock.action() = 'deliver_correction')
    AND {among("coalesce(lock.role(), '')", list(_WEIGHING))} AND NOT {_walled("h.case_id")});
END $$;
CREATE OR REPLACE FUNCTION lock.reporter_kept(of_case uuid) RETURNS text LANGUAGE plpgsql STABLE {_DEFINER} AS $$
BEGIN
  RETURN (SELECT CASE WHEN {_walled("of_case")} OR NOT {among("coalesce(lock.role(), '')", list(_WRITING))} THEN NULL
    WHEN bool_or(s.is_protected AND NOT s.nameless) THEN 'protected'
    WHEN bool_or(NOT s.nameless) THEN 'known'
    WHEN EXISTS (SELECT 1 FROM public.casework_handoff h WHERE h.case_id = of_case AND h.receiver_id = lock.agency()
      AND h.kind = 'concern_report' AND h.delivered <> '{{}}') THEN 'agency'
    WHEN count(*) > 0 THEN 'nameless' ELSE 'none' END
  FROM (SELECT x.is_protected, x.kind = 'anonymous' AND x.name = '' AND x.contact = '' AS nameless
    FROM public.casework_source x WHERE x.case_id = of_case AND x.agency_id = lock.agency()) s);
END $$;
"""

# Who asked reads what they were told to be told: that somebody is known, by an owner who wants to be called. Any other
# answer, and none, look alike to them.
TOLD = f"""
CREATE OR REPLACE FUNCTION lock.told_of_known(since timestamptz, before_at timestamptz, before_id uuid)
RETURNS TABLE (owner int, asked_at timestamptz, answered_at timestamptz, words text, check_id uuid)
LANGUAGE plpgsql STABLE {_DEFINER} AS $$
BEGIN
  IF NOT {among(_ROLE, _CHECKING)} THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody asks whether a person is known';
  END IF;
  RETURN QUERY SELECT k.agency_id, k.made_at, k.answered_at, k.answer_reason::text, k.id
    FROM public.casework_knowncheck k
    WHERE k.asker_id = lock.person() AND k.asker_agency_id = lock.agency() AND k.answer = 'contact_us'
    AND k.answered_at > coalesce(since, '-infinity')
    AND (before_id IS NULL OR (k.answered_at, k.id) < (before_at, before_id))
    ORDER BY k.answered_at DESC, k.id DESC;
END $$;
"""

# Who had something before them that is gone when they act is told by whose act: a colleague took them off the case, or the
# package ended. Nobody else learns that it was, and nobody learns of a wall.
LOST = f"""
CREATE OR REPLACE FUNCTION lock.lost_sight(asked uuid)
RETURNS TABLE (action text, state text, at timestamptz, agency int, colleague int)
LANGUAGE plpgsql STABLE {_DEFINER} AS $$
DECLARE about uuid;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.audit_entry e WHERE e.actor_id = lock.person()
      AND e.id > (SELECT max(x.id) FROM public.audit_entry x) - {LATELY} AND e.agency_id = lock.agency()
      AND e.object_pk = asked::text AND e.verb = 'consult' AND e.outcome = 'done') THEN
    RETURN;
  END IF;
  about := coalesce((SELECT t.case_id FROM public.casework_track t WHERE t.id = asked),
    (SELECT h.case_id FROM public.casework_handoff h WHERE h.id = asked), asked);
  IF {_walled("about")} THEN
    RETURN;
  END IF;
  RETURN QUERY SELECT s.action::text, s.target::text, s.made_at, s.agency_id::int, NULL::int FROM public.casework_steptaken s
    JOIN public.casework_handoff h ON h.id = s.handoff_id AND h.receiver_id = lock.agency()
    AND h.state IN ('refused', 'withdrawn', 'expired') AND s.target = h.state
    WHERE h.id = asked ORDER BY s.made_at DESC, s.id LIMIT 1;
  IF FOUND THEN
    RETURN;
  END IF;
  RETURN QUERY SELECT 'assign', 'taken_off', n.ends_at, n.agency_id::int, e.actor_id::int FROM public.casework_naming n
    JOIN public.audit_entry e ON e.object_pk = n.id::text AND e.word = 'assign' AND e.actor_id <> n.user_id
      AND e.content_type_id = (SELECT c.id FROM public.django_content_type c
        WHERE c.app_label = 'casework' AND c.model = 'naming')
      AND e.action = 1
    WHERE n.user_id = lock.person() AND n.agency_id = lock.agency() AND n.content_object_id = about
      AND n.ends_at <= lock.current_moment() AND NOT EXISTS (SELECT 1 FROM public.casework_naming x
        WHERE x.user_id = n.user_id AND x.agency_id = n.agency_id AND x.content_object_id = about AND {_NOW})
    ORDER BY n.ends_at DESC, e.id DESC LIMIT 1;
END $$;
"""

FUNCTIONS = ALIKE + TOLD + LOST + WARNINGS + RADAR + CONTACT_KEYS + SECRECY + KEPT + NOW_KEPT
CALLED = (
    "lock.lost_sight(uuid)",
    "lock.told_of_known(timestamptz, timestamptz, uuid)",
    "lock.contact_keys(text)",
    "lock.kept_secret(uuid, int)",
    "lock.holds_secret(uuid)",
    "lock.earlier_warnings(uuid)",
    "lock.known_here(text[], text[], text, text[])",
    "lock.pass_signal(uuid, uuid, uuid, text)",
    "lock.record_kept(uuid)",
    "lock.article_kept(uuid)",
    "lock.reporter_kept(uuid)",
)
"""What the app role may call of these; the others are theirs."""
