"""Faults of the trail, its seal and its reading, after those of access."""

from tests.sabotage.clock_faults import FAULTS as OF_CLOCKS
from tests.sabotage.corrected_faults import FAULTS as OF_CORRECTING
from tests.sabotage.drafts_faults import OF_DRAFTS
from tests.sabotage.faults import FAULTS as OF_ACCESS
from tests.sabotage.faults import Fault
from tests.sabotage.fitting_faults import OF_FITTING
from tests.sabotage.guessing_faults import OF_GUESSING
from tests.sabotage.hardened_faults import OF_HARDENING
from tests.sabotage.intake_faults import FAULTS as OF_INTAKE
from tests.sabotage.keys_faults import OF_KEYS
from tests.sabotage.law_faults import OF_THE_LAW
from tests.sabotage.leaving_faults import OF_LEAVING
from tests.sabotage.lists_faults import OF_LISTS
from tests.sabotage.pages_faults import OF_PAGES
from tests.sabotage.people_faults import OF_PEOPLE
from tests.sabotage.promised_faults import OF_PROMISES
from tests.sabotage.records_faults import OF_RECORDS
from tests.sabotage.rooms_faults import OF_ROOMS
from tests.sabotage.sealed_faults import OF_SEALS
from tests.sabotage.standing_faults import OF_STANDING
from tests.sabotage.stored_faults import OF_STORING
from tests.sabotage.team_faults import OF_THE_TEAM
from tests.sabotage.unplanted_faults import OF_WHAT_WAS_BARE
from tests.sabotage.upgrade_faults import OF_UPGRADES
from tests.sabotage.worklist_faults import FAULTS as OF_THE_WORKLIST

SEALING = "tests/audit/test_sealing.py"
TAMPERING = "tests/audit/test_tampering.py"
BAD = "tests/audit/test_bad_bundles.py"
WITNESS = "tests/audit/test_witness.py"
RECONCILING = "tests/audit/test_reconciling.py"
DIFFERENCES = "tests/audit/test_differences.py"
CENSUS = "tests/audit/test_census.py"
EXPORTS = "tests/audit/test_exports.py"
PLANS = "tests/audit/test_plans.py"
EXTERNAL = "tests/audit/test_external.py"
WORKBENCH = "tests/audit/test_workbench.py"
KEEPING = "tests/audit/test_destroy_expired.py"
RULES = "tests/audit/test_rules.py"
CIRCUMSTANCES = "tests/audit/test_circumstances.py"
FILES = "tests/tidy/test_sql.py"
SCHEMA = "tests/policy/test_schema.py"
UPGRADING = "tests/policy/test_upgrading.py"
VERIFY = "audit/verify.py"

