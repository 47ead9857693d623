"""Our own witness over HTTP: it takes only what continues what it saw, also after a restart, and refuses a fork."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from audit.ed25519 import is_signed
from audit.tree import consistency, range_root
from audit.verify import COSIGNATURE, read_key, read_note, verify
from audit.witness import Memory, serve
from tests.audit.forging import SIGNER, THIEF, Log, line


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """A witness on a free port."""
    server = serve(Memory(folder, "witness.test", [read_key(SIGNER.line)]), "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def request(log: Log, old: int, size: int, signer=SIGNER) -> bytes:
    proof = [base64.b64encode(one).decode() for one in consistency(log.tile, old, size)]
    note = signer.note(size, range_root(log.tile, 0, size))
    return "\n".join([f"old {old}", *proof, "", note]).encode()


def post(address: str, body: bytes, path: str = "/add-checkpoint") -> tuple[int, str]:
    try:
        with urlopen(Request(address + path, body, method="POST"), timeout=10) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


@pytest.fixture(scope="module")
def log():
    return Log([line(position) for position in range(300)], [300])


@pytest.fixture(scope="module")
def fork():
    lines = [line(position) for position in range(300)]
    return Log([*lines[:150], *(line(position, "invented") for position in range(150, 300))], [300])


def test_it_signs_what_continues_and_says_what_it_has_seen(log, tmp_path):
    with running(tmp_path) as address:
        status, said = post(address, request(log, 0, 100))
        assert status == 200
        with urlopen(address + "/key", timeout=10) as answer:
            name, mark, kind, key = read_key(answer.read().decode())
        assert (name, kind) == ("witness.test", COSIGNATURE)
        raw = base64.b64decode(said.split(" ")[2])
        at = int.from_bytes(raw[4:12], "big")
        body = read_note(SIGNER.note(100, range_root(log.tile, 0, 100))).body
        assert raw[:4] == mark
        assert is_signed(key, f"cosignature/v1\ntime {at}\n{body}".encode(), raw[12:])
        assert post(address, request(log, 100, 101))[0] == 200
        assert post(address, request(log, 101, 300))[0] == 200
        assert post(address, request(log, 300, 300))[0] == 200, "the same again"
        assert post(address, request(log, 101, 300)) == (409, "300\n")


def test_what_it_saw_outlives_it_and_serves_the_verifier(log, tmp_path):
    with running(tmp_path / "witness") as address:
        assert post(address, request(log, 0, 120))[0] == 200
    with running(tmp_path / "witness") as address:
        assert post(address, request(log, 0, 200)) == (409, "120\n")
        assert post(address, request(log, 120, 300))[0] == 200
    bundle = log.write(tmp_path / "bundle")
    assert verify(bundle, tmp_path / "witness" / "seen.ndjson").startswith("whole")
    kept = (tmp_path / "witness" / "seen.ndjson").read_text().splitlines()
    assert [read_note(json.loads(row)["note"]).size for row in kept] == [120, 300]


def test_a_fork_a_rollback_and_a_stranger_are_refused(log, fork, tmp_path):
    with running(tmp_path) as address:
        assert post(address, request(log, 0, 200))[0] == 200
        assert post(address, request(fork, 200, 200)) == (409, "200\n"), "the same size, another root"
        assert post(address, request(fork, 200, 300))[0] == 422
        assert post(address, request(log, 150, 160)) == (409, "200\n"), "rolled back"
        assert post(address, request(log, 200, 300, THIEF))[0] == 403
        stranger = type(SIGNER).of_seed("another.log/trail", "09" * 32)
        assert post(address, request(log, 200, 300, stranger))[0] == 404
        assert post(address, request(log, 200, 300))[0] == 200


@pytest.mark.parametrize(
    "body", [b"", b"old 0", b"old x\n\n", b"old 0\n!!\n\nx", b"\xff\xfe", b"old 9\n\n" + SIGNER.note(3, b"x" * 32).encode()]
)
def test_what_is_no_request_is_refused(tmp_path, body):
    with running(tmp_path) as address:
        assert post(address, body)[0] == 400
        assert post(address, request(Log([line(0)], [1]), 0, 1), "/elsewhere")[0] == 400
        assert post(address, b"old 0\n" + b"A" * 70_000)[0] == 400
