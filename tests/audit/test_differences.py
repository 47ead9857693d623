"""A difference with the trail stands on the auditor's list until somebody closes it with a reason."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.utils import DatabaseError

from casework.actions.perform import perform
from casework.input.read import Malformed
from casework.oversight.explaining import differs_from_trail
from casework.worker.carry_out import reconcile_rows
from permissions.acting import act, acting_as
from permissions.decision import Missing, Refused
from permissions.installing import system_actor
from permissions.services import NewPerson, install
from permissions.vocabulary import Action, Role
from tests.audit.bundle import act_as
from tests.casework.selectors.test_worklist import list_of
from tests.world import AGENCIES, PASSWORD, signed_in

NOW = datetime.now(UTC)
WHY = {"closing": {"text": "Een fout van de beheerder; teruggezet en besproken."}}


def run(*, entirely=False):
    """What is open after a run; system actors are older than the trail of one test."""
    return {row[:3] for row in reconcile_rows(entirely=entirely) if row.table != "permissions_user"}


def behind(world, query, *values):
    world.superuser.execute("SET session_replication_role = replica")
    done = world.superuser.execute(query, values)
    rows = done.fetchall() if done.description else []
    world.superuser.execute("SET session_replication_role = origin")
    return rows


def findings(world, columns, table="casework_assignment"):
    return world.rows(f"SELECT {columns} FROM casework_finding WHERE in_table = %s ORDER BY opened_at, closed_at", table)


def entries(world):
    query = "SELECT action, word, role, actor_id, record_agency_id FROM audit_entry WHERE object_pk = %s AND action < 3"
    return world.rows(f"{query} ORDER BY id", str(findings(world, "id")[-1][0]))


@pytest.fixture
def moved(world):
    """A world in which an assignment of Lies was given to Sjoerd by hand, and what a run names."""
    case, _ = world.track("triage")
    run()
    query = "UPDATE casework_assignment SET user_id = %s WHERE content_object_id = %s AND user_id = %s RETURNING id::text"
    key = behind(world, query, world.sjoerd.person_id, case, world.lies.person_id)[0][0]
    return world, case, ("casework_assignment", key, "user_id")


def put_back(world, named):
    behind(world, "UPDATE casework_assignment SET user_id = %s WHERE id = %s", world.lies.person_id, int(named[1]))


def explained(world, case):
    return act(world.bea, Action.EXPLAIN_ACCESS, lambda: differs_from_trail(case))


def page(who="arie"):
    return signed_in(who).get("/workbench").content.decode()


def known_system_actors(world):
    """Let the trail know the system actors, as that of an installation does."""
    db = world.superuser
    with db.transaction():
        act_as(db)
        db.execute("CREATE TEMP TABLE kept ON COMMIT DROP AS SELECT * FROM permissions_user WHERE is_system")
        db.execute("DELETE FROM permissions_user WHERE is_system")
        db.execute("INSERT INTO permissions_user SELECT * FROM kept")


def test_a_moved_assignment_stands_until_an_auditor_closes_it_with_a_reason(moved, capsys):
    world, case, named = moved
    known_system_actors(world)
    assert run() == {named}, "the first run"
    put_back(world, named)
    assert run() == {named}, "the second, though it was put back"
    assert run(entirely=True) == {named}, "and a full one"
    assert run() == {named}
    assert explained(world, case) == ["casework_assignment.user_id"]
    for full in ([], ["--full"]):
        with pytest.raises(CommandError, match="1 differences with the trail that no auditor closed"):
            call_command("audit_reconcile", *full)
        assert f"casework_assignment {named[1]}: user_id (stands again" in capsys.readouterr().out
    shown = page()
    assert named[1] in shown
    assert "user_id" in shown
    assert "De laatste vergelijking vond het niet meer" in shown
    (finding, times), *others = findings(world, "id, times_seen")
    assert (times, others) == (1, [])
    for wrong in ({}, {"closing": {"text": "x"}}, {"closing": {"text": "Zie https://voorbeeld.example/waarom het zo is."}}):
        with pytest.raises(Malformed):
            perform(world.arie, Action.CLOSE_FINDING, finding, wrong)
    assert run() == {named}
    client = signed_in("arie")
    (address,) = re.findall(r'href="(/differences/[^"]+)"', shown)
    assert named[1] in client.get(address).content.decode()
    answer = client.post(address, {"closing-text": WHY["closing"]["text"]})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/workbench")
    assert run() == set()
    assert run(entirely=True) == set()
    assert explained(world, case) == []
    call_command("audit_reconcile")
    assert WHY["closing"]["text"] in page(), "what was closed is still read"


def test_a_difference_that_is_seen_again_is_one_finding_that_says_how_often_and_what_more(moved):
    world, case, (table, key, _) = moved
    for _ in range(3):
        run()
    behind(world, "UPDATE casework_assignment SET reason = 'anders' WHERE id = %s", int(key))
    assert run(entirely=True) == {(table, key, "user_id"), (table, key, "reason")}
    columns = "kind, columns, times_seen, is_there, case_id, agency_id, follows_id, people, opened_at < last_seen_at"
    people = sorted([world.lies.person_id, world.sjoerd.person_id])
    whose = (case, world.agency("lies"), None, people)
    assert findings(world, columns) == [("row_altered", ["reason", "user_id"], 4, True, *whose, True)]
    shown = page()
    assert "Lies Liaison, Sjoerd Teamleider" in shown or "Sjoerd Teamleider, Lies Liaison" in shown
    assert "De laatste vergelijking vond het nog steeds" in shown


def test_the_trail_says_who_opened_and_who_closed_it_and_nothing_of_runs_that_only_see_it_again(moved):
    world, _, named = moved
    run()
    scheduler, mine = system_actor(Role.SCHEDULER).person_id, world.agency("lies")
    opened = (0, "reconcile_rows", "scheduler", scheduler, mine)
    assert entries(world) == [opened]
    run()
    assert entries(world) == [opened]
    put_back(world, named)
    run()
    gone = (1, "reconcile_rows", "scheduler", scheduler, mine)
    assert entries(world) == [opened, gone]
    perform(world.arie, Action.CLOSE_FINDING, findings(world, "id")[0][0], WHY)
    assert entries(world) == [opened, gone, (1, "close_finding", "auditor", world.arie.person_id, mine)]
    assert run(entirely=True) == set(), "what the run itself wrote stands as the trail says"


@pytest.mark.parametrize("entirely", [True, False])
def test_what_is_closed_and_still_differs_is_opened_anew_and_says_so(moved, entirely):
    world, _, named = moved
    run()
    first = findings(world, "id")[0][0]
    perform(world.arie, Action.CLOSE_FINDING, first, WHY)
    assert run(entirely=entirely) == {named}
    assert findings(world, "follows_id, closed_at IS NULL") == [(None, False), (first, True)]
    shown = page()
    assert "Opnieuw geopend" in shown
    assert shown.count(WHY["closing"]["text"]) == 2, "with the reason why it was closed before"
    assert run() == {named}
    assert len(findings(world, "id")) == 2


def test_another_difference_of_a_row_that_was_closed_is_opened_anew(moved):
    world, _, named = moved
    run()
    put_back(world, named)
    run()
    perform(world.arie, Action.CLOSE_FINDING, findings(world, "id")[0][0], WHY)
    assert run() == set()
    behind(world, "UPDATE casework_assignment SET basis = 'x' WHERE id = %s", int(named[1]))
    assert run() == {(*named[:2], "basis")}
    assert [row[0] is None for row in findings(world, "follows_id")] == [True, False]


def test_a_row_that_went_and_a_row_that_came_are_findings_of_their_agency_and_case(world):
    case, _ = world.track("triage")
    perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "Een zorg."}})
    assert run() == set()
    columns = "case_id, agency_id, made_by_id, made_at, kind, text, happened_on, is_burdening, corrects_id, from_item_id"
    query = f"INSERT INTO casework_note (id, {columns}) SELECT gen_random_uuid(), {columns} FROM casework_note LIMIT 1"
    came = behind(world, f"{query} RETURNING id::text")[0][0]
    run()
    gone = behind(world, "DELETE FROM casework_note WHERE id <> %s RETURNING id::text", came)[0][0]
    run()
    mine = (case, world.agency("lies"), [world.lies.person_id], True)
    kinds = "of_row, kind, case_id, agency_id, people, is_there"
    assert set(map(repr, findings(world, kinds, "casework_note"))) == {
        repr((came, "row_unknown", *mine)),
        repr((gone, "row_missing", *mine)),
    }
    assert ("casework_note", gone, "") in run()
    behind(world, "DELETE FROM casework_note WHERE id = %s", came)
    assert {row[1] for row in run()} == {came, gone}, "a row that came and went by hand is not forgotten"


def test_it_is_shown_to_the_auditors_of_its_agency_and_waits_on_their_worklist(moved):
    world, _, named = moved
    run()
    finding = findings(world, "id")[0][0]
    assert named[1] in page("arie")
    assert "user_id" in page("arie")
    assert f"/differences/{finding}/close_finding" in signed_in("arie").get("/work").content.decode()
    assert "casework_assignment" not in page("anke")
    for who in ("anke", "lies", "saskia", "bea", "otto"):
        with pytest.raises((Missing, Refused)):
            perform(world.people[who], Action.CLOSE_FINDING, finding, WHY)
    assert signed_in("anke").get(f"/differences/{finding}/close_finding").status_code == 404


def test_of_no_one_agency_it_is_shown_to_every_auditor_and_closed_by_one_of_them(world):
    world.track()
    run()
    behind(world, "INSERT INTO casework_decreedday (day, name) VALUES ('2030-01-02', 'x')")
    assert {row[:2] for row in run()} == {("casework_decreedday", "2030-01-02")}
    finding, whose = findings(world, "id, agency_id", "casework_decreedday")[0]
    assert whose is None
    for who in ("arie", "anke"):
        assert "2030-01-02" in page(who)
        assert f"/differences/{finding}/close_finding" in signed_in(who).get("/work").content.decode()
    with pytest.raises(Refused):
        perform(world.otto, Action.CLOSE_FINDING, finding, WHY)
    perform(world.anke, Action.CLOSE_FINDING, finding, WHY)
    assert WHY["closing"]["text"] in page("arie")
    behind(world, "DELETE FROM casework_decreedday")
    assert run() == set()


def test_nobody_closes_what_concerns_a_row_of_their_own_as_it_stands_or_as_the_trail_says(world):
    more = [NewPerson("ans", "Ans Auditor", AGENCIES[0].name, (Role.AUDITOR,), PASSWORD)]
    world.people |= install(AGENCIES, more, NOW - timedelta(days=1))
    run()
    query = "UPDATE permissions_membership SET user_id = %s WHERE user_id = %s"
    behind(world, query, world.leo.person_id, world.arie.person_id)
    run()
    behind(world, query + " AND 'auditor' = ANY (roles)", world.arie.person_id, world.leo.person_id)
    finding, people = findings(world, "id, people", "permissions_membership")[0]
    assert people == sorted([world.arie.person_id, world.leo.person_id])
    with pytest.raises((Refused, Missing)):
        perform(world.arie, Action.CLOSE_FINDING, finding, WHY)
    assert f"/differences/{finding}/" not in page("arie")
    assert f"/differences/{finding}/" not in signed_in("arie").get("/work").content.decode()
    perform(world.ans, Action.CLOSE_FINDING, finding, WHY)


CLOSED = "closed_at = lock.current_moment(), closed_by_id = lock.person()"
COLUMNS = (
    "id, agency_id, about_id, kind, text, opened_by_id, opened_at, closing, of_row, columns, people, is_there, times_seen"
)
VALUES = "gen_random_uuid(), lock.agency(), 1, 'row_altered', '', lock.person(), now(), '', 'x', '{}', '{}', true, 1"
INJECTED = (
    f"UPDATE casework_finding SET {CLOSED}, closing = 'Niets aan de hand, alles klopt.'",
    f"UPDATE casework_finding SET {CLOSED}, closing = ' '",
    "UPDATE casework_finding SET closed_at = now(), closed_by_id = 1, closing = 'Niets aan de hand.'",
    "UPDATE casework_finding SET is_there = false",
    "UPDATE casework_finding SET in_table = ''",
    "UPDATE casework_finding SET agency_id = NULL",
    "DELETE FROM casework_finding",
    "TRUNCATE casework_finding",
    "SELECT lock.open_difference('casework_note', 'x', 'row_altered', '{}')",
    "SELECT * FROM lock.note_differences(true)",
    "SELECT * FROM trail.reconcile(true, '{}')",
    "DELETE FROM trail.reconciled",
    f"INSERT INTO casework_finding ({COLUMNS}, in_table) VALUES ({VALUES}, 'casework_note')",
)
ACTORS = (
    ("lies", Role.POLICE_LIAISON, Action.READ_RECORD),
    ("lies", Role.POLICE_LIAISON, Action.CLOSE_FINDING),
    ("saskia", Role.SUPERVISOR, Action.REVIEW_EMERGENCY),
    ("bea", Role.AGENCY_ADMIN, Action.MANAGE_PEOPLE),
    ("arie", Role.AUDITOR, Action.SEE_ACCESS_LOG),
    ("arie", Role.AUDITOR, Action.RAISE_FINDING),
    ("anke", Role.AUDITOR, Action.CLOSE_FINDING),
    ("otto", Role.PLATFORM_OPERATOR, Action.OPERATE),
    ("", Role.SCHEDULER, Action.MARK_OVERDUE),
)


def tried(world, who, role, action, query):
    """Run a query with the application's role inside an act of somebody; an error is as good as no effect."""
    try:
        with acting_as(world.people[who] if who else system_actor(role), role, action), connection.cursor() as cursor:
            cursor.execute(query)
    except (DatabaseError, Refused):
        pass
    finally:
        connection.close()


