"""Writes the whole trail as a bundle for `python -m audit.verify`."""

from errno import EEXIST
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.exporting import NotYet, export_all
from audit.models import Entry
from audit.recording import record_act
from permissions.acting import acting_as
from permissions.installing import system_actor
from permissions.vocabulary import Action, Role


class Command(BaseCommand):
    """Entries hold no content; the export itself stands on the trail."""

    help = "Write the sealed trail to a new folder."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder."""
        parser.add_argument("--out", type=Path, required=True, help="a folder that does not exist yet")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write it."""
        out: Path = options["out"]
        try:
            if out.exists():
                raise FileExistsError(EEXIST, "it exists already")
            # Written under another name first, and moved once the entry is committed: before that nobody has a bundle.
            with TemporaryDirectory(prefix=".export-", dir=out.absolute().parent) as aside:
                with acting_as(system_actor(Role.MIGRATION), Role.MIGRATION, Action.EXPORT_TRAIL):
                    count = export_all(Path(aside, out.name))
                    record_act("provide", Action.EXPORT_TRAIL, Entry, "", said={"entries": count})
                Path(aside, out.name).rename(out)
        except NotYet as error:
            raise CommandError(str(error), returncode=2) from error
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror}.", returncode=2) from error
        self.stdout.write(f"{count} entries in {options['out']}")
