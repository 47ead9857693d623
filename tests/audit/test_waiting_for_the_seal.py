"""One sealer, an alarm for what waits, witnesses that are told until they have it, and exports that leave nothing out."""

import json
import logging
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core import mail
from django.core.management import call_command
from django.db import OperationalError, connection

from audit import exporting
from audit.models import Entry
from audit.recording import record_read
from audit.sealer import LOCK, only_sealer, tip
from audit.verify import read_note, verify
from audit.witness import LARGEST
from audit.witness_client import Witness
from casework.actions.perform import perform
from casework.worker.carry_out import destroy_entries
from config.management.commands.audit_seal import witness_all
from permissions.acting import acting_as
from permissions.installing import system_actor
from permissions.vocabulary import Action, Role
from tests.audit.bundle import exported, sealed
from tests.audit.test_witness import running
from tests.policy.behind import past_triggers
from tests.world import World

POSITIONS = "SELECT entry_id, place FROM trail.positions(%s)"


def test_one_sealer_holds_the_lock_as_long_as_it_lives(world: World):
    assert world.people
    with psycopg.connect(world.superuser.info.dsn, autocommit=True) as other:
        assert other.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone() == (True,)
        assert not only_sealer()
        other.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    assert only_sealer()
    connection.close()


@pytest.mark.parametrize("more", [0, 5])
def test_nobody_seals_on_from_a_size_that_the_log_has_no_more(world: World, more):
    world.track()
    sealed()
    size, notes = tip().size, world.count("trail.checkpoint")
    with (
        pytest.raises(OperationalError, match="somebody else sealed"),
        acting_as(system_actor(Role.SEALER), Role.SEALER, Action.SEAL_TRAIL),
        connection.cursor() as cursor,
    ):
        query = "SELECT trail.seal(%s, %s, '1', 1, 'x', '{}', '{}', '{}', '{}', '{}')"
        cursor.execute(query, [size - 1 if more else size, size + more])
    assert (tip().size, world.count("trail.checkpoint")) == (size, notes)


@pytest.mark.parametrize(("seconds", "alarms"), [(4, 0), (12, 1)])
def test_an_entry_that_waits_for_ten_seconds_is_an_alarm_however_new_the_last_is(world: World, caplog, seconds, alarms):
    _, track = world.track()
    sealed()
    with psycopg.connect(world.superuser.info.dsn) as slow:
        slow.execute("SELECT pg_current_xact_id()")
        perform(world.lies, Action.SUBMIT, track)
        with past_triggers(world):
            world.superuser.execute(
                "UPDATE audit_entry SET timestamp = timestamp - make_interval(secs => %s)"
                " WHERE id = (SELECT min(id) FROM audit_entry WHERE id > (SELECT entry_id FROM trail.tip))",
                [seconds],
            )
        assert timedelta(seconds=seconds) <= tip().age < timedelta(seconds=seconds + 60)
        with caplog.at_level(logging.ERROR, "audit.sealer"):
            call_command("audit_seal", once=True)
        connection.close()
    told = [record for record in caplog.records if "waits for its seal" in record.getMessage()]
    assert len(told) == alarms


def test_an_entry_has_a_position_once_it_is_sealed(world: World):
    _, track = world.track()
    sealed()
    size = tip().size
    ((last,),) = world.rows("SELECT max(id) FROM audit_entry")
    perform(world.lies, Action.SUBMIT, track)
    later = [key for (key,) in world.rows("SELECT id FROM audit_entry WHERE id > %s ORDER BY id", last)]
    assert world.rows(POSITIONS, [last, *later]) == [(last, size - 1)]
    sealed()
    assert sorted(world.rows(POSITIONS, later)) == [(key, size + place) for place, key in enumerate(later)]


def test_a_witness_that_could_not_be_told_is_told_at_the_next_round(world: World, tmp_path):
    world.track()
    sealed()
    late = Witness(f"file:{tmp_path}/later/kept.ndjson")
    (said,) = witness_all([late])
    assert "kept.ndjson" in said
    (tmp_path / "later").mkdir()
    assert witness_all([late]) == []
    assert (tmp_path / "later" / "kept.ndjson").read_text().count("\n") == 1
    assert witness_all([late]) == []
    assert (tmp_path / "later" / "kept.ndjson").read_text().count("\n") == 1, "and once"


def test_the_auditor_s_file_keeps_every_checkpoint_and_the_mailbox_one_a_day(world: World, tmp_path):
    kept = tmp_path / "kept.ndjson"
    witnesses = [Witness(f"file:{kept}"), Witness("mailto:auditor@voorbeeld.test")]
    sizes = []
    for _ in range(3):
        world.track()
        sealed()
        assert witness_all(witnesses) == []
        sizes.append(tip().size)
    assert [read_note(json.loads(row)["note"]).size for row in kept.read_text().splitlines()] == sizes
    assert [message.subject for message in mail.outbox] == [f"Checkpoint {sizes[0]}"]


@contextmanager
def answering(status: int, text: bytes) -> Iterator[str]:
    """A server that is no witness, and says so much to whoever posts."""

    class Other(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Other)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


