"""Earlier warnings are the product's own look-up: nobody types that there were none, and a hit is answered."""

from functools import partial

import pytest

from casework.actions.perform import perform
from casework.input.addresses import keys_of
from casework.oversight.access_log import case_log
from permissions.acting import act
from permissions.vocabulary import Action
from tests.world import PERSON, PLAN, PREMISES, REPORT, checklist, signed_in
from workflows.table import Incomplete

OTHER = {"role": "subject", "family_name": "Voorbeeld", "given_names": "Iemand", "birth_date": "1971-02-03"}
ELSEWHERE = {"street": "Testlaan", "number": "9", "town": "Proefdorp"}
WHY = "Nagegaan in het eerdere dossier."


def warned(world):
    """A case in which somebody was warned, and its track."""
    return world.track("warned")


def in_triage(world, **content):
    done = world.opened(**content)
    track = done.made["warning"]
    perform(world.lies, Action.SUBMIT, track)
    perform(world.dirk, Action.TAKE_UP, track)
    return done.made["case"], track


def warn(world, track):
    perform(world.dirk, Action.PLAN_VISIT, track, checklist())
    for action, content in ((Action.SCHEDULE_VISIT, PLAN), (Action.RECORD_VISIT, REPORT), (Action.WARN, {})):
        perform(world.lies, action, track, content)


def missing(world, track, **more):
    with pytest.raises(Incomplete) as found:
        perform(world.dirk, Action.PLAN_VISIT, track, {**checklist(), **more})
    return found.value.missing


def hits(world, track):
    query = "SELECT code FROM casework_storedfact WHERE track_id = %s AND fact = 'prior_warning_hit' ORDER BY 1"
    return [code for (code,) in world.rows(query, track)]


@pytest.mark.parametrize(
    ("person", "premises", "alike"),
    [
        (PERSON, ELSEWHERE, ["person"]),
        ({**PERSON, "given_names": "TESTPERSOON", "family_name": "PROÈF"}, ELSEWHERE, ["person"]),
        ({**PERSON, "birth_date": ""}, ELSEWHERE, ["person_partly"]),
        (OTHER, PREMISES, ["address"]),
        (OTHER, {"street": "proef-straat", "number": " 1", "town": "VOORBEELDSTAD", "postcode": "1234 AB"}, ["address"]),
        (OTHER, {"street": "Proefstr.", "number": "1", "town": "Voorbeeldstad"}, ["address"]),
        (OTHER, {"street": "Proefstr.", "number": "1-3", "town": "Voorbeeldstad"}, ["address"]),
        (PERSON, PREMISES, ["address_and_person"]),
        (OTHER, ELSEWHERE, []),
        ({**PERSON, "birth_date": "1985-05-01"}, ELSEWHERE, []),
        (OTHER, {**PREMISES, "number": "1 A"}, []),
        (OTHER, {**PREMISES, "number": "11"}, []),
        (OTHER, {**PREMISES, "town": "Proefdorp"}, []),
    ],
)
def test_the_same_person_or_address_is_found_however_it_is_written(world, person, premises, alike):
    warned(world)
    _, track = in_triage(world, person=person, premises=premises)
    assert hits(world, track) == alike
    if alike:
        assert missing(world, track) == ("prior_warning_checked",)
    else:
        assert perform(world.dirk, Action.PLAN_VISIT, track, checklist()).id == track


