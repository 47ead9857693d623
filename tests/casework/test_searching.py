"""People are found by how their names are written, within one's own reach alone; asking others tells the asker nothing."""

from collections import Counter
from datetime import date
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from casework.actions.perform import perform
from casework.actions.records_write import is_citizen_number
from casework.input.dates import from_written
from casework.input.marks import simple_mark
from casework.input.person_names import concerning, identities_of, is_enough, plain_words, ranges_of, tokens_of, words_of
from casework.input.read import Malformed
from casework.lock.grants import REVIEWED_AT, many_searches
from casework.selectors import reveal, search_own
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
    assert identities_of("Çelik", "Kim Maria", date(1984, 5, 2)) == identities_of("celik", "KIM MARIA", date(1984, 5, 2))
    assert not identities_of("Çelik", "Kim", None)
    assert not identities_of("", "", date(1984, 5, 2))


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("O\u2019Brien", "O'Brien"),
        ("d\u2018Angelo", "D'ANGELO"),
        ("Jan\u2010Peter", "jan-peter"),
        ("Jan\u2013Peter", "Jan Peter"),
        ("Jan\u2212Peter", "jan peter"),
        ("van\u00a0Dijk", "van dijk"),
        ("Ijs\u00adbrand", "ijsbrand"),
        ("\u0132sbrand", "IJsbrand"),
        ("Zoe\u0308", "Zoë"),
        ("Þórður", "Thordur"),
        ("Guðrún", "Gudrun"),
        ("Sørensen", "Sorensen"),
        ("Łukasz", "Lukasz"),
        ("Straße", "STRASSE"),
        ("Đorđević", "Dordevic"),
        ("Æsa Œuvrard", "Aesa Oeuvrard"),
        ("I\u015f\u0131k İnci", "isik inci"),
        ("Ħabib Ŧuomi", "Habib Tuomi"),
        ("Ŋaŋa", "nana"),
        ("Nguyễn", "Nguyen"),
        ("Gal·la", "Galla"),
        ("ﬁlip", "filip"),
        ("\u202aProef\u202c", "proef"),
        ("van \u2019t Hart", "van 't hart"),
        ("van den Berg", "v.d. berg"),
        ("van den Berg", "v/d Berg"),
        ("van der Berg", "vd berg"),
        ("van Berg", "v. Berg"),
    ],
)
def test_one_person_is_found_however_their_name_was_written(written, typed):
    born = date(1984, 5, 2)
    assert words_of(written) == words_of(typed)
    assert set(tokens_of(written, "Kim", born)) >= set(tokens_of(typed, "kim", born))
    assert set(ranges_of(written, "Kim", born)) >= set(ranges_of(typed, "KIM", born))


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Müller", "Mueller"),
        ("Müller", "Muller"),
        ("Guenther", "GÜNTHER"),
        ("Åse", "Aase"),
        ("A\u030age", "AAGE"),
        ("Dijkstra", "Dykstra"),
        ("\u0132sbrand", "Ysbrand"),
        ("Meijer", "Meyer"),
        ("Vandenberg", "van den Berg"),
        ("Vanden Berg", "VANDENBERG"),
        ("Vanderlinde", "van der Linde"),
        ("Vandijk", "van Dyk"),
        ("Jansen-de Vries", "Jansen de Vries"),
    ],
)
def test_one_name_in_two_writings_is_one_for_search_identity_and_the_known_check(written, typed):
    day = date(1984, 5, 2)
    assert words_of(written) == words_of(typed)
    assert set(identities_of(written, "Kim", day)) & set(identities_of(typed, "Kim", day))
    assert knows((written, "Kim", day), (typed, "Kim", None))
    for part in (written, typed):
        stored = {word.removeprefix("name:") for word in tokens_of(written, "", None) if word.startswith("name:")}
        assert all(any(one.startswith(word) for one in stored) for word in words_of(part))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Haan", "Han"),
        ("Baas", "Bas"),
        ("Boer", "Bor"),
        ("Bauer", "Baur"),
        ("Meijer", "Meier"),
        ("Vanessa", "Essa"),
        ("Vandana", "Dana"),
        ("Dekker", "Kker"),
        ("Jacques", "Jacqus"),
    ],
)
def test_names_that_merely_resemble_each_other_are_two(one, two):
    assert words_of(one) != words_of(two)


@pytest.mark.parametrize("typed", ["vandenb", "vandenbe", "vande", "dij", "di", "mue", "ase", "müller", "dykst"])
def test_who_typed_only_how_a_name_begins_finds_it(typed):
    stored = tokens_of("Vandenberg-Dijkstra", "Åse Müller", None)
    assert all(any(one.startswith(f"name:{word}") for one in stored) for word in words_of(typed))


def test_other_scripts_stay_as_they_are():
    assert words_of("Йосиф") != words_of("Иосиф"), "these are two letters, not one with a mark"
    assert words_of("ΆΝΝΑ") == words_of("άννα")
    assert words_of("محمد علي") == ("محمد", "علي")


def knows(recorded, asked):
    tokens = {word.removeprefix("alike:") for word in tokens_of(*recorded) if word.startswith("alike:")}
    return any(low <= token <= high for token in tokens for low, high in ranges_of(*asked))


