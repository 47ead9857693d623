"""Functions of the keeper: what crosses between agencies, and what no application may write itself.

Each checks who calls, in which action, and at which end of the handoff. They own nothing that a person types.
"""

from audit.roles import APP, KEEPER, OWNER
from casework import keeper_access
from casework.children import ARRIVED
from casework.keeper_steps import NUMBERS, SORT, STEPS, law_rows
from permissions.decision import roles_with
from permissions.grid import Cell
from permissions.guard import among
from permissions.vocabulary import Action, Role
from workflows.tracks import NAMINGS

_DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp"

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Of what a reference is drawn: letters and figures that nobody takes for another, on paper and on the telephone."""
NAMING = [row.action for row in NAMINGS if row.who == "doer"]
ASSIGNING = [row.action for row in NAMINGS if row.who == "assigned"]
GRANTS = f"""
CREATE OR REPLACE FUNCTION lock.view_case() RETURNS int LANGUAGE plpgsql STABLE {_DEFINER} AS $$
DECLARE answer int;
BEGIN
  SELECT p.id INTO STRICT answer FROM public.auth_permission p
    JOIN public.django_content_type c ON c.id = p.content_type_id
    WHERE c.app_label = 'casework' AND c.model = 'case' AND p.codename = 'view_case';
  RETURN answer;
END $$;
DROP FUNCTION IF EXISTS lock.open_case(uuid), lock.receive(uuid, uuid), lock.take_part(uuid, int, text, text);
CREATE OR REPLACE FUNCTION lock.new_reference(of_agency int) RETURNS text LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE
  letters text := '{ALPHABET}';
  drawn text;
  called text;
BEGIN
  LOOP
    drawn := gen_random_uuid()::text;
    SELECT to_char(lock.current_moment() AT TIME ZONE 'Europe/Amsterdam', 'YYYY-') || string_agg(substr(letters,
      ('x' || substr(replace(drawn, '-', ''), 2 * n - 1, 2))::bit(8)::int % 32 + 1, 1), '' ORDER BY n) INTO called
      FROM generate_series(1, 6) AS n;
    EXIT WHEN NOT EXISTS (SELECT 1 FROM public.casework_ruling r WHERE r.group_id = of_agency AND r.reference = called);
  END LOOP;
  RETURN called;
END $$;
CREATE OR REPLACE FUNCTION lock.take_part(of_case uuid, of_agency int, why text) RETURNS void
LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  PERFORM lock.hold_case(of_case);
  IF NOT EXISTS (SELECT 1 FROM public.casework_ruling r WHERE r.content_object_id = of_case
                 AND r.group_id = of_agency AND (r.ends_at IS NULL OR r.ends_at > lock.current_moment())) THEN
    INSERT INTO public.casework_ruling (permission_id, group_id, content_object_id, reference, reason, basis, giver_id,
        starts_at)
      VALUES (lock.view_case(), of_agency, of_case, coalesce((SELECT r.reference FROM public.casework_ruling r
          WHERE r.content_object_id = of_case AND r.group_id = of_agency ORDER BY r.starts_at LIMIT 1),
        lock.new_reference(of_agency)), why, coalesce((SELECT h.basis FROM public.casework_handoff h
        WHERE h.case_id = of_case AND h.receiver_id = of_agency AND h.state = 'delivered' ORDER BY h.moved_at DESC LIMIT 1),
        lock.basis(), ''), lock.person(), lock.current_moment());
  END IF;
END $$;
CREATE OR REPLACE FUNCTION lock.open_case(of_case uuid) RETURNS void LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  IF lock.action() IS DISTINCT FROM 'open_case' THEN
    RAISE insufficient_privilege USING MESSAGE = 'no case is being opened';
  END IF;
  INSERT INTO public.casework_case (id) VALUES (of_case);
  PERFORM lock.take_part(of_case, lock.agency(), 'open_case');
  PERFORM lock.name_person(of_case, lock.person());
