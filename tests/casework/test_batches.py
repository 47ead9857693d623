"""A plan of many visits is one act: all of it or nothing, and a dry run says exactly what the run would say."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from casework.inputs import Malformed
from casework.lost_races import Stale
from casework.services import Asked, perform, perform_all
from permissions.decision import Refused
from permissions.vocabulary import Action
from tests.web.test_kept_text import fields_of
from tests.world import PLAN, signed_in
from workflows.table import Incomplete, NotNow

SOON = (date.today() + timedelta(days=3)).isoformat()  # noqa: DTZ011 - any day to come
ALONE = {"visit_plan": {**PLAN["visit_plan"], "officers": ["Agent Een"]}}


def tracks(world, number=3):
    return [world.track("visit_planned")[1] for _ in range(number)]


def counts(world):
    return [world.count(f"casework_{name}") for name in ("visit", "steptaken", "operation", "deadline", "outbox")]


def last_tries(world, number):
    rows = world.rows("SELECT word, outcome FROM audit_entry ORDER BY id DESC LIMIT %s", number)
    return sorted(rows)


def test_all_of_a_plan_is_done_in_one_transaction_under_one_operation(world):
    asked = [Asked(track, PLAN) for track in tracks(world)]
    assert perform_all(world.lies, Action.SCHEDULE_VISIT, asked) == [None] * 3
    assert world.count("casework_visit") == 3
    query = "SELECT count(DISTINCT cid), count(*) FROM audit_entry WHERE word = 'schedule_visit' AND verb = 'alter'"
    operations, entries = world.rows(query)[0]
    assert (operations, entries >= 3) == (1, True), "one act, and every step has its entry"
    assert world.rows("SELECT count(*) FROM casework_steptaken WHERE action = 'schedule_visit'") == [(3,)]


def test_one_line_that_is_not_good_leaves_all_undone_and_says_which(world):
    good, other, third = tracks(world)
    perform(world.lies, Action.RECORD_ATTEMPT, _planned(world, third), {})
    before = counts(world)
    asked = [Asked(good, PLAN), Asked(other, ALONE), Asked(uuid4(), PLAN)]
    problems = perform_all(world.lies, Action.SCHEDULE_VISIT, asked)
    assert [type(problem) for problem in problems] == [type(None), Incomplete, problems[2].__class__]
    assert isinstance(problems[2], Refused)
    assert counts(world) == before
    assert last_tries(world, 2) == [("schedule_visit", "incomplete"), ("schedule_visit", "refused")]


def _planned(world, track):
    perform(world.lies, Action.SCHEDULE_VISIT, track, PLAN)
    return track


@pytest.mark.parametrize("spoil", ["nothing", "one officer", "another state", "another version", "hidden"])
def test_a_dry_run_answers_what_the_run_answers_and_changes_nothing(world, spoil):
    good, other = tracks(world, 2)
    content, version = (ALONE if spoil == "one officer" else PLAN), None
    if spoil == "another state":
        other = world.track("draft")[1]
    if spoil == "another version":
        version = 0
    if spoil == "hidden":
        other = uuid4()
    asked = [Asked(good, PLAN), Asked(other, content, version)]
    before = counts(world)
    tried = perform_all(world.lies, Action.SCHEDULE_VISIT, asked, dry=True)
    assert counts(world) == before
    assert last_tries(world, 1) == [("schedule_visit", "tried")]
    done = perform_all(world.lies, Action.SCHEDULE_VISIT, asked)
    assert [(type(problem), str(problem)) for problem in tried] == [(type(problem), str(problem)) for problem in done]
    kinds = {
        "nothing": type(None),
        "one officer": Incomplete,
        "another state": NotNow,
        "another version": Stale,
        "hidden": Refused,
    }
    assert isinstance(tried[1], kinds[spoil])
    assert (counts(world) != before) == (spoil == "nothing")


def test_a_case_named_twice_in_one_plan_is_refused(world):
    first, other = tracks(world, 2)
    problems = perform_all(world.lies, Action.SCHEDULE_VISIT, [Asked(first, PLAN), Asked(other, PLAN), Asked(first, PLAN)])
    assert [getattr(problem, "why", "") for problem in problems] == ["named_twice", "", "named_twice"]
    assert world.count("casework_visit") == 0


def test_a_repeated_plan_has_one_effect_and_another_under_its_operation_is_refused(world):
    asked, operation = [Asked(track, PLAN) for track in tracks(world, 2)], uuid4()
    for _ in range(2):
        assert perform_all(world.lies, Action.SCHEDULE_VISIT, asked, operation=operation) == [None, None]
    assert world.rows("SELECT count(*) FROM casework_steptaken WHERE action = 'schedule_visit'") == [(2,)]
    with pytest.raises(Malformed, match="operation_reused"):
        perform_all(world.lies, Action.SCHEDULE_VISIT, asked[:1], operation=operation)


def line(world, track, officers="Agent Een|Agent Twee"):
    query = (
        "SELECT r.reference FROM casework_ruling r JOIN casework_track t ON t.case_id = r.content_object_id WHERE t.id = %s"
    )
    return f"{world.rows(query, track)[0][0]};{SOON};{officers};Rustig;Bij gezin;Samen"


def test_the_page_plans_only_the_good_ones_when_they_were_seen_and_keeps_the_others(world):
    first, other, third = tracks(world)
    lines = "\n".join([line(world, first), line(world, other, "Agent Een"), line(world, third)])
    client = signed_in("lies")
    page = client.get("/visit-plan").content.decode()
    tried = client.post("/visit-plan", {**fields_of(page), "lines": lines, "do": "try"}).content.decode()
    assert world.count("casework_visit") == 0
    assert "Alleen de goede plannen" in tried
    whole = client.post("/visit-plan", {**fields_of(tried), "lines": lines, "do": "plan"})
    assert whole.status_code == 422
    assert world.count("casework_visit") == 0, "all or nothing"
    form = fields_of(tried)
    assert form["good"].strip().split("\n") == [line(world, first), line(world, third)]
    done = client.post("/visit-plan", {**form, "do": "good"})
    assert world.count("casework_visit") == 2
    assert fields_of(done.content.decode())["lines"].strip() == line(world, other, "Agent Een"), (
        "what was not planned stands"
    )
    client.post("/visit-plan", {**form, "do": "good"})
    assert world.rows("SELECT count(*) FROM casework_steptaken WHERE action = 'schedule_visit'") == [(2,)]


def test_the_page_tells_of_a_case_that_stands_twice(world):
    (first,) = tracks(world, 1)
    lines = "\n".join([line(world, first), line(world, first)])
    answer = signed_in("lies").post("/visit-plan", {"lines": lines, "do": "plan"})
    assert answer.status_code == 422
    assert "twee keer in het plan" in answer.content.decode()
    assert world.count("casework_visit") == 0