def born(text):
    return from_written(text) if text else None


@pytest.mark.parametrize(
    ("recorded", "asked", "may_be"),
    [
        (("Proef", "Kim", "1984-05-02"), ("Proef", "Kim", "1984-05-02"), True),
        (("Proef", "Kim Maria", "1984-05-02"), ("Proef", "Kim", "1984-05-02"), True),
        (("Proef-Voorbeeld", "Kim", "1984-05-02"), ("Voorbeeld Proef", "Kim", "1984-05-02"), True),
        (("Proef", "Kim", "1984"), ("Proef", "Kim", "1984-05-02"), True),
        (("Proef", "Kim", "1984-05"), ("Proef", "Kim", "1984-05-02"), True),
        (("Proef", "Kim", "1984-05-02"), ("Proef", "Kim", "1984"), True),
        (("Proef", "Kim", "1984-05-02"), ("Proef", "Kim", "1984-05"), True),
        (("Proef", "Kim", ""), ("Proef", "Kim", "1984-05-02"), True),
        (("Proef", "Kim", "1984-05-02"), ("Proef", "Kim", ""), True),
        (("Proef", "", "1984-05-02"), ("Proef", "", "1984-05-02"), True),
        (("", "Proef", "1984-05-02"), ("Proef", "", "1984-05-02"), True),
        (("Schr\u00f6der", "Kim", "1984-05-02"), ("Schroeder", "Kim", "1984-05-02"), True),
        (("Schroeder", "Kim", ""), ("Schro\u0308der", "Kim", "1984-05-02"), True),
        (("S\u00f8rensen", "J\u00e4ger", "1984"), ("Soerensen", "Jaeger", "1984-05-02"), True),
        (("Schr\u00f6der", "Kim", "1984-05-02"), ("Schroder", "Kim", "1984-05-02"), True),
        (("Boer", "Kim", "1984-05-02"), ("Bor", "Kim", "1984-05-02"), False),
        (("Proef", "Kim", "1984-05-02"), ("Proef", "Kim", "1984-05-03"), False),
        (("Proef", "Kim", "1984-06"), ("Proef", "Kim", "1984-05-02"), False),
        (("Proef", "Kim", "1985"), ("Proef", "Kim", "1984-05-02"), False),
        (("Proef", "Kees", "1984-05-02"), ("Proef", "Kim", "1984-05-02"), False),
        (("Voorbeeld", "Kim", "1984-05-02"), ("Proef", "Kim", "1984-05-02"), False),
        (("Proef", "", ""), ("Proef", "", "1984-05-02"), False),
    ],
)
def test_whoever_does_not_contradict_what_is_known_may_be_meant(recorded, asked, may_be):
    assert knows((*recorded[:2], born(recorded[2])), (*asked[:2], born(asked[2]))) is may_be


def test_two_people_of_one_first_name_and_birth_date_are_two():
    day = date(1984, 5, 2)
    assert identities_of("Proef", "Kim Maria", day) != identities_of("Proef", "Kim Anna", day)
    assert identities_of("Proef", "Kim", day) != identities_of("Proef", "Kim Anna", day)
    concerned = concerning("Proef", "Kim Maria", day)
    other = {word.partition(":")[::2] for word in tokens_of("Proef", "Kim Anna", day)}
    assert not [one for one in other for kind, low, high in concerned if one[0] == kind and low <= one[1] <= high]


@pytest.mark.parametrize(
    ("known", "enough"),
    [
        (("Proef", "Kim", None), True),
        (("Proef", "", date(1984, 5, 2)), True),
        (("", "Proef", date(1984, 5, 2)), True),
        (("Proef", "", None), False),
        (("", "", date(1984, 5, 2)), False),
        (("-", "\u200b", date(1984, 5, 2)), False),
    ],
)
def test_another_is_asked_where_enough_is_known_to_say_who_is_meant(known, enough):
    assert is_enough(*known) is enough


@given(st.text(max_size=60), st.text(max_size=60))
def test_words_are_plain_and_stable(family, names):
    words = words_of(family)
    if not {"v", "vd"} & set(words):  # short infixes once a space stands behind them: V:Aa is a name, v Aa is van Aa
        assert words_of(" ".join(words)) == words
    assert all(word == word.casefold() for word in words)
    typed = plain_words("".join(map(simple_mark, f"{family} {names}")).replace("'", " "))
    kinds = Counter(token.partition(":")[0] for token in tokens_of(family, names, None))
    assert kinds["name"] <= 6 * len(typed)
    assert kinds["whole"] <= len(words) + len(words_of(names))
    assert kinds["alike"] <= 12  # four apart, two joined, two by their initial, four of who is called the same twice


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
    for lately in (REVIEWED_AT + 3, REVIEWED_AT + 17):
        act(world.leo, Action.SEARCH_OWN, partial(many_searches, lately))
    told = world.rows("SELECT about_id, count(*) FROM casework_finding GROUP BY about_id")
    assert sorted(told) == sorted([(world.lies.person_id, 1), (world.leo.person_id, 1)]), "however many ran at once"
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
