"""Who comes second is told who did what when, and loses nothing of what they wrote; page and trail say the same."""

import re

import pytest

from casework.actions.lost_races import DoneBefore
from casework.actions.perform import perform
from casework.facts.first_steps import Stale
from permissions.decision import Missing
from permissions.vocabulary import Action
from tests.world import signed_in

WHY = "Een verzonnen reden die lang genoeg is."
REASON = {"reason": {"code": "other", "text": WHY}}


def version_of(world, handoff):
    return world.rows("SELECT version FROM casework_handoff WHERE id = %s", handoff)[0][0]


def last(world):
    return world.rows("SELECT word, outcome FROM audit_entry WHERE action = 5 ORDER BY id DESC LIMIT 1")[0]


def who_was_first(found):
    assert found.value.first is not None
    return found.value.first.who


def acknowledged(world):
    case, _ = world.track()
    handoff = world.delivered(case)
    perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, handoff)
    return handoff, version_of(world, handoff)


def test_a_colleague_is_named_and_another_agency_is_called_by_its_name(world):
    handoff, seen = acknowledged(world)
    perform(world.vera, Action.REFUSE_HANDOFF, handoff, REASON, version=seen)
    with pytest.raises(Stale) as found:
        perform(world.wim, Action.ACCEPT_HANDOFF, handoff, version=seen)
    first = found.value.first
    assert first is not None
    assert (first.who, first.action, first.state) == ("Vera Beslisser", "refuse_handoff", "refused")
    assert first.words == (("reason", WHY),)
    assert last(world) == ("accept_handoff", "stale")
    with pytest.raises(Stale) as found:
        perform(world.dirk, Action.WITHDRAW_HANDOFF, handoff, REASON, version=seen)
    assert who_was_first(found) == "Veilig Thuis Proefstad"
    assert last(world) == ("withdraw_handoff", "stale")


def test_a_step_that_is_no_longer_possible_is_stale_where_somebody_was_first_and_not_now_where_nobody_was(world):
    _, track = world.track("submitted")
    perform(world.dirk, Action.TAKE_UP, track, version=1)
    with pytest.raises(Stale) as found:
        perform(world.dirk, Action.TAKE_UP, track, version=1)
    assert who_was_first(found) == "Dirk Beslisser"
    assert last(world) == ("take_up", "stale")


def test_both_texts_stand_on_the_page_of_who_came_second(world):
    handoff, seen = acknowledged(world)
    mine = "Een heel ander verzonnen verhaal van wie later kwam."
    perform(world.vera, Action.REFUSE_HANDOFF, handoff, REASON, version=seen)
    answer = signed_in("dirk").post(
        f"/handoffs/{handoff}/withdraw_handoff", {"reason-code": "other", "reason-text": mine, "version": str(seen)}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Veilig Thuis Proefstad was eerder" in page
    assert WHY in page
    assert mine in page
    assert last(world) == ("withdraw_handoff", "stale")


def test_who_was_first_is_said_also_where_the_step_is_no_longer_on_the_page(world):
    _, track = world.track()
    perform(world.lies, Action.SUBMIT, track, version=0)
    answer = signed_in("lies").post(f"/tracks/{track}/submit", {"version": "0"})
    assert answer.status_code == 409
    assert "Lies Liaison was eerder" in answer.content.decode()
    assert last(world) == ("submit", "stale")


def test_who_had_a_package_before_them_is_told_that_it_was_withdrawn_and_nobody_else(world):
    case, _ = world.track()
    handoff = world.delivered(case)
    wim = signed_in("wim")
    version = re.search(
        r'name="version" value="(\d+)"', wim.get(f"/handoffs/{handoff}/acknowledge_handoff").content.decode()
    )
    assert version
    perform(world.lies, Action.WITHDRAW_HANDOFF, handoff, REASON)
    answer = wim.post(f"/handoffs/{handoff}/acknowledge_handoff", {"version": version[1]})
    assert answer.status_code == 409
    assert "Politie Voorbeeld Oost was eerder" in answer.content.decode()
    assert last(world) == ("acknowledge_handoff", "stale")
    for who in ("joke", "wanda"):
        answer = signed_in(who).post(f"/handoffs/{handoff}/acknowledge_handoff", {"version": version[1]})
        assert answer.status_code == 404, who
        assert "was eerder" not in answer.content.decode()


def second(world, who, action, on, given):
    with pytest.raises(DoneBefore) as found:
        perform(world.people[who], action, on, given)
    assert last(world) == (str(action), "notnow")
    return found.value.first


def test_of_two_who_correct_one_note_the_second_is_told_and_nothing_is_stored(world):
    case, _ = world.track()
    note = perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "De eerste tekst."}}).made["note"]
    perform(world.lies, Action.CORRECT_NOTE, case, {"correction": {"note": str(note), "text": "Wat er staat na een keer."}})
    mine = {"correction": {"note": str(note), "text": "Een andere lezing."}}
    first = second(world, "lies", Action.CORRECT_NOTE, case, mine)
    assert (first.who, first.words) == ("Lies Liaison", (("note", "Wat er staat na een keer."),))
    assert world.count("casework_note") == 2


