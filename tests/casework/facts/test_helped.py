"""Help is about any person of a record: who consents to it follows from their age, and it ends when they die."""

from datetime import UTC, datetime

import pytest

from casework.input.read import Malformed
from permissions.vocabulary import Action, AgencyKind
from tests.casework.facts.test_children_found import running
from tests.casework.facts.test_consent_withdrawn import helpers  # noqa: F401 - a fixture
from tests.world import NECESSARY, PERSON, perform
from workflows.table import Incomplete

WHY = "Dit is in een gesprek besproken."
TODAY = {"date": "today"}
CHILD = {"role": "minor", "family_name": "Proef", "given_names": "Gijs", "estimated_age": None}
GIVERS = ("self", "representative", "self_and_representative")


def child(age, **more):
    return {**CHILD, "birth_date": f"{datetime.now(UTC).year - age}-01-01", **more}


def person(world, name, who="joke"):
    query = "SELECT id FROM casework_personincase WHERE given_names = %s AND agency_id = %s"
    return world.rows(query, name, world.agency(who))[0][0]


def opened(world, *people, name="", who="joke"):
    case = perform(world.people[who], Action.OPEN_CASE, None, {"person": list(people)}).made["case"]
    about = {"helped": {"person": person(world, name, who)}} if name else {}
    track = perform(world.people[who], Action.OPEN_HELP, case, about).made["help"]
    perform(world.people[who], Action.OFFER_HELP, track, {"offer_form": {"code": "letter", **TODAY}})
    return case, track


def givers(world, track, **more):
    """Whose consent does not open help."""
    refused = []
    for by in GIVERS:
        try:
            perform(world.joke, Action.RECORD_CONSENT, track, {"consent": {"code": "help", "given_by": by, **TODAY, **more}})
        except Incomplete:
            refused.append(by)
        else:
            break
    return refused


@pytest.mark.parametrize(
    ("age", "refused"),
    [(16, []), (15, ["self", "representative"]), (12, ["self", "representative"]), (11, ["self"])],
)
@pytest.mark.parametrize("beside", [(), (PERSON,)])
def test_help_for_a_child_begins_on_the_consent_of_whom_their_age_asks(world, age, refused, beside):
    _, track = opened(world, *beside, child(age), name="Gijs")
    assert givers(world, track) == refused
    perform(world.joke, Action.BEGIN_HELP, track, {"start_date": TODAY})


def test_help_is_for_the_only_child_where_there_is_no_subject_and_nobody_was_chosen(world):
    _, track = opened(world, child(17))
    assert givers(world, track) == []


def test_help_is_for_the_subject_where_nobody_was_chosen(world):
    _, track = opened(world, child(8), PERSON)
    assert givers(world, track) == []


def test_of_two_children_somebody_says_whom_help_is_for(world):
    people = [child(8), child(9, given_names="Guus")]
    case = perform(world.joke, Action.OPEN_CASE, None, {"person": people}).made["case"]
    with pytest.raises(Malformed, match="say_about_whom"):
        perform(world.joke, Action.OPEN_HELP, case)
    perform(world.joke, Action.OPEN_HELP, case, {"helped": {"person": person(world, "Guus")}})


def test_help_is_for_nobody_of_another_record(world):
    opened(world, child(8))
    other = perform(world.joke, Action.OPEN_CASE, None, {"person": PERSON}).made["case"]
    with pytest.raises(Malformed, match="no_such_person"):
        perform(world.joke, Action.OPEN_HELP, other, {"helped": {"person": person(world, "Gijs")}})


def test_help_for_a_child_who_has_died_is_ended_and_that_for_the_adult_beside_them_is_not(world):
    case, _ = opened(world, child(8), PERSON, name="Gijs")
    perform(world.joke, Action.OPEN_HELP, case, {"helped": {"person": person(world, "Testpersoon")}})
    gone = {"person": person(world, "Gijs"), "code": "deceased", "text": WHY}
    perform(world.joke, Action.WRITE_RECORD, case, {"person_gone": gone})
    assert running(world, "SUBJECT_GONE", "joke") == [True]


def test_who_is_asked_to_help_a_child_helps_that_child_and_not_the_adult_beside_them(helpers):  # noqa: F811 - the fixture
    world, team = helpers, helpers.agency_of_kind(AgencyKind.LOCAL_TEAM)
    _, track = opened(world, PERSON, child(8), name="Gijs", who="kees")
    for name, by in (("Gijs", "representative"), ("Testpersoon", "self")):
        said = {"code": "help_and_sharing", "given_by": by, "receiver": team, **TODAY, "person": person(world, name, "kees")}
        action = Action.RECORD_CONSENT if name == "Gijs" else Action.WRITE_RECORD
        perform(world.kees, action, track, {"consent": said})
    content = {"kind": "help", "receiver": team, "basis": "GDPR_CONSENT", "items": ["identity"], "source_protected": "yes"}
    handoff = perform(world.kees, Action.PREPARE_HANDOFF, track, {"package": {**content, **NECESSARY}}).id
    perform(world.karel, Action.CHECK_HANDOFF, handoff)
    perform(world.kees, Action.SEND_HANDOFF, handoff)
    world.work()
    theirs = perform(world.tess, Action.ACCEPT_HANDOFF, handoff).made["help"]
    query = "SELECT p.given_names FROM casework_track t JOIN casework_personincase p ON p.id = t.subject_id WHERE t.id = %s"
    assert world.rows(query, theirs) == [("Gijs",)]


def test_two_rows_of_one_child_are_the_only_child(world):
    rows = [child(10), child(10, given_names="Gijsbert")]
    case = perform(world.joke, Action.OPEN_CASE, None, {"person": rows}).made["case"]
    with pytest.raises(Malformed, match="say_about_whom"):
        perform(world.joke, Action.OPEN_HELP, case)
    into = person(world, "Gijsbert")
    gone = {"person": person(world, "Gijs"), "code": "merged", "into": into, "text": WHY}
    perform(world.joke, Action.WRITE_RECORD, case, {"person_gone": gone})
    track = perform(world.joke, Action.OPEN_HELP, case).made["help"]
    assert world.rows("SELECT subject_id FROM casework_track WHERE id = %s", track) == [(into,)]
