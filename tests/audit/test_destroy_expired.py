"""Entries go when their time is over and not before; what is left still verifies, and says how many went."""

import json

import psycopg
import pytest
from django.core.management import CommandError, call_command

from audit.destroy_expired import YEARS
from audit.exporting import export_some
from audit.models import Entry
from audit.recording import record_read
from audit.verify import Broken, Unreadable, verify
from casework.worker.carry_out import destroy_entries
from casework.worker.tasks import destroy_old_entries
from permissions.acting import acting_as
from permissions.installing import system_actor
from permissions.vocabulary import Action, Role
from tests.audit.bundle import exported, sealed
from workflows.retention import RETENTION

LOOKS = 900


def test_the_term_is_the_one_of_the_table():
    assert max(RETENTION[code].years for code in ("LOG_POLICE", "LOG_CARE")) == YEARS


@pytest.fixture
def old(world):
    """A record with changes and looks of six years ago, and looks of today; all sealed."""
    case, _ = world.track("triage")
    with acting_as(world.lies, Role.POLICE_LIAISON, Action.READ_RECORD):
        for _ in range(LOOKS):
            record_read("read_record", Entry, case, case=case, shown=["identity"])
    db = world.superuser
    db.execute("SET session_replication_role = replica")
    half = db.execute("SELECT max(id) - 400 FROM audit_entry").fetchone()[0]
    db.execute("UPDATE audit_entry SET timestamp = timestamp - interval '6 years' WHERE id <= %s", [half])
    db.execute("SET session_replication_role = origin")
    sealed()
    return world


def gone(world):
    return sum(row[0] for row in world.rows("SELECT cardinality(gone) FROM trail.tile WHERE level = 0"))


def test_old_looks_go_and_old_checkpoints_still_verify(old, tmp_path):
    before = exported(tmp_path / "before")
    whole = verify(before)
    size = int(whole.split()[1])
    changes = "SELECT count(*) FROM audit_entry WHERE action <= 2"
    kept = old.rows(changes)
    done = destroy_entries()
    assert 300 < done < LOOKS
    assert old.rows(changes) == kept, "what vouches for values that stand is kept"
    assert (
        old.rows("SELECT count(*) FROM audit_entry WHERE action > 2 AND timestamp > now() - interval '5 years'")[0][0] > 300
    )
    assert gone(old) == done
    with pytest.raises(CommandError, match="not sealed yet"):
        call_command("audit_export", "--out", str(tmp_path / "early"))
    assert not (tmp_path / "early").exists()
    sealed()
    after = exported(tmp_path / "after")
    said = verify(after, before / "checkpoints.ndjson")
    total = int(said.split()[1])
    assert total > size
    assert f"{total - done} of them shown" in said
    telling = json.loads((after / "bundle.json").read_text())["destroyed"]
    lines = (after / "entries.ndjson").read_text().splitlines()
    assert [json.loads(lines[place])["entry"]["said"]["destroyed"] for place in telling] == [done]
    assert destroy_entries() == 0, "and only once"


def test_an_entry_beside_destroyed_ones_still_has_its_proof(old, tmp_path):
    destroy_entries()
    sealed()
    left = [row[0] for row in old.rows("SELECT id FROM audit_entry WHERE action <= 2 ORDER BY id LIMIT 20")]
    with acting_as(system_actor(Role.MIGRATION), Role.MIGRATION, Action.EXPORT_TRAIL):
        assert export_some(tmp_path / "some", left[:0]) == 0
    with acting_as(old.arie, Role.AUDITOR, Action.SEE_ACCESS_LOG):
        shown = export_some(tmp_path / "part", left)
    assert shown
    assert f"{shown} of them shown" in verify(tmp_path / "part")


def test_changes_go_once_the_earlier_values_are_destroyed(old, tmp_path):
    destroy_entries()
    sealed()
    before = old.rows("SELECT count(*) FROM audit_entry WHERE action <= 2")[0][0]
    old.superuser.execute("DELETE FROM audit_rowversion")
    done = destroy_entries()
    assert old.rows("SELECT count(*) FROM audit_entry WHERE action <= 2")[0][0] == before - done
    assert done
    sealed()
    assert verify(exported(tmp_path / "out")).startswith("whole")


def test_a_younger_entry_cannot_be_deleted_and_one_that_tells_never(old):
    destroy_entries()
    db = old.superuser
    young, told = (
        db.execute(query).fetchone()[0]
        for query in (
            "SELECT id FROM audit_entry WHERE word <> 'destroy_entries' ORDER BY id DESC LIMIT 1",
            "SELECT entry_id FROM trail.destroyed",
        )
    )
    db.execute("SET session_replication_role = replica")
    db.execute("UPDATE audit_entry SET timestamp = timestamp - interval '6 years' WHERE id = %s", [told])
    db.execute("SET session_replication_role = origin")
    for key in (young, told):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="only added to"):
            db.execute("DELETE FROM audit_entry WHERE id = %s", [key])


def tell_more(db: psycopg.Connection) -> None:
    """An owner who deletes one more entry, the last of a tile, and marks its place as destroyed."""
    query = "SELECT number, xact, entry_id FROM trail.tile WHERE level = 0 ORDER BY number DESC LIMIT 1"
    number, *first = db.execute(query).fetchone() or ()
    query = "SELECT id FROM audit_entry WHERE (xact, id) < (%s, %s) ORDER BY xact DESC, id DESC LIMIT 1"
    last = db.execute(query, first).fetchone()
    assert last
    db.execute("SET session_replication_role = replica")
    db.execute("DELETE FROM audit_entry WHERE id = %s", last)
    db.execute("SET session_replication_role = origin")
    db.execute("UPDATE trail.tile SET gone = gone || 255::smallint WHERE level = 0 AND number = %s", [number - 1])


def test_one_more_than_the_trail_tells_is_found(old, tmp_path):
    done = destroy_entries()
    sealed()
    tell_more(old.superuser)
    with pytest.raises(CommandError):
        exported(tmp_path / "out")
    old.superuser.execute("UPDATE trail.destroyed SET count = count + 1")
    with pytest.raises(Broken, match=f"{done + 1} entries are gone, and {done} were destroyed"):
        verify(exported(tmp_path / "out"))


def test_where_nothing_was_destroyed_no_gap_is_excused(old, tmp_path):
    tell_more(old.superuser)
    old.superuser.execute("INSERT INTO trail.destroyed SELECT max(id), 1 FROM audit_entry")
    with pytest.raises(Unreadable, match="does not tell how many"):
        verify(exported(tmp_path / "out"))


def test_a_night_destroys_all_that_is_over_however_little_at_a_time(old):
    destroy_old_entries(most=1)
    assert gone(old) > 256, "more than is taken at once"
    assert destroy_entries() == 0
