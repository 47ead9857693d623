"""The number of SQL statements of a page does not depend on how much there is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.actions.perform import perform
from permissions.vocabulary import Action
from tests.world import REPORT, checklist, signed_in


def statements(work):
    with CaptureQueriesContext(connection) as captured:
        answer = work()
    assert answer.status_code in {200, 302}, answer.content
    return [q["sql"] for q in captured if not q["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "SET"))]


def plant(world, number):
    """Participations and assignments of many cases, as the triggers would have left them."""
    superuser = world.superuser
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(
        "WITH c AS (INSERT INTO casework_case (id) SELECT gen_random_uuid() FROM generate_series(1, %(n)s) RETURNING id),"
        " t AS (INSERT INTO casework_track (id, case_id, agency_id, made_by_id, made_at, kind, state, version, round,"
        " round_began_at, moved_at, basis) SELECT gen_random_uuid(), id, %(a)s, %(p)s, now(), 'warning', 'draft', 0, 1,"
        " now(), now(), 'WPG_8' FROM c RETURNING id, case_id),"
        " d AS (INSERT INTO casework_deadline (id, case_id, agency_id, track_id, clock, moment, rule_version, started_at,"
        " due_at) SELECT gen_random_uuid(), case_id, %(a)s, id, 'DRAFT', 0, 'x', now(),"
        " now() + random() * interval '90 days' FROM t),"
        " n AS (INSERT INTO casework_assignment (permission_id, user_id, content_object_id, agency_id, reference, reason,"
        " starts_at, is_open, next_due_at, moved_at) SELECT lock.view_case(), %(p)s, id, %(a)s, left(id::text, 8),"
        " 'open_case', now() - interval '1 day', true, now() + random() * interval '90 days', now() FROM c)"
        " INSERT INTO casework_participation (permission_id, group_id, content_object_id, reference, reason, starts_at,"
        " is_open, next_due_at, moved_at) SELECT lock.view_case(), %(a)s, id, left(id::text, 8), 'open_case',"
        " now() - interval '1 day', true, now() + random() * interval '90 days', now() FROM c",
        {"n": number, "a": world.agency("lies"), "p": world.lies.person_id},
    )
    superuser.execute("SET session_replication_role = origin")


@pytest.mark.parametrize("who", ["lies", "dirk"])
def test_a_list_takes_as_many_statements_at_5000_cases_as_at_one(world, who):
    world.track()
    client = signed_in(who)
    client.get("/work")
    counts = []
    for more in (0, 24, 4975):
        if more:
            plant(world, more)
        counts.append(len(statements(lambda: client.get("/work"))))
    assert counts[0] == counts[1] == counts[2], counts
    assert counts[0] <= 11, "one for whom and where, one for drafts, one for what came from colleagues"


def test_a_case_page_takes_as_many_statements_with_200_notes_and_25_people(world):
    case, _ = world.track()
    client = signed_in("lies")
    client.get(f"/cases/{case}")
    small = statements(lambda: client.get(f"/cases/{case}"))
    notes = [{"kind": "concern", "text": f"Zorg nummer {n}."} for n in range(200)]
    people = [{"role": "household_member", "given_names": f"Proef {n}"} for n in range(25)]
    perform(world.lies, Action.WRITE_RECORD, case, {"note": notes, "person": people})
    large = statements(lambda: client.get(f"/cases/{case}"))
    assert len(small) == len(large), (small, large)
    assert len(large) <= 10


def form_of(content):
    return {f"{part}-{name}": value for part, values in content.items() for name, value in values.items()}


@pytest.mark.parametrize(
    ("state", "action", "content"),
    [
        ("draft", "submit", {}),
        ("submitted", "take_up", {}),
        ("triage", "plan_visit", checklist()),
        ("visit_scheduled", "record_visit", REPORT),
        ("visit_done", "warn", {}),
        ("warned", "start_follow_up", {"welfare_call": {"code": "made", "date": "today"}}),
    ],
)
def test_a_whole_transition_request_takes_at_most_15_statements_and_more_where_it_looks_up_and_begins_more(
    world, state, action, content
):
    _, track = world.track(state)
    client = signed_in("dirk" if action in {"take_up", "plan_visit"} else "lies")
    client.get("/work")
    found = statements(lambda: client.post(f"/tracks/{track}/{action}", form_of(content)))
    looked_up, children, help_begun = 3, 1, 2
    most = 15 + {"plan_visit": looked_up, "record_visit": looked_up + children + help_begun}.get(action, 0)
    assert len(found) <= most, "\n".join(sql[:150] for sql in found)


@pytest.mark.parametrize(
    "step",
    [
        "check_handoff",
        "send_handoff",
        "acknowledge_handoff",
        "accept_handoff",
        "refuse_handoff",
        "start_work",
        "withdraw_handoff",
    ],
)
def test_a_step_of_a_handoff_takes_at_most_15_statements(world, step):
    case, _ = world.track()
    handoff = world.package(case)
    path = [("karin", "check_handoff"), ("karin", "send_handoff"), ("wim", "acknowledge_handoff"), ("wim", "accept_handoff")]
    path += [("wim", "start_work")]
    if step in {"refuse_handoff", "withdraw_handoff"}:
        path = [*path[:3], ("vera" if step == "refuse_handoff" else "dirk", step)]
    reason = {"reason-code": "other", "reason-text": "Een reden van genoeg tekens."}
    taken = {}
    for who, action in path[: [action for _, action in path].index(step) + 1]:
        client = signed_in(who)
        client.get("/work")
        form = {"start_date-date": "today"} if action == "start_work" else reason if action == step else {}
        found = statements(lambda: client.post(f"/handoffs/{handoff}/{action}", form))  # noqa: B023 - called at once
        world.work()
        taken[action] = found
    assert 0 < len(taken[step]) <= 15, "\n".join(f"{n} {sql[:120]}" for n, sql in enumerate(taken[step], 1))


@pytest.mark.parametrize("people", [1, 25])
def test_taking_a_package_over_takes_as_many_statements_for_25_people_as_for_one(world, people):
    case, _ = world.track()
    more = [{"role": "household_member", "given_names": f"Proef {n}"} for n in range(people)]
    perform(world.lies, Action.WRITE_RECORD, case, {"person": more, "note": {"kind": "concern", "text": "Een zorg."}})
    items = ["identity", "household", "concern"]
    handoff = world.delivered(case, kind="referral", receiver="wanda", basis="WPG_15", items=items)
    perform(world.wanda, Action.ACKNOWLEDGE_HANDOFF, handoff)
    client = signed_in("wanda")
    client.get("/work")
    found = statements(lambda: client.post(f"/handoffs/{handoff}/accept_handoff", {}))
    assert len(found) == 15, "\n".join(f"{n} {sql[:120]}" for n, sql in enumerate(found, 1))
