"""Answers who saw a case in a month and why: for each agency that knows the case by this reference, what it may know."""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.models import Entry
from audit.recording import record_read
from casework.input.moments import read_month
from casework.input.read import Malformed, read_typed
from casework.oversight.access_log import case_by_reference, folded_in_database
from permissions.acting import acting_as, current_moment
from permissions.installing import system_actor
from permissions.services import agencies_by_name
from permissions.vocabulary import Action, Role
from web.words import complaint
from workflows.calendars import day_of, local_span

NAMES = ("last_at", "person", "role", "organisation", "verb", "word", "purpose", "basis", "result", "times")


def _month(text: str, today: date) -> tuple[datetime, datetime]:
    """Return the first moment of a month and of the next, in Europe/Amsterdam; `last` is the month before this."""
    try:
        first = read_typed("month", lambda typed: read_month(typed, today), text)
    except Malformed as error:
        raise CommandError(complaint(error), returncode=2) from None
    after = (first + timedelta(days=32)).replace(day=1)
    return local_span(first, after - timedelta(days=1))


class Command(BaseCommand):
    """Entries hold no content; the look stands on the trail of the case."""

    help = "Show who saw a case, what and why: by default last month."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the case and the month."""
        parser.add_argument("case", help="the reference as an agency knows it")
        parser.add_argument(
            "--month", nargs="?", default="last", const="last", help="2026-03, March 2026, this, or last (the default)"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print a line for each person, kind of act and day."""
        known = False
        for name, agency_id in agencies_by_name().items():
            with acting_as(system_actor(Role.MIGRATION, agency_id), Role.MIGRATION, Action.SEE_ACCESS_LOG):
                case_id = case_by_reference(options["case"])
                if case_id is None:
                    continue
                known, today = True, day_of(current_moment())
                span = _month(options["month"], today)
                asked = {"case": case_id, "since": span[0], "until": span[1]}
                lines = folded_in_database("SELECT * FROM lock.who_saw(%(case)s, %(since)s, %(until)s)", asked)
                record_read(Action.SEE_ACCESS_LOG, Entry, case_id, case=case_id, shown=["entries"])
            self.stdout.write(f"{name}, {span[0]:%Y-%m-%d} to {span[1]:%Y-%m-%d}: {len(lines)} lines")
            for line in lines:
                self.stdout.write("  " + "\t".join(str(getattr(line, name)) for name in NAMES))
        if not known:
            raise CommandError("No agency knows a case by this reference.", returncode=2)
