-- Gap-free positions of entries in the order of transactions: an entry gets its own once every transaction that began
-- before its own has ended.
--
-- Made by: keeper
-- May call, app owner: trail.slot, trail.stretch, trail.tile_lines, trail.positions
-- Touches: public.audit_entry, public.django_content_type, trail.tile, trail.tip

CREATE OR REPLACE FUNCTION trail.slot(gone smallint[], n bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN gone = '{}' THEN n
    ELSE (ARRAY(SELECT s::bigint FROM generate_series(0, 255) AS s WHERE s <> ALL (gone) ORDER BY s))[n + 1] END
$$;

CREATE OR REPLACE FUNCTION trail.stretch(after_xact xid8, after_id bigint, first bigint,
  most int) RETURNS TABLE (entry_id bigint, xact xid8, line text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
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
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
  IF lock.role() IS DISTINCT FROM 'migration' THEN
    RAISE insufficient_privilege USING MESSAGE = 'the whole trail is for its sealer and its export';
  END IF;
  RETURN QUERY SELECT CASE WHEN f.id IS NULL THEN '{"position":' || f.place || ',"destroyed":true}'
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

CREATE OR REPLACE FUNCTION trail.positions(of_ids bigint[]) RETURNS TABLE (entry_id bigint, place bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
BEGIN
  RETURN QUERY SELECT e.id, t.number * 256 + trail.slot(t.gone, (SELECT count(*) FROM public.audit_entry x
      WHERE (x.xact, x.id) >= (t.xact, t.entry_id) AND (x.xact, x.id) < (e.xact, e.id)))
    FROM public.audit_entry e CROSS JOIN trail.tip s CROSS JOIN LATERAL (
      SELECT y.number, y.xact, y.entry_id, y.gone FROM trail.tile y
      WHERE y.level = 0 AND (y.xact, y.entry_id) <= (e.xact, e.id) ORDER BY y.xact DESC, y.entry_id DESC LIMIT 1) AS t
    WHERE e.id = ANY (of_ids) AND (e.xact, e.id) <= (s.xact, s.entry_id);
END $$;
