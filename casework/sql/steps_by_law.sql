-- A track or a handoff begins and moves as the rows of the law say and in no other way, whatever the application
-- asks. The rows are those of workflows/ (casework/lock/law_rows.py), written anew at every `prepare`.
--
-- Made by: keeper
-- May call, owner: lock.only_by_law
-- Touches: lock.law_start, lock.law_step

CREATE OR REPLACE FUNCTION lock.only_by_law() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
