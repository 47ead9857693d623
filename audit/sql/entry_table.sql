-- The triggers on the table of entries, which stamp, refuse and remember, and what the keeper may do with that table.
-- Entries are removed by destroy_expired.sql alone, and each removal passes append_only.sql.
--
-- Made by: owner
-- Touches: public.audit_entry

CREATE OR REPLACE TRIGGER stamp BEFORE INSERT ON public.audit_entry FOR EACH ROW WHEN (NEW.action >= 3)
  EXECUTE FUNCTION trail.stamp();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.audit_entry FOR EACH ROW
  EXECUTE FUNCTION trail.refuse();
CREATE OR REPLACE TRIGGER append_only_all BEFORE TRUNCATE ON public.audit_entry FOR EACH STATEMENT
  EXECUTE FUNCTION trail.refuse();
CREATE OR REPLACE TRIGGER place_shown AFTER INSERT ON public.audit_entry FOR EACH ROW
  WHEN (NEW.action = 3 AND NEW.additional_data ? 'cases') EXECUTE FUNCTION trail.place_shown();

GRANT DELETE ON public.audit_entry TO schakel_keeper;
