-- One entry for every change of every guarded row, written by the trigger `trail` of its table in the same transaction.
-- The entry names the fields and holds commitments of their new values, never the values; the row as it was stands in
-- audit_rowversion, which is destroyed with the record. Outside an act nothing can be written.
--
-- Made by: keeper
-- May call, owner: trail.note
-- Touches: lock.acting, public.audit_entry, public.audit_rowversion, public.django_content_type, trail.tip

CREATE OR REPLACE FUNCTION trail.note() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  a lock.acting;
  o jsonb := CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE to_jsonb(OLD) END;
  n jsonb := CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE to_jsonb(NEW) END;
  r jsonb := coalesce(n, o);
  salt text := encode(uuid_send(gen_random_uuid()), 'hex');
  said jsonb;
  made bigint;
  kind int;
BEGIN
  SELECT * INTO a FROM lock.acting WHERE pid = pg_backend_pid() AND xact = pg_current_xact_id_if_assigned();
  IF a.person IS NULL THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody is acting';
  END IF;
  SELECT id INTO kind FROM public.django_content_type
    WHERE app_label = split_part(TG_ARGV[0], '.', 1) AND model = split_part(TG_ARGV[0], '.', 2);
  IF kind IS NULL THEN
    RAISE EXCEPTION 'no content type for %', TG_ARGV[0];
  END IF;
  SELECT jsonb_object_agg(y.key, jsonb_build_array(NULL, trail.commitment(salt, y.key, y.value))) INTO said
    FROM jsonb_each_text(r) y WHERE o IS NULL OR n IS NULL OR (o -> y.key) IS DISTINCT FROM (n -> y.key);
  IF said IS NULL THEN
    RETURN NULL;
  END IF;
  INSERT INTO public.audit_entry (content_type_id, object_pk, action, changes, actor_id, cid, timestamp, occurred_at,
      verb, word, outcome, agency_id, record_agency_id, role, purpose, basis, case_id, on_behalf_of_id,
      recipient_agency_id, auth_strength, client_point, trace_id, policy_version, prev_seal)
    VALUES (kind, r ->> TG_ARGV[1], CASE TG_OP WHEN 'INSERT' THEN 0 WHEN 'UPDATE' THEN 1 ELSE 2 END, said,
      a.person, a.operation::text, clock_timestamp(), a.moment,
      CASE TG_OP WHEN 'INSERT' THEN TG_ARGV[4] WHEN 'UPDATE' THEN 'alter' ELSE 'destroy' END, a.action, 'done',
      a.agency, nullif(r ->> nullif(TG_ARGV[3], ''), '')::int, a.role, a.purpose,
      CASE TG_ARGV[4] WHEN 'provide' THEN coalesce(nullif(r ->> 'basis', ''), a.basis) ELSE a.basis END,
      nullif(r ->> nullif(TG_ARGV[2], ''), '')::uuid, a.on_behalf_of,
      CASE TG_ARGV[4] WHEN 'provide' THEN (r ->> 'receiver_id')::int END, coalesce(a.strength, ''),
      coalesce(a.client, ''), a.trace, coalesce(a.policy, ''), (SELECT t.size FROM trail.tip t))
    RETURNING id INTO made;
  INSERT INTO public.audit_rowversion (entry_id, agency_id, case_id, salt, was)
    VALUES (made, nullif(r ->> nullif(TG_ARGV[3], ''), '')::int, nullif(r ->> nullif(TG_ARGV[2], ''), '')::uuid,
      salt, o);
  RETURN NULL;
END $$;
