-- The words by which somebody is found: a trigger writes them from the row of the person into a table of their own.
--
-- Made by: keeper
-- May call, owner: lock.store_name_tokens
-- May call, nobody: lock.tokens_otherwise
-- Touches: public.casework_nametoken, public.casework_personincase

CREATE OR REPLACE FUNCTION lock.store_name_tokens() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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

-- People whose words in that table are others than those of their row, which is compared with the trail: of all of them, or
-- of some.
CREATE OR REPLACE FUNCTION lock.tokens_otherwise(among text[]) RETURNS TABLE (person uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF cardinality(among) = 0 THEN
    RETURN;
  END IF;
  RETURN QUERY
    WITH said AS (SELECT p.id, p.case_id, p.agency_id, split_part(w, ':', 1), substr(w, strpos(w, ':') + 1)
      FROM public.casework_personincase p CROSS JOIN unnest(p.tokens::text[]) AS w
      WHERE among IS NULL OR p.id::text = ANY (among)),
    laid AS (SELECT t.person_id, t.case_id, t.agency_id, t.kind::text, t.token::text FROM public.casework_nametoken t
      WHERE among IS NULL OR t.person_id::text = ANY (among))
    SELECT DISTINCT d.id FROM (
      (SELECT * FROM said EXCEPT ALL SELECT * FROM laid) UNION ALL (SELECT * FROM laid EXCEPT ALL SELECT * FROM said)) AS d;
END $$;
