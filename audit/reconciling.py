"""How a guarded row can differ from the trail: the words of audit/sql/reconcile.sql."""

ALTERED, UNKNOWN, MISSING, RULES = "row_altered", "row_unknown", "row_missing", "rules_altered"
"""A value that no entry says, a row without entries, entries without a row, and a change of what guards the rows."""
DIFFERENCES = frozenset({ALTERED, UNKNOWN, MISSING, RULES})
