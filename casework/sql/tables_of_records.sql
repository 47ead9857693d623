-- The triggers on the tables of records: the words by which people are found, and what ends an emergency.
--
-- Made by: owner
-- Touches: public.casework_note, public.casework_personincase, public.casework_source

CREATE OR REPLACE TRIGGER keep_tokens AFTER INSERT OR UPDATE OF tokens ON public.casework_personincase
  FOR EACH ROW EXECUTE FUNCTION lock.store_name_tokens();
CREATE OR REPLACE TRIGGER keep_confidential AFTER INSERT ON public.casework_note
  FOR EACH ROW WHEN (NEW.kind = 'police_intelligence') EXECUTE FUNCTION lock.mark_confidential();
CREATE OR REPLACE TRIGGER keep_confidential AFTER INSERT ON public.casework_source
  FOR EACH ROW WHEN (NEW.is_protected) EXECUTE FUNCTION lock.mark_confidential();
