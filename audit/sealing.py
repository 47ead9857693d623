"""SQL of the seal: gap-free positions in the order of transactions, leaf hashes in tiles, signed checkpoints.

An entry gets its position once every transaction that began before its own has ended; its line is hashed as it is
exported, so that nobody has to write it out a second time in the same way.
"""

from audit.roles import APP, KEEPER

_DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp"

TABLES = """
CREATE TABLE trail.tip (
  id boolean PRIMARY KEY DEFAULT true CHECK (id),
  size bigint NOT NULL, xact xid8 NOT NULL, entry_id bigint NOT NULL
);
INSERT INTO trail.tip (size, xact, entry_id) VALUES (0, '0', 0);
CREATE TABLE trail.tile (
  level smallint NOT NULL, number bigint NOT NULL, hashes bytea NOT NULL, xact xid8, entry_id bigint,
  PRIMARY KEY (level, number)
);
CREATE INDEX tile_first ON trail.tile (xact, entry_id) WHERE level = 0;
CREATE TABLE trail.checkpoint (size bigint PRIMARY KEY, note text NOT NULL, made_at timestamptz NOT NULL);
CREATE TABLE trail.cosignature (
  size bigint NOT NULL REFERENCES trail.checkpoint, witness text NOT NULL, line text NOT NULL, made_at timestamptz NOT NULL,
  PRIMARY KEY (size, witness)
);
CREATE TABLE trail.key (line text PRIMARY KEY, since timestamptz NOT NULL);
"""

LINES = """
CREATE OR REPLACE FUNCTION trail.utc(at timestamptz) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;
CREATE OR REPLACE FUNCTION trail.one_line(said text) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN said !~ '[^ -~]' THEN said ELSE (
    SELECT string_agg(CASE WHEN ascii(c) BETWEEN 32 AND 126 THEN c
      WHEN ascii(c) < 65536 THEN '\\u' || lpad(to_hex(ascii(c)), 4, '0')
      ELSE '\\u' || to_hex(55296 + (ascii(c) - 65536) / 1024) || '\\u' || to_hex(56320 + (ascii(c) - 65536) % 1024) END, ''
      ORDER BY place) FROM regexp_split_to_table(said, '') WITH ORDINALITY AS s (c, place)) END
$$;
CREATE OR REPLACE FUNCTION trail.line(e public.audit_entry, place bigint, kind text) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT '{"position":' || place || ',"entry":' || trail.one_line((jsonb_build_object(
    'id', e.id, 'xact', e.xact::text, 'recorded_at', trail.utc(e.timestamp), 'occurred_at', trail.utc(e.occurred_at),
    'actor', e.actor_id, 'agency', e.agency_id, 'role', e.role, 'verb', e.verb, 'word', e.word, 'kind', e.action,
    'outcome', e.outcome, 'purpose', e.purpose, 'basis', e.basis, 'case', e.case_id, 'record_agency', e.record_agency_id,
    'table', kind, 'object', e.object_pk, 'operation', e.cid, 'changes', e.changes, 'said', e.additional_data)
    || jsonb_strip_nulls(jsonb_build_object('on_behalf_of', e.on_behalf_of_id, 'recipient', e.recipient_agency_id,
    'strength', nullif(e.auth_strength, ''), 'client', nullif(e.client_point, ''), 'trace', e.trace_id,
    'policy', nullif(e.policy_version, ''), 'sealed', e.prev_seal)))::text) || '}'
$$;
CREATE OR REPLACE FUNCTION trail.slot(gone smallint[], n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN gone = '{}' THEN n
    ELSE (ARRAY(SELECT s::bigint FROM generate_series(0, 255) AS s WHERE s <> ALL (gone) ORDER BY s))[n + 1] END
$$;
CREATE OR REPLACE FUNCTION trail.kind_of(number int) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.app_label || '.' || c.model FROM public.django_content_type c WHERE c.id = number
$$;
"""

