"""A database of each release of before is brought up to date by `prepare` alone: all is there, whole, read and worked on."""

import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.test import override_settings

from casework.access import sees_case
from casework.actions.intents import wake_with
from casework.actions.perform import perform
from casework.selectors import read_record
from casework.worker.carry_out import database_now, run_due
from config import scratch
from permissions.acting import act
from permissions.decision import Missing, Refused
from permissions.factors import SEALED
from permissions.selectors import actor_for
from permissions.vocabulary import CASE_ROLES, Action
from tests.upgrade.dump import PASSWORD
from tests.upgrade.restored import DUMPS, acting_there, dropped_afterwards, restore, run
from tests.world import NECESSARY, PERSON, PLAN, REPORT, checklist, signed_in

pytestmark = pytest.mark.xdist_group("upgrade")
CATALOGUE = (Path(__file__).parent / "catalogue.sql").read_text()
RENAMED = {"casework_ruling": "casework_participation", "casework_naming": "casework_assignment"}
"""Tables that have another name since (decision 0022)."""
GIVEN_ANEW = ("django_session",)
"""Whoever was signed in signs in again."""
NAMED = """
SELECT DISTINCT n.user_id, m.id, n.content_object_id, m.agency_id FROM casework_assignment n
  JOIN permissions_membership m ON m.user_id = n.user_id AND m.agency_id = n.agency_id AND m.ends_at IS NULL
  WHERE n.ends_at IS NULL AND m.roles && %s ORDER BY 1, 3
"""
"""Who is named in a case, in a membership in which cases are worked on."""
OF_OTHERS = """
SELECT r.content_object_id FROM casework_participation r WHERE r.content_object_id NOT IN (
  SELECT content_object_id FROM casework_participation WHERE group_id = %s)
"""


@dataclass(frozen=True)
class Upgraded:
    """One database that was brought up to date."""

    release: str
    name: str
    inside: psycopg.Connection
    before: dict[str, int]
    data: Path

    def rows(self, query, *values):
        return self.inside.execute(query, values).fetchall()


def counted(inside):
    tables = inside.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return {table: inside.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for (table,) in tables}


@pytest.fixture(scope="module", params=DUMPS, ids=lambda path: path.name.removesuffix(".sql.xz"))
def upgraded(request, admin, django_db_setup, tmp_path_factory):
    data = tmp_path_factory.mktemp("upgrade")
    (data / "demo-password.txt").write_text(PASSWORD)
    with dropped_afterwards(admin, f"schakel_upgrade_{uuid4().hex[:12]}") as name:
        restore(admin, request.param, name)
        with psycopg.connect(admin.info.dsn, dbname=name, autocommit=True) as inside:
            inside.execute("SET session_replication_role = replica")
            inside.execute(  # as release 0.1.0 stored it
                "INSERT INTO mfa_authenticator (type, data, user_id, created_at) SELECT 'totp',"
                """ '{"secret": "JBSWY3DPEHPK3PXP"}', id, now() FROM permissions_user WHERE username = 'jan'"""
            )
            inside.execute("SET session_replication_role = origin")
            before = counted(inside)
            for command in ("prepare", "load_demo"):  # what `make run` runs
                done = run(admin, name, data, command)
                assert done.returncode == 0, done.stderr
                assert done.stderr == ""
            yield Upgraded(request.param.name.removesuffix(".sql.xz"), name, inside, before, data)


@pytest.fixture
def there(upgraded, django_db_blocker):
    wake_with(lambda _: None)
    with django_db_blocker.unblock(), acting_there(upgraded.name):
        yield upgraded


def catalogue(inside):
    """The catalogue without the casts that a dump writes otherwise."""
    found = inside.execute(CATALOGUE).fetchall()
    return {(kind, name, re.sub(r"::(text|character varying)(\[\])?|[()]", "", said or "")) for kind, name, said in found}


def test_an_upgraded_database_is_as_a_new_one(upgraded, admin):
    with (
        scratch.scratch(admin, settings.ACTING_KEY.hex(), scenario=True) as name,
        psycopg.connect(admin.info.dsn, dbname=name, autocommit=True) as inside,
    ):
        new, old = catalogue(inside), catalogue(upgraded.inside)
    assert sorted(new - old) == []
    assert sorted(old - new) == []


def whole(upgraded, admin):
    """Every row stands as the trail says, and the sealed trail is verified by who has no database."""
    done = run(admin, upgraded.name, upgraded.data, "audit_reconcile", "--full")
    assert (done.returncode, done.stdout) == (0, "Every row stands as the trail says.\n"), (done.stdout, done.stderr)
    for command in (("audit_seal", "--once"), ("audit_export", "--out", str(upgraded.data / uuid4().hex))):
        done = run(admin, upgraded.name, upgraded.data, *command)
        assert done.returncode == 0, done.stderr
    done = run(admin, upgraded.name, upgraded.data, "-m", "audit.verify", command[-1])
    assert (done.returncode, done.stdout.split(":")[0]) == (0, "whole"), done.stdout
    return int(done.stdout.split()[1])


