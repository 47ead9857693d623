-- Compares every guarded row with the trail: table, row and column of what was changed behind the application.
-- A row stands as its entries say when each of its columns equals the newest commitment of that column. A run looks at
-- rows that were written since the last one, at those it is asked to look at again, and at how many rows each table
-- should have; a full run looks at all of them. What a run finds is remembered by who asks for it
-- (casework/sql/differences.sql).
--
-- Made by: keeper
-- May call, nobody: trail.watched, trail.compared, trail.is_written_since
-- May call, owner: trail.stands_otherwise, trail.unlike, trail.missing, trail.reconcile
-- Touches: public.audit_entry, public.audit_rowversion, public.django_content_type, trail.reconciled

-- Which columns of which tables are compared: where the trigger names what it watches, a column that it does not name is
-- left out only when it is one of those that change without an entry. These are keys by which lists are sorted, which are
-- held against what they are made of (casework/sql/list_order.sql), the day of the last sign-in, and which run saw a
-- difference last. Every other column stands as its entries say, above all whom it
-- names.
CREATE OR REPLACE FUNCTION trail.watched() RETURNS TABLE (tab text, kind int, key text, columns text[],
  compared text[], key_type text, case_column text, agency_column text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT c.relname::text, ct.id, f.args[2], s.watched, s.compared, (
      SELECT format_type(y.atttypid, NULL) FROM pg_attribute y WHERE y.attrelid = t.tgrelid AND y.attname = f.args[2]),
    f.args[3], f.args[4]
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    CROSS JOIN LATERAL (SELECT array_agg(a.name ORDER BY a.name) FILTER (WHERE a.is_watched) AS watched,
      array_agg(a.name ORDER BY a.name) FILTER (WHERE a.is_watched OR a.name <> ALL (
        '{is_open,next_due_at,moved_at,lacks_term,keeps,last_login,last_seen_at,times_seen}')) AS compared
      FROM (SELECT x.attname::text AS name,
          cardinality(t.tgattr::int2[]) = 0 OR x.attnum = ANY (t.tgattr::int2[]) AS is_watched
        FROM pg_attribute x WHERE x.attrelid = t.tgrelid AND x.attnum > 0 AND NOT x.attisdropped) AS a) AS s
    CROSS JOIN LATERAL (SELECT string_to_array(encode(t.tgargs, 'escape'), '\000') AS args) AS f
    JOIN public.django_content_type ct ON ct.app_label = split_part(f.args[1], '.', 1)
      AND ct.model = split_part(f.args[1], '.', 2)
    WHERE t.tgname = 'trail' ORDER BY 1;
END $$;

-- Whether a row of this xmin may have been written after a snapshot was taken. No path of its own: with one it would be a
-- call for each row, not a part of the query.
CREATE OR REPLACE FUNCTION trail.is_written_since(written xid, seen pg_snapshot) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT age(written) <= age((pg_snapshot_xmin(seen)::text::bigint & 4294967295)::text::xid)
$$;

CREATE OR REPLACE FUNCTION trail.stands_otherwise(said text, salt text, key text, value text,
  is_known boolean) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN said IS NOT NULL AND coalesce(salt, '') !~ '^([0-9a-f]{2})+$' THEN true
    WHEN said IS NOT NULL THEN said <> trail.commitment(salt, key, value)
    WHEN is_known THEN coalesce(value, '') NOT IN ('', 'false', '0', '{}', '[]') -- a column added since then
    ELSE true END
$$;

-- The part of a query that holds each row of `stands` against its newest commitments in the entries that `which` names; a
-- commitment without the salt that opens it is held by no value, or an older one would come into its place:
-- one text for the three questions below and in case_differences.sql and destroy_versions.sql.
CREATE OR REPLACE FUNCTION trail.compared(which text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT format($q$
    said AS (
      SELECT n.pk, jsonb_object_agg(n.key, n.last) AS last FROM (
        SELECT e.object_pk::text AS pk, c.key, (array_agg(ARRAY[c.value ->> 1, v.salt] ORDER BY e.id DESC))[1:1] AS last
        FROM public.audit_entry e LEFT JOIN public.audit_rowversion v ON v.entry_id = e.id
        CROSS JOIN LATERAL jsonb_each(CASE jsonb_typeof(e.changes) WHEN 'object' THEN e.changes END) AS c
        WHERE e.action <= 2 AND e.action <> 2 AND %s GROUP BY 1, 2) AS n GROUP BY 1),
    differs AS (
      SELECT s.pk, k.key AS col, d.pk IS NOT NULL AS is_known
      FROM stands s LEFT JOIN said d ON d.pk = s.pk CROSS JOIN LATERAL jsonb_each_text(s.r) AS k
      WHERE k.key = ANY ($2)
      AND trail.stands_otherwise(d.last -> k.key -> 0 ->> 0, d.last -> k.key -> 0 ->> 1, k.key, k.value, d.pk IS NOT NULL)
    )
  $q$, which)
$$;

-- EXECUTE, for the tables to compare are found by their trigger, and the name of a table cannot be a parameter.
CREATE OR REPLACE FUNCTION trail.unlike(tab text, kind int, key text, columns text[], since pg_snapshot,
  again text[]) RETURNS TABLE (of_row text, of_column text, is_known boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  recent text := CASE WHEN since IS NULL THEN 'true'
    WHEN cardinality(again) = 0 THEN format('trail.is_written_since(r.xmin, %L)', since)
    ELSE format('(trail.is_written_since(r.xmin, %L) OR r.%I::text = ANY ($3))', since, key) END;
  which text := CASE WHEN since IS NULL THEN 'true' ELSE 'e.object_pk IN (SELECT w.pk FROM stands w)' END;
BEGIN
  RETURN QUERY EXECUTE format($q$
    WITH stands AS MATERIALIZED (
      SELECT to_jsonb(r) ->> %1$L AS pk, to_jsonb(r) AS r FROM public.%2$I r WHERE %3$s),
    %4$s
    SELECT pk, col, is_known FROM differs
    $q$, key, tab, recent, trail.compared('e.content_type_id = $1 AND ' || which)) USING kind, columns, again;
END $$;

-- EXECUTE, for the tables to compare are found by their trigger, and the name of a table cannot be a parameter.
CREATE OR REPLACE FUNCTION trail.missing(tab text, kind int, key text, among text[]) RETURNS TABLE (of_row text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  which text := CASE WHEN among IS NULL THEN 'true' ELSE 'e.object_pk = ANY ($2)' END;
BEGIN
  RETURN QUERY EXECUTE format($q$
    SELECT m.pk FROM (SELECT e.object_pk::text AS pk FROM public.audit_entry e
      WHERE e.content_type_id = $1 AND e.action <= 2 AND %3$s GROUP BY 1
      HAVING count(*) FILTER (WHERE e.action = 0) > count(*) FILTER (WHERE e.action = 2)) AS m
    WHERE NOT EXISTS (SELECT 1 FROM public.%1$I r WHERE r.%2$I::text = m.pk)
    $q$, tab, key, which) USING kind, among;
END $$;

-- How a row differs: row_altered is another value than its entries say, row_unknown no entries at all, row_missing entries
-- and no row. rules_altered is of what guards the rows (shape.sql). audit/reconciling.py names the same four words.
-- EXECUTE, for the tables to compare are found by their trigger, and the name of a table cannot be a parameter.
CREATE OR REPLACE FUNCTION trail.reconcile(entirely boolean, again jsonb) RETURNS TABLE (in_table text, of_row text,
  of_column text, kind text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  w record;
  asked text[];
  before trail.reconciled;
  looked pg_snapshot;
  there bigint;
  expected bigint;
BEGIN
  IF lock.action() IS DISTINCT FROM 'reconcile_rows' OR lock.role() IS DISTINCT FROM 'scheduler' THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody reconciles';
  END IF;
  FOR w IN SELECT * FROM trail.watched() LOOP
    SELECT * INTO before FROM trail.reconciled d WHERE d.tab = w.tab;
    -- Count and snapshot in one statement, before the rows are compared: what commits meanwhile is seen by the next run.
    EXECUTE format('SELECT pg_current_snapshot(), count(*) FROM public.%I', w.tab) INTO looked, there;
    asked := ARRAY(SELECT jsonb_array_elements_text(again -> w.tab));
    RETURN QUERY SELECT w.tab, u.of_row, u.of_column, CASE WHEN u.is_known THEN 'row_altered' ELSE 'row_unknown' END
      FROM trail.unlike(w.tab, w.kind, w.key, w.compared, CASE WHEN entirely THEN NULL ELSE before.seen END, asked) AS u;
    SELECT before.rows + count(*) FILTER (WHERE e.action = 0) - count(*) FILTER (WHERE e.action = 2) INTO expected
      FROM public.audit_entry e WHERE e.content_type_id = w.kind AND e.action IN (0, 2)
      AND e.xact >= pg_snapshot_xmin(before.seen) AND NOT pg_visible_in_snapshot(e.xact, before.seen)
      AND pg_visible_in_snapshot(e.xact, looked);
    IF entirely OR before IS NULL OR there IS DISTINCT FROM expected THEN
      asked := NULL;
    END IF;
    RETURN QUERY SELECT w.tab, m.of_row, '', 'row_missing' FROM trail.missing(w.tab, w.kind, w.key, asked) AS m;
    INSERT INTO trail.reconciled AS d VALUES (w.tab, looked, there, clock_timestamp())
      ON CONFLICT (tab) DO UPDATE SET seen = excluded.seen, rows = excluded.rows, made_at = excluded.made_at;
  END LOOP;
  -- Second factors have no entries of their columns: they are compared together, as those of their person.
  RETURN QUERY SELECT 'permissions_user', f.person, 'second_factors', 'row_altered' FROM trail.factors_otherwise() AS f;
  RETURN QUERY SELECT n.thing, '', '', 'rules_altered' FROM trail.note_shape(false) AS n;
END $$;
