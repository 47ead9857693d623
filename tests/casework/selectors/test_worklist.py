"""Whatever waits for a person stands on that person's list, with its own row: kind by kind."""

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from casework.actions.perform import perform
from casework.selectors import received, worklist
from permissions.acting import act
from permissions.decision import for_lists, roles_for
from permissions.services import NewPerson, install
from permissions.vocabulary import Action, Role
from tests.casework.oversight.test_emergencies import asked
from tests.policy.test_revoking import behind_the_back
from tests.world import AGENCIES, PASSWORD, PERSON, REPORT, signed_in
from web.views.cases import WORKLISTS

WHY = "Een verzonnen reden van genoeg tekens om te bewaren."
REASON = {"reason": {"code": "other", "text": WHY}}


def list_of(world, who, **asks):
    """Everything on the worklist of a person, page by page, in the role that sees most."""
    actor = for_lists(world.people[who], Action.SEE_CASE)
    action = next(action for action in WORKLISTS if roles_for(actor, action))
    found: list[Any] = []
    after = None
    while True:
        page = act(actor, action, partial(worklist, after=after, **asks))
        found += page.rows
        after = page.following
        if after is None:
            return found


def said(rows):
    return [(row.kind, str(row.step.way.verb), row.step.is_mine) for row in rows]


def verbs(world, who, kind="", **asks):
    return [str(row.step.way.verb) for row in list_of(world, who, **asks) if row.step.is_mine and kind in {"", row.kind}]


def test_the_next_step_of_a_track_stands_with_who_may_take_it(world):
    case, track = world.track("submitted")
    assert said(list_of(world, "dirk")) == [("term", "take_up", True)]
    mine = list_of(world, "lies")
    assert said(mine) == [("term", "take_up", False)], "who submitted sees whose turn it is, and may not take it up"
    assert mine[0].step.roles == ("triage_decider",)
    row = list_of(world, "dirk")[0]
    assert (row.case_id, row.step.way.path) == (case, f"/tracks/{track}/take_up")
    assert (row.case.holders, row.case.who.family_name) == (("Lies Liaison",), PERSON["family_name"])
    assert not list_of(world, "wanda"), "another unit sees none of it"


def test_a_handoff_stands_at_the_end_whose_turn_it_is_from_making_to_start(world):
    case, _ = world.track("triage")
    handoff = world.package(case)
    turns = [("karin", "check_handoff"), ("lies", "send_handoff")]
    for who, verb in turns:
        assert verb in verbs(world, who), verb
        perform(world.people["karin" if verb == "check_handoff" else who], Action(verb), handoff)
    assert "check_handoff" not in verbs(world, "lies"), "who made it does not check it"
    world.work()
    for who in ("wim", "vera", "ilse"):
        assert "acknowledge_handoff" in verbs(world, who), f"nobody is named: {who} may acknowledge"
    assert [row.step.waits_for for row in list_of(world, "lies", waiting_for_others=True)] == ["Veilig Thuis Proefstad"]
    perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, handoff)
    assert "accept_handoff" in verbs(world, "wim")
    perform(world.wim, Action.RETURN_HANDOFF, handoff, {"question": {"code": "content", "text": WHY}})
    assert "rework_handoff" in verbs(world, "lies"), "a question that came back is work of the sender"
    assert [row.step.waits_for for row in list_of(world, "wim", waiting_for_others=True)] == ["Politie Voorbeeld Oost"]
    perform(world.lies, Action.REWORK_HANDOFF, handoff, REASON)
    perform(world.karin, Action.CHECK_HANDOFF, handoff)
    perform(world.lies, Action.SEND_HANDOFF, handoff)
    world.work()
    perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, handoff)
    perform(world.wim, Action.ACCEPT_HANDOFF, handoff)
    assert "start_work" in verbs(world, "wim")


def test_an_acute_package_stands_first_on_the_list_and_the_desk_also_when_it_went_back_with_a_question(world):
    for _ in range(3):
        world.delivered(world.track("triage")[0])
    case, _ = world.track("triage")
    acute = world.delivered(case, acute="yes")
    for who in ("wim", "vera"):
        assert list_of(world, who)[0].about_id in {acute, *(row.about_id for row in list_of(world, who)[:4])}
        assert acute in [row.about_id for row in list_of(world, who) if row.is_first]
    assert list_of(world, "wim")[0].about_id == acute
    perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, acute)
    perform(world.wim, Action.RETURN_HANDOFF, acute, {"question": {"code": "content", "text": WHY}})
    assert acute in [row.about_id for row in list_of(world, "wim") if row.is_first]
    rows, _ = act(world.wim, Action.ACKNOWLEDGE_HANDOFF, received)
    assert rows[0].pk == acute


