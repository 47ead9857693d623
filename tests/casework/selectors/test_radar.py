"""Whom Veilig Thuis knows already is shown where a report comes in, and a person says what becomes of it."""

from functools import partial

import pytest
from django.db import DatabaseError

from casework.actions.perform import perform
from casework.facts.lookups import known_here
from casework.input.read import Malformed
from casework.oversight.access_log import case_log
from permissions.acting import act, acting_as
from permissions.vocabulary import Action, Role
from tests.casework.facts.test_leaving import joined
from tests.casework.selectors.test_worklist import list_of
from tests.world import PERSON, signed_in


def reference_of(world, case):
    """How Veilig Thuis calls a case."""
    query = "SELECT reference FROM casework_participation WHERE content_object_id = %s AND group_id = %s"
    return world.rows(query, case, world.agency("wim"))[0][0]


def come_in(world):
    """A household that Veilig Thuis knows, and a report about the same child that the police hand over."""
    child = {**PERSON, "role": "minor", "given_names": "Kim", "birth_date": "2018-01-05"}
    earlier = world.opened("wim", person=child, premises=[]).made
    case, _ = world.track("triage")
    perform(world.lies, Action.WRITE_RECORD, case, {"person": child})
    handoff = world.delivered(case)
    perform(world.vera, Action.ACKNOWLEDGE_HANDOFF, handoff)
    return earlier["case"], case, handoff


def test_a_report_that_is_handed_over_shows_whom_the_agency_knows_and_is_joined_by_choice(world):
    earlier, case, handoff = come_in(world)
    client = signed_in("vera")
    page = client.get(f"/handoffs/{handoff}/accept_handoff").content.decode()
    assert reference_of(world, earlier) in page
    assert reference_of(world, case) not in page.split("known_here", 1)[1], "its own case is not one that was known"
    said = world.rows("SELECT additional_data FROM audit_entry WHERE word = 'look_up_known' ORDER BY id DESC LIMIT 1")
    assert said[0][0]["shown"] == [str(earlier)], "the look stands on the trail with what it showed"
    log = act(world.anke, Action.SEE_ACCESS_LOG, partial(case_log, [earlier]))
    assert ("Vera Beslisser", "look_up_known") in {(line.person, line.word) for line in log.lines}
    choice = {
        "known_here-code": "joined_to_household",
        "known_here-text": "Hetzelfde kind.",
        "known_here-case": str(earlier),
    }
    assert client.post(f"/handoffs/{handoff}/accept_handoff", choice).status_code == 302
    signals = world.rows("SELECT case_id, ref_id FROM casework_storedfact WHERE fact = 'new_signal'")
    assert signals == [(earlier, case)]
    wim = "SELECT 1 FROM casework_assignment WHERE content_object_id = %s AND user_id = %s AND ends_at IS NULL"
    assert world.rows(wim, case, world.wim.person_id), "who holds the household reads the new report"


def test_a_report_that_is_handed_over_joins_no_case_that_was_not_found(world):
    _, case, handoff = come_in(world)
    stranger = {"role": "subject", "family_name": "Elders", "given_names": "Anders", "birth_date": "1971-02-03"}
    other = world.opened("wim", person=stranger, premises=[]).made["case"]
    for wrong in (case, other):
        choice = {"code": "joined_to_household", "text": "Hetzelfde kind.", "case": str(wrong)}
        with pytest.raises(Malformed, match="no_such_case"):
            perform(world.vera, Action.ACCEPT_HANDOFF, handoff, {"known_here": choice})
    perform(world.vera, Action.ACCEPT_HANDOFF, handoff, {"known_here": {"code": "kept_apart", "text": "Een ander."}})
    assert world.rows("SELECT code FROM casework_storedfact WHERE fact = 'known_here' AND handoff_id = %s", handoff) == [
        ("kept_apart",)
    ]


def test_whoever_accepts_what_a_colleague_acknowledged_says_what_becomes_of_it(world):
    world.people["willem"] = joined("willem", "Veilig Thuis Proefstad", Role.CASEWORKER)
    earlier, case, handoff = come_in(world)
    choice = {"code": "joined_to_household", "text": "Hetzelfde kind.", "case": str(earlier)}
    perform(world.people["willem"], Action.ACCEPT_HANDOFF, handoff, {"known_here": choice})
    assert world.rows(
        "SELECT made_by_id FROM casework_storedfact WHERE fact = 'known_here' AND handoff_id = %s", handoff
    ) == [(world.people["willem"].person_id,)]
    named = "SELECT 1 FROM casework_assignment WHERE content_object_id = %s AND user_id = %s AND ends_at IS NULL"
    assert world.rows(named, case, world.people["willem"].person_id) == [(1,)]


def test_nobody_is_looked_up_but_where_a_report_comes_in(world):
    world.opened("wim")
    named = {name: PERSON[name] for name in ("family_name", "given_names")}
    with pytest.raises(DatabaseError), acting_as(world.wim, Role.CASEWORKER, Action.ADD_NOTE):
        known_here([named], [])
    case, _ = world.track("triage")
    handoff = world.delivered(case, kind="referral")
    page = signed_in("wim").get(f"/handoffs/{handoff}/accept_handoff").content.decode()
    assert "known_here" not in page


def test_a_joined_report_is_seen_for_who_leads_once_somebody_else_than_its_maker_opened_it(world):
    world.people["vincent"] = joined("vincent", "Veilig Thuis Proefstad", Role.TRIAGE_DECIDER)
    earlier = world.opened("wim").made["case"]
    choice = {"code": "joined_to_household", "text": "Hetzelfde gezin.", "case": str(earlier)}
    world.opened("vera", known_here=choice)

    def signals():
        return [row for row in list_of(world, "vincent") if row.kind == "signal"]

    assert len(signals()) == 1
    assert signed_in("vera").get(f"/cases/{earlier}").status_code == 200
    assert len(signals()) == 1, "who made it knew of it already"
    assert signed_in("wim").get(f"/cases/{earlier}").status_code == 200
    assert signals() == []


def test_who_has_the_same_name_and_another_birth_date_is_not_known(world):
    child = {**PERSON, "role": "minor", "given_names": "Kim", "birth_date": "2018-01-05"}
    earlier = world.opened("wim", person=child, premises=[]).made["case"]
    case, _ = world.track("triage")
    perform(world.lies, Action.WRITE_RECORD, case, {"person": {**child, "birth_date": "2011-06-30"}})
    handoff = world.delivered(case)
    perform(world.vera, Action.ACKNOWLEDGE_HANDOFF, handoff)
    page = signed_in("vera").get(f"/handoffs/{handoff}/accept_handoff").content.decode()
    assert reference_of(world, earlier) not in page
