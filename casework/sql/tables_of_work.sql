-- The triggers on the tables of tracks, handoffs, terms and operations: the law's steps, the timeline, notices, numbers,
-- the order of lists, and drafts that were sent.
--
-- Made by: owner
-- Touches: public.casework_agencyrecord, public.casework_deadline, public.casework_handoff, public.casework_operation,
--   public.casework_track

CREATE OR REPLACE TRIGGER only_by_law BEFORE INSERT OR UPDATE ON public.casework_track
  FOR EACH ROW EXECUTE FUNCTION lock.only_by_law('track');
CREATE OR REPLACE TRIGGER keep_step AFTER UPDATE ON public.casework_track
  FOR EACH ROW WHEN (NEW.version <> OLD.version) EXECUTE FUNCTION lock.store_step('track');
CREATE OR REPLACE TRIGGER keep_sort AFTER INSERT OR UPDATE ON public.casework_track
  FOR EACH ROW EXECUTE FUNCTION lock.update_sort_keys();

CREATE OR REPLACE TRIGGER only_by_law BEFORE INSERT OR UPDATE ON public.casework_handoff
  FOR EACH ROW EXECUTE FUNCTION lock.only_by_law('handoff');
CREATE OR REPLACE TRIGGER keep_step AFTER UPDATE ON public.casework_handoff
  FOR EACH ROW WHEN (NEW.version <> OLD.version) EXECUTE FUNCTION lock.store_step('handoff');
CREATE OR REPLACE TRIGGER keep_notice AFTER UPDATE ON public.casework_handoff
  FOR EACH ROW WHEN (NEW.state <> OLD.state AND NEW.state IN
    ('delivered', 'refused', 'returned', 'withdrawn', 'accepted', 'started', 'expired'))
  EXECUTE FUNCTION lock.store_notice();
CREATE OR REPLACE TRIGGER keep_sort AFTER INSERT OR UPDATE ON public.casework_handoff
  FOR EACH ROW EXECUTE FUNCTION lock.update_sort_keys_of_ends();
CREATE OR REPLACE TRIGGER give_number BEFORE INSERT ON public.casework_handoff
  FOR EACH ROW EXECUTE FUNCTION lock.give_number();
CREATE OR REPLACE TRIGGER keep_number BEFORE UPDATE ON public.casework_handoff
  FOR EACH ROW WHEN (NEW.number IS DISTINCT FROM OLD.number OR OLD.number = '') EXECUTE FUNCTION lock.give_number();

CREATE OR REPLACE TRIGGER keep_sort AFTER INSERT OR UPDATE ON public.casework_deadline
  FOR EACH ROW EXECUTE FUNCTION lock.update_sort_keys();
CREATE OR REPLACE TRIGGER keep_sort AFTER INSERT ON public.casework_agencyrecord
  FOR EACH ROW EXECUTE FUNCTION lock.update_sort_keys();

CREATE OR REPLACE TRIGGER draft_is_sent AFTER UPDATE OF made ON public.casework_operation
  FOR EACH ROW WHEN (NEW.made IS NOT NULL) EXECUTE FUNCTION lock.draft_is_sent();