def test_a_refused_acute_report_still_stands_first_at_the_receiver_as_its_own_report(world):
    case, _ = world.track("triage")
    acute = world.delivered(case, acute="yes")
    perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, acute)
    perform(world.vera, Action.REFUSE_HANDOFF, acute, REASON)
    first = list_of(world, "vera")[0]
    assert (first.is_first, first.clock, first.step.subject) == (True, "ACUTE_CHECK", "safety")


def test_what_was_asked_to_approve_stands_with_who_may_never_with_who_asked_or_edited_last(world):
    case, track = world.track("visit_planned")
    perform(world.dirk, Action.ASK_APPROVAL, track, {"approval": {"action": "close_unwarned", "text": WHY}})
    for who in ("karin", "saskia", "sjoerd"):
        assert verbs(world, who, "approval") == ["approve"], who
    assert [row for row in list_of(world, "dirk") if row.kind == "approval"] == [], "never who asked"
    handoff = world.package(case)
    perform(world.dirk, Action.ASK_APPROVAL, handoff, {"approval": {"action": "check_handoff", "text": WHY}})
    assert verbs(world, "lies", "approval") == [], "lies edited the package last"
    assert len(verbs(world, "saskia", "approval")) == 2
    perform(world.saskia, Action.APPROVE, track)
    assert len(verbs(world, "saskia", "approval")) == 1
    perform(world.dirk, Action.ESCALATE, track, {"reason": {"code": "other", "text": WHY}})
    assert len(verbs(world, "sjoerd", "approval")) == 1, "what changed since is no longer asked"


def test_a_question_whether_somebody_is_known_stands_with_who_answers_it(world):
    case, _ = world.track()
    known = {"family_name": "Proef", "given_names": "Testpersoon", "birth_date": "1984-05-01", "text": WHY}
    perform(world.wim, Action.CHECK_KNOWN, None, {"known": known})
    for who in ("dirk", "saskia"):
        assert verbs(world, who, "question") == ["answer_known_check"]
    row = next(row for row in list_of(world, "dirk") if row.kind == "question")
    assert row.step.way.path == f"/known-checks/{row.about_id}/answer_known_check"
    assert row.step.other == "Veilig Thuis Proefstad"
    assert verbs(world, "lies", "question") == [], "a liaison answers none"
    perform(world.dirk, Action.ANSWER_KNOWN_CHECK, row.about_id, {"known_answer": {"code": "nothing_to_say"}})
    assert verbs(world, "saskia", "question") == []
    assert case


def test_a_wall_to_be_lifted_stands_with_another_than_who_asked_and_who_is_kept_out(world):
    case, _ = world.track()
    perform(world.saskia, Action.WALL_PERSON, case, {"wall": {"person": world.dirk.person_id, "text": WHY}})
    assert verbs(world, "sjoerd", "wall") == [], "nobody asked yet"
    perform(world.saskia, Action.LIFT_WALL, case, {"lifting": {"person": world.dirk.person_id, "text": WHY}})
    assert verbs(world, "sjoerd", "wall") == ["lift_wall"]
    assert verbs(world, "saskia", "wall") == []
    (own,) = [row for row in list_of(world, "saskia", waiting_for_others=True) if row.kind == "wall"]
    assert (own.step.is_mine, [str(role) for role in own.step.roles]) == (False, ["supervisor"]), (
        "who asked sees that it waits"
    )
    assert [row for row in list_of(world, "sjoerd", waiting_for_others=True) if row.kind == "wall"] == []
    assert "Teamleider" in signed_in("saskia").get("/work?tab=waiting").content.decode()
    assert list_of(world, "dirk") == [], "behind the wall there is nothing"


def test_what_waits_for_a_second_person_of_the_agency_stands_with_who_asked_as_waiting(world):
    decision = {"members": [world.agency("wim")], "groups": ["identity"], "citation": "Convenant", "since": "2026-01-01"}
    key = perform(world.saskia, Action.MANAGE_AGREEMENTS, None, {"partnership": decision}).id
    (own,) = [row for row in list_of(world, "saskia", waiting_for_others=True) if row.kind == "partnership"]
    assert (own.about_id, own.step.is_mine, own.step.way.path) == (key, False, "/agreements")


