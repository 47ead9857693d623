-- One entry for every second factor that is added, changed or removed: by whom and of whom, never its secret, and a digest
-- of all factors that the person has from then on, with which they are compared (audit/sql/factors.sql).
--
-- Made by: keeper
-- May call, owner: lock.note_factor
-- Touches: lock.acting, public.audit_entry, public.django_content_type

CREATE OR REPLACE FUNCTION lock.note_factor() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  a lock.acting;
  whose int := CASE TG_OP WHEN 'DELETE' THEN OLD.user_id ELSE NEW.user_id END;
BEGIN
  SELECT * INTO a FROM lock.acting WHERE pid = pg_backend_pid() AND xact = pg_current_xact_id_if_assigned();
  IF a.person IS NULL THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody is acting';
  END IF;
  INSERT INTO public.audit_entry (content_type_id, object_pk, action, verb, word, outcome, role, purpose, basis,
      additional_data)
    SELECT c.id, whose::text, 4, 'govern', CASE TG_OP WHEN 'INSERT' THEN 'second_factor_added'
      WHEN 'DELETE' THEN 'second_factor_removed' ELSE 'second_factor_changed' END, 'done', '', '', '',
      jsonb_build_object('factors', trail.factors_of(whose::text))
    FROM public.django_content_type c WHERE c.app_label = 'permissions' AND c.model = 'user';
  RETURN NULL;
END $$;
