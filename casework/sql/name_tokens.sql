-- The words by which somebody is found are laid in a table of their own, from the row of the person.
--
-- Made by: keeper
-- May call, owner: lock.keep_tokens
-- Touches: public.casework_nametoken

CREATE OR REPLACE FUNCTION lock.keep_tokens() RETURNS trigger
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
