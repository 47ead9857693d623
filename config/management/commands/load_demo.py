"""Loads invented agencies, people and a few cases into a demo installation; a second run adds nothing."""

import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from casework.actions.perform import perform
from casework.worker.carry_out import database_now
from config.settings import ENVIRONMENT
from permissions.decision import Actor
from permissions.installing import stored_mode
from permissions.services import NewAgency, NewPerson, agencies_by_name, agree_all, confirm_all, install
from permissions.vocabulary import Action, AgencyKind, Role

AGENCIES = (
    NewAgency("Politie Voorbeeld Oost", AgencyKind.POLICE, "Politie Voorbeeld"),
    NewAgency("Politie Voorbeeld West", AgencyKind.POLICE, "Politie Voorbeeld"),
    NewAgency("Veilig Thuis Voorbeeldstad", AgencyKind.VEILIG_THUIS),
    NewAgency("Jeugdhulp Voorbeeldstad", AgencyKind.YOUTH_CARE_PROVIDER),
    NewAgency("Wijkteam Voorbeeldstad", AgencyKind.LOCAL_TEAM),
)
POLICE, _WEST, VEILIG_THUIS, YOUTH, TEAM = (agency.name for agency in AGENCIES)
PEOPLE = (
    ("lies", "Lies Liaison", POLICE, (Role.POLICE_LIAISON,)),
    ("dirk", "Dirk Beslisser", POLICE, (Role.TRIAGE_DECIDER,)),
    ("karin", "Karin Toetser", POLICE, (Role.QUALITY_CHECKER,)),
    ("saskia", "Saskia Teamleider", POLICE, (Role.SUPERVISOR,)),
    ("arie", "Arie Auditor", POLICE, (Role.AUDITOR,)),
    ("wim", "Wim Werker", VEILIG_THUIS, (Role.CASEWORKER,)),
    ("vera", "Vera Beslisser", VEILIG_THUIS, (Role.TRIAGE_DECIDER,)),
    ("anke", "Anke Auditor", VEILIG_THUIS, (Role.AUDITOR,)),
    ("joke", "Joke Jeugdwerker", YOUTH, (Role.CASEWORKER,)),
    ("jan", "Jan Toetser", YOUTH, (Role.QUALITY_CHECKER,)),
    ("tom", "Tom Teamlid", TEAM, (Role.CASEWORKER, Role.TRIAGE_DECIDER)),
)
STREETS = ("Proefstraat", "Testlaan", "Voorbeeldweg")


class Command(BaseCommand):
    """Only in demo mode: these people have a password that is printed."""

    help = "Load demo agencies, people and cases."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Load what is missing, and write the sign-ins beside the data."""
        if settings.MODE != "demo" or stored_mode() != "demo":
            raise CommandError("Demo people exist in demo mode only.", returncode=2)
        password = _password(ENVIRONMENT.data)
        if POLICE not in agencies_by_name():
            people = [NewPerson(name, full, agency, roles, password) for name, full, agency, roles in PEOPLE]
            now = database_now()
            actors = install(AGENCIES, people, now)
            agree_all(now.date())
            _cases(actors["lies"])
        confirm_all()
        lines = [f"  {name:8} {full}, {agency}" for name, full, agency, _ in PEOPLE]
        text = f"Demo sign-ins, all with the password {password}\n" + "\n".join(lines)
        path = ENVIRONMENT.data / "demo-people.txt"
        path.touch(0o600)
        path.write_text(text)


def _password(data: Path) -> str:
    """Return the password of the demo people of this installation, made at its first start."""
    path = data / "demo-password.txt"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        path.touch(0o600)
        path.write_text("-".join(secrets.token_hex(2) for _ in range(4)))
    return path.read_text().strip()


def _cases(liaison: Actor) -> None:
    for number, street in enumerate(STREETS, 1):
        premises = {"street": street, "number": str(number), "postcode": "1234 AB", "town": "Voorbeeldstad"}
        given = {"basis": {"code": "WPG_8", "article": "8"}, "premises": premises}
        done = perform(liaison, Action.OPEN_CASE, given=given)
        if number > 1:
            perform(liaison, Action.SUBMIT, done.made["warning"])
