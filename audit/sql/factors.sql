-- What second factors a person has, as a digest that each entry about them holds (permissions/sql/factor_entries.sql): one
-- that was added, changed or removed past that trigger differs from the newest such entry. The secrets are encrypted, and
-- the digest of one tells nothing of it.
--
-- Made by: keeper
-- May call, nobody: trail.factors_of, trail.factors_otherwise, trail.note_factors
-- Touches: public.audit_entry, public.django_content_type, public.mfa_authenticator, trail.column_seen

CREATE OR REPLACE FUNCTION trail.factors_of(person text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT encode(sha256(convert_to(coalesce(string_agg(format('%s:%s:%s', x.id, x.type, x.data), '|' ORDER BY x.id), ''),
    'UTF8')), 'hex') FROM public.mfa_authenticator x WHERE x.user_id = person::int
$$;

CREATE OR REPLACE FUNCTION trail.factors_otherwise() RETURNS TABLE (person text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT p.id FROM (
      SELECT x.user_id::text AS id FROM public.mfa_authenticator x
      UNION SELECT e.object_pk::text FROM public.audit_entry e
        WHERE e.word IN ('second_factor_added', 'second_factor_changed', 'second_factor_removed', 'second_factor_noted')
    ) AS p LEFT JOIN LATERAL (
      SELECT e.additional_data ->> 'factors' AS digest FROM public.audit_entry e WHERE e.object_pk = p.id
        AND e.word IN ('second_factor_added', 'second_factor_changed', 'second_factor_removed', 'second_factor_noted')
        ORDER BY e.id DESC LIMIT 1
    ) AS s ON true
    WHERE coalesce(s.digest, trail.factors_of('0')) <> trail.factors_of(p.id);
END $$;

-- Factors of before there were digests, once: whoever has one stands on the trail with it from then on.
CREATE OR REPLACE FUNCTION trail.note_factors() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF lock.role() IS DISTINCT FROM 'migration' THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody adds columns';
  END IF;
  IF EXISTS (SELECT 1 FROM trail.column_seen s WHERE s.tab = 'mfa_authenticator' AND s.col = 'factors') THEN
    RETURN;
  END IF;
  INSERT INTO public.audit_entry (content_type_id, object_pk, action, verb, word, outcome, role, purpose, basis,
      additional_data)
    SELECT c.id, x.user_id::text, 4, 'govern', 'second_factor_noted', 'done', '', '', '',
      jsonb_build_object('factors', trail.factors_of(x.user_id::text))
    FROM public.django_content_type c, (SELECT DISTINCT y.user_id FROM public.mfa_authenticator y) AS x
    WHERE c.app_label = 'permissions' AND c.model = 'user';
  INSERT INTO trail.column_seen (tab, col) VALUES ('mfa_authenticator', 'factors');
END $$;
