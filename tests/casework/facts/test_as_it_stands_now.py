"""What a step rests on is read as it stands now, each time: the article, the source, the wall, what was counted."""

from datetime import timedelta

import pytest

from casework.actions.perform import perform
from casework.input.read import Malformed
from casework.selectors import see_handoff, worklist
from permissions.acting import act
from permissions.decision import Refused, for_lists
from permissions.vocabulary import Action
from tests.world import PERSON, PLAN, REPORT, checklist
from workflows.table import Incomplete

MOVED = {"basis": {"code": "WPG_9", "article": "9"}}
WHY = "Een verzonnen reden van genoeg tekens om te bewaren."


@pytest.mark.parametrize("moment", ["checked", "sent", "delivered"])
def test_a_record_that_moved_to_article_9_lets_nothing_go_at_checking_sending_or_delivery(world, moment):
    case, _ = world.track("draft")
    handoff = world.package(case)
    if moment != "checked":
        perform(world.karin, Action.CHECK_HANDOFF, handoff)
    if moment == "delivered":
        perform(world.karin, Action.SEND_HANDOFF, handoff)
    perform(world.lies, Action.WRITE_RECORD, case, MOVED)
    if moment == "delivered":
        world.work()
        assert world.rows("SELECT state FROM casework_handoff") == [("withdrawn",)]
        assert world.rows("SELECT code FROM casework_storedfact WHERE fact = 'reason'") == [("limit:article",)]
        assert world.count("casework_disclosure") == 0
        return
    page = act(world.karin, Action.SEE_HANDOFF, lambda: see_handoff(handoff))
    assert page.missing == ("article",), "the page says what is missing"
    step = Action.CHECK_HANDOFF if moment == "checked" else Action.SEND_HANDOFF
    with pytest.raises(Incomplete, match="legal_basis"):
        perform(world.karin, step, handoff)
    perform(world.lies, Action.WRITE_RECORD, case, {"basis": {"code": "WPG_8", "article": "8"}})
    assert act(world.karin, Action.SEE_HANDOFF, lambda: see_handoff(handoff)).missing == ()
    assert perform(world.karin, step, handoff).id == handoff


def test_a_package_that_was_prepared_under_article_9_goes_once_the_record_is_kept_under_8(world):
    case = world.opened(basis={"code": "WPG_9", "article": "9"}).made["case"]
    handoff = world.package(case)
    with pytest.raises(Incomplete, match="legal_basis"):
        perform(world.karin, Action.CHECK_HANDOFF, handoff)
    perform(world.lies, Action.WRITE_RECORD, case, {"basis": {"code": "WPG_8"}})
    perform(world.karin, Action.CHECK_HANDOFF, handoff)
    assert world.rows("SELECT wpg_article FROM casework_handoff") == [("8",)], "it keeps under which it was checked"


SOURCES = {
    "protected": {"capacity": "neighbour_or_friend", "name": "Buur Voorbeeld", "protected": "yes"},
    "known": {"capacity": "teacher_or_school", "name": "School Voorbeeld", "protected": "no"},
    "nameless": {"capacity": "unknown_reporter", "protected": "yes"},
    "none": [],
}
TOLD = {
    "protected": {"protected_channel"},
    "known": {"direct", "protected_channel"},
    "nameless": {"no_reporter"},
    "none": {"direct", "protected_channel", "no_reporter"},
}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("code", ["direct", "protected_channel", "no_reporter"])
def test_how_a_reporter_is_told_fits_who_reported(world, source, code):
    case = world.opened("wim", source=SOURCES[source]).made["case"]
    told = {"reporter_informed": {"date": "today", "code": code}}
    if code in TOLD[source]:
        perform(world.wim, Action.WRITE_RECORD, case, told)
        return
    with pytest.raises(Malformed, match=r"reporter_informed\.code: excluded"):
        perform(world.wim, Action.WRITE_RECORD, case, told)


