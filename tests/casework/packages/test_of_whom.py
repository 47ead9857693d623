"""A package says of whom each thing in it is, holds that of its own track, and goes on the consent of all it is about."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from casework.actions.perform import perform
from casework.selectors import offers_for, read_record, see_handoff
from permissions.acting import act
from permissions.services import NewAgency, agree_all, install
from permissions.vocabulary import Action, AgencyKind
from tests.casework.facts.test_leaving import CHILD, limits_of, plant, prepared
from tests.world import LETTER, NECESSARY, PERSON
from workflows.table import Incomplete

WHY = "Dit is in een gesprek besproken."
TODAY = {"date": "today"}


def two_victims(world):
    """A police case with two victims, each with a track and a need of their own."""
    case, _ = world.track()
    tracks = {}
    for name, kind in (("Kim", "practical"), ("Sam", "legal")):
        person = {"role": "possible_victim", "given_names": name, "family_name": "Proef", "contact": f"{name}@school.nl"}
        done = perform(world.lies, Action.IDENTIFY_VICTIM, case, {"person": person})
        tracks[name] = done.made["victim"]
        needs = {"needs": {"code": kind, "text": WHY}, "notification_wish": {"code": "not_asked_yet"}}
        perform(world.lies, Action.ASSESS_NEEDS, tracks[name], needs)
    return case, tracks


def asked(world, track, **changes):
    """A package about a victim to an organisation that helps victims."""
    install([NewAgency("Slachtofferhulp Proefstad", AgencyKind.VICTIM_SUPPORT)], [], datetime.now(UTC) - timedelta(days=1))
    agree_all(datetime.now(UTC).date() - timedelta(days=1))
    content = {"kind": "victim", "basis": "WPG_18_1", "source_protected": "yes", **LETTER, **NECESSARY, "letter": "b"}
    to = world.agency_of_kind(AgencyKind.VICTIM_SUPPORT)
    return perform(world.lies, Action.PREPARE_HANDOFF, track, {"package": {**content, "receiver": to, **changes}}).id


def codes(world, handoff):
    query = "SELECT value FROM casework_packageitem WHERE handoff_id = %s AND \"group\" = 'need'"
    return [json.loads(value)["code"] for (value,) in world.rows(query, handoff)]


def test_of_two_victims_each_package_holds_the_need_of_its_own(world):
    case, tracks = two_victims(world)
    offers = act(world.lies, Action.PREPARE_HANDOFF, lambda: offers_for(case), about=case)
    assert [offer.whose for offer in offers if offer.group == "need"] == ["Kim Proef", "Sam Proef"]
    assert codes(world, asked(world, tracks["Kim"], items=["identity", "need"])) == ["practical"]
    assert codes(world, asked(world, tracks["Sam"], items=["need"])) == ["legal"]
    first = next(offer.key for offer in offers if offer.group == "need")
    assert codes(world, asked(world, tracks["Sam"], items=["identity", first])) == ["practical"], "chosen by itself"


def test_what_stays_of_another_victim_is_not_called_replaced(world):
    _, tracks = two_victims(world)
    handoff = asked(world, tracks["Kim"], items=["identity", "need"])
    page = act(world.lies, Action.SEE_HANDOFF, lambda: see_handoff(handoff), about=handoff)
    assert [row.why for row in page.stays if row.label == "needs"] == ["not_ticked"]


def test_the_receiver_reads_whose_a_need_is_where_the_package_names_them_and_nowhere_else(world):
    _, tracks = two_victims(world)
    named = asked(world, tracks["Kim"], items=["identity", "need", "contact"])
    page = act(world.lies, Action.SEE_HANDOFF, lambda: see_handoff(named), about=named)
    assert {line.whose for line in page.lines if line.group in ("need", "contact")} == {"Kim Proef", "Sam Proef"}
    nameless = asked(world, tracks["Kim"], items=["need"])
    page = act(world.lies, Action.SEE_HANDOFF, lambda: see_handoff(nameless), about=nameless)
    assert [line.whose for line in page.lines] == [""]


def test_a_contact_is_taken_over_on_whose_it_is_and_once(world):
    case = perform(world.joke, Action.OPEN_CASE, None, {"person": {**CHILD, "contact": "kim@school.nl"}}).made["case"]
    given = {"code": "sharing", "given_by": "self", "date": "2026-01-05", "receiver": world.agency("wim")}
    perform(world.joke, Action.WRITE_RECORD, case, {"consent": given})
    handoff = prepared(world, case, kind="help", items=["identity", "contact"])
    perform(world.jan, Action.CHECK_HANDOFF, handoff)
    perform(world.jan, Action.SEND_HANDOFF, handoff)
    world.work()
    perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, handoff)
    perform(world.wim, Action.ACCEPT_HANDOFF, handoff)
    page = act(world.wim, Action.READ_RECORD, lambda: read_record(case), about=case)
    assert [(row.given_names, row.contact) for row in page.sections.people] == [("Kim", "kim@school.nl")]
    assert not page.sections.notes


def test_the_guardian_who_is_named_consents_for_nobody_of_whom_the_package_tells(world):
    case = perform(world.joke, Action.OPEN_CASE, None, {"person": {**CHILD, "birth_date": "2018-06-01"}}).made["case"]
    guardian = {**PERSON, "role": "guardian", "given_names": "Ouder", "birth_date": "1980-01-02"}
    perform(world.joke, Action.WRITE_RECORD, case, {"person": guardian, "note": {"kind": "concern", "text": WHY}})
    people = dict(world.rows("SELECT given_names, id FROM casework_personincase"))
    given = {"code": "sharing", **TODAY, "receiver": world.agency("wim")}
    mine = {**given, "given_by": "self", "person": people["Ouder"]}
    perform(world.joke, Action.WRITE_RECORD, case, {"consent": mine})
    whole = prepared(world, case, items=[f"person:{people['Ouder']}", "concern"])
    alone = prepared(world, case, items=[f"person:{people['Ouder']}"])
    assert (limits_of(world, "joke", whole), limits_of(world, "joke", alone)) == (("consent",), ())
    theirs = {**given, "given_by": "representative", "person": people["Kim"]}
    perform(world.joke, Action.WRITE_RECORD, case, {"consent": theirs})
    assert limits_of(world, "joke", whole) == ()


@pytest.mark.parametrize(
    ("withdrawn", "consented", "missing"),
    [("today", "yesterday", ("consent",)), ("today", "today", ()), ("yesterday", "today", ())],
)
def test_a_consent_of_before_its_withdrawal_stands_no_more_whenever_it_is_entered(world, withdrawn, consented, missing):
    case = perform(world.joke, Action.OPEN_CASE, None, {"person": CHILD}).made["case"]
    perform(world.joke, Action.WRITE_RECORD, case, {"consent_withdrawn": {"date": withdrawn}})
    given = {"code": "sharing", "given_by": "self", "date": consented, "receiver": world.agency("wim")}
    perform(world.joke, Action.WRITE_RECORD, case, {"consent": given})
    assert limits_of(world, "joke", prepared(world, case)) == missing


def test_help_does_not_begin_on_a_consent_that_was_withdrawn_beside_its_track(world):
    case, _ = world.track("warned")
    track = world.rows("SELECT id FROM casework_track WHERE kind = 'help' AND case_id = %s", case)[0][0]
    perform(world.lies, Action.OFFER_HELP, track, {"offer_form": {"code": "card", **TODAY}})
    perform(world.lies, Action.RECORD_CONSENT, track, {"consent": {"code": "help", "given_by": "self", **TODAY}})
    perform(world.lies, Action.WRITE_RECORD, case, {"consent_withdrawn": TODAY})
    with pytest.raises(Incomplete):
        perform(world.lies, Action.BEGIN_HELP, track, {"start_date": TODAY})


@pytest.mark.parametrize(
    ("need", "asked_for", "missing"),
    [("practical", "", ()), ("medical", "", ("functionary",)), ("practical", "psychological", ("functionary",))],
)
def test_what_tells_of_somebodys_health_is_a_special_category_ticked_or_not(world, need, asked_for, missing):
    case, _ = world.track()
    done = perform(world.lies, Action.IDENTIFY_VICTIM, case, {"person": {"role": "possible_victim", "given_names": "Kim"}})
    track = done.made["victim"]
    perform(
        world.lies,
        Action.ASSESS_NEEDS,
        track,
        {"needs": {"code": need, "text": WHY}, "notification_wish": {"code": "not_asked_yet"}},
    )
    grounds = {
        "basis": "WPG_19",
        "interest": "Het belang van een kind op dit adres.",
        "purpose": "give_help",
        "authority": "prosecutor",
        "authority_name": "Officier Voorbeeld",
        "authority_date": "today",
        "secrecy": "yes",
    }
    handoff = asked(world, track, items=["identity", "need"], help_kind=asked_for, **grounds)
    assert limits_of(world, "lies", handoff) == missing


YEAR = datetime.now(UTC).year


def to_halt(world, **changes):
    """A package to Halt about somebody of whom the record says this; the limits that it lacks."""
    install([NewAgency("Halt Proefstad", AgencyKind.HALT)], [], datetime.now(UTC) - timedelta(days=1))
    agree_all(datetime.now(UTC).date() - timedelta(days=1))
    person = {name: value for name, value in {**PERSON, **changes}.items() if value}
    case = world.opened(person=person).made["case"]
    to = world.agency_of_kind(AgencyKind.HALT)
    content = {"kind": "referral", "receiver": to, "basis": "WPG_18_1", "items": ["identity"], "source_protected": "yes"}
    said = {"package": {**content, **NECESSARY, **LETTER, "letter": "f"}}
    return perform(world.lies, Action.PREPARE_HANDOFF, case, said).id


@pytest.mark.parametrize(
    ("person", "missing"),
    [
        ({"birth_date": f"{YEAR - 15}"}, ()),
        ({"birth_date": f"{YEAR - 18}"}, ("minor",)),
        ({"birth_date": None, "estimated_age": "17"}, ()),
        ({"birth_date": None, "estimated_age": "18"}, ("minor",)),
        ({"birth_date": None}, ("minor",)),
    ],
)
def test_who_may_be_of_age_is_no_known_minor(world, person, missing):
    assert limits_of(world, "lies", to_halt(world, **person)) == missing


def test_an_estimate_grows_older_with_the_record(world):
    handoff = to_halt(world, birth_date=None, estimated_age="16")
    assert limits_of(world, "lies", handoff) == ()
    plant(world, "UPDATE casework_packageitem SET origin_made_at = origin_made_at - interval '2 years 1 day'")
    assert limits_of(world, "lies", handoff) == ("minor",)


def test_one_guardian_is_named_along_with_the_child_for_whom_one_consented_and_no_other(world):
    case = perform(world.joke, Action.OPEN_CASE, None, {"person": {**CHILD, "birth_date": "2018-06-01"}}).made["case"]
    people = {}
    for name in ("Anna", "Bart"):
        guardian = {"role": "guardian", "family_name": "Proef", "given_names": name, "birth_date": "1980-01-02"}
        perform(world.joke, Action.WRITE_RECORD, case, {"person": guardian})
    people = dict(world.rows("SELECT given_names, id FROM casework_personincase"))
    given = {"code": "sharing", "date": "2026-01-05", "receiver": world.agency("wim")}
    perform(
        world.joke, Action.WRITE_RECORD, case, {"consent": {**given, "given_by": "representative", "person": people["Kim"]}}
    )
    of = {name: f"person:{key}" for name, key in people.items()}
    one, both = prepared(world, case, items=[of["Kim"], of["Anna"]]), prepared(world, case, items=list(of.values()))
    assert (limits_of(world, "joke", one), limits_of(world, "joke", both)) == ((), ("consent",))
    mine = {**given, "given_by": "self", "person": people["Bart"]}
    perform(world.joke, Action.WRITE_RECORD, case, {"consent": mine})
    assert limits_of(world, "joke", both) == ()
    perform(world.joke, Action.WRITE_RECORD, case, {"consent_withdrawn": {"date": "2026-01-06", "person": people["Anna"]}})
    assert limits_of(world, "joke", one) == ("consent",), "who took it back is not named along"


def test_a_guardian_of_whom_more_is_told_than_their_name_consents_to_that(world):
    case = perform(world.joke, Action.OPEN_CASE, None, {"person": {**CHILD, "birth_date": "2018-06-01"}}).made["case"]
    guardian = {"role": "guardian", "family_name": "Proef", "given_names": "Anna", "birth_date": "1980-01-02"}
    perform(world.joke, Action.WRITE_RECORD, case, {"person": {**guardian, "contact": "06-12345678"}})
    people = dict(world.rows("SELECT given_names, id FROM casework_personincase"))
    given = {"code": "sharing", "date": "2026-01-05", "receiver": world.agency("wim"), "person": people["Kim"]}
    perform(world.joke, Action.WRITE_RECORD, case, {"consent": {**given, "given_by": "representative"}})
    named = [f"person:{people['Kim']}", f"person:{people['Anna']}"]
    reached = [*named, f"contact:{people['Anna']}"]
    found = [limits_of(world, "joke", prepared(world, case, kind="help", items=items)) for items in (named, reached)]
    assert ["consent" in limits for limits in found] == [False, True]
