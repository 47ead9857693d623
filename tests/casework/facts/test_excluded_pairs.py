"""Every pair of docs/law.md that cannot stand together, walked one by one: refused where it is written.

The pairs are read from the law's own page; nothing here knows workflows/fitting.py.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from casework.actions.perform import perform
from casework.input.codes import reasons_of
from casework.input.read import Malformed
from permissions.vocabulary import Action
from tests.world import World
from workflows.table import Incomplete

LAW = (Path(__file__).parents[3] / "docs" / "law.md").read_text()
TABLE = re.findall(r"```\n(.*?)```", LAW.split("### Which facts exclude which")[1].split("\n## 3.")[0], re.DOTALL)[4]
NOT_WRITTEN = (
    *("search_decided", "person_gone:before_visit", "person:adult", "person:under_twelve", "visits:none"),
    *("warnings:none", "handoffs:acknowledged", "report:not_withdrawn", "state:"),
)
"""Words that follow from what else the record holds: each is walked by name in test_learned_since.py."""
OF_OTHER_STEPS = ("visit_plan", "needs", "notification_wish", "visit_report", "search_decided")
"""Facts that another step or track writes: walked there too."""
PAIRS = [
    (line.split()[0], other)
    for line in TABLE.strip().splitlines()[1:]
    for other in line.split()[1:]
    if not line.startswith(NOT_WRITTEN) and not other.startswith(OF_OTHER_STEPS)
]
WORDS = "Een verzonnen toelichting van genoeg woorden."
DAY = {"date": "today"}
COUNTS: dict[str, dict[str, Any]] = {
    "warned": {"warned": 1},
    "warned_and_search": {"warned": 1, "searched": 1},
    "search_only": {"searched": 1},
    "carriers": {"outcome": "search_only", "searched": 1, "carriers": 2},
    "no_carriers": {"outcome": "search_only", "searched": 1},
    "arrest": {"arrested": 1},
}
GIVES: dict[str, dict[str, Any]] = {
    "help_offer": {"code": "card", **DAY},
    "welfare_call": {"code": "made", **DAY},
    "youth_prosecutor_decision": {"name": "Jeugdofficier Voorbeeld", **DAY},
    "prosecutor_approval": {"name": "Officier Voorbeeld", "code": "prosecutor", **DAY},
    "review_outcome": {"code": "stable", **DAY},
    "review_schedule": {"code": "three_and_twelve_months", **DAY},
    "offer_form": {"code": "card", **DAY},
    "information_form": {"code": "card", **DAY},
    "consent": {"code": "help", "given_by": "self", **DAY},
    "start_date": DAY,
    "seizure": DAY,
    "assessment": {"text": WORDS},
    "acute": {"text": WORDS},
}
BESIDE = {
    "reason:nobody_home": "visit_report:nobody_home",
    "reason:wrong_address": "visit_report:wrong_address",
    "reason:subject_deceased": "visit_report:subject_deceased",
    "reason:subject_lives_elsewhere": "visit_report:subject_lives_elsewhere",
    "reason:not_enough_grounds": "visit_report:nobody_home",
    "help_offer": "visit_report:warned",
    "welfare_call": "visit_report:warned",
    "youth_prosecutor_decision:warning": "visit_report:warned",
    "seizure:nothing_found": "visit_report:no_carriers",
    "seizure:examined_returned": "visit_report:carriers",
    "seizure:examined_forfeited": "visit_report:carriers",
    "outcome_code:no_abuse": "assessment:safe",
    "outcome_code:ended": "assessment:safe",
}
"""Beside what these may stand; the others stand beside nothing at all."""
LIVING = ("offer_form", "information_form", "consent", "start_date")
"""What is done with a living person on the track of help."""


def part_of(word: str, **more: Any) -> dict[str, Any]:
    """The part that says this word of the table."""
    fact, _, code = word.partition(":")
    if fact == "acute_checked":
        return {fact: {"yes": code, "text": WORDS}}
    return {fact: {**GIVES.get(fact, {}), **({"code": code} if code else {}), **more}}


def visited(world: World, code: str) -> tuple[UUID, UUID]:
    """A visit that was reported with this outcome, or with what it counted."""
    case, track = world.track("visit_scheduled")
    report = {"outcome": code, "cautioned": "no", **DAY, **COUNTS.get(code, {})}
    perform(world.lies, Action.RECORD_VISIT, track, {"visit_report": report, "child_check": {"code": "none"}})
    return case, track


def found_young(world: World, case: UUID) -> None:
    """The subject turns out to be a minor after the visit: the youth prosecutor decides about minors alone."""
    (person,) = world.rows("SELECT id FROM casework_personincase WHERE case_id = %s AND role = 'subject'", case)[0]
    correction = {"person": person, "why": "known_better", "birth_date": "2012-05-06"}
    perform(world.lies, Action.WRITE_RECORD, case, {"person_correction": correction})


def reported(world: World) -> tuple[UUID, UUID]:
    """A report at Veilig Thuis."""
    done = world.opened("wim")
    return done.made["case"], done.made["safety"]


def ground(world: World, word: str, this: str) -> tuple[str, UUID, UUID]:
    """Who works on it, its case and the track that a word of the table is about; `this` is stored where there is one."""
    fact, _, code = this.partition(":")
    other = word.partition(":")[0]
    if other in {"outcome_code", "acute_checked"}:
        case, track = reported(world)
        if other == "outcome_code":
            perform(world.wim, Action.START_ASSESSMENT, track, {"acute_checked": {"yes": "no"}})
        if this:
            perform(world.vera, Action.WRITE_RECORD, track, part_of(this))
        return "vera", case, track
    if fact == "visit_report":
        case, track = visited(world, code)
        if other == "youth_prosecutor_decision":
            found_young(world, case)
        return "lies", case, track
    case, track = world.track("visit_done")
    if fact == "person":
        perform(world.lies, Action.WRITE_RECORD, case, {"person": {"role": code, "given_names": "Kim"}})
    if fact == "person_gone":
        (person,) = world.rows("SELECT id FROM casework_personincase WHERE case_id = %s AND role = 'subject'", case)[0]
        perform(world.lies, Action.WRITE_RECORD, case, part_of(this, person=person, text=WORDS))
    if other in LIVING:
        (track,) = world.rows("SELECT id FROM casework_track WHERE case_id = %s AND kind = 'help'", case)[0]
    return "lies", case, track


def writes(world: World, who: str, track: UUID, word: str) -> None:
    """Write what a word of the table says, in the act that writes it."""
    fact, _, code = word.partition(":")
    if fact != "reason":
        perform(world.people[who], Action.WRITE_RECORD, track, part_of(word))
        return
    action = Action.CLOSE_UNWARNED if code in reasons_of(Action.CLOSE_UNWARNED) else Action.RETARGET
    person = {"person": {"role": "subject", "family_name": "Ander"}} if action is Action.RETARGET else {}
    perform(world.dirk, action, track, {"reason": {"code": code, "text": WORDS}, **person})


def named(error: Exception) -> Iterator[str]:
    """The parts and facts that an act was refused for."""
    if isinstance(error, Malformed):
        yield error.part
    if isinstance(error, Incomplete):
        yield from error.missing


def refused_for(work: Callable[[], None]) -> frozenset[str]:
    """What an act is refused for; nothing where it is done."""
    try:
        work()
    except (Malformed, Incomplete) as error:
        return frozenset(named(error))
    return frozenset()


@pytest.mark.parametrize("this", list(dict.fromkeys(this for this, _ in PAIRS)))
def test_what_cannot_stand_beside_this_is_refused_and_nothing_of_it_is_stored(world, this):
    for other in [other for first, other in PAIRS if first == this]:
        who, _, track = ground(world, other, this)
        before = world.count("casework_storedfact"), world.rows("SELECT state FROM casework_track WHERE id = %s", track)
        refused = refused_for(partial(writes, world, who, track, other))
        assert other.partition(":")[0] in refused, (this, other, refused)
        assert before == (
            world.count("casework_storedfact"),
            world.rows("SELECT state FROM casework_track WHERE id = %s", track),
        )


@pytest.mark.parametrize("other", list(dict.fromkeys(other for _, other in PAIRS)))
def test_what_is_excluded_may_stand_where_nothing_excludes_it(world, other):
    beside = BESIDE.get(other, "")
    assert (beside, other) not in PAIRS
    who, _, track = ground(world, other, beside)
    refused = refused_for(partial(writes, world, who, track, other))
    assert other.partition(":")[0] not in refused, (other, refused)
    assert refused <= {"four_eyes"}, "and nothing else stands in its way but a second person"
