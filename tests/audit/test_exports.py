"""Exports of the trail: five forms, whole, made by the worker, of one person, gone after a week; and the report."""

import csv
import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from audit.models import Entry
from audit.verify import Broken, verify
from casework.actions.perform import perform
from casework.input import codes
from casework.input.codes import PROOF
from casework.oversight.formats import COLUMNS, FORMATS, Names, as_csv, as_fhir, as_ldv, as_ndjson
from casework.worker.carry_out import carry_out, run_due
from permissions.acting import acting_as, scenario_moment
from permissions.decision import Refused
from permissions.installing import system_actor
from permissions.services import NewPerson, install
from permissions.vocabulary import Action, Role
from tests.audit.bundle import sealed
from tests.world import AGENCIES, PASSWORD, PERSON, signed_in

WHY = "Voor de jaarlijkse audit."
CONTENT = ("Testpersoon", "Proefstraat", "Een zorg")


def asked(world, form, who="arie"):
    given = {"export": {"format": form, "since": "gisteren", "until": "vandaag", "text": WHY}}
    return perform(world.people[who], Action.EXPORT_TRAIL, None, given).id


def fetched(export, who="arie"):
    """What the address of a file answers."""
    return signed_in(who).get(f"/workbench/exports/{export}/file")


def page(export):
    return signed_in("arie").get(f"/workbench/exports/{export}").content.decode()


@contextmanager
def moment(at):
    token = scenario_moment.set(at)
    try:
        yield
    finally:
        scenario_moment.reset(token)


def downloaded(world, form):
    world.delivered(world.track("triage")[0])
    export = asked(world, form)
    world.work()
    answer = fetched(export)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith('attachment; filename="schakel-')
    text = sent(answer)
    assert not [word for word in CONTENT if word in text]
    return text


def packed(answer: Any) -> bytes:
    """What a download holds."""
    return b"".join(answer.streaming_content)


def sent(answer):
    """What a download holds, as text."""
    return packed(answer).decode()


def test_the_table_has_a_line_an_entry_and_names_its_columns(world):
    rows = list(csv.DictReader(StringIO(downloaded(world, "csv").removeprefix("\ufeff")), delimiter=";"))
    assert len(rows) > 20
    looked = [row for row in rows if row["verb"] in {"consult", "provide"} and row["outcome"] == "done"]
    assert looked
    assert all(row["purpose"] and row["basis"] for row in looked)
    assert {row["organisation"] for row in rows} <= {"Politie Voorbeeld Oost", "", "Veilig Thuis Proefstad"}


def test_lines_of_json_carry_fields_and_no_values(world):
    rows = [json.loads(line) for line in downloaded(world, "ndjson").splitlines()]
    assert any("state" in row["fields"] for row in rows)
    assert len({row["entry"] for row in rows}) == len(rows)


def test_fhir_events_have_what_the_profile_requires(world):
    events = [json.loads(line) for line in downloaded(world, "fhir").splitlines()]
    for event in events:
        assert event["resourceType"] == "AuditEvent"
        assert event["action"] in "CRUDE"
        assert event["outcome"] in {"0", "4"}
        assert {"type", "recorded", "agent", "source", "entity"} <= set(event)
        assert all("who" in agent for agent in event["agent"])
        assert [agent["requestor"] for agent in event["agent"]].count(True) == 1
        assert datetime.fromisoformat(event["recorded"]).tzinfo
    assert {event["action"] for event in events} >= {"C", "R", "U"}
    told = {agent["type"]["text"] for event in events for agent in event["agent"]}
    assert told >= {"recipient", "on behalf of"}, "to whom it went, and whose act a delivery carries out"


def test_an_event_says_how_it_ended(world):
    assert signed_in("saskia").get(f"/cases/{world.opened().id}/print_case").status_code == 403
    events = {event["id"]: event["outcome"] for event in map(json.loads, downloaded(world, "fhir").splitlines())}
    ended = {str(key): "0" if word == "done" else "4" for key, word in world.rows("SELECT id, outcome FROM audit_entry")}
    assert set(events.values()) == {"0", "4"}
    assert events.items() <= ended.items()


