"""Each person about whom Veilig Thuis writes has a term of their own; an oracle of its own says when it runs."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from casework.inputs import Malformed
from casework.services import perform
from casework.work import run_due
from permissions.acting import scenario_moment
from permissions.vocabulary import Action
from tests.world import PERSON
from workflows.calendars import Calendar, due

MONDAY = datetime(2027, 1, 4, 9, tzinfo=UTC)
NAMES = ("Aap", "Noot", "Mies", "Wim", "Zus")


def someone(name):
    return {"role": "household_member", "family_name": name, "given_names": "Proef", "birth_date": "1990-01-05"}


@pytest.fixture
def clock():
    """Sets the scenario's clock; it stands at a Monday when the test begins."""
    token = scenario_moment.set(MONDAY)
    yield scenario_moment.set
    scenario_moment.reset(token)


def terms(world):
    """Who has a running term of being informed, and since when."""
    query = (
        "SELECT p.family_name, d.started_at FROM casework_deadline d JOIN casework_personincase p ON p.id = d.person_id"
        " WHERE d.clock = 'INFORM_SUBJECT' AND d.met_at IS NULL AND d.stop_reason = ''"
    )
    return dict(world.rows(query))


def id_of(world, name):
    return world.rows("SELECT id FROM casework_personincase WHERE family_name = %s ORDER BY made_at", name)[0][0]


def informed(world, case, *names):
    rows = [{"date": "2027-01-04", "person": id_of(world, name)} for name in names]
    perform(world.wim, Action.WRITE_RECORD, case, {"subject_informed": rows})


def test_informing_one_person_leaves_the_clocks_of_the_others(world, clock):
    case = world.opened("wim", person=[someone(name) for name in NAMES[:3]]).made["case"]
    assert set(terms(world)) == {"Aap", "Noot", "Mies"}
    informed(world, case, "Noot")
    assert set(terms(world)) == {"Aap", "Mies"}
    with pytest.raises(Malformed, match="required"):
        perform(world.wim, Action.WRITE_RECORD, case, {"subject_informed": {"date": "2027-01-04"}})
    informed(world, case, "Aap")
    with pytest.raises(Malformed, match="required"):
        perform(world.wim, Action.WRITE_RECORD, case, {"subject_informed": {"date": "2027-01-04"}})
    assert set(terms(world)) == {"Mies"}, "a child's term is stopped by nobody's name but its own"
    informed(world, case, "Mies")
    assert terms(world) == {}


def test_without_a_name_it_is_the_subject_who_was_informed(world, clock):
    case = world.opened("wim", person=[PERSON, someone("Aap"), someone("Noot")]).made["case"]
    perform(world.wim, Action.WRITE_RECORD, case, {"subject_informed": {"date": "2027-01-04"}})
    assert set(terms(world)) == {"Aap", "Noot"}


def test_a_person_written_a_day_later_gets_a_term_of_their_own(world, clock):
    done = world.opened("wim", person=someone("Aap"))
    clock(MONDAY + timedelta(days=1))
    perform(world.wim, Action.WRITE_RECORD, done.made["case"], {"person": someone("Noot")})
    assert terms(world) == {"Aap": MONDAY, "Noot": MONDAY + timedelta(days=1)}
    due_at = world.rows("SELECT max(due_at) FROM casework_deadline WHERE clock = 'INFORM_SUBJECT'")[0][0]
    assert due_at == due(MONDAY + timedelta(days=1), 4, "weeks", Calendar.TERMIJNENWET)


def test_a_report_without_a_person_starts_none_and_the_police_are_not_bound(world, clock):
    world.opened("wim", person=[])
    world.opened("lies")
    assert terms(world) == {}


def test_a_delivery_starts_a_term_for_everybody_in_it_and_a_second_one_only_for_who_is_new(world, clock):
    case = world.opened("lies", person=[{**PERSON, "family_name": "Aap"}, someone("Noot")]).made["case"]
    handoff = world.sent(case)
    run_due(scenario_moment.get() or MONDAY, on_scenario_clock=True)
    assert set(terms(world)) == {"Aap", "Noot"}
    mine = "SELECT id FROM casework_personincase WHERE agency_id = %s AND family_name = 'Noot'"
    told = {"date": "2027-01-04", "person": world.rows(mine, world.agency("wim"))[0][0]}
    perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, handoff)
    perform(world.wim, Action.WRITE_RECORD, case, {"subject_informed": told})
    assert set(terms(world)) == {"Aap"}
    began = terms(world)["Aap"]
    perform(world.wim, Action.ACCEPT_HANDOFF, handoff)
    clock(MONDAY + timedelta(days=1))
    perform(world.lies, Action.WRITE_RECORD, case, {"person": someone("Mies")})
    world.sent(case)
    run_due(MONDAY + timedelta(days=1), on_scenario_clock=True)
    second = world.rows("SELECT id FROM casework_handoff ORDER BY made_at DESC")[0][0]
    perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, second)
    perform(world.wim, Action.ACCEPT_HANDOFF, second)
    assert terms(world) == {"Aap": began, "Mies": scenario_moment.get()}, "who was informed already is not again"


@pytest.mark.parametrize("code", ["deceased", "moved_unknown", "merged"])
def test_what_became_of_a_person_stops_their_term_with_the_reason(world, clock, code):
    case = world.opened("wim", person=[someone("Aap"), someone("Noot")]).made["case"]
    gone = {"person": id_of(world, "Aap"), "code": code, "text": "Dit bleek uit de basisregistratie personen."}
    perform(world.wim, Action.WRITE_RECORD, case, {"person_gone": gone})
    assert set(terms(world)) == {"Noot"}
    query = "SELECT stop_reason FROM casework_deadline WHERE clock = 'INFORM_SUBJECT' AND met_at IS NOT NULL"
    assert world.rows(query) == [(code,)]
    stranger = {**gone, "person": "00000000-0000-4000-8000-000000000001"}
    with pytest.raises(Malformed, match="no_such_person"):
        perform(world.wim, Action.WRITE_RECORD, case, {"person_gone": stranger})


class Oracle:
    """What should run: since the first provision about a person who was not informed."""

    def __init__(self):
        self.running, self.informed = {}, set()

    def provide(self, name, moment):
        if name not in self.informed:
            self.running.setdefault(name, moment)

    def inform(self, name):
        self.informed.add(name)
        self.running.pop(name, None)


@pytest.mark.parametrize("seed", range(3))
def test_the_terms_are_those_of_the_oracle_whatever_comes_after_what(world, clock, seed):
    chance, oracle = random.Random(seed), Oracle()
    case = world.opened("wim", person=[]).made["case"]
    fresh, moment = list(NAMES), MONDAY
    written: list[str] = []
    for _ in range(12):
        moment += timedelta(hours=chance.randint(1, 30))
        clock(moment)
        if fresh and (not written or chance.random() < 0.5):
            names = [fresh.pop() for _ in range(min(len(fresh), chance.randint(1, 2)))]
            perform(world.wim, Action.WRITE_RECORD, case, {"person": [someone(name) for name in names]})
            written += names
            for name in names:
                oracle.provide(name, moment)
        else:
            names = chance.sample(written, min(len(written), chance.randint(1, 2)))
            informed(world, case, *names)
            for name in names:
                oracle.inform(name)
        assert terms(world) == oracle.running
