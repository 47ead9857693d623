"""A witness of our own, for another agency to run: `python -m audit.witness --data DIR --log KEY [--port PORT]`.

It needs no database: it remembers the last checkpoint of each log and takes only one that continues it (C2SP tlog-witness).
What it saw stands in DIR/seen.ndjson, which `python -m audit.verify BUNDLE --witness` reads.
"""

import argparse
import base64
import json
import os
import re
import secrets
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from audit.signing import Signer
from audit.verify import COSIGNATURE, EMPTY, Checkpoint, Key, Unreadable, is_by_its_log, is_consistent, read_key, read_note

LARGEST = 64 * 1024
MOST_PROOF = 63


class Refusal(Exception):  # noqa: N818 - an answer
    """What the witness answers instead of a cosignature."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status, self.text = status, text


class Memory:
    """What the witness has seen: stored on disk before anything is answered."""

    def __init__(self, folder: Path, name: str, keys: Sequence[Key]) -> None:
        """Open the folder, and make the witness's key at the first start."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "witness.key"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(32))
        self.signer = Signer.of_seed(name, path.read_text().strip(), COSIGNATURE)
        self.keys: Mapping[bytes, Key] = {key[1]: key for key in keys}
        self.seen, self.turn = folder / "seen.ndjson", threading.Lock()
        self.last: dict[str, Checkpoint] = {}
        if self.seen.exists():
            for line in self.seen.read_text().splitlines():
                note = read_note(json.loads(line)["note"])
                self.last[note.origin] = note

    def add(self, request: str) -> str:
        """Take one checkpoint; answers the cosignature line, or raises Refusal."""
        head, gap, text = request.partition("\n\n")
        first, *rows = head.split("\n")
        try:
            old, proof = int(first.removeprefix("old ")), [base64.b64decode(row, validate=True) for row in rows]
            note = read_note(text)
        except (ValueError, Unreadable):
            raise Refusal(400, "not a checkpoint with its proof") from None
        if not gap or not first.startswith("old ") or len(rows) > MOST_PROOF or old > note.size or old < 0:
            raise Refusal(400, "not a checkpoint with its proof")
        if note.origin not in {key[0] for key in self.keys.values()}:
            raise Refusal(404, "an unknown log")
        if not is_by_its_log(note, self.keys):
            raise Refusal(403, "not signed by a known key of the log")
        with self.turn:
            return self._take(old, proof, note, text)

    def _take(self, old: int, proof: list[bytes], note: Checkpoint, text: str) -> str:
        last = self.last.get(note.origin)
        size, root = (last.size, last.root) if last else (0, EMPTY)
        if old != size or (old == note.size and note.root != root):
            raise Refusal(409, f"{size}\n")
        if not is_consistent(size, root, note.size, note.root, proof):
            raise Refusal(422, "the proof does not hold")
        if note.size > size:
            with self.seen.open("a") as file:
                file.write(json.dumps({"note": text}) + "\n")
                file.flush()
                os.fsync(file.fileno())
            self.last[note.origin] = note
        return self.signer.cosignature(note.body, int(time.time())) + "\n"


class Handler(BaseHTTPRequestHandler):
    """Answers POST /add-checkpoint, and GET /key for the operator."""

    memory: Memory

    def do_POST(self) -> None:
        """Take a checkpoint."""
        length = self.headers.get("Content-Length", "")
        if self.path != "/add-checkpoint" or not re.fullmatch("[0-9]{1,9}", length) or int(length) > LARGEST:
            self._answer(400, "not a checkpoint")
            return
        try:
            self._answer(200, self.memory.add(self.rfile.read(int(length)).decode()))
        except Refusal as refusal:
            self._answer(refusal.status, refusal.text)
        except UnicodeDecodeError:
            self._answer(400, "not text")

    def do_GET(self) -> None:
        """Show the public key."""
        self._answer(200, self.memory.signer.line + "\n") if self.path == "/key" else self._answer(404, "nothing here")

    def _answer(self, status: int, text: str) -> None:
        self.send_response(status)
        kind = "text/x.tlog.size" if status == 409 else "text/plain; charset=utf-8"  # noqa: PLR2004 - conflict
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: Any) -> None:
        """Stay silent: what was seen stands in its file."""


def serve(memory: Memory, host: str, port: int) -> ThreadingHTTPServer:
    """Return the server, bound and not yet serving."""
    handler = type("Bound", (Handler,), {"memory": memory})
    return ThreadingHTTPServer((host, port), handler)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(prog="python -m audit.witness", description="Witness the checkpoints of a trail.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--log", action="append", required=True, help="a key of a log: name+id+base64")
    parser.add_argument("--name", default="witness.local")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8100)
    parser.add_argument("--quiet", action="store_true", help="do not print key and address")
    asked = parser.parse_args(arguments)
    try:
        memory = Memory(asked.data, asked.name, [read_key(line) for line in asked.log])
        server = serve(memory, asked.host, asked.port)
    except (Unreadable, OSError, ValueError) as error:
        sys.stderr.write(f"The witness cannot start: {error}\n")
        return 2
    if not asked.quiet:
        sys.stdout.write(f"{memory.signer.line}\nhttp://{asked.host}:{server.server_address[1]}\n")
        sys.stdout.flush()
    server.serve_forever()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
