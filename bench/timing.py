"""Processor time, of this process and of its server process, told only when the machine was steady meanwhile."""

import os
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TypeVar

Sample = TypeVar("Sample")
TICKS = os.sysconf("SC_CLK_TCK")
"""How many a second the system counts processor time in: one is 10 ms, so many requests make one sample."""
TURNS = 1_500_000
DRIFT = 1.15
"""How many times longer, or shorter, the same arithmetic may take around a sample than lately."""
LATELY = 9
"""Of how many loops the middle one is how long it takes lately: what is measured in turn is compared in turn."""
MOST_VOID = 12
"""After how many void samples in a row the machine is too busy to say anything."""


class Unsteady(Exception):  # noqa: N818 - read aloud as the sentence that it prints
    """Other work on the machine takes so much that no sample counts."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle one of several samples, with the least and the most."""

    middle: float
    least: float
    most: float

    def __str__(self) -> str:
        return f"{self.middle:.1f} ({self.least:.1f} to {self.most:.1f})"


def spread(samples: list[float]) -> Spread:
    """Return what several samples say together."""
    return Spread(median(samples), min(samples), max(samples))


def arithmetic() -> float:
    """Return how many seconds of processor time a fixed loop takes."""
    began = time.process_time()
    number = 0
    for turn in range(TURNS):
        number = (number * 31 + turn) & 0xFFFFFFFF
    return time.process_time() - began


def processor_ms(pid: int) -> float:
    """Return how many milliseconds of processor time a process took so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    utime, stime = fields[11:13]
    return (int(utime) + int(stime)) * 1000 / TICKS


class Steady:
    """Repeats a sample until the machine was as fast just before and after it as it was lately."""

    def __init__(self) -> None:
        self.loops = deque((arithmetic() for _ in range(LATELY)), maxlen=LATELY)
        self.void = 0
        """How many samples did not count."""

    def sample(self, take: Callable[[], Sample]) -> Sample:
        """Return one sample that counts; raises Unsteady when none does."""
        for _ in range(MOST_VOID):
            before = self._loop()
            taken = take()
            if before and self._loop():
                return taken
            self.void += 1
        raise Unsteady(f"{MOST_VOID} samples in a row are void: other work takes too much of this machine.")

    def _loop(self) -> bool:
        """Run the loop once more, and say whether it took as long as lately."""
        lately, loop = median(self.loops), arithmetic()
        self.loops.append(loop)
        return 1 / DRIFT <= loop / lately <= DRIFT
