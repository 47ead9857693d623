-- The one text of an entry: this line is what is hashed, sealed and exported. audit/verify.py reads these lines.
--
-- Made by: keeper
-- May call, app owner: trail.utc, trail.one_line, trail.line, trail.kind_of
-- Touches: public.audit_entry, public.django_content_type

CREATE OR REPLACE FUNCTION trail.utc(at timestamptz) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

CREATE OR REPLACE FUNCTION trail.one_line(said text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN said !~ '[^ -~]' THEN said ELSE (
    SELECT string_agg(CASE WHEN ascii(c) BETWEEN 32 AND 126 THEN c
      WHEN ascii(c) < 65536 THEN '\u' || lpad(to_hex(ascii(c)), 4, '0')
      ELSE '\u' || to_hex(55296 + (ascii(c) - 65536) / 1024) || '\u' || to_hex(56320 + (ascii(c) - 65536) % 1024) END, ''
      ORDER BY place) FROM regexp_split_to_table(said, '') WITH ORDINALITY AS s (c, place)) END
$$;

CREATE OR REPLACE FUNCTION trail.line(e public.audit_entry, place bigint, kind text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT '{"position":' || place || ',"entry":' || trail.one_line((jsonb_build_object(
    'id', e.id, 'xact', e.xact::text, 'recorded_at', trail.utc(e.timestamp), 'occurred_at', trail.utc(e.occurred_at),
    'actor', e.actor_id, 'agency', e.agency_id, 'role', e.role, 'verb', e.verb, 'word', e.word, 'kind', e.action,
    'outcome', e.outcome, 'purpose', e.purpose, 'basis', e.basis, 'case', e.case_id, 'record_agency', e.record_agency_id,
    'table', kind, 'object', e.object_pk, 'operation', e.cid, 'changes', e.changes, 'said', e.additional_data)
    || jsonb_strip_nulls(jsonb_build_object('on_behalf_of', e.on_behalf_of_id, 'recipient', e.recipient_agency_id,
    'strength', nullif(e.auth_strength, ''), 'client', nullif(e.client_point, ''), 'trace', e.trace_id,
    'policy', nullif(e.policy_version, ''), 'sealed', e.prev_seal)))::text) || '}'
$$;

CREATE OR REPLACE FUNCTION trail.kind_of(number int) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.app_label || '.' || c.model FROM public.django_content_type c WHERE c.id = number
$$;
