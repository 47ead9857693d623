-- The triggers on the tables that say who belongs to an organisation.
--
-- Made by: owner
-- Touches: public.permissions_invitation, public.permissions_memberchange, public.permissions_membership

CREATE OR REPLACE TRIGGER fair_membership BEFORE INSERT OR UPDATE ON public.permissions_membership
  FOR EACH ROW EXECUTE FUNCTION lock.fair_membership();
CREATE OR REPLACE TRIGGER fair_change BEFORE INSERT OR UPDATE ON public.permissions_memberchange
  FOR EACH ROW EXECUTE FUNCTION lock.fair_change();
CREATE OR REPLACE TRIGGER fair_invitation BEFORE INSERT ON public.permissions_invitation
  FOR EACH ROW EXECUTE FUNCTION lock.fair_invitation();
