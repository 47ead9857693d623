"""What a page offers can be opened: the trail accuses nobody of what a page did."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from casework.actions.perform import perform
from permissions.services import NewPerson, install
from permissions.vocabulary import SYSTEM_ROLES, Action, Role
from tests.world import AGENCIES, PASSWORD, signed_in

ENDS = re.compile(r"^/(account/|static/|language)|\.(zip|csv)$")


@pytest.fixture
def busy(world):
    """Cases in several states, a package on a desk, one asked for approval, an emergency, a wall and a known-check."""
    case, _ = world.track("follow_up")
    world.delivered(case)
    other, _ = world.track("triage")
    waiting = world.package(other)
    asked = {"approval": {"action": "check_handoff", "text": "Graag meekijken naar dit pakket."}}
    perform(world.lies, Action.ASK_APPROVAL, waiting, asked)
    perform(world.dirk, Action.ASSIGN, other, {"assignment": {"person": world.leo.person_id}})
    reference = world.rows(
        "SELECT reference FROM casework_participation WHERE content_object_id = %s AND group_id = %s",
        case,
        world.agency("lies"),
    )[0][0]
    glass = {"reference": reference, "code": "child_at_risk_now", "text": "Een kind op dit adres loopt gevaar."}
    perform(world.leo, Action.ASK_EMERGENCY, None, {"emergency": glass})
    perform(world.sjoerd, Action.DECLARE_CONFLICT, other, {"wall": {"text": "Een familielid woont daar, daarom niet."}})
    known = {
        "family_name": "Proef",
        "given_names": "Testpersoon",
        "birth_date": "1984-05-01",
        "text": "Een nieuw signaal over dit gezin.",
    }
    perform(world.wim, Action.CHECK_KNOWN, None, {"known": known})
    held = {role for person in world.people.values() for role in person.roles}
    others = [role for role in Role if role not in held | SYSTEM_ROLES]
    people = [NewPerson(role, f"Proef {role}", AGENCIES[0].name, (role,), PASSWORD) for role in others]
    people.append(NewPerson("both", "Proef Beide", AGENCIES[0].name, (Role.CASEWORKER, Role.QUALITY_CHECKER), PASSWORD))
    people.append(NewPerson("lead", "Proef Leiding", AGENCIES[2].name, (Role.SUPERVISOR, Role.CASEWORKER), PASSWORD))
    world.people |= install(AGENCIES, people, datetime.now(UTC) - timedelta(days=1))
    return world


NAMED = ("Testpersoon",)
"""What is known of a person in a case, and stands nowhere else."""
WITHOUT_A_LOOK = re.compile(
    r"/(account/again|agreements/[\w-]+|verify-trail|search|emergency|memberships|"
    r"referrals/new|advice/new|known-checks/new|findings/new|people/new|workbench/\w+|explain-access|person-report)?"
    r"(\?.*)?"
)
"""Pages that show nobody's data until something is asked on them; the first page of a role for which nothing waits too."""


def offered(world, client, start="/"):
    """Open every address that a page offers, and what those pages offer.

    Answers what is wrong with any of them: one that cannot be opened, and a look that left no entry, or none that names
    the case of whom it showed.
    """
    wrong, opened, waiting = {}, set(), [(start, "")]
    while waiting:
        address, by = waiting.pop()
        if address in opened:
            continue
        opened.add(address)
        before = world.rows("SELECT coalesce(max(id), 0) FROM audit_entry")[0][0]
        answer = client.get(address)
        if answer.status_code == 302:
            waiting.append((answer["Location"], address))
        elif answer.status_code != 200:
            wrong[address] = f"{answer.status_code}, offered on {by}"
        elif "html" in answer.get("Content-Type", ""):
            body = answer.content.decode()
            entries = "SELECT case_id IS NOT NULL OR additional_data ? 'cases' FROM audit_entry WHERE id > %s"
            looks = [names for (names,) in world.rows(entries, before)]
            if not looks and not WITHOUT_A_LOOK.fullmatch(address):
                wrong[address] = "a look that left no entry"
            if any(word in body for word in NAMED) and not any(looks):
                wrong[address] = "it names a person, and no entry names their case"
            links = {link.replace("&amp;", "&").split("#")[0] for link in re.findall(r'href="(/[^"]*)"', body)}
            waiting += sorted((link, address) for link in links if not ENDS.match(link))
    return wrong, opened


def test_everybody_opens_all_that_they_are_offered_each_look_is_an_entry_and_the_trail_accuses_nobody(busy):
    opened = 0
    wrong: dict[tuple[str, str], str] = {}
    for who in busy.people:
        found, addresses = offered(busy, signed_in(who))
        wrong |= {(str(who), address): what for address, what in found.items()}
        opened += len(addresses)
    assert not wrong, "\n".join(map(str, wrong.items()))
    assert busy.rows("SELECT word, role, additional_data FROM audit_entry WHERE outcome = 'refused'") == []
    assert opened > 200


def test_a_search_or_look_up_that_found_nothing_is_an_entry_too(busy):
    looks = [
        ("dirk", "post", "/search", {"search-words": "onbekendenaam"}, "search_own"),
        ("arie", "get", "/access-review?case=zzzz-zzzz", {}, "see_access_log"),
        ("arie", "get", "/explain-access?case=zzzz-zzzz", {}, "explain_access"),
        (Role.PRIVACY_OFFICER, "get", "/person-report?case=zzzz-zzzz", {}, "handle_rights_request"),
        ("vera", "get", "/known-checks", {}, "known_checks"),
        ("ilse", "get", "/work", {}, "worklist"),
    ]
    for who, method, address, data, word in looks:
        client = signed_in(who)
        before = busy.rows("SELECT max(id) FROM audit_entry")[0][0]
        answer = client.post(address, data) if method == "post" else client.get(address)
        assert answer.status_code == 200, address
        words = {row[0] for row in busy.rows("SELECT word FROM audit_entry WHERE id > %s AND verb = 'consult'", before)}
        assert word in words, address


def test_a_real_try_of_a_person_stays_an_entry(busy):
    case = busy.rows("SELECT case_id FROM casework_note LIMIT 1") or busy.rows("SELECT id FROM casework_case LIMIT 1")
    assert signed_in("bea").get(f"/cases/{case[0][0]}").status_code == 404
    assert busy.rows("SELECT word FROM audit_entry WHERE outcome = 'refused'") == [("see_case",)]
    assert signed_in("ilse").get("/workbench").status_code == 403
    assert busy.rows("SELECT word FROM audit_entry WHERE outcome = 'refused' AND agency_id = %s", busy.agency("ilse")) == [
        ("see_access_log",)
    ]
