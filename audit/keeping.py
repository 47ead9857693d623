"""How long an entry stays, and which entries never go by whose they are (audit/sql/destroy_expired.sql)."""

OF_THE_SYSTEM = ("destroy_entries", "rules_changed")
"""Words of entries on the trail and its guards themselves: of no agency and no case, for every auditor."""
YEARS = 5
"""`LOG_POLICE` and `LOG_CARE` of workflows/retention.py."""
CONSTANTS: dict[str, int | tuple[str, ...]] = {"trail.kept_years": YEARS}
"""What the SQL of the trail is told by Python."""
