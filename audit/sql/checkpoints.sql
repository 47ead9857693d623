-- Signed checkpoints and what witnesses outside the database said of them.
--
-- Made by: keeper
-- May call, app owner: trail.cosign, trail.last_note
-- May call, app: trail.notes
-- Touches: trail.checkpoint, trail.cosignature

CREATE OR REPLACE FUNCTION trail.cosign(at_size bigint, by_witness text, signed text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF lock.role() IS DISTINCT FROM 'sealer' THEN
    RAISE insufficient_privilege USING MESSAGE = 'the sealer alone stores cosignatures';
  END IF;
  INSERT INTO trail.cosignature (size, witness, line, made_at) VALUES (at_size, by_witness, signed, clock_timestamp())
    ON CONFLICT DO NOTHING;
END $$;

CREATE OR REPLACE FUNCTION trail.notes(after bigint, most int) RETURNS TABLE (size bigint, note text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT p.size, p.note || coalesce((SELECT string_agg(c.line || E'\n', '' ORDER BY c.witness)
      FROM trail.cosignature c WHERE c.size = p.size), '')
    FROM trail.checkpoint p WHERE p.size > after ORDER BY p.size LIMIT most;
END $$;

CREATE OR REPLACE FUNCTION trail.last_note(OUT size bigint, OUT note text, OUT made_at timestamptz, OUT witnessed bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  SELECT p.size, p.note, p.made_at INTO size, note, made_at FROM trail.checkpoint p ORDER BY p.size DESC LIMIT 1;
  SELECT max(c.size) INTO witnessed FROM trail.cosignature c;
END $$;