@pytest.mark.parametrize(("who", "role", "action"), ACTORS)
def test_injected_sql_neither_closes_nor_hides_nor_removes_one(moved, who, role, action):
    world, _, _ = moved
    run()
    before = world.rows("SELECT * FROM casework_finding ORDER BY id")
    for query in INJECTED:
        tried(world, who, role, action, query)
        assert world.rows("SELECT * FROM casework_finding ORDER BY id") == before, query


def test_in_an_auditor_s_own_act_the_database_wants_a_reason_and_their_own_name_and_opens_nothing_again(moved):
    world, _, named = moved
    run()
    put_back(world, named)
    run()
    mine = (Role.AUDITOR, Action.CLOSE_FINDING)
    before = world.rows("SELECT * FROM casework_finding ORDER BY id")
    for query in INJECTED[1:]:
        tried(world, "arie", *mine, query)
        assert world.rows("SELECT * FROM casework_finding ORDER BY id") == before, query
    perform(world.arie, Action.CLOSE_FINDING, findings(world, "id")[0][0], WHY)
    before = world.rows("SELECT * FROM casework_finding ORDER BY id")
    for query in (
        "UPDATE casework_finding SET closed_at = NULL WHERE closed_at IS NOT NULL",
        "UPDATE casework_finding SET closing = 'Een andere reden dan gegeven.' WHERE closed_at IS NOT NULL",
    ):
        tried(world, "arie", *mine, query)
        assert world.rows("SELECT * FROM casework_finding ORDER BY id") == before, query


