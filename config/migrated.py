"""Refuses a database that this version cannot bring up to date, or not in this mode, before anything is changed."""

from collections.abc import Iterable

from django.db import connection
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from permissions.installing import stored_mode

HALF = "This database is half migrated, restore a whole backup"


class Unfit(Exception):  # noqa: N818 - the sentence that is printed
    """This database cannot be brought up to date by this version; the text says why."""


def refuse_unfit(mode: str) -> None:
    """Raise Unfit when the database is of a newer version or another mode, or half migrated."""
    loader = MigrationLoader(connection, ignore_no_migrations=True)
    applied = loader.applied_migrations or {}
    newer = sorted(f"{app}.{name}" for app, name in set(applied) - set(loader.disk_migrations or {}))
    if newer:
        raise Unfit(f"This database was prepared by a newer version of Schakel: this one does not know {_named(newer)}.")
    made_in = stored_mode()
    if made_in not in {"", mode}:
        raise Unfit(f"This database was made in {made_in} mode; it cannot run in {mode} mode.")
    try:
        loader.check_consistent_history(connection)
    except InconsistentMigrationHistory as error:
        raise Unfit(f"{HALF}: {str(error).split(' on database')[0]}.") from error
    there = _columns_there()
    said = _columns_of(loader.project_state([key for key in loader.graph.nodes if key in applied]))
    if missing := sorted(said - there):
        raise Unfit(f"{HALF}: {_named(missing)} is missing.")
    if unsaid := sorted((_columns_of(loader.project_state()) - said) & there):
        raise Unfit(f"{HALF}: no migration says that it made {_named(unsaid)}.")


def _named(found: Iterable[object]) -> str:
    """Name the first, and count the others."""
    words = [".".join(one) if isinstance(one, tuple) else str(one) for one in found]
    return words[0] if len(words) == 1 else f"{words[0]} (and {len(words) - 1} more)"


def _columns_of(state: ProjectState) -> set[tuple[str, str]]:
    """Return each column of each table that migrations made."""
    models = state.apps.get_models(include_auto_created=True)
    managed = [model._meta for model in models if model._meta.managed and not model._meta.proxy]  # noqa: SLF001 - Django's own way
    return {(meta.db_table, field.column or "") for meta in managed for field in meta.local_concrete_fields}


def _columns_there() -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
            " AND a.attnum > 0 AND NOT a.attisdropped"
        )
        return set(cursor.fetchall())
