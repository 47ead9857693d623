-- Remembers which cases a list showed: one row a case beside the list's one entry, so that "who saw this" finds it.
-- The entry itself names the cases too, and is sealed; these rows only make them findable. Under row security an array or
-- a document cannot be searched by an index, and a case's log must not read the log of everybody (docs/decisions/0015).
--
-- Made by: keeper
-- May call, owner: trail.place_shown
-- Touches: trail.shown

CREATE OR REPLACE FUNCTION trail.place_shown() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO trail.shown (case_id, occurred_at, entry_id)
    SELECT DISTINCT c.id::uuid, NEW.occurred_at, NEW.id
    FROM jsonb_array_elements_text(NEW.additional_data -> 'cases') AS c (id);
  RETURN NULL;
END $$;
