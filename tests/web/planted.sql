-- Whole cases of some years, one in sixteen still open, as the acts would have left them: rows of the police (a) and of Veilig Thuis (b), written by person p.
INSERT INTO casework_agencyrecord (id, case_id, agency_id, made_by_id, made_at, basis, wpg_article)
  SELECT gen_random_uuid(), c.id, a, %(p)s, now(), 'WPG_8', '8'
  FROM casework_case c, unnest(ARRAY[%(a)s, %(b)s]) a
  ON CONFLICT DO NOTHING;
INSERT INTO casework_note (id, case_id, agency_id, made_by_id, made_at, kind, text, is_burdening)
  SELECT gen_random_uuid(), c.id, a, %(p)s, now(), 'concern', 'Een zorg.', false
  FROM casework_case c, unnest(ARRAY[%(a)s, %(b)s]) a
  ON CONFLICT DO NOTHING;
INSERT INTO casework_personincase (id, case_id, agency_id, made_by_id, made_at, role, family_name, infix, given_names,
    contact, tokens)
  SELECT gen_random_uuid(), c.id, a, %(p)s, now(), 'subject', 'Proef', '', 'P', '', '{name:proef}'
  FROM casework_case c, unnest(ARRAY[%(a)s, %(b)s]) a
  ON CONFLICT DO NOTHING;
INSERT INTO casework_premises (id, case_id, agency_id, made_by_id, made_at, street, number, postcode, town, address_keys)
  SELECT gen_random_uuid(), c.id, a, %(p)s, now(), 'Proefstraat', '1', '', 'Voorbeeldstad', '{}'
  FROM casework_case c, unnest(ARRAY[%(a)s, %(b)s]) a
  ON CONFLICT DO NOTHING;
INSERT INTO casework_storedfact (id, case_id, agency_id, made_by_id, made_at, fact, action, code, text, name, round,
    visit_number)
  SELECT gen_random_uuid(), c.id, a, %(p)s, now(), 'acute', 'x', '', '', '', 1, 0
  FROM casework_case c, unnest(ARRAY[%(a)s, %(b)s]) a
  ON CONFLICT DO NOTHING;
INSERT INTO casework_steptaken (id, case_id, agency_id, made_by_id, made_at, action, source, target, role)
  SELECT gen_random_uuid(), c.id, a, %(p)s, now(), 'submit', 'draft', 'submitted', 'police_liaison'
  FROM casework_case c, unnest(ARRAY[%(a)s, %(b)s]) a
  ON CONFLICT DO NOTHING;
INSERT INTO casework_approval (id, case_id, agency_id, made_by_id, made_at, action, version, reason, asked_by_id,
    track_id, approved_roles, approver_reason)
  SELECT gen_random_uuid(), c.id, a, %(p)s, now(), 'close_warning', 0, 'x', 1, c.id, '{}', ''
  FROM casework_case c, unnest(ARRAY[%(a)s, %(b)s]) a
  ON CONFLICT DO NOTHING;
INSERT INTO casework_household (id, case_id, agency_id, made_by_id, made_at, premises_id, label)
  SELECT gen_random_uuid(), case_id, agency_id, made_by_id, made_at, id, 'Proefstraat 1'
  FROM casework_premises;
INSERT INTO casework_visit (id, case_id, agency_id, made_by_id, made_at, track_id, round, number, planned_on,
    officers, plan_subject, plan_family, plan_team, outcome, warned, homes_searched, data_carriers, arrests)
  SELECT gen_random_uuid(), case_id, agency_id, made_by_id, now(), id, 1, 9, now()::date, '{A,B}', 'a', 'b', 'c', '',
    0, 0, 0, 0
  FROM casework_track;
INSERT INTO casework_criterion (id, case_id, agency_id, made_by_id, made_at, track_id, round, code, is_exclusion,
    answer, source, reason)
  SELECT gen_random_uuid(), case_id, agency_id, made_by_id, now(), id, 1, 'grooming', true, 'no', 'intake', ''
  FROM casework_track;
INSERT INTO casework_deadline (id, case_id, agency_id, track_id, clock, moment, rule_version, started_at, due_at)
  SELECT gen_random_uuid(), case_id, agency_id, id, 'FOLLOW_UP', 0, 'x', now(), now() + interval '9 days'
  FROM casework_track;
INSERT INTO casework_handoff (id, case_id, sender_id, receiver_id, kind, state, version, package, delivered, is_acute,
    basis, why_items, why_receiver, why_now, special_reason, interest, wpg_article, is_source_protected, editor_id,
    made_at, moved_at,
    is_special, letter, task, youth_task, authority, authority_name, purpose, functionary_name,
    is_secrecy_pointed_out, asked_or_not, request, consents, orders)
  SELECT gen_random_uuid(), c.id, %(a)s, %(b)s, 'concern_report', 'delivered', 3, 1, '{1}', false, 'WPG_18_1', 'a',
    'b', 'c', '', '', '8', true, %(p)s, now(), now(), false, '', '', '', '', '', '', '', false, '', '', '{}', '{}'
  FROM casework_case c;
INSERT INTO casework_packageitem (id, handoff_id, case_id, sender_id, package, position, "group", label, value,
    origin_id, origin_made_at)
  SELECT gen_random_uuid(), id, case_id, sender_id, 1, 99, 'identity', 'subject', 'family_name: Proef',
    gen_random_uuid(), now()
  FROM casework_handoff;
