"""One name and one address are found in each way to write them; who merely may be meant is offered, never taken for one."""

import re
from datetime import date

import pytest

from casework.actions.perform import perform
from casework.input.addresses import compared, keys_of, searched_as
from casework.input.person_names import concerning, identities_of, likenesses_of, ranges_of, tokens_of, words_of
from casework.selectors import search_own
from permissions.acting import act
from permissions.vocabulary import Action
from tests.world import PREMISES

DAY = date(1984, 5, 2)
WHY = "Wij overwegen een bezoek en willen afstemmen."


def may_be(recorded, asked, born=DAY):
    """Whether who is asked for may be who was recorded, and the other way round."""
    return [
        any(
            low <= token <= high
            for token in likenesses_of(one[0], one[1], born)
            for low, high in ranges_of(other[0], other[1], DAY)
        )
        for one, other in ((recorded, asked), (asked, recorded))
    ]


def is_one(one, other):
    return bool({*identities_of(one[0], one[1], DAY)} & {*identities_of(other[0], other[1], DAY)})


JOINED = [
    ("O'Brien", "O Brien"),
    ("d'Hondt", "D Hondt"),
    ("El Amrani", "Elamrani"),
    ("El-Khatib", "ELKHATIB"),
    ("Al-Hassan", "Alhassan"),
    ("Ben Ali", "Benali"),
    ("van Dam", "Vandam"),
    ("Ter Borg", "Terborg"),
    ("Op den Kamp", "Opdenkamp"),
    ("de la Cruz", "Delacruz"),
    ("McDonald", "Mc Donald"),
    ("Abd el Karim", "Abdelkarim"),
    ("Đorđević", "Djordjevic"),
    ("Jansen-ter Borg", "Jansen Terborg"),
    ("أحمد", "احمد"),
    ("محمد", "مُحَمَّد"),
    ("\u0386\u03bd\u03bd\u03b1", "\u0391\u03bd\u03bd\u03b1"),
    ("Алёна", "Алена"),
]


@pytest.mark.parametrize("born", [DAY, None])
@pytest.mark.parametrize(("one", "other"), JOINED)
def test_a_name_that_is_joined_or_apart_is_one_name(one, other, born):
    assert may_be((one, "Kim"), (other, "Kim"), born) == [True, True]
    assert is_one((one, "Kim"), (other, "Kim"))
    assert may_be(("Proef", one), ("Proef", other), born) == [True, True]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Jansen", "J."), ("Jansen", "Jan")),
        (("Jansen", "J"), ("Jansen", "Jan Piet")),
        (("Jansen", "J.P."), ("Jansen", "JP")),
        (("Jansen", "AJM"), ("Jansen", "Anna")),
        (("JANSEN", "JP"), ("JANSEN", "JAN PIET")),
        (("Jansen", "Th."), ("Jansen", "Thomas")),
        (("Jansen", "Jan"), ("Jan", "Jansen")),
        (("Hassan", "Mohammed"), ("Hassan", "Mohamed")),
        (("Al-Hassan", "Mohammed"), ("Alhassan", "Mohamed")),
    ],
)
def test_a_likeness_is_offered_as_one_and_makes_nobody_one_person(one, other):
    assert may_be(one, other) == [True, True]
    assert may_be(one, other, None) == [True, True]
    assert not is_one(one, other)


def test_who_has_one_name_is_the_same_where_a_form_asked_for_two():
    assert is_one(("Suharto", "Suharto"), ("", "Suharto"))
    assert may_be(("Suharto", "Suharto"), ("Suharto", "")) == [True, True]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Jansen", "Jan"), ("Jansen", "Jaap")),
        (("Jansen", "J."), ("Jansen", "Kees")),
        (("Jansen", "KIM"), ("Jansen", "Karel")),
        (("JANSEN", "JO"), ("JANSEN", "JAN")),
        (("Vanessa", "Kim"), ("Essa", "Kim")),
        (("Jansen", "Jan"), ("Piet", "Jansen")),
        (("Elzinga", "Kim"), ("Zinga", "Kim")),
        (("Йосиф", "Kim"), ("Иосиф", "Kim")),
        (("Haan", "Kim"), ("Han", "Kim")),
        (("Borg", "Kim"), ("Borgh", "Kim")),
    ],
)
def test_who_is_contradicted_by_a_name_is_nobody_who_may_be_meant(one, other):
    assert may_be(one, other) == [False, False]
    assert not is_one(one, other)


