"""Writes docs/handbook/: every workflow on one page that a lawyer can sign."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from casework.input.codes import reasons_of
from casework.input.parts import PARTS, parts_for
from casework.input.schema import Column
from config.environment import ROOT
from permissions.bases import BASES, GROUPS, VALID_FROM
from permissions.grid import Cell
from permissions.matrix import MATRIX
from permissions.questions import QUESTIONS, own_approvals
from permissions.vocabulary import Action, Role
from workflows.calendars import PAUSE_RULE
from workflows.clocks import CLOCKS, RULE_VERSION, TERMS, Clock, started_by
from workflows.outcomes import DUTIES, OUTCOMES, duty_rows
from workflows.table import Workflow
from workflows.tracks import BEGINNINGS, WORKFLOWS

HEAD = "<!-- Written by `manage.py handbook` from the tables of the product; change the tables, not this page. -->\n"


def pages() -> dict[str, str]:
    """Return every page of the handbook by its file name."""
    found = {f"{workflow.name}.md": _workflow(workflow) for workflow in WORKFLOWS.values()}
    return {"README.md": _index(), "sharing.md": _sharing(), "questions.md": _questions(), "terms.md": _terms(), **found}


def _questions() -> str:
    lines = [HEAD, "# Questions answered over every possible case", ""]
    lines += [
        "Each sentence was checked for every role and act it names, in every way in which a person can stand to a case."
    ]
    lines += ["", "| sentence | roles | acts | cases looked at | counterexamples |", "|---|---|---|---|---|"]
    for question in QUESTIONS:
        roles = "all" if len(question.roles) == len(Role) else ", ".join(question.roles)
        acts_named = "all" if len(question.actions) == len(Action) else ", ".join(f"`{act}`" for act in question.actions)
        found = len(question.counterexamples())
        lines.append(f"| {question.sentence} | {roles} | {acts_named} | {question.cases:,} | {found} |")
    lines += [f"| Nobody approves their own request or edit. | all | `approve` | 27 | {len(own_approvals())} |", ""]
    return "\n".join(lines)


def _index() -> str:
    lines = [
        HEAD,
        "# Handbook",
        "",
        "Each page shows one workflow: diagram, steps, who may take them, terms and sources.",
        "",
    ]
    lines += [f"- [{name}]({name}.md)" for name in WORKFLOWS]
    lines += ["- [questions answered over every possible case](questions.md)"]
    lines += ["- [every term, and what stops one](terms.md)"]
    lines += ["- [sharing: which basis carries what to whom](sharing.md)", ""]
    lines += ["## How tracks begin", "", "| track | begins in | on | kind of handoff | at |", "|---|---|---|---|---|"]
    lines += [
        f"| {b.track} | {b.state} | `{b.action}` | {b.handoff_kind or '-'} | {', '.join(sorted(b.agencies)) or 'any'} |"
        for b in BEGINNINGS
    ]
    return "\n".join(lines) + "\n"


def _workflow(workflow: Workflow) -> str:
    lines = [HEAD, f"# {workflow.name.capitalize()}", "", "```mermaid", workflow.mermaid(), "```", "", "## Steps", ""]
    lines += ["| from | action | to | needs | who may |", "|---|---|---|---|---|"]
    for step in workflow.steps:
        needs = ", ".join(step.needs) or "-"
        lines.append(f"| {step.source} | `{step.action}` | {step.target} | {needs} | {_who(step.action)} |")
    lines += ["", f"## Terms (version {RULE_VERSION})", ""]
    lines += ["| state | term | how long | calendar | mark | source |", "|---|---|---|---|---|---|"]
    for state in workflow.open_states:
        lines += [f"| {state} {_term(clock)}" for clock in started_by(workflow.name, state)]
    lines += [
        "",
        "Marks: S sourced, So older text, U unconfirmed, D ours. Signed: ______________________ Date: ____________",
        "",
    ]
    return "\n".join(lines)


def _who(action: Action) -> str:
    cells = MATRIX[action]
    return ", ".join(f"{role} ({cell})" for role, cell in cells.items() if cell is not Cell.NEVER)


def _term(clock: Clock) -> str:
    amount = " and ".join(map(str, clock.numbers))
    return f"| {clock.code} | {amount} {clock.unit} | {clock.calendar} | {clock.mark} | {clock.source or '-'} |"


def _sharing() -> str:
    lines = [HEAD, f"# Which basis carries what to whom (table of {VALID_FROM}; every mark U until confirmed)", ""]
    lines += ["| basis | from | to | limits |", "|---|---|---|---|"]
    for basis in BASES.values():
        sides = [", ".join(sorted(side)) for side in (basis.senders, basis.receivers, basis.limits)]
        lines.append(f"| {basis.code} | {sides[0]} | {sides[1]} | {sides[2] or '-'} |")
    lines += ["", "| kind of handoff | field groups |", "|---|---|"]
    lines += [f"| {kind} | {', '.join(groups)} |" for kind, groups in GROUPS.items()]
    lines += ["", f"Terms in all: {len(CLOCKS)}.", ""]
    return "\n".join(lines)


def _terms() -> str:
    lines = [HEAD, f"# Every term (version {RULE_VERSION})", ""]
    lines += ["| term | how long | calendar | mark | source | starts | stops |", "|---|---|---|---|---|---|---|"]
    lines += [f"{_term(clock)} {' '.join(clock.starts)} | {' '.join(clock.stops)} |" for clock in TERMS.values()]
    lines += ["", PAUSE_RULE, "", "## Outcomes that leave running terms without sense", ""]
    lines += ["| fact or state | code | terms that stop | of | because |", "|---|---|---|---|---|"]
    lines += [f"| {o.fact} | {o.code} | {', '.join(o.stops)} | {o.of} | {o.because} |" for o in OUTCOMES]
    lines += [
        "",
        "## What a reason why a term stopped says of the duty to inform",
        "",
        "| reason | duty | because |",
        "|---|---|---|",
    ]
    lines += [f"| {' | '.join(row)} |" for row in duty_rows(DUTIES)]
    return "\n".join(lines) + "\n"


MARK = "<!-- What follows is written by `manage.py handbook` from casework/input/parts.py. -->"


def acts() -> str:
    """Return, for every action that stores something, its `with` fields: the second half of docs/scenarios.md."""
    lines = [MARK, "", "## The `with` fields of every action", ""]
    lines += [f"- `{action}`: {_parts(action)}" for action in Action if parts_for(action)]
    lines += ["", "Actions that are not listed take nothing.", "", "## The fields of every part", ""]
    lines += [f"- `{part}`: {'; '.join(_column(column) for column in columns)}" for part, columns in PARTS.items()]
    lines += ["", "## The codes of `reason`, by action", ""]
    reasoned = [action for action in Action if "reason" in parts_for(action)]
    lines += [f"- `{action}`: {', '.join(reasons_of(action))}" for action in reasoned]
    return "\n".join(lines) + "\n"


def _parts(action: Action) -> str:
    return ", ".join(f"`{part}`" for part in parts_for(action))


def _column(column: Column) -> str:
    choices = f" ({', '.join(column.choices)})" if column.choices else ""
    bound = f", at least {column.least} characters" if column.least > 1 else ""
    return f"`{column.name}` {column.kind}{choices}{bound}{'' if column.required else ', optional'}"


class Command(BaseCommand):
    """Reads no database."""

    help = "Write the handbook from the tables."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take where to write."""
        parser.add_argument("--out", type=Path, default=ROOT / "docs" / "handbook")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write every page."""
        options["out"].mkdir(parents=True, exist_ok=True)
        for name, text in pages().items():
            (options["out"] / name).write_text(text)
        scenarios = ROOT / "docs" / "scenarios.md"
        scenarios.write_text(scenarios.read_text().split(MARK)[0] + acts())