def test_a_finding_that_nobody_can_close_stands_with_who_leads_but_never_with_whom_it_concerns(world):
    case, _ = world.track()

    def stuck(who):
        return [(row.case_id, row.step.is_mine) for row in list_of(world, who) if row.kind == "stuck"]

    about_nobody = {"finding": {"person": world.leo.person_id, "text": WHY}}
    perform(world.arie, Action.RAISE_FINDING, None, about_nobody)
    assert stuck("saskia") == [], "arie can"
    emergency = asked(world, case)
    perform(world.saskia, Action.REVIEW_EMERGENCY, emergency.id, {"verdict": {"code": "not_justified", "text": WHY}})
    perform(world.saskia, Action.WALL_PERSON, case, {"wall": {"person": world.arie.person_id, "text": WHY}})
    assert stuck("saskia") == stuck("sjoerd") == [(case, False)]
    assert stuck("lies") == stuck("dirk") == []
    page = signed_in("saskia").get("/work").content.decode()
    assert "Bevinding die niemand kan afhandelen" in page
    assert WHY not in page
    behind_the_back(world, "UPDATE permissions_membership SET ends_at = now() WHERE user_id = %s", world.arie.person_id)
    assert sorted(stuck("saskia"), key=str) == sorted([(case, False), (None, False)], key=str), "one of no case too"
    behind_the_back(world, "UPDATE casework_finding SET about_id = %s", world.saskia.person_id)
    assert (stuck("saskia"), len(stuck("sjoerd"))) == ([], 2)


def test_an_emergency_waits_for_a_reviewer_and_a_finding_for_an_auditor(world):
    case, _ = world.track()
    emergency = asked(world, case)
    for who in ("saskia", "arie"):
        assert [row.about_id for row in list_of(world, who) if row.kind == "emergency"] == [emergency.id], who
    assert list_of(world, "leo") == [], "never one's own"
    row = next(row for row in list_of(world, "saskia") if row.kind == "emergency")
    assert row.due_at
    assert row.due_at == world.rows("SELECT due_at FROM casework_deadline WHERE clock = 'EMERGENCY_REVIEW'")[0][0]
    perform(world.saskia, Action.REVIEW_EMERGENCY, emergency.id, {"verdict": {"code": "not_justified", "text": WHY}})
    assert verbs(world, "arie") == ["close_finding"]
    assert verbs(world, "saskia", "emergency") == []


def test_who_leads_and_asked_for_an_emergency_does_not_find_it_to_review(world):
    case, _ = world.track()
    mona = NewPerson("mona", "Mona Leidt", AGENCIES[0].name, (Role.POLICE_LIAISON, Role.SUPERVISOR), PASSWORD)
    world.people |= install([], [mona], datetime.now(UTC) - timedelta(days=1))
    emergency = asked(world, case, "mona")
    waits = {who: [row.about_id for row in list_of(world, who) if row.kind == "emergency"] for who in ("mona", "saskia")}
    assert waits == {"mona": [], "saskia": [emergency.id]}


def test_a_case_stands_with_who_assigns_at_once_when_its_only_worker_is_gone(world):
    case, _ = world.track()
    assert [row.kind for row in list_of(world, "saskia")] == ["term"]
    for number, gone in enumerate(("DELETE FROM casework_assignment", "wall", "ran out")):
        case, _ = world.track()
        if gone == "wall":
            perform(world.lies, Action.DECLARE_CONFLICT, case, {"wall": {"text": WHY}})
        elif gone == "ran out":
            world.superuser.execute("SET session_replication_role = replica")
            world.superuser.execute(
                "UPDATE permissions_membership SET ends_at = now() - interval '1 second' WHERE user_id = %s",
                [world.lies.person_id],
            )
            world.superuser.execute("SET session_replication_role = origin")
        else:
            perform(world.saskia, Action.ASSIGN, case, {"assignment": {"person": world.lies.person_id, "remove": "yes"}})
        first = next(row for row in list_of(world, "saskia") if row.case_id == case)
        assert (first.kind, first.is_first, str(first.step.way.verb)) == ("unheld", True, "assign"), gone
        assert next(row for row in list_of(world, "dirk") if row.case_id == case).kind == "unheld", number


def test_a_case_stands_with_who_assigns_when_its_only_worker_has_no_role_that_works_on_cases(world):
    case, _ = world.track()
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute(
        "UPDATE permissions_membership SET roles = '{agency_admin}' WHERE user_id = %s", [world.lies.person_id]
    )
    world.superuser.execute("SET session_replication_role = origin")
    assert ("unheld", True) in [(row.kind, row.is_first) for row in list_of(world, "saskia") if row.case_id == case]


