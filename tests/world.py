"""Invented agencies and people, and short ways to bring a case somewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import psycopg
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from casework.actions.perform import perform as do
from casework.actions.request import ActionResult
from casework.input.codes import CRITERIA, EXCLUSIONS
from casework.worker.carry_out import database_now, run_due
from permissions.acting import scenario_moment
from permissions.announcing import announced_as
from permissions.bases import own_basis
from permissions.circumstances import Circumstances
from permissions.decision import Actor
from permissions.models import User
from permissions.services import NewAgency, NewPerson, agree_all, confirm_all, install
from permissions.signing import Identity, signed
from permissions.vocabulary import Action, AgencyKind, Role

PASSWORD = "proef-wachtwoord-1"
AGENCIES = (
    NewAgency("Politie Voorbeeld Oost", AgencyKind.POLICE, "Politie Voorbeeld"),
    NewAgency("Politie Voorbeeld West", AgencyKind.POLICE, "Politie Voorbeeld"),
    NewAgency("Veilig Thuis Proefstad", AgencyKind.VEILIG_THUIS),
    NewAgency("Jeugdhulp Proefstad", AgencyKind.YOUTH_CARE_PROVIDER),
    NewAgency("Beheer Voorbeeld", AgencyKind.PLATFORM_OPERATOR),
)
PEOPLE = (
    ("lies", "Lies Liaison", 0, (Role.POLICE_LIAISON,)),
    ("leo", "Leo Liaison", 0, (Role.POLICE_LIAISON,)),
    ("dirk", "Dirk Beslisser", 0, (Role.TRIAGE_DECIDER,)),
    ("karin", "Karin Toetser", 0, (Role.QUALITY_CHECKER,)),
    ("saskia", "Saskia Teamleider", 0, (Role.SUPERVISOR,)),
    ("sjoerd", "Sjoerd Teamleider", 0, (Role.SUPERVISOR,)),
    ("arie", "Arie Auditor", 0, (Role.AUDITOR,)),
    ("bea", "Bea Beheerder", 0, (Role.AGENCY_ADMIN,)),
    ("wanda", "Wanda West", 1, (Role.POLICE_LIAISON, Role.TRIAGE_DECIDER)),
    ("wim", "Wim Werker", 2, (Role.CASEWORKER,)),
    ("vera", "Vera Beslisser", 2, (Role.TRIAGE_DECIDER,)),
    ("ilse", "Ilse Intake", 2, (Role.INTAKE_WORKER,)),
    ("anke", "Anke Auditor", 2, (Role.AUDITOR,)),
    ("joke", "Joke Jeugd", 3, (Role.CASEWORKER,)),
    ("jan", "Jan Toetser", 3, (Role.QUALITY_CHECKER,)),
    ("otto", "Otto Operator", 4, (Role.PLATFORM_OPERATOR,)),
)


def identity_of(actor: Actor, action: Action, pid: int) -> Identity:
    """Return the identity of a person as the application would sign it, for a connection of one's choice."""
    return Identity(
        pid=pid,
        person=actor.person_id,
        agency=actor.agency_id,
        membership=actor.membership_id,
        role=actor.roles[0],
        action=action,
        purpose=action,
        basis=own_basis(actor.kind),
        operation=uuid4(),
        **Circumstances().signed_fields(),
    )


def token_of(who: Identity) -> tuple[str, bytes]:
    """Return an identity as `lock.act_as` takes it."""
    return signed("identity", **asdict(who))


def another(number: int) -> str:
    """Return an ending that makes another name of a name, and no word that nobody is called."""
    return f"{another(number // 60)}{'bdfgklmnprst'[number % 12]}{'aeiou'[number // 12 % 5]}" if number else ""


