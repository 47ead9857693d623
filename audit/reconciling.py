"""SQL that compares every guarded row with the trail: table, row and column of what was changed behind the application.

A row stands as its entries say when each of its columns equals the newest commitment of that column. A run looks at rows
that were written since the last one, at those it is asked to look at again, and at how many rows each table should have; a
full run looks at all of them. What a run finds is remembered by who asks for it (casework/keeper_differences.py).
"""

from audit.roles import APP, BACKUP, KEEPER

_DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp"

ALTERED, UNKNOWN, MISSING, RULES = "row_altered", "row_unknown", "row_missing", "rules_altered"
"""How a row differs: another value than its entries say, no entries at all, or entries and no row. The last one is of what
guards the rows (audit/shape.py)."""
DIFFERENCES = frozenset({ALTERED, UNKNOWN, MISSING, RULES})
DERIVED = ("is_open", "next_due_at", "moved_at", "lacks_term", "keeps", "last_login", "last_seen_at", "times_seen")
"""Columns that change without an entry where a trigger names what it watches: keys by which lists are sorted, the day of
the last sign-in, and which run saw a difference last. Every other column of every guarded row stands as its entries say,
whoever it names above all."""
TABLES = """
CREATE TABLE trail.reconciled (
  tab text PRIMARY KEY, seen pg_snapshot NOT NULL, rows bigint NOT NULL, made_at timestamptz NOT NULL
);
"""


def _compared(which: str) -> str:
    """Return the part of a query that holds each row of `stands` against the newest commitments in these entries."""
    return f"""    said AS (
      SELECT n.pk, jsonb_object_agg(n.key, n.last) AS last FROM (
        SELECT e.object_pk::text AS pk, c.key, (array_agg(ARRAY[c.value ->> 1, v.salt] ORDER BY e.id DESC))[1:1] AS last
        FROM public.audit_entry e JOIN public.audit_rowversion v ON v.entry_id = e.id
        CROSS JOIN LATERAL jsonb_each(e.changes) AS c
        WHERE e.action <= 2 AND e.action <> 2 AND {which} GROUP BY 1, 2) AS n GROUP BY 1),
    differs AS (
      SELECT s.pk, k.key AS col, d.pk IS NOT NULL AS is_known
      FROM stands s LEFT JOIN said d ON d.pk = s.pk CROSS JOIN LATERAL jsonb_each_text(s.r) AS k
      WHERE k.key = ANY ($2)
      AND trail.stands_otherwise(d.last -> k.key -> 0 ->> 0, d.last -> k.key -> 0 ->> 1, k.key, k.value, d.pk IS NOT NULL)
    )"""  # noqa: S608


