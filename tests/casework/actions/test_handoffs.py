"""A handoff is by value: what the receiver reads is what was previewed, and never changes afterwards."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from casework.actions.perform import perform
from casework.input.package_parts import GROUNDS
from casework.input.read import Malformed
from casework.models import Handoff
from casework.packages.items import freeze, package_lines, thaw
from casework.selectors import see_handoff
from permissions.acting import act, acting_as, scenario_moment
from permissions.bases import WITHOUT_PERSONAL_DATA
from permissions.decision import Missing, Refused
from permissions.services import NewAgency, NewPerson, install
from permissions.vocabulary import Action, AgencyKind, Role
from tests.world import LETTER, PASSWORD, signed_in
from workflows.calendars import AMSTERDAM, local_midnight_after
from workflows.table import Incomplete, NotNow

MINUTE = timedelta(minutes=1)


def package_on_screen(who, handoff):
    page = signed_in(who).get(f"/handoffs/{handoff}").content
    return page.split(b'<section class="package"')[1].split(b"</section>")[0]


def test_the_preview_and_the_receivers_page_are_equal_byte_for_byte(world):
    case, _ = world.track()
    handoff = world.package(case)
    preview = package_on_screen("lies", handoff)
    assert b"Proefstraat" in preview
    perform(world.karin, Action.CHECK_HANDOFF, handoff)
    perform(world.karin, Action.SEND_HANDOFF, handoff)
    world.work()
    assert package_on_screen("wim", handoff) == preview


def test_a_later_edit_never_shows_at_the_receiver(world):
    case, _ = world.track()
    handoff = world.delivered(case)
    before = package_on_screen("wim", handoff)
    perform(world.lies, Action.WRITE_RECORD, case, {"person": {"role": "subject", "family_name": "Anders"}})
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute(
        "UPDATE casework_personincase SET family_name = 'Gewijzigd' WHERE agency_id = %s",
        [
            world.agency("lies"),
        ],
    )
    world.superuser.execute("SET session_replication_role = origin")
    assert package_on_screen("wim", handoff) == before


def test_only_chosen_items_go_along(world):
    case, _ = world.track()
    handoff = world.delivered(case, items=["household"])
    assert b"Proefstraat" in package_on_screen("wim", handoff)
    assert b"Testpersoon" not in package_on_screen("wim", handoff)
    assert world.rows("SELECT item_count, groups FROM casework_disclosure") == [(1, ["household"])]


def test_a_concern_report_starts_the_clocks_of_veilig_thuis_at_delivery(world):
    case, _ = world.track()
    handoff = world.sent(case)
    assert world.rows("SELECT count(*) FROM casework_track WHERE kind = 'safety'") == [(0,)]
    world.work()
    assert world.rows("SELECT state, agency_id FROM casework_track WHERE kind = 'safety'") == [
        ("received", world.agency("wim")),
    ]
    clocks = {row[0] for row in world.rows("SELECT clock FROM casework_deadline WHERE agency_id = %s", world.agency("wim"))}
    assert clocks >= {
        "ACUTE_CHECK",
        "SAFETY_ASSESSMENT",
        "ASSESSMENT_DECREE",
        "INFORM_REPORTER",
        "INFORM_SUBJECT",
        "HANDOFF_ACK",
    }
    people = world.rows(
        "SELECT family_name, from_item_id IS NOT NULL FROM casework_personincase WHERE agency_id = %s", world.agency("wim")
    )
    assert people == [("Proef", True)]
    assert handoff


def test_the_editor_does_not_check_and_the_sender_does_not_answer(world):
    case, _ = world.track()
    handoff = world.package(case)
    with pytest.raises(Refused):
        perform(world.lies, Action.CHECK_HANDOFF, handoff)
    perform(world.karin, Action.CHECK_HANDOFF, handoff)
    with pytest.raises(NotNow):
        perform(world.karin, Action.CHECK_HANDOFF, handoff)
    perform(world.karin, Action.SEND_HANDOFF, handoff)
    world.work()
    with pytest.raises(Refused):
        perform(world.lies, Action.ACKNOWLEDGE_HANDOFF, handoff)


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"basis": "WPG_15"}, "legal_basis"),
        ({"basis": "WPG_19"}, "legal_basis"),
        ({"source_protected": "no"}, "source_protected"),
        ({"items": []}, "fields_allowed"),
        ({"special": "yes"}, "fields_allowed"),
    ],
)
def test_a_package_without_its_grounds_is_not_checked(world, changes, missing):
    case, _ = world.track()
    handoff = world.package(case, **changes)
    with pytest.raises(Incomplete) as found:
        perform(world.karin, Action.CHECK_HANDOFF, handoff)
    assert missing in found.value.missing


def test_police_data_of_an_investigation_does_not_go_by_the_structural_basis(world):
    case = world.opened(basis={"code": "WPG_9", "article": "9"}).made["case"]
    handoff = world.package(case)
    with pytest.raises(Incomplete) as found:
        perform(world.karin, Action.CHECK_HANDOFF, handoff)
    assert found.value.missing == ("legal_basis",)


def test_nothing_is_sent_to_a_closed_desk(world):
    case, _ = world.track()
    handoff = world.package(case)
    perform(world.karin, Action.CHECK_HANDOFF, handoff)
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute("UPDATE permissions_agency SET is_desk_open = false")
    world.superuser.execute("SET session_replication_role = origin")
    with pytest.raises(Incomplete) as found:
        perform(world.karin, Action.SEND_HANDOFF, handoff)
    assert found.value.missing == ("recipient_active",)


def test_a_receiver_knows_nothing_before_delivery_and_only_the_end_after_a_refusal(world):
    case, _ = world.track()
    handoff = world.sent(case, kind="referral", receiver="wanda", basis="WPG_15")
    with pytest.raises(Missing):
        perform(world.wanda, Action.ACKNOWLEDGE_HANDOFF, handoff)
    world.work()
    perform(world.wanda, Action.ACKNOWLEDGE_HANDOFF, handoff)
    reason = {"reason": {"code": "outside_region", "text": "Dit adres ligt in een andere regio."}}
    perform(world.wanda, Action.REFUSE_HANDOFF, handoff, reason)
    page = act(world.wanda, Action.SEE_HANDOFF, lambda: see_handoff(handoff))
    assert (page.handoff.state, page.lines) == ("refused", [])
    assert not any(getattr(page.handoff, name) for name in GROUNDS), "nor why it was shared"
    assert world.rows(
        "SELECT ends_at IS NOT NULL FROM casework_participation WHERE group_id = %s", world.agency("wanda")
    ) == [(True,)]
    told = act(world.lies, Action.SEE_HANDOFF, lambda: see_handoff(handoff))
    assert "andere regio" in told.answers[0].text
    assert told.handoff.why_items


def test_on_which_grounds_it_was_shared_is_the_sender_s_alone(world):
    handoff = world.delivered(world.track()[0])
    pages = {who: act(world.people[who], Action.SEE_HANDOFF, lambda: see_handoff(handoff)) for who in ("lies", "wim")}
    assert dict(pages["lies"].grounds) == LETTER
    assert pages["wim"].grounds == []


@pytest.mark.parametrize("kind", sorted(WITHOUT_PERSONAL_DATA))
def test_an_anonymous_helpline_and_whoever_else_keeps_no_records_can_receive_nothing(world, kind):
    """Only by its kind: an agency of another kind that begins in the same way is given a package."""
    case, _ = world.track()
    since = datetime.now(UTC) - timedelta(days=1)
    kinds = {"inge": kind, "hans": AgencyKind.YOUTH_CARE_PROVIDER}
    houses = [NewAgency(f"Voorbeeld {who}", of_kind) for who, of_kind in kinds.items()]
    people = [NewPerson(who, who, f"Voorbeeld {who}", (Role.SUPERVISOR,), PASSWORD) for who in kinds]
    world.people |= install(houses, people, since)
    with pytest.raises(Malformed, match="no_such_receiver"):
        world.package(case, receiver="inge")
    assert world.package(case, receiver="hans")


def test_frozen_values_are_read_back_as_they_were():
    values = {"street": "Proefstraat", "text": "een: twee\ndrie", "empty": ""}
    assert thaw(freeze(values)) == {"street": "Proefstraat", "text": "een: twee\ndrie"}
    assert package_lines([]) == []


def test_the_receiver_alone_is_told_that_a_package_lies_there_by_a_word_and_an_id(world):
    case, _ = world.track()
    handoff = world.delivered(case)
    world.work()
    told = world.rows("SELECT agency_id, person_id, word, about_id FROM casework_notice")
    assert told == [(world.agency("wim"), None, "delivered", handoff)]


def page_of(world, who, handoff):
    return act(world.people[who], Action.SEE_HANDOFF, lambda: see_handoff(handoff))


def test_both_ends_are_told_the_same_of_what_each_keeps(world):
    case, _ = world.track()
    handoff = world.delivered(case)
    assert page_of(world, "ilse", handoff).remains == ()
    perform(world.ilse, Action.ACKNOWLEDGE_HANDOFF, handoff)
    perform(world.wim, Action.ACCEPT_HANDOFF, handoff)
    mine, theirs = (page_of(world, who, handoff).remains for who in ("lies", "wim"))
    assert mine == theirs
    assert [(row.end, str(row.what), row.rule) for row in mine] == [
        ("sender", "own_contribution", "Wpg 8(6)"),
        ("receiver", "own_contribution", "Wmo 5.3.4(2), text of 2026-07-01"),
    ]
    page = signed_in("lies").get(f"/handoffs/{handoff}").content.decode()
    assert "Eigen bijdrage" in page
    assert str(page_of(world, "lies", handoff).handoff.moved_at.year + 20) in page
    assert "in elk geval tot" in page


def test_an_ended_handoff_leaves_the_receiver_its_summary_until_the_ledger_ends(world):
    case, _ = world.track()
    handoff = world.delivered(case, kind="referral", receiver="wanda", basis="WPG_15")
    perform(world.wanda, Action.ACKNOWLEDGE_HANDOFF, handoff)
    reason = {"reason": {"code": "outside_region", "text": "Dit adres ligt in een andere regio."}}
    perform(world.wanda, Action.REFUSE_HANDOFF, handoff, reason)
    page = page_of(world, "wanda", handoff)
    assert [str(row.what) for row in page.remains] == ["own_contribution", "summary"]
    assert page.lines == []
    start = datetime.now(UTC)
    for days, seen in ((4 * 365 - 5, True), (4 * 365 + 5, False)):
        token = scenario_moment.set(start + timedelta(days=days))
        try:
            if seen:
                assert page_of(world, "wanda", handoff).handoff.state == "refused"
            else:
                with pytest.raises(Missing):
                    page_of(world, "wanda", handoff)
        finally:
            scenario_moment.reset(token)
    last = start.astimezone(AMSTERDAM).date().replace(year=start.year + 4)
    for moment, seen in ((local_midnight_after(last) - MINUTE, True), (local_midnight_after(last) + MINUTE, False)):
        token = scenario_moment.set(moment)
        try:
            if seen:
                assert page_of(world, "wanda", handoff).handoff.state == "refused", "until a day is until it is over"
            else:
                with pytest.raises(Missing):
                    page_of(world, "wanda", handoff)
        finally:
            scenario_moment.reset(token)
    withdrawn = world.sent(case)
    reason = {"reason": {"code": "sent_by_mistake", "text": "Het verkeerde pakket."}}
    perform(world.lies, Action.WITHDRAW_HANDOFF, withdrawn, reason)
    assert [str(row.what) for row in page_of(world, "lies", withdrawn).remains] == ["own_contribution", "none"]


BACK = {"reason": {"code": "wrong_receiver", "text": "Dit hoort bij een andere organisatie."}}
ASKED = {"question": {"code": "content", "text": "Om wie gaat het, en waar is dat geweest?"}}
MISTAKEN = {"reason": {"code": "sent_by_mistake", "text": "Het verkeerde pakket."}}
ENDS = {
    Action.REFUSE_HANDOFF: ("vera", BACK, "lies"),
    Action.RETURN_HANDOFF: ("wim", ASKED, "lies"),
    Action.ACCEPT_HANDOFF: ("wim", {}, "lies"),
    Action.WITHDRAW_HANDOFF: ("lies", MISTAKEN, "wim"),
}
"""How a package that was delivered goes on: by whom, with what, and whose organisation is told."""


@pytest.mark.parametrize("action", ENDS)
def test_the_other_end_is_told_what_became_of_a_package(world, action):
    who, said, told = ENDS[action]
    handoff = world.delivered(world.track()[0])
    if action in {Action.REFUSE_HANDOFF, Action.RETURN_HANDOFF}:
        perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, handoff)
    world.work()
    notices = "SELECT agency_id FROM casework_notice WHERE about_id = %s AND made_at > %s"
    ((now,),) = world.rows("SELECT clock_timestamp()")
    perform(world.people[who], action, handoff, said)
    world.work()
    assert world.agency(told) in {agency for (agency,) in world.rows(notices, handoff, now)}


def test_who_accepts_what_nobody_acknowledged_does_both_in_one_act(world):
    case, _ = world.track()
    handoff = world.delivered(case)
    page = act(world.wim, Action.SEE_HANDOFF, lambda: see_handoff(handoff))
    assert {Action.ACKNOWLEDGE_HANDOFF, Action.ACCEPT_HANDOFF} <= set(page.actions)
    perform(world.wim, Action.ACCEPT_HANDOFF, handoff, version=page.handoff.version)
    steps = "SELECT source, target, made_by_id FROM casework_steptaken WHERE handoff_id = %s AND action = 'accept_handoff'"
    me = world.wim.person_id
    assert set(world.rows(steps, handoff)) == {("delivered", "acknowledged", me), ("acknowledged", "accepted", me)}
    named = "SELECT count(*) FROM casework_assignment WHERE content_object_id = %s AND user_id = %s AND ends_at IS NULL"
    assert world.rows(named, case, me) == [(1,)]
    clocks = "SELECT count(*) FROM casework_deadline WHERE handoff_id = %s AND clock = 'HANDOFF_ACK' AND met_at IS NULL"
    assert world.rows(clocks, handoff) == [(0,)]
    with pytest.raises(Refused):
        perform(world.ilse, Action.ACCEPT_HANDOFF, world.delivered(world.track()[0]))


def numbers(world):
    return dict(world.rows("SELECT id, number FROM casework_handoff"))


def test_both_ends_see_one_number_that_is_random_and_stays(world):
    case, _ = world.track()
    first, second = world.delivered(case), world.delivered(case, items=["household"])
    given = numbers(world)
    assert all(re.fullmatch(r"\d{4}-\d{3}", number) for number in given.values())
    assert given[first] != given[second]
    for who in ("lies", "wim"):
        assert given[first] in signed_in(who).get(f"/handoffs/{first}").content.decode()
    assert given[first] in signed_in("lies").get(f"/cases/{case}").content.decode()
    assert given[second] in signed_in("wim").get("/desk").content.decode()
    assert given[second] in signed_in("wim").get("/work").content.decode()
    perform(world.wim, Action.ACCEPT_HANDOFF, first)
    assert numbers(world) == given, "a step changes no number"


def test_the_application_chooses_no_number_and_changes_none(world):
    case, _ = world.track()
    handoff = world.package(case)
    given = numbers(world)
    with acting_as(world.lies, Role.POLICE_LIAISON, Action.PREPARE_HANDOFF):
        Handoff.objects.filter(pk=handoff).update(number="0000-000")
    assert numbers(world) == given


@pytest.mark.parametrize("written", ["{0}", "{1}", " {0} "])
def test_a_handoff_is_found_by_its_number_at_its_ends_and_nowhere_else(world, written):
    case, _ = world.track()
    handoff = world.delivered(case)
    number = numbers(world)[handoff]
    words = {"search-words": written.format(number, number.replace("-", ""))}
    for who in ("lies", "wim"):
        assert f"/handoffs/{handoff}" in signed_in(who).post("/search", words).content.decode(), who
    for who in ("leo", "wanda", "joke"):
        page = signed_in(who).post("/search", words).content.decode()
        assert str(handoff) not in page, who
        assert "Geen treffer in uw zaken. Dat betekent niet dat de persoon onbekend is." in page, who
    looked = world.rows("SELECT additional_data ->> 'shown' FROM audit_entry WHERE word = 'search_own' ORDER BY id LIMIT 1")
    assert number not in str(looked)