END $$;
CREATE OR REPLACE FUNCTION lock.name_person(of_case uuid, who int) RETURNS void LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  IF NOT (({among("coalesce(lock.action(), '')", ASSIGNING)} AND who <> lock.person()) OR
    ({among("coalesce(lock.action(), '')", NAMING)} AND who = lock.person())) OR NOT EXISTS (
    SELECT 1 FROM public.casework_ruling r WHERE r.content_object_id = of_case AND r.group_id = lock.agency()
    AND r.ends_at IS NULL) OR NOT EXISTS (
    SELECT 1 FROM public.permissions_membership m WHERE m.user_id = who AND m.agency_id = lock.agency()
    AND m.starts_at <= lock.current_moment() AND (m.ends_at IS NULL OR m.ends_at > lock.current_moment())) OR EXISTS (
    SELECT 1 FROM public.casework_wall w WHERE w.case_id = of_case AND w.user_id = who
    AND w.starts_at <= lock.current_moment() AND (w.ends_at IS NULL OR w.ends_at > lock.current_moment())) THEN
    RAISE insufficient_privilege USING MESSAGE = 'this person cannot be named here';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM public.casework_naming n WHERE n.content_object_id = of_case AND n.user_id = who
                 AND n.agency_id = lock.agency() AND n.ends_at IS NULL) THEN
    INSERT INTO public.casework_naming (permission_id, user_id, content_object_id, agency_id, reference, reason,
      basis, giver_id, starts_at, is_open, next_due_at, lacks_term)
      SELECT lock.view_case(), who, of_case, lock.agency(), r.reference, lock.action(), r.basis, lock.person(),
        lock.current_moment(), r.is_open, r.next_due_at, r.lacks_term
      FROM public.casework_ruling r WHERE r.content_object_id = of_case AND r.group_id = lock.agency()
      AND r.ends_at IS NULL LIMIT 1;
  END IF;
END $$;
CREATE OR REPLACE FUNCTION lock.end_naming(of_case uuid, who int) RETURNS void LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  IF NOT {among("coalesce(lock.action(), '')", ASSIGNING)} THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody is being assigned';
  END IF;
  -- An act that still holds the naming ends first; then the naming ends, and not at a moment before that.
  PERFORM 1 FROM public.casework_naming n WHERE n.content_object_id = of_case AND n.user_id = who
    AND n.agency_id = lock.agency() AND n.ends_at IS NULL FOR UPDATE;
  UPDATE public.casework_naming n SET ends_at = lock.real_moment(lock.current_moment())
    WHERE n.content_object_id = of_case AND n.user_id = who AND n.agency_id = lock.agency() AND n.ends_at IS NULL;
END $$;
"""

EXCHANGE = f"""
CREATE OR REPLACE FUNCTION lock.at_end(of_handoff uuid) RETURNS public.casework_handoff LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE h public.casework_handoff;
BEGIN
  SELECT * INTO h FROM public.casework_handoff x WHERE x.id = of_handoff;
  IF h.id IS NULL OR lock.agency() IS NULL OR lock.agency() NOT IN (h.sender_id, h.receiver_id) THEN
    RAISE insufficient_privilege USING MESSAGE = 'not at an end of this handoff';
  END IF;
  RETURN h;
END $$;
CREATE OR REPLACE FUNCTION lock.receive(of_handoff uuid, line uuid) RETURNS void LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE h public.casework_handoff := lock.at_end(of_handoff);
BEGIN
  IF lock.role() <> 'courier' OR h.state <> 'delivered' OR h.receiver_id <> lock.agency() THEN
    RAISE insufficient_privilege USING MESSAGE = 'nothing is delivered here';
  END IF;
  PERFORM lock.take_part(h.case_id, h.receiver_id, 'deliver_handoff');
  INSERT INTO public.casework_disclosure (id, case_id, agency_id, receiver_id, handoff_id, package, basis, groups,
      item_count, disclosed_at)
    SELECT line, h.case_id, h.sender_id, h.receiver_id, h.id, h.package, h.basis,
      coalesce(array_agg(DISTINCT i."group"), '{{}}'), count(i.id), lock.current_moment()
    FROM public.casework_packageitem i WHERE i.handoff_id = h.id AND i.package = h.package;
  PERFORM lock.refresh(h.case_id, h.receiver_id);
END $$;
CREATE OR REPLACE FUNCTION lock.stand_at(of_handoff uuid, at_sender boolean) RETURNS int LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE
  h public.casework_handoff := lock.at_end(of_handoff);
  there int := CASE WHEN at_sender THEN h.sender_id ELSE h.receiver_id END;
