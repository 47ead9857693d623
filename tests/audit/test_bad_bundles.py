"""What is no bundle gets one clear sentence and exit code 2 or 1, never a traceback; samples say what they are."""

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest

from audit.verify import Unreadable, main, read_key, read_note
from tests.audit.forging import SIGNER, THIEF, Log, line, put

ROOT = Path(__file__).resolve().parents[2]
BUNDLES = Path(__file__).parent / "bundles"
CODES = {"whole": 0, "broken": 1, "unreadable": 2}


@pytest.fixture
def bundle(tmp_path):
    log = Log([line(position) for position in range(50)], [20, 50])
    return log, log.write(tmp_path / "bundle")


def told(capsys, *arguments):
    code = main([str(one) for one in arguments])
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert said.isprintable() or said[:-1].isprintable()
    return code, said


def first_note(folder):
    rows = (folder / "checkpoints.ndjson").read_text().splitlines()
    return json.loads(rows[0]), rows[1:]


def rewrite(folder, note, rest):
    (folder / "checkpoints.ndjson").write_text("\n".join([json.dumps(note), *rest]) + "\n")


def no_entries(folder):
    (folder / "entries.ndjson").unlink()


def cut_in_a_line(folder):
    path = folder / "entries.ndjson"
    path.write_bytes(path.read_bytes()[:-9])


def a_line_of_two_gigabytes(folder):
    with (folder / "entries.ndjson").open("r+b") as file:
        file.truncate(2 << 30)


def no_position(folder):
    (folder / "entries.ndjson").write_text('{"entry": 1}\n')


def position_too_long(folder):
    (folder / "entries.ndjson").write_text('{"position":' + "9" * 5000 + ',"entry":{}}\n')


def no_json(folder):
    (folder / "bundle.json").write_text("[")


def deep_json(folder):
    (folder / "checkpoints.ndjson").write_text("[" * 100_000 + "\n")


def no_checkpoints(folder):
    (folder / "checkpoints.ndjson").write_text("")


def no_base64(folder):
    note, rest = first_note(folder)
    rewrite(folder, note | {"note": note["note"].replace("=", "!")}, rest)


def a_size_written_otherwise(folder):
    note, rest = first_note(folder)
    rewrite(folder, note | {"note": note["note"].replace("\n20\n", "\n+20\n")}, rest)


def unknown_algorithm(folder):
    name, mark, rest = SIGNER.line.split("+", 2)
    data = bytes([9]) + base64.b64decode(rest)[1:]
    (folder / "keys.txt").write_text(f"{name}+{mark}+{base64.b64encode(data).decode()}\n")


def a_key_of_another_id(folder):
    (folder / "keys.txt").write_text(SIGNER.line.replace("+", "+0", 1) + "\n")


def bad_signature(folder):
    note, rest = first_note(folder)
    text = note["note"]
    rewrite(folder, note | {"note": text.replace("\n20\n", "\n21\n")}, rest)


def signed_by_another(folder):
    (folder / "keys.txt").write_text(THIEF.line + "\n")


def checkpoints_reordered(folder):
    path = folder / "checkpoints.ndjson"
    path.write_text("\n".join(reversed(path.read_text().splitlines())) + "\n")


def a_wrong_proof(folder):
    path = folder / "checkpoints.ndjson"
    first, second = path.read_text().splitlines()
    row = json.loads(second)
    path.write_text(first + "\n" + json.dumps(row | {"proof": row["proof"][:-1]}) + "\n")


def reordered(folder):
    lines = (folder / "entries.ndjson").read_text().splitlines()
    put(folder, [lines[1], lines[0], *lines[2:]])


def duplicate_position(folder):
    lines = (folder / "entries.ndjson").read_text().splitlines()
    put(folder, [*lines[:5], lines[4], *lines[5:]])


def one_too_many(folder):
    with (folder / "entries.ndjson").open("a") as file:
        file.write(line(50) + "\n")


def leaves_cut_short(folder):
    path = folder / "leaves"
    path.write_bytes(path.read_bytes()[:-5])


UNREADABLE = (
    no_entries, cut_in_a_line, a_line_of_two_gigabytes, no_position, position_too_long, no_json, deep_json, no_checkpoints,
    no_base64, a_size_written_otherwise, unknown_algorithm, a_key_of_another_id,
)  # fmt: skip
BROKEN = (
    bad_signature, signed_by_another, checkpoints_reordered, a_wrong_proof, reordered, duplicate_position, one_too_many,
    leaves_cut_short,
)  # fmt: skip


@pytest.mark.parametrize("damage", UNREADABLE, ids=lambda damage: damage.__name__)
def test_what_cannot_be_read_says_so(bundle, capsys, damage):
    damage(bundle[1])
    code, said = told(capsys, bundle[1])
    assert (code, said.split(":")[0]) == (2, "unreadable")


@pytest.mark.parametrize("damage", BROKEN, ids=lambda damage: damage.__name__)
def test_what_is_broken_says_where(bundle, capsys, damage):
    damage(bundle[1])
    code, said = told(capsys, bundle[1])
    assert (code, said.split(":")[0]) == (1, "broken")


def test_no_folder_and_no_witness_file(bundle, capsys, tmp_path):
    assert told(capsys, tmp_path / "nothing")[0] == 2
    assert told(capsys, bundle[1], "--witness", tmp_path / "nothing")[0] == 2
    assert told(capsys, bundle[1], "--key", "x")[0] == 2
    assert told(capsys, bundle[1])[0] == 0


@pytest.mark.parametrize(
    "text", ["", "a\n1\n", "a\n1\nAAAA\n\n", "a\n1\nAAAA\n\n\u2014 a AAAA\n", "a\nx\nAAAA\n\n- a AAAA\n"]
)
def test_a_note_that_is_none_is_unreadable(text):
    with pytest.raises(Unreadable):
        read_note(text)


@pytest.mark.parametrize("text", ["", "a", "a+b", "a+b+!", "a+b+", "a+00000000+" + base64.b64encode(b"\1" * 9).decode()])
def test_a_key_that_is_none_is_unreadable(text):
    with pytest.raises(Unreadable):
        read_key(text)


@pytest.mark.parametrize("folder", sorted(BUNDLES.iterdir()), ids=lambda folder: folder.name)
def test_a_sample_bundle_says_what_it_is_without_any_library(folder):
    witness = ["--witness", str(folder / "seen.ndjson")] if (folder / "seen.ndjson").exists() else []
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import audit.verify as v; sys.exit(v.main(sys.argv[1:]))"
    command = [sys.executable, "-I", "-S", "-c", program, str(folder), *witness]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == CODES[folder.name.split("-")[0]], done.stdout + done.stderr
    assert done.stderr == ""