FUNCTIONS = f"""
DROP FUNCTION IF EXISTS trail.watched(), trail.unlike(text, int, text, text[], pg_snapshot), trail.missing(text, int, text),
  trail.reconcile(boolean);
CREATE FUNCTION trail.watched() RETURNS TABLE (tab text, kind int, key text, columns text[], compared text[],
  key_type text, case_column text, agency_column text) LANGUAGE plpgsql STABLE {_DEFINER} AS $$
BEGIN
  RETURN QUERY SELECT c.relname::text, ct.id, f.args[2], s.watched, s.compared, (
      SELECT format_type(y.atttypid, NULL) FROM pg_attribute y WHERE y.attrelid = t.tgrelid AND y.attname = f.args[2]),
    f.args[3], f.args[4]
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    CROSS JOIN LATERAL (SELECT array_agg(a.name ORDER BY a.name) FILTER (WHERE a.is_watched) AS watched,
      array_agg(a.name ORDER BY a.name) FILTER (WHERE a.is_watched OR a.name <> ALL ('{{{",".join(DERIVED)}}}')) AS compared
      FROM (SELECT x.attname::text AS name,
          cardinality(t.tgattr::int2[]) = 0 OR x.attnum = ANY (t.tgattr::int2[]) AS is_watched
        FROM pg_attribute x WHERE x.attrelid = t.tgrelid AND x.attnum > 0 AND NOT x.attisdropped) AS a) AS s
    CROSS JOIN LATERAL (SELECT string_to_array(encode(t.tgargs, 'escape'), '\\000') AS args) AS f
    JOIN public.django_content_type ct ON ct.app_label = split_part(f.args[1], '.', 1)
      AND ct.model = split_part(f.args[1], '.', 2)
    WHERE t.tgname = 'trail' ORDER BY 1;
END $$;
CREATE OR REPLACE FUNCTION trail.stands_otherwise(said text, salt text, key text, value text, is_known boolean)
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN said IS NOT NULL THEN said <> trail.commitment(salt, key, value)
    WHEN is_known THEN coalesce(value, '') NOT IN ('', 'false', '0', '{{}}', '[]') -- a column added since then
    ELSE true END
$$;
CREATE OR REPLACE FUNCTION trail.unlike(tab text, kind int, key text, columns text[], since pg_snapshot, again text[])
RETURNS TABLE (of_row text, of_column text, is_known boolean) LANGUAGE plpgsql STABLE {_DEFINER} AS $$
DECLARE
  low bigint := CASE WHEN since IS NULL THEN 0 ELSE pg_snapshot_xmin(since)::text::bigint & 4294967295 END;
  recent text := CASE WHEN since IS NULL THEN 'true'
    WHEN cardinality(again) = 0 THEN format('age(r.xmin) <= age(%L::xid)', low)
    ELSE format('(age(r.xmin) <= age(%L::xid) OR r.%I::text = ANY ($3))', low, key) END;
  which text := CASE WHEN since IS NULL THEN 'true' ELSE 'e.object_pk IN (SELECT w.pk FROM stands w)' END;
BEGIN
  RETURN QUERY EXECUTE format($q$
    WITH stands AS MATERIALIZED (
      SELECT to_jsonb(r) ->> %1$L AS pk, to_jsonb(r) AS r FROM public.%2$I r WHERE %3$s),
{_compared("e.content_type_id = $1 AND %4$s")}
    SELECT pk, col, is_known FROM differs
    $q$, key, tab, recent, which) USING kind, columns, again;
END $$;
CREATE OR REPLACE FUNCTION trail.missing(tab text, kind int, key text, among text[]) RETURNS TABLE (of_row text)
LANGUAGE plpgsql STABLE {_DEFINER} AS $$
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
CREATE OR REPLACE FUNCTION trail.reconcile(entirely boolean, again jsonb)
RETURNS TABLE (in_table text, of_row text, of_column text, kind text) LANGUAGE plpgsql {_DEFINER} AS $$
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
    RETURN QUERY SELECT w.tab, u.of_row, u.of_column, CASE WHEN u.is_known THEN '{ALTERED}' ELSE '{UNKNOWN}' END
      FROM trail.unlike(w.tab, w.kind, w.key, w.compared, CASE WHEN entirely THEN NULL ELSE before.seen END, asked) AS u;
    SELECT before.rows + count(*) FILTER (WHERE e.action = 0) - count(*) FILTER (WHERE e.action = 2) INTO expected
      FROM public.audit_entry e WHERE e.content_type_id = w.kind AND e.action IN (0, 2)
      AND e.xact >= pg_snapshot_xmin(before.seen) AND NOT pg_visible_in_snapshot(e.xact, before.seen)
      AND pg_visible_in_snapshot(e.xact, looked);
    IF entirely OR before IS NULL OR there IS DISTINCT FROM expected THEN
      asked := NULL;
    END IF;
    RETURN QUERY SELECT w.tab, m.of_row, '', '{MISSING}' FROM trail.missing(w.tab, w.kind, w.key, asked) AS m;
    INSERT INTO trail.reconciled AS d VALUES (w.tab, looked, there, clock_timestamp())
      ON CONFLICT (tab) DO UPDATE SET seen = excluded.seen, rows = excluded.rows, made_at = excluded.made_at;
  END LOOP;
  RETURN QUERY SELECT n.thing, '', '', '{RULES}' FROM trail.note_shape(false) AS n;
END $$;
CREATE OR REPLACE FUNCTION trail.whose(of_table text, of_row text, OUT of_case uuid, OUT of_agency int, OUT stands jsonb,
  OUT said jsonb) LANGUAGE plpgsql STABLE {_DEFINER} AS $$
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
    CROSS JOIN LATERAL jsonb_each(e.changes) AS c
    WHERE e.content_type_id = w.kind AND e.object_pk = of_row AND e.action < 2 GROUP BY 1) AS n;
  -- Whose it is by the trail goes before whose it says it is: that may be the very thing that was changed.
  SELECT e.case_id, e.record_agency_id INTO of_case, of_agency FROM public.audit_entry e
    WHERE e.content_type_id = w.kind AND e.object_pk = of_row AND e.action <= 2 ORDER BY e.id DESC LIMIT 1;
  of_case := coalesce(of_case, (stands ->> nullif(w.case_column, ''))::uuid);
  of_agency := coalesce(of_agency, (stands ->> nullif(w.agency_column, ''))::int);
END $$;
CREATE OR REPLACE FUNCTION trail.destroy_versions(of_case uuid, of_agency int) RETURNS void
LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE
  w record;
  f record;
  a lock.acting;
  salt text;
  kept jsonb := '{{}}';
  found jsonb;
  made bigint;
BEGIN
  SELECT * INTO a FROM lock.acting x WHERE x.pid = pg_backend_pid() AND x.xact = pg_current_xact_id_if_assigned();
  IF a.action IS DISTINCT FROM 'turn_into_advice' THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody removes people from a record';
  END IF;
  -- Rows that stay are said anew, with a salt that only knows their present values; one that differed goes on differing.
  FOR w IN SELECT * FROM trail.watched() x WHERE x.case_column <> '' AND x.agency_column <> '' LOOP
    EXECUTE format($q$
      WITH stands AS MATERIALIZED (SELECT to_jsonb(r) ->> %1$L AS pk, to_jsonb(r) AS r FROM public.%2$I r
        WHERE r.%3$I = $3 AND r.%4$I = $4),
{_compared("e.case_id = $3 AND e.content_type_id = $1")}
      SELECT jsonb_agg(s.r) FROM stands s WHERE NOT EXISTS (SELECT 1 FROM differs x WHERE x.pk = s.pk)
      $q$, w.key, w.tab, w.case_column, w.agency_column) INTO found USING w.kind, w.compared, of_case, of_agency;
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
CREATE OR REPLACE FUNCTION trail.unlike_of_case(of_case uuid, kinds text[]) RETURNS TABLE (in_table text, of_row text,
  of_column text) LANGUAGE plpgsql STABLE {_DEFINER} AS $$
DECLARE w record;
BEGIN
  IF lock.action() IS DISTINCT FROM 'explain_access' THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody explains access';
  END IF;
  FOR w IN SELECT * FROM trail.watched() x WHERE x.tab = ANY (kinds) LOOP
    RETURN QUERY EXECUTE format($q$
      WITH stands AS MATERIALIZED (SELECT to_jsonb(r) ->> %1$L AS pk, to_jsonb(r) AS r FROM public.%2$I r
        WHERE coalesce(to_jsonb(r) ->> 'content_object_id', to_jsonb(r) ->> 'case_id')::uuid = $3),
{_compared("e.case_id = $3 AND e.content_type_id = $1")}
      SELECT %2$L, pk, col FROM differs
      UNION ALL SELECT %2$L, m.pk, '' FROM (SELECT e.object_pk::text AS pk FROM public.audit_entry e
        WHERE e.case_id = $3 AND e.content_type_id = $1 AND e.action <= 2 GROUP BY 1
        HAVING count(*) FILTER (WHERE e.action = 0) > count(*) FILTER (WHERE e.action = 2)) AS m
        WHERE NOT EXISTS (SELECT 1 FROM stands s WHERE s.pk = m.pk)
      $q$, w.key, w.tab) USING w.kind, w.compared, of_case;
  END LOOP;
END $$;
"""  # noqa: S608 - our own words alone

PRIVILEGES = f"""
REVOKE ALL ON FUNCTION trail.watched(), trail.unlike(text, int, text, text[], pg_snapshot, text[]),
  trail.missing(text, int, text, text[]), trail.reconcile(boolean, jsonb), trail.unlike_of_case(uuid, text[]),
  trail.stands_otherwise(text, text, text, text, boolean), trail.whose(text, text),
  trail.destroy_versions(uuid, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trail.unlike_of_case(uuid, text[]) TO {APP};
GRANT USAGE ON SCHEMA trail TO {BACKUP};
GRANT SELECT ON ALL TABLES IN SCHEMA trail TO {BACKUP};
"""
REPLACE = f"SET ROLE {KEEPER};" + FUNCTIONS + PRIVILEGES + "RESET ROLE;"
"""Brings the functions up to date; run at every `prepare`, after those of the seal."""

CREATE = f"SET ROLE {KEEPER};" + TABLES + "RESET ROLE;" + REPLACE
