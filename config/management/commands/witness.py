"""Runs a witness of other agencies' trails; `python -m audit.witness` does the same without this project's settings."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from audit.witness import main


class Command(BaseCommand):
    """Passes its arguments on."""

    help = "Witness the checkpoints of another agency's trail."
    requires_system_checks = ()

    def run_from_argv(self, argv: list[str]) -> None:
        """Hand the arguments to the witness as they are."""
        raise SystemExit(main(argv[2:]))

    def add_arguments(self, parser: CommandParser) -> None:
        """Take none of its own."""

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Say how it is started."""
        self.stdout.write("Start it from a shell: manage.py witness --data DIR --log KEY")
