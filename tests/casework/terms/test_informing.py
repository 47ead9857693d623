"""Each person about whom Veilig Thuis writes has a term of their own; an oracle of its own says when it runs."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from casework.actions.perform import perform
from casework.input.read import Malformed
from casework.worker.carry_out import run_due
from permissions.acting import scenario_moment
from permissions.vocabulary import Action
from tests.world import PERSON
from workflows.calendars import Calendar, due
from workflows.outcomes import DUTY_AFTER

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
    gone |= {"into": id_of(world, "Noot")} if code == "merged" else {}
    perform(world.wim, Action.WRITE_RECORD, case, {"person_gone": gone})
    assert set(terms(world)) == {"Noot"}
    query = "SELECT stop_reason FROM casework_deadline WHERE clock = 'INFORM_SUBJECT' AND met_at IS NOT NULL"
    assert world.rows(query) == [(code,)]
    stranger = {**gone, "person": "00000000-0000-4000-8000-000000000001"}
    with pytest.raises(Malformed, match="no_such_person"):
        perform(world.wim, Action.WRITE_RECORD, case, {"person_gone": stranger})


def gone(world, case, name, code, into=""):
    said = {"person": id_of(world, name), "code": code, "text": "Dit bleek uit de basisregistratie personen."}
    said |= {"into": id_of(world, into)} if into else {}
    perform(world.wim, Action.WRITE_RECORD, case, {"person_gone": said})


def delivered_again(world, case):
    """What the police know of Aap, delivered once more: a new provision about the same person."""
    handoff = world.sent(case)
    run_due(scenario_moment.get() or MONDAY, on_scenario_clock=True)
    perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, handoff)
    perform(world.wim, Action.ACCEPT_HANDOFF, handoff)


@pytest.mark.parametrize(("reason", "duty"), sorted(DUTY_AFTER.items()))
def test_every_reason_why_a_term_stopped_says_whether_a_later_provision_begins_it_anew(world, clock, reason, duty):
    case = world.opened("lies", person=[{**PERSON, "family_name": "Aap"}]).made["case"]
    delivered_again(world, case)
    assert set(terms(world)) == {"Aap"}
    if reason in {"deceased", "moved_unknown"}:
        mine = "SELECT id FROM casework_personincase WHERE agency_id = %s"
        said = {"person": world.rows(mine, world.agency("wim"))[0][0], "code": reason, "text": "Dit bleek uit een brief."}
        perform(world.wim, Action.WRITE_RECORD, case, {"person_gone": said})
    else:
        stop = "UPDATE casework_deadline SET met_at = started_at, stop_reason = %s WHERE clock = 'INFORM_SUBJECT'"
        world.superuser.execute("SET session_replication_role = replica")
        world.superuser.execute(stop, [reason])
        world.superuser.execute("SET session_replication_role = origin")
    assert terms(world) == {}
    clock(MONDAY + timedelta(days=40))
    delivered_again(world, case)
    again = terms(world)
    assert set(again) == (set() if duty == "ends" else {"Aap"})
    assert all(began >= MONDAY + timedelta(days=40) for began in again.values()), "the term begins with the provision"


def test_who_dies_after_a_term_stopped_for_another_reason_is_not_owed_it_any_more(world, clock):
    case = world.opened("lies", person=[{**PERSON, "family_name": "Aap"}]).made["case"]
    delivered_again(world, case)
    mine = world.rows("SELECT id FROM casework_personincase WHERE agency_id = %s", world.agency("wim"))[0][0]
    for code in ("moved_unknown", "deceased"):
        said = {"person": mine, "code": code, "text": "Dit bleek uit de basisregistratie."}
        perform(world.wim, Action.WRITE_RECORD, case, {"person_gone": said})
    delivered_again(world, case)
    assert terms(world) == {}


def test_the_same_item_in_a_later_version_of_a_package_is_a_new_provision_and_its_acceptance_is_none(world, clock):
    case = world.opened("lies", person=[{**PERSON, "family_name": "Aap"}]).made["case"]
    handoff = world.sent(case)
    run_due(scenario_moment.get() or MONDAY, on_scenario_clock=True)
    perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, handoff)
    mine = world.rows("SELECT id FROM casework_personincase WHERE agency_id = %s", world.agency("wim"))[0][0]
    said = {"person": mine, "code": "moved_unknown", "text": "Er is geen adres meer bekend."}
    perform(world.wim, Action.WRITE_RECORD, case, {"person_gone": said})
    why = {"question": {"code": "content", "text": "Is er iets bekend over de school?"}}
    perform(world.vera, Action.RETURN_HANDOFF, handoff, why)
    again = {"reason": {"code": "question_answered", "text": "De vraag is beantwoord met een notitie."}}
    perform(world.lies, Action.REWORK_HANDOFF, handoff, again)
    perform(world.karin, Action.CHECK_HANDOFF, handoff)
    perform(world.karin, Action.SEND_HANDOFF, handoff)
    run_due(scenario_moment.get() or MONDAY, on_scenario_clock=True)
    assert terms(world) == {}
    perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, handoff)
    perform(world.wim, Action.ACCEPT_HANDOFF, handoff)
    assert set(terms(world)) == {"Aap"}
    perform(world.wim, Action.WRITE_RECORD, case, {"person_gone": said})
    assert terms(world) == {}


def test_the_acceptance_of_what_was_delivered_is_no_new_provision(world, clock):
    case = world.opened("lies", person=[{**PERSON, "family_name": "Aap"}]).made["case"]
    handoff = world.sent(case)
    run_due(scenario_moment.get() or MONDAY, on_scenario_clock=True)
    perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, handoff)
    mine = world.rows("SELECT id FROM casework_personincase WHERE agency_id = %s", world.agency("wim"))[0][0]
    said = {"person": mine, "code": "moved_unknown", "text": "Er is geen adres meer bekend."}
    perform(world.wim, Action.WRITE_RECORD, case, {"person_gone": said})
    perform(world.wim, Action.ACCEPT_HANDOFF, handoff)
    assert terms(world) == {}


def test_a_merged_row_passes_its_term_on_as_long_as_it_ran(world, clock):
    case = world.opened("wim", person=[someone("Aap")]).made["case"]
    first = world.rows("SELECT due_at FROM casework_deadline WHERE clock = 'INFORM_SUBJECT'")
    clock(MONDAY + timedelta(days=9))
    perform(world.wim, Action.WRITE_RECORD, case, {"person": [someone("Noot"), someone("Mies")]})
    gone(world, case, "Aap", "merged", into="Noot")
    running = (
        "SELECT p.family_name, d.due_at FROM casework_deadline d JOIN casework_personincase p ON p.id = d.person_id"
        " WHERE d.clock = 'INFORM_SUBJECT' AND d.met_at IS NULL"
    )
    assert dict(world.rows(running))["Noot"] == first[0][0], "one person: what was due first stays due then"
    assert set(terms(world)) == {"Noot", "Mies"}
    informed(world, case, "Noot")
    gone(world, case, "Mies", "merged", into="Noot")
    assert terms(world) == {}, "who is informed under one row is informed"


def test_a_row_that_is_owed_nothing_takes_over_the_term_of_the_one_that_was_merged_into_it(world, clock):
    case = world.opened("wim", person=[someone("Aap"), someone("Noot")]).made["case"]
    gone(world, case, "Noot", "moved_unknown")
    began, due_at = terms(world)["Aap"], "SELECT due_at FROM casework_deadline WHERE person_id = %s AND met_at IS NULL"
    until = world.rows(due_at, id_of(world, "Aap"))
    clock(MONDAY + timedelta(days=3))
    gone(world, case, "Aap", "merged", into="Noot")
    assert terms(world) == {"Noot": began}
    assert world.rows(due_at, id_of(world, "Noot")) == until, "as long as it ran, and no longer"


def test_nobody_is_merged_into_themselves_a_stranger_or_who_was_merged(world, clock):
    case = world.opened("wim", person=[someone("Aap"), someone("Noot")]).made["case"]
    with pytest.raises(Malformed, match="required"):
        gone(world, case, "Aap", "merged")
    with pytest.raises(Malformed, match="no_such_person"):
        gone(world, case, "Aap", "merged", into="Aap")
    gone(world, case, "Aap", "merged", into="Noot")
    with pytest.raises(Malformed, match="no_such_person"):
        gone(world, case, "Noot", "merged", into="Aap")
    assert set(terms(world)) == {"Noot"}


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
