-- What a migration put into a column that it added stands on the trail: one entry for each row in which it is not empty.
-- Without that entry the row would look as if somebody had changed it behind the application. The first `prepare` after
-- a column was added looks at it, once; rows without any entry are left to reconciling.
--
-- Made by: keeper
-- May call, nobody: trail.note_column, trail.note_columns
-- Touches: lock.acting, public.audit_entry, public.audit_rowversion, trail.column_seen, trail.tip

-- EXECUTE, for the tables to compare are found by their trigger, and the name of a table cannot be a parameter.
CREATE OR REPLACE FUNCTION trail.note_column(w record, added text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  a lock.acting;
  f record;
  salt text;
  made bigint;
BEGIN
  SELECT * INTO a FROM lock.acting WHERE pid = pg_backend_pid() AND xact = pg_current_xact_id_if_assigned();
  FOR f IN EXECUTE format($q$
    WITH stands AS MATERIALIZED (SELECT to_jsonb(r) ->> %1$L AS pk, to_jsonb(r) AS r FROM public.%2$I r), %3$s
    SELECT s.pk, s.r, array_agg(k.key ORDER BY k.key) AS cols
    FROM stands s JOIN said d ON d.pk = s.pk CROSS JOIN LATERAL jsonb_each_text(s.r) AS k
    WHERE k.key = ANY ($2) AND d.last -> k.key IS NULL AND coalesce(k.value, '') NOT IN ('', 'false', '0', '{}', '[]')
    GROUP BY s.pk, s.r ORDER BY s.pk
    $q$, w.key, w.tab, trail.compared('e.content_type_id = $1')) USING w.kind, added
  LOOP
    salt := encode(uuid_send(gen_random_uuid()), 'hex');
    INSERT INTO public.audit_entry (content_type_id, object_pk, action, changes, actor_id, cid, timestamp, occurred_at,
        verb, word, outcome, agency_id, record_agency_id, role, purpose, basis, case_id, on_behalf_of_id,
        auth_strength, client_point, trace_id, policy_version, prev_seal)
      VALUES (w.kind, f.pk, 1, (SELECT jsonb_object_agg(c, jsonb_build_array(NULL, trail.commitment(salt, c, f.r ->> c)))
          FROM unnest(f.cols) AS c), a.person, a.operation::text, clock_timestamp(), a.moment,
        'alter', a.action, 'done', a.agency, nullif(f.r ->> nullif(w.agency_column, ''), '')::int, a.role, a.purpose,
        a.basis, nullif(f.r ->> nullif(w.case_column, ''), '')::uuid, a.on_behalf_of, coalesce(a.strength, ''),
        coalesce(a.client, ''), a.trace, coalesce(a.policy, ''), (SELECT t.size FROM trail.tip t))
      RETURNING id INTO made;
    INSERT INTO public.audit_rowversion (entry_id, agency_id, case_id, salt, was)
      VALUES (made, nullif(f.r ->> nullif(w.agency_column, ''), '')::int,
        nullif(f.r ->> nullif(w.case_column, ''), '')::uuid, salt, f.r - f.cols);
  END LOOP;
END $$;

CREATE OR REPLACE FUNCTION trail.note_columns() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  w record;
  added text[];
BEGIN
  IF lock.role() IS DISTINCT FROM 'migration' THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody adds columns';
  END IF;
  FOR w IN SELECT * FROM trail.watched() LOOP
    added := ARRAY(SELECT c FROM unnest(w.compared) AS c WHERE NOT EXISTS (
      SELECT 1 FROM trail.column_seen s WHERE s.tab = w.tab AND s.col = c));
    IF cardinality(added) > 0 THEN
      PERFORM trail.note_column(w, added);
      INSERT INTO trail.column_seen (tab, col) SELECT w.tab, unnest(added);
    END IF;
  END LOOP;
END $$;
