"""What is taken away is gone at the very next request: by every way of taking it, and in four processes at once."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from casework.actions.perform import perform
from config import scratch
from permissions.vocabulary import Action
from tests.world import NECESSARY, World, signed_in

ROOT = Path(__file__).parents[2]
WHY = "Een familielid van haar woont daar."
TURNS = int(os.environ.get("TURNS", "60"))
RACES = int(os.environ.get("RACES", "60"))
PROCESSES = 4


def behind_the_back(world: World, query: str, *values: object) -> None:
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute(query, values)
    world.superuser.execute("SET session_replication_role = origin")


def unnamed(world: World, case: UUID) -> None:
    perform(world.saskia, Action.ASSIGN, case, {"assignment": {"person": world.lies.person_id, "remove": "yes"}})


def walled(world: World, case: UUID) -> None:
    perform(world.saskia, Action.WALL_PERSON, case, {"wall": {"person": world.lies.person_id, "text": WHY}})


def made_inactive(world: World, _case: UUID) -> None:
    behind_the_back(world, "UPDATE permissions_user SET is_active = false WHERE id = %s", world.lies.person_id)


def membership_ended(world: World, _case: UUID) -> None:
    behind_the_back(world, "UPDATE permissions_membership SET ends_at = now() WHERE user_id = %s", world.lies.person_id)


def role_taken(world: World, _case: UUID) -> None:
    query = "UPDATE permissions_membership SET roles = '{report_viewer}' WHERE user_id = %s"
    behind_the_back(world, query, world.lies.person_id)


def agency_closed(world: World, _case: UUID) -> None:
    behind_the_back(world, "UPDATE permissions_agency SET is_active = false WHERE group_id = %s", world.agency("lies"))


def assignment_expired(world: World, _case: UUID) -> None:
    behind_the_back(world, "UPDATE casework_assignment SET ends_at = now() WHERE user_id = %s", world.lies.person_id)


TAKEN: tuple[Callable[[World, UUID], None], ...] = (
    unnamed, walled, made_inactive, membership_ended, role_taken, agency_closed, assignment_expired,
)  # fmt: skip


@pytest.mark.parametrize("take", TAKEN, ids=lambda take: take.__name__)
def test_the_very_next_request_is_refused(world, take):
    case, track = world.track()
    client = signed_in("lies")
    addresses = (f"/cases/{case}", f"/tracks/{track}/submit", f"/cases/{case}/add_note")
    assert [client.get(address).status_code for address in addresses] == [200, 200, 200]
    assert str(case) in client.get("/work").content.decode()
    take(world, case)
    assert all(client.get(address).status_code in {302, 403, 404} for address in addresses)
    assert str(case) not in client.get("/work").content.decode()
    form = {"note-kind": "concern", "note-text": "Een zorg."}
    answers = {409} if take is unnamed else {302, 403, 404}  # whom a colleague took off while they typed is told so
    assert client.post(f"/cases/{case}/add_note", form).status_code in answers
    assert world.count("casework_note") == 0


def test_a_refused_handoff_takes_the_receivers_part_at_once(world):
    case, _ = world.track()
    handoff = world.delivered(case, kind="referral", receiver="wanda", basis="WPG_15")
    client = signed_in("wanda")
    assert "Proef" in client.get(f"/handoffs/{handoff}").content.decode()
    perform(world.wanda, Action.ACKNOWLEDGE_HANDOFF, handoff)
    assert client.get(f"/cases/{case}").status_code == 200
    reason = {"reason": {"code": "no_capacity", "text": "Deze week lukt het niet meer."}}
    perform(world.wanda, Action.REFUSE_HANDOFF, handoff, reason)
    assert client.get(f"/cases/{case}").status_code == 404
    page = client.get(f"/handoffs/{handoff}").content.decode()
    assert "Politie Voorbeeld Oost" in page, "that it was, and from whom"
    for said in ("Proef", *NECESSARY.values(), "Wpg artikel 15"):
        assert said not in page


@contextmanager
def colleagues(admin: psycopg.Connection, number: int) -> Iterator[list[subprocess.Popen[str]]]:
    environment = {
        **os.environ,
        "DATABASE_URL": scratch.address(admin, "schakel_app", connection.settings_dict["NAME"]),
        "ACTING_KEY": settings.ACTING_KEY.hex(),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-W", "ignore", "-m", "tests.policy.colleague"]
    started = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(number)
    ]
    try:
        yield started
    finally:
        for process in started:
            if process.stdin:
                process.stdin.close()
            process.wait(30)


def told(process: subprocess.Popen[str], world: World, case: UUID, do: str) -> None:
    lies = world.lies
    said: dict[str, Any] = {"person": lies.person_id, "agency": lies.agency_id, "roles": lies.roles, "do": do}
    said |= {"membership": str(lies.membership_id), "case": str(case)}
    assert process.stdin
    process.stdin.write(json.dumps(said) + "\n")
    process.stdin.flush()


def answered(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def named_again(world: World, case: UUID) -> None:
    perform(world.saskia, Action.ASSIGN, case, {"assignment": {"person": world.lies.person_id, "keep": "yes"}})


def test_in_four_processes_nothing_stale_is_allowed(world, admin):
    case, _ = world.track()
    tried = 0
    with colleagues(admin, PROCESSES) as processes:
        for _ in range(TURNS // 2):
            for change, expected in ((unnamed, "refused"), (named_again, "done")):
                change(world, case)
                for process in processes:
                    told(process, world, case, "read")
                assert [answered(process) for process in processes] == [expected] * PROCESSES
                tried += PROCESSES
    assert tried == TURNS // 2 * 2 * PROCESSES


def test_a_write_never_begins_after_its_writer_was_taken_off(world, admin):
    case, _ = world.track()
    outcomes: set[str] = set()
    with colleagues(admin, 2) as processes:
        for _ in range(RACES):
            for process in processes:
                told(process, world, case, "write")
            unnamed(world, case)
            outcomes |= {answered(process) for process in processes}
            late = world.rows(
                "SELECT count(*) FROM casework_note t WHERE t.made_at > (SELECT max(n.ends_at) FROM casework_assignment n"
                " WHERE n.user_id = %s) AND NOT EXISTS (SELECT 1 FROM casework_assignment n WHERE n.user_id = %s"
                " AND n.starts_at <= t.made_at AND (n.ends_at IS NULL OR n.ends_at > t.made_at))",
                world.lies.person_id,
                world.lies.person_id,
            )
            assert late == [(0,)]
            named_again(world, case)
    assert outcomes <= {"done", "refused"}
    assert world.count("casework_note") > 0 or outcomes == {"refused"}
