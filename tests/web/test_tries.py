"""A form that cannot be taken says one clear thing, changes nothing, and its try stands on the trail: on every page."""

import re
from uuid import uuid4

import pytest

from casework.actions.perform import perform
from casework.input.read import Malformed
from casework.oversight.access_log import case_log
from permissions.acting import act
from permissions.vocabulary import Action
from tests.casework.selectors.test_worklist import list_of
from tests.web.test_as_used import main_of
from tests.web.test_kept_text import two_hats  # noqa: F401 - a fixture
from tests.world import NECESSARY, signed_in, stepped_up

WHY = "Een verzonnen reden van genoeg tekens om te bewaren."
CHILD = {"role": "minor", "given_names": "Kim", "family_name": "Proef", "birth_date": "2018-01-05"}
SAID = {**NECESSARY, "source_protected": "yes"}
FORMS = {
    "search": ("lies", "/search", {"search-words": "woord " * 2000}),
    "an empty search": ("lies", "/search", {"search-words": " "}),
    "a search that cannot be read": ("lies", "/search", {"search-words": "a\x00b"}),
    "a known-check": ("wim", "/known-checks/new", {"known-family_name": "Proef", "known-birth_date": "31-4-1984"}),
    "advice": ("wim", "/advice/new", {"advice-date": "31-4-2026"}),
    "an emergency": ("leo", "/emergency", {"emergency-text": "x"}),
    "a person concerned": (
        "arie",
        "/access-review",
        {"concerned-family_name": "Proef", "concerned-birth_date": "31-4-1984"},
    ),
}


def tries(world):
    """How many tries of this person's are on the trail that ended otherwise than done."""
    return world.rows("SELECT count(*) FROM audit_entry WHERE outcome = 'malformed'")[0][0]


@pytest.mark.parametrize("form", FORMS)
def test_a_form_that_cannot_be_taken_is_a_try_on_the_trail(world, form):
    who, address, values = FORMS[form]
    client = stepped_up(who) if address == "/emergency" else signed_in(who)
    before = tries(world)
    answer = client.post(address, {**values, "operation": str(uuid4())})
    assert (answer.status_code, tries(world) - before) == (422, 1)
    assert "govuk-error" in answer.content.decode(), "the page says what is wrong"


def test_a_search_that_is_asked_for_a_reason_first_is_a_try_on_the_trail_too(world):
    client = signed_in("lies")
    for _ in range(10):
        assert client.post("/search", {"search-words": "Proef"}).status_code == 200
    before = tries(world)
    answer = client.post("/search", {"search-words": "Proef"})
    assert (answer.status_code, tries(world) - before) == (422, 1)
    assert "govuk-error" in answer.content.decode()


def test_a_reason_to_reveal_that_is_none_is_a_try_on_the_trail(world):
    case, _ = world.track()
    before = tries(world)
    assert signed_in("dirk").post(f"/cases/{case}/reveal_source", {"reveal-code": "nieuwsgierig"}).status_code == 422
    assert tries(world) == before + 1


def test_a_field_that_was_sent_twice_with_different_words_drops_neither(world):
    case, _ = world.track()
    client = signed_in("lies")
    both = f"note-kind=concern&note-text=Het+eerste+relaas.&note-text=Het+tweede+relaas.&operation={uuid4()}"
    answer = client.generic("POST", f"/cases/{case}/add_note", both, "application/x-www-form-urlencoded")
    assert answer.status_code == 422
    assert "twee keer verzonden" in answer.content.decode()
    assert world.count("casework_note") == 0


@pytest.mark.parametrize("does", ["grid", "plan", "try"])
def test_a_plan_without_anything_to_plan_says_so_and_keeps_what_was_typed(world, does):
    answer = signed_in("lies").post("/visit-plan", {"do": does, "subject": "Iemand praat met hem alleen."})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Er is niets ingevuld dat gepland kan worden" in page
    assert "Iemand praat met hem alleen." in page


def test_who_was_taken_off_or_walled_before_is_told_since_when(world):
    case, _ = world.track()
    off = {"assignment": {"person": world.lies.person_id, "remove": "yes"}}
    with pytest.raises(Malformed, match="not_assigned"):
        perform(world.saskia, Action.ASSIGN, case, {"assignment": {"person": world.leo.person_id, "remove": "yes"}})
    perform(world.saskia, Action.ASSIGN, case, off)
    with pytest.raises(Malformed, match=r"taken_off_already \d{4}-\d\d-\d\d"):
        perform(world.saskia, Action.ASSIGN, case, off)
    wall = {"wall": {"person": world.leo.person_id, "text": WHY}}
    perform(world.saskia, Action.WALL_PERSON, case, wall)
    with pytest.raises(Malformed, match=r"walled_already \d{4}-\d\d-\d\d"):
        perform(world.sjoerd, Action.WALL_PERSON, case, wall)
    assert world.count("casework_wall") == 1


def test_a_case_whose_only_package_was_taken_back_before_it_left_is_not_out_of_sight(world):
    case = perform(world.joke, Action.OPEN_CASE, None, {"person": CHILD}).made["case"]
    assert "case" in [row.kind for row in list_of(world, "joke") if row.case_id == case]
    content = {"kind": "concern_report", "receiver": world.agency("wim"), "basis": "WMO_5_2_6", "items": ["identity"]}
    handoff = perform(world.joke, Action.PREPARE_HANDOFF, case, {"package": content | SAID}).made["handoff"]
    assert "case" not in [row.kind for row in list_of(world, "joke") if row.case_id == case], "the package is the work"
    perform(world.joke, Action.WITHDRAW_HANDOFF, handoff)
    assert "case" in [row.kind for row in list_of(world, "joke") if row.case_id == case]
    assert world.rows("SELECT is_open FROM casework_participation WHERE content_object_id = %s", case) == [(True,)]


def test_looks_in_two_memberships_are_two_lines_of_a_log(world, two_hats):  # noqa: F811 - the fixture
    case, _ = world.track("triage")
    handoff = world.delivered(case)
    client = signed_in("lies")
    police = world.rows(
        "SELECT id FROM permissions_membership WHERE user_id = %s AND agency_id = %s",
        world.lies.person_id,
        world.agency("lies"),
    )[0][0]
    for membership in (police, two_hats):
        client.post("/memberships", {"membership": str(membership)})
        assert client.get(f"/handoffs/{handoff}").status_code == 200
    lines = act(world.arie, Action.SEE_ACCESS_LOG, lambda: case_log([case])).lines
    looks = {
        (line.organisation, line.role) for line in lines if line.person == "Lies Liaison" and line.word == "see_handoff"
    }
    assert {role for _, role in looks} == {"police_liaison", "caseworker"}
    assert len({organisation for organisation, _ in looks}) == 2


def test_the_number_of_visits_to_plan_says_that_there_are_more(world, monkeypatch):
    monkeypatch.setattr("casework.selectors.worklists.PLANNED", 1)
    for _ in range(2):
        world.track("visit_planned")
    page = re.sub(r"\s+", " ", main_of(signed_in("lies").get("/visit-plan")))
    assert "Te plannen (1, en meer op de volgende bladzijde)" in page
