"""Follows one act through our own code, from the click to the trail: how many files, functions and moves between files.

`python -m tests.trace schedule_visit` (or `send_handoff`) prints the way and its figures; tests/web/test_way.py bounds them.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType

import pytest

ROOT = Path(__file__).parents[1]
OURS = tuple(f"{ROOT / name}/" for name in ("audit", "casework", "permissions", "web", "workflows"))
PRINTED = "SCHAKEL_TRACE"


@dataclass
class Way:
    """Which functions of ours ran, in their order, and who called whom across files: each of both counted once."""

    functions: dict[CodeType, None] = field(default_factory=dict)
    moves: dict[tuple[CodeType, CodeType], None] = field(default_factory=dict)

    @property
    def files(self) -> list[str]:
        """Return the files in the order in which they were entered."""
        return list(dict.fromkeys(_file(code) for code in self.functions))

    def __str__(self) -> str:
        moves = [f"  {_named(caller)} -> {_named(called)}" for caller, called in self.moves]
        said = f"{len(self.files)} files, {len(self.functions)} functions, {len(self.moves)} moves between files"
        rooms = Counter(_room(code) for code in self.functions)
        shares = [f"  {count:4} {room}" for room, count in rooms.most_common()]
        return "\n".join(("The way between files:", *moves, "Functions by room:", *shares, said))


def _file(code: CodeType) -> str:
    return code.co_filename.removeprefix(f"{ROOT}/")


def _room(code: CodeType) -> str:
    """Return the layer in which a function lies; of the records, its room."""
    layer, *rest = _file(code).split("/")
    return f"{layer}/{rest[0]}" if layer == "casework" and len(rest) > 1 else layer


def _named(code: CodeType) -> str:
    return f"{_file(code)}:{code.co_qualname}"


def _is_ours(frame: FrameType) -> bool:
    """Whether somebody wrote this as a function: comprehensions, lambdas and modules belong to whoever holds them."""
    return frame.f_code.co_filename.startswith(OURS) and not frame.f_code.co_name.startswith("<")


@contextmanager
def followed() -> Iterator[Way]:
    """Follow what runs in this thread meanwhile."""
    way = Way()

    def called(frame: FrameType, event: str, _: object) -> None:
        if event != "call" or not _is_ours(frame):
            return
        way.functions.setdefault(frame.f_code)
        caller = frame.f_back
        while caller and not _is_ours(caller):
            caller = caller.f_back
        if caller and _file(caller.f_code) != _file(frame.f_code):
            way.moves.setdefault((caller.f_code, frame.f_code))

    sys.setprofile(called)
    try:
        yield way
    finally:
        sys.setprofile(None)


def show(way: Way) -> None:
    """Write a way where `python -m tests.trace` asked for it."""
    if os.environ.get(PRINTED):
        sys.stdout.write(f"{way}\n")


def main() -> int:
    """Run the one test that takes the named act, and print its way."""
    os.environ[PRINTED] = "1"
    return int(pytest.main(["-n", "0", "-q", "-s", "tests/web/test_way.py", "-k", " or ".join(sys.argv[1:])]))


if __name__ == "__main__":
    sys.exit(main())
