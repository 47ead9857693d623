"""Which looks an auditor should see first: rules with a threshold and a weight, over a day of one person in one case."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

BUSY = 60
"""How many looks in one hour are many."""
OFTEN_OUTSIDE = 1
CHECKS = 5
EMERGENCIES = 5


@dataclass(frozen=True, slots=True)
class Looks:
    """What one person saw of one case on one day, and how they stood to it."""

    person: int
    case: str
    day: date
    times: int
    busiest: int
    """The most looks of this person in one hour of the day, in all cases."""
    is_named: bool
    has_worked: bool
    """Whether they changed anything in the case within two weeks; looked up only where a rule asks."""
    leads: bool
    """Whether they looked in a role that leads all cases of the agency."""
    has_own_surname: bool
    outside_hours: int
    is_closed: bool
    checks: int
    """How often they asked other agencies whether they know somebody, that day."""
    emergencies: int
    """How often they read in an emergency, in the seven days up to this one."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason to look closer; `count` is what is counted, at `threshold` it counts for `weight`."""

    name: str
    threshold: int
    weight: int
    count: Callable[[Looks], int]


def _no_task(looks: Looks) -> int:
    return looks.times if not (looks.is_named or looks.has_worked or looks.leads) else 0


RULES = (
    Rule("own_surname", 1, 6, lambda looks: int(looks.has_own_surname)),
    Rule("no_task", 1, 5, _no_task),
    Rule("many_in_an_hour", BUSY, 4, lambda looks: looks.busiest),
    Rule("many_emergencies", EMERGENCIES, 4, lambda looks: looks.emergencies),
    Rule("many_known_checks", CHECKS, 4, lambda looks: looks.checks),
    Rule("closed_case", 1, 2, lambda looks: looks.times if looks.is_closed and not looks.has_worked else 0),
    Rule("outside_hours", OFTEN_OUTSIDE, 1, lambda looks: looks.outside_hours),
)


@dataclass(frozen=True, slots=True)
class Outlier:
    """Looks with the rules that they met, each with its count."""

    looks: Looks
    reasons: tuple[tuple[Rule, int], ...]

    @property
    def score(self) -> int:
        """Return the sum of the weights."""
        return sum(rule.weight for rule, _ in self.reasons)


def judged(looks: Looks) -> Outlier:
    """Return which rules these looks meet."""
    counted = ((rule, rule.count(looks)) for rule in RULES)
    return Outlier(looks, tuple((rule, count) for rule, count in counted if count >= rule.threshold))


def rank_outliers(found: Iterable[Looks]) -> list[Outlier]:
    """Return what meets a rule, what weighs most first; ties by how often, newest first."""
    rows = [one for one in map(judged, found) if one.reasons]
    return sorted(rows, key=lambda one: (-one.score, -one.looks.times, -one.looks.day.toordinal(), one.looks.person))
