"""Recomputes what every grant rests on, and reports what differs; it changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casework.worker.carry_out import reconcile


class Command(BaseCommand):
    """Exit code 0 when every grant rests on the facts, 1 when one does not."""

    help = "Compare every grant with the facts that it rests on."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Report."""
        found = reconcile()
        for what, case_id, agency_id, person_id in found:
            self.stdout.write(f"{what}: case {case_id}, agency {agency_id}" + (f", person {person_id}" if person_id else ""))
        if found:
            raise CommandError(f"{len(found)} grants differ from the facts.", returncode=1)
        self.stdout.write("Every grant rests on the facts.")