def test_an_agency_that_reported_is_there_to_be_told(world):
    case, _ = world.track("draft")
    world.delivered(case)
    perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, world.rows("SELECT id FROM casework_handoff")[0][0])
    with pytest.raises(Malformed, match="excluded"):
        perform(world.wim, Action.WRITE_RECORD, case, {"reporter_informed": {"date": "today", "code": "no_reporter"}})
    perform(world.wim, Action.WRITE_RECORD, case, {"reporter_informed": {"date": "today", "code": "direct"}})


def test_somebody_behind_a_wall_of_a_case_is_not_named_on_it(world):
    case, _ = world.track("draft")
    perform(world.saskia, Action.WALL_PERSON, case, {"wall": {"person": world.leo.person_id, "text": WHY}})
    named = {"assignment": {"person": world.leo.person_id}}
    for who in (world.dirk, world.saskia):
        with pytest.raises(Refused):
            perform(who, Action.ASSIGN, case, named)
    query = "SELECT count(*) FROM casework_assignment WHERE content_object_id = %s AND user_id = %s"
    assert world.rows(query, case, world.leo.person_id) == [(0,)]
    for who in (world.saskia, world.sjoerd):
        perform(who, Action.LIFT_WALL, case, {"lifting": {"person": world.leo.person_id, "text": WHY}})
    perform(world.dirk, Action.ASSIGN, case, named)
    assert world.rows(query, case, world.leo.person_id) == [(1,)]


@pytest.mark.parametrize(
    ("carriers", "code", "fits"),
    [
        (2, "nothing_found", False),
        (2, "examined_returned", True),
        (0, "examined_forfeited", False),
        (0, "nothing_found", True),
    ],
)
def test_what_was_seized_fits_what_was_counted(world, carriers, code, fits):
    _, track = world.track("visit_scheduled")
    report = {
        "outcome": "warned_and_search",
        "date": "today",
        "warned": 1,
        "searched": 1,
        "carriers": carriers,
        "cautioned": "yes",
    }
    search = {"search_authority": {"code": "order", "date": "today"}}
    perform(world.lies, Action.RECORD_VISIT, track, {**REPORT, **search, "visit_report": report})
    said = {"seizure": {"code": code, "date": "today"}}
    if fits:
        perform(world.lies, Action.WRITE_RECORD, track, said)
        return
    with pytest.raises(Malformed, match="seizure"):
        perform(world.lies, Action.WRITE_RECORD, track, said)


def first_of(world, who):
    return act(for_lists(world.people[who], Action.SEE_CASE), Action.SEE_CASE, worklist).rows[0]


def test_an_acute_report_ranks_first_with_its_clock_and_its_act_until_somebody_acts(world):
    unsure = world.opened("wim", person={**PERSON, "given_names": "Anders", "family_name": "Onbekend"}, premises=[])
    acute = world.opened("ilse", person={**PERSON, "family_name": "Nu"}, premises=[], acuteness={"code": "yes", "text": WHY})
    track = acute.made["safety"]
    for who, verb in (("vera", "act_acutely"), ("ilse", "act_acutely")):
        rows = act(for_lists(world.people[who], Action.SEE_CASE), Action.SEE_CASE, worklist).rows
        row = next(row for row in rows if row.case_id == acute.made["case"])
        assert (row.is_first, row.clock, str(row.step.way.verb), row.step.is_mine) == (True, "ACUTE_CHECK", verb, True)
    other = next(row for row in rows if row.case_id == unsure.made["case"]) if who == "vera" else None
    assert other is None or str(other.step.way.verb) != "act_acutely"
    with pytest.raises(Malformed, match=r"acute_checked\.yes: excluded"):
        perform(world.vera, Action.START_ASSESSMENT, track, {"acute_checked": {"yes": "no"}})
    perform(world.vera, Action.WRITE_RECORD, track, {"acute_checked": {"yes": "yes"}})
    assert first_of(world, "vera").clock == "ACUTE_CHECK", "that it is acute is no act"
    perform(world.vera, Action.ACT_ACUTELY, track)
    running = "SELECT count(*) FROM casework_deadline WHERE track_id = %s AND clock = 'ACUTE_CHECK' AND met_at IS NULL"
    assert world.rows(running, track) == [(0,)]


