"""Leaves typed words out of the planner's statistics, since EXPLAIN shows its estimates to whoever asks.

A common name would be estimated at more rows than an absent one, even for somebody from whom the row policy hides both.
"""

from django.apps import apps
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from casework.input.fields import PlainText

OF_PEOPLE = (
    ("casework_nametoken", "token"),
    ("casework_personincase", "tokens"),
    ("casework_premises", "address_keys"),
    ("casework_participation", "reference"),
    ("casework_assignment", "reference"),
    ("casework_emergency", "reference"),
    *(("casework_draft", name) for name in ("sealed", "person_id", "membership_id", "about_id", "case_id")),
    ("permissions_user", "username"),
    ("permissions_user", "email"),
    ("permissions_user", "full_name"),
    ("permissions_user", "password"),
    ("permissions_membership", "user_id"),
)
"""Columns beside the typed texts that tell of somebody."""


def columns_of_people() -> list[tuple[str, str]]:
    """Return the columns without statistics: table and column."""
    texts = [
        (model._meta.db_table, str(field.column))  # noqa: SLF001 - the only way to its table
        for model in apps.get_app_config("casework").get_models()
        for field in model._meta.get_fields()  # noqa: SLF001 - the same
        if isinstance(field, PlainText)
    ]
    return sorted({*texts, *OF_PEOPLE})


def forget_values(cursor: CursorWrapper) -> None:
    """Let the planner remember nothing of these columns, and drop what it does; as their owner. Repeatable."""
    tables, columns = zip(*columns_of_people(), strict=True)
    cursor.execute(
        "SELECT r.relname::text, a.attname::text FROM pg_attribute a JOIN pg_class r ON r.oid = a.attrelid"
        " JOIN unnest(%s::text[], %s::text[]) AS x (tab, col) ON r.relname = x.tab AND a.attname = x.col"
        " WHERE r.relnamespace = 'public'::regnamespace AND a.attstattarget IS DISTINCT FROM 0",
        [list(tables), list(columns)],
    )
    found = cursor.fetchall()
    cursor.execute("SELECT to_regproc('pg_catalog.pg_clear_attribute_stats') IS NOT NULL")
    (can_clear,) = cursor.fetchone()
    for table, column in found:
        cursor.execute(
            sql.SQL("ALTER TABLE {} ALTER COLUMN {} SET STATISTICS 0").format(*map(sql.Identifier, (table, column)))
        )
        if can_clear:
            cursor.execute("SELECT pg_clear_attribute_stats('public', %s, %s, false)", [table, column])