SPELLINGS = [
    ({"street": "Weißstraße", "number": "12a"}, {"street": "WEISSSTR.", "number": "12 A"}),
    ({"street": "Þórsplein", "number": "12 bis"}, {"street": "Thorspl.", "number": "12bis"}),
    ({"street": "Æblelaan", "number": "7-2"}, {"street": "aeble ln", "number": "7 / 2"}),
    ({"street": "Łódźgracht", "number": "3"}, {"street": "lodzgr", "number": "nr. 3"}),
    ({"street": "Đorđeweg", "number": "3"}, {"street": "Dordewg.", "number": "03"}),
    ({"street": "Proefstraat", "number": "12a"}, {"street": "Proefstraat 12-A"}),
    ({"street": "Plein 1944", "number": "5"}, {"street": "Plein 1944 5"}),
    ({"street": "Sint Proefstraat", "number": "1 huis"}, {"street": "St. Proefstr", "number": "1 HS"}),
    (
        {"street": "Proefstraat", "number": "1", "town": "'s-Gravenhage"},
        {"street": "Proefstr", "number": "1", "town": "Den Haag"},
    ),
    ({"street": "Jan van der Heijdenstraat", "number": "12-1"}, {"street": "Jan v.d. Heijdenstr", "number": "12-I"}),
    ({"street": "Laan van Proefdervoort 3"}, {"street": "Ln v Proefdervoort", "number": "3"}),
    ({"street": "Koningin Proefalaan", "number": "5"}, {"street": "Kon. Proefalaan", "number": "5"}),
    ({"street": "Dorp 5", "town": "Capelle aan den IJssel"}, {"street": "Dorp 5", "town": "Capelle a/d IJssel"}),
    ({"street": "Dorp 5", "town": "Sint Proefhuis"}, {"street": "Dorp 5", "town": "St. Proefhuis"}),
    ({"street": "16 Rue de la Loi", "town": "Bruxelles"}, {"street": "Rue de la Loi", "number": "16", "town": "Bruxelles"}),
    ({"street": "16 bis, rue d'Essai"}, {"street": "Rue d'Essai 16bis"}),
    ({"street": "Königstraat", "number": "5"}, {"street": "Koenigstraat", "number": "5"}),
    ({"street": "IJsselkade", "number": "5-7"}, {"street": "Ysselkade", "number": "7"}),
    ({"number": "12a", "postcode": "1234 AB"}, {"number": "12-A", "postcode": "1234ab", "town": "Elders"}),
]


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("one", "other"), SPELLINGS)
def test_an_address_is_the_same_with_other_letters_short_words_and_additions(world, one, other, turned):
    town = {"town": "Voorbeeldstad"}
    first, second = (other, one) if turned else (one, other)
    warn(world, in_triage(world, premises={**town, **first})[1])
    _, track = in_triage(world, person=OTHER, premises={**town, **second})
    assert hits(world, track) == ["address"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"number": "12"}, {"number": "12a"}),
        ({"number": "12a"}, {"number": "12b"}),
        ({"number": "1-12"}, {"number": "11-2"}),
        ({"number": "12"}, {}),
        ({"street": "Proefweg", "number": "1"}, {"street": "Proeflaan", "number": "1"}),
        ({"street": "Oude Proefstraat", "number": "1"}, {"street": "Proefstraat", "number": "1"}),
        ({"street": "2e Proefstraat", "number": "1"}, {"street": "Proefstraat", "number": "1"}),
        ({"street": "Proefstraat", "number": "1"}, {"street": "Proefstraat", "number": "1", "town": "Proefdorp"}),
    ],
)
def test_another_address_has_no_key_in_common(one, other):
    def keys(said):
        return set(keys_of(**{"street": "Proefstraat", "number": "", "postcode": "", "town": "Voorbeeldstad", **said}))

    assert keys(one)
    assert keys(one).isdisjoint(keys(other))


WARNED = {**PERSON, "family_name": "El Khatib", "given_names": "Mohammed"}


@pytest.mark.parametrize(
    ("person", "alike"),
    [
        ({"family_name": "Elkhatib", "given_names": "Mohamed"}, ["person"]),
        ({"family_name": "Elkhatib", "given_names": "Mohammed", "birth_date": ""}, ["person_partly"]),
        ({"family_name": "El-Khatib", "given_names": "M."}, ["person"]),
        ({"family_name": "Mohammed", "given_names": "Elkhatib"}, ["person"]),
        ({"family_name": "El Khatib", "given_names": "", "birth_date": ""}, []),
        ({"family_name": "Elkhatib", "given_names": "Mohammed", "birth_date": "1985-05-01"}, []),
    ],
)
def test_who_was_warned_is_recognised_with_their_name_joined_or_apart_and_never_by_a_family_name_alone(world, person, alike):
    warn(world, in_triage(world, person=WARNED)[1])
    _, track = in_triage(world, person={**WARNED, **person}, premises=ELSEWHERE)
    assert hits(world, track) == alike


def test_a_town_alone_is_no_address_at_which_somebody_was_warned(world):
    warn(world, in_triage(world, premises={"town": "Texel"})[1])
    _, track = in_triage(world, person=OTHER, premises={"town": "Texel"})
    assert hits(world, track) == []


def test_a_case_in_which_nobody_was_warned_is_no_hit(world):
    world.track("visit_planned")
    _, track = in_triage(world)
    assert hits(world, track) == []


def test_typing_that_there_was_none_neither_satisfies_nor_hides(world):
    warned(world)
    _, track = in_triage(world)
    assert missing(world, track, prior_warning_checked={"yes": "no", "date": "today"}) == ("prior_warning_checked",)
    assert missing(world, track, prior_warning_checked={}) == ("prior_warning_checked",)


def test_without_a_hit_nothing_needs_to_be_typed(world):
    _, track = in_triage(world)
    given = {name: value for name, value in checklist().items() if name != "prior_warning_checked"}
    assert perform(world.dirk, Action.PLAN_VISIT, track, given).id == track
    stored = world.rows("SELECT code, is_so, text FROM casework_storedfact WHERE fact = 'prior_warning_look_up'")
    assert set(stored) == {("no_hit", False, "person, address")}


def test_another_person_after_all_opens_the_visit_and_an_investigation_does_not(world):
    warned(world)
    _, track = in_triage(world)
    to_investigation = {"code": "goes_to_investigation", "text": WHY}
    assert missing(world, track, prior_warning_answer=to_investigation) == ("prior_warning_checked",)
    reason = {"reason": {"code": "exclusion_found", "text": "Eerder gewaarschuwd, naar het onderzoek."}}
    _, second = in_triage(world)
    perform(world.dirk, Action.ESCALATE, second, {**reason, "prior_warning_answer": to_investigation})
    answer = {"prior_warning_answer": {"code": "other_person_after_all", "text": WHY}}
    assert perform(world.dirk, Action.PLAN_VISIT, track, {**checklist(), **answer}).id == track


