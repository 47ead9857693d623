"""Short ways to act, to seal and to export in a test."""

import time
from pathlib import Path

import psycopg
from django.core.management import call_command

from audit.sealer import tip
from audit.signing import Signer
from config.management.commands.audit_seal import seal_all
from permissions.installing import migrating
from tests.audit.forging import SIGNER
from tests.world import token_of

PATIENCE = 60


def sealed(signer: Signer = SIGNER) -> int:
    """Seal all that was written; the writers of other tests on this server are waited for."""
    until, done = time.monotonic() + PATIENCE, seal_all(signer)
    while tip().age:
        assert time.monotonic() < until, "a writer does not end"
        time.sleep(0.02)
        done += seal_all(signer)
    return done


def exported(out: Path) -> Path:
    """Export the whole trail."""
    call_command("audit_export", "--out", str(out), verbosity=0)
    return out


def act_as(db: psycopg.Connection) -> None:
    """Let this connection act as the system actor `migration`, signed, until its transaction ends."""
    db.execute("SELECT lock.act_as(%s, %s)", token_of(migrating(db.info.backend_pid)))