ODD = {
    "a page": (200, b"<html>Sign in to the network</html>"),
    "one word": (200, b"ok"),
    "nothing": (200, b""),
    "no signature": (200, "\u2014 witness.test \n".encode()),
    "a line that is no text": (200, "\u2014 witness.test AAAAAAAAAAAAAAAAAAAAAAAA\0\n".encode()),
    "no letters at all": (200, b"\xff\xfe"),
    "a size that is no number": (409, "\u00b2".encode()),
    "a size of many digits": (409, b"9" * 6_000),
    "a size that we never had": (409, b"999999999"),
}


@pytest.mark.parametrize("what", ODD)
def test_a_witness_that_answers_oddly_is_named_and_keeps_nobody_from_being_told(world: World, tmp_path, what):
    world.track()
    sealed()
    kept = tmp_path / "kept.ndjson"
    with answering(*ODD[what]) as address:
        (said,) = witness_all([Witness(address), Witness(f"file:{kept}")])
        assert said.startswith(address)
        assert len(said) < 600
    assert kept.read_text().count("\n") == 1
    assert world.count("trail.cosignature") == 0


def test_nobody_else_on_its_machine_reads_the_key_of_a_witness(tmp_path):
    with running(tmp_path / "witness"):
        assert stat.S_IMODE((tmp_path / "witness" / "witness.key").stat().st_mode) == 0o600


@pytest.mark.parametrize("length", [LARGEST + 1, 10**12])
def test_a_witness_refuses_what_is_too_long_before_it_is_sent(tmp_path, length):
    with running(tmp_path / "witness") as address:
        asked = HTTPConnection(urlsplit(address).netloc, timeout=20)
        asked.putrequest("POST", "/add-checkpoint")
        asked.putheader("Content-Length", str(length))
        asked.endheaders()
        assert asked.getresponse().status == 400
        asked.close()


def looked(world: World, times: int) -> None:
    with acting_as(world.lies, Role.POLICE_LIAISON, Action.READ_RECORD):
        for _ in range(times):
            record_read("read_record", Entry, "x", shown=["identity"])


def test_a_log_of_many_tiles_and_checkpoints_is_exported_whole(world: World, tmp_path, monkeypatch):
    monkeypatch.setattr(exporting, "NOTES", 2)
    monkeypatch.setattr(exporting, "TILES", 1)
    for times in (3, 260, 3, 260, 3):
        looked(world, times)
        sealed()
    folder = exported(tmp_path / "bundle")
    size = tip().size
    assert size > 512
    assert verify(folder).startswith(f"whole: {size} entries, {size} of them shown")
    assert len((folder / "checkpoints.ndjson").read_text().splitlines()) == world.count("trail.checkpoint") >= 5


def test_an_export_is_never_written_over_another(world: World, tmp_path):
    world.track()
    sealed()
    folder = exported(tmp_path / "bundle")
    before = (folder / "bundle.json").read_text()
    world.track()
    sealed()
    with pytest.raises(FileExistsError):
        exporting.export_some(folder, [])
    assert (folder / "bundle.json").read_text() == before


@pytest.fixture
def aged(world: World):
    """Looks of three tiles, all of them of so long ago; and a list that showed a case."""

    def make(by: str, column: str = "timestamp") -> World:
        case, _ = world.track()
        with acting_as(world.lies, Role.POLICE_LIAISON, Action.READ_RECORD):
            record_read("search_own", Entry, "", cases=[case])
            for _ in range(900):
                record_read("read_record", Entry, case, case=case, shown=["identity"])
        with past_triggers(world):
            world.superuser.execute(f"UPDATE audit_entry SET {column} = {column} - %s::interval", [by])
        sealed()
        return world

    return make


@pytest.mark.parametrize(("by", "column"), [("4 years 364 days", "timestamp"), ("60 years", "occurred_at")])
def test_an_entry_stays_for_five_years_after_it_was_written_down(aged, by, column):
    world = aged(by, column)
    before = world.count("audit_entry")
    assert destroy_entries() == 0
    for which in ("SELECT min(id) FROM audit_entry WHERE action > 2", "SELECT max(id) FROM audit_entry"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="only added to"):
            world.superuser.execute(f"DELETE FROM audit_entry WHERE id = ({which})")
    assert world.count("audit_entry") == before


def test_a_list_goes_with_what_it_is_found_by(aged):
    world = aged("5 years 1 day")
    assert world.count("trail.shown") == 1
    assert destroy_entries() > 500
    assert world.count("trail.shown") == 0


def test_one_run_stops_once_it_has_destroyed_what_it_was_asked_for(aged):
    world = aged("5 years 1 day")
    before = world.count("audit_entry")
    with acting_as(system_actor(Role.SCHEDULER), Role.SCHEDULER, Action.DESTROY_ENTRIES), connection.cursor() as cursor:
        cursor.execute("SELECT trail.destroy_due(1)")
        (done,) = cursor.fetchone()
    assert 0 < done <= 256, "the tile in which it got there, and no further"
    assert before - world.count("audit_entry") == done - 1, "and one entry that tells of it"
    assert destroy_entries() > 0