def test_data_processing_lines_name_subjects_and_no_user(world):
    lines = [json.loads(line) for line in downloaded(world, "ldv").splitlines()]
    people = {str(row[0]) for row in world.rows("SELECT id FROM casework_personincase")}
    subjects = {line["attributes"]["dpl.core.data_subject_id"] for line in lines} - {""}
    assert subjects
    assert subjects <= people
    text = json.dumps(lines)
    assert "Liaison" not in text
    names = {"processing_activity_id", "data_subject_id", "data_subject_id_type"}
    assert all(set(line["attributes"]) == {f"dpl.core.{name}" for name in names} for line in lines)
    assert len({line["trace_id"] for line in lines}) < len(lines), "what one operation did is joined"


def test_each_of_whom_a_case_tells_has_a_line_of_every_entry_of_it(world):
    world.opened(person=[{**PERSON, "given_names": name} for name in ("Kim", "Sam")])
    people = {str(row[0]) for row in world.rows("SELECT id FROM casework_personincase")}
    subjects: dict[str, set[str]] = {}
    for line in map(json.loads, downloaded(world, "ldv").splitlines()):
        subjects.setdefault(line["operation_id"], set()).add(line["attributes"]["dpl.core.data_subject_id"])
    told = [found for found in subjects.values() if found & people]
    assert len(people) == 2
    assert told
    assert all(found == people for found in told)


def test_a_bundle_proves_each_of_its_entries_to_an_outsider(world, tmp_path):
    world.delivered(world.track("triage")[0])
    export = asked(world, "proof")
    world.work()
    assert fetched(export).status_code == 409, "nothing is sealed yet"
    assert "Wordt gemaakt" in page(export)
    sealed()
    with moment(datetime.now(UTC) + timedelta(minutes=2)):
        run_due(datetime.now(UTC) + timedelta(minutes=2))
    answer = fetched(export)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    with ZipFile(BytesIO(packed(answer))) as archive:
        archive.extractall(tmp_path)
    lines = (tmp_path / "entries.ndjson").read_text().splitlines()
    mine = world.agency("arie")
    entries = [json.loads(line)["entry"] for line in lines]
    assert len(entries) > 20
    assert all(
        mine in {entry["agency"], entry["record_agency"]} or entry["actor"] == world.arie.person_id for entry in entries
    )
    assert f"{len(lines)} of them shown" in verify(tmp_path)
    lines[7] = lines[7].replace('"outcome": "done"', '"outcome": "gone"')
    (tmp_path / "entries.ndjson").write_text("".join(line + "\n" for line in lines))
    with pytest.raises(Broken, match=f"position {json.loads(lines[7])['position']}: the entry is not what was sealed"):
        verify(tmp_path)


def test_an_export_is_on_the_trail_from_its_purpose_to_its_removal_after_a_week(world):
    world.track()
    export = asked(world, "csv")
    assert "Wordt zo gemaakt" in page(export)
    assert fetched(export).status_code == 409
    world.work()
    assert fetched(export).status_code == 200
    assert WHY in signed_in("arie").get("/workbench").content.decode()
    said = "SELECT verb, additional_data ->> 'format' FROM audit_entry WHERE word = 'export_trail' AND action = 4"
    assert world.rows(f"{said} ORDER BY id") == [("combine", "csv"), ("provide", "csv")]
    week = datetime.now(UTC) + timedelta(days=7, minutes=1)
    with moment(week):
        assert fetched(export).status_code == 404
        assert world.count("casework_exportpart") > 0
        run_due(week)
        assert "Het bestand is weg" in page(export)
    assert world.count("casework_exportpart") == 0
    gone = world.rows("SELECT verb, role, object_pk FROM audit_entry WHERE word = 'remove_export' AND changes IS NOT NULL")
    assert gone == [("alter", "scheduler", str(export))]


