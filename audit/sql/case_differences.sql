-- What differs from the trail in one case or one row, and whose it is: asked when access is explained and when a finding
-- is shown.
--
-- Made by: keeper
-- May call, app owner: trail.unlike_of_case
-- May call, owner: trail.whose
-- Touches: public.audit_entry, public.audit_rowversion

-- EXECUTE, for the tables to compare are found by their trigger, and the name of a table cannot be a parameter.
CREATE OR REPLACE FUNCTION trail.whose(of_table text, of_row text, OUT of_case uuid, OUT of_agency int,
  OUT stands jsonb, OUT said jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  w record;
BEGIN
  SELECT * INTO w FROM trail.watched() x WHERE x.tab = of_table;
  IF w.tab IS NULL THEN
    RETURN;
  END IF;
  BEGIN
    EXECUTE format('SELECT to_jsonb(r) FROM public.%I r WHERE r.%I = $1::%s', w.tab, w.key, w.key_type)
      INTO stands USING of_row;
  EXCEPTION WHEN data_exception THEN
    stands := NULL; -- entries of a key that no row can have: planted, and no reason to stop looking
  END;
  SELECT jsonb_object_agg(n.key, n.last) INTO said FROM (
    SELECT c.key, (array_agg(ARRAY[c.value ->> 1, v.salt] ORDER BY e.id DESC))[1:1] AS last
    FROM public.audit_entry e JOIN public.audit_rowversion v ON v.entry_id = e.id
    CROSS JOIN LATERAL jsonb_each(CASE jsonb_typeof(e.changes) WHEN 'object' THEN e.changes END) AS c
    WHERE e.content_type_id = w.kind AND e.object_pk = of_row AND e.action < 2
      AND v.salt ~ '^([0-9a-f]{2})+$' GROUP BY 1) AS n;
  -- The owner that the trail names goes before the one that the row names: that may be the very thing that was changed.
  SELECT e.case_id, e.record_agency_id INTO of_case, of_agency FROM public.audit_entry e
    WHERE e.content_type_id = w.kind AND e.object_pk = of_row AND e.action <= 2 ORDER BY e.id DESC LIMIT 1;
  of_case := coalesce(of_case, (stands ->> nullif(w.case_column, ''))::uuid);
  of_agency := coalesce(of_agency, (stands ->> nullif(w.agency_column, ''))::int);
END $$;

-- EXECUTE, for the tables to compare are found by their trigger, and the name of a table cannot be a parameter.
CREATE OR REPLACE FUNCTION trail.unlike_of_case(of_case uuid, kinds text[]) RETURNS TABLE (in_table text,
  of_row text, of_column text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE w record;
BEGIN
  IF lock.action() IS DISTINCT FROM 'explain_access' THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody explains access';
  END IF;
  FOR w IN SELECT * FROM trail.watched() x WHERE x.tab = ANY (kinds) LOOP
    RETURN QUERY EXECUTE format($q$
      WITH stands AS MATERIALIZED (SELECT to_jsonb(r) ->> %1$L AS pk, to_jsonb(r) AS r FROM public.%2$I r
        WHERE coalesce(to_jsonb(r) ->> 'content_object_id', to_jsonb(r) ->> 'case_id')::uuid = $3),
    %3$s
      SELECT %2$L, pk, col FROM differs
      UNION ALL SELECT %2$L, m.pk, '' FROM (SELECT e.object_pk::text AS pk FROM public.audit_entry e
        WHERE e.case_id = $3 AND e.content_type_id = $1 AND e.action <= 2 GROUP BY 1
        HAVING count(*) FILTER (WHERE e.action = 0) > count(*) FILTER (WHERE e.action = 2)) AS m
        WHERE NOT EXISTS (SELECT 1 FROM stands s WHERE s.pk = m.pk)
      $q$, w.key, w.tab, trail.compared('e.case_id = $3 AND e.content_type_id = $1')) USING w.kind, w.compared, of_case;
  END LOOP;
END $$;