SEALING = f"""
CREATE OR REPLACE FUNCTION trail.stretch(after_xact xid8, after_id bigint, first bigint, most int)
RETURNS TABLE (entry_id bigint, xact xid8, line text) LANGUAGE plpgsql STABLE {_DEFINER} AS $$
BEGIN
  IF lock.role() IS DISTINCT FROM 'sealer' THEN
    RAISE insufficient_privilege USING MESSAGE = 'the whole trail is for its sealer and its export';
  END IF;
  RETURN QUERY SELECT f.id, f.xact, trail.line(e, first + f.place - 1, c.app_label || '.' || c.model)
    FROM (SELECT x.id, x.xact, row_number() OVER (ORDER BY x.xact, x.id) AS place FROM public.audit_entry x
      WHERE (x.xact, x.id) > (after_xact, after_id) AND x.xact < pg_snapshot_xmin(pg_current_snapshot())
      ORDER BY x.xact, x.id LIMIT most) AS f
    JOIN public.audit_entry e ON e.id = f.id LEFT JOIN public.django_content_type c ON c.id = e.content_type_id
    ORDER BY f.xact, f.id;
END $$;
CREATE OR REPLACE FUNCTION trail.tile_lines(first bigint, most int, below bigint) RETURNS TABLE (line text)
LANGUAGE plpgsql STABLE {_DEFINER} AS $$
BEGIN
  IF lock.role() IS DISTINCT FROM 'migration' THEN
    RAISE insufficient_privilege USING MESSAGE = 'the whole trail is for its sealer and its export';
  END IF;
  RETURN QUERY SELECT CASE WHEN f.id IS NULL THEN '{{"position":' || f.place || ',"destroyed":true}}'
      ELSE trail.line(e, f.place, c.app_label || '.' || c.model) END
    FROM (SELECT x.id, t.number * 256
        + trail.slot(t.gone, row_number() OVER (PARTITION BY t.number ORDER BY x.xact, x.id) - 1) AS place
      FROM trail.tip s CROSS JOIN trail.tile t LEFT JOIN trail.tile z ON z.level = 0 AND z.number = t.number + 1
      CROSS JOIN LATERAL (SELECT y.id, y.xact FROM public.audit_entry y WHERE (y.xact, y.id) >= (t.xact, t.entry_id)
        AND (y.xact, y.id) < (coalesce(z.xact, s.xact), coalesce(z.entry_id, s.entry_id + 1))) AS x
      WHERE t.level = 0 AND t.number >= first AND t.number < first + most
      UNION ALL SELECT NULL, t.number * 256 + g FROM trail.tile t, unnest(t.gone) AS g
      WHERE t.level = 0 AND t.number >= first AND t.number < first + most) AS f
    LEFT JOIN public.audit_entry e ON e.id = f.id LEFT JOIN public.django_content_type c ON c.id = e.content_type_id
    WHERE f.place < below ORDER BY f.place;
END $$;
CREATE OR REPLACE FUNCTION trail.tip_now(OUT size bigint, OUT xact xid8, OUT entry_id bigint, OUT age interval)
LANGUAGE plpgsql STABLE {_DEFINER} AS $$
BEGIN
  SELECT t.size, t.xact, t.entry_id INTO size, xact, entry_id FROM trail.tip t;
  SELECT clock_timestamp() - e.timestamp INTO age FROM public.audit_entry e
    WHERE (e.xact, e.id) > (tip_now.xact, tip_now.entry_id) ORDER BY e.xact, e.id LIMIT 1;
  age := coalesce(age, interval '0');
END $$;
CREATE OR REPLACE FUNCTION trail.tile_at(at_level int, at_number bigint) RETURNS bytea
LANGUAGE plpgsql STABLE {_DEFINER} AS $$
BEGIN
  RETURN (SELECT t.hashes FROM trail.tile t WHERE t.level = at_level AND t.number = at_number);
END $$;
CREATE OR REPLACE FUNCTION trail.seal(old bigint, new bigint, last_xact xid8, last_id bigint, note text,
  levels int[], numbers bigint[], packed text[], xacts text[], ids bigint[]) RETURNS void LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  IF lock.role() IS DISTINCT FROM 'sealer' OR lock.action() IS DISTINCT FROM 'seal_trail' THEN
    RAISE insufficient_privilege USING MESSAGE = 'the sealer alone seals';
  END IF;
  UPDATE trail.tip t SET size = new, xact = last_xact, entry_id = last_id WHERE t.size = old AND new > old;
  IF NOT FOUND THEN
    RAISE serialization_failure USING MESSAGE = 'somebody else sealed';
  END IF;
  INSERT INTO trail.tile AS t (level, number, hashes, xact, entry_id)
    SELECT s.level, s.number, decode(s.packed, 'base64'), s.xact::xid8, s.id
    FROM unnest(levels, numbers, packed, xacts, ids) AS s (level, number, packed, xact, id)
    ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes;
  INSERT INTO trail.checkpoint (size, note, made_at) VALUES (new, seal.note, clock_timestamp());
END $$;
CREATE OR REPLACE FUNCTION trail.know_key(named text) RETURNS void LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  IF lock.role() IS DISTINCT FROM 'sealer' THEN
    RAISE insufficient_privilege USING MESSAGE = 'the sealer alone has a key';
  END IF;
  INSERT INTO trail.key (line, since) VALUES (named, clock_timestamp()) ON CONFLICT DO NOTHING;
END $$;
CREATE OR REPLACE FUNCTION trail.cosign(at_size bigint, by_witness text, signed text) RETURNS void
LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  IF lock.role() IS DISTINCT FROM 'sealer' THEN
    RAISE insufficient_privilege USING MESSAGE = 'the sealer alone keeps cosignatures';
  END IF;
  INSERT INTO trail.cosignature (size, witness, line, made_at) VALUES (at_size, by_witness, signed, clock_timestamp())
    ON CONFLICT DO NOTHING;
END $$;
DROP FUNCTION IF EXISTS trail.notes(bigint, int);
CREATE FUNCTION trail.notes(after bigint, most int) RETURNS TABLE (size bigint, note text)
LANGUAGE plpgsql STABLE {_DEFINER} AS $$
BEGIN
  RETURN QUERY SELECT p.size, p.note || coalesce((SELECT string_agg(c.line || E'\\n', '' ORDER BY c.witness)
      FROM trail.cosignature c WHERE c.size = p.size), '')
    FROM trail.checkpoint p WHERE p.size > after ORDER BY p.size LIMIT most;
END $$;
CREATE OR REPLACE FUNCTION trail.last_note(OUT size bigint, OUT note text, OUT made_at timestamptz, OUT witnessed bigint)
LANGUAGE plpgsql STABLE {_DEFINER} AS $$
BEGIN
  SELECT p.size, p.note, p.made_at INTO size, note, made_at FROM trail.checkpoint p ORDER BY p.size DESC LIMIT 1;
  SELECT max(c.size) INTO witnessed FROM trail.cosignature c;
END $$;
CREATE OR REPLACE FUNCTION trail.keys() RETURNS TABLE (line text) LANGUAGE plpgsql STABLE {_DEFINER} AS $$
BEGIN
  RETURN QUERY SELECT k.line FROM trail.key k ORDER BY k.since, k.line;
END $$;
CREATE OR REPLACE FUNCTION trail.positions(of_ids bigint[]) RETURNS TABLE (entry_id bigint, place bigint)
LANGUAGE plpgsql STABLE {_DEFINER} AS $$
BEGIN
  RETURN QUERY SELECT e.id, t.number * 256 + trail.slot(t.gone, (SELECT count(*) FROM public.audit_entry x
      WHERE (x.xact, x.id) >= (t.xact, t.entry_id) AND (x.xact, x.id) < (e.xact, e.id)))
    FROM public.audit_entry e CROSS JOIN trail.tip s CROSS JOIN LATERAL (
      SELECT y.number, y.xact, y.entry_id, y.gone FROM trail.tile y
      WHERE y.level = 0 AND (y.xact, y.entry_id) <= (e.xact, e.id) ORDER BY y.xact DESC, y.entry_id DESC LIMIT 1) AS t
    WHERE e.id = ANY (of_ids) AND (e.xact, e.id) <= (s.xact, s.entry_id);
END $$;
"""  # noqa: S608 - our own words alone

PRIVILEGES = f"""
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA trail FROM PUBLIC;
GRANT USAGE ON SCHEMA trail TO {APP};
GRANT EXECUTE ON FUNCTION trail.utc(timestamptz), trail.one_line(text), trail.line(public.audit_entry, bigint, text),
  trail.kind_of(int), trail.slot(smallint[], bigint), trail.tile_lines(bigint, int, bigint),
  trail.stretch(xid8, bigint, bigint, int), trail.tip_now(), trail.tile_at(int, bigint),
  trail.seal(bigint, bigint, xid8, bigint, text, int[], bigint[], text[], text[], bigint[]), trail.know_key(text),
  trail.cosign(bigint, text, text), trail.notes(bigint, int), trail.last_note(), trail.keys(),
  trail.positions(bigint[]) TO {APP};
"""
REPLACE = f"SET ROLE {KEEPER};" + LINES + SEALING + PRIVILEGES + "RESET ROLE;"
"""Brings the functions up to date; run at every `prepare`."""

CREATE = f"SET LOCAL check_function_bodies = off; SET ROLE {KEEPER};" + TABLES + "RESET ROLE;" + REPLACE
"""Unchecked, as a later migration adds columns that the functions of today name; `prepare` makes them anew, checked."""
