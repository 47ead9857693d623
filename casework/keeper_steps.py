"""Functions of the keeper on tracks and handoffs as they move: only by the law's rows, and every list in its order."""

from permissions.guard import among
from workflows.tracks import BEGINNINGS, CONSEQUENCES, RECORDED_CLOCKS, WORKFLOWS

_DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp"


def law_rows() -> str:
    """Return the rows of the workflow tables as SQL, so that the database refuses what is not in them."""
    steps = {(name, s.source, str(s.action), s.target) for name, w in WORKFLOWS.items() for s in w.steps}
    for kind, action, like in CONSEQUENCES:
        steps |= {(kind, s.source, str(action), s.target) for s in WORKFLOWS[kind].steps if s.action is like}
    steps.add(("handoff", "prepared", "prepare_handoff", "prepared"))  # editing the items is a new version
    steps.add(("handoff", "delivered", "accept_handoff", "acknowledged"))  # who accepts acknowledges in the same act
    steps.add(("handoff", "sent", "deliver_handoff", "withdrawn"))  # what sending asked no longer holds: nothing goes
    starts = {(b.track, b.state, str(b.action)) for b in BEGINNINGS}
    starts.add(("handoff", WORKFLOWS["handoff"].start, "open_case"))  # logged together with what is to be shared
    finals = {(name, state) for name, w in WORKFLOWS.items() for state in w.final}
    return "".join(
        f"INSERT INTO lock.{table} VALUES {', '.join(repr(row) for row in sorted(rows))};\n"
        for table, rows in (("law_step", steps), ("law_start", starts), ("law_final", finals))
    )


STEPS = f"""
CREATE OR REPLACE FUNCTION lock.only_by_law() RETURNS trigger LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE
  said text := lock.action();
  what text := CASE TG_ARGV[0] WHEN 'handoff' THEN 'handoff' ELSE to_jsonb(NEW) ->> 'kind' END;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NOT EXISTS (SELECT 1 FROM lock.law_start s WHERE s.kind = what AND s.state = NEW.state AND s.action = said) THEN
      RAISE check_violation USING MESSAGE = format('%s does not begin in %s on %s', what, NEW.state, said);
    END IF;
  ELSIF NEW.version <> OLD.version THEN
    IF NEW.version <> OLD.version + 1 OR NOT EXISTS (
      SELECT 1 FROM lock.law_step s WHERE s.kind = what AND s.source = OLD.state AND s.action = said
      AND s.target = NEW.state) THEN
      RAISE check_violation USING MESSAGE = format('%s does not go from %s to %s on %s', what, OLD.state, NEW.state, said);
    END IF;
  ELSIF NEW.state <> OLD.state THEN
    RAISE check_violation USING MESSAGE = 'a state changes with its version';
  END IF;
  RETURN NEW;
END $$;
"""

NUMBERS = f"""
CREATE OR REPLACE FUNCTION lock.give_number() RETURNS trigger LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.number <> '' THEN
    NEW.number := OLD.number;
    RETURN NEW;
  END IF;
  LOOP
    NEW.number := to_char(('x' || left(gen_random_uuid()::text, 8))::bit(32)::bigint % 10000000, 'FM0000000');
    NEW.number := left(NEW.number, 4) || '-' || right(NEW.number, 3);
    EXIT WHEN NOT EXISTS (SELECT 1 FROM public.casework_handoff h WHERE h.number = NEW.number);
  END LOOP;
  RETURN NEW;
END $$;
"""
"""The number of a handoff: random, whatever the application asked for, and kept once it was given."""
SORT = f"""
CREATE OR REPLACE FUNCTION lock.refresh(of_case uuid, of_agency int) RETURNS void LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE
  due timestamptz;
  open boolean;
  idle boolean;
  lacks boolean;
BEGIN
  SELECT min(d.due_at) INTO due FROM public.casework_deadline d
    WHERE d.case_id = of_case AND d.agency_id = of_agency AND d.met_at IS NULL;
  open := due IS NOT NULL OR EXISTS (
    SELECT 1 FROM public.casework_track t WHERE t.case_id = of_case AND t.agency_id = of_agency
    AND NOT EXISTS (SELECT 1 FROM lock.law_final f WHERE f.kind = t.kind AND f.state = t.state)
  ) OR EXISTS (
    SELECT 1 FROM public.casework_handoff h WHERE h.case_id = of_case AND of_agency IN (h.sender_id, h.receiver_id)
    AND NOT EXISTS (SELECT 1 FROM lock.law_final f WHERE f.kind = 'handoff' AND f.state = h.state));
  idle := NOT EXISTS (SELECT 1 FROM public.casework_track t WHERE t.case_id = of_case AND t.agency_id = of_agency)
    AND NOT EXISTS (SELECT 1 FROM public.casework_handoff h WHERE h.case_id = of_case
      AND of_agency IN (h.sender_id, h.receiver_id) AND NOT (h.state = 'withdrawn' AND h.delivered = '{{}}'));
  open := open OR idle;
  lacks := idle OR EXISTS (
    SELECT 1 FROM public.casework_track t WHERE t.case_id = of_case AND t.agency_id = of_agency
    AND NOT EXISTS (SELECT 1 FROM lock.law_final f WHERE f.kind = t.kind AND f.state = t.state)
    AND NOT EXISTS (SELECT 1 FROM public.casework_deadline d WHERE d.track_id = t.id AND d.met_at IS NULL
      AND NOT {among("d.clock", RECORDED_CLOCKS)}));
  UPDATE public.casework_ruling r SET is_open = open, lacks_term = lacks, next_due_at = coalesce(due, '9999-01-01Z'),
    moved_at = coalesce(lock.current_moment(), now()), keeps = EXISTS (
      SELECT 1 FROM public.casework_track t WHERE t.case_id = of_case AND t.agency_id = of_agency) OR EXISTS (
      SELECT 1 FROM public.casework_agencyrecord a WHERE a.case_id = of_case AND a.agency_id = of_agency)
    WHERE r.content_object_id = of_case AND r.group_id = of_agency AND r.ends_at IS NULL;
  UPDATE public.casework_naming n SET is_open = open, lacks_term = lacks, next_due_at = coalesce(due, '9999-01-01Z'),
    moved_at = coalesce(lock.current_moment(), now())
    WHERE n.content_object_id = of_case AND n.agency_id = of_agency AND n.ends_at IS NULL;
END $$;
CREATE OR REPLACE FUNCTION lock.keep_sort() RETURNS trigger LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  PERFORM lock.refresh(NEW.case_id, NEW.agency_id);
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION lock.keep_sort_of_ends() RETURNS trigger LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  PERFORM lock.refresh(NEW.case_id, NEW.sender_id);
  PERFORM lock.refresh(NEW.case_id, NEW.receiver_id);
  RETURN NULL;
END $$;
"""
