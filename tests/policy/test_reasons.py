"""Every no is a code with its words: in both languages, and the same on a page, at the prompt and on the trail."""

import html
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import RequestFactory
from django.utils import translation

from casework.input.wording import cause_in_words, reason_in_words
from casework.worker.carry_out import run_due
from permissions.acting import act, scenario_moment
from permissions.decision import Actor, Missing, Refused, Relation, decide
from permissions.grid import Cell
from permissions.reasons import CELLS, SAID, Reason, Rule
from permissions.services import NewPerson, install
from permissions.vocabulary import Action, Role
from tests.world import AGENCIES, PASSWORD, PERSON, PLAN, REPORT, World, checklist, perform, signed_in
from web.views.errors import refused
from workflows.causes import SAID as CAUSES_SAID
from workflows.causes import Cause

MONDAY = datetime(2027, 1, 4, 9, tzinfo=UTC)
WHY = "Dit staat hier met een reden van genoeg tekens."
ANSWER = {"prior_warning_answer": {"code": "other_person_after_all", "text": WHY}}


@pytest.fixture
def clock():
    """A scenario's clock that stands at a Monday when the test begins."""
    token = scenario_moment.set(MONDAY)
    yield scenario_moment.set
    scenario_moment.reset(token)


def joined(world: World, at: int, *roles: Role) -> Actor:
    """Somebody with these roles, in one of the agencies of the world."""
    new = NewPerson("nadia", "Nadia Nieuw", AGENCIES[at].name, roles, PASSWORD)
    return install([], [new], MONDAY - timedelta(days=1))["nadia"]


def one(world: World, query: str, *values: object) -> Any:
    return world.rows(query, *values)[0][0]


def emergency(world: World, case: UUID, who: Actor) -> UUID:
    called = one(world, "SELECT reference FROM casework_participation WHERE content_object_id = %s", case)
    asked = {"emergency": {"reference": called, "code": "child_at_risk_now", "text": WHY}}
    made = perform(who, Action.ASK_EMERGENCY, None, asked).id
    assert made
    return made


def finding(world: World) -> UUID:
    """A finding about the auditor of the police, raised by another."""
    about = {"finding": {"person": world.arie.person_id, "text": WHY}}
    made = perform(joined(world, 0, Role.AUDITOR), Action.RAISE_FINDING, None, about).id
    assert made
    return made


def delivered(world: World) -> UUID:
    """A handoff of the police that arrived at Veilig Thuis, on the clock of the scenario."""
    handoff = world.sent(world.track()[0])
    run_due(scenario_moment.get() or MONDAY, on_scenario_clock=True)
    return handoff


def outside_the_cell(world: World) -> None:
    perform(world.vera, Action.SEND_HANDOFF, delivered(world))


def no_cell(world: World) -> None:
    perform(world.lies, Action.TAKE_UP, world.track("submitted")[1])


def no_records(world: World) -> None:
    otto = joined(world, 4, Role.CASEWORKER)
    perform(otto, Action.OPEN_CASE, given={"person": PERSON})


def lock(world: World) -> None:
    _, track = world.track()

    def remove() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT lock.remove_people(%s)", [track])

    act(world.lies, Action.WRITE_RECORD, remove)


def identity(world: World) -> None:
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute(
        "UPDATE permissions_membership SET ends_at = starts_at WHERE user_id = %s", [world.lies.person_id]
    )
    world.superuser.execute("SET session_replication_role = origin")
    perform(world.lies, Action.OPEN_CASE, given={"person": PERSON})


def out_of_reach(world: World) -> None:
    perform(world.wim, Action.ADD_NOTE, world.track()[0], {"note": {"kind": "concern", "text": WHY}})


def not_about_oneself(world: World) -> None:
    leaving = {"code": "other_employer", "text": "Ik vertrek zelf en regel dat alvast."}
    perform(world.bea, Action.MANAGE_PEOPLE, world.bea.membership_id, {"leaving": leaving})


def not_to_oneself(world: World) -> None:
    perform(world.saskia, Action.ASSIGN, world.track()[0], {"assignment": {"person": world.saskia.person_id}})


def four_eyes(world: World) -> None:
    _, track = world.track("visit_planned")
    perform(world.dirk, Action.ASK_APPROVAL, track, {"approval": {"action": "close_unwarned", "text": WHY}})
    perform(world.dirk, Action.APPROVE, track)


def not_by_asker(world: World) -> None:
    asked = {"members": [world.agency("wim")], "groups": ["identity"], "citation": "Convenant", "since": "2026-01-01"}
    made = perform(world.bea, Action.MANAGE_AGREEMENTS, None, {"partnership": asked}).id
    perform(world.bea, Action.MANAGE_AGREEMENTS, made)


def second_person(world: World) -> None:
    case, _ = world.track()
    perform(world.saskia, Action.WALL_PERSON, case, {"wall": {"person": world.lies.person_id, "text": WHY}})
    for _ in range(2):
        perform(world.saskia, Action.LIFT_WALL, case, {"lifting": {"person": world.lies.person_id, "text": WHY}})


