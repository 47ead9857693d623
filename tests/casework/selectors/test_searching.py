"""People are found by how their names are written, within one's own reach alone; asking others tells the asker nothing."""

import threading
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from casework.actions.perform import perform
from casework.facts.citizen_numbers import is_citizen_number
from casework.input.read import Malformed
from casework.lock.grants import REVIEWED_AT, many_searches
from casework.selectors import reveal, search_own
from permissions.acting import act, acting_as
from permissions.decision import Refused
from permissions.vocabulary import Action, Role
from tests.simulation.test_collisions import together
from tests.world import signed_in

WHY = "Wij overwegen een bezoek en willen afstemmen."
KIM = {
    "role": "subject",
    "family_name": "Oudshoorn-Çelik",
    "infix": "van den",
    "given_names": "Kím",
    "birth_date": "1984-05-02",
}


def found(world, who, words, why=""):
    return {row.case_id for row in act(world.people[who], Action.SEARCH_OWN, lambda: search_own(words, why)).rows}


@pytest.mark.parametrize(
    "words", ["celik", "oudsh", "Kim Oudshoorn", "02-05-1984", "oudshoorn 2-5-1984", "van den oudshoorn"]
)
def test_a_person_is_found_within_reach_and_nowhere_else(world, words):
    case = world.opened(person=KIM).made["case"]
    world.opened()
    for who in ("lies", "dirk", "saskia"):
        assert found(world, who, words) == {case}, who
    for who in ("leo", "wanda", "wim", "joke"):
        assert found(world, who, words) == set(), who
    assert found(world, "lies", "Pieterse") == set()
    with pytest.raises(Refused):
        found(world, "arie", words)


PLACE = {"street": "Burg. Proefstraat", "number": "12a", "postcode": "1234 ab", "town": "Testhaven"}


@pytest.mark.parametrize(
    "words",
    [
        "burgemeester proefstraat 12",
        "Burg. Proefstr. 12a",
        "Burg Proefstraat 12 a Testhaven",
        "burg. proefstraat testhaven",
        "burg. proef",
        "1234AB 12a",
        "1234 ab",
        "TESTHAVEN",
    ],
)
def test_an_address_is_found_within_reach_and_nowhere_else(world, words):
    case = world.opened(person=KIM, premises=PLACE).made["case"]
    world.opened(premises={"street": "Andere Weg", "number": "120", "postcode": "9999 ZZ", "town": "Elders"})
    for who in ("lies", "dirk", "saskia"):
        assert found(world, who, words) == {case}, who
    for who in ("leo", "wanda", "wim", "joke"):
        assert found(world, who, words) == set(), who
    perform(world.saskia, Action.WALL_PERSON, case, {"wall": {"person": world.lies.person_id, "text": WHY}})
    assert found(world, "lies", words) == set()


@pytest.mark.parametrize(
    "words", ["Burg. Proefstraat 1", "1234AB 1", "1234 AC", "Haven", "proefstraat 12a elders", "%", "_"]
)
def test_another_address_is_not_found(world, words):
    world.opened(person=KIM, premises=PLACE)
    assert found(world, "lies", words) == set()


def test_a_search_takes_as_many_statements_whatever_it_finds_and_the_look_names_what_was_shown(world):
    world.opened(person=KIM, premises=PLACE)
    client, counts = signed_in("lies"), []
    client.post("/search", {"search-words": "Nergenshuizen"})
    for words in ("Testhaven", "Nergenshuizen", "celik"):
        with CaptureQueriesContext(connection) as captured:
            client.post("/search", {"search-words": words})
        counts.append(len(captured))
    assert len(set(counts)) == 1, counts
    shown = world.rows(
        "SELECT additional_data->'shown' FROM audit_entry WHERE word = 'search_own' AND verb = 'consult' ORDER BY id"
    )
    assert [row[0] for row in shown] == [[], ["premises"], [], ["people"]]


def test_a_reference_finds_its_case_and_a_wall_hides_it_from_every_search(world):
    case = world.opened(person=KIM).made["case"]
    called = world.rows("SELECT reference FROM casework_participation")[0][0]
    assert found(world, "lies", called.upper()) == {case}
    perform(world.saskia, Action.WALL_PERSON, case, {"wall": {"person": world.lies.person_id, "text": WHY}})
    assert found(world, "lies", called) == found(world, "lies", "celik") == set()


def test_a_search_is_on_the_trail_without_what_was_typed_and_many_ask_for_a_reason(world):
    world.opened(person=KIM)
    for _ in range(10):
        found(world, "lies", "celik")
    with pytest.raises(Malformed, match="many_searches"):
        found(world, "lies", "celik")
    assert found(world, "lies", "celik", "safety")
    for _ in range(40):
        found(world, "lies", "celik", "safety")
    assert world.rows("SELECT kind, about_id FROM casework_finding") == [("many_searches", world.lies.person_id)]
    entries = world.rows("SELECT to_jsonb(e)::text FROM audit_entry e WHERE word = 'search_own' AND verb = 'consult'")
    assert len(entries) == 51
    for lately in (REVIEWED_AT + 3, REVIEWED_AT + 17):
        act(world.leo, Action.SEARCH_OWN, partial(many_searches, lately))
    told = world.rows("SELECT about_id, count(*) FROM casework_finding GROUP BY about_id")
    assert sorted(told) == sorted([(world.lies.person_id, 1), (world.leo.person_id, 1)]), "however many ran at once"
    assert "celik" not in "".join(row[0] for row in entries).lower()


