"""No request reads a whole table: counted by the server itself, over 5,000 cases of two agencies, on every page."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.db.backends.signals import connection_created

from casework.actions.perform import perform
from permissions.vocabulary import Action
from tests.policy.test_pages import addresses
from tests.web.test_statements import plant
from tests.world import signed_in

CASES = 5000
GROWING = (
    "audit_entry", "audit_rowversion", "casework_agencyrecord", "casework_approval", "casework_case",
    "casework_deadline", "casework_disclosure", "casework_handoff", "casework_household", "casework_assignment",
    "casework_note", "casework_notice", "casework_operation", "casework_outbox", "casework_packageitem",
    "casework_personincase", "casework_premises", "casework_participation", "casework_steptaken", "casework_storedfact",
    "casework_track", "casework_visit", "casework_criterion", "casework_nametoken", "casework_emergency",
    "casework_finding", "casework_knowncheck", "casework_source", "casework_citizennumber",
    "casework_correction", "casework_correctionnews", "casework_export", "casework_exportpart",
)  # fmt: skip
"""Tables that grow with the work; the others hold agencies, people and codes."""
KEPT = 8
"""After how many requests the server has settled on a plan: from the fifth on the driver prepares, and it chooses anew."""
PLANTED = (*GROWING, "trail.shown")


@pytest.fixture
def same_statistics(world):
    """Statistics are those that the test takes: none that the server gathers halfway."""
    for table in PLANTED:
        world.superuser.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = off)")
    yield
    for table in PLANTED:
        world.superuser.execute(f"ALTER TABLE {table} RESET (autovacuum_enabled)")


def plant_work(world):
    """Whole cases, as the acts would have left them, with rows of both agencies in each."""
    plant(world, CASES)
    values = {"a": world.agency("lies"), "b": world.agency("wim"), "p": world.lies.person_id}
    world.superuser.execute("SET session_replication_role = replica")
    for query in (Path(__file__).parent / "planted.sql").read_text().split(";\n"):
        if query.strip():
            world.superuser.execute(query, values)
    world.superuser.execute("SET session_replication_role = origin")
    for table in PLANTED:
        world.superuser.execute(f"ANALYZE {table}")


def read_whole(world):
    """Return how many rows of each table were read from end to end so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
    world.rows("SELECT pg_stat_force_next_flush()")
    query = "SELECT relname, seq_tup_read FROM pg_stat_user_tables WHERE relname = ANY (%s)"
    return dict(world.rows(query, list(GROWING)))


def plans(world, client, address):
    """Return the plans by which a page read whole tables, drawn until plans are kept while the server says how."""
    said: list[str] = []

    def listen(connection, **_):
        connection.connection.add_notice_handler(lambda notice: said.append(notice.message_primary or ""))

    database = world.rows("SELECT current_database()")[0][0]
    world.superuser.execute("LOAD 'auto_explain'")
    told = {"auto_explain.log_min_duration": "0", "auto_explain.log_nested_statements": "on"}
    told |= {"auto_explain.log_level": "notice", "session_preload_libraries": "auto_explain"}
    for key, value in told.items():
        world.superuser.execute(f"ALTER DATABASE {database} SET {key} = {value}")
    connection_created.connect(listen)
    connection.close()
    for _ in range(KEPT):
        client.get(address)
    connection_created.disconnect(listen)
    connection.close()
    for key in told:
        world.superuser.execute(f"ALTER DATABASE {database} RESET {key}")
    return [plan for plan in said if any(f"Seq Scan on {table} " in plan for table in GROWING)]


def acts(world, case, track, handoff):
    """One of each kind of change, by its form."""
    note = {"note-kind": "concern", "note-text": "Een zorg."}
    yield "lies", f"/cases/{case}/add_note", note
    yield "lies", f"/tracks/{track}/submit", {}
    yield "karin", f"/handoffs/{handoff}/check_handoff", {}
    yield "karin", f"/handoffs/{handoff}/send_handoff", {}
    yield "wim", f"/handoffs/{handoff}/acknowledge_handoff", {}
    yield "wim", f"/handoffs/{handoff}/accept_handoff", {}
    yield "dirk", f"/tracks/{track}/take_up", {}
    yield "lies", "/search", {"search-words": "proef"}
    yield "saskia", f"/cases/{case}/assign", {"assignment-person": str(world.leo.person_id), "assignment-keep": "yes"}


@pytest.mark.usefixtures("same_statistics")
def test_no_request_reads_a_whole_table(world):
    case, track = world.track()
    handoff = world.package(case)
    perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "Een zorg."}})
    plant_work(world)
    people = {who: signed_in(who) for who in ("lies", "dirk", "saskia", "karin", "arie", "wim", "vera", "anke")}
    connection.close()
    reference = world.rows("SELECT reference FROM casework_participation WHERE content_object_id = %s", case)[0][0]
    before = read_whole(world)
    guilty: list[tuple[tuple[str, ...], str, int]] = []

    def check(said):
        nonlocal before
        after = read_whole(world)
        guilty.extend((said, table, rows - before[table]) for table, rows in after.items() if rows > before[table])
        before = after

    def draw_all():
        for address in dict.fromkeys((*addresses(case, track, handoff), f"/access-review?case={reference}&period=all")):
            for who, client in people.items():
                assert client.get(address).status_code < 500, address
                check((who, address))

    draw_all()
    for who, address, form in acts(world, case, track, handoff):
        answer = people[who].post(address, {**form, "operation": str(uuid4())})
        assert answer.status_code in {200, 302}, (address, answer.content)
        check((who, "post", address))
        world.work()
        read_whole(world)
        before = read_whole(world)
    draw_all()
    drawn = [said for said, *_ in guilty if len(said) == len(("who", "address"))]
    how = plans(world, people[drawn[0][0]], drawn[0][1]) if drawn else []
    assert not guilty, "\n".join((*map(str, guilty[:40]), *how))
    assert len(before) == len(GROWING)
