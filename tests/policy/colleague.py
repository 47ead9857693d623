"""Another process of the application: told a person and a case on each line, it tries, and answers in one word."""

import json
import os
import sys
from functools import partial
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from casework.actions.perform import perform
from casework.selectors import read_record
from permissions.acting import act
from permissions.decision import Actor, Refused
from permissions.vocabulary import Action, AgencyKind, Role


def main() -> None:
    """Read lines until there are none."""
    for line in sys.stdin:
        said = json.loads(line)
        actor = Actor(
            said["person"], said["agency"], AgencyKind.POLICE, tuple(map(Role, said["roles"])), UUID(said["membership"])
        )
        case = UUID(said["case"])
        try:
            if said["do"] == "read":
                act(actor, Action.READ_RECORD, partial(read_record, case))
            else:
                perform(actor, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "Een zorg."}})
            answer = "done"
        except Refused:
            answer = "refused"
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