def test_a_finding_that_the_owner_of_the_database_removes_or_closes_is_a_difference_itself(moved):
    world, _, named = moved
    run()
    put_back(world, named)
    finding = str(findings(world, "id")[0][0])
    behind(
        world,
        "UPDATE casework_finding SET closed_at = now(), closed_by_id = %s WHERE id = %s",
        world.arie.person_id,
        finding,
    )
    assert {("casework_finding", finding, "closed_at"), ("casework_finding", finding, "closed_by_id")} <= run()
    behind(world, "DELETE FROM casework_finding WHERE id = %s", finding)
    assert ("casework_finding", finding, "") in run()
    assert findings(world, "kind, agency_id", "casework_finding") == [("row_missing", world.agency("lies"))]


def test_rules_that_were_changed_and_put_back_are_one_finding_of_every_auditor(world):
    world.track()
    run(entirely=True)
    world.superuser.execute("ALTER TABLE casework_note DISABLE TRIGGER trail")
    world.superuser.execute("ALTER TABLE casework_wall DISABLE TRIGGER trail")
    try:
        assert run() == {("trigger public.casework_note.trail", "", ""), ("trigger public.casework_wall.trail", "", "")}
    finally:
        world.superuser.execute("ALTER TABLE casework_note ENABLE TRIGGER trail")
        world.superuser.execute("ALTER TABLE casework_wall ENABLE TRIGGER trail")
    assert run() == {("rules", "", "")}
    assert findings(world, "kind, is_there, agency_id", "rules") == [("rules_altered", False, None)]
    assert "De beveiliging van de database is gewijzigd" in page("anke")
    of_rules = findings(world, "id", "rules")[0][0]
    [way] = [row.step.way.path for row in list_of(world, "anke") if row.about_id == of_rules]
    answer = signed_in("anke").post(way, {"closing-text": WHY["closing"]["text"]})
    assert answer["Location"] == "/workbench", "the worklist leads to the list on which it stands"
    assert run() == set()


def test_the_list_goes_on_by_its_key_and_open_ones_stand_first(world):
    case, _ = world.track("triage")
    for _ in range(3):
        perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "Een zorg."}})
    run()
    behind(
        world,
        "INSERT INTO casework_note (id, case_id, agency_id, made_by_id, made_at, kind, text, is_burdening)"
        " SELECT gen_random_uuid(), case_id, agency_id, made_by_id, made_at, kind, text, false FROM casework_note n,"
        " generate_series(1, 20)",
    )
    run()
    every = {row[0] for row in findings(world, "of_row", "casework_note")}
    assert len(every) == 60
    first = findings(world, "id, of_row", "casework_note")[0]
    perform(world.arie, Action.CLOSE_FINDING, first[0], WHY)
    client, seen, key = signed_in("arie"), [], ""
    while True:
        shown = client.get("/workbench", {"differences": key} if key else {}).content.decode()
        seen += re.findall(r"<code>casework_note</code>, <code>([0-9a-f-]{36})</code>", shown)
        following = re.search(r"differences=([^&\"]+)", shown)
        if following is None:
            break
        key = unquote(following[1])
    assert set(seen) == every
    assert len(seen) == 60
    assert seen[-1] == first[1]
