"""Reads the permission matrix strictly: every role and action is known, every listed pair has exactly one cell."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from permissions.vocabulary import Action, Role


class Cell(StrEnum):
    """In which relation a role may do an action."""

    NEVER = "."
    OWN = "own"
    NAMED = "named"
    END = "end"
    SENDER = "sender"
    RECEIVER = "receiver"
    NAMED_END = "named_end"
    AGENCY = "agency"
    CONTROLLER = "controller"
    ALL = "all"


class GridError(Exception):
    """The matrix cannot be read; the text names the line."""


Word = TypeVar("Word", bound=StrEnum)

Matrix = Mapping[Action, Mapping[Role, Cell]]


def parse(table: str) -> Matrix:
    """Read the panels; what no panel lists is NEVER. An unknown word, a missing cell or a contradiction is a GridError."""
    cells: dict[Action, dict[Role, Cell]] = {}
    listed: dict[tuple[Action, Role], Cell] = {}
    roles: list[Role] | None = None
    for number, line in enumerate(table.splitlines(), 1):
        words = line.split()
        if not words:
            roles = None
        elif roles is None:
            roles = [_word(number, Role, word) for word in words[2:]]
        else:
            _read_row(number, words, roles, listed)
    for action in Action:
        if not any(action is known for known, _ in listed):
            raise GridError(f"{action} has no row")
        cells[action] = {role: listed.get((action, role), Cell.NEVER) for role in Role}
    return cells


def _read_row(number: int, words: list[str], roles: list[Role], listed: dict[tuple[Action, Role], Cell]) -> None:
    action = _word(number, Action, words[0])
    if len(words) - 1 != len(roles):
        raise GridError(f"line {number}: {action} has {len(words) - 1} cells for {len(roles)} roles")
    for role, word in zip(roles, words[1:], strict=True):
        cell = _word(number, Cell, word)
        if listed.setdefault((action, role), cell) is not cell:
            raise GridError(f"line {number}: {action} for {role} is answered twice")


def _word(number: int, kind: type[Word], word: str) -> Word:
    try:
        return kind(word)
    except ValueError:
        raise GridError(f"line {number}: {word} is no {kind.__name__.lower()}") from None
