"""Prints the law that the product holds, so that anyone can compare it with docs/law.md."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from permissions.bases import BASES, GROUPS, VALID_FROM
from permissions.matrix import MATRIX
from workflows import fitting
from workflows.clocks import CLOCKS, TASKS, Clock
from workflows.fact_words import SAYS, UNTIL_ACTED
from workflows.outcomes import DUTY_AFTER, OUTCOMES
from workflows.table import Workflow
from workflows.tracks import ASSIGNING_ACTIONS, BEGINNINGS, CASE_NAMES, WORKFLOWS

FITTING = {
    "outcomes": fitting.OUTCOMES,
    "days": fitting.DAYS,
    "opens": fitting.OPENS,
    "serves": fitting.SERVES,
    "pairs": fitting.PAIRS,
    "decides": fitting.DECIDES,
}
"""The tables of docs/law.md section 2, in its order."""


def law() -> dict[str, Any]:
    """Return tracks, what fits what, clocks, matrix and bases as plain data."""
    return {
        "tracks": {name: _track(workflow) for name, workflow in WORKFLOWS.items()},
        "clocks": [_clock(clock) for clock in CLOCKS.values()],
        "outcomes": [
            {"fact": row.fact, "code": row.code, "stops": list(row.stops), "of": row.of, "because": row.because}
            for row in OUTCOMES
        ],
        "duties": dict(DUTY_AFTER),
        "tasks": [_clock(clock) for clock in TASKS.values()],
        "matrix": {action: dict(row) for action, row in MATRIX.items()},
        "beginnings": [
            {
                "track": b.track,
                "state": b.state,
                "on": b.action,
                "handoff_kind": b.handoff_kind,
                "agencies": sorted(b.agencies),
            }
            for b in BEGINNINGS
        ],
        "namings": [{"on": n.action, "who": n.who, "until_assigned": n.until_assigned} for n in ASSIGNING_ACTIONS],
        "bases": {
            basis.code: {
                "from": sorted(basis.senders),
                "to": sorted(basis.receivers),
                "limits": list(basis.limits),
                "version": VALID_FROM,
            }
            for basis in BASES.values()
        },
        "fitting": {name: _rows(table) for name, table in FITTING.items()},
        "case_names": _rows(CASE_NAMES),
        "says": [[fact, code, *words] for (fact, code), words in SAYS.items()],
        "says_nothing": sorted(map(list, UNTIL_ACTED)),
        "field_groups": {kind: list(groups) for kind, groups in GROUPS.items()},
    }


def _rows(table: str) -> list[list[str]]:
    """Return the lines of a table as words, its header first."""
    return [line.split() for line in table.strip().splitlines()]


def _clock(clock: Clock) -> dict[str, Any]:
    return {
        "code": clock.code,
        "starts": list(clock.starts),
        "stops": list(clock.stops),
        "term": f"{','.join(map(str, clock.numbers))} {clock.unit}",
        "calendar": clock.calendar,
        "mark": clock.mark,
        "source": clock.source,
    }


def _track(workflow: Workflow) -> dict[str, Any]:
    rows = [[step.source, step.action, step.target, list(step.needs)] for step in workflow.steps]
    answer: dict[str, Any] = {"start": workflow.start, "final": sorted(workflow.final), "rows": rows}
    if workflow.name == "handoff":
        answer["by"] = [step.by for step in workflow.steps]
    return answer


class Command(BaseCommand):
    """Reads no database."""

    help = "Print the product's law."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the form."""
        parser.add_argument("--json", action="store_true", help="print JSON on one line")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print."""
        self.stdout.write(json.dumps(law(), indent=None if options["json"] else 2, ensure_ascii=False))