def not_by_user(world: World) -> None:
    nadia = joined(world, 0, Role.POLICE_LIAISON, Role.SUPERVISOR)
    asked = emergency(world, world.track()[0], nadia)
    perform(nadia, Action.REVIEW_EMERGENCY, asked, {"verdict": {"code": "justified", "text": WHY}})


def raised_by_another(world: World) -> None:
    perform(world.arie, Action.RAISE_FINDING, None, {"finding": {"person": world.arie.person_id, "text": WHY}})


def not_by_concerned(world: World) -> None:
    perform(world.arie, Action.CLOSE_FINDING, finding(world), {"closing": {"text": WHY}})


def reviewed_by_another(world: World) -> None:
    said = {"since": "gisteren", "until": "vandaag", "person": world.arie.person_id, "text": WHY}
    perform(world.arie, Action.SIGN_OFF_REVIEW, None, {"sign_off": said})


def of_a_step(world: World) -> None:
    case, _ = world.track("visit_planned")
    fact = str(one(world, "SELECT id FROM casework_storedfact WHERE fact = 'prosecutor_approval'"))
    changed = {"fact": fact, "why": "mistyped", "name": "Officier Anders"}
    perform(world.lies, Action.WRITE_RECORD, case, {"fact_correction": changed})


def by_deciders(world: World) -> None:
    perform(world.lies, Action.WRITE_RECORD, world.track("visit_planned")[0], ANSWER)


def not_by_submitter(world: World) -> None:
    track = perform(world.wanda, Action.OPEN_CASE, given={"person": PERSON}).made["warning"]
    perform(world.wanda, Action.SUBMIT, track)
    perform(world.wanda, Action.TAKE_UP, track)


def behind_wall(world: World) -> None:
    case, _ = world.track()
    perform(world.saskia, Action.WALL_PERSON, case, {"wall": {"person": world.leo.person_id, "text": WHY}})
    perform(world.saskia, Action.ASSIGN, case, {"assignment": {"person": world.leo.person_id}})


REFUSED: dict[Rule, Callable[[World], None]] = {
    Rule.OUTSIDE_CELL: outside_the_cell,
    Rule.NO_CELL: no_cell,
    Rule.NO_RECORDS: no_records,
    Rule.LOCK: lock,
    Rule.IDENTITY: identity,
    Rule.OUT_OF_REACH: out_of_reach,
    Rule.NOT_TO_ONESELF: not_to_oneself,
    Rule.NOT_ABOUT_ONESELF: not_about_oneself,
    Rule.FOUR_EYES: four_eyes,
    Rule.NOT_BY_ASKER: not_by_asker,
    Rule.SECOND_PERSON: second_person,
    Rule.NOT_BY_USER: not_by_user,
    Rule.RAISED_BY_ANOTHER: raised_by_another,
    Rule.NOT_BY_CONCERNED: not_by_concerned,
    Rule.REVIEWED_BY_ANOTHER: reviewed_by_another,
    Rule.OF_A_STEP: of_a_step,
    Rule.BY_DECIDERS: by_deciders,
    Rule.NOT_BY_SUBMITTER: not_by_submitter,
    Rule.BEHIND_WALL: behind_wall,
}
"""An act for every rule by which an act is refused."""
DECIDED = {
    Rule.WALL: Relation(walled=True),
    Rule.NEVER: Relation(),
    Rule.EMERGENCY: Relation(emergency=True),
    Rule.CELL: Relation(in_case=True),
}
"""Rules that allow, or by which an explanation alone says no: whoever stands behind a wall finds nothing there."""


def test_there_is_an_act_or_an_explanation_for_every_rule():
    assert {*REFUSED, *DECIDED} == {*Rule}
    assert not {*REFUSED} & {*DECIDED}


@pytest.mark.parametrize("rule", REFUSED)
def test_a_refusal_carries_the_rule_that_says_no_and_the_trail_holds_its_words(world, clock, rule):
    with pytest.raises(Refused) as found:
        REFUSED[rule](world)
    reason = found.value.reason
    assert reason.rule is rule
    assert str(found.value) == str(reason)
    last = "SELECT additional_data ->> 'why' FROM audit_entry WHERE outcome = 'refused' ORDER BY id DESC LIMIT 1"
    assert one(world, last) == str(reason)
    assert rule is not Rule.OUT_OF_REACH or isinstance(found.value, Missing)


@pytest.mark.parametrize("rule", DECIDED)
def test_a_decision_carries_the_rule_and_the_cell_that_it_rests_on(rule):
    role = Role.AUDITOR if rule is Rule.NEVER else Role.TRIAGE_DECIDER
    reason = decide(role, Action.READ_RECORD, DECIDED[rule], MONDAY).reason
    cell = {Rule.WALL: None, Rule.NEVER: Cell.NEVER}.get(rule, Cell.OWN)
    assert reason == Reason(rule, Action.READ_RECORD, role, cell)


