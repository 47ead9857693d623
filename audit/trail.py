"""SQL of the trail: one trigger function writes an entry for every change of every guarded row.

The entry names the fields and holds salted commitments of their new values, never the values; the row as it was
stands in audit_rowversion, which is destroyed with the record. Nobody acting: no write.
"""

from audit.roles import APP, KEEPER, OWNER

_DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp"

NOTE = f"""
CREATE OR REPLACE FUNCTION trail.commitment(salt text, name text, value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT encode(sha256(decode(salt, 'hex') || convert_to(
    length(name) || ':' || name || CASE WHEN value IS NULL THEN '~' ELSE '=' || length(value) || ':' || value END,
    'UTF8')), 'base64')
$$;
CREATE OR REPLACE FUNCTION trail.note() RETURNS trigger LANGUAGE plpgsql {_DEFINER} AS $$
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
CREATE OR REPLACE FUNCTION trail.stamp() RETURNS trigger LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE a lock.acting;
BEGIN
  SELECT * INTO a FROM lock.acting WHERE pid = pg_backend_pid() AND xact = pg_current_xact_id_if_assigned();
  IF a.person IS NULL THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody is acting';
  END IF;
  NEW.actor_id := a.person; NEW.agency_id := a.agency; NEW.role := a.role; NEW.purpose := a.purpose;
  NEW.cid := a.operation::text; NEW.timestamp := clock_timestamp(); NEW.occurred_at := a.moment;
  NEW.xact := pg_current_xact_id(); NEW.changes := NULL; NEW.on_behalf_of_id := a.on_behalf_of;
  NEW.auth_strength := coalesce(a.strength, ''); NEW.client_point := coalesce(a.client, ''); NEW.trace_id := a.trace;
  NEW.policy_version := coalesce(a.policy, ''); NEW.prev_seal := (SELECT t.size FROM trail.tip t);
  IF NEW.basis = '' THEN
    NEW.basis := a.basis;
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION trail.refuse() RETURNS trigger LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  IF TG_OP = 'DELETE' AND TG_LEVEL = 'ROW' THEN
    IF trail.is_due(OLD) THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE insufficient_privilege USING MESSAGE = 'the trail is only added to';
END $$;
"""

CREATE = f"""
SET ROLE {KEEPER};
CREATE SCHEMA IF NOT EXISTS trail;
{NOTE}
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA trail FROM PUBLIC;
RESET ROLE;
"""
REPLACE = f"SET ROLE {KEEPER};" + NOTE + "RESET ROLE;"
"""Brings the functions up to date; run at every `prepare`, their privileges stay."""


def protect(see: str) -> str:
    """Return the SQL that makes the entry table append-only and shows it to those whom `see` names."""
    return f"""
SET ROLE {KEEPER}; GRANT USAGE ON SCHEMA trail, lock TO {OWNER};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA trail TO {OWNER}; RESET ROLE;
ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY; ALTER TABLE audit_entry FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_rowversion ENABLE ROW LEVEL SECURITY; ALTER TABLE audit_rowversion FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_all ON audit_entry TO {KEEPER} USING (true) WITH CHECK (true);
CREATE POLICY keeper_all ON audit_rowversion TO {KEEPER} USING (true) WITH CHECK (true);
CREATE POLICY app_add ON audit_entry FOR INSERT TO {APP} WITH CHECK (action >= 3);
CREATE POLICY app_see ON audit_entry FOR SELECT TO {APP} USING ({see});
GRANT SELECT, INSERT ON audit_entry TO {APP}, {KEEPER};
GRANT SELECT, INSERT, DELETE ON audit_rowversion TO {KEEPER};
GRANT SELECT ON django_content_type, auth_permission TO {KEEPER};
CREATE TRIGGER stamp BEFORE INSERT ON audit_entry FOR EACH ROW WHEN (NEW.action >= 3)
  EXECUTE FUNCTION trail.stamp();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION trail.refuse();
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION trail.refuse();
REVOKE ALL ON auditlog_logentry FROM {APP};
"""
