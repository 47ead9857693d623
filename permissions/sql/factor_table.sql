-- The trigger on the sign-in library's table of second factors, which writes their entries.
--
-- Made by: owner
-- Touches: public.mfa_authenticator

CREATE OR REPLACE TRIGGER factor_entry AFTER INSERT OR DELETE OR UPDATE OF data, type, user_id ON public.mfa_authenticator
  FOR EACH ROW EXECUTE FUNCTION lock.note_factor();
