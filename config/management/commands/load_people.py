"""Adds agencies, people, agreements and confirmed bases from a file; what is there already stays as it is."""

import secrets
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from casework.scenario.nodes import Unreadable
from casework.scenario.reading import read
from casework.scenario.scene import Scene
from casework.worker.carry_out import database_now
from permissions.services import (
    NameTaken,
    NewAgency,
    NewPerson,
    agencies_by_name,
    agree,
    confirm,
    install,
    memberships_by_name,
    people_by_name,
)


def _refuse_changes(scene: Scene, known: set[str]) -> None:
    """Refuse a file that says otherwise of somebody who is there: this command adds people, and changes none."""
    there = memberships_by_name()
    for name, row in scene.people.items():
        said = (row.person or name, scene.agencies[row.agency].name, frozenset(map(str, row.roles)))
        if said[0] in known and said not in there:
            problem = f"{said[0]} is there already, and not as the file says at {said[1]}: nothing was added"
            raise CommandError(problem, returncode=2)


class Command(BaseCommand):
    """The way in for a new installation: the file has the agencies, people and agreements of docs/scenarios.md."""

    help = "Add agencies, people and agreements from a YAML file; prints a first password for each new person."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Add what is missing, each an entry on the trail."""
        try:
            scene = read(options["file"], without_steps=True)
        except Unreadable as error:
            raise CommandError(str(error), returncode=2) from error
        known = set(people_by_name())
        _refuse_changes(scene, known)
        agencies = [NewAgency(row.name, row.kind, row.controller) for row in scene.agencies.values()]
        people = [
            NewPerson(
                row.person or name, row.name or name, scene.agencies[row.agency].name, row.roles, secrets.token_urlsafe(12)
            )
            for name, row in scene.people.items()
            if (row.person or name) not in known
        ]
        now = database_now()
        try:
            install(agencies, people, now)
        except NameTaken as error:
            raise CommandError(str(error), returncode=2) from error
        ids = agencies_by_name()
        for sender, receiver, groups in scene.agreements or ():
            agree([(ids[scene.agencies[sender].name], ids[scene.agencies[receiver].name])], now.date(), groups)
        officers = people_by_name()
        for agency, codes, officer in scene.confirmed or ():
            key = ids[scene.agencies[agency].name]
            confirm({key: codes}, {key: officers[officer]})
        first: dict[str, NewPerson] = {}
        for person in people:
            first.setdefault(person.username, person)
        for person in first.values():
            self.stdout.write(f"{person.username}\t{person.password}")