BEGIN
  IF lock.role() IS DISTINCT FROM 'courier' OR NOT (lock.action() = 'deliver_handoff' AND (NOT at_sender OR h.state = 'sent')
    OR lock.action() = 'deliver_correction' AND {among("h.state", ARRIVED)}) THEN
    RAISE insufficient_privilege USING MESSAGE = 'only the courier goes from one end to the other';
  END IF;
  UPDATE lock.acting a SET agency = there WHERE a.pid = pg_backend_pid() AND a.person IS NOT NULL
    AND a.xact = pg_current_xact_id_if_assigned();
  RETURN there;
END $$;
CREATE OR REPLACE FUNCTION lock.leave(of_handoff uuid) RETURNS void LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE h public.casework_handoff := lock.at_end(of_handoff);
BEGIN
  IF h.state NOT IN ('refused', 'withdrawn', 'expired') OR EXISTS (
    SELECT 1 FROM public.casework_agencyrecord r WHERE r.case_id = h.case_id AND r.agency_id = h.receiver_id)
    OR EXISTS (SELECT 1 FROM public.casework_handoff o WHERE o.case_id = h.case_id AND o.id <> h.id
      AND h.receiver_id IN (o.sender_id, o.receiver_id) AND o.state NOT IN ('refused', 'withdrawn', 'expired')) THEN
    RETURN;
  END IF;
  UPDATE public.casework_naming n SET ends_at = lock.current_moment() WHERE n.content_object_id = h.case_id
    AND n.agency_id = h.receiver_id AND n.ends_at IS NULL;
  UPDATE public.casework_ruling r SET ends_at = lock.current_moment() WHERE r.content_object_id = h.case_id
    AND r.group_id = h.receiver_id AND r.ends_at IS NULL;
END $$;
CREATE OR REPLACE FUNCTION lock.handoff_clocks(of_handoff uuid, stopped text[], ids uuid[], codes text[], sides text[],
  dues timestamptz[], rule text) RETURNS void LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE h public.casework_handoff := lock.at_end(of_handoff);
BEGIN
  UPDATE public.casework_deadline d SET met_at = lock.current_moment()
    WHERE d.handoff_id = h.id AND d.clock = ANY (stopped) AND d.met_at IS NULL;
  INSERT INTO public.casework_deadline (id, case_id, agency_id, handoff_id, clock, moment, rule_version, started_at,
      due_at)
    SELECT s.id, h.case_id, CASE s.side WHEN 'sender' THEN h.sender_id ELSE h.receiver_id END, h.id, s.code, 0, rule,
      lock.current_moment(), s.due
    FROM unnest(ids, codes, sides, dues) AS s (id, code, side, due)
    WHERE NOT EXISTS (SELECT 1 FROM public.casework_deadline d WHERE d.handoff_id = h.id AND d.clock = s.code
                      AND d.met_at IS NULL);
END $$;
CREATE OR REPLACE FUNCTION lock.sender_clocks(of_handoff uuid, entered text, new_id uuid, found_due timestamptz, rule text)
RETURNS void LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE
  h public.casework_handoff := lock.at_end(of_handoff);
  on_track uuid;
BEGIN
  IF entered = 'sent' THEN
    -- What came to nothing is sent again: the same anew, or another of its kind; help is of one track.
    UPDATE public.casework_deadline d SET met_at = lock.current_moment() FROM public.casework_handoff o
      WHERE d.clock = 'HANDOFF_AGAIN' AND d.met_at IS NULL AND d.case_id = h.case_id AND d.agency_id = h.sender_id
      AND o.id = d.handoff_id AND o.kind = h.kind
      AND (o.kind NOT IN ('help', 'victim') OR o.track_id IS NOT DISTINCT FROM h.track_id);
  END IF;
  IF h.kind <> 'concern_report' THEN
    RETURN;
  END IF;
  IF entered = 'delivered' AND NOT lock.untold_children_of(h.case_id, h.sender_id, ARRAY{[*ARRIVED]}, NULL, h.id, entered) THEN
    UPDATE public.casework_deadline d SET met_at = lock.current_moment()
      WHERE d.clock = 'CHILDREN_FOUND' AND d.met_at IS NULL AND d.case_id = h.case_id AND d.agency_id = h.sender_id;
  END IF;
  IF found_due IS NULL OR entered NOT IN ('refused', 'expired', 'withdrawn') OR EXISTS (
    SELECT 1 FROM public.casework_deadline d WHERE d.clock = 'CHILDREN_FOUND' AND d.met_at IS NULL
      AND d.case_id = h.case_id AND d.agency_id = h.sender_id)
    OR NOT lock.untold_children_of(h.case_id, h.sender_id, ARRAY{[*ARRIVED]}, NULL, h.id, entered) THEN
    RETURN;
  END IF;
  SELECT f.track_id INTO on_track FROM public.casework_storedfact f WHERE f.case_id = h.case_id
    AND f.agency_id = h.sender_id AND f.fact = 'child_check' AND f.replaced_by_id IS NULL
    ORDER BY f.made_at DESC, f.id DESC LIMIT 1;
  INSERT INTO public.casework_deadline (id, case_id, agency_id, track_id, clock, moment, rule_version, started_at,
      due_at)
    VALUES (new_id, h.case_id, h.sender_id, on_track, 'CHILDREN_FOUND', 0, rule, lock.current_moment(), found_due);
