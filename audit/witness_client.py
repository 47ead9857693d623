"""Tells witnesses of each checkpoint: other agencies over HTTP, a file of the auditor, the auditor's mailbox."""

import base64
import json
import logging
import os
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from django.core.mail import send_mail
from django.db import connection

from audit.sealer import last_checkpoint, tile
from audit.signing import DASH
from audit.tree import consistency

log = logging.getLogger(__name__)
SECONDS = 5
MAIL_SECONDS = 24 * 3600
"""A mailbox gets one checkpoint a day: each covers all before it."""
CONFLICT = 409
MOST_SAID = 200
MOST_READ = 8_192
COSIGNED = re.compile(rf"{DASH} [!-~]{{1,100}} [A-Za-z0-9+/]{{20,200}}={{0,2}}")
"""A line of a cosignature (C2SP signed note): anything else that a witness answers is not stored."""
A_SIZE = re.compile(r"[0-9]{1,18}")


def _brief(said: str) -> str:
    """Return the first characters of an answer, with a mark where there were more."""
    return said if len(said) <= MOST_SAID else f"{said[:MOST_SAID]} …"


class Unwitnessed(Exception):  # noqa: N818 - the sentence that is logged
    """A witness did not take a checkpoint."""


@dataclass
class Witness:
    """Where a checkpoint goes: `https://...`, `file:PATH` or `mailto:ADDRESS`, and how far it has seen the log."""

    address: str
    seen: int = 0
    mailed_at: float | None = None

    def tell(self, size: int, note: str) -> None:
        """Give it a checkpoint that it has not seen; raises Unwitnessed."""
        if size <= self.seen:
            return
        kind, _, rest = self.address.partition(":")
        takes: dict[str, Callable[[int, str, str], None]] = {"file": self._write, "mailto": self._mail}
        takes.get(kind, self._post)(size, note, rest)
        self.seen = size

    def _write(self, _size: int, note: str, path: str) -> None:
        try:
            with Path(path).open("a") as file:
                file.write(json.dumps({"note": note}) + "\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise Unwitnessed(f"{path}: {error.strerror}") from None

    def _mail(self, size: int, note: str, address: str) -> None:
        if self.mailed_at is not None and time.monotonic() - self.mailed_at < MAIL_SECONDS:
            return
        try:
            send_mail(f"Checkpoint {size}", note, None, [address])
        except OSError as error:
            raise Unwitnessed(f"{address}: {error}") from None
        self.mailed_at = time.monotonic()

    def _post(self, size: int, note: str, _: str) -> None:
        for _try in range(2):
            proof = consistency(tile, self.seen, size)
            lines = [f"old {self.seen}", *(base64.b64encode(one).decode() for one in proof), "", note]
            asked = Request(self.address.rstrip("/") + "/add-checkpoint", "\n".join(lines).encode(), method="POST")  # noqa: S310 - configured by the operator
            try:
                with urlopen(asked, timeout=SECONDS) as answer:  # noqa: S310 - configured by the operator
                    self._keep(size, answer.read(MOST_READ).decode())
                    return
            except HTTPError as error:
                said = error.read(MOST_READ).decode(errors="replace").strip()
                if error.code != CONFLICT or not A_SIZE.fullmatch(said) or not self.seen < int(said) <= size:
                    raise Unwitnessed(f"{self.address}: {error.code} {_brief(said)}") from None
                self.seen = int(said)
            except (OSError, HTTPException, UnicodeDecodeError) as error:
                raise Unwitnessed(f"{self.address}: {error}") from None
        raise Unwitnessed(f"{self.address}: it goes faster than we do")

    def _keep(self, size: int, lines: str) -> None:
        rows = lines.splitlines()
        if not rows or not all(COSIGNED.fullmatch(line) for line in rows):
            raise Unwitnessed(f"{self.address}: no cosignature: {_brief(ascii(lines))}")
        for line in rows:
            with connection.cursor() as cursor:
                cursor.execute("SELECT trail.cosign(%s, %s, %s)", [size, line.split(" ")[1], line])


def tell_all(witnesses: Iterable[Witness]) -> list[str]:
    """Give the newest checkpoint to all who have not seen it; answers who did not take it, and why."""
    newest = last_checkpoint()
    if newest is None:
        return []
    failed = []
    for witness in witnesses:
        try:
            witness.tell(newest.size, newest.note)
        except Unwitnessed as error:
            failed.append(str(error))
    return failed
