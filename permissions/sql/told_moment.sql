-- Which moment an act counts at: that of the database, but where a story of invented people says its own. A scenario does
-- so in a database of its own; a demo while its one story is told, of the past alone, and never again afterwards
-- (docs/decisions/0026-demo.md). In `desk` and `production` nobody can say a moment.
--
-- Made by: keeper
-- May call, app: lock.end_story, lock.story_began
-- May call, nobody: lock.told_moment, lock.story_goes_on
-- Touches: lock.demo_story, lock.installation

CREATE OR REPLACE FUNCTION lock.told_moment(said timestamptz) RETURNS timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF said IS NULL THEN
    RETURN now();
  END IF;
  RETURN CASE WHEN EXISTS (SELECT 1 FROM lock.installation i WHERE i.is_scenario OR (i.mode = 'demo' AND said < now()
    AND EXISTS (SELECT 1 FROM lock.demo_story s WHERE s.told_at IS NULL))) THEN said ELSE now() END;
END $$;

-- When the story of this demo began, as long as it is being told.
CREATE OR REPLACE FUNCTION lock.story_began() RETURNS timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT s.began_at FROM lock.demo_story s WHERE s.told_at IS NULL);
END $$;

CREATE OR REPLACE FUNCTION lock.end_story() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE lock.demo_story s SET told_at = now() WHERE s.told_at IS NULL;
END $$;

-- A story that is told stays told: another moment could else be said of whatever was recorded since.
CREATE OR REPLACE FUNCTION lock.story_goes_on() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.told_at IS NOT NULL OR NEW.began_at <> OLD.began_at THEN
    RAISE insufficient_privilege USING MESSAGE = 'the story of a demo is told once';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER goes_on BEFORE UPDATE OR DELETE ON lock.demo_story FOR EACH ROW
  EXECUTE FUNCTION lock.story_goes_on();
