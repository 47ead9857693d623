"""Loads the invented people of a demo, and tells the story of their days; a second run adds nothing."""

import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from audit.roles import BACKUP
from casework.actions.intents import wake_with
from casework.scenario.backstage import Backstage
from casework.scenario.days import Days
from casework.scenario.playing import Differs
from casework.scenario.telling import Chapter, Teller, read_chapters, scene_of, told_before
from casework.worker.carry_out import database_now
from config.demo_people import AGENCIES, COLLEAGUES, PEOPLE
from config.demo_week import action_week
from config.environment import ROOT
from config.settings import ENVIRONMENT
from permissions.installing import stored_mode
from permissions.selectors import actor_at
from permissions.services import (
    NewAgency,
    NewPerson,
    agencies_by_name,
    agree_all,
    confirm_all,
    install,
    people_by_name,
)
from permissions.story import begin_story, end_story, story_began

STORIES = ROOT / "scenarios" / "demo"
SEED = "2026-11"
"""Another seed makes another action week, and other ids: the same one makes the same."""
WORKED_HERE = timedelta(days=400)
"""How long ago the people of a demo began to work, and their organisations to share."""
KINDNESS = 10
"""How much later than pages the telling gets the processor."""


class Command(BaseCommand):
    """Only in demo mode: these people have a password that is printed, and their story says moments of the past."""

    help = "Load demo agencies and people; with --story, tell what they did in the last months and today."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whether to tell the story."""
        parser.add_argument("--story", action="store_true", help="tell the story, or go on with it where it was stopped")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load what is missing, and write the sign-ins beside the data; or tell what is not told yet."""
        if settings.MODE != "demo" or stored_mode() != "demo":
            raise CommandError("Demo people exist in demo mode only.", returncode=2)
        if options["story"]:
            tell()
            return
        password = _password(ENVIRONMENT.data)
        if AGENCIES["oost"].name not in agencies_by_name():
            install_people(password, database_now())
            begin_story()
        confirm_all()
        lines = [f"  {name:8} {person.name}, {AGENCIES[person.agency].name}" for name, person in PEOPLE.items()]
        text = f"Demo sign-ins, all with the password {password}\n" + "\n".join(lines)
        path = ENVIRONMENT.data / "demo-people.txt"
        path.touch(0o600)
        path.write_text(text)


def install_people(password: str, now: datetime) -> None:
    """Add the agencies and people of the demo, who have worked there for a year; only who can sign in has a password."""
    agencies = [NewAgency(one.name, one.kind, one.controller) for one in AGENCIES.values()]
    people = [
        NewPerson(name, one.name, AGENCIES[one.agency].name, one.roles, password if name in PEOPLE else "")
        for name, one in (PEOPLE | COLLEAGUES).items()
    ]
    since = now - WORKED_HERE
    install(agencies, people, since)
    agree_all(since.date())


def chapters(days: Days) -> list[Chapter]:
    """Return the whole story, as it is told on this day."""
    people, names = PEOPLE | COLLEAGUES, {key: one.name for key, one in AGENCIES.items()}
    found = [chapter for path in sorted(STORIES.glob("*.yaml")) for chapter in read_chapters(path, days, people, names)]
    return [*found, *action_week(days, SEED)]


def tell() -> None:
    """Tell what is not told yet, at low priority; raises CommandError where the story is not what it was."""
    began = story_began()
    if began is None:
        return
    os.nice(KINDNESS)
    wake_with(lambda _: None)
    address = psycopg.conninfo.make_conninfo(ENVIRONMENT.database_url, user=BACKUP)
    try:
        reading = psycopg.connect(address, autocommit=True)
    except psycopg.OperationalError as error:
        why = f"The story of the demo is told beside the role {BACKUP}, which this server refuses."
        raise CommandError(why, returncode=1) from error
    try:
        with reading:
            tell_with(Backstage(reading), Days(began))
    except CommandError:
        end_story()  # what cannot be told never will be: the past is closed again
        raise
    end_story()


def tell_with(backstage: Backstage, days: Days) -> None:
    """Tell the whole story as its people, whose ids are read beside it; raises CommandError where it ends otherwise."""
    teller = teller_of(backstage)
    with connection.cursor() as cursor:
        # The same few statements a thousand times: a quarter of the work of the database would be planning them.
        cursor.execute("SET plan_cache_mode = force_generic_plan")
    for chapter in chapters(days):
        try:
            teller.tell(chapter, days.began)
        except Differs as error:
            raise CommandError(f"The story of the demo stopped at {chapter.name}, {error}", returncode=1) from error


def teller_of(backstage: Backstage) -> Teller:
    """Return who tells the story: the people as they act here, and what was told before."""
    people, agencies = people_by_name(), agencies_by_name()
    ids = {key: agencies[one.name] for key, one in AGENCIES.items()}
    actors = {name: actor_at(people[name], ids[one.agency]) for name, one in (PEOPLE | COLLEAGUES).items()}
    scene = scene_of(AGENCIES, PEOPLE | COLLEAGUES)
    return Teller(scene, backstage, actors, ids, seed=SEED, told=told_before(backstage))


def _password(data: Path) -> str:
    """Return the password of the demo people of this installation, made at its first start."""
    path = data / "demo-password.txt"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        path.touch(0o600)
        path.write_text("-".join(secrets.token_hex(2) for _ in range(4)))
    return path.read_text().strip()