def checklist() -> dict[str, Any]:
    """Everything that planning a visit rests on."""
    exclusions = {f"{name}_source": "intake" for name in EXCLUSIONS} | dict.fromkeys(EXCLUSIONS, "no")
    return {
        "criteria": {f"{name}_source": "intake" for name in CRITERIA} | dict.fromkeys(CRITERIA, "yes"),
        "exclusions": exclusions,
        "prior_warning_checked": {"yes": "no", "date": "today"},
        "prosecutor_approval": {"name": "Officier Voorbeeld", "date": "today", "code": "prosecutor"},
        "known_children_checked": {"yes": "no", "date": "today"},
    }


PLAN = {
    "visit_plan": {
        "date": "today",
        "officers": ["Agent Een", "Agent Twee"],
        "subject": "Rustig aanspreken.",
        "family": "Bij het gezin blijven.",
        "team": "Met zijn tweeen.",
    },
}
REPORT = {
    "visit_report": {"outcome": "warned", "date": "today", "warned": 1, "cautioned": "yes"},
    "child_check": {"code": "none"},
    "help_offer": {"code": "card", "date": "today"},
}
PERSON = {"role": "subject", "family_name": "Proef", "given_names": "Testpersoon", "birth_date": "1984-05-01"}
PREMISES = {"street": "Proefstraat", "number": "1", "town": "Voorbeeldstad"}
LETTER = {"letter": "l", "task": "Beoordelen of een kind veilig is."}
AUTHORITY = {
    "interest": "Het belang van een kind op dit adres.",
    "authority": "prosecutor",
    "authority_name": "Officier Voorbeeld",
    "authority_date": "2026-01-05",
    "purpose": "give_help",
    "secrecy": "yes",
}
NECESSARY = {"why_items": "Nodig om te oordelen.", "why_receiver": "Zij oordelen.", "why_now": "Het is nu."}


def perform(*parts: Any, **more: Any) -> ActionResult:
    """Do an act; on a clock that a test sets, each act takes a second, as nothing happens at one moment twice."""
    if moment := scenario_moment.get():
        scenario_moment.set(moment + timedelta(seconds=1))
    return do(*parts, **more)


class FormClient(Client):
    """A browser's forms: never multipart."""

    def post(self, path: str, data: Any = None, content_type: str = "", **extra: Any) -> Any:  # type: ignore[override]
        if content_type:
            return super().post(path, data, content_type, **extra)
        body = urlencode(data or {}, doseq=True)
        return super().post(path, body, "application/x-www-form-urlencoded", **extra)


def signed_in(who: str, password: str = PASSWORD) -> FormClient:
    client = FormClient(raise_request_exception=False)
    done = client.post("/account/sign-in", {"login": who, "password": password})
    assert done.status_code == 302, done.content
    return client


@contextmanager
def signing_in(who: str) -> Iterator[User]:
    """Somebody's account, while they sign in."""
    user = User.signing_in(name=who)
    assert user
    with announced_as(user.pk):
        yield user


def with_factor(who: str, secret: str) -> User:
    """Somebody's account, with a second factor."""
    with signing_in(who) as user:
        TOTP.activate(user, secret)
        return user


def stepped_up(who: str) -> FormClient:
    """Signed in, and the password typed again."""
    client = signed_in(who)
    assert client.post("/account/again?next=/emergency", {"password": PASSWORD}).status_code == 302
    return client


class Rows(list[tuple[Any, ...]]):
    """What a query found; of several rows in no order nobody takes one, as it would be another one some day."""

    are_ordered = False

    def __getitem__(self, at: Any) -> Any:
        assert self.are_ordered or len(self) < 2, f"row {at} of {len(self)} that a query gives in no order"
        return super().__getitem__(at)