END $$;
CREATE OR REPLACE FUNCTION lock.twins(of_case uuid, people uuid[]) RETURNS TABLE (person uuid, twin uuid)
LANGUAGE plpgsql STABLE {_DEFINER} AS $$
BEGIN
  RETURN QUERY SELECT DISTINCT p.id, q.id FROM public.casework_personincase p
    JOIN public.casework_packageitem i ON i.id = p.from_item_id
    JOIN public.casework_packageitem j ON j.origin_id = i.origin_id AND j.case_id = i.case_id
    JOIN public.casework_personincase q ON q.from_item_id = j.id AND q.case_id = p.case_id AND q.agency_id = p.agency_id
    WHERE p.case_id = of_case AND p.agency_id = lock.agency() AND p.id = ANY (people);
END $$;
CREATE OR REPLACE FUNCTION lock.due_intents(until timestamptz) RETURNS TABLE (id uuid, due_at timestamptz)
LANGUAGE plpgsql STABLE {_DEFINER} AS $$
BEGIN
  IF lock.action() IS DISTINCT FROM 'find_due' OR lock.role() IS DISTINCT FROM 'scheduler' THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody looks for what is due';
  END IF;
  RETURN QUERY SELECT o.id, o.due_at FROM public.casework_outbox o WHERE o.done_at IS NULL AND o.due_at <= until
    ORDER BY o.due_at, o.id LIMIT 500;
END $$;
CREATE OR REPLACE FUNCTION lock.passed_deadlines(until timestamptz) RETURNS TABLE (id uuid, agency int, due_at timestamptz)
LANGUAGE plpgsql STABLE {_DEFINER} AS $$
BEGIN
  IF lock.action() IS DISTINCT FROM 'find_due' OR lock.role() IS DISTINCT FROM 'scheduler' THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody looks for what is due';
  END IF;
  RETURN QUERY SELECT d.id, d.agency_id, d.due_at FROM public.casework_deadline d
    WHERE d.met_at IS NULL AND d.overdue_at IS NULL AND d.due_at <= until ORDER BY d.due_at LIMIT 500;
END $$;
"""

_READERS = [
    *roles_with(Action.SEE_ACCESS_LOG, Cell.AGENCY, Cell.NAMED),
    *roles_with(Action.EXPLAIN_ACCESS, Cell.OWN, Cell.AGENCY, Cell.NAMED),
    Role.MIGRATION,
]
LOG_READERS = ", ".join(repr(str(role)) for role in dict.fromkeys(_READERS))
REFERENCES = f"""
CREATE OR REPLACE FUNCTION lock.case_of_reference(called text) RETURNS uuid LANGUAGE plpgsql STABLE {_DEFINER} AS $$
BEGIN
  IF lock.role() NOT IN ({LOG_READERS}) THEN
    RETURN NULL;
  END IF;
  RETURN (SELECT r.content_object_id FROM public.casework_ruling r WHERE r.group_id = lock.agency()
          AND r.reference = called AND {keeper_access.overseen("r.content_object_id")} AND NOT EXISTS (SELECT 1 FROM public.casework_wall w WHERE w.user_id = lock.person()
            AND w.case_id = r.content_object_id AND w.starts_at <= lock.current_moment()
            AND (w.ends_at IS NULL OR w.ends_at > lock.current_moment())) ORDER BY r.starts_at DESC LIMIT 1);
