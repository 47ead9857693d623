"""What the receivers of something that was corrected are told, and what goes of a package that was not delivered."""

from uuid import UUID

import pytest
from django.db import ProgrammingError, connection

from casework.input.read import Malformed
from casework.selectors import read_record, see_handoff
from casework.worker.carry_out import reconcile
from permissions.acting import act, acting_as
from permissions.vocabulary import Action, Role
from tests.casework.actions.test_corrections import (
    WHY,
    correct,
    differing,
    fact_of,
    person_of,
    place_of,
    renamed,
    running,
    visited,
)
from tests.casework.selectors.test_worklist import list_of
from tests.world import World
from tests.world import perform as do
from workflows.table import Incomplete


def told(world: World, handoff: UUID, who: str = "wim") -> list[tuple[str, tuple[tuple[str, str], ...], str]]:
    """What stands beside the items of a package that somebody reads: its group, what it now is, why that is withheld."""
    page = act(world.people[who], Action.SEE_HANDOFF, lambda: see_handoff(handoff), about=handoff)
    return [(line.group, news.values, news.withheld) for line in page.lines for news in line.told]


def plant(world: World, statement: str) -> None:
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute(statement)
    world.superuser.execute("SET session_replication_role = origin")


def test_the_receiver_of_a_corrected_item_is_told_and_the_package_stays_what_it_was(world: World) -> None:
    case, _ = world.track()
    handoff = world.delivered(case)
    frozen = world.rows("SELECT value FROM casework_packageitem ORDER BY position")
    renamed(world, case)
    assert told(world, handoff) == [], "nothing crosses in the act itself"
    assert running(world, "HANDOFF_CORRECTED") == [True]
    world.work()
    [(group, values, withheld)] = told(world, handoff)
    assert (group, dict(values)["family_name"], withheld) == ("identity", "Verbeterd", "")
    assert world.rows("SELECT value FROM casework_packageitem ORDER BY position") == frozen
    assert (running(world, "HANDOFF_CORRECTED"), running(world, "HANDOFF_NEWS", "wim")) == ([False], [True])
    lines = world.rows("SELECT groups, item_count FROM casework_disclosure WHERE is_correction")
    assert lines == [(["identity"], 1)]
    assert not differing()
    assert reconcile() == []


def test_the_news_stands_on_the_receivers_list_until_something_is_done_with_it(world: World) -> None:
    case, _ = world.track()
    handoff = world.delivered(case)
    do(world.wim, Action.ACKNOWLEDGE_HANDOFF, handoff)
    renamed(world, case)
    world.work()
    [row] = [row for row in list_of(world, "wim") if row.clock == "HANDOFF_NEWS"]
    assert (str(row.step.way.verb), row.step.is_mine, row.step.other) == (
        "correction_handled",
        True,
        "Politie Voorbeeld Oost",
    )
    handled = {"correction_handled": {"handoff": handoff, "code": "record_corrected"}}
    do(world.wim, Action.WRITE_RECORD, case, handled)
    assert not [row for row in list_of(world, "wim") if row.clock == "HANDOFF_NEWS"]
    with pytest.raises(Malformed, match="no_such_news"):
        do(world.wim, Action.WRITE_RECORD, case, handled)


def test_what_was_not_disclosed_is_told_to_nobody(world: World) -> None:
    case, _ = world.track()
    world.delivered(case, items=["household"])
    renamed(world, case)
    assert world.count("casework_correctionnews") == 0
    assert running(world, "HANDOFF_CORRECTED") == []


def test_an_address_that_is_secret_from_now_on_is_told_of_without_what_it_is(world: World) -> None:
    case, _ = world.track()
    handoff = world.delivered(case)
    correct(world, case, premises={"premises": place_of(world, case), "street": "Schuilhof", "is_secret": "yes"})
    world.work()
    assert told(world, handoff) == [("household", (), "kept_secret")]
    assert world.rows("SELECT value FROM casework_correctionnews") == [("",)]


@pytest.mark.parametrize("state", ["prepared", "checked", "sent"])
def test_a_package_that_was_not_delivered_does_not_go_with_what_was_corrected(world: World, state: str) -> None:
    case, _ = world.track()
    handoff = world.package(case)
    if state != "prepared":
        do(world.karin, Action.CHECK_HANDOFF, handoff)
    if state == "sent":
        do(world.karin, Action.SEND_HANDOFF, handoff)
    renamed(world, case)
    if state == "sent":
        world.work()
        reasons = world.rows("SELECT code FROM casework_storedfact WHERE handoff_id = %s", handoff)
        assert reasons == [("limit:corrected",)]
    else:
        step = Action.CHECK_HANDOFF if state == "prepared" else Action.SEND_HANDOFF
        with pytest.raises(Incomplete):
            do(world.karin, step, handoff)
    assert world.rows("SELECT delivered FROM casework_handoff") == [([],)]


