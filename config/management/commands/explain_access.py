"""Says whether a person may see a case, by which rule and grant, since and until when; now, or at a past moment."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.recording import record_read
from casework.input.moments import read_moment
from casework.input.read import Malformed, read_typed
from casework.oversight.access_log import case_by_reference
from casework.oversight.explaining import differs_from_trail, grants_of
from casework.worker.carry_out import database_now
from permissions.acting import acting_as
from permissions.explaining import Explanation, Member, explain
from permissions.installing import system_actor
from permissions.matrix import MATRIX
from permissions.models import Membership
from permissions.vocabulary import Action, Role
from web.words import complaint, reason_in_words

ON_A_CASE = tuple(action for action, row in MATRIX.items() if set(map(str, row.values())) & {"own", "named", "end"})


class Command(BaseCommand):
    """Shows rules and grants, never content; the look stands on the trail, also one that found nobody or no case."""

    help = "Explain a person's access to a case, by its reference or id."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take who, what and when."""
        parser.add_argument("person", help="the sign-in name")
        parser.add_argument("case", help="the reference as the person's agency knows it, or the id")
        parser.add_argument(
            "--at", help="a moment such as 27-3-2026 10:00, in Europe/Amsterdam unless it has an offset; now by default"
        )
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Explain each membership of the person."""
        at = self._moment(options["at"])
        with acting_as(system_actor(Role.MIGRATION), Role.MIGRATION, Action.EXPLAIN_ACCESS):
            rows = list(Membership.objects.filter(user__username=options["person"]).select_related("user", "agency"))
            if not rows:
                record_read(Action.EXPLAIN_ACCESS, Membership, "", case=_key(options["case"]), shown=[], by="person")
        if not rows:
            raise CommandError("There is no such person.", returncode=2)
        said = [self._membership(row, options["case"], at) for row in rows]
        if options["json"]:
            self.stdout.write(json.dumps(said, default=str, ensure_ascii=False))
            return
        for one in said:
            self._print(one)

    def _moment(self, text: str | None) -> datetime:
        now = database_now()
        try:
            return read_typed("moment", lambda typed: read_moment(typed, now), text) if text else now
        except Malformed as error:
            raise CommandError(complaint(error), returncode=2) from None

    def _membership(self, row: Membership, case: str, at: datetime) -> dict[str, Any]:
        runs = row.starts_at <= at and (row.ends_at is None or row.ends_at > at) and row.user.is_active
        roles = tuple(role for role in Role if role in row.roles) if runs else ()
        member = Member(row.user_id, row.user.full_name, row.agency_id, roles)
        with acting_as(system_actor(Role.MIGRATION, row.agency_id), Role.MIGRATION, Action.EXPLAIN_ACCESS):
            case_id = _case(case)
            grants = grants_of(case_id) if case_id else []
            differs = differs_from_trail(case_id) if case_id else []
        return {
            "person": row.user.username,
            "agency": row.agency.name,
            "roles": [str(role) for role in roles],
            "at": at,
            "membership_runs": runs,
            "differs_from_trail": differs,
            "actions": {str(a): _said(explain(member, grants, a, at)) for a in ON_A_CASE},
        }

    def _print(self, one: dict[str, Any]) -> None:
        self.stdout.write(f"{one['person']}, {one['agency']} ({', '.join(one['roles']) or 'no membership runs'})")
        if one["differs_from_trail"]:
            self.stdout.write(f"  NOT as the trail says, or found so and not closed: {', '.join(one['differs_from_trail'])}")
        for action, reason in one["actions"].items():
            if action in {"see_case", "read_record"} or reason["may"]:
                times = f" since {reason['since']}" if reason["since"] else ""
                times += f" until {reason['until']}" if reason["until"] else ""
                self.stdout.write(f"  {action}: {'may' if reason['may'] else 'may not'}: {reason['words']}{times}")


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _case(text: str) -> UUID | None:
    return _key(text) or case_by_reference(text)


def _said(found: Explanation) -> dict[str, Any]:
    reason = found.decision.reason
    return {
        "may": found.decision.allowed,
        "rule": str(reason),
        "code": str(reason.rule),
        "cell": str(reason.cell) if reason.cell else None,
        "words": reason_in_words(reason),
        "role": str(found.role) if found.role else None,
        "grants": [asdict(grant) for grant in found.grants],
        "since": found.since,
        "until": found.until,
    }
