"""What somebody forges is not taken: keys, names, proofs and signatures that are nearly right, without a database."""

import base64
import json
from hashlib import sha512
from itertools import pairwise

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.ed25519 import _BASE, _P, _Q, _add, _times, is_signed
from audit.fields import TransactionId
from audit.signing import Signer
from audit.tree import consistency, inclusion, range_root
from audit.verify import COSIGNATURE, Broken, Unreadable, is_consistent, is_included, leaf_hash, verify
from tests.audit.forging import ORIGIN, SIGNER, THIEF, Log, line, put

SIZE = 50
LINES = [line(position) for position in range(SIZE)]
STRANGER = Signer.of_seed("another.log/trail", "07" * 32)


def notes_of(folder):
    return [json.loads(row) for row in (folder / "checkpoints.ndjson").read_text().splitlines()]


def rewrite(folder, rows):
    (folder / "checkpoints.ndjson").write_text("".join(json.dumps(row) + "\n" for row in rows))


@pytest.fixture
def bundle(tmp_path):
    return Log(LINES, [20, SIZE]).write(tmp_path / "bundle")


def test_a_key_is_no_key_under_the_id_of_another(bundle):
    name, _, rest = SIGNER.line.split("+", 2)
    (bundle / "keys.txt").write_text(f"{name}+{THIEF.line.split('+')[1]}+{rest}\n")
    with pytest.raises(Unreadable, match="does not fit its id"):
        verify(bundle)


def test_a_key_of_a_witness_signs_no_checkpoint_of_the_log(tmp_path):
    witness = Signer.of_seed(ORIGIN, "07" * 32, COSIGNATURE)
    with pytest.raises(Broken, match="not signed by a known key"):
        verify(Log(LINES, [20, SIZE], witness).write(tmp_path / "bundle"))


def test_a_checkpoint_of_another_log_does_not_follow(bundle):
    first, second = notes_of(bundle)
    other = json.loads(Log(LINES, [20, SIZE], STRANGER).notes()[1])
    (bundle / "keys.txt").write_text(f"{SIGNER.line}\n{STRANGER.line}\n")
    rewrite(bundle, [first, second])
    assert verify(bundle).startswith("whole")
    rewrite(bundle, [first, other])
    with pytest.raises(Broken, match="does not follow"):
        verify(bundle)


def test_a_signature_under_another_name_is_none(bundle):
    rows = notes_of(bundle)
    rows[1]["note"] = rows[1]["note"].replace(f"\u2014 {ORIGIN} ", "\u2014 somebody.else ")
    rewrite(bundle, rows)
    with pytest.raises(Broken, match="not signed by a known key"):
        verify(bundle)


def part(folder, positions, *, shown=None):
    """A bundle of some entries, each with its proof."""
    log = Log(LINES, [SIZE])
    log.write(folder, [(shown or LINES)[place] for place in positions], leaves=False)
    (folder / "bundle.json").write_text('{"entries": "some"}\n')
    proofs = [[base64.b64encode(one).decode() for one in inclusion(log.tile, place, SIZE)] for place in positions]
    (folder / "proofs.ndjson").write_text("".join(json.dumps(proof) + "\n" for proof in proofs))
    return folder


def test_an_entry_stands_once_and_in_its_place_in_a_part_of_a_log(tmp_path):
    assert verify(part(tmp_path / "part", [3, 17, 40])).startswith(f"whole: {SIZE} entries, 3 of them shown")
    for number, positions in enumerate(([3, 3], [17, 3])):
        with pytest.raises(Broken, match="again or out of order"):
            verify(part(tmp_path / str(number), positions))
    more = part(tmp_path / "more", [3, 17])
    put(more, [LINES[3], LINES[17], LINES[40]])
    with pytest.raises(Broken, match="position 40: nothing sealed stands behind this"):
        verify(more)


