"""Snooping that is planted among ordinary work stands at the top of the queue; the generator knows nothing of the rules."""

import os
import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from casework.oversight.workbench import outliers
from permissions.acting import act
from permissions.vocabulary import Action

READS = int(os.environ.get("READS", "10000"))
PATTERNS = max(20, READS // 500)
STAFF = 300
SEED = int(os.environ.get("SNOOP_SEED") or random.SystemRandom().randrange(10**6))
"""Another one each run; a failure names it."""
START = datetime(2026, 3, 2, 8, tzinfo=UTC)


class Office:
    """Ordinary weeks of an agency, made up: who works on what, who reads when, and who snoops."""

    def __init__(self, seed: int) -> None:
        self.pick = random.Random(seed)
        self.people = list(range(5000, 5000 + STAFF))
        self.cases = [UUID(int=self.pick.getrandbits(128)) for _ in range(READS // 20)]
        self.team = {case: self.pick.sample(self.people, 3) for case in self.cases}
        self.surname = {person: f"naam{person}" for person in self.people}
        self.namesakes: list[tuple[UUID, str]] = []
        self.reads: list[tuple[int, UUID, datetime]] = []
        self.planted: set[tuple[int, UUID]] = set()

    def moment(self) -> datetime:
        day = START + timedelta(days=self.pick.choice([week * 7 + day for week in range(4) for day in range(5)]))
        return day + timedelta(minutes=self.pick.randrange(9 * 60))

    def work(self) -> None:
        """Named people read their own cases in working hours; now and then one reads in the evening."""
        while len(self.reads) < READS:
            case = self.pick.choice(self.cases)
            at = self.moment()
            if self.pick.random() < 0.01:
                at = at.replace(hour=20, minute=30)
            person = self.pick.choice(self.team[case])
            self.reads += [(person, case, at + timedelta(minutes=n)) for n in range(self.pick.randint(1, 3))]

    def snoop(self) -> None:
        """Each pattern is one person and one case: a neighbour, a namesake, at night, or an old one; one to four looks."""
        for number in range(PATTERNS):
            person, case = self.pick.choice(self.people), self.pick.choice(self.cases)
            while person in self.team[case] or (person, case) in self.planted:
                person, case = self.pick.choice(self.people), self.pick.choice(self.cases)
            at = self.moment()
            if number % 3 == 0:
                self.namesakes.append((case, self.surname[person]))
            if number % 4 == 1:
                at = at.replace(hour=1)
            self.planted.add((person, case))
            self.reads += [(person, case, at + timedelta(minutes=3 * n)) for n in range(self.pick.randint(1, 4))]


@pytest.fixture
def office(world):
    made = Office(SEED)
    made.work()
    made.snoop()
    db, agency = world.superuser, world.agency("arie")
    permission = world.rows("SELECT id FROM auth_permission WHERE codename = 'view_case'")[0][0]
    rows = {
        "permissions_user (id, username, full_name, email, password, is_superuser, is_active, is_system, language)": (
            (person, f"p{person}", f"Pim {made.surname[person]}", "", "!", False, True, False, "nl")
            for person in made.people
        ),
        "permissions_membership (id, user_id, agency_id, roles, starts_at)": (
            (UUID(int=person), person, agency, ["police_liaison"], START) for person in made.people
        ),
        "casework_case (id)": ((case,) for case in made.cases),
        "casework_assignment (permission_id, user_id, content_object_id, agency_id, reference, reason, starts_at)": (
            (permission, person, case, agency, "x", "assign", START - timedelta(days=99))
            for case, team in made.team.items()
            for person in team
        ),
        "casework_nametoken (id, case_id, agency_id, made_by_id, made_at, person_id, kind, token)": (
            (UUID(int=number), case, agency, 1, START, UUID(int=number), "name", name)
            for number, (case, name) in enumerate(made.namesakes)
        ),
        "audit_entry (content_type_id, object_pk, action, timestamp, occurred_at, verb, word, outcome, agency_id,"
        " record_agency_id, role, purpose, basis, case_id, actor_id)": (
            (1, case, 3, at, at, "consult", "read_record", "done", agency, agency, "police_liaison", "x", "x", case, person)
            for person, case, at in made.reads
        ),
    }
    db.execute("SET session_replication_role = replica")
    for table, values in rows.items():
        with db.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
            for row in values:
                copy.write_row(row)
    db.execute("SET session_replication_role = origin")
    return made


def test_planted_snooping_stands_within_the_top_of_the_queue(world, office):
    days = {(person, case, at.date()) for person, case, at in office.reads}
    top, until = max(len(days) // 100, len(office.planted)), START + timedelta(days=40)
    found = act(world.arie, Action.SEE_ACCESS_LOG, lambda: outliers(START - timedelta(days=1), until))[:top]
    seen = {(one.looks.person, UUID(one.looks.case)) for one, _, _ in found}
    caught = len(office.planted & seen)
    assert caught >= 0.95 * len(office.planted), f"{caught} of {len(office.planted)} in the first {top}, seed {SEED}"
