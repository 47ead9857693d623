"""Prints the workflows, as tables or as Mermaid diagrams."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from workflows.tracks import WORKFLOWS


class Command(BaseCommand):
    """Reads no database."""

    help = "Print the workflows."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the form."""
        parser.add_argument("--mermaid", action="store_true", help="print state diagrams")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print each workflow."""
        for workflow in WORKFLOWS.values():
            self.stdout.write(f"%% {workflow.name}")
            if options["mermaid"]:
                self.stdout.write(workflow.mermaid())
                continue
            for step in workflow.steps:
                self.stdout.write(f"{step.source:18} {step.action:22} {step.target:18} {' '.join(step.needs) or '-'}")