def test_a_case_in_which_nothing_began_is_not_forgotten(world):
    case = world.opened("joke").made["case"]
    assert [(row.kind, row.case_id) for row in list_of(world, "joke")] == [("case", case)]


def test_an_open_track_for_which_no_term_runs_stands_on_the_list_all_the_same(world):
    case, track = world.track("triage")
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute("UPDATE casework_deadline SET met_at = now()")
    world.superuser.execute("SET session_replication_role = origin")
    world.superuser.execute("SELECT lock.refresh(%s, %s)", [case, world.agency("lies")])
    assert [(row.kind, row.about_id) for row in list_of(world, "dirk")] == [("track", track)]
    assert [row.kind for row in list_of(world, "lies")] == ["track"]


def children_found(world, answer="in_household"):
    """A visit at which children were found: its case and its track."""
    case, track = world.track("visit_scheduled")
    perform(world.lies, Action.RECORD_VISIT, track, {**REPORT, "child_check": {"code": answer}})
    return case, track


@pytest.mark.parametrize("answer", ["in_household", "contact"])
def test_children_that_were_found_are_the_first_line_until_the_report_is_delivered(world, answer):
    world.track("draft")
    case, _ = children_found(world, answer)
    for who in ("lies", "dirk"):
        first = list_of(world, who)[0]
        assert (first.is_first, first.clock, first.case_id) == (True, "CHILDREN_FOUND", case), who
        assert first.step.way.path == f"/cases/{case}/prepare_handoff?for=children"
        assert [str(way.verb) for way in first.step.also] == ["give_up_report"], "and the other way out"
    address = f"/cases/{case}/prepare_handoff?for=children"
    client = signed_in("lies")
    assert f'name="package-receiver" value="{world.agency("wim")}"' in client.get(address).content.decode()
    address += f"&package-receiver={world.agency('wim')}&package-basis=WPG_18_1"
    page = client.get(address).content.decode()
    chosen = re.findall(r'name="package-items" value="([a-z]+):[^"]+"[^>]*checked', page)
    assert sorted(chosen) == ["fact", "person", "premises"], "the people, the household and the child check are chosen"
    handoff = world.package(case, items=["identity", "household", "child_check"])
    first = list_of(world, "lies")[0]
    assert (first.clock, str(first.step.way.verb), first.step.is_mine) == ("CHILDREN_FOUND", "check_handoff", False)
    perform(world.karin, Action.CHECK_HANDOFF, handoff)
    assert str(list_of(world, "lies")[0].step.way.verb) == "send_handoff"
    perform(world.lies, Action.SEND_HANDOFF, handoff)
    assert list_of(world, "lies")[0].clock == "CHILDREN_FOUND", "it is not there yet"
    world.work()
    assert not [row for row in list_of(world, "lies") if row.clock == "CHILDREN_FOUND"]
    perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, handoff)
    perform(world.vera, Action.REFUSE_HANDOFF, handoff, REASON)
    assert list_of(world, "lies")[0].clock == "CHILDREN_FOUND", "refused: the children are still to be reported"
    again = next(row for row in list_of(world, "lies") if row.clock == "HANDOFF_AGAIN")
    assert (again.about_id, str(again.step.way.verb)) == (handoff, "prepare_again")
    assert again.step.also[0].path == f"/cases/{case}/write_record?handoff_given_up-handoff={handoff}"


def test_children_that_were_found_stay_the_first_line_until_a_second_person_agrees_that_there_is_no_report(world):
    case, track = children_found(world)
    perform(world.lies, Action.WRITE_RECORD, case, {"no_concern_report": {"text": WHY}})
    assert list_of(world, "lies")[0].clock == "CHILDREN_FOUND"
    perform(world.lies, Action.ASK_APPROVAL, track, {"approval": {"action": "no_concern_report", "text": WHY}})
    assert "approve" in verbs(world, "saskia", "approval")
    perform(world.saskia, Action.APPROVE, track)
    assert not [row for row in list_of(world, "lies") if row.clock == "CHILDREN_FOUND"]


def test_what_came_to_nothing_stays_with_its_sender_until_it_is_sent_anew_or_given_up(world):
    case, _ = world.track("triage")
    handoff = world.delivered(case, kind="referral", receiver="wanda", basis="WPG_15")
    perform(world.wanda, Action.ACKNOWLEDGE_HANDOFF, handoff)
    perform(world.wanda, Action.REFUSE_HANDOFF, handoff, REASON)
    assert "prepare_again" in verbs(world, "lies")
    given_up = {"handoff_given_up": {"handoff": handoff, "code": "no_longer_needed", "text": WHY}}
    perform(world.lies, Action.WRITE_RECORD, case, given_up)
    assert "prepare_again" not in verbs(world, "lies")


