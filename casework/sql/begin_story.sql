-- The beginning of the one story of a demo: only where nothing was recorded yet, so that nothing but invented people can be
-- in it, and never in another mode (docs/decisions/0026-demo.md).
--
-- Made by: keeper
-- May call, app: lock.begin_story
-- Touches: lock.demo_story, lock.installation, public.casework_case

CREATE OR REPLACE FUNCTION lock.begin_story() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM public.casework_case) THEN
    RETURN false;
  END IF;
  INSERT INTO lock.demo_story (began_at) SELECT now() FROM lock.installation i WHERE i.mode = 'demo' AND NOT i.is_scenario
    ON CONFLICT DO NOTHING;
  RETURN FOUND;
END $$;
