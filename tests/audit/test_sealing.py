"""The seal on a real database: order, one sealer, rotation, witnesses, parts, and an owner who tampers."""

import json
import os
import shutil
from pathlib import Path

import psycopg
import pytest
from django.core import mail
from django.db import ProgrammingError, connection

from audit.exporting import export_some
from audit.models import Entry
from audit.sealer import seal, tip
from audit.verify import Broken, verify
from audit.witness_client import Witness
from casework.actions.perform import perform
from config.management.commands.audit_seal import seal_all, witness_all
from permissions.acting import acting_as
from permissions.vocabulary import Action, Role
from tests.audit.bundle import exported, sealed
from tests.audit.forging import SIGNER, THIEF
from tests.audit.test_witness import running

SAMPLES = Path(__file__).parent / "bundles"
ASK = {"approval": {"action": "close_unwarned", "text": "Niemand woont er nog, sluiten."}}


def lines_of(folder):
    return [json.loads(line) for line in (folder / "entries.ndjson").read_text().splitlines()]


def behind(world, query, *values):
    """Do it as the owner of the database would: past triggers and row security."""
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute(query, values)
    world.superuser.execute("SET session_replication_role = origin")


def test_everything_written_is_sealed_once_in_order_and_whole(world, tmp_path):
    world.track("triage")
    assert sealed() > 20
    before = tip().size
    world.track("draft")
    assert sealed() > 0
    size = tip().size
    assert before < size == world.count("audit_entry")
    said = verify(exported(tmp_path / "bundle"), keys=[SIGNER.line])
    assert said.startswith(f"whole: {size} entries, {size} of them shown")
    lines = lines_of(tmp_path / "bundle")
    assert [line["position"] for line in lines] == list(range(size))
    order = [(int(line["entry"]["xact"]), line["entry"]["id"]) for line in lines]
    assert order == sorted(order)
    assert sealed() == 1, "the export itself"


def test_a_slow_writer_is_waited_for_and_never_skipped(world):
    _, track = world.track()
    sealed()
    with psycopg.connect(world.superuser.info.dsn) as slow:
        slow.execute("SET session_replication_role = replica")
        slow.execute(
            "INSERT INTO audit_entry (content_type_id, object_pk, action, verb, word, outcome, role, purpose, basis)"
            " SELECT content_type_id, 'slow', 5, verb, word, outcome, role, purpose, basis FROM audit_entry LIMIT 1",
        )
        perform(world.lies, Action.SUBMIT, track)
        assert seal_all(SIGNER) == 0, "what came later waits"
        assert tip().age.total_seconds() > 0
        slow.commit()
    sealed()
    assert tip().size == world.count("audit_entry")


def test_a_rotated_key_goes_on_and_the_old_signatures_still_hold(world, tmp_path):
    world.track()
    sealed(SIGNER)
    world.track()
    sealed(THIEF)
    folder = exported(tmp_path / "bundle")
    assert verify(folder).startswith("whole")
    assert verify(folder, keys=[SIGNER.line, THIEF.line]).startswith("whole")
    with pytest.raises(Broken, match="not signed by a known key"):
        verify(folder, keys=[SIGNER.line])


def test_one_sealer_at_a_time_and_nobody_else(world):
    world.track()
    for person, action in ((world.lies, Action.SEE_CASE), (world.otto, Action.VERIFY_TRAIL)):
        with acting_as(person, person.roles[0], action), pytest.raises(ProgrammingError, match="for its sealer"):
            seal(SIGNER)
    queries = (
        "SELECT trail.seal(0, 5, '1', 1, 'x', '{}', '{}', '{}', '{}', '{}')",
        "SELECT trail.know_key('x')",
        "SELECT trail.cosign(0, 'x', 'x')",
        "SELECT * FROM trail.stretch('0', 0, 0, 10)",
        "SELECT * FROM trail.tile",
        "UPDATE trail.tip SET size = 0",
        "DELETE FROM trail.checkpoint",
    )
    for query in queries:
        with (
            pytest.raises(ProgrammingError),
            acting_as(world.arie, Role.AUDITOR, Action.SEE_ACCESS_LOG),
            connection.cursor() as cursor,
        ):
            cursor.execute(query)


def test_checkpoints_reach_every_kind_of_witness_and_stand_in_the_bundle(world, tmp_path):
    kept, first = tmp_path / "auditor.ndjson", 2**60
    with running(tmp_path / "witness") as address:
        witnesses = [Witness(address), Witness(f"file:{kept}"), Witness("mailto:auditor@voorbeeld.test")]
        for _ in range(2):
            world.track()
            sealed()
            assert witness_all(witnesses) == []
            first = min(first, tip().size)
        late = Witness(address)
        assert witness_all([late]) == [], "one that was forgotten by us is asked how far it is"
    assert [message.subject for message in mail.outbox] == [f"Checkpoint {first}"], "one a day"
    folder = exported(tmp_path / "bundle")
    assert "witness.test" in (folder / "checkpoints.ndjson").read_text()
    for seen in (kept, tmp_path / "witness" / "seen.ndjson"):
        assert verify(folder, seen).startswith("whole")
    failed = witness_all([Witness("http://127.0.0.1:1"), Witness("file:/nowhere/at/all")])
    assert len(failed) == 2


