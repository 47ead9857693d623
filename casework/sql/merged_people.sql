-- Under which row of a record somebody goes on: what was merged is one person from then on (casework/people/one_person.py).
--
-- Made by: keeper
-- May call, nobody: lock.one_person
-- Touches: public.casework_storedfact

CREATE OR REPLACE FUNCTION lock.one_person(of_case uuid, whose int, who uuid) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  passed uuid[] := '{}';
  into_row uuid;
BEGIN
  WHILE who IS NOT NULL AND NOT who = ANY (passed) LOOP
    passed := passed || who;
    into_row := (SELECT f.ref_id FROM public.casework_storedfact f WHERE f.case_id = of_case AND f.agency_id = whose
      AND f.fact = 'person_gone' AND f.code = 'merged' AND f.person_id = who AND f.replaced_by_id IS NULL
      AND f.ref_id IS NOT NULL ORDER BY f.made_at DESC, f.id DESC LIMIT 1);
    who := coalesce(into_row, who);
  END LOOP;
  RETURN who;
END $$;
