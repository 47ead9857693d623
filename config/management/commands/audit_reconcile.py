"""Compares every row with the trail and names what was changed behind the application: table, row and column.

What a run found is named by every later run too, until an auditor closes it with a reason.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from casework.worker.carry_out import Difference, reconcile_rows


class Command(BaseCommand):
    """Also run by the scheduler: every five minutes what is new, each night everything."""

    help = "Name every row and column that does not stand as the trail says."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how much to look at."""
        parser.add_argument(
            "--full", action="store_true", help="look at every row, not only at those written since the last run"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print every open difference; exit code 1 while there is one."""
        found = reconcile_rows(entirely=options["full"])
        for one in found:
            self.stdout.write(_line(one))
        if found:
            raise CommandError(f"{len(found)} differences with the trail that no auditor closed.", returncode=1)
        self.stdout.write("Every row stands as the trail says.")


def _line(one: Difference) -> str:
    """Say what differs, and whether it still does."""
    text = f"{one.table} {one.row}: {one.column or 'the row is gone'}" if one.row else f"{one.table}: changed"
    return text if one.is_there else f"{text} (stands again as the trail says; not closed)"
