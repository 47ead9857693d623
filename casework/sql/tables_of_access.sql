-- The triggers on the tables of access and of what watches over it: fair walls, four eyes, reviews in time, closings
-- with a reason, and the place of a refused try.
--
-- Made by: owner
-- Touches: public.audit_entry, public.casework_approval, public.casework_emergency, public.casework_finding,
--   public.casework_wall

CREATE OR REPLACE TRIGGER fair_wall BEFORE INSERT ON public.casework_wall
  FOR EACH ROW EXECUTE FUNCTION lock.fair_wall();
CREATE OR REPLACE TRIGGER four_eyes BEFORE UPDATE ON public.casework_approval
  FOR EACH ROW EXECUTE FUNCTION lock.four_eyes();
CREATE OR REPLACE TRIGGER keep_review AFTER UPDATE OF reviewed_at ON public.casework_emergency
  FOR EACH ROW EXECUTE FUNCTION lock.store_review();
CREATE OR REPLACE TRIGGER fair_closing BEFORE UPDATE OF closing, closed_by_id, closed_at ON public.casework_finding
  FOR EACH ROW EXECUTE FUNCTION lock.fair_closing();
CREATE OR REPLACE TRIGGER place_try BEFORE INSERT ON public.audit_entry
  FOR EACH ROW WHEN (NEW.action = 5) EXECUTE FUNCTION lock.place_try();
