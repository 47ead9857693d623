-- An agency takes part in a case under a reference of its own. A reference is random, so that it tells nothing; its
-- letters and figures are those that nobody confuses, on paper or on the telephone.
--
-- Made by: keeper
-- May call, nobody: lock.view_case, lock.new_reference, lock.take_part
-- Touches: public.auth_permission, public.casework_handoff, public.casework_participation, public.django_content_type

CREATE OR REPLACE FUNCTION lock.view_case() RETURNS int
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE answer int;
BEGIN
  SELECT p.id INTO STRICT answer FROM public.auth_permission p
    JOIN public.django_content_type c ON c.id = p.content_type_id
    WHERE c.app_label = 'casework' AND c.model = 'case' AND p.codename = 'view_case';
  RETURN answer;
END $$;

CREATE OR REPLACE FUNCTION lock.new_reference(of_agency int) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  letters text := '0123456789abcdefghjkmnpqrstvwxyz';
  drawn text;
  called text;
BEGIN
  LOOP
    drawn := gen_random_uuid()::text;
    SELECT to_char(lock.current_moment() AT TIME ZONE 'Europe/Amsterdam', 'YYYY-') || string_agg(substr(letters,
      ('x' || substr(replace(drawn, '-', ''), 2 * n - 1, 2))::bit(8)::int % 32 + 1, 1), '' ORDER BY n) INTO called
      FROM generate_series(1, 6) AS n;
    EXIT WHEN NOT EXISTS (SELECT 1 FROM public.casework_participation r
      WHERE r.group_id = of_agency AND r.reference = called);
  END LOOP;
  RETURN called;
END $$;

CREATE OR REPLACE FUNCTION lock.take_part(of_case uuid, of_agency int, why text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM lock.hold_case(of_case);
  IF NOT EXISTS (SELECT 1 FROM public.casework_participation r WHERE r.content_object_id = of_case
                 AND r.group_id = of_agency AND (r.ends_at IS NULL OR r.ends_at > lock.current_moment())) THEN
    INSERT INTO public.casework_participation (permission_id, group_id, content_object_id, reference, reason, basis,
        giver_id, starts_at)
      VALUES (lock.view_case(), of_agency, of_case, coalesce((SELECT r.reference FROM public.casework_participation r
          WHERE r.content_object_id = of_case AND r.group_id = of_agency ORDER BY r.starts_at LIMIT 1),
        lock.new_reference(of_agency)), why, coalesce((SELECT h.basis FROM public.casework_handoff h
        WHERE h.case_id = of_case AND h.receiver_id = of_agency AND h.state = 'delivered' ORDER BY h.moved_at DESC LIMIT 1),
        lock.basis(), ''), lock.person(), lock.current_moment());
  END IF;
END $$;