def test_a_report_on_a_person_takes_in_an_initial_that_was_recorded_and_no_name_that_an_initial_may_stand_for():
    def reported(asked, recorded):
        tokens = {word.partition(":")[::2] for word in tokens_of(recorded[0], recorded[1], DAY)}
        return any(
            one[0] == kind and low <= one[1] <= high
            for one in tokens
            for kind, low, high in concerning(asked[0], asked[1], DAY)
        )

    assert reported(("Jansen", "Jan"), ("Jansen", "J."))
    assert reported(("Jansen", "Jan"), ("Jan", "Jansen"))
    assert reported(("El Amrani", "Kim Maria"), ("Elamrani", "Kim Maria"))
    assert not reported(("El Amrani", "Kim Maria"), ("Elamrani", "Kim Anna"))
    assert not reported(("Jansen", "J."), ("Jansen", "Jaap"))
    assert not reported(("Jansen", "Jan Piet"), ("Jan Kees", "Jansen"))


def found(world, typed):
    return {row.case_id for row in act(world.lies, Action.SEARCH_OWN, lambda: search_own(typed, "safety")).rows}


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("O'Brien", ["o brien", "obrien", "brien", "O\u2019Br"]),
        ("El Amrani", ["Elamrani", "el amrani", "amrani", "elam"]),
        ("Đorđević", ["Djordjevic", "dordevic", "djordj"]),
        ("ter Borg", ["Terborg", "ter borg", "borg"]),
        ("Delacruz", ["de la Cruz"]),
        ("Mc Donald", ["McDonald", "mc donald"]),
    ],
)
def test_a_person_is_found_by_their_name_joined_or_apart(world, name, typed):
    case = world.opened(person={"role": "subject", "family_name": name, "given_names": "Kim"}).made["case"]
    world.opened(person={"role": "subject", "family_name": "Anders", "given_names": "Iemand"})
    for words in typed:
        assert found(world, words) == found(world, f"{words} kim") == {case}, words


def test_another_agency_is_asked_once_for_each_person_who_may_be_meant(world):
    for given in ("Jan", "J.", "Kees"):
        person = {"role": "minor", "family_name": "El Amrani", "given_names": given}
        perform(world.wim, Action.OPEN_CASE, given={"person": person})
    known = {"family_name": "Elamrani", "given_names": "JAN", "birth_date": "1984", "text": WHY}
    perform(world.lies, Action.CHECK_KNOWN, None, {"known": known})
    assert world.count("casework_knowncheck") == 2, "Jan and J., each of them once, however many spellings they have"


def test_one_name_alone_is_not_two_because_it_has_two_spellings():
    whole = [word for word in tokens_of("El Schröder", "", None) if word.startswith("whole:")]
    assert whole == ["whole:schroder"]
    assert words_of("El Schröder") == ("schroder",)


def keys(**said):
    return set(compared(keys_of(**{"street": "", "number": "", "postcode": "", "town": "", **said})))


ALIKE = [
    ({"street": "Königstraat", "number": "5", "town": "Venlo"}, {"street": "Koenigstraat 5", "town": "Venlo"}),
    ({"street": "Königstraße 5", "town": "Köln"}, {"street": "Konigstr", "number": "5", "town": "Koeln"}),
    ({"street": "Müllerstraat 5", "town": "Venlo"}, {"street": "Muellerstr. 5", "town": "Venlo"}),
    ({"street": "IJsselkade", "number": "5", "town": "Kampen"}, {"street": "Ysselkade", "number": "5", "town": "Kampen"}),
    ({"street": "Åstraat 5", "town": "Dijkdorp"}, {"street": "Aastraat 5", "town": "Dykdorp"}),
    ({"street": "IJsselkade", "number": "5", "town": "Kampen"}, {"street": "IJsselkade", "number": "5-7", "town": "Kampen"}),
    ({"street": "IJsselkade", "number": "7", "town": "Kampen"}, {"street": "IJsselkade 5 t/m 7", "town": "Kampen"}),
    ({"number": "12c", "postcode": "1234 AB"}, {"number": "12a-12c", "postcode": "1234AB"}),
    ({"street": "Rue de la Loi 16", "town": "Bruxelles"}, {"street": "16 rue de la Loi", "town": "Brussel"}),
    ({"number": "221B", "postcode": "NW1 6XE"}, {"number": "221 b", "postcode": "nw16xe", "town": "London"}),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_an_address_has_a_key_in_common_with_itself_in_another_writing(one, other):
    assert keys(**one) & keys(**other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"town": "Texel"}, {"town": "Texel"}),
        ({"postcode": "1000", "number": "16", "street": "Rue A"}, {"postcode": "1000", "number": "16", "street": "Rue B"}),
        ({"street": "Kade 5-7", "town": "X"}, {"street": "Kade 6", "town": "X"}),
        ({"street": "Kade 7-2", "town": "X"}, {"street": "Kade 2", "town": "X"}),
        ({"street": "Kade 1-100", "town": "X"}, {"street": "Kade 100", "town": "X"}),
        ({"street": "Boerstraat 5", "town": "X"}, {"street": "Borstraat 5", "town": "X"}),
    ],
)
def test_what_two_places_merely_share_makes_them_no_one_place(one, other):
    assert keys(**one).isdisjoint(keys(**other))


