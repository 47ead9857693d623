"""Why a term is due when it is: counted again from its start it comes to the day that is stored, whatever moved it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.access import sees_case
from casework.actions.perform import perform
from casework.selectors import explained_terms
from permissions.acting import act
from permissions.decision import Missing
from permissions.vocabulary import Action
from tests.world import World, signed_in
from workflows.calendars import day_of

WHY = "Wachten op het bureau dat de gegevens levert."


def explained(world: World, who: str, case):
    """The running terms of a case as somebody sees them, by the code of their clock."""
    page = act(world.people[who], Action.SEE_CASE, lambda: explained_terms(case), about=case, sees=sees_case(case))
    return {row.clock.code: row for row in page.rows}


@pytest.mark.parametrize("state", ["draft", "submitted", "triage", "visit_planned", "visit_done", "warned", "follow_up"])
def test_every_running_term_comes_to_its_day_when_it_is_counted_again(world: World, state: str) -> None:
    case, _ = world.track(state)
    world.package(case)
    rows = explained(world, "dirk", case)
    assert rows
    assert all(row.is_explained for row in rows.values()), rows
    assert {row.clock.code for row in rows.values()} >= {"HANDOFF_CHECK"}


def test_an_acute_package_is_counted_in_hours(world: World) -> None:
    case, _ = world.track("visit_done")
    world.package(case, acute="yes")
    row = explained(world, "dirk", case)["HANDOFF_CHECK"]
    assert row.is_explained
    assert row.due_at - row.started_at == timedelta(hours=1)


def test_what_paused_and_extended_a_term_is_told_with_its_reason(world: World) -> None:
    case, track = world.track("triage")
    first = explained(world, "dirk", case)["TRIAGE"]
    until = (day_of(first.started_at) + timedelta(days=5)).isoformat()
    perform(world.dirk, Action.PAUSE_DEADLINE, track, {"term": {"clock": "TRIAGE", "until": until, "text": WHY}})
    paused = explained(world, "dirk", case)["TRIAGE"]
    later = (day_of(paused.due_at) + timedelta(days=2)).isoformat()
    perform(world.dirk, Action.EXTEND_DEADLINE, track, {"term": {"clock": "TRIAGE", "until": later, "text": WHY}})
    row = explained(world, "dirk", case)["TRIAGE"]
    assert [(move.is_pause, move.until.isoformat(), move.reason) for move in row.moves] == [
        (True, until, WHY),
        (False, later, WHY),
    ]
    assert first.due_at < paused.due_at < row.due_at
    assert paused.is_explained
    assert row.is_explained
    assert row.counted == first.counted, "how it was counted at first is still told"


def test_a_schedule_of_ones_own_days_and_one_that_is_recorded_anew(world: World) -> None:
    case, track = world.track("follow_up")
    today = day_of(explained(world, "dirk", case)["FOLLOW_UP"].started_at)
    days = [(today + timedelta(days=more)).isoformat() for more in (30, 60)]
    chosen = [{"code": "other", "date": one} for one in days]
    perform(world.lies, Action.WRITE_RECORD, track, {"review_schedule": chosen})
    rows = act(world.dirk, Action.SEE_CASE, lambda: explained_terms(case), about=case, sees=sees_case(case)).rows
    planned = [row for row in rows if row.clock.code == "FOLLOW_UP"]
    assert [row.counted.last.isoformat() for row in planned if row.counted] == days
    assert all(row.is_explained and row.counted and not row.counted.number for row in planned)


def test_a_day_that_was_changed_behind_the_application_is_said_to_be_another(world: World) -> None:
    case, _ = world.track("triage")
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute("UPDATE casework_deadline SET due_at = due_at + interval '1 day' WHERE clock = 'TRIAGE'")
    world.superuser.execute("SET session_replication_role = origin")
    assert not explained(world, "dirk", case)["TRIAGE"].is_explained
    page = signed_in("dirk").get(f"/cases/{case}/terms").content.decode()
    assert "De opgeslagen dag is een andere" in page


def test_the_page_says_it_in_words_to_who_sees_the_case_and_is_absent_to_others(world: World) -> None:
    case, _ = world.track("triage")
    page = signed_in("lies").get(f"/cases/{case}/terms").content.decode()
    assert "10 werkdagen" in page
    assert "weekend" in page
    assert "Zo geteld eindigt de termijn" in page
    assert "De opgeslagen dag is een andere" not in page
    assert f"/cases/{case}/terms" in signed_in("lies").get(f"/cases/{case}").content.decode()
    assert signed_in("leo").get(f"/cases/{case}/terms").status_code == 404
    with pytest.raises(Missing):
        explained(world, "leo", case)
    looked = "SELECT additional_data->'shown' FROM audit_entry WHERE word = 'terms' AND actor_id = %s"
    assert world.rows(looked, world.lies.person_id)[0][0][0] == "deadlines"


def test_its_statements_do_not_grow_with_the_terms(world: World) -> None:
    case, _ = world.track("triage")
    few = counted_statements(world, case)
    for _ in range(3):
        world.package(case)
    assert counted_statements(world, case) == few


def counted_statements(world: World, case) -> int:
    """How many statements the page of terms asks."""
    client = signed_in("lies")
    client.get(f"/cases/{case}/terms")
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/cases/{case}/terms")
    return len(asked)