END $$;
"""

FOLLOWING = f"""
CREATE OR REPLACE FUNCTION lock.keep_step() RETURNS trigger LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  INSERT INTO public.casework_steptaken (id, case_id, agency_id, made_by_id, made_at, track_id, handoff_id, action,
      source, target, role)
    VALUES (gen_random_uuid(), NEW.case_id, lock.agency(), lock.person(), lock.current_moment(),
      CASE TG_ARGV[0] WHEN 'track' THEN NEW.id END, CASE TG_ARGV[0] WHEN 'handoff' THEN NEW.id END,
      lock.action(), OLD.state, NEW.state, lock.role());
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION lock.keep_notice() RETURNS trigger LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  INSERT INTO public.casework_outbox (id, key, task, agency_id, about_id, due_at, tries)
    VALUES (gen_random_uuid(), format('notify:%s:%s', NEW.id, NEW.version), 'notify',
      CASE WHEN NEW.state IN ('delivered', 'withdrawn') AND cardinality(NEW.delivered) > 0 THEN NEW.receiver_id ELSE NEW.sender_id END,
      NEW.id, lock.current_moment(), 0)
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
"""

WHO = f"""
CREATE OR REPLACE FUNCTION lock.who_saw(of_case uuid, since timestamptz, until timestamptz) RETURNS SETOF public.audit_entry
LANGUAGE plpgsql STABLE {_DEFINER} SET enable_seqscan = off AS $$
BEGIN
  IF lock.role() IS DISTINCT FROM 'migration' OR lock.action() IS DISTINCT FROM 'see_access_log' THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody asks who saw this';
  END IF;
  RETURN QUERY SELECT e.* FROM public.audit_entry e WHERE e.case_id = of_case AND e.occurred_at >= since
    AND e.occurred_at < until AND (e.agency_id = lock.agency() OR e.record_agency_id = lock.agency())
    UNION ALL SELECT e.* FROM public.audit_entry e WHERE e.agency_id = lock.agency() AND e.id IN (
      SELECT s.entry_id FROM trail.shown s WHERE s.case_id = of_case AND s.occurred_at >= since AND s.occurred_at < until);
END $$;
"""

FUNCTIONS = STEPS + NUMBERS + SORT + GRANTS + EXCHANGE + FOLLOWING + WHO + REFERENCES + keeper_access.FUNCTIONS
PRIVILEGES = f"""
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA lock FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lock.only_by_law(), lock.keep_sort(), lock.keep_sort_of_ends(),
  lock.keep_step(), lock.keep_notice(), lock.fair_wall(), lock.keep_review(), lock.keep_confidential(), lock.keep_tokens(),
  lock.four_eyes(), lock.give_number() TO {OWNER};
GRANT EXECUTE ON FUNCTION lock.open_case(uuid), lock.name_person(uuid, int), lock.end_naming(uuid, int),
  lock.receive(uuid, uuid), lock.leave(uuid), lock.stand_at(uuid, boolean), lock.case_of_reference(text), lock.due_intents(timestamptz),
  lock.passed_deadlines(timestamptz),
  lock.handoff_clocks(uuid, text[], uuid[], text[], text[], timestamptz[], text),
  lock.sender_clocks(uuid, text, uuid, timestamptz, text), lock.twins(uuid, uuid[]),
  lock.break_glass(uuid, text, text, text, timestamptz, uuid, timestamptz, text), lock.many_searches(uuid),
  lock.grants_of(uuid), lock.who_saw(uuid, timestamptz, timestamptz),
  lock.looks(timestamptz, timestamptz, int[], text[]), lock.subjects_of(uuid[]),
  lock.entries_showing(uuid[], timestamptz, timestamptz), lock.cases_of_identity(text[], text[], text[]),
  lock.reconcile(), lock.holds_naming(uuid), lock.hold_all(uuid[]), lock.take_moment() TO {APP};
"""
REPLACE = (
    f"SET ROLE {KEEPER}; TRUNCATE lock.law_step, lock.law_start, lock.law_final;"
    + law_rows()
    + FUNCTIONS
    + PRIVILEGES
    + "RESET ROLE;"
)
"""Brings law rows and functions up to date; run at every `prepare`."""
