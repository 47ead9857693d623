"""The sealer: seals the trail, signs where it ends, and tells the witnesses; one of it runs beside the web process."""

import logging
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection

from audit.sealer import OLDEST, only_sealer, seal, tip
from audit.signing import Signer
from audit.witness_client import Witness, tell_all
from config.environment import Unsafe, read_environment, trail_key
from permissions.acting import acting_as
from permissions.installing import require_unprivileged_role, system_actor
from permissions.vocabulary import Action, Role

log = logging.getLogger("audit.sealer")
PAUSE = 1.0


def seal_all(signer: Signer) -> int:
    """Seal until nothing is left that can be sealed; answers how many entries."""
    done = 0
    while True:
        with acting_as(system_actor(Role.SEALER), Role.SEALER, Action.SEAL_TRAIL):
            found = seal(signer)
        done += found
        if not found:
            return done


def witness_all(witnesses: list[Witness]) -> list[str]:
    """Tell the witnesses of the newest checkpoint; answers who did not take it."""
    with acting_as(system_actor(Role.SEALER), Role.SEALER, Action.SEAL_TRAIL):
        return tell_all(witnesses)


class Command(BaseCommand):
    """Runs until it is stopped, or once."""

    help = "Seal the trail and tell the witnesses."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whether to stop after one round."""
        parser.add_argument("--once", action="store_true", help="seal what there is, and stop")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Seal each second; an entry that waits for more than ten seconds is an alarm in the log of the service."""
        require_unprivileged_role()
        if settings.ASK_SERVER_FOR_PID:
            raise CommandError("The sealer holds a lock while it runs: give it an address past the pooler.", returncode=2)
        try:
            environment = read_environment()
            signer = Signer.of_seed(environment.trail_origin, trail_key(environment))
        except Unsafe as error:
            raise CommandError(str(error), returncode=2) from error
        witnesses = [Witness(address) for address in environment.witnesses]
        while not only_sealer():
            if options["once"]:
                raise CommandError("Another sealer runs.", returncode=2)
            time.sleep(PAUSE)
        while True:
            try:
                self._round(signer, witnesses)
            except OperationalError:
                log.exception("the database was lost")
                connection.close()
                if not only_sealer():
                    raise
            if options["once"]:
                return
            time.sleep(PAUSE)

    def _round(self, signer: Signer, witnesses: list[Witness]) -> None:
        sealed = seal_all(signer)
        for failure in witness_all(witnesses):
            log.warning("not witnessed: %s", failure)
        age = tip().age
        if age > OLDEST:
            log.error("an entry waits for its seal since %s", age)
        if sealed:
            log.info("sealed %s", sealed)
