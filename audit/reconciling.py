"""How a guarded row can differ from the trail: the words of audit/sql/reconcile.sql."""

ALTERED, UNKNOWN, MISSING, RULES = "row_altered", "row_unknown", "row_missing", "rules_altered"
"""Another value than its entries say, no entries at all, or entries and no row; the last is of what guards the rows."""
DIFFERENCES = frozenset({ALTERED, UNKNOWN, MISSING, RULES})
