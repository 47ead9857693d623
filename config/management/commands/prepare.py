"""Brings the database up to date, as its owner: tables, guards, privileges, key, mode and system actors."""

import os
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from casework import guards
from permissions import lock
from permissions.installing import settle, stored_mode


class Command(BaseCommand):
    """Run by `make run`, by the tests' template and by whoever deploys; a second run changes nothing."""

    help = "Migrate the database as its owner and settle privileges, key and mode."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Migrate, settle, and refuse when the database was made in another mode."""
        call_command("migrate", verbosity=0, interactive=False)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(lock.REPLACE)
            cursor.execute(guards.SETTLE)
        settle(settings.MODE, is_scenario=os.environ.get("SCHAKEL_SCENARIO") == "1")
        kept = stored_mode()
        if kept != settings.MODE:
            raise CommandError(
                f"This database was made in {kept} mode; it cannot run in {settings.MODE} mode.", returncode=2
            )