def test_of_two_who_answer_judge_close_or_lift_the_second_is_told(world):
    known = {"role": "minor", "family_name": "Proef", "given_names": "Kim", "birth_date": "2015-05-02"}
    perform(world.wim, Action.OPEN_CASE, given={"person": known})
    asked = {**{name: known[name] for name in ("family_name", "given_names", "birth_date")}, "text": WHY}
    perform(world.lies, Action.CHECK_KNOWN, None, {"known": asked})
    check = world.rows("SELECT id FROM casework_knowncheck")[0][0]
    answer = {"known_answer": {"code": "contact_us", "text": "Bel mij morgen."}}
    perform(world.vera, Action.ANSWER_KNOWN_CHECK, check, answer)
    first = second(world, "vera", Action.ANSWER_KNOWN_CHECK, check, answer)
    assert (first.who, first.state, first.words) == ("Vera Beslisser", "contact_us", (("known_answer", "Bel mij morgen."),))
    finding = perform(world.arie, Action.RAISE_FINDING, None, {"finding": {"person": world.lies.person_id, "text": WHY}}).id
    perform(world.arie, Action.CLOSE_FINDING, finding, {"closing": {"text": "Besproken met haar leiding."}})
    first = second(world, "arie", Action.CLOSE_FINDING, finding, {"closing": {"text": WHY}})
    assert first.words == (("closing", "Besproken met haar leiding."),)
    case, _ = world.track()
    perform(world.saskia, Action.WALL_PERSON, case, {"wall": {"person": world.leo.person_id, "text": WHY}})
    lifting = {"lifting": {"person": world.leo.person_id, "text": WHY}}
    for who in ("saskia", "sjoerd"):
        perform(world.people[who], Action.LIFT_WALL, case, lifting)
    assert second(world, "saskia", Action.LIFT_WALL, case, lifting).state == "lifted"


NOTE = {"note-kind": "concern", "note-text": WHY}


def drawn(who, address):
    """Sign in and have the form drawn; return the browser that holds it."""
    client = signed_in(who)
    assert client.get(address).status_code == 200
    return client


def taken_off(world):
    perform(world.saskia, Action.ASSIGN, world.case, {"assignment": {"person": world.lies.person_id, "remove": "yes"}})


@pytest.fixture
def worked_on(world):
    world.case, world.of_track = world.track()
    return world


def test_who_is_taken_off_a_case_while_typing_is_told_by_whom_and_keeps_the_text(worked_on):
    world = worked_on
    lies = drawn("lies", f"/cases/{world.case}/add_note")
    taken_off(world)
    answer = lies.post(f"/cases/{world.case}/add_note", NOTE)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Saskia" in page
    assert "van deze zaak gehaald" in page
    assert WHY in page
    assert last(world) == ("add_note", "stale")
    assert world.count("casework_note") == 0


