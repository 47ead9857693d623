"""Consent that is withdrawn stops help that has not begun, at either end, and is seen by who holds help that has."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from permissions.acting import scenario_moment
from permissions.decision import Missing
from permissions.services import NewAgency, NewPerson, agree_all, confirm_all, install
from permissions.vocabulary import Action, AgencyKind, Role
from tests.casework.selectors.test_worklist import list_of
from tests.world import NECESSARY, PASSWORD, PERSON, perform, signed_in
from workflows.table import Incomplete

WHY = "Dit is aan de telefoon besproken."
TODAY = {"date": "today"}
TOOK_BACK = {"reason": {"code": "person_withdrew", "text": WHY}}
BEGUN = {"start_date": TODAY}


@pytest.fixture
def helpers(world):
    """A clinic and a local team, with a worker each and somebody who checks what the clinic sends."""
    since = datetime.now(UTC) - timedelta(days=30)
    agencies = [
        NewAgency("Kliniek Proefstad", AgencyKind.FORENSIC_CARE),
        NewAgency("Wijkteam Proefstad", AgencyKind.LOCAL_TEAM),
    ]
    people = [
        NewPerson("kees", "Kees Kliniek", agencies[0].name, (Role.CASEWORKER,), PASSWORD),
        NewPerson("karel", "Karel Toetser", agencies[0].name, (Role.QUALITY_CHECKER,), PASSWORD),
        NewPerson("tess", "Tess Team", agencies[1].name, (Role.CASEWORKER,), PASSWORD),
    ]
    world.people.update(install(agencies, people, since))
    agree_all(since.date())
    confirm_all()
    return world


def consented(world, **consent):
    """Help of the clinic to which somebody consented."""
    case = perform(world.kees, Action.OPEN_CASE, None, {"person": PERSON}).made["case"]
    track = perform(world.kees, Action.OPEN_HELP, case).made["help"]
    perform(world.kees, Action.OFFER_HELP, track, {"offer_form": {"code": "conversation", **TODAY}})
    team = world.agency_of_kind(AgencyKind.LOCAL_TEAM)
    given = {"code": "help_and_sharing", "given_by": "self", "receiver": team, **TODAY, **consent}
    perform(world.kees, Action.RECORD_CONSENT, track, {"consent": given})
    return case, track


def handed_over(world, until="acknowledge_handoff"):
    """Help that the clinic asks of the team, as far as this step at the team."""
    case, track = consented(world)
    team = world.agency_of_kind(AgencyKind.LOCAL_TEAM)
    content = {"kind": "help", "receiver": team, "basis": "GDPR_CONSENT", "items": ["identity"], "source_protected": "yes"}
    handoff = perform(world.kees, Action.PREPARE_HANDOFF, track, {"package": {**content, **NECESSARY}}).id
    perform(world.karel, Action.CHECK_HANDOFF, handoff)
    perform(world.kees, Action.SEND_HANDOFF, handoff)
    perform(world.kees, Action.HAND_OVER_HELP, track)
    world.work()
    perform(world.tess, Action.ACKNOWLEDGE_HANDOFF, handoff)
    if until == "acknowledge_handoff":
        return case, track, handoff, None
    return case, track, handoff, perform(world.tess, Action.ACCEPT_HANDOFF, handoff).made["help"]


def state_of(world, handoff):
    return world.rows("SELECT state FROM casework_handoff WHERE id = %s", handoff)[0][0]


def missing(world, who, action, on, content):
    with pytest.raises(Incomplete) as found:
        perform(world.people[who], action, on, content)
    return found.value.missing


def ended(world, who, track):
    """The next step of the row that says that consent to this help ended, and every other step that a row names for it."""
    rows = [row for row in list_of(world, who) if row.about_id == track]
    return [str(row.step.way.verb) for row in rows if row.kind == "consent"], {str(row.step.way.verb) for row in rows}


def test_help_that_was_accepted_does_not_begin_once_consent_is_withdrawn_at_who_asked_for_it(helpers):
    _, asked, handoff, track = handed_over(helpers, "accept_handoff")
    perform(helpers.kees, Action.WITHDRAW_CONSENT, asked, TOOK_BACK)
    assert state_of(helpers, handoff) == "withdrawn"
    assert missing(helpers, "tess", Action.BEGIN_HELP, track, BEGUN) == ("consent",)
    assert ended(helpers, "tess", track) == (["end_help"], {"end_help"})
    perform(helpers.tess, Action.END_HELP, track, {"reason": {"code": "other", "text": WHY}})
    assert ended(helpers, "tess", track) == ([], set())


def test_who_consents_anew_where_they_were_sent_is_helped_there(helpers):
    _, asked, _, track = handed_over(helpers, "accept_handoff")
    perform(helpers.kees, Action.WITHDRAW_CONSENT, asked, TOOK_BACK)
    given = {"code": "help", "given_by": "self", **TODAY}
    perform(helpers.tess, Action.WRITE_RECORD, track, {"consent": given})
    assert ended(helpers, "tess", track)[0] == []
    perform(helpers.tess, Action.BEGIN_HELP, track, BEGUN)


@pytest.mark.parametrize("on", ["case", "track"])
def test_a_withdrawal_that_is_only_recorded_takes_back_what_was_sent_on_that_consent(helpers, on):
    case, asked, handoff, _ = handed_over(helpers)
    perform(helpers.kees, Action.WRITE_RECORD, {"case": case, "track": asked}[on], {"consent_withdrawn": TODAY})
    assert state_of(helpers, handoff) == "withdrawn"
    with pytest.raises(Missing):
        perform(helpers.tess, Action.ACCEPT_HANDOFF, handoff)
    assert missing(helpers, "kees", Action.CONFIRM_HELP, asked, {}) == ("handoff_started",)
    assert ended(helpers, "kees", asked)[0] == ["withdraw_consent"]
    assert helpers.rows("SELECT 1 FROM casework_deadline WHERE clock = 'HANDOFF_AGAIN' AND met_at IS NULL") == []


def test_a_withdrawal_of_other_help_takes_back_nothing(helpers):
    case, _, handoff, _ = handed_over(helpers)
    other = {"role": "contact", "family_name": "Ander", "given_names": "Ann", "birth_date": "1980-01-02"}
    perform(helpers.kees, Action.WRITE_RECORD, case, {"person": other})
    ann = helpers.rows("SELECT id FROM casework_personincase WHERE given_names = 'Ann'")[0][0]
    perform(helpers.kees, Action.WRITE_RECORD, case, {"consent_withdrawn": {"person": ann, **TODAY}})
    assert state_of(helpers, handoff) == "acknowledged"


def test_help_that_has_begun_is_on_the_list_once_consent_to_it_is_withdrawn(helpers):
    case, track = consented(helpers)
    perform(helpers.kees, Action.BEGIN_HELP, track, BEGUN)
    assert ended(helpers, "kees", track)[0] == []
    perform(helpers.kees, Action.WRITE_RECORD, case, {"consent_withdrawn": TODAY})
    assert ended(helpers, "kees", track)[0] == ["end_help"]
    anew = next(way for row in list_of(helpers, "kees") for way in row.step.also if way.verb == "consent")
    page = signed_in("kees").get(anew.path)
    assert page.status_code == 200, "the other way out leads to a page"
    assert 'name="consent-given_by"' in page.content.decode()
    given = {"code": "help", "given_by": "self", **TODAY}
    perform(helpers.kees, Action.WRITE_RECORD, track, {"consent": given})
    assert ended(helpers, "kees", track)[0] == []


def test_help_that_has_begun_is_on_the_list_once_consent_to_it_has_run_out(helpers):
    until = datetime.now(UTC) + timedelta(days=2)
    _, track = consented(helpers, until=until.date().isoformat())
    perform(helpers.kees, Action.BEGIN_HELP, track, BEGUN)
    assert ended(helpers, "kees", track)[0] == []
    token = scenario_moment.set(until + timedelta(days=2))
    try:
        assert ended(helpers, "kees", track)[0] == ["end_help"]
    finally:
        scenario_moment.reset(token)


def test_who_was_merged_twice_withdraws_under_the_last_name_what_they_consented_to_under_the_first(helpers):
    case, track = consented(helpers)
    perform(helpers.kees, Action.BEGIN_HELP, track, BEGUN)
    others = [{**PERSON, "role": "household_member", "given_names": name} for name in ("Tussen", "Laatst")]
    perform(helpers.kees, Action.WRITE_RECORD, case, {"person": others})
    rows = "SELECT id FROM casework_personincase WHERE case_id = %s AND given_names = %s"
    known = [helpers.rows(rows, case, name)[0][0] for name in (PERSON["given_names"], "Tussen", "Laatst")]
    for one, into in pairwise(known):
        merged = {"person": one, "code": "merged", "into": into, "text": WHY}
        perform(helpers.kees, Action.WRITE_RECORD, case, {"person_gone": merged})
    assert ended(helpers, "kees", track)[0] == []
    perform(helpers.kees, Action.WRITE_RECORD, case, {"consent_withdrawn": {**TODAY, "person": known[-1]}})
    assert ended(helpers, "kees", track)[0] == ["end_help"]