STORED = {
    "berlin": {"street": "Königstraße", "number": "5", "postcode": "10115", "town": "Berlin"},
    "texel": {"town": "Texel"},
    "hague": {"street": "Dorpsstraat", "number": "12a", "postcode": "1234 AB", "town": "Den Haag"},
    "brussels": {"street": "Rue de la Loi", "number": "16", "postcode": "1000", "town": "Bruxelles"},
    "london": {"street": "Baker Street", "number": "221B", "postcode": "NW1 6XE", "town": "London"},
    "kampen": {"street": "IJsselkade", "number": "1", "town": "Kampen"},
    "praha": {"street": "Zkouška", "postcode": "110 00", "town": "Praha"},
}


def places(typed):
    patterns = [re.compile(one.replace("%", "[^\n]*")) for one in searched_as(typed)]
    stored = {name: keys_of(**{"street": "", "number": "", "postcode": "", **said}) for name, said in STORED.items()}
    return {name for name, laid in stored.items() if any(one.fullmatch(key) for one in patterns for key in laid)}


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Texel", "texel"),
        ("10115", "berlin"),
        ("10115 Berlin", "berlin"),
        ("Königstraße 5, 10115 Berlin", "berlin"),
        ("Konigstrasse 10115 Berlin", "berlin"),
        ("Koenigstr. 5", "berlin"),
        ("Koenigstr. 5 D-10115 Berlin", "berlin"),
        ("1000 Bruxelles", "brussels"),
        ("1000 Brussel", "brussels"),
        ("Rue de la Loi 16, 1000 Bruxelles", "brussels"),
        ("16 rue de la Loi, 1000 Bruxelles", "brussels"),
        ("NW1 6XE", "london"),
        ("nw16xe", "london"),
        ("221B Baker Street", "london"),
        ("Baker Street 221B, NW1 6XE London", "london"),
        ("221b baker street london nw1 6xe", "london"),
        ("Ysselkade 1", "kampen"),
        ("Ysselkade", "kampen"),
        ("1234AB12a", "hague"),
        ("1234AB 12", "hague"),
        ("1234 ab 12 a", "hague"),
        ("Dorpsstraat 12", "hague"),
        ("110 00", "praha"),
        ("Praha", "praha"),
    ],
)
def test_an_address_is_found_by_what_somebody_knows_of_it(typed, name):
    assert places(typed) == {name}


@pytest.mark.parametrize(
    "typed",
    [
        *("10116", "10115 Hamburg", "Andere Straße 5, 10115 Berlin", "Königstraße 6, 10115 Berlin", "NW1 6XF"),
        *("22B Baker Street", "1234AB1", "1234AB 2", "Tex", "Rue de la Loi 17, 1000 Bruxelles", "IJsselkade 1000"),
        "Baker Street 22 NW1 6XF London",
    ],
)
def test_another_address_abroad_is_not_found(typed):
    assert places(typed) == set()


def test_a_search_for_many_figures_asks_for_few_patterns():
    assert max(len(searched_as(" ".join([word] * 12))) for word in ("1234", "ab1c2de", "öä1", "1")) < 300


def test_a_place_of_which_little_is_known_is_found_and_is_no_place_where_somebody_was_warned(world):
    case = world.opened(premises={"town": "Texel"}).made["case"]
    berlin = world.opened(premises={**PREMISES, **STORED["berlin"]}).made["case"]
    assert found(world, "Texel") == {case}
    assert found(world, "10115 Berlin") == found(world, "Koenigstr. 5") == {berlin}
