"""Who may, read from docs/law.md alone: imports nothing of the product, so that the product can be compared with it."""

import re
from dataclasses import dataclass
from itertools import product
from pathlib import Path

TEXT = (Path(__file__).parents[2] / "docs" / "law.md").read_text()


def _panels() -> dict[tuple[str, str], str]:
    """Every cell of section 4, by (action, role); a role x action that is in no panel is a dot."""
    block = next(b for b in re.findall(r"```\n(.*?)```", TEXT, re.DOTALL) if b.startswith("case actions"))
    found: dict[tuple[str, str], str] = {}
    for panel in block.strip().split("\n\n"):
        head, *rows = panel.splitlines()
        roles = head.split()[2:]
        for row in rows:
            action, *cells = row.split()
            found |= {(action, role): cell for role, cell in zip(roles, cells, strict=True)}
    return found


CELLS = _panels()
ROLES = tuple(dict.fromkeys(role for _, role in CELLS))
ACTIONS = tuple(dict.fromkeys(action for action, _ in CELLS))
STATES = tuple(dict.fromkeys(re.findall(r"^(?:prepared|checked|sent|delivered|acknowledged|returned|accepted|started|refused"
                                        r"|withdrawn|expired)(?= )", TEXT, re.MULTILINE)))  # fmt: skip
STATES = (*STATES, *(state for state in ("started", "refused", "withdrawn") if state not in STATES))
DESK = ("delivered", "acknowledged", "returned")
KNOWN_TO_RECEIVER = (*DESK, "accepted", "started", "refused", "withdrawn", "expired")
EMERGENCY_TURNS = ("see_case", "read_record")


@dataclass(frozen=True)
class Facts:
    """What is true of one person, in the agency they act for, of one case, track or handoff, at one moment."""

    keeps: bool = False
    """My agency has a track or record in the case."""
    named: bool = False
    """A running user row of mine, in the agency I act for."""
    owner: bool | None = None
    """On a track: whether my agency owns it."""
    end: str = ""
    """On a handoff: which end my agency is."""
    state: str = ""
    walled: bool = False
    emergency: bool = False
    same_agency: bool = False
    same_controller: bool = False
    ends: tuple[tuple[str, str], ...] = ()
    """On a case: (end, state) of the handoffs of which my agency is an end."""


def _is_end(end: str, state: str) -> bool:
    return end == "sender" or (end == "receiver" and state in KNOWN_TO_RECEIVER)


def holds(cell: str, facts: Facts) -> bool:  # noqa: C901, PLR0911 - one answer a cell
    """Whether a cell of the matrix holds, by the words of section 4."""
    not_another_s_track = facts.owner is not False
    if cell == "all":
        return True
    if cell == "agency":
        return facts.same_agency
    if cell == "controller":
        return facts.same_controller
    if cell == "own":
        return facts.keeps and not_another_s_track
    if cell == "named":
        return facts.named and not_another_s_track and facts.end != "receiver"
    if cell == "sender":
        return facts.end == "sender"
    if cell == "receiver":
        return facts.end == "receiver" and facts.state in KNOWN_TO_RECEIVER
    if cell == "end":
        return _is_end(facts.end, facts.state) or any(_is_end(end, state) for end, state in facts.ends)
    if cell == "named_end":
        if facts.end == "receiver" and facts.state in DESK:
            return True
        return _is_end(facts.end, facts.state) and facts.named
    raise AssertionError(f"the law has no cell {cell}")


def allowed(role: str, action: str, facts: Facts) -> bool:
    """Whether this role may do this: a wall beats every cell, a dot is never, an emergency turns two actions into yes."""
    cell = CELLS.get((action, role), ".")
    if facts.walled or cell == ".":
        return False
    if facts.emergency and action in EMERGENCY_TURNS:
        return True
    return holds(cell, facts)


def every_fact() -> list[Facts]:
    """The whole finite space of facts; of several handoffs of a case only whether one makes an end matters."""
    both = (False, True)
    handoffs = [("", ""), *product(("sender", "receiver"), STATES)]
    ends = ((), (("sender", "prepared"),), (("receiver", "sent"),), (("receiver", "delivered"),))
    return [
        Facts(keeps, named, owner, end, state, walled, emergency, agency, controller, of)
        for keeps, named, owner, (end, state), walled, emergency, agency, controller, of in product(
            both, both, (None, True, False), handoffs, both, both, both, both, ends
        )
    ]
