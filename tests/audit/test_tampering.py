"""Whatever an owner of the database does to the trail is found, with its position or its interval; a clean log never is."""

import os
import random
import re

import pytest

from audit.verify import Broken, verify
from tests.audit.forging import SIGNER, THIEF, Log, line, put, renumbered

SIZE = 2000
POSITIONS = int(os.environ.get("POSITIONS", "200"))
SIGNED = [1, 100, 256, 511, 900, 1300, 1700, SIZE]
WITNESSED = [256, 900, 1700, SIZE]
PLACE = re.compile(r"position (\d+)")
INTERVAL = re.compile(r"between (\d+) and (\d+)")


def changed(lines, at, _pick):
    return [*lines[:at], line(at, "print_case"), *lines[at + 1 :]]


def deleted(lines, at, _pick):
    return renumbered([*lines[:at], *lines[at + 1 :]])


def inserted(lines, at, _pick):
    return renumbered([*lines[:at], line(at, "invented"), *lines[at:]])


def swapped(lines, at, pick):
    other = pick.choice(list(range(at + 1, SIZE)) or [at - 1])
    first, second = sorted((at, other))
    found = list(lines)
    found[first], found[second] = found[second], found[first]
    return renumbered(found)


def duplicated(lines, at, _pick):
    return renumbered([*lines[: at + 1], *lines[at:]])


def redated(lines, at, _pick):
    return [*lines[:at], line(at, day=2), *lines[at + 1 :]]


def blanked(lines, at, _pick):
    return [*lines[:at], re.sub(r'"actor": \d', '"actor": null', lines[at]), *lines[at + 1 :]]


TABLE = (changed, deleted, inserted, swapped, duplicated, redated, blanked)
"""What is done to the table of entries, where the leaf hashes and checkpoints stay."""


@pytest.fixture(scope="module")
def log():
    return Log([line(position) for position in range(SIZE)], SIGNED)


@pytest.fixture
def positions():
    pick = random.Random(11)
    return sorted({0, SIZE - 1, *pick.sample(range(SIZE), min(POSITIONS, SIZE))}), pick


@pytest.mark.parametrize("how", TABLE, ids=lambda how: how.__name__)
def test_a_changed_table_is_found_at_its_first_bad_position(log, positions, tmp_path, how):
    folder = log.write(tmp_path / "bundle")
    places, pick = positions
    for at in places:
        tampered = how(log.lines, at, pick)
        put(folder, tampered)
        with pytest.raises(Broken) as found:
            verify(folder)
        first = next(n for n in range(SIZE + 1) if tampered[n : n + 1] != log.lines[n : n + 1])
        assert PLACE.findall(str(found.value)) == [str(first)], how.__name__


def test_a_cut_tail_is_found_by_what_the_witness_saw(log, positions, tmp_path):
    seen = tmp_path / "seen.ndjson"
    seen.write_text("\n".join(log.seen(WITNESSED)) + "\n")
    for at in positions[0]:
        if at == 0:
            continue
        cut = Log(log.lines[:at], [size for size in SIGNED if size < at] + [at])
        folder = cut.write(tmp_path / "bundle")
        assert verify(folder).startswith("whole")
        with pytest.raises(Broken, match="cut or rolled back") as found:
            verify(folder, seen)
        after = min(size for size in WITNESSED if size > at)
        assert INTERVAL.findall(str(found.value)) == [(str(at), str(after))]


def forged(log, at, signer):
    """The log as if it had gone on otherwise from a position, everything hashed and signed again."""
    lines = [*log.lines[:at], *(line(place, "invented") for place in range(at, SIZE))]
    return Log(lines, SIGNED, signer)


def the_interval(at):
    """The witnessed checkpoints around the first forged position."""
    before = max((size for size in [0, *WITNESSED] if size <= at), default=0)
    return before, min(size for size in WITNESSED if size > at)


def test_a_log_rolled_back_and_written_otherwise_is_found_between_two_witnessed_checkpoints(log, positions, tmp_path):
    seen = tmp_path / "seen.ndjson"
    seen.write_text("\n".join(log.seen(WITNESSED)) + "\n")
    for at in positions[0][:: max(1, len(positions[0]) // 60)]:
        folder = forged(log, at, SIGNER).write(tmp_path / "bundle")
        assert verify(folder).startswith("whole")
        with pytest.raises(Broken, match="not what the witness saw") as found:
            verify(folder, seen)
        before, after = the_interval(at)
        assert INTERVAL.findall(str(found.value)) == [(str(before), str(after))]


def test_a_log_rebuilt_and_signed_by_another_key_is_found(log, positions, tmp_path):
    seen = tmp_path / "seen.ndjson"
    seen.write_text("\n".join(log.seen(WITNESSED)) + "\n")
    for at in positions[0][:: max(1, len(positions[0]) // 60)]:
        folder = forged(log, at, THIEF).write(tmp_path / "bundle")
        with pytest.raises(Broken, match="not signed by a known key"):
            verify(folder, keys=[SIGNER.line])
        with pytest.raises(Broken, match="not what the witness saw"):
            verify(folder, seen)


def test_without_leaf_hashes_the_interval_between_two_checkpoints_is_named(log, positions, tmp_path):
    folder = log.write(tmp_path / "bundle", leaves=False)
    places, pick = positions
    for how in (changed, redated, blanked):
        for at in places[:: max(1, len(places) // 20)]:
            put(folder, how(log.lines, at, pick))
            with pytest.raises(Broken) as found:
                verify(folder)
            after = min(size for size in SIGNED if size > at)
            before = max([0, *(size for size in SIGNED if size <= at)])
            assert INTERVAL.findall(str(found.value)) == [(str(before), str(after))]


def test_a_clean_log_is_never_called_broken(tmp_path):
    pick = random.Random(12)
    for number in range(100):
        size = pick.randint(1, 300)
        sizes = sorted({size, *(pick.randint(1, size) for _ in range(4))})
        log = Log([line(place) for place in range(size)], sizes)
        seen = tmp_path / "seen.ndjson"
        seen.write_text("\n".join(log.seen(sizes[::2])) + "\n")
        folder = log.write(tmp_path / f"bundle-{number}", leaves=bool(number % 2))
        assert verify(folder, seen, [SIGNER.line]).startswith(f"whole: {size} entries")