def test_a_file_is_not_removed_before_its_time(world):
    export = asked(world, "csv")
    world.work()
    for actor in (system_actor(Role.SCHEDULER, world.agency("arie")), system_actor(Role.SCHEDULER, world.agency("wim"))):
        with acting_as(actor, Role.SCHEDULER, Action.REMOVE_EXPORT), connection.cursor() as cursor:
            cursor.execute("SELECT lock.remove_export(%s)", [export])
    assert fetched(export).status_code == 200


def test_the_page_of_an_export_tells_how_far_it_is(world, monkeypatch):
    world.track("triage")
    monkeypatch.setattr("casework.actions.exports.AT_ONCE", 5)
    export = asked(world, "csv")
    (total,) = world.rows(
        "SELECT count(*) FROM audit_entry WHERE id <= (SELECT entry_id FROM casework_review WHERE id = %s)"
        " AND (agency_id = %s OR record_agency_id = %s)", export, world.agency("arie"), world.agency("arie"))[0]  # fmt: skip
    for written in (5, 10):
        carry_out(world.rows("SELECT id FROM casework_outbox WHERE task = 'export_trail' AND done_at IS NULL")[0][0])
        assert f"{written} van {total} regels" in page(export)
    world.work()
    assert f"Klaar</strong>: {total} van {total} regels" in page(export)
    assert f"/workbench/exports/{export}" in signed_in("arie").get("/workbench").content.decode()


def test_asking_leads_to_the_page_of_the_export_and_asking_again_to_the_same(world):
    form = {"export-format": "csv", "export-text": WHY, "export-since": "gisteren", "export-until": "vandaag"}
    form["operation"] = str(uuid4())
    client = signed_in("arie")
    places = {client.post("/workbench/export_trail", form)["Location"] for _ in range(2)}
    assert len(places) == world.count("casework_export") == 1
    assert client.get(places.pop()).status_code == 200


def test_a_worker_that_dies_in_the_middle_loses_no_part_and_writes_none_twice(world, monkeypatch):
    world.track("triage")
    monkeypatch.setattr("casework.actions.exports.AT_ONCE", 7)
    first, second = asked(world, "ndjson"), asked(world, "ndjson")
    world.superuser.execute(
        "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'dead'; END $$;"
        f"CREATE TRIGGER die BEFORE INSERT ON casework_exportpart FOR EACH ROW WHEN (NEW.export_id = '{first}'"
        " AND NEW.number = 2) EXECUTE FUNCTION die()"
    )
    try:
        world.work()
    finally:
        world.superuser.execute("DROP TRIGGER die ON casework_exportpart; DROP FUNCTION die()")
    assert fetched(second).status_code == 200, "one that fails does not hold up the others"
    assert fetched(first).status_code == 409
    world.work()
    entries = [json.loads(line)["entry"] for line in sent(fetched(first)).splitlines()]
    others = [json.loads(line)["entry"] for line in sent(fetched(second)).splitlines()]
    assert entries == [entry for entry in others if entry <= max(entries)]
    assert len(set(entries)) == len(entries) > 14


def test_an_export_of_one_person_is_not_there_for_a_colleague(world):
    more = [NewPerson("aad", "Aad Auditor", AGENCIES[0].name, (Role.AUDITOR,), PASSWORD)]
    install(AGENCIES, more, datetime.now(UTC) - timedelta(days=1))
    export = asked(world, "csv")
    world.work()
    for who in ("aad", "anke", "lies", "bea", "saskia"):
        assert fetched(export, who).status_code in {403, 404}, who
        assert signed_in(who).get(f"/workbench/exports/{export}").status_code in {403, 404}, who
    colleague = signed_in("aad")
    assert fetched(export, "aad").status_code == 404
    assert f"/workbench/exports/{export}" not in colleague.get("/workbench").content.decode()
    assert fetched(export).status_code == 200


def test_an_export_is_not_made_for_who_may_not_ask_for_it_any_more(world):
    world.track()
    export = asked(world, "csv")
    change = "UPDATE permissions_membership SET ends_at = {} WHERE user_id = %s"
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute(change.format("now()"), [world.arie.person_id])
    world.superuser.execute("SET session_replication_role = origin")
    world.work()
    assert world.count("casework_exportpart") == 0
    refused = world.rows("SELECT actor_id FROM audit_entry WHERE word = 'export_trail' AND outcome = 'refused'")
    assert refused == [(world.arie.person_id,)]
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute(change.format("NULL"), [world.arie.person_id])
    world.superuser.execute("SET session_replication_role = origin")
    world.work()
    assert "Deze export is niet gemaakt" in page(export)
    assert fetched(export).status_code == 409


