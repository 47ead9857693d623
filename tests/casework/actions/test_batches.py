"""A plan of many visits is one act: all of it or nothing, and a dry run says exactly what the run would say."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from casework.actions.batches import Asked, perform_all
from casework.actions.perform import perform
from casework.facts.first_steps import Stale
from casework.input.read import Malformed
from casework.selectors import worklists
from permissions.acting import acting_as
from permissions.decision import Refused
from permissions.vocabulary import Action, Role
from tests.web.test_kept_text import fields_of
from tests.world import PLAN, PREMISES, REPORT, checklist, signed_in
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
    query = """SELECT r.reference FROM casework_participation r JOIN casework_track t ON t.case_id = r.content_object_id
      WHERE t.id = %s"""
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


def test_a_plan_of_too_many_lines_is_one_complaint_and_nothing_of_it_is_planned_or_gone(world):
    (track,) = tracks(world, 1)
    lines = "\n".join([*(f"2026-{number:06x};{SOON};A|B;R;G;S" for number in range(500)), line(world, track)])
    client = signed_in("lies")
    form = fields_of(client.get("/visit-plan").content.decode())
    for does in ("try", "plan"):
        answer = client.post("/visit-plan", {**form, "lines": lines, "do": does})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Dit zijn 1 regels te veel: een plan heeft er hoogstens 500." in page
        assert fields_of(page)["lines"].strip() == lines
    assert world.count("casework_visit") == 0


@pytest.mark.parametrize("heading", ["kenmerk", "Zaak", "referentie", "case", '"Zaaknummer"'])
def test_the_good_ones_are_offered_whatever_heading_stands_over_them(world, heading):
    good, other = tracks(world, 2)
    lines = "\n".join([f"{heading};datum;wie;betrokkene;gezin;team", line(world, good), line(world, other, "Agent Een")])
    client = signed_in("lies")
    form = fields_of(client.get("/visit-plan").content.decode())
    tried = fields_of(client.post("/visit-plan", {**form, "lines": lines, "do": "try"}).content.decode())
    assert tried["good"].strip() == line(world, good)


WORDS = {"subject": "Rustig", "family": "Bij gezin", "team": "Samen"}


def test_a_date_in_the_table_for_a_visit_that_is_gone_is_a_bad_row_and_its_text_stays(world):
    mine, gone = tracks(world, 2)
    client = signed_in("lies")
    page = fields_of(client.get("/visit-plan").content.decode())
    perform(world.lies, Action.SCHEDULE_VISIT, gone, PLAN)
    perform(world.lies, Action.RECORD_VISIT, gone, REPORT)
    typed = {f"date-{gone}": SOON, f"officers-{gone}": "Agent Tien, Agent Elf"}
    form = {**page, **typed, **WORDS, f"date-{mine}": SOON, f"officers-{mine}": "Agent Een, Agent Twee", "do": "grid"}
    answer = client.post("/visit-plan", form)
    said = answer.content.decode()
    assert answer.status_code == 422
    assert line(world, gone).split(";")[0] in said
    assert "net gewijzigd" in said
    assert "Agent Tien, Agent Elf" in said
    assert f'name="date-{gone}" value="{SOON}"' in said
    assert world.count("casework_visit") == 1, "the one that was recorded, and no other"


def test_a_date_in_the_table_is_planned_also_when_its_visit_stands_on_the_next_page_now(world, monkeypatch):
    first, moved = tracks(world, 2)
    client = signed_in("lies")
    page = fields_of(client.get("/visit-plan").content.decode())
    monkeypatch.setattr(worklists, "PLANNED", 1)
    form = {**page, **WORDS, "do": "grid"}
    for track in (first, moved):
        form |= {f"date-{track}": SOON, f"officers-{track}": "Agent Een, Agent Twee"}
    assert client.post("/visit-plan", form).status_code == 302
    assert world.count("casework_visit") == 2


def test_who_saw_a_case_is_told_of_the_plan_and_of_the_follow_up_work(world):
    case, _ = world.track("visit_planned")
    later, _ = world.track("follow_up")
    client = signed_in("lies")
    client.get("/visit-plan")
    client.get("/follow-ups")
    query = "SELECT additional_data -> 'cases' FROM audit_entry WHERE word = %s ORDER BY id DESC LIMIT 1"
    assert world.rows(query, "visit_plan")[0][0] == [str(case)]
    assert world.rows(query, "follow_ups")[0][0] == [str(later)]


@pytest.mark.parametrize(
    ("premises", "said"),
    [
        ({"postcode": "8011AB", "town": "Voorbeeldstad"}, "8011AB Voorbeeldstad"),
        ({"postcode": "", "town": "Voorbeeldstad"}, "Voorbeeldstad"),
    ],
)
def test_the_plan_says_where_a_visit_goes_as_an_address_is_written(world, premises, said):
    made = world.opened(premises={**PREMISES, **premises}).made
    perform(world.lies, Action.SUBMIT, made["warning"])
    perform(world.dirk, Action.TAKE_UP, made["warning"])
    perform(world.dirk, Action.PLAN_VISIT, made["warning"], checklist())
    with acting_as(world.lies, Role.POLICE_LIAISON, Action.SCHEDULE_VISIT):
        ((visit,), _) = worklists.plannable_visits()
    assert visit.place == said
