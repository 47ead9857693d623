"""Compares every row with the trail and names what was changed behind the application: table, row and column."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from casework.work import reconcile_rows


class Command(BaseCommand):
    """Also run by the scheduler: every five minutes what is new, each night everything."""

    help = "Name every row and column that does not stand as the trail says."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how much to look at."""
        parser.add_argument(
            "--full", action="store_true", help="look at every row, not only at those written since the last run"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print what differs; exit code 1 when something does."""
        found = reconcile_rows(entirely=options["full"])
        for table, row, column in found:
            self.stdout.write(f"{table}: changed" if not row else f"{table} {row}: {column or 'the row is gone'}")
        if found:
            raise CommandError(f"{len(found)} differences with the trail.", returncode=1)
        self.stdout.write("Every row stands as the trail says.")
