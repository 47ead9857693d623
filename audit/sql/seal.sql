-- The seal: how far the log is sealed, its leaf hashes in tiles, and the keys that sign where it ends.
--
-- Made by: keeper
-- May call, app owner: trail.tip_now, trail.tile_at, trail.seal, trail.know_key, trail.keys
-- Touches: public.audit_entry, trail.checkpoint, trail.key, trail.tile, trail.tip

CREATE OR REPLACE FUNCTION trail.tip_now(OUT size bigint, OUT xact xid8, OUT entry_id bigint, OUT age interval)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
  SELECT t.size, t.xact, t.entry_id INTO size, xact, entry_id FROM trail.tip t;
  SELECT clock_timestamp() - e.timestamp INTO age FROM public.audit_entry e
    WHERE (e.xact, e.id) > (tip_now.xact, tip_now.entry_id) ORDER BY e.xact, e.id LIMIT 1;
  age := coalesce(age, interval '0');
END $$;

CREATE OR REPLACE FUNCTION trail.tile_at(at_level int, at_number bigint) RETURNS bytea
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT t.hashes FROM trail.tile t WHERE t.level = at_level AND t.number = at_number);
END $$;

CREATE OR REPLACE FUNCTION trail.seal(old bigint, new bigint, last_xact xid8, last_id bigint, note text,
  levels int[], numbers bigint[], packed text[], xacts text[], ids bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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

CREATE OR REPLACE FUNCTION trail.know_key(named text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF lock.role() IS DISTINCT FROM 'sealer' THEN
    RAISE insufficient_privilege USING MESSAGE = 'the sealer alone has a key';
  END IF;
  INSERT INTO trail.key (line, since) VALUES (named, clock_timestamp()) ON CONFLICT DO NOTHING;
END $$;

CREATE OR REPLACE FUNCTION trail.keys() RETURNS TABLE (line text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT k.line FROM trail.key k ORDER BY k.since, k.line;
END $$;
