"""Faults of lists, looks and acts of the service, after those of the trail."""

from tests.sabotage.faults import Fault

WHOLE = "tests/casework/selectors/test_whole_lists.py"
SYSTEM = "tests/policy/test_system_acts.py"
CONFLICTS = "tests/casework/actions/test_conflicts.py"

OF_LISTS = (
    Fault("lists", "a log bounds before it folds", "casework/oversight/access_log.py",
          "WITH seen AS MATERIALIZED ({seen})", "WITH seen AS MATERIALIZED ({seen} LIMIT 1000)", WHOLE),
    Fault("lists", "a print holds one page", "casework/selectors/cases.py",
          "rows_of(rows if whole else rows[: SIZE + 1],", "rows_of(rows[: SIZE + 1],", WHOLE),
    Fault("lists", "a search does not say that there is more", "casework/selectors/searching.py",
          "return Search(found, len(rows) > most)", "return Search(found, False)", WHOLE),
    Fault("looks", "a search names no case that it showed", "audit/recording.py",
          '        said["cases"] = found\n', "        pass\n", WHOLE),
    Fault("looks", "everybody reads who was shown a case", "casework/sql/access_log.sql",
          "AND (reviews OR (leads AND EXISTS", "AND (true OR (leads AND EXISTS", WHOLE),
    Fault("system", "access is reconciled under another act's name", "casework/worker/carry_out.py",
          "Action.RECONCILE_ACCESS", "Action.MARK_OVERDUE", SYSTEM),
    Fault("system", "entries are destroyed under any act's name", "audit/sql/destroy_expired.sql",
          "IF lock.action() IS DISTINCT FROM 'destroy_entries' OR lock.role()", "IF lock.role()", SYSTEM),
    Fault("system", "two agencies of one name become one", "permissions/services.py",
          "if found and not _is_same(found, new):", "if False:", SYSTEM),
    Fault("walls", "a page leads to what the act has closed", "casework/entries/table.py",
          'parts=("wall",), shuts_out=True)', 'parts=("wall",))', CONFLICTS),
)  # fmt: skip