def test_an_export_is_decided_again_when_it_is_downloaded(world):
    world.track()
    export = asked(world, "csv")
    world.work()
    client = signed_in("arie")
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute(
        "UPDATE permissions_membership SET roles = '{report_viewer}' WHERE user_id = %s", [world.arie.person_id]
    )
    world.superuser.execute("SET session_replication_role = origin")
    assert client.get(f"/workbench/exports/{export}").status_code == 404
    assert client.get(f"/workbench/exports/{export}/file").status_code == 404
    with pytest.raises(Refused):
        asked(world, "csv", "lies")


def risky():
    """An entry as a spreadsheet's enemy would like it."""
    at = datetime(2026, 3, 2, tzinfo=UTC)
    return Entry(
        pk=7, verb="consult", word="=cmd", outcome="done", role="+1", purpose="-2", basis="@x", cid="\tx", timestamp=at,
        occurred_at=at, actor_id=1, object_pk="\r=1", additional_data={"shown": ["=identity"], "by": "=x"},
        content_type=ContentType(model="=entry"),
    )  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "ndjson", "ldv"])
def test_an_export_holds_all_that_was_asked_for_however_little_is_held_at_once(world, monkeypatch, form):
    world.track("triage")
    until = world.rows("SELECT max(id) FROM audit_entry")[0][0]
    texts = []
    for at_once in (3, 100_000):
        monkeypatch.setattr("casework.actions.exports.AT_ONCE", at_once)
        export = asked(world, form)
        world.superuser.execute("SET session_replication_role = replica")
        world.superuser.execute("UPDATE casework_review SET entry_id = %s WHERE id = %s", [until, export])
        world.superuser.execute("SET session_replication_role = origin")
        world.work()
        texts.append(sent(fetched(export)))
    assert texts[0] == texts[1]
    assert len(set(texts[0].splitlines())) == len(texts[0].splitlines()) > 20


def test_every_form_that_can_be_asked_can_be_written():
    assert set(FORMATS) | {PROOF} == set(codes.FORMATS)


def test_no_cell_is_a_formula():
    names = Names({1: "=HYPERLINK()"}, {}, {}, "x")
    text = "".join(as_csv([risky()], names))
    assert text.startswith('\ufeff"entry";"recorded_at";'), "as spreadsheets here open it: a mark, and semicolons"
    assert text.count("\ufeff") == 1
    rows = list(csv.reader(StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert {len(row) for row in rows} == {len(COLUMNS)}
    assert not [cell for cell in rows[1] if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert "'=HYPERLINK()" in rows[1]
    for writer in (as_ndjson, as_fhir, as_ldv):
        assert all(json.loads(line) for line in writer([risky()], names))


def test_a_person_is_told_which_roles_saw_their_data_and_to_whom_it_went(world):
    more = [NewPerson("fien", "Fien Functionaris", AGENCIES[0].name, (Role.PRIVACY_OFFICER,), PASSWORD)]
    install(AGENCIES, more, datetime.now(UTC) - timedelta(days=1))
    case, _ = world.track("triage")
    world.delivered(case)
    called = world.rows("SELECT reference FROM casework_participation WHERE group_id = %s", world.agency("lies"))[0][0]
    page = signed_in("fien").get(f"/person-report?case={called}").content.decode()
    table = page.split("</form>")[-1]
    assert "Veilig Thuis Proefstad" in table
    assert "Liaison" not in table.replace("liaison", "").replace("Politieliaison", "")
    assert not [word for word in CONTENT if word in table]
    assert signed_in("arie").get(f"/person-report?case={called}").status_code == 403
    assert world.rows("SELECT count(*) FROM audit_entry WHERE word = 'handle_rights_request' AND case_id = %s", case) == [
        (1,)
    ]
