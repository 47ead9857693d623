"""Faults that the tests must notice, planted one at a time."""

from typing import NamedTuple


class Fault(NamedTuple):
    """One planted fault."""

    kind: str
    name: str
    file: str
    stands: str
    put: str
    tests: str


ROWS = "tests/oracle/test_rows.py"
HIDDEN = "tests/policy/test_hidden.py"
DECISIONS = "tests/oracle/test_decisions.py"
SCHEMA = "tests/policy/test_schema.py"
ATTACKS = "tests/policy/test_attacks.py"
PAGES = "tests/policy/test_pages.py"
GLASS = "tests/casework/oversight/test_emergencies.py"
GRANTS = "tests/policy/test_grants.py"
EXPLAINED = "tests/policy/test_explaining.py"
ACTS = "tests/casework/actions/test_acts.py"
TERMS = "tests/casework/terms/test_terms.py"
SEARCH = "tests/casework/selectors/test_searching.py"
HANDOFFS = "tests/casework/actions/test_handoffs.py"
TIDY = "tests/tidy/test_tidy.py"
POLICIES = "casework/lock/policies.py"
DECIDE = "permissions/decision.py"

FAULTS = (
    Fault("lock", "row security is not forced", "casework/migrations/0002_guards.py",
          "ALTER TABLE casework_note FORCE ROW LEVEL SECURITY;", "", SCHEMA),
    Fault("lock", "content is shown to everybody", "casework/lock/guards.py",
          "    return Rights(table, see, add, rule if change else None, columns)",
          '    return Rights(table, "true", add, rule if change else None, columns)', ROWS),
    Fault("lock", "a table is born without its guard", "casework/migrations/0003_terms_walls_advice.py",
          "migrations.RunSQL(GUARDS, migrations.RunSQL.noop),", "", SCHEMA),
    Fault("lock", "own means that the agency takes part", POLICIES,
          'reach = f"(({own} AND {table}.keeps) OR ({named}', 'reach = f"(({own}) OR ({named}', ROWS),
    Fault("lock", "the app role may write where it may not read", POLICIES,
          'reach = f"({self.system} OR ({reach}))" if system else f"({reach})"', 'reach = "true" if system else f"({reach})"', ROWS),
    Fault("identity", "an unsigned identity is accepted", "permissions/sql/signed.sql",
          "WHERE mac = sha256(k.opad || sha256(k.ipad || convert_to(token, 'UTF8'))))", "WHERE mac IS NOT NULL)", ATTACKS),
    Fault("identity", "an identity lasts as long as the connection", "audit/sql/acting_context.sql",
          "(SELECT a.agency FROM lock.acting a WHERE a.pid = pg_backend_pid() AND a.person IS NOT NULL\n"
          "          AND a.xact = pg_current_xact_id_if_assigned());",
          "(SELECT a.agency FROM lock.acting a WHERE a.pid = pg_backend_pid() AND a.person IS NOT NULL);", SCHEMA),
    Fault("identity", "an identity of another connection is accepted", "permissions/sql/act_as.sql",
          "IF who.pid IS DISTINCT FROM pg_backend_pid() THEN", "IF false THEN", ATTACKS),
    Fault("identity", "a cursor of the person before is left open", "permissions/sql/act_as.sql",
          "IF EXISTS (SELECT 1 FROM pg_cursors c WHERE c.is_holdable) THEN", "IF false THEN", ATTACKS),
    Fault("wall", "the lock forgets walls", POLICIES,
          'return f"NOT EXISTS (SELECT 1 FROM casework_wall x WHERE {wall})"',
          'return f"({case} IS NOT NULL)"', ROWS),
    Fault("wall", "the decision forgets walls", DECIDE, "    if relation.walled:\n", "    if False:\n", DECISIONS),
    Fault("wall", "a wall is lifted by one", "casework/actions/walls.py",
          "    if row.lift_asked_by_id is None:\n        row.lift_asked_by_id, row.lift_reason = me, reason\n    else:\n",
          "    if True:\n        row.lift_asked_by_id = 0\n", TERMS),
    Fault("wall", "an auditor's screen forgets walls", "permissions/policies.py",
          "({others} AND NOT ({unless}))", "({others})", PAGES),
    Fault("time", "a grant that ended still counts", POLICIES,
          'return f"{table}.starts_at <= {self.moment} AND ({table}.ends_at IS NULL OR {table}.ends_at > {self.moment})"',
          'return f"{table}.starts_at <= {self.moment}"', ROWS),
    Fault("time", "a grant to come counts already", POLICIES,
          'return f"{table}.starts_at <= {self.moment} AND ({table}.ends_at IS NULL OR {table}.ends_at > {self.moment})"',
          'return f"({table}.ends_at IS NULL OR {table}.ends_at > {self.moment})"', ROWS),
    Fault("time", "an emergency ends by a job and not at its instant", POLICIES,
          'f"AND {self.running(\'x\')})"\n        )\n\n    def has_handoff',
          'f"AND true)"\n        )\n\n    def has_handoff', ROWS),
    Fault("hidden", "a look for a track begins at its table", "casework/access.py",
          'filter(pk=within_reach("track", track), agency_id=act.actor.agency_id)',
          "filter(pk=track, agency_id=act.actor.agency_id)", HIDDEN),
    Fault("hidden", "a refused try is placed by looks of which one depends on another", "casework/sql/refused_tries.sql",
          "  IF what < '80000000-0000-4000-8000-000000000000' THEN\n    SELECT x.id INTO c",
          "  IF t.id = what THEN\n    NEW.case_id := t.case_id; NEW.record_agency_id := t.agency_id;\n    RETURN NEW;\n  END IF;\n"
          "  IF what < '80000000-0000-4000-8000-000000000000' THEN\n    SELECT x.id INTO c", HIDDEN),
    Fault("hidden", "whoever is not named is asked only about what is there", "casework/sql/reach_work.sql",
          "FROM public.casework_track x WHERE x.id >= asked ORDER BY x.id LIMIT 1;\n  ELSE\n"
          "    SELECT x.agency_id, x.case_id, x.id INTO r FROM public.casework_track x WHERE x.id <= asked ORDER BY x.id DESC LIMIT 1;",
          "FROM public.casework_track x WHERE x.id = asked;\n  ELSE\n"
          "    SELECT x.agency_id, x.case_id, x.id INTO r FROM public.casework_track x WHERE x.id = asked;", HIDDEN),
    Fault("hidden", "the keeper's answer is narrower than the policy", "casework/sql/reach_case.sql",
          "AND (n.ends_at IS NULL OR n.ends_at > a.moment);", "AND n.ends_at > a.moment;", ACTS),
    Fault("emergency", "an emergency opens any controller's cases", "casework/sql/emergencies.sql",
          "AND a.controller = mine.controller AND r.keeps", "AND r.keeps", GLASS),
    Fault("emergency", "an emergency turns every action into yes", DECIDE,
          "if relation.emergency and action in BREAKS_GLASS:", "if relation.emergency:", DECISIONS),
    Fault("emergency", "the lock lets its user review it", POLICIES,
          'reviews = f"{table}.agency_id = {self.agency} AND {table}.user_id <> {self.person}"',
          'reviews = f"{table}.agency_id = {self.agency}"', "tests/sabotage/test_faults.py"),
    Fault("emergency", "nobody is told", "casework/sql/emergencies.sql",
          "SELECT gen_random_uuid(), of_case, n.agency_id, n.user_id, 'ask_emergency', new_id, clock",
          "SELECT gen_random_uuid(), of_case, n.agency_id, 0, 'ask_emergency', new_id, clock", GLASS),
    Fault("decision", "another agency's track is one's own", DECIDE,
          "owns = relation.in_case and relation.owner is not False", "owns = relation.in_case", DECISIONS),
    Fault("decision", "named at the receiver counts as named at the sender", DECIDE,
          'relation.owner is not False and relation.end != "receiver"', "relation.owner is not False", DECISIONS),
    Fault("decision", "the receiver knows of a handoff before delivery", DECIDE,
          'if relation.end == "receiver" and relation.state in RECEIVER_STATES:', 'if relation.end == "receiver":', DECISIONS),
    Fault("decision", "a cell of the matrix differs from the law", "permissions/matrix.py",
          "read_record             named         named      named          own            .    ",
          "read_record             named         named      named          own            own  ", "tests/workflows/test_law.py"),
    Fault("decision", "a list is what the narrowest role sees", DECIDE, "widest = min(roles,", "widest = max(roles,",
          "tests/sabotage/test_faults.py"),
    Fault("four eyes", "the database lets the editor approve", "casework/sql/approvals.sql",
          "    OR NEW.approved_by_id = editor OR NEW.version <> content THEN", "    THEN", GRANTS),
    Fault("four eyes", "an approval outlives its version", "casework/facts/track_rows.py",
          "rows = Approval.objects.filter(track_id=self.track.pk, version=self.track.version, action=self.action)",
          "rows = Approval.objects.filter(track_id=self.track.pk, action=self.action)", ACTS),
    Fault("four eyes", "an approval outlives its package", "casework/facts/limits.py",
          "Approval.objects.filter(handoff_id=self.handoff.pk, version=self.handoff.package_version)",
          "Approval.objects.filter(handoff_id=self.handoff.pk)", TERMS),
    Fault("four eyes", "anybody approves anything", DECIDE, "return person not in {asker, editor}", "return True",
          "tests/oracle/test_questions.py"),
    Fault("four eyes", "somebody grants to themselves", "casework/actions/assigning.py",
          "        raise Refused(Reason(Rule.NOT_TO_ONESELF, request.act.action))\n", "        pass\n", GRANTS),
    Fault("facts", "a fact is believed and not read", "casework/actions/track_steps.py",
          "step = workflow.step(track.state, request.act.action, facts.hold(row.needs))",
          "step = workflow.step(track.state, request.act.action, row.needs)", ACTS),
    Fault("facts", "every basis holds", "casework/facts/handoff.py",
          "        return not self.limits.missing()",
          "        return True", HANDOFFS),
    Fault("facts", "a version that was not seen is accepted", "casework/facts/first_steps.py",
          "    if expected is not None and found != expected:\n", "    if False:\n", ACTS),
    Fault("facts", "who submitted takes up", "casework/actions/track_steps.py",
          "    if act.action in PARTED_FROM_SUBMIT and", "    if False and", ACTS),
    Fault("trail", "a table leaves no entry", "casework/migrations/0002_guards.py",
          "CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON casework_note FOR EACH ROW\n"
          "  EXECUTE FUNCTION trail.note('casework.note', 'id', 'case_id', 'agency_id', 'collect');\n", "", SCHEMA),
    Fault("trail", "a refusal is not kept", "permissions/acting.py",
          "        _record_refusal(actor, action, refusal.reason, about)\n", "", PAGES),
    Fault("trail", "a list leaves no entry", "casework/selectors/worklists.py",
          '    record_read("worklist", Case, "", shown=sorted({str(row.case_id or row.about_id) for row in answer}), cases=cases)\n', "", PAGES),
    Fault("trail", "what was searched for stands on the trail", "casework/selectors/searching.py",
          'record_read("search_own", Case, "", shown=shown,', 'record_read("search_own", Case, "", shown=[typed],', SEARCH),
    Fault("cache", "a membership is remembered", "permissions/selectors.py",
          "def _running(person_id: int) -> list[_Standing]:", "@__import__('functools').cache\ndef _running(person_id: int) -> list[_Standing]:",
          PAGES),
    Fault("exchange", "a package is read before it is delivered", POLICIES,
          'f"({table}.package = ANY (h.delivered) AND (', 'f"(true AND (', ROWS),
    Fault("exchange", "everybody at the desk reads packages", POLICIES,
          "desk = f\"{among('h.state', _ordered(DESK_STATES))} AND {among(self.role, DESK_READERS)}\"",
          "desk = f\"{among('h.state', _ordered(DESK_STATES))}\"", ROWS),
    Fault("exchange", "a row hangs on another agency's row", "casework/migrations/0006_keys.py",
          "        migrations.RunSQL(KEYS, migrations.RunSQL.noop),\n", "", GRANTS),
    Fault("privacy", "the asker learns that somebody is known", "casework/actions/searching.py",
          "    return ActionResult(None, made)\n", "    return ActionResult(None, made, {'known': made})\n", SEARCH),
    Fault("privacy", "a source stands with the record", "casework/lock/policies.py",
          "return f\"{table}.agency_id = {self.agency} AND {self.action} = '{action}' AND {reach}\"",
          'return f"{table}.agency_id = {self.agency} AND {reach}"', "tests/sabotage/test_faults.py"),
    Fault("privacy", "a reference of another agency is known", "casework/sql/references.sql",
          "WHERE r.group_id = lock.agency() AND r.reference = called", "WHERE r.reference = called", EXPLAINED),
    Fault("privacy", "explaining shows the future as the past", "permissions/explaining.py",
          "return self.since <= at and", "return", EXPLAINED),
    Fault("style", "a view fetches past the scope", "web/views/cases.py",
          '"""Show what lies on the desk."""\n', '"""Show what lies on the desk."""\n    request.objects.get(pk=1)\n', TIDY),
)  # fmt: skip
