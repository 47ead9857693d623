-- Four eyes: who approves is neither the asker nor the last editor, and approves what has not changed since it was asked.
--
-- Made by: keeper
-- May call, owner: lock.four_eyes
-- Touches: public.casework_handoff, public.casework_track

CREATE OR REPLACE FUNCTION lock.four_eyes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  editor int;
  content int;
BEGIN
  IF NEW.approved_by_id IS NULL OR (lock.action() = 'turn_into_advice' AND NEW.reason = '' AND NEW.approver_reason = ''
    AND to_jsonb(NEW) - ARRAY['reason', 'approver_reason'] = to_jsonb(OLD) - ARRAY['reason', 'approver_reason']) THEN
    RETURN NEW;
  END IF;
  IF NEW.track_id IS NOT NULL THEN
    SELECT t.editor_id, t.version INTO editor, content FROM public.casework_track t WHERE t.id = NEW.track_id;
  ELSE
    SELECT h.editor_id, h.package INTO editor, content FROM public.casework_handoff h WHERE h.id = NEW.handoff_id;
  END IF;
  IF OLD.approved_by_id IS NOT NULL OR NEW.approved_by_id <> lock.person() OR NEW.approved_by_id = NEW.asked_by_id
    OR NEW.approved_by_id = editor OR NEW.version <> content THEN
    RAISE insufficient_privilege USING MESSAGE = 'four eyes: by another than the asker and the last editor, of what stands';
  END IF;
  RETURN NEW;
END $$;
