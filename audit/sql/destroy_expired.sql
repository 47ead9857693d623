-- Destroys entries whose time is over, and nothing else: their leaf hashes stay, so every old checkpoint verifies.
-- An entry of a look or an act goes so many years after it was written (audit/destroy_expired.py); an entry of a change also
-- stays as long as the earlier values that it vouches for (audit_rowversion, destroyed with the record), and one of the
-- second factors of a person as long as they have one (factors.sql). What went, how many and when is an entry itself, which
-- never goes.
--
-- Made by: keeper
-- May call, app owner: trail.destroy_due, trail.destructions
-- May call, owner: trail.is_due
-- Touches: public.audit_entry, public.audit_rowversion, public.django_content_type, public.mfa_authenticator,
--   trail.destroyed, trail.shown, trail.tile, trail.tip

CREATE OR REPLACE FUNCTION trail.is_due(e public.audit_entry) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT e.timestamp < now() - make_interval(years => trail.kept_years()) AND e.word <> 'destroy_entries'
    AND (e.action > 2 OR NOT EXISTS (SELECT 1 FROM public.audit_rowversion v WHERE v.entry_id = e.id))
    AND NOT (e.additional_data ? 'factors' AND EXISTS (
      SELECT 1 FROM public.mfa_authenticator m WHERE m.user_id::text = e.object_pk))
$$;

CREATE OR REPLACE FUNCTION trail.destroy_due(most int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t record;
  ids bigint[];
  slots smallint[];
  oldest timestamptz;
  done int := 0;
  made bigint;
BEGIN
  IF lock.action() IS DISTINCT FROM 'destroy_entries' OR lock.role() IS DISTINCT FROM 'scheduler' THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody destroys entries';
  END IF;
  PERFORM 1 FROM trail.tip FOR UPDATE;
  FOR t IN SELECT y.number, y.xact, y.entry_id, y.gone, z.xact AS next_xact, z.entry_id AS next_id
      FROM trail.tile y JOIN trail.tile z ON z.level = 0 AND z.number = y.number + 1
      WHERE y.level = 0 AND cardinality(y.gone) < 256 ORDER BY y.number LOOP
    SELECT array_agg(e.id) FILTER (WHERE e.due), array_agg(trail.slot(t.gone, e.n - 1)::smallint) FILTER (WHERE e.due),
      min(e.timestamp) INTO ids, slots, oldest
      FROM (SELECT x.id, x.timestamp, trail.is_due(x) AS due, row_number() OVER (ORDER BY x.xact, x.id) AS n
        FROM public.audit_entry x WHERE (x.xact, x.id) >= (t.xact, t.entry_id)
        AND (x.xact, x.id) < (t.next_xact, t.next_id)) AS e;
    EXIT WHEN done >= most OR oldest >= now() - make_interval(years => trail.kept_years());
    CONTINUE WHEN ids IS NULL;
    DELETE FROM trail.shown s WHERE s.entry_id = ANY (ids);
    DELETE FROM public.audit_entry e WHERE e.id = ANY (ids);
    UPDATE trail.tile y SET gone = y.gone || slots WHERE y.level = 0 AND y.number = t.number;
    done := done + cardinality(ids);
  END LOOP;
  IF done > 0 THEN
    INSERT INTO public.audit_entry (content_type_id, object_pk, action, verb, word, outcome, role, purpose, basis,
        additional_data)
      SELECT c.id, '', 4, 'destroy', 'destroy_entries', 'done', '', '', '',
        jsonb_build_object('destroyed', done, 'years', trail.kept_years())
      FROM public.django_content_type c WHERE c.app_label = 'audit' AND c.model = 'entry' RETURNING id INTO made;
    INSERT INTO trail.destroyed VALUES (made, done);
  END IF;
  RETURN done;
END $$;

CREATE OR REPLACE FUNCTION trail.destructions(OUT places bigint[], OUT untold bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  SELECT coalesce(array_agg(p.place ORDER BY p.place), '{}'), (
      SELECT coalesce(sum(cardinality(t.gone)), 0) FROM trail.tile t WHERE t.level = 0) - coalesce(sum(d.count), 0)
    INTO places, untold FROM trail.destroyed d
    JOIN trail.positions(ARRAY(SELECT x.entry_id FROM trail.destroyed x)) AS p ON p.entry_id = d.entry_id;
END $$;
