"""How long an entry is kept, and which entries belong to no agency (audit/sql/destroy_expired.sql)."""

OF_THE_SYSTEM = ("destroy_entries", "rules_changed")
"""Words of entries about the trail and its guards: they belong to no agency and no case, and every auditor reads them."""
YEARS = 5
"""`LOG_POLICE` and `LOG_CARE` of workflows/retention.py."""
CONSTANTS: dict[str, int | tuple[str, ...]] = {"trail.kept_years": YEARS}
"""The values that the SQL of the trail takes from Python."""