def test_searches_at_once_are_each_counted_and_told(world):
    world.opened(person=KIM)
    for _ in range(REVIEWED_AT - 10):
        found(world, "lies", "celik", "safety")
    ended = together([lambda: found(world, "lies", "celik", "safety")] * 16)
    assert not [end for end in ended if isinstance(end, Exception)], ended
    assert world.rows("SELECT kind, about_id FROM casework_finding") == [("many_searches", world.lies.person_id)]


def test_a_search_beside_one_that_has_not_ended_counts_it(world):
    world.opened(person=KIM)
    for _ in range(REVIEWED_AT - 1):
        found(world, "lies", "celik", "safety")
    beside = threading.Thread(target=together, args=([lambda: found(world, "lies", "celik", "safety")],))
    with acting_as(world.lies, Role.POLICE_LIAISON, Action.SEARCH_OWN):
        search_own("celik", "safety")
        beside.start()
        while beside.is_alive() and not world.rows("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"):
            beside.join(0.01)
        assert world.count("casework_finding") == 0
    beside.join()
    assert world.rows("SELECT kind, about_id FROM casework_finding") == [("many_searches", world.lies.person_id)]


def test_asking_another_agency_is_answered_alike_for_hit_and_miss(world):
    theirs = perform(world.wim, Action.OPEN_CASE, given={"person": {**KIM, "role": "minor"}}).made["case"]
    asked = {"family_name": "celik oudshoorn", "given_names": "Kim", "birth_date": "1984-05-02", "text": WHY}
    for family in ("Oudshoorn Celik", "Niemand"):
        done = perform(world.lies, Action.CHECK_KNOWN, None, {"known": {**asked, "family_name": family}})
        assert done.case_id is None
        assert not done.made
    rows = world.rows("SELECT id, case_id, agency_id, asker_agency_id FROM casework_knowncheck")
    assert [row[1:] for row in rows] == [(theirs, world.agency("wim"), world.agency("lies"))]
    check = rows[0][0]
    answer = {"known_answer": {"code": "contact_us"}}
    for who in ("lies", "dirk", "wim", "joke", "saskia"):
        with pytest.raises(Refused):
            perform(world.people[who], Action.ANSWER_KNOWN_CHECK, check, answer)
    perform(world.vera, Action.ANSWER_KNOWN_CHECK, check, answer)
    assert world.rows("SELECT answer, answered_by_id FROM casework_knowncheck") == [("contact_us", world.vera.person_id)]


def test_asking_other_agencies_often_asks_for_a_reason_is_told_and_each_time_an_entry(world, monkeypatch):
    monkeypatch.setattr("casework.lock.grants.REVIEWED_AT", 12)
    asked = {"family_name": "Niemand", "given_names": "Kim", "birth_date": "1984-05-02", "text": WHY}

    def ask(**why):
        return perform(world.lies, Action.CHECK_KNOWN, None, {"known": {**asked, **why}})

    for _ in range(10):
        ask()
    with pytest.raises(Malformed, match=r"known\.why: many_searches"):
        ask()
    for _ in range(2):
        ask(why="safety")
    assert world.count("casework_finding") == 0
    ask(why="safety")
    assert world.rows("SELECT kind, about_id FROM casework_finding") == [("many_searches", world.lies.person_id)]
    entries = "SELECT count(*) FROM audit_entry WHERE word = 'check_known' AND verb = 'consult' AND outcome = 'done'"
    assert world.rows(entries) == [(13,)]


def test_a_search_that_came_to_nothing_is_none_of_the_many(world):
    world.opened(person=KIM)
    for _ in range(9):
        found(world, "lies", "celik")
    for _ in range(3):
        with pytest.raises(Malformed):
            perform(world.lies, Action.CHECK_KNOWN, None, {"known": {"family_name": "", "text": WHY}})
        with pytest.raises(Malformed):
            perform(world.lies, Action.SEARCH_OWN, None, {})
    assert found(world, "lies", "celik")


