-- Notices a change of what guards the records: policies, triggers, functions, privileges, constraints and roles.
-- PostgreSQL tells nobody when somebody changes them. So their digests are stored at each `prepare`, every reconciling
-- run looks again, and what differs is named and stands on the trail as one entry. Privileges are compared in an order of
-- their own, for each `prepare` gives them anew, in any order.
--
-- Made by: keeper
-- May call, app owner: trail.note_shape
-- May call, owner: trail.shape_now
-- May call, nobody: trail.note_found
-- Touches: public.audit_entry, public.django_content_type, trail.shape

CREATE OR REPLACE FUNCTION trail.shape_now() RETURNS TABLE (thing text, digest text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT s.thing, encode(sha256(convert_to(s.said, 'UTF8')), 'hex') FROM (
    SELECT 'table ' || n.nspname || '.' || c.relname AS thing, concat_ws(' ', c.relkind, c.relrowsecurity,
        c.relforcerowsecurity, pg_get_userbyid(c.relowner),
        (SELECT string_agg(x::text, ',' ORDER BY x::text) FROM unnest(c.relacl) AS x), (
          SELECT string_agg(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
            (SELECT string_agg(x::text, ',' ORDER BY x::text) FROM unnest(a.attacl) AS x)), ',' ORDER BY a.attname)
          FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)) AS said
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('public', 'lock', 'trail')
      AND c.relkind IN ('r', 'v', 'm', 'p', 'f')
    UNION ALL SELECT 'policy ' || p.schemaname || '.' || p.tablename || '.' || p.policyname,
        concat_ws(' ', p.permissive, p.roles::text, p.cmd, p.qual, p.with_check) FROM pg_policies p
    UNION ALL SELECT 'trigger ' || n.nspname || '.' || c.relname || '.' || t.tgname,
        t.tgenabled::text || pg_get_triggerdef(t.oid)
      FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname IN ('public', 'lock', 'trail') AND NOT t.tgisinternal
    UNION ALL SELECT 'constraint ' || n.nspname || '.' || c.relname || '.' || k.conname,
        k.convalidated::text || pg_get_constraintdef(k.oid)
      FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname IN ('public', 'lock', 'trail') AND k.contype IN ('c', 'f', 'p', 'u', 'x')
    UNION ALL
    SELECT 'function ' || n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
        concat_ws(' ', pg_get_userbyid(p.proowner),
        (SELECT string_agg(x::text, ',' ORDER BY x::text) FROM unnest(p.proacl) AS x), pg_get_functiondef(p.oid))
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN ('public', 'lock', 'trail')
      AND p.prokind IN ('f', 'p')
    UNION ALL SELECT 'role ' || r.rolname, concat_ws(' ', r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb,
        r.rolcanlogin, r.rolreplication, r.rolbypassrls, r.rolconfig::text, (
          SELECT d.setconfig::text FROM pg_db_role_setting d JOIN pg_database b ON b.oid = d.setdatabase
          WHERE d.setrole = r.oid AND b.datname = current_database()), (
          SELECT string_agg(pg_get_userbyid(m.roleid), ',' ORDER BY pg_get_userbyid(m.roleid))
          FROM pg_auth_members m WHERE m.member = r.oid))
      FROM pg_roles r WHERE r.rolname IN ('schakel_app', 'schakel_backup', 'schakel_keeper', 'schakel_owner')) AS s;
END $$;

-- Writes one entry of what changed: it names the first hundred and counts them all. `rules` is each thing with its digest:
-- `prepare` looks before it settles the rules anew, and can only write afterwards, when somebody can act again.
CREATE OR REPLACE FUNCTION trail.note_found(rules jsonb, keeps boolean) RETURNS TABLE (thing text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  changed text[];
BEGIN
  IF lock.role() IS DISTINCT FROM 'scheduler' AND lock.role() IS DISTINCT FROM 'migration' THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody looks at the rules';
  END IF;
  SELECT array_agg(coalesce(s.thing, h.thing) ORDER BY coalesce(s.thing, h.thing)) INTO changed
    FROM jsonb_each_text(rules) AS h (thing, digest) FULL JOIN trail.shape s ON s.thing = h.thing
    WHERE s.seen IS DISTINCT FROM h.digest;
  IF changed IS NOT NULL AND (keeps OR EXISTS (SELECT 1 FROM trail.shape)) THEN
    INSERT INTO public.audit_entry (content_type_id, object_pk, action, verb, word, outcome, role, purpose, basis,
        additional_data)
      SELECT c.id, '', 4, 'govern', 'rules_changed', 'done', '', '', '',
        jsonb_build_object('count', cardinality(changed), 'things', to_jsonb(changed[1:100]))
      FROM public.django_content_type c WHERE c.app_label = 'audit' AND c.model = 'entry';
    INSERT INTO trail.shape AS s (thing, seen) SELECT h.thing, h.digest FROM jsonb_each_text(rules) AS h (thing, digest)
      ON CONFLICT ON CONSTRAINT shape_pkey DO UPDATE SET seen = excluded.seen;
    UPDATE trail.shape s SET seen = NULL WHERE NOT rules ? s.thing;
  END IF;
  IF keeps THEN
    DELETE FROM trail.shape s WHERE s.seen IS NULL;
    UPDATE trail.shape s SET kept = s.seen WHERE s.kept IS DISTINCT FROM s.seen;
  END IF;
  RETURN QUERY SELECT s.thing FROM trail.shape s WHERE s.kept IS DISTINCT FROM s.seen ORDER BY 1;
END $$;

-- The same of what is found now.
CREATE OR REPLACE FUNCTION trail.note_shape(keeps boolean) RETURNS TABLE (thing text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT n.thing FROM trail.note_found(
    (SELECT jsonb_object_agg(h.thing, h.digest) FROM trail.shape_now() AS h), keeps) AS n;
END $$;
