-- The writes of one step, taking up, as plain statements: what the database takes for them without triggers and row security.
SELECT 1 FROM casework_case WHERE id = %(case)s FOR UPDATE;
INSERT INTO casework_operation (id, made_at, action, fingerprint) VALUES (%(operation)s, now(), 'take_up', '');
INSERT INTO casework_storedfact (id, case_id, agency_id, made_by_id, made_at, fact, action, code, text, name, round,
    visit_number)
  VALUES (gen_random_uuid(), %(case)s, %(agency)s, %(person)s, now(), 'prior_warning_checked', 'take_up', '', '', '', 1, 0);
UPDATE casework_track SET state = 'triage', version = version + 1, moved_at = now() WHERE id = %(track)s;
INSERT INTO casework_steptaken (id, case_id, agency_id, made_by_id, made_at, track_id, action, source, target, role)
  VALUES (gen_random_uuid(), %(case)s, %(agency)s, %(person)s, now(), %(track)s, 'take_up', 'submitted', 'triage',
    'triage_decider');
UPDATE casework_deadline SET met_at = now() WHERE track_id = %(track)s AND clock = 'DRAFT';
INSERT INTO casework_deadline (id, case_id, agency_id, track_id, clock, moment, rule_version, started_at, due_at)
  VALUES (gen_random_uuid(), %(case)s, %(agency)s, %(track)s, 'TRIAGE', 0, 'x', now(), now() + interval '5 days');
UPDATE casework_participation SET next_due_at = now() + interval '5 days', moved_at = now()
  WHERE content_object_id = %(case)s;
UPDATE casework_assignment SET next_due_at = now() + interval '5 days', moved_at = now()
  WHERE content_object_id = %(case)s;
INSERT INTO audit_entry (changes, object_pk, action, cid, verb, word, outcome, agency_id, record_agency_id, role, purpose,
    basis, case_id, actor_id, content_type_id, auth_strength, client_point, policy_version, prev_seal, trace_id, timestamp,
    occurred_at, xact)
  SELECT changes, object_pk, action, %(operation)s::text, verb, word, outcome, agency_id, record_agency_id, role, purpose, basis,
    %(case)s, actor_id, content_type_id, auth_strength, client_point, policy_version, prev_seal, trace_id, now(), now(),
    pg_current_xact_id()
  FROM taken_up;
INSERT INTO audit_rowversion (entry_id, agency_id, case_id, salt)
  SELECT id, agency_id, case_id, 'x' FROM audit_entry WHERE cid = %(operation)s::text AND changes IS NOT NULL
