"""People are found by how their names are written, within one's own reach alone; asking others tells the asker nothing."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.inputs import Malformed
from casework.names import identity_of, tokens_of, words_of
from casework.selectors import reveal, search_own
from casework.services import perform
from casework.storing import is_citizen_number
from permissions.acting import act
from permissions.decision import Refused
from permissions.vocabulary import Action
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


def test_a_name_is_the_same_with_or_without_accents_infixes_and_order():
    assert words_of("van den Oudshoorn-Çelik") == words_of("OUDSHOORN CELIK") == ("oudshoorn", "celik")
    assert words_of("Van") == ("van",), "somebody who is called so is found"
    assert words_of("Zoë") == words_of("zoe")
    assert identity_of("Çelik", "Kim Maria", date(1984, 5, 2)) == identity_of("celik", "KIM", date(1984, 5, 2))
    assert not identity_of("Çelik", "Kim", None)
    assert not identity_of("", "Kim", date(1984, 5, 2))


@given(st.text(max_size=60), st.text(max_size=60))
def test_words_are_plain_and_stable(family, names):
    words = words_of(family)
    assert words_of(" ".join(words)) == words
    assert all(word == word.casefold() for word in words)
    assert len(tokens_of(family, names, None)) <= len(words) + len(words_of(names))


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


def test_a_reference_finds_its_case_and_a_wall_hides_it_from_every_search(world):
    case = world.opened(person=KIM).made["case"]
    called = world.rows("SELECT reference FROM casework_ruling")[0][0]
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
    assert "celik" not in "".join(row[0] for row in entries).lower()


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


def test_the_pages_of_searching(world):
    case = world.opened(person=KIM).made["case"]
    lies = signed_in("lies")
    page = lies.post("/search", {"search-words": "celik"}).content.decode()
    assert f"/cases/{case}" in page
    assert lies.post("/search", {}).status_code == 200
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
    assert vera.post(f"/known-checks/{check}/answer_known_check", answer).status_code == 302


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
