"""Plays a scenario in a database of its own, never on one with live data."""

import json
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from audit.roles import BACKUP
from casework.actions.intents import wake_with
from casework.scenario.backstage import Backstage
from casework.scenario.nodes import Unreadable
from casework.scenario.playing import Differs, Player
from casework.scenario.reading import read
from config import database, scratch
from config.environment import Unsafe
from config.postgres import Server
from config.settings import ENVIRONMENT


class Command(BaseCommand):
    """Exits 0 when every step ended as the scenario says, 1 when one did not, 2 when the file cannot be read."""

    help = "Play a scenario through the services, as its people, on its clock."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file and how to report."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="print the report as one JSON object")
        parser.add_argument("--keep", action="store_true", help="keep the scenario's database, and print its name")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make the database, play, report, and drop the database."""
        try:
            scene = read(options["file"])
        except Unreadable as error:
            raise CommandError(str(error), returncode=2) from error
        server = Server(ENVIRONMENT.data)
        try:
            admin, started = self._administrator(server)
        except Unsafe as error:
            raise CommandError(str(error), returncode=2) from error
        try:
            with scratch.scratch(admin, settings.ACTING_KEY.hex(), scenario=True, keep=options["keep"]) as name:
                self._play(admin, name, scene, options)
        finally:
            admin.close()
            if started:
                server.stop()

    def _administrator(self, server: Server) -> tuple[psycopg.Connection[Any], bool]:
        if ENVIRONMENT.is_embedded:
            admin, started = scratch.reach(server)
            database.make_roles(admin)
            return admin, started
        return psycopg.connect(ENVIRONMENT.database_owner_url, autocommit=True), False

    def _play(self, admin: psycopg.Connection[Any], name: str, scene: Any, options: dict[str, Any]) -> None:
        wake_with(lambda _: None)
        connection.close()
        connection.settings_dict["NAME"] = name
        with psycopg.connect(scratch.address(admin, BACKUP, name), autocommit=True) as reading:
            player = Player(scene, Backstage(reading))
            difference = ""
            try:
                player.play()
            except Differs as error:
                difference = str(error)
            figures = player.backstage.report()
            if not difference:
                try:
                    player.check_report(figures)
                except Differs as error:
                    difference = str(error)
            report = {"title": scene.title, "steps": player.played, "difference": difference, **figures}
        connection.close()
        if options["keep"]:
            self.stderr.write(f"kept: {name}")
        self.stdout.write(json.dumps(report, indent=None if options["json"] else 2, ensure_ascii=False))
        if difference:
            raise CommandError(difference, returncode=1)
