-- What follows from a step by itself: the line of the timeline at the acting agency, and the intent to tell those
-- whom a package concerns.
--
-- Made by: keeper
-- May call, owner: lock.store_step, lock.store_notice
-- Touches: public.casework_outbox, public.casework_steptaken

CREATE OR REPLACE FUNCTION lock.store_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO public.casework_steptaken (id, case_id, agency_id, made_by_id, made_at, track_id, handoff_id, action,
      source, target, role)
    VALUES (gen_random_uuid(), NEW.case_id, lock.agency(), lock.person(), lock.current_moment(),
      CASE TG_ARGV[0] WHEN 'track' THEN NEW.id END, CASE TG_ARGV[0] WHEN 'handoff' THEN NEW.id END,
      lock.action(), OLD.state, NEW.state, lock.role());
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION lock.store_notice() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO public.casework_outbox (id, key, task, agency_id, about_id, due_at, tries)
    VALUES (gen_random_uuid(), format('notify:%s:%s', NEW.id, NEW.version), 'notify',
      CASE WHEN NEW.state IN ('delivered', 'withdrawn') AND cardinality(NEW.delivered) > 0 THEN NEW.receiver_id
        ELSE NEW.sender_id END,
      NEW.id, lock.current_moment(), 0)
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
