-- Who is alike, in the agency's own records: by names in every spelling with birth date, or by address.
--
-- Made by: keeper
-- May call, nobody: lock.alike
-- Touches: public.casework_nametoken, public.casework_personincase, public.casework_premises

CREATE OR REPLACE FUNCTION lock.alike(words text[], whole text[], born text, keys text[])
RETURNS TABLE (of_case uuid, as_role text, matched text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- A name has a token for every spelling. `whole` tokens are as many as somebody has names, so none is counted twice.
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
