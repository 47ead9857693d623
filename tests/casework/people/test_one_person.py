"""What was merged is one person: their age, their consent, their death and what is reported of them are one."""

import pytest

from permissions.vocabulary import Action
from tests.casework.facts.test_children_found import running
from tests.world import PERSON, PLAN, REPORT, checklist, perform
from workflows.table import Incomplete

WHY = "Dit bleek uit de basisregistratie personen."
TODAY = {"date": "today"}
CHILD = {"role": "household_member", "family_name": "Proef", "given_names": "Mik", "birth_date": "2019-06-01"}


def person(world, case, name):
    """Who is called so in this record; who received a package has a row of their own, made later."""
    rows = "SELECT id FROM casework_personincase WHERE case_id = %s AND given_names = %s ORDER BY made_at"
    return world.rows(rows, case, name)[0][0]


def merge(world, on, case, name, into):
    who = "lies" if world.rows("SELECT 1 FROM casework_track WHERE kind = 'warning'") else "joke"
    said = {"person": person(world, case, name), "code": "merged", "into": person(world, case, into), "text": WHY}
    perform(world.people[who], Action.WRITE_RECORD, on, {"person_gone": said})


def visited(world, *others, **check):
    """A visit of the police to an adult, in a household with others."""
    made = world.opened(person=[PERSON, *others]).made
    case, track = made["case"], made["warning"]
    perform(world.lies, Action.SUBMIT, track)
    perform(world.dirk, Action.TAKE_UP, track)
    known = {"known_children_checked": {"yes": "yes", "text": WHY, **TODAY}}
    perform(world.dirk, Action.PLAN_VISIT, track, {**checklist(), **known})
    perform(world.lies, Action.SCHEDULE_VISIT, track, PLAN)
    perform(world.lies, Action.RECORD_VISIT, track, {**REPORT, "child_check": {"code": "none", "text": WHY, **check}})
    return case, track


def missing(world, who, action, on, content=None):
    with pytest.raises(Incomplete) as found:
        perform(world.people[who], action, on, content or {})
    return set(found.value.missing)


@pytest.mark.parametrize("age", [9, 16])
def test_who_turns_out_to_be_a_child_is_not_warned_as_the_adult_they_were_taken_for(world, age):
    case, track = visited(world, {**CHILD, "birth_date": None, "estimated_age": age})
    merge(world, track, case, "Testpersoon", "Mik")
    assert missing(world, "lies", Action.WARN, track) == {"subject_adult"}
    perform(world.lies, Action.ASK_YOUTH_PROSECUTOR, track, {"guardian_plan": {"text": WHY}})


def test_through_a_chain_of_merged_rows_the_last_says_how_old_somebody_is(world):
    between = {**CHILD, "given_names": "Tussen", "birth_date": "1990-01-01"}
    case, track = visited(world, between, CHILD)
    merge(world, track, case, "Testpersoon", "Tussen")
    merge(world, track, case, "Tussen", "Mik")
    assert missing(world, "lies", Action.WARN, track) == {"subject_adult"}


def test_a_subject_who_turns_out_to_be_under_twelve_is_to_be_reported(world):
    case, track = visited(world, CHILD)
    assert running(world, "CHILDREN_FOUND") == []
    merge(world, track, case, "Testpersoon", "Mik")
    assert running(world, "CHILDREN_FOUND") == [True]


@pytest.mark.parametrize(("name", "into"), [("Kim", "Mik"), ("Mik", "Kim")])
def test_a_child_of_whom_two_rows_are_one_was_reported_when_either_was(world, name, into):
    minor = {**CHILD, "role": "minor"}
    case, track = visited(world, minor, {**minor, "given_names": "Kim"}, code="in_household")
    reported = [f"person:{person(world, case, 'Testpersoon')}", f"person:{person(world, case, 'Mik')}"]
    world.delivered(case, items=["household", *reported])
    assert running(world, "CHILDREN_FOUND") == [True], "of one of the two nobody was told yet"
    merge(world, track, case, name, into)
    assert running(world, "CHILDREN_FOUND") == [False]


def helped(world):
    """Help that youth care offers an adult, in a record with a child."""
    case = perform(world.joke, Action.OPEN_CASE, None, {"person": [PERSON, {**CHILD, "role": "minor"}]}).made["case"]
    track = perform(world.joke, Action.OPEN_HELP, case).made["help"]
    perform(world.joke, Action.OFFER_HELP, track, {"offer_form": {"code": "letter", **TODAY}})
    return case, track


def test_a_child_of_seven_for_whom_an_adult_was_taken_does_not_consent_alone(world):
    case, track = helped(world)
    merge(world, case, case, "Testpersoon", "Mik")
    own = {"consent": {"code": "help", "given_by": "self", **TODAY}}
    assert missing(world, "joke", Action.RECORD_CONSENT, track, own) == {"consent"}
    theirs = {"consent": {"code": "help", "given_by": "representative", **TODAY}}
    perform(world.joke, Action.RECORD_CONSENT, track, theirs)
    perform(world.joke, Action.BEGIN_HELP, track, {"start_date": TODAY})


def test_a_consent_that_was_given_by_the_wrong_person_begins_no_help_once_it_is_known(world):
    case, track = helped(world)
    perform(world.joke, Action.RECORD_CONSENT, track, {"consent": {"code": "help", "given_by": "self", **TODAY}})
    merge(world, case, case, "Testpersoon", "Mik")
    assert missing(world, "joke", Action.BEGIN_HELP, track, {"start_date": TODAY}) == {"start_date"}


def test_help_of_somebody_merged_with_one_who_has_died_is_ended(world):
    case, _ = helped(world)
    gone = {"person": person(world, case, "Mik"), "code": "deceased", "text": WHY}
    perform(world.joke, Action.WRITE_RECORD, case, {"person_gone": gone})
    assert running(world, "SUBJECT_GONE", "joke") == []
    merge(world, case, case, "Testpersoon", "Mik")
    assert running(world, "SUBJECT_GONE", "joke") == [True]


def test_a_merge_that_was_wrong_makes_nobody_young(world):
    case, track = visited(world, CHILD)
    merge(world, track, case, "Testpersoon", "Mik")
    fact = world.rows("SELECT id FROM casework_storedfact WHERE fact = 'person_gone' AND case_id = %s", case)[0][0]
    again = {"fact": fact, "code": "moved_unknown", "why": "wrong_person", "text": WHY}
    perform(world.lies, Action.WRITE_RECORD, case, {"fact_correction": again})
    assert running(world, "CHILDREN_FOUND") == [False]
    perform(world.lies, Action.WARN, track)