OF_THE_TRAIL = (
    Fault("sql", "a function is everybody's", "audit/settle_sql.py",
          'f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC, {APP}', 'f"REVOKE ALL ON FUNCTION {signature} FROM {APP}', SCHEMA),
    Fault("sql", "a file of the trail reads who people are", "audit/sql/act_entries.sql", "NEW.actor_id := a.person;",
          "NEW.actor_id := (SELECT u.id FROM public.permissions_user u WHERE u.id = a.person);", FILES),
    Fault("sql", "a function with its owner's rights takes anybody's path", "audit/sql/append_only.sql",
          "SECURITY DEFINER SET search_path = pg_catalog, pg_temp", "SECURITY DEFINER", FILES),
    Fault("sql", "what an earlier version left stays", "audit/settle_sql.py",
          "    _drop(cursor, [signature for signature, version in before.items() if after.get(signature) == version], foreign=True)\n",
          "", UPGRADING),
    Fault("seal", "the seal follows the identity column", "audit/sql/positions.sql",
          "WHERE (x.xact, x.id) > (after_xact, after_id) AND x.xact < pg_snapshot_xmin(pg_current_snapshot())",
          "WHERE x.id > after_id", SEALING),
    Fault("seal", "a running writer is overtaken", "audit/sql/positions.sql",
          " AND x.xact < pg_snapshot_xmin(pg_current_snapshot())", "", SEALING),
    Fault("seal", "anybody seals", "audit/sql/seal.sql",
          "IF lock.role() IS DISTINCT FROM 'sealer' OR lock.action() IS DISTINCT FROM 'seal_trail' THEN", "IF false THEN", SEALING),
    Fault("verifier", "signatures are not checked", VERIFY,
          "        if not is_by_its_log(note, self.keys):\n", "        if False:\n", BAD),
    Fault("verifier", "roots are not compared", VERIFY,
          "if self.is_all and note.root != self.edge.root():", "if False:", TAMPERING),
    Fault("verifier", "stored leaf hashes are not compared", VERIFY,
          "if read and (stored := read(32)) != leaf:", "if (stored := leaf) != leaf:", TAMPERING),
    Fault("keeping", "a gap is excused that the trail does not tell of", VERIFY, "if self.gone != self.told:", "if False:", KEEPING),
    Fault("keeping", "anybody deletes", "audit/sql/append_only.sql", "    IF trail.is_due(OLD) THEN\n", "    IF true THEN\n", KEEPING),
    Fault("keeping", "what vouches for a value goes", "audit/sql/destroy_expired.sql", "(e.action > 2 OR NOT EXISTS", "(true OR NOT EXISTS", KEEPING),
    Fault("keeping", "places shift where entries went", "audit/sql/positions.sql", "WHEN gone = '{}' THEN n", "WHEN true THEN n", KEEPING),
    Fault("rules", "a disabled trigger is not looked at", "audit/sql/shape.sql", "t.tgenabled::text || pg_get_triggerdef(t.oid)",
          "pg_get_triggerdef(t.oid)", RULES),
    Fault("rules", "a change is told and not kept", "audit/sql/shape.sql", "WHERE s.kept IS DISTINCT FROM s.seen ORDER BY",
          "WHERE false ORDER BY", RULES),
    Fault("circumstances", "the address is what anybody says", "web/requests.py", '.rsplit(",", 1)[-1]', '.split(",", 1)[0]',
          CIRCUMSTANCES),
    Fault("circumstances", "a delivery does not say whose act it carries out", "casework/worker/carry_out.py",
          "circumstances.set(Circumstances(on_behalf_of=intent.on_behalf_of_id))", "circumstances.set(Circumstances())",
          CIRCUMSTANCES),
    Fault("commands", "a bundle lies there before its entry", "config/management/commands/audit_export.py",
          "export_all(Path(aside, out.name))", "export_all(out) and export_all(Path(aside, out.name))", CENSUS),
    Fault("verifier", "what a witness saw is not compared", VERIFY,
          "if self.view[0].root != (root or self.edge.root()):", "if False:", TAMPERING),
    Fault("verifier", "a cut log passes", VERIFY,
          "        if self.view:\n            raise Broken(", "        if False:\n            raise Broken(", TAMPERING),
    Fault("verifier", "a proof between checkpoints is not checked", VERIFY,
          "if before and not is_consistent(", "if False and not is_consistent(", BAD),
    Fault("verifier", "an inclusion proof is not checked", VERIFY, "            if not is_included(", "            if False and not is_included(",
          SEALING),
    Fault("witness", "a fork is taken", "audit/witness.py",
          "if not is_consistent(size, root, note.size, note.root, proof):", "if False:", WITNESS),
    Fault("witness", "a restart forgets", "audit/witness.py", "        if self.seen.exists():\n", "        if False:\n", WITNESS),
    Fault("witness", "anybody's signature will do", "audit/witness.py",
          "        if not is_by_its_log(note, self.keys):\n", "        if False:\n", WITNESS),
    Fault("census", "a value stands in the entry", "audit/sql/change_entries.sql",
          "jsonb_build_array(NULL, trail.commitment(salt, y.key, y.value))", "jsonb_build_array(NULL, y.value)", CENSUS),
    Fault("census", "a deletion leaves no entry", "casework/migrations/0002_guards.py",
          "AFTER INSERT OR UPDATE OR DELETE ON casework_track FOR", "AFTER INSERT OR UPDATE ON casework_track FOR", CENSUS),
    Fault("census", "what nobody does is written", "audit/sql/change_entries.sql",
          "    RAISE insufficient_privilege USING MESSAGE = 'nobody is acting';\n  END IF;\n  SELECT id INTO kind",
          "    a.person := 1;\n  END IF;\n  SELECT id INTO kind", CENSUS),
    Fault("census", "a delivery does not say on what basis", "audit/sql/change_entries.sql",
          "CASE TG_ARGV[4] WHEN 'provide' THEN coalesce(nullif(r ->> 'basis', ''), a.basis) ELSE a.basis END", "a.basis", CENSUS),
    Fault("reconcile", "a row without entries passes", "audit/sql/reconcile.sql", "    ELSE true END", "    ELSE false END", RECONCILING),
    Fault("reconcile", "a row that went is not missed", "audit/sql/reconcile.sql",
          "IF entirely OR before IS NULL OR there IS DISTINCT FROM expected THEN", "IF entirely THEN", RECONCILING),
    Fault("reconcile", "what was put back is forgotten", "casework/sql/differences.sql",
          "WHERE x.in_table <> '' AND x.closed_at IS NULL AND NOT", "WHERE x.is_there AND x.closed_at IS NULL AND NOT", DIFFERENCES),
    Fault("reconcile", "what was closed is not looked at again", "casework/sql/differences.sql",
          "AND (x.closed_at IS NULL OR x.is_there) GROUP BY 1", "AND x.closed_at IS NULL GROUP BY 1", DIFFERENCES),
    Fault("reconcile", "a finding is closed without a reason", "casework/sql/closing_findings.sql",
          "    OR btrim(NEW.closing) = '' OR", "    OR", DIFFERENCES),
    Fault("export", "a cell is a formula", "casework/oversight/formats.py", "f\"'{one}\" if one.startswith(RISKY) else one", "one", EXPORTS),
    Fault("export", "an export lasts for ever", "casework/sql/removing_exports.sql",
          "  DELETE FROM public.casework_exportpart p WHERE p.export_id = gone;\n", "", EXPORTS),
    Fault("export", "a colleague fetches it", "casework/lock/policies.py",
          'return f"{table}.agency_id = {mine} AND {table}.made_by_id = {self.person}"',
          'return f"{table}.agency_id = {mine}"', EXPORTS),
    Fault("export", "it is made for whose membership ended", "permissions/sql/act_as.sql",
          "AND m.starts_at <= who.moment AND (m.ends_at IS NULL OR m.ends_at > who.moment)", "AND m.starts_at <= who.moment", EXPORTS),
    Fault("export", "a part is lost with the worker that wrote it", "casework/worker/carry_out.py",
          "    except (NotNow, Incomplete, Refused) as error:\n        # It has", "    except Exception as error:\n        # It has", EXPORTS),
    Fault("workbench", "what others did on the agency's records is left out", "casework/oversight/access_log.py",
          "query.filter(BY_OTHERS, record_agency_id=mine)", "query.none()", PLANS),
    Fault("workbench", "a whole log is sorted for its newest page", "permissions/policies.py",
          'f"CASE WHEN {sees} THEN true ELSE false END"', "sees", PLANS),
    Fault("workbench", "an external auditor sees every log", "casework/lock/policies.py",
          'self.is_named("audit_entry.case_id"))', '"true")', EXTERNAL),
    Fault("workbench", "a person concerned is found behind a wall", "casework/sql/access_log.sql",
          "AND NOT EXISTS (SELECT 1 FROM public.casework_wall w WHERE w.user_id = lock.person() AND w.case_id = t.case_id",
          "AND NOT EXISTS (SELECT 1 FROM public.casework_wall w WHERE w.user_id = 0 AND w.case_id = t.case_id", WORKBENCH),
    Fault("workbench", "one reviews oneself", "casework/actions/reviews.py",
          '    if values.get("person") == request.act.actor.person_id:\n', "    if False:\n", WORKBENCH),
    Fault("workbench", "a note is written on what one may not see", "casework/actions/reviews.py",
          '    if not Entry.objects.filter(pk=values["entry"]).exists():\n', "    if False:\n", WORKBENCH),
    Fault("workbench", "a wall is forgotten", "casework/sql/looks.sql",
          "WHERE v.case_id = f.case_id AND v.user_id = lock.person()", "WHERE v.case_id = f.case_id AND v.user_id = 0", WORKBENCH),
)  # fmt: skip

FAULTS = (
    *OF_ACCESS, *OF_CLOCKS, *OF_THE_TRAIL, *OF_INTAKE, *OF_STORING,
    *OF_UPGRADES, *OF_THE_WORKLIST, *OF_CORRECTING, *OF_LEAVING, *OF_FITTING, *OF_LISTS, *OF_THE_TEAM,
    *OF_STANDING, *OF_GUESSING, *OF_HARDENING, *OF_PAGES, *OF_RECORDS, *OF_KEYS, *OF_THE_LAW, *OF_SEALS,
    *OF_WHAT_WAS_BARE, *OF_PROMISES, *OF_ROOMS,
    *OF_DRAFTS, *OF_PEOPLE,
)  # fmt: skip
