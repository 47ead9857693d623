-- Destroys the earlier values of one agency's rows of a case, when people are removed from its record. Rows that stay are
-- committed to anew, with a salt that only knows their present values; a row that differed from its entries goes on
-- differing.
--
-- Made by: keeper
-- May call, owner: trail.destroy_versions
-- Touches: lock.acting, public.audit_entry, public.audit_rowversion, trail.tip

-- EXECUTE, for the tables to compare are found by their trigger, and the name of a table cannot be a parameter.
CREATE OR REPLACE FUNCTION trail.destroy_versions(of_case uuid, of_agency int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  w record;
  f record;
  a lock.acting;
  salt text;
  kept jsonb := '{}';
  found jsonb;
  made bigint;
BEGIN
  SELECT * INTO a FROM lock.acting x WHERE x.pid = pg_backend_pid() AND x.xact = pg_current_xact_id_if_assigned();
  IF a.action IS DISTINCT FROM 'turn_into_advice' THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody removes people from a record';
  END IF;
  -- Rows that stay are committed to anew, with a salt for their present values alone; one that differed goes on differing.
  FOR w IN SELECT * FROM trail.watched() x WHERE x.case_column <> '' AND x.agency_column <> '' LOOP
    EXECUTE format($q$
      WITH stands AS MATERIALIZED (SELECT to_jsonb(r) ->> %1$L AS pk, to_jsonb(r) AS r FROM public.%2$I r
        WHERE r.%3$I = $3 AND r.%4$I = $4),
    %5$s
      SELECT jsonb_agg(s.r) FROM stands s WHERE NOT EXISTS (SELECT 1 FROM differs x WHERE x.pk = s.pk)
      $q$, w.key, w.tab, w.case_column, w.agency_column, trail.compared('e.case_id = $3 AND e.content_type_id = $1'))
      INTO found USING w.kind, w.compared, of_case, of_agency;
    kept := kept || jsonb_build_object(w.tab, coalesce(found, '[]'));
  END LOOP;
  DELETE FROM public.audit_rowversion v WHERE v.case_id = of_case AND v.agency_id = of_agency;
  FOR f IN SELECT x.kind, x.key, r.value AS r FROM trail.watched() x CROSS JOIN LATERAL jsonb_array_elements(kept -> x.tab) r
  LOOP
    salt := encode(uuid_send(gen_random_uuid()), 'hex');
    INSERT INTO public.audit_entry (content_type_id, object_pk, action, changes, actor_id, cid, timestamp, occurred_at,
        verb, word, outcome, agency_id, record_agency_id, role, purpose, basis, case_id, on_behalf_of_id, auth_strength,
        client_point, trace_id, policy_version, prev_seal)
      SELECT f.kind, f.r ->> f.key, 1,
        jsonb_object_agg(y.key, jsonb_build_array(NULL, trail.commitment(salt, y.key, y.value))), a.person,
        a.operation::text, clock_timestamp(), a.moment, 'alter', a.action, 'done', a.agency, of_agency, a.role,
        a.purpose, a.basis, of_case, a.on_behalf_of, coalesce(a.strength, ''), coalesce(a.client, ''), a.trace,
        coalesce(a.policy, ''), (SELECT t.size FROM trail.tip t)
      FROM jsonb_each_text(f.r) AS y RETURNING id INTO made;
    INSERT INTO public.audit_rowversion (entry_id, agency_id, case_id, salt) VALUES (made, of_agency, of_case, salt);
  END LOOP;
END $$;
