"""What one person names, agrees, walls or writes reaches as far as it says: nobody more, nothing longer, no row twice."""

import logging
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from casework.actions.perform import perform
from casework.facts.lookups import known_here
from casework.input.read import Malformed
from casework.input.screening import Screened, screen
from casework.oversight.workbench import report_for_person
from casework.selectors import follow_ups, offers_for, receivers
from casework.selectors.agreements import agreements
from permissions.acting import act
from permissions.services import NewAgency, NewPerson, install
from permissions.vocabulary import Action, AgencyKind, Role
from tests.casework.facts.test_leaving import joined
from tests.world import AGENCIES, PASSWORD, PLAN, PREMISES, signed_in
from workflows.calendars import AMSTERDAM

WHY = "Een verzonnen reden van genoeg tekens om te bewaren."


def days_on(days):
    return (datetime.now(UTC).astimezone(AMSTERDAM).date() + timedelta(days=days)).isoformat()


def test_who_is_assigned_takes_over_from_who_opened_the_case_and_from_nobody_else(world):
    case, _ = world.track()
    lena = joined("lena", "Politie Voorbeeld Oost", Role.POLICE_LIAISON)
    for person in (world.leo, lena):
        perform(world.saskia, Action.ASSIGN, case, {"assignment": {"person": person.person_id}})
    named = {row[0] for row in world.rows("SELECT user_id FROM casework_assignment WHERE ends_at IS NULL")}
    assert named == {world.leo.person_id, lena.person_id}


def test_a_wall_is_put_before_somebody_of_the_own_organisation_alone(world):
    case, _ = world.track()
    with pytest.raises(Malformed, match=r"wall\.person: no_such_member"):
        perform(world.saskia, Action.WALL_PERSON, case, {"wall": {"person": world.wim.person_id, "text": WHY}})
    assert world.count("casework_wall") == 0


def agreed(world, *, until=None):
    """A decision on a partnership that two people made."""
    said = {"members": [world.agency("wim")], "groups": ["identity"], "citation": "Convenant", "since": days_on(-9)}
    said |= {"until": until} if until else {}
    key = perform(world.saskia, Action.MANAGE_AGREEMENTS, None, {"partnership": said}).id
    perform(world.sjoerd, Action.MANAGE_AGREEMENTS, key)
    return key


def test_what_is_agreed_holds_on_its_last_day_and_ends_no_later_than_was_said(world):
    key = agreed(world, until=days_on(0))
    states = {row.id: row.state for row in act(world.saskia, Action.MANAGE_AGREEMENTS, agreements)}
    assert states[key] == "in force"
    perform(world.sjoerd, Action.MANAGE_AGREEMENTS, key, {"ending": {"until": days_on(30)}})
    assert world.rows("SELECT ends_on::text FROM permissions_partnershipdecision WHERE id = %s", key) == [(days_on(0),)]
    later = agreed(world)
    perform(world.sjoerd, Action.MANAGE_AGREEMENTS, later, {"ending": {"until": days_on(30)}})
    assert world.rows("SELECT ends_on::text FROM permissions_partnershipdecision WHERE id = %s", later) == [(days_on(30),)]


def test_nothing_is_agreed_with_who_holds_no_personal_data_and_nobody_is_offered_before_two_agreed(world):
    sharing = {"groups": ["identity"], "since": days_on(-1)}
    with pytest.raises(Malformed, match="no_such_receiver"):
        perform(world.saskia, Action.MANAGE_AGREEMENTS, None, {"sharing": {**sharing, "receiver": world.agency("otto")}})
    install([NewAgency("Halt Proefstad", AgencyKind.HALT)], [], datetime.now(UTC) - timedelta(days=1))
    halt = world.agency_of_kind(AgencyKind.HALT)
    key = perform(world.saskia, Action.MANAGE_AGREEMENTS, None, {"sharing": {**sharing, "receiver": halt}}).id

    def offered():
        return {agency.pk for agency in act(world.lies, Action.PREPARE_HANDOFF, receivers)}

    assert halt not in offered()
    perform(world.sjoerd, Action.MANAGE_AGREEMENTS, key)
    assert halt in offered()


def test_a_person_concerned_is_told_what_was_done_and_not_what_was_refused(world):
    petra = NewPerson("petra", "Petra Privacy", AGENCIES[0].name, (Role.PRIVACY_OFFICER,), PASSWORD)
    world.people |= install([], [petra], datetime.now(UTC) - timedelta(days=1))
    case, _ = world.track()
    assert signed_in("saskia").get(f"/cases/{case}/print_case").status_code == 403
    report = act(world.petra, Action.HANDLE_RIGHTS_REQUEST, lambda: report_for_person([case]))
    assert {line.result for line in report.lines} == {"done"}
    assert "print_case" not in {line.word for line in report.lines}


def test_of_a_note_that_was_corrected_a_package_can_hold_the_later_one_alone(world):
    case, _ = world.track()
    note = perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "Er wonen drie kinderen."}}).id
    correction = {"note": note, "text": "Er wonen twee kinderen."}
    later = perform(world.lies, Action.CORRECT_NOTE, case, {"correction": correction}).id
    offers = act(world.lies, Action.PREPARE_HANDOFF, lambda: offers_for(case), about=case)
    assert [offer.origin_id for offer in offers if offer.group == "concern"] == [later]


def test_names_of_a_team_and_long_figures_are_screened_as_any_text(world):
    _, track = world.track("visit_planned")
    plan = {"visit_plan": {**PLAN["visit_plan"], "officers": ["Agent Een", "foto van 1.jpg"]}}
    with pytest.raises(Malformed, match=r"visit_plan\.officers: screened_file"):
        perform(world.lies, Action.SCHEDULE_VISIT, track, plan)
    assert screen("7" * 24) == "7" * 24
    with pytest.raises(Screened):
        screen("7" * 25)


def test_what_follows_a_delivery_is_still_for_who_sent_it(world):
    world.delivered(world.track()[0])
    whose = dict(world.rows("SELECT task, on_behalf_of_id FROM casework_outbox WHERE task <> 'notify'"))
    assert whose["expire_handoff"] == whose["deliver_handoff"] == world.karin.person_id


def test_the_pages_of_follow_up_work_hold_each_row_once(world, monkeypatch):
    tracks = {world.track("warned")[1] for _ in range(3)}
    whole, _ = act(world.lies, Action.SEE_CASE, follow_ups)
    assert tracks <= {row.deadline.track_id for row in whole}
    monkeypatch.setattr("casework.selectors.worklists.PAGE", 1)
    found: list[Any] = []
    after = None
    while not found or after:
        rows, after = act(world.lies, Action.SEE_CASE, partial(follow_ups, after))
        found += rows
    assert [row.deadline.id for row in found] == [row.deadline.id for row in whole]


def test_a_report_on_an_address_that_is_known_says_so_without_anybody_s_name(world):
    case = world.opened("wim").id
    known = act(world.ilse, Action.OPEN_CASE, lambda: known_here([], [PREMISES]))
    assert [row.case_id for row in known] == [case]


def test_what_could_not_be_stored_stands_in_no_log_and_no_entry(world, caplog):
    caplog.set_level(logging.DEBUG)
    case, _ = world.track()
    with pytest.raises(Malformed, match="screened_file"):
        perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "Zie verzwegenbeeld.jpg daar."}})
    entries = world.rows("SELECT to_jsonb(e)::text FROM audit_entry e")
    assert "verzwegenbeeld" not in caplog.text
    assert "verzwegenbeeld" not in " ".join(row for (row,) in entries)