@dataclass
class World:
    """Who there is; `lies`, `dirk` and the others are attributes."""

    superuser: psycopg.Connection
    people: dict[str, Actor] = field(default_factory=dict)
    tracks: int = 0
    reports: int = 0

    def __post_init__(self) -> None:
        since = datetime.now(UTC) - timedelta(days=30)
        people = [NewPerson(name, full, AGENCIES[at].name, roles, PASSWORD) for name, full, at, roles in PEOPLE]
        self.people = install(AGENCIES, people, since)
        agree_all(since.date())
        confirm_all()

    def __getattr__(self, name: str) -> Actor:
        people: dict[str, Actor] = self.__dict__.get("people", {})
        if name in people:
            return people[name]
        raise AttributeError(name)

    def agency(self, person: str) -> int:
        return self.people[person].agency_id or 0

    def agency_of_kind(self, kind: AgencyKind) -> int:
        """The one agency of a kind."""
        ((key,),) = self.rows("SELECT group_id FROM permissions_agency WHERE kind = %s", kind)
        return int(key)

    def opened(self, who: str = "lies", **content: Any) -> ActionResult:
        given = {"person": PERSON, "premises": PREMISES, **content}
        if who == "lies":
            given.setdefault("basis", {"code": "WPG_8", "article": "8"})
        if who in ("wim", "vera", "ilse"):
            self.reports += 1
            if self.reports > 1:  # about somebody whom Veilig Thuis knows by then
                given.setdefault("known_here", {"code": "kept_apart", "text": "Een ander met deze naam."})
        return do(self.people[who], Action.OPEN_CASE, given=given)

    def track(self, state: str = "draft") -> tuple[UUID, UUID]:
        """A warning case in this state: its case and its track; each is about another person at another address."""
        self.tracks += 1
        number = "" if self.tracks == 1 else str(self.tracks)
        names = {name: f"{PERSON[name]}{another(self.tracks - 1)}" for name in ("family_name", "given_names")}
        done = self.opened(person={**PERSON, **names}, premises={**PREMISES, "number": f"1{number}"})
        case, track = done.made["case"], done.made["warning"]
        steps: list[tuple[str, Action, dict[str, Any]]] = [
            ("lies", Action.SUBMIT, {}),
            ("dirk", Action.TAKE_UP, {}),
            ("dirk", Action.PLAN_VISIT, checklist()),
            ("lies", Action.SCHEDULE_VISIT, PLAN),
            ("lies", Action.RECORD_VISIT, REPORT),
            ("lies", Action.WARN, {}),
            ("lies", Action.START_FOLLOW_UP, {"welfare_call": {"code": "made", "date": "today"}}),
        ]
        reached = ["draft", "submitted", "triage", "visit_planned", "visit_scheduled", "visit_done", "warned", "follow_up"]
        for who, action, content in steps[: reached.index(state)]:
            perform(self.people[who], action, track, content)
        return case, track

    def package(self, case: UUID, *, kind: str = "concern_report", receiver: str = "wim", **changes: Any) -> UUID:
        """A prepared handoff from the police to Veilig Thuis."""
        content = {
            "kind": kind,
            "receiver": self.agency(receiver),
            "basis": "WPG_18_1",
            **LETTER,
            "items": ["identity", "household"],
            "source_protected": "yes",
            **NECESSARY,
            **changes,
        }
        done = do(self.lies, Action.PREPARE_HANDOFF, case, {"package": content})
        assert done.id
        return done.id

    def sent(self, case: UUID, **changes: Any) -> UUID:
        handoff = self.package(case, **changes)
        do(self.karin, Action.CHECK_HANDOFF, handoff)
        do(self.karin, Action.SEND_HANDOFF, handoff)
        return handoff

    def delivered(self, case: UUID, **changes: Any) -> UUID:
        handoff = self.sent(case, **changes)
        self.work()
        return handoff

    def work(self) -> int:
        return run_due(database_now())

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        found = Rows(self.superuser.execute(query, values).fetchall())
        found.are_ordered = "ORDER BY" in query.upper()
        return found

    def count(self, table: str) -> int:
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])

    def again_agreed(self) -> None:
        """Sign the sharing agreements anew, after a test ended them."""
        agree_all((datetime.now(UTC) - timedelta(days=30)).date())