def changed(world: World) -> None:
    done = world.opened()
    case, track = done.made["case"], done.made["warning"]
    steps: tuple[tuple[Actor, Action, dict[str, Any]], ...] = (
        (world.lies, Action.SUBMIT, {}),
        (world.dirk, Action.TAKE_UP, {}),
        (world.dirk, Action.PLAN_VISIT, checklist()),
        (world.lies, Action.SCHEDULE_VISIT, PLAN),
        (world.lies, Action.RECORD_VISIT, {**REPORT, "child_check": {"code": "in_household"}}),
    )
    for who, action, given in steps:
        perform(who, action, track, given)
    perform(world.lies, Action.WRITE_RECORD, case, {"no_concern_report": {"text": WHY}})
    perform(world.lies, Action.ASK_APPROVAL, track, {"approval": {"action": "no_concern_report", "text": WHY}})
    perform(world.lies, Action.WRITE_RECORD, case, {"no_concern_report": {"text": f"{WHY} En nog iets."}})
    perform(world.dirk, Action.APPROVE, track)


def language_of(text: str, language: str) -> str:
    with translation.override(language):
        return translation.gettext(text)


@pytest.mark.parametrize("sentences", [SAID, CAUSES_SAID, CELLS])
def test_every_code_has_words_of_its_own_in_both_languages(sentences):
    kind = type(next(iter(sentences)))
    assert {*sentences} == set(kind.__members__.values())
    for language in ("en", "nl"):
        assert len({language_of(text, language) for text in sentences.values()}) == len(sentences)
    for text in sentences.values():
        assert language_of(text, "en") == text
        dutch = language_of(text, "nl")
        assert dutch != text
        assert re.findall(r"%\(\w+\)s", dutch) == re.findall(r"%\(\w+\)s", text)


def test_words_hold_no_code_of_ours():
    for language in ("en", "nl"):
        with translation.override(language):
            for rule in Rule:
                said = reason_in_words(Reason(rule, Action.READ_RECORD, Role.TRIAGE_DECIDER, Cell.NAMED_END, "handoff"))
                assert not re.search(r"[a-z]_[a-z]|%|None", said), said
                assert said[0].isupper()
                assert said.endswith(".")
            assert all(cause_in_words(cause).endswith(".") for cause in Cause)


def page_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def test_the_page_the_explanation_and_the_prompt_say_the_same_of_one_refused_act(world):
    case, _ = world.track()
    handoff = world.delivered(case)
    answer = signed_in("vera").post(f"/handoffs/{handoff}/send_handoff", {})
    assert answer.status_code == 403
    reason = Reason(Rule.OUTSIDE_CELL, Action.SEND_HANDOFF, Role.TRIAGE_DECIDER, Cell.SENDER)
    with translation.override("nl"):
        said = reason_in_words(reason)
        out = StringIO()
        call_command("explain_access", "vera", str(case), "--json", stdout=out)
    assert said in page_of(answer)
    told = json.loads(out.getvalue())[0]["actions"]["send_handoff"]
    assert {key: told[key] for key in ("may", "code", "cell", "rule", "words")} == {
        "may": False,
        "code": "outside_cell",
        "cell": "sender",
        "rule": str(reason),
        "words": said,
    }
    assert one(world, "SELECT additional_data ->> 'why' FROM audit_entry WHERE outcome = 'refused'") == str(reason)


def test_the_page_and_the_prompt_explain_in_the_same_words(world):
    case, _ = world.track()
    called = one(world, "SELECT reference FROM casework_participation")
    page = page_of(signed_in("bea").get(f"/explain-access?case={called}"))
    with translation.override("nl"):
        for rule, cell in ((Rule.CELL, Cell.NAMED), (Rule.OUTSIDE_CELL, Cell.NAMED)):
            said = reason_in_words(Reason(rule, Action.READ_RECORD, Role.POLICE_LIAISON, cell))
            assert said in page
            who, out = {Rule.CELL: "lies", Rule.OUTSIDE_CELL: "leo"}[rule], StringIO()
            call_command("explain_access", who, str(case), stdout=out)
            assert said in out.getvalue()


@pytest.mark.parametrize("rule", Rule)
def test_what_would_tell_of_a_wall_or_of_the_lock_stands_on_no_page_of_a_refusal(rule):
    hidden = {Rule.WALL, Rule.LOCK, Rule.IDENTITY, Rule.OUT_OF_REACH}
    reason = Reason(rule, Action.READ_RECORD, Role.TRIAGE_DECIDER, Cell.OWN, "handoff")
    answer = refused(RequestFactory().get("/"), reason)
    assert answer.status_code == 403
    assert (reason_in_words(reason) in page_of(answer)) is (rule not in hidden)


def test_who_stands_behind_a_wall_finds_what_anybody_finds_where_there_is_nothing(world):
    case, _ = world.track()
    perform(world.saskia, Action.WALL_PERSON, case, {"wall": {"person": world.lies.person_id, "text": WHY}})
    client = signed_in("lies")
    walled, absent = (client.get(f"/cases/{one_id}") for one_id in (case, UUID(int=7)))
    assert (walled.status_code, absent.status_code) == (404, 404)
    with translation.override("nl"):
        wall = reason_in_words(Reason(Rule.WALL))
    assert wall not in page_of(walled)