INSERT INTO casework_disclosure (id, case_id, agency_id, receiver_id, handoff_id, package, basis, groups, item_count,
    disclosed_at)
  SELECT gen_random_uuid(), case_id, sender_id, receiver_id, id, 99, 'WPG_18_1', '{identity}', 1, now()
  FROM casework_handoff;
INSERT INTO casework_notice (id, case_id, agency_id, word, about_id, made_at)
  SELECT gen_random_uuid(), case_id, receiver_id, 'delivered', id, now()
  FROM casework_handoff;
INSERT INTO casework_operation (id, made_at, action, fingerprint)
  SELECT gen_random_uuid(), now(), '', ''
  FROM casework_case;
INSERT INTO casework_outbox (id, key, task, agency_id, about_id, due_at, done_at, tries)
  SELECT gen_random_uuid(), id::text, 'notify', %(a)s, id, now(), now(), 1
  FROM casework_handoff;
INSERT INTO audit_entry (object_pk, action, verb, word, outcome, content_type_id, actor_id, agency_id,
    record_agency_id, role, purpose, basis, case_id, timestamp, occurred_at, xact)
  SELECT c.id::text, 3, 'consult', 'read_record', 'done', (SELECT min(id)
  FROM django_content_type), %(p)s, a, a, 'police_liaison', '', '', c.id, at, at, pg_current_xact_id()
  FROM (SELECT id, now() - (row_number() OVER () %% 730) * interval '1 day' AS at FROM casework_case) c,
    unnest(ARRAY[%(a)s, %(b)s]) a;
INSERT INTO trail.shown (case_id, occurred_at, entry_id) SELECT case_id, occurred_at, id
  FROM audit_entry
  WHERE case_id IS NOT NULL
  ON CONFLICT DO NOTHING;
INSERT INTO audit_rowversion (entry_id, agency_id, case_id, salt)
  SELECT id, agency_id, case_id, 'x'
  FROM audit_entry
  ON CONFLICT DO NOTHING;
INSERT INTO casework_nametoken (id, case_id, agency_id, made_by_id, made_at, person_id, kind, token)
  SELECT gen_random_uuid(), case_id, agency_id, made_by_id, made_at, id, 'name', 'proef' || left(case_id::text, 4)
  FROM casework_personincase;
INSERT INTO casework_emergency (id, case_id, agency_id, user_id, asker_agency_id, reference, code, reason, starts_at,
    ends_at, verdict, verdict_reason)
  SELECT gen_random_uuid(), c.id, %(a)s, %(p)s + 1, %(a)s, 'x', 'x', 'x', now() - interval '1 day', now(), '', ''
  FROM casework_case c;
INSERT INTO casework_finding (id, agency_id, about_id, kind, text, opened_by_id, opened_at, closing, in_table, of_row,
    columns, people, is_there, times_seen)
  SELECT gen_random_uuid(), %(a)s, %(p)s, 'raised', 'x', 1, now(), '', '', '', '{}', '{}', false, 0
  FROM casework_case c;
INSERT INTO casework_finding (id, agency_id, kind, text, opened_by_id, opened_at, closing, in_table, of_row, columns,
    people, is_there, last_seen_at, times_seen)
  SELECT gen_random_uuid(), %(a)s, 'row_altered', '', 1, now(), '', 'casework_note', c.id, '{text}', '{}', true, now(), 1
  FROM casework_case c;
INSERT INTO casework_knowncheck (id, case_id, agency_id, asker_id, asker_agency_id, reason, made_at, answer,
    answer_reason)
  SELECT gen_random_uuid(), c.id, %(a)s, %(p)s, %(b)s, 'x', now(), '', ''
  FROM casework_case c;
INSERT INTO casework_export (id, agency_id, made_by_id, made_at, total, written, parts, tries, ready_at, kept_until)
  SELECT id, %(a)s, %(p)s + 1, now() - row_number() OVER () * interval '1 minute', 1, 1, 1, 1, now(),
    now() + interval '7 days'
  FROM casework_case;
INSERT INTO casework_exportpart (export_id, number, content)
  SELECT id, 0, 'x'
  FROM casework_export;
UPDATE casework_emergency SET reviewed_at = now() WHERE left(id::text, 1) <> '0';
UPDATE casework_finding SET closed_at = now(), closed_by_id = 1, closing = 'x' WHERE left(id::text, 1) <> '0';
UPDATE casework_knowncheck SET answered_at = now(), answer = 'not_known' WHERE left(id::text, 1) <> '0';
UPDATE casework_handoff SET state = 'accepted' WHERE state = 'delivered' AND left(case_id::text, 1) <> '0';
UPDATE casework_approval SET approved_at = now(), approved_by_id = 2 WHERE reason = 'x' AND left(case_id::text, 1) <> '0';
CREATE TEMP TABLE long_closed AS SELECT content_object_id AS id FROM casework_participation
  WHERE reference = left(content_object_id::text, 8) AND left(reference, 1) <> '0';
UPDATE casework_track SET state = 'closed' WHERE case_id IN (SELECT id FROM long_closed);
UPDATE casework_deadline SET met_at = now() WHERE case_id IN (SELECT id FROM long_closed);
UPDATE casework_participation SET is_open = false WHERE content_object_id IN (SELECT id FROM long_closed);
UPDATE casework_assignment SET is_open = false WHERE content_object_id IN (SELECT id FROM long_closed);
UPDATE casework_participation SET lacks_term = id %% 16 = 0 WHERE reference = left(content_object_id::text, 8);
UPDATE casework_assignment SET lacks_term = id %% 16 = 0 WHERE reference = left(content_object_id::text, 8);
DROP TABLE long_closed
