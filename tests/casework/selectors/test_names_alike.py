"""Which writings of a name, birth date or number are one, and which are two."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.input.dates import from_written
from casework.input.marks import simple_mark
from casework.input.person_names import concerning, identities_of, is_enough, plain_words, ranges_of, tokens_of, words_of


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