def test_a_package_that_is_reworked_takes_what_was_corrected_as_it_is_now(world: World) -> None:
    case, _ = world.track()
    handoff = world.package(case)
    do(world.karin, Action.CHECK_HANDOFF, handoff)
    renamed(world, case)
    page = act(world.lies, Action.SEE_HANDOFF, lambda: see_handoff(handoff), about=handoff)
    assert page.missing == ("corrected",)
    [to_go] = [dict(line.to_go) for line in page.lines if line.to_go]
    assert to_go["family_name"] == "Verbeterd", "its maker sees how it will go"
    do(world.karin, Action.REWORK_HANDOFF, handoff, {"reason": {"code": "content_changed", "text": WHY}})
    do(world.dirk, Action.CHECK_HANDOFF, handoff)
    do(world.karin, Action.SEND_HANDOFF, handoff)
    world.work()
    names = world.rows("SELECT value::json ->> 'family_name' FROM casework_packageitem WHERE package = 2 AND position = 0")
    assert names == [("Verbeterd",)]
    assert world.rows("SELECT family_name FROM casework_personincase WHERE agency_id = %s", world.agency("wim")) == names


def test_an_address_that_is_secret_from_now_on_leaves_a_package_that_was_not_delivered(world: World) -> None:
    case, _ = world.track()
    handoff = world.package(case)
    do(world.karin, Action.CHECK_HANDOFF, handoff)
    correct(world, case, premises={"premises": place_of(world, case), "is_secret": "yes"})
    with pytest.raises(Incomplete):
        do(world.karin, Action.SEND_HANDOFF, handoff)
    do(world.karin, Action.REWORK_HANDOFF, handoff, {"reason": {"code": "content_changed", "text": WHY}})
    groups = world.rows('SELECT "group" FROM casework_packageitem WHERE package = 2')
    assert groups == [("identity",)]


def test_news_asks_the_basis_again_and_is_held_back_until_it_holds_or_is_given_up(world: World) -> None:
    case, _ = world.track()
    handoff = world.delivered(case)
    plant(world, "UPDATE permissions_agency SET is_desk_open = false WHERE name LIKE 'Veilig%'")
    renamed(world, case)
    world.work()
    assert told(world, handoff) == []
    assert world.rows("SELECT code FROM casework_storedfact WHERE handoff_id = %s", handoff) == [("limit:recipient_active",)]
    [row] = [row for row in list_of(world, "lies") if row.clock == "HANDOFF_CORRECTED"]
    assert (str(row.step.way.verb), row.step.is_mine) == ("correction_given_up", True)
    given_up = {"correction_given_up": {"handoff": handoff, "code": "told_another_way", "text": WHY}}
    do(world.lies, Action.WRITE_RECORD, case, given_up)
    assert running(world, "HANDOFF_CORRECTED") == [False]
    plant(world, "UPDATE permissions_agency SET is_desk_open = true")
    world.superuser.execute(
        "UPDATE casework_outbox SET due_at = now() WHERE done_at IS NULL AND task = 'deliver_correction'"
    )
    world.work()
    assert told(world, handoff) == [], "what was given up is told no more"


def test_what_was_given_up_does_not_go_along_with_what_is_corrected_later(world: World) -> None:
    case, _ = world.track()
    handoff = world.delivered(case)
    plant(world, "UPDATE permissions_agency SET is_desk_open = false WHERE name LIKE 'Veilig%'")
    renamed(world, case)
    world.work()
    given_up = {"correction_given_up": {"handoff": handoff, "code": "told_another_way", "text": WHY}}
    do(world.lies, Action.WRITE_RECORD, case, given_up)
    plant(world, "UPDATE permissions_agency SET is_desk_open = true")
    correct(world, case, premises={"premises": place_of(world, case), "street": "Andere straat"})
    world.work()
    assert [group for group, _, _ in told(world, handoff)] == ["household"]


def test_news_that_was_held_back_is_tried_again_by_itself(world: World) -> None:
    case, _ = world.track()
    handoff = world.delivered(case)
    plant(world, "UPDATE permissions_agency SET is_desk_open = false WHERE name LIKE 'Veilig%'")
    renamed(world, case, "Nogmaals")
    world.work()
    plant(world, "UPDATE permissions_agency SET is_desk_open = true")
    world.superuser.execute(
        "UPDATE casework_outbox SET due_at = now() WHERE done_at IS NULL AND task = 'deliver_correction'"
    )
    world.work()
    assert [dict(values)["family_name"] for _, values, _ in told(world, handoff)] == ["Nogmaals"]