TAMPERING = {
    "change": "UPDATE audit_entry SET word = 'print_case' WHERE id = %s",
    "re-date": "UPDATE audit_entry SET occurred_at = occurred_at - interval '1 hour' WHERE id = %s",
    "blank": "UPDATE audit_entry SET actor_id = NULL WHERE id = %s",
    "blank-changes": "UPDATE audit_entry SET changes = NULL WHERE id = %s",
    "delete": "DELETE FROM audit_entry WHERE id = %s",
    "insert": (
        "INSERT INTO audit_entry (id, xact, content_type_id, object_pk, action, verb, word, outcome, role, purpose, basis,"
        " timestamp, occurred_at, actor_id) SELECT -id, xact, content_type_id, object_pk, action, verb, word, outcome, role,"
        " purpose, basis, timestamp, occurred_at, actor_id FROM audit_entry WHERE id = %s"
    ),
    "other-case": "UPDATE audit_entry SET case_id = gen_random_uuid() WHERE id = %s",
}


@pytest.mark.parametrize("how", TAMPERING)
def test_what_the_owner_of_the_database_does_to_an_entry_is_found_where_it_stands(world, tmp_path, how):
    world.track("triage")
    sealed()
    honest = lines_of(exported(tmp_path / "honest"))
    victim = next(line["entry"] for line in honest[10:] if line["entry"]["changes"] and line["entry"]["case"])
    behind(world, TAMPERING[how], victim["id"])
    folder = exported(tmp_path / "bundle")
    with pytest.raises(Broken) as found:
        verify(folder)
    tampered = lines_of(folder)
    first = next(n for n in range(len(honest)) if tampered[n : n + 1] != honest[n : n + 1])
    assert f"position {first}:" in str(found.value)
    store_sample(f"broken-{how}", folder)


def test_a_log_that_the_owner_rebuilds_and_signs_again_is_found_by_its_witness(world, tmp_path):
    kept = tmp_path / "auditor.ndjson"
    world.track()
    sealed()
    witness_all([Witness(f"file:{kept}")])
    first = tip().size
    world.track("triage")
    sealed()
    witness_all([Witness(f"file:{kept}")])
    honest = exported(tmp_path / "honest")
    store_sample("whole-witnessed", honest, kept)
    behind(world, "DELETE FROM audit_entry WHERE id = (SELECT max(id) - 5 FROM audit_entry)")
    world.superuser.execute("TRUNCATE trail.tile, trail.checkpoint, trail.cosignature")
    world.superuser.execute("UPDATE trail.tip SET size = 0, xact = '0', entry_id = 0")
    sealed()
    folder = exported(tmp_path / "bundle")
    assert verify(folder).startswith("whole"), "without a witness nobody could tell"
    with pytest.raises(Broken, match=rf"between {first} and \d+: (not what the witness saw|the witness saw more)"):
        verify(folder, kept)
    store_sample("broken-rebuilt", folder, kept)


def test_a_part_of_the_trail_is_exported_with_its_proofs_as_far_as_one_may_see(world, tmp_path):
    case, _ = world.track("triage")
    other = perform(world.wim, Action.OPEN_CASE, given={"person": {"role": "minor", "given_names": "Kim"}})
    sealed()
    ids = [row[0] for row in world.rows("SELECT id FROM audit_entry ORDER BY id")]
    with acting_as(world.arie, Role.AUDITOR, Action.SEE_ACCESS_LOG):
        mine = set(Entry.objects.values_list("id", flat=True))
        count = export_some(tmp_path / "bundle", ids)
    assert 10 < count == len(mine) < len(ids)
    text = (tmp_path / "bundle" / "entries.ndjson").read_text()
    assert str(case) in text
    assert str(other.made["case"]) not in text
    assert verify(tmp_path / "bundle").startswith(f"whole: {tip().size} entries, {count} of them shown")
    store_sample("whole-part", tmp_path / "bundle")
    path = tmp_path / "bundle" / "entries.ndjson"
    rows = path.read_text().splitlines()
    path.write_text("\n".join([*rows[:3], rows[3].replace('"done"', '"refused"'), *rows[4:]]) + "\n")
    with pytest.raises(Broken, match=f"position {json.loads(rows[3])['position']}:"):
        verify(tmp_path / "bundle")
    store_sample("broken-part", tmp_path / "bundle")


def test_words_of_any_script_stay_one_printable_line(world, tmp_path):
    case, _ = world.track()
    with acting_as(world.lies, Role.POLICE_LIAISON, Action.SEE_CASE):
        Entry.objects.create(
            action=Entry.ACT, verb="consult", word="see_case", content_type_id=1, object_pk="x", case_id=case,
            additional_data={"why": "een\nregel\u2028twee\u202edrie\x85vier\U0001f517 \u00e9"},
        )  # fmt: skip
    sealed()
    folder = exported(tmp_path / "bundle")
    raw = (folder / "entries.ndjson").read_bytes()
    assert len(raw.decode().splitlines()) == tip().size
    assert raw.isascii()
    assert "een\nregel\u2028twee\u202edrie\x85vier\U0001f517 \u00e9" in {
        (line["entry"]["said"] or {}).get("why") for line in lines_of(folder)
    }
    assert verify(folder).startswith("whole")


def store_sample(name, folder, seen=None):
    """Write the bundle among the samples when the golden files are made anew."""
    if os.environ.get("GOLDEN"):
        shutil.rmtree(SAMPLES / name, ignore_errors=True)
        shutil.copytree(folder, SAMPLES / name)
        if seen:
            shutil.copy(seen, SAMPLES / name / "seen.ndjson")