def test_warning_again_with_an_approval_of_after_the_hit_was_known_opens_the_visit(world):
    warned(world)
    _, track = in_triage(world)
    again = {"prior_warning_answer": {"code": "warn_again_with_prosecutor", "text": WHY}}
    assert perform(world.dirk, Action.PLAN_VISIT, track, {**checklist(), **again}).id == track


def test_an_approval_of_the_same_day_that_was_stored_before_the_hit_was_known_does_not_serve(world):
    case, track = in_triage(world)
    perform(world.dirk, Action.WRITE_RECORD, case, {"prosecutor_approval": checklist()["prosecutor_approval"]})
    warned(world)
    again = {"prior_warning_answer": {"code": "warn_again_with_prosecutor", "text": WHY}}
    given = {name: value for name, value in checklist().items() if name != "prosecutor_approval"}
    with pytest.raises(Incomplete) as found:
        perform(world.dirk, Action.PLAN_VISIT, track, {**given, **again})
    assert found.value.missing == ("prosecutor_approval",)


def test_an_answer_about_one_hit_does_not_answer_the_other(world):
    first, _ = warned(world)
    _, track = in_triage(world, premises=ELSEWHERE)
    perform(
        world.dirk,
        Action.PLAN_VISIT,
        track,
        {**checklist(), "prior_warning_answer": {"code": "other_person_after_all", "text": WHY}},
    )
    for action, content in ((Action.SCHEDULE_VISIT, PLAN), (Action.RECORD_VISIT, REPORT), (Action.WARN, {})):
        perform(world.lies, action, track, content)
    _, third = in_triage(world)
    assert len(hits(world, third)) == 2
    one = {"code": "other_person_after_all", "text": WHY, "case": str(first)}
    assert missing(world, third, prior_warning_answer=[one]) == ("prior_warning_checked",)
    rest = {"code": "other_person_after_all", "text": WHY}
    assert perform(world.dirk, Action.PLAN_VISIT, third, {**checklist(), "prior_warning_answer": [one, rest]}).id == third


def test_a_person_who_is_written_after_the_report_was_taken_up_is_looked_up_too(world):
    warned(world)
    case, track = in_triage(world, person=OTHER, premises=ELSEWHERE)
    assert hits(world, track) == []
    perform(world.dirk, Action.WRITE_RECORD, case, {"person": PERSON})
    assert hits(world, track) == ["person"]


def test_other_agencies_records_are_not_looked_through(world):
    warned(world)
    done = perform(
        world.wanda,
        Action.OPEN_CASE,
        given={"person": PERSON, "premises": PREMISES, "basis": {"code": "WPG_8", "article": "8"}},
    )
    perform(world.wanda, Action.SUBMIT, done.made["warning"])
    assert world.rows("SELECT count(*) FROM casework_storedfact WHERE fact = 'prior_warning_hit'") == [(0,)]


def test_a_hit_behind_a_wall_is_told_without_its_reference(world):
    case, _ = warned(world)
    called = world.rows("SELECT reference FROM casework_participation WHERE content_object_id = %s", case)[0][0]
    perform(
        world.saskia,
        Action.WALL_PERSON,
        case,
        {"wall": {"person": world.dirk.person_id, "text": "Hij kent de familie van dit adres."}},
    )
    _, track = in_triage(world)
    assert world.rows("SELECT name, ref_id = %s FROM casework_storedfact WHERE fact = 'prior_warning_hit'", case) == [
        ("", False)
    ]
    page = signed_in("dirk").get(f"/tracks/{track}/plan_visit").content.decode()
    assert called not in page
    assert "Eerdere waarschuwing" in page


def test_the_page_shows_when_was_looked_and_what_was_found_and_asks_for_the_answer(world):
    case, _ = warned(world)
    called = world.rows("SELECT reference FROM casework_participation WHERE content_object_id = %s", case)[0][0]
    _, track = in_triage(world)
    client = signed_in("dirk")
    before = world.count("audit_entry")
    page = client.get(f"/tracks/{track}/plan_visit").content.decode()
    assert called in page
    assert 'name="prior_warning_answer-code"' in page
    assert "adres" in page
    assert world.rows("SELECT count(*) FROM audit_entry WHERE word = 'look_up_warnings' AND id > %s", before) != [(0,)]
    said = world.rows("SELECT additional_data FROM audit_entry WHERE word = 'look_up_warnings' ORDER BY id DESC LIMIT 1")
    assert said == [({"by": "compared:person,address", "shown": [str(case)], "cases": [str(case)]},)]
    assert "Proef" not in str(said)
    log = act(world.arie, Action.SEE_ACCESS_LOG, partial(case_log, [case]))
    assert ("Dirk Beslisser", "look_up_warnings") in {(line.person, line.word) for line in log.lines}, "of the earlier case"