def test_news_that_was_held_back_goes_when_it_may(world: World) -> None:
    case, _ = world.track()
    handoff = world.delivered(case)
    plant(world, "UPDATE permissions_agency SET is_desk_open = false WHERE name LIKE 'Veilig%'")
    renamed(world, case)
    world.work()
    plant(world, "UPDATE permissions_agency SET is_desk_open = true")
    renamed(world, case, "Nogmaals")
    world.work()
    assert [dict(values)["family_name"] for _, values, _ in told(world, handoff)] == ["Nogmaals"], "what it is now, once"


def test_a_corrected_note_and_fact_are_told_of_too_also_when_they_were_corrected_before(world: World) -> None:
    case, _ = visited(world, "in_household")
    note = do(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "Het kind was alleen thuis."}})
    handoff = world.delivered(case, items=["concern", "child_check"])
    for text, code in (("Het kind was bij oma.", "contact"), ("Het kind was bij opa.", "in_household")):
        note = do(world.lies, Action.CORRECT_NOTE, case, {"correction": {"note": note.made["note"], "text": text}})
        values = {"fact": fact_of(world, case, "child_check"), "code": code, "text": text}
        correct(world, case, fact=values)
    world.work()
    found = {group: dict(values) for group, values, _ in told(world, handoff)}
    assert found["concern"]["text"] == "Het kind was bij opa."
    assert (found["child_check"]["code"], found["child_check"]["text"]) == ("in_household", "Het kind was bij opa.")


def test_a_note_can_turn_out_to_be_of_another_day_and_kind_and_its_receiver_follows(world: World) -> None:
    case, _ = world.track("triage")
    told_note = {"note": {"kind": "observed_fact", "text": "Het kind was alleen thuis.", "date": "2026-01-05"}}
    note = do(world.lies, Action.ADD_NOTE, case, told_note).made["note"]
    handoff = world.delivered(case, items=["observed_facts"])
    ready = world.package(case, items=["identity", "observed_facts"])
    do(world.karin, Action.CHECK_HANDOFF, ready)

    def corrected(**values: str) -> None:
        nonlocal note
        said = {"note": note, "text": "Het kind was alleen thuis.", **values}
        note = do(world.lies, Action.CORRECT_NOTE, case, {"correction": said}).made["note"]
        world.work()

    corrected(date="2026-01-04")
    (line,) = told(world, handoff)
    assert (line[0], dict(line[1])["date"]) == ("observed_facts", "2026-01-04")
    corrected(kind="hearsay")
    assert told(world, handoff)[0][:2] == ("observed_facts", ()), "who has it is told not to use it"
    with pytest.raises(Incomplete):
        do(world.karin, Action.SEND_HANDOFF, ready)
    do(world.lies, Action.REWORK_HANDOFF, ready, {"reason": {"code": "content_changed", "text": WHY}})
    groups = 'SELECT "group" FROM casework_packageitem WHERE handoff_id = %s AND package = 2'
    assert world.rows(groups, ready) == [("identity",)], "what became hearsay goes no further"
    corrected(kind="concern")
    page = act(world.lies, Action.READ_RECORD, lambda: read_record(case), about=case)
    assert {row.kind for row in page.sections.notes} == {"observed_fact", "hearsay", "concern"}


def test_nobody_at_the_other_end_reads_the_correction_itself(world: World) -> None:
    case, _ = world.track()
    handoff = world.delivered(case)
    do(world.wim, Action.ACKNOWLEDGE_HANDOFF, handoff)
    correct(world, case, person={"person": person_of(world, case), "family_name": "Verbeterd", "explained": WHY})
    world.work()
    page = act(world.wim, Action.READ_RECORD, lambda: read_record(case), about=case)
    assert page.sections.corrections == []
    with (
        pytest.raises(ProgrammingError),
        acting_as(world.wim, Role.CASEWORKER, Action.WRITE_RECORD),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT lock.deliver_news(%s, gen_random_uuid(), now(), '1')", [handoff])


def test_a_note_says_who_wrote_it_and_when(world: World) -> None:
    case, _ = world.track()
    do(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "Een verzonnen zorg."}})
    page = act(world.lies, Action.READ_RECORD, lambda: read_record(case), about=case)
    assert [note.who for note in page.sections.notes] == ["Lies Liaison"]