def test_why_nobody_knows_whether_it_is_acute_is_kept(world):
    case = world.opened("wim", acuteness={"code": "not_known_yet", "text": "De beller hing op."}).made["case"]
    assert world.rows("SELECT kind, text FROM casework_note WHERE case_id = %s", case) == [
        ("contact_moment", "De beller hing op.")
    ]
    with pytest.raises(Malformed, match=r"acuteness\.text: required"):
        world.opened("wim", person=[], premises=[], acuteness={"code": "yes"})


def test_a_report_about_somebody_who_is_known_is_joined_or_kept_apart_at_every_door(world):
    world.opened("wim")
    with pytest.raises(Malformed, match=r"known_here\.code: required"):
        perform(world.ilse, Action.OPEN_CASE, given={"person": PERSON})
    world.opened("ilse", known_here={"code": "kept_apart", "text": "Een ander met deze naam."})
    assert world.count("casework_case") == 2


def test_a_visit_without_search_is_reported_as_it_was(world):
    _, track = world.track("triage")
    perform(world.dirk, Action.PLAN_VISIT, track, checklist())
    perform(world.lies, Action.SCHEDULE_VISIT, track, PLAN)
    with pytest.raises(Malformed, match="does_not_fit"):
        perform(
            world.lies,
            Action.RECORD_VISIT,
            track,
            {"visit_report": {"outcome": "warned", "date": "today", "warned": 1, "searched": 1, "cautioned": "no"}},
        )


def test_what_is_acute_stands_above_an_older_report_that_nobody_judged(world):
    other = {**PERSON, "given_names": "Anders", "family_name": "Onbekend"}
    unsure = world.opened("ilse", person=other, premises=[], acuteness={"code": "not_known_yet"})
    acute = world.opened("ilse", person={**PERSON, "family_name": "Nu"}, premises=[], acuteness={"code": "yes", "text": WHY})
    rows = act(for_lists(world.vera, Action.SEE_CASE), Action.SEE_CASE, worklist).rows
    assert [row.case_id for row in rows[:2]] == [acute.made["case"], unsure.made["case"]]
    perform(world.vera, Action.WRITE_RECORD, unsure.made["safety"], {"acute_checked": {"yes": "yes"}})
    assert first_of(world, "vera").case_id == unsure.made["case"], "of two that are acute the one that is due first"


@pytest.mark.parametrize("acute", ["yes", "no"])
def test_a_report_that_comes_again_and_is_acute_now_is_checked_anew(world, acute):
    case, _ = world.track("triage")
    handoff = world.delivered(case)
    running = "SELECT met_at IS NULL FROM casework_deadline WHERE clock = 'ACUTE_CHECK' ORDER BY started_at"
    track = world.rows("SELECT id FROM casework_track WHERE kind = 'safety'")[0][0]
    perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, handoff)
    perform(world.vera, Action.WRITE_RECORD, track, {"acute_checked": {"yes": "no"}})
    perform(world.wim, Action.RETURN_HANDOFF, handoff, {"question": {"code": "content", "text": WHY}})
    perform(world.lies, Action.REWORK_HANDOFF, handoff, {"reason": {"code": "content_changed", "text": WHY}})
    world.package(handoff, acute=acute)
    perform(world.karin, Action.CHECK_HANDOFF, handoff)
    perform(world.karin, Action.SEND_HANDOFF, handoff)
    world.work()
    assert world.rows(running) == [(False,), (True,)][: 2 if acute == "yes" else 1]
    if acute == "yes":
        due = world.rows("SELECT due_at - started_at FROM casework_deadline WHERE clock = 'ACUTE_CHECK' AND met_at IS NULL")
        assert due == [(timedelta(hours=1),)]