def test_people_to_inform_have_a_row_each_beside_the_next_step(world):
    people = [{**PERSON, "family_name": name} for name in ("Eerste", "Tweede")]
    case = world.opened("wim", person=people).made["case"]
    rows = [row for row in list_of(world, "wim") if row.clock == "INFORM_SUBJECT"]
    assert sorted(row.case.who.family_name for row in rows) == ["Eerste", "Tweede"]
    assert {row.step.way.path for row in rows} == {f"/cases/{case}/write_record?open=subject_informed"}
    assert "start_assessment" in verbs(world, "wim"), "and the track its own"


def test_a_row_names_whom_the_case_is_about_whoever_else_stands_in_the_record(world):
    world.opened(person=[{**PERSON, "role": role, "family_name": role} for role in ("contact", "subject", "guardian")])
    assert {row.case.who.family_name for row in list_of(world, "lies")} == {"subject"}


def test_a_list_of_many_rows_pages_by_key_and_shows_each_once(world):
    cases = {world.opened().made["case"] for _ in range(61)}
    for who in ("lies", "dirk"):
        rows = list_of(world, who)
        assert len(rows) == 61
        assert {row.case_id for row in rows} == cases
        moments = [row.due_at for row in rows]
        assert moments == sorted(moments)
    shown = world.rows("SELECT additional_data -> 'shown' FROM audit_entry WHERE word = 'worklist' ORDER BY id DESC LIMIT 3")
    assert sorted(case for (page,) in shown for case in page) == sorted(map(str, cases)), "what was shown is on the trail"


def test_a_desk_of_many_packages_goes_on_on_a_next_page(world):
    ids = set()
    case, _ = world.track("triage")
    first = world.delivered(case)
    named = "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns WHERE table_schema = 'public'"
    columns = world.rows(f"{named} AND table_name = 'casework_handoff' AND column_name NOT IN ('id', 'is_acute', 'number')")[
        0
    ][0]
    world.superuser.execute("SET session_replication_role = replica")
    for _ in range(60):
        new = uuid4()
        world.superuser.execute(
            f"INSERT INTO casework_handoff (id, is_acute, {columns}) SELECT %s, random() < 0.5, {columns}"
            " FROM casework_handoff WHERE id = %s",
            [new, first],
        )
        ids.add(new)
    world.superuser.execute("SET session_replication_role = origin")
    found: list[Any] = []
    after = None
    for _ in range(5):
        rows, after = act(world.wim, Action.ACKNOWLEDGE_HANDOFF, partial(received, after))
        found += rows
        if after is None:
            break
    assert {row.pk for row in found} == ids | {first}
    assert len(found) == 61
    acute = [row.is_acute for row in found]
    assert acute == sorted(acute, reverse=True)


@pytest.mark.parametrize(
    ("place", "written", "is_marked"),
    [
        ({"town": "Utrecht"}, "Utrecht", False),
        ({"street": "Proefstraat", "number": "1", "town": "Voorbeeldstad"}, "Proefstraat 1, Voorbeeldstad", False),
        ({"street": "Schuilpad", "number": "2", "town": "Proefdorp", "is_secret": "yes"}, "Schuilpad 2, Proefdorp", True),
    ],
)
def test_a_row_writes_an_address_as_far_as_it_is_known_and_marks_one_to_be_kept_secret(world, place, written, is_marked):
    world.opened(premises=place)
    page = signed_in("lies").get("/work").content.decode()
    _, behind = page.split(f'<span class="quiet">{written}</span>')
    assert ("geheim" in behind[:120]) == is_marked


def test_a_package_on_the_desk_does_not_hide_that_nobody_holds_a_case_that_has_a_record_here(world):
    case, _ = world.track()
    world.delivered(case)
    fresh = [row.kind for row in list_of(world, "vera") if row.case_id == case]
    assert "unheld" not in fresh, "a package that nobody took up yet is on the desk, and no case of theirs"
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute(
        "UPDATE casework_track SET began_by_handoff_id = NULL WHERE agency_id = %s", [world.agency("wim")]
    )
    world.superuser.execute("SET session_replication_role = origin")
    assert "unheld" in [row.kind for row in list_of(world, "vera") if row.case_id == case]