def test_the_pages_of_searching(world):
    case = world.opened(person=KIM).made["case"]
    lies = signed_in("lies")
    page = lies.post("/search", {"search-words": "celik"}).content.decode()
    assert f"/cases/{case}" in page
    assert lies.post("/search", {}).status_code == 422, "what is searched for was left out"
    perform(world.wim, Action.OPEN_CASE, given={"person": {**KIM, "role": "minor"}})
    form = {"known-given_names": "Kim", "known-birth_date": "2-5-1984", "known-text": WHY}
    pages = []
    for family in ("Oudshoorn Celik", "Niemand"):
        assert lies.post("/known-checks/new", {**form, "known-family_name": family}).status_code == 302
        pages.append(lies.get("/known-checks/new").content.decode().split("<main")[1].split("<form")[0])
    assert pages[0] == pages[1]
    assert "Het verzoek is vastgelegd" in pages[0]
    vera = signed_in("vera")
    assert WHY in vera.get("/known-checks").content.decode()
    check = world.rows("SELECT id FROM casework_knowncheck")[0][0]
    answer = {"known_answer-code": "contact_us"}
    said = {**answer, "known_answer-text": "Bel Vera of mail naar vera@voorbeeld.nl"}
    assert vera.post(f"/known-checks/{check}/answer_known_check", said).status_code == 302
    page = lies.get("/known-checks/new").content.decode()
    assert "vera@voorbeeld.nl" in page
    assert "vera@voorbeeld.nl" not in signed_in("dirk").get("/known-checks/new").content.decode(), "who asked is told"


@pytest.mark.parametrize("code", ["not_the_same", "nothing_to_say"])
def test_any_other_answer_looks_like_none(world, code):
    perform(world.wim, Action.OPEN_CASE, given={"person": {**KIM, "role": "minor"}})
    known = {"family_name": "Oudshoorn Celik", "given_names": "Kim", "birth_date": "1984-05-02", "text": WHY}
    perform(world.lies, Action.CHECK_KNOWN, None, {"known": known})
    before = signed_in("lies").get("/known-checks/new").content.decode().split("<main")[1].split("<form")[0]
    check = world.rows("SELECT id FROM casework_knowncheck")[0][0]
    perform(world.vera, Action.ANSWER_KNOWN_CHECK, check, {"known_answer": {"code": code, "text": "Niet dezelfde persoon."}})
    page = signed_in("lies").get("/known-checks/new").content.decode()
    assert page.split("<main")[1].split("<form")[0] == before
    assert "Niet dezelfde persoon." not in page


def test_a_source_is_shown_by_its_own_act_alone(world):
    case, _ = world.track()
    source = {"kind": "citizen", "name": "Buurvrouw Bron", "contact": "06-00000000", "protected": "yes"}
    perform(world.lies, Action.WRITE_RECORD, case, {"source": source})
    client = signed_in("dirk")
    for address in (f"/cases/{case}", f"/cases/{case}/print_case", f"/cases/{case}/prepare_handoff"):
        assert "Buurvrouw" not in client.get(address).content.decode()
    assert "Buurvrouw" not in client.get(f"/cases/{case}/reveal_source").content.decode(), "a reason comes first"
    assert "Buurvrouw" in client.post(f"/cases/{case}/reveal_source", {"reveal-code": "safety"}).content.decode()
    said = world.rows("SELECT additional_data FROM audit_entry WHERE word = 'reveal_source' ORDER BY id DESC LIMIT 1")[0][0]
    assert said["by"] == "why:safety"
    assert "name" in said["shown"]
    with pytest.raises(Refused):
        act(world.lies, Action.REVEAL_SOURCE, lambda: reveal(case, "safety"))
    for who in ("saskia", "leo", "wim", "arie"):
        assert signed_in(who).post(f"/cases/{case}/reveal_source", {"reveal-code": "safety"}).status_code in {403, 404}


def test_a_citizen_service_number_needs_the_agency_s_right_and_the_eleven_test(world):
    case, _ = world.track()
    number = {"citizen_number": {"number": "111222333"}}
    with pytest.raises(Malformed, match="not_held_here"):
        perform(world.lies, Action.WRITE_RECORD, case, number)
    assert "citizen_number" not in signed_in("lies").get(f"/cases/{case}/write_record").content.decode()
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute("UPDATE permissions_agency SET may_hold_bsn = true WHERE group_id = %s", [world.agency("lies")])
    world.superuser.execute("SET session_replication_role = origin")
    with pytest.raises(Malformed, match="not_a_bsn"):
        perform(world.lies, Action.WRITE_RECORD, case, {"citizen_number": {"number": "111222334"}})
    perform(world.lies, Action.WRITE_RECORD, case, number)
    client = signed_in("dirk")
    assert "111222333" not in client.get(f"/cases/{case}").content.decode()
    assert "111222333" in client.post(f"/cases/{case}/reveal_bsn", {"reveal-code": "identification"}).content.decode()


@given(st.integers(0, 999_999_999))
def test_the_eleven_test_finds_every_single_wrong_digit(number):
    text = f"{number:09}"
    if is_citizen_number(text):
        for place in range(9):
            for digit in "0123456789":
                other = text[:place] + digit + text[place + 1 :]
                assert is_citizen_number(other) == (other == text) or other == "0" * 9
    assert not is_citizen_number(text[:8])
    assert not is_citizen_number("000000000")
