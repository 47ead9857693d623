"""What holds for one round or one year holds no longer: who submitted before, and what police may still look into."""

from datetime import UTC, datetime, timedelta

import pytest

from casework.actions.perform import perform
from permissions.acting import scenario_moment
from permissions.decision import Refused
from permissions.vocabulary import Action, Role
from tests.casework.facts.test_leaving import joined
from workflows.table import Incomplete

WHY = "Een verzonnen toelichting van genoeg woorden."
BEGUN = datetime(2027, 1, 11, 11, tzinfo=UTC)
A_YEAR_ON = datetime(2028, 1, 11, 11, tzinfo=UTC)
DECLINED = {"reason": {"code": "duplicate", "text": WHY}}


@pytest.fixture
def clock():
    """Sets the clock of a story; it stands at a Monday when the test begins."""
    token = scenario_moment.set(BEGUN)
    yield scenario_moment.set
    scenario_moment.reset(token)


def signal(case):
    """What reopens a track: another case that came in since."""
    return {"new_signal": {"case": case, "text": WHY}, "reason": {"code": "new_report", "text": WHY}}


def test_police_look_into_what_they_did_a_year_ago_only_where_it_was_checked_that_they_may(world, clock):
    tracks = [world.track("triage")[1] for _ in range(3)]
    for track in tracks:
        perform(world.dirk, Action.DECLINE, track, DECLINED)
    clock(A_YEAR_ON)
    new = world.opened().id
    perform(world.dirk, Action.REOPEN, tracks[0], signal(new))
    clock(A_YEAR_ON + timedelta(days=1))
    with pytest.raises(Incomplete) as found:
        perform(world.dirk, Action.REOPEN, tracks[1], signal(new))
    assert found.value.missing == ("retention_allows",)
    checked = {"retention_check": {"yes": "yes", "date": "today"}}
    perform(world.dirk, Action.REOPEN, tracks[1], {**signal(new), **checked})
    states = world.rows("SELECT id, state FROM casework_track WHERE kind = 'warning'")
    assert [dict(states)[track] for track in tracks] == ["triage", "triage", "not_accepted"]


def test_who_submitted_in_an_earlier_round_decides_in_the_next(world):
    wessel = joined("wessel", "Politie Voorbeeld West", Role.TRIAGE_DECIDER)
    done = world.opened("wanda")
    track = done.made["warning"]
    perform(world.wanda, Action.SUBMIT, track)
    with pytest.raises(Refused, match="not by the person who submitted"):
        perform(world.wanda, Action.TAKE_UP, track)
    perform(wessel, Action.TAKE_UP, track)
    perform(wessel, Action.DECLINE, track, DECLINED)
    perform(world.wanda, Action.REOPEN, track, signal(world.opened("wanda").id))
    perform(world.wanda, Action.DECLINE, track, DECLINED)
    assert world.rows("SELECT state FROM casework_track WHERE id = %s", track) == [("not_accepted",)]
