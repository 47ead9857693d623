-- Differences with the trail: each is a finding that stays open until somebody closes it.
--
-- A run looks again at every row with an open finding and at every row that differed when it was looked at last, so
-- that a finding says whether its difference is still there. A run opens findings and never closes one
-- (docs/decisions/0007-trail.md). Policies, triggers, functions, privileges and roles are one finding, of 'rules' in
-- the place of a table: `prepare` changes many at once, and the page of verifying names them. Of an open finding each
-- column is named, or none of a row that is gone.
--
-- Made by: keeper
-- May call, app: lock.note_differences, lock.open_differences
-- May call, nobody: lock.open_difference
-- Touches: public.casework_agencyrecord, public.casework_case, public.casework_finding, public.permissions_agency,
--   public.permissions_membership, public.permissions_user, trail.reconciled

CREATE OR REPLACE FUNCTION lock.open_difference(tab text, pk text, what text, names text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  o record;
  whose int;
  concerned int[];
BEGIN
  SELECT * INTO o FROM trail.whose(tab, pk);
  -- Where a column names another person than the trail, the trail's person is found by trying everybody.
  SELECT array_agg(u.id ORDER BY u.id) INTO concerned FROM public.permissions_user u WHERE NOT u.is_system AND (
    (tab = 'permissions_user' AND u.id::text = pk)
      OR EXISTS (SELECT 1 FROM unnest(ARRAY['user_id', 'about_id', 'made_by_id']) AS c (name)
      WHERE o.stands ->> c.name = u.id::text OR ((o.stands IS NULL OR c.name = ANY (names))
        AND o.said -> c.name -> 0 ->> 0 = trail.commitment(o.said -> c.name -> 0 ->> 1, c.name, u.id::text))));
  SELECT a.group_id INTO whose FROM public.permissions_agency a WHERE a.group_id = o.of_agency;
  IF whose IS NULL AND tab = 'permissions_user' THEN
    SELECT min(m.agency_id) INTO whose FROM public.permissions_membership m WHERE m.user_id::text = pk
      HAVING count(DISTINCT m.agency_id) = 1;
  ELSIF whose IS NULL THEN
    SELECT x.agency_id INTO whose FROM public.casework_agencyrecord x WHERE x.case_id = o.of_case
      ORDER BY x.made_at, x.agency_id LIMIT 1;
  END IF;
  INSERT INTO public.casework_finding (id, case_id, agency_id, kind, text, opened_by_id, opened_at, closing, in_table,
      of_row, columns, people, is_there, last_seen_at, times_seen, follows_id)
    SELECT gen_random_uuid(), (SELECT c.id FROM public.casework_case c WHERE c.id = o.of_case), whose, what, '',
      lock.person(), lock.current_moment(), '', tab, pk, names, coalesce(concerned, '{}'), true, lock.current_moment(), 1,
      (SELECT x.id FROM public.casework_finding x WHERE x.in_table = tab AND x.of_row = pk
        ORDER BY x.closed_at DESC LIMIT 1);
END $$;

CREATE OR REPLACE FUNCTION lock.note_differences(entirely boolean)
RETURNS TABLE (in_table text, of_row text, of_column text, is_there boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  f record;
  known record;
  again jsonb;
  tables text[] := '{}';
  keys text[] := '{}';
  rules text[];
  parts_since pg_snapshot;
  people_since pg_snapshot;
BEGIN
  IF lock.action() IS DISTINCT FROM 'reconcile_rows' OR lock.role() IS DISTINCT FROM 'scheduler' THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody reconciles';
  END IF;
  LOCK TABLE trail.reconciled IN SHARE ROW EXCLUSIVE MODE; -- one run after the other: none opens what another just did
  IF NOT entirely THEN
    SELECT max(d.seen::text) FILTER (WHERE d.tab = 'casework_participation'),
      max(d.seen::text) FILTER (WHERE d.tab = 'casework_assignment') INTO parts_since, people_since FROM trail.reconciled d;
  END IF;
  SELECT jsonb_object_agg(g.tab, g.pks) INTO again FROM (
    SELECT x.in_table AS tab, jsonb_agg(DISTINCT x.of_row) AS pks FROM public.casework_finding x
    WHERE x.in_table <> '' AND (x.closed_at IS NULL OR x.is_there) GROUP BY 1) AS g;
  FOR f IN
    SELECT CASE r.kind WHEN 'rules_altered' THEN 'rules' ELSE r.in_table END AS tab, r.of_row AS pk, min(r.kind) AS what,
      array_agg(DISTINCT CASE r.kind WHEN 'rules_altered' THEN r.in_table ELSE r.of_column END) AS names
    FROM (SELECT * FROM trail.reconcile(entirely, coalesce(again, '{}'))
      UNION ALL SELECT l.in_table, l.of_row, l.of_column, 'row_altered'
        FROM lock.lists_otherwise(parts_since, people_since, coalesce(again, '{}')) AS l
      UNION ALL SELECT 'casework_handoff', u.handoff::text, 'delivered', 'row_altered' FROM lock.undelivered() AS u
      UNION ALL SELECT 'casework_personincase', t.person::text, 'tokens', 'row_altered'
        FROM lock.tokens_otherwise(CASE WHEN NOT entirely THEN ARRAY(
          SELECT jsonb_array_elements_text(again -> 'casework_personincase')) END) AS t) AS r
    GROUP BY 1, 2
  LOOP
    IF f.what = 'rules_altered' THEN
      rules := f.names;
    END IF;
    IF f.what IN ('rules_altered', 'row_missing') THEN
      f.names := '{}';
    END IF;
    tables := array_append(tables, f.tab);
    keys := array_append(keys, f.pk);
    UPDATE public.casework_finding x SET last_seen_at = lock.current_moment(), times_seen = x.times_seen + 1
      WHERE x.in_table = f.tab AND x.of_row = f.pk AND x.closed_at IS NULL RETURNING x.* INTO known;
    IF NOT FOUND THEN
      PERFORM lock.open_difference(f.tab, f.pk, f.what, f.names);
    ELSIF NOT known.is_there OR known.kind <> f.what OR NOT f.names <@ known.columns::text[] THEN
      UPDATE public.casework_finding x SET is_there = true, kind = f.what, columns = ARRAY(
          SELECT DISTINCT n.name FROM unnest(x.columns::text[] || f.names) AS n (name) ORDER BY 1) WHERE x.id = known.id;
    END IF;
  END LOOP;
  UPDATE public.casework_finding x SET is_there = false WHERE x.in_table <> '' AND x.is_there
    AND NOT EXISTS (SELECT 1 FROM unnest(tables, keys) AS s (tab, pk) WHERE s.tab = x.in_table AND s.pk = x.of_row);
  RETURN QUERY SELECT s.thing, '', '', true FROM unnest(rules) AS s (thing);
  RETURN QUERY SELECT DISTINCT x.in_table::text, x.of_row::text, CASE x.kind WHEN 'row_missing' THEN ''
    ELSE coalesce(c.name, '') END::text, x.is_there
    FROM public.casework_finding x LEFT JOIN LATERAL unnest(x.columns) AS c (name) ON true
    WHERE x.in_table <> '' AND x.closed_at IS NULL AND NOT (x.in_table = 'rules' AND x.is_there) ORDER BY 1, 2, 3;
END $$;

CREATE OR REPLACE FUNCTION lock.open_differences(asked uuid, kinds text[])
RETURNS TABLE (in_table text, of_column text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF lock.action() IS DISTINCT FROM 'explain_access' THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody explains access';
  END IF;
  RETURN QUERY SELECT DISTINCT x.in_table::text, CASE x.kind WHEN 'row_missing' THEN ''
    ELSE coalesce(c.name, '') END::text FROM public.casework_finding x
    LEFT JOIN LATERAL unnest(x.columns) AS c (name) ON true
    WHERE x.case_id = asked AND x.in_table = ANY (kinds) AND x.in_table <> '' AND x.closed_at IS NULL;
END $$;