def test_nothing_is_lost_and_the_trail_is_whole(upgraded, admin):
    after = counted(upgraded.inside)
    before = {RENAMED.get(table, table): count for table, count in upgraded.before.items()}
    fewer = [table for table, count in before.items() if after[table] < count and table not in GIVEN_ANEW]
    assert not fewer
    assert whole(upgraded, admin) >= upgraded.before["audit_entry"]


def test_a_second_factor_of_before_is_sealed(upgraded):
    assert [said.startswith(SEALED) for (said,) in upgraded.rows("SELECT data ->> 'secret' FROM mfa_authenticator")] == [
        True
    ]


def test_whoever_was_named_reads_the_case_and_nobody_else_does(there):
    named = there.rows(NAMED, list(CASE_ROLES))
    assert len({person for person, *_ in named}) >= 8
    for person, membership, case, agency in named:
        actor = actor_for(person, membership)
        assert actor
        page = act(actor, Action.READ_RECORD, partial(read_record, case), about=case, sees=sees_case(case))
        people = there.rows("SELECT count(*) FROM casework_personincase WHERE (case_id, agency_id) = (%s, %s)", case, agency)
        assert len(page.sections.people) == people[0][0]
        for (other,) in there.rows(OF_OTHERS, agency):
            with pytest.raises((Missing, Refused)):
                act(actor, Action.READ_RECORD, partial(read_record, other), about=other, sees=sees_case(other))


@override_settings(PASSWORD_HASHERS=["permissions.hashing.Hasher"])  # other tests of the same worker take a faster one
def test_pages_open_with_the_password_of_before(there):
    cases = there.rows(
        "SELECT r.content_object_id FROM casework_participation r JOIN permissions_agency a ON a.group_id = r.group_id"
        " WHERE a.name = 'Politie Voorbeeld Oost'"
    )
    client = signed_in("lies", PASSWORD)
    assert client.get("/work").status_code == 200
    assert len(cases) == 3
    for (case,) in cases:
        page = client.get(f"/cases/{case}")
        assert (page.status_code, "Voorbeeldstad" in page.content.decode()) == (200, True)


def actors(there):
    query = "SELECT u.username, u.id, m.id FROM permissions_membership m JOIN permissions_user u ON u.id = m.user_id"
    return {name: actor_for(person, membership) for name, person, membership in there.rows(query)}


def test_the_story_goes_on(there, admin):
    """The draft that every demo holds goes on to its follow-up and is told to Veilig Thuis; the clock finds what is due."""
    people = actors(there)
    (case, track), *_ = there.rows(
        "SELECT t.case_id, t.id FROM casework_track t JOIN permissions_agency a ON a.group_id = t.agency_id"
        " WHERE a.name = 'Politie Voorbeeld Oost' AND t.state = 'draft'"
    )
    assert run_due(database_now()) > 0
    perform(people["lies"], Action.WRITE_RECORD, case, {"person": PERSON})
    for who, action, content in (
        ("lies", Action.SUBMIT, {}),
        ("dirk", Action.TAKE_UP, {}),
        ("dirk", Action.PLAN_VISIT, checklist()),
        ("lies", Action.SCHEDULE_VISIT, PLAN),
        ("lies", Action.RECORD_VISIT, REPORT),
        ("lies", Action.WARN, {}),
        ("lies", Action.START_FOLLOW_UP, {"welfare_call": {"code": "made", "date": "today"}}),
    ):
        perform(people[who], action, track, content)
    package = {
        "kind": "concern_report",
        "receiver": people["wim"].agency_id,
        "basis": "WPG_18_1",
        "letter": "l",
        "task": "Beoordelen of een kind veilig is.",
        "items": ["identity", "household"],
        "source_protected": "yes",
        **NECESSARY,
    }
    handoff = perform(people["lies"], Action.PREPARE_HANDOFF, case, {"package": package}).id
    perform(people["karin"], Action.CHECK_HANDOFF, handoff)
    perform(people["karin"], Action.SEND_HANDOFF, handoff)
    run_due(database_now())
    perform(people["wim"], Action.ACKNOWLEDGE_HANDOFF, handoff)
    perform(people["wim"], Action.ACCEPT_HANDOFF, handoff)
    states = there.rows("SELECT kind, state FROM casework_track WHERE case_id = %s ORDER BY 1", case)
    assert [one for one in states if one[0] != "help"] == [("safety", "received"), ("warning", "follow_up")]
    whole(there, admin)