def test_who_is_taken_off_a_case_is_told_so_at_a_step_of_its_track(worked_on):
    world = worked_on
    lies = drawn("lies", f"/tracks/{world.of_track}/submit")
    taken_off(world)
    answer = lies.post(f"/tracks/{world.of_track}/submit", {"version": "0"})
    assert (answer.status_code, last(world)) == (409, ("submit", "stale"))
    assert "van deze zaak gehaald" in answer.content.decode()


def test_who_never_had_the_form_or_took_themselves_off_is_told_nothing_and_keeps_the_text(worked_on):
    world = worked_on
    taken_off(world)
    for who in ("lies", "leo", "wanda"):
        answer = signed_in(who).post(f"/cases/{world.case}/add_note", NOTE)
        assert answer.status_code in {403, 404}, who
        assert "gehaald" not in answer.content.decode()
        assert WHY in answer.content.decode()
        assert last(world) == ("add_note", "refused")


def test_of_a_wall_nothing_is_told_but_the_text_stays(worked_on):
    world = worked_on
    lies = drawn("lies", f"/cases/{world.case}/add_note")
    taken_off(world)
    perform(world.saskia, Action.WALL_PERSON, world.case, {"wall": {"person": world.lies.person_id, "text": WHY}})
    answer = lies.post(f"/cases/{world.case}/add_note", NOTE)
    assert answer.status_code == 404
    assert "gehaald" not in answer.content.decode()
    assert WHY in answer.content.decode()
    with pytest.raises(Missing):
        perform(world.lies, Action.SUBMIT, world.of_track, version=5, drawn=True)
    assert last(world)[1] == "refused"


def test_who_is_taken_off_is_told_so_also_where_the_form_has_a_mistake(worked_on):
    world = worked_on
    lies = drawn("lies", f"/cases/{world.case}/add_note")
    taken_off(world)
    answer = lies.post(f"/cases/{world.case}/add_note", {"note-text": WHY})
    assert answer.status_code == 409
    assert "van deze zaak gehaald" in answer.content.decode()
    assert WHY in answer.content.decode()


def test_who_could_not_do_it_anyway_is_refused_as_before(worked_on):
    world = worked_on
    lies = drawn("lies", f"/cases/{world.case}/add_note")
    taken_off(world)
    answer = lies.post(f"/cases/{world.case}/assign", {"assignment-person": str(world.leo.person_id)})
    assert (answer.status_code, last(world)) == (404, ("assign", "refused"))


def test_who_comes_second_with_a_mistake_in_the_form_is_told_who_was_first(world):
    _, track = world.track("visit_scheduled")
    dirk = signed_in("dirk")
    seen = re.search(r'name="version" value="(\d+)"', dirk.get(f"/tracks/{track}/escalate").content.decode())
    assert seen
    perform(world.dirk, Action.ESCALATE, track, REASON)
    answer = dirk.post(f"/tracks/{track}/escalate", {"version": seen[1], "reason-text": WHY})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Dirk Beslisser was eerder" in page
    assert WHY in page


def test_of_two_who_correct_on_their_pages_the_second_is_told_and_both_texts_stay(world):
    case, _ = world.track()
    person = world.rows("SELECT id FROM casework_personincase")[0][0]
    lies = signed_in("lies")
    page = lies.get(f"/cases/{case}/write_record?open=person_correction").content.decode()
    seen = re.search(r'name="version" value="(\d+)"', page)
    assert seen, "the page says how many corrections were seen"

    def correct(client, name, version):
        said = {"person": str(person), "family_name": name, "why": "mistyped"}
        form = {f"person_correction-{column}": value for column, value in said.items()}
        return client.post(f"/cases/{case}/write_record", {**form, "version": version})

    assert correct(signed_in("lies"), "Eerder", seen[1]).status_code == 302
    answer = correct(lies, "Later", seen[1])
    said = answer.content.decode()
    assert (answer.status_code, last(world)) == (422, ("write_record", "stale"))
    assert "Lies Liaison was eerder" in said
    assert "Eerder" in said
    assert "Later" in said
    assert world.rows("SELECT family_name FROM casework_personincase") == [("Eerder",)]