def test_only_what_says_that_it_was_destroyed_may_stand_in_the_place_of_an_entry(tmp_path):
    told = '{"position":49,"entry":{"said":{"destroyed":1}}}'
    log = Log([*LINES[:49], told], [SIZE])
    for place, stands, is_whole in (
        (10, '{"position":10,"destroyed":true}', True),
        (10, line(10, "print_case"), False),
        (10, '{"position":10,"destroyed":true} ', False),
    ):
        folder = log.write(tmp_path / "bundle", [*LINES[:place], stands, *LINES[place + 1 : 49], told])
        (folder / "bundle.json").write_text('{"entries": "all", "destroyed": [49]}\n')
        if is_whole:
            assert verify(folder).startswith(f"whole: {SIZE} entries, {SIZE - 1} of them shown")
        else:
            with pytest.raises(Broken, match="position 10: the entry is not what was sealed"):
                verify(folder)


def test_a_proof_leads_to_the_end_of_the_tree_that_it_is_about():
    log = Log(LINES, [SIZE])
    roots = {size: range_root(log.tile, 0, size) for size in (1, 2, 4, 8, 16, 32)}
    for (_, old), (small, new) in pairwise([(0, 1), (0, 2), (0, 4), (0, 8), (0, 16)]):
        proof = consistency(log.tile, old, new)
        assert is_consistent(old, roots[old], new, roots[new], proof)
        assert not is_consistent(old, roots[old], 2 * new, roots[new], proof), "a tree of twice the size under this root"
        assert not is_consistent(old, roots[old], new, roots[new], [*proof, roots[new]])
        assert small == 0
    for position in range(4):
        leaf = leaf_hash(LINES[position].encode())
        proof = inclusion(log.tile, position, 4)
        assert is_included(position, 4, leaf, roots[4], proof)
        assert not is_included(position, 8, leaf, roots[4], proof)
        assert not is_included(position + 4, 8, leaf, roots[4], proof)


KEY = Ed25519PrivateKey.from_private_bytes(b"\7" * 32)
PUBLIC, MESSAGE = KEY.public_key().public_bytes_raw(), b"a checkpoint"
SIGNED = KEY.sign(MESSAGE)


def test_a_signature_is_good_in_one_form_for_one_key_and_one_message():
    assert is_signed(PUBLIC, MESSAGE, SIGNED)
    number = int.from_bytes(SIGNED[32:], "little")
    assert not is_signed(PUBLIC, MESSAGE, SIGNED[:32] + (number + _Q).to_bytes(32, "little")), "the same, written otherwise"
    for damaged in (SIGNED + b"\0", SIGNED[:-1], SIGNED[:32], b"", bytes(64), b"\xff" * 64):
        assert not is_signed(PUBLIC, MESSAGE, damaged)
    assert not is_signed(PUBLIC, MESSAGE + b".", SIGNED)
    assert not is_signed(THIEF.public, MESSAGE, SIGNED)
    assert not is_signed(b"\xff" * 32, MESSAGE, SIGNED)
    for place in range(64):
        assert not is_signed(PUBLIC, MESSAGE, SIGNED[:place] + bytes([SIGNED[place] ^ 1]) + SIGNED[place + 1 :])


def encoded(point):
    scale = pow(point[2], -1, _P)
    x, y = point[0] * scale % _P, point[1] * scale % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def test_both_coordinates_of_a_point_count():
    """Who knows a key makes a signature of which one coordinate fits: it is none."""
    digest = bytearray(sha512(b"\7" * 32).digest()[:32])
    digest[0] &= 248
    digest[31] = digest[31] & 127 | 64
    secret, nonce = int.from_bytes(digest, "little"), 12345
    assert encoded(_times(secret, _BASE)) == PUBLIC
    mirrored = encoded(_add(_times(nonce, _BASE), (0, _P - 1, 1, 0)))
    challenge = int.from_bytes(sha512(mirrored + PUBLIC + MESSAGE).digest(), "little") % _Q
    for number in (nonce + challenge * secret, -nonce - challenge * secret):
        assert not is_signed(PUBLIC, MESSAGE, mirrored + (number % _Q).to_bytes(32, "little"))


def test_the_id_of_a_transaction_is_read_whole():
    late = 2**32 + 17
    assert TransactionId().from_db_value(str(late)) == late
    assert TransactionId().from_db_value(None) is None
