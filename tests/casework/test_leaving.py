"""Nothing leaves on a basis that does not carry it: at the check, at sending and at delivery, and by two people's hand."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError

from casework.actions.perform import perform
from casework.selectors import see_handoff
from casework.worker.carry_out import run_due
from permissions.acting import act, acting_as, scenario_moment
from permissions.bases import VALID_FROM
from permissions.decision import Missing, Refused
from permissions.models import BasisConfirmation, PartnershipDecision
from permissions.services import NewAgency, NewPerson, agree_all, install
from permissions.vocabulary import Action, AgencyKind, Role
from tests.world import LETTER, NECESSARY, PASSWORD, PERSON, PREMISES, signed_in
from workflows.table import Incomplete

CHILD = {"role": "subject", "family_name": "Proef", "given_names": "Kim", "birth_date": "2011-06-01"}


def joined(username, agency, role):
    person = NewPerson(username, username.capitalize(), agency, (role,), PASSWORD)
    return install([], [person], datetime.now(UTC) - timedelta(days=1))[username]


def consented(world, **consent):
    """A package of youth care to Veilig Thuis on the consent of a person of fifteen."""
    case = perform(world.joke, Action.OPEN_CASE, None, {"person": CHILD}).made["case"]
    given = {"code": "sharing", "given_by": "self", "date": "2026-01-05", "receiver": world.agency("wim"), **consent}
    perform(world.joke, Action.WRITE_RECORD, case, {"consent": given})
    return case, prepared(world, case)


def prepared(world, case, **changes):
    content = {
        "kind": "concern_report",
        "receiver": world.agency("wim"),
        "basis": "JW_7_3_11_CONSENT",
        "items": ["identity"],
        "source_protected": "yes",
        **NECESSARY,
        **changes,
    }
    return perform(world.joke, Action.PREPARE_HANDOFF, case, {"package": content}).id


def limits_of(world, who, handoff):
    return act(world.people[who], Action.SEE_HANDOFF, lambda: see_handoff(handoff)).missing


@pytest.mark.parametrize(
    ("consent", "missing"),
    [
        ({}, ()),
        ({"code": "help_and_sharing"}, ()),
        ({"code": "help"}, ("consent",)),
        ({"given_by": "representative"}, ("consent",)),
        ({"until": "2026-01-06"}, ("consent",)),
        ({"until": "today"}, ()),
        ({"receiver": None}, ("consent",)),
    ],
)
def test_consent_counts_for_its_purpose_person_and_time(world, consent, missing):
    given = {name: value for name, value in consent.items() if value is not None}
    if "receiver" in consent:
        given["receiver"] = world.agency("lies")
    _, handoff = consented(world, **given)
    assert limits_of(world, "joke", handoff) == missing
    if missing:
        with pytest.raises(Incomplete, match="legal_basis"):
            perform(world.jan, Action.CHECK_HANDOFF, handoff)
    else:
        perform(world.jan, Action.CHECK_HANDOFF, handoff)


def test_the_consent_of_one_person_is_not_that_of_another(world):
    case, _ = consented(world)
    perform(world.joke, Action.WRITE_RECORD, case, {"person": {**CHILD, "role": "minor", "given_names": "Sam"}})
    both = prepared(world, case)
    assert limits_of(world, "joke", both) == ("consent",)


def test_consent_that_is_withdrawn_after_sending_is_not_delivered_on(world):
    case, handoff = consented(world)
    perform(world.jan, Action.CHECK_HANDOFF, handoff)
    perform(world.jan, Action.SEND_HANDOFF, handoff)
    perform(world.joke, Action.WRITE_RECORD, case, {"consent_withdrawn": {"date": "2026-01-06"}})
    world.work()
    assert world.rows("SELECT state, delivered FROM casework_handoff") == [("withdrawn", [])]
    assert world.count("casework_disclosure") == 0
    assert world.rows("SELECT count(*) FROM casework_ruling WHERE group_id = %s", world.agency("wim")) == [(0,)]
    told = act(world.joke, Action.SEE_HANDOFF, lambda: see_handoff(handoff))
    assert [row.code for row in told.answers] == ["consent_ended"]
    world.work()
    assert world.rows("SELECT DISTINCT agency_id FROM casework_notice") == [(world.agency("joke"),)]
    with pytest.raises(Missing):
        perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, handoff)


def test_consent_that_runs_out_between_sending_and_delivery_is_not_delivered_on(world):
    _, handoff = consented(world, until=(datetime.now(UTC) + timedelta(days=2)).date().isoformat())
    perform(world.jan, Action.CHECK_HANDOFF, handoff)
    perform(world.jan, Action.SEND_HANDOFF, handoff)
    token = scenario_moment.set(datetime.now(UTC) + timedelta(days=5))
    try:
        run_due(datetime.now(UTC) + timedelta(days=5))
    finally:
        scenario_moment.reset(token)
    assert world.rows("SELECT state, delivered FROM casework_handoff") == [("withdrawn", [])]
    assert world.count("casework_disclosure") == 0


def test_who_let_a_package_expire_takes_part_no_more(world):
    handoff = world.delivered(world.track()[0], kind="referral", receiver="wanda", basis="WPG_15")
    part = "SELECT ends_at IS NULL FROM casework_ruling WHERE group_id = %s"
    assert world.rows(part, world.agency("wanda")) == [(True,)]
    later = datetime.now(UTC) + timedelta(days=60)
    token = scenario_moment.set(later)
    try:
        run_due(later)
    finally:
        scenario_moment.reset(token)
    assert world.rows("SELECT state FROM casework_handoff WHERE id = %s", handoff) == [("expired",)]
    assert world.rows(part, world.agency("wanda")) == [(False,)]


def test_who_has_a_package_that_is_taken_back_is_told_so(world):
    handoff = world.delivered(world.track()[0])
    perform(
        world.lies,
        Action.WITHDRAW_HANDOFF,
        handoff,
        {"reason": {"code": "sent_by_mistake", "text": "Het verkeerde pakket, bij vergissing."}},
    )
    world.work()
    told = world.rows("SELECT DISTINCT agency_id FROM casework_notice WHERE word = 'withdrawn'")
    assert told == [(world.agency("wim"),)]


def test_a_later_consent_that_ran_out_brings_no_earlier_one_back(world):
    case, handoff = consented(world)
    given = {"code": "sharing", "given_by": "self", "date": "2026-01-06", "receiver": world.agency("wim")}
    perform(world.joke, Action.WRITE_RECORD, case, {"consent": {**given, "until": "2026-01-07"}})
    assert limits_of(world, "joke", handoff) == ("consent",)
    perform(world.joke, Action.WRITE_RECORD, case, {"consent": given})
    assert limits_of(world, "joke", handoff) == ()


def test_the_consent_of_who_is_only_reached_by_the_package_is_weighed_at_delivery(world):
    case, _ = consented(world)
    plant(world, "UPDATE casework_personincase SET contact = '06 12345678'")
    handoff = prepared(world, case, kind="help", items=["contact"])
    jana = joined("jana", "Jeugdhulp Proefstad", Role.SUPERVISOR)
    perform(jana, Action.CHECK_HANDOFF, handoff)
    perform(world.joke, Action.SEND_HANDOFF, handoff)
    world.work()
    assert world.rows("SELECT state FROM casework_handoff WHERE id = %s", handoff) == [("delivered",)]


ENDED = {
    "confirmed": "UPDATE permissions_basisconfirmation SET is_confirmed = false",
    "agreement_valid": "UPDATE permissions_sharingagreement SET ends_on = '2026-01-02'",
    "recipient_active": "UPDATE permissions_agency SET is_active = false WHERE kind = 'veilig_thuis'",
}
NARROWED = "UPDATE permissions_sharingagreement SET groups = '{household}'"


def plant(world, statement):
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute(statement)
    world.superuser.execute("SET session_replication_role = origin")


@pytest.mark.parametrize(("limit", "statement"), [*ENDED.items(), ("agreement_valid", NARROWED)])
def test_what_no_longer_holds_at_delivery_ends_the_package_and_its_sender_has_work(world, limit, statement):
    case, _ = world.track()
    handoff = world.package(case)
    perform(world.karin, Action.CHECK_HANDOFF, handoff)
    perform(world.lies, Action.SEND_HANDOFF, handoff)
    plant(world, statement)
    world.work()
    assert world.rows("SELECT state, delivered FROM casework_handoff") == [("withdrawn", [])]
    assert world.count("casework_disclosure") == 0
    assert world.rows("SELECT count(*) FROM casework_ruling WHERE group_id = %s", world.agency("wim")) == [(0,)]
    told = act(world.lies, Action.SEE_HANDOFF, lambda: see_handoff(handoff))
    assert [row.code for row in told.answers] == [f"limit:{limit}"]
    waits = "SELECT agency_id FROM casework_deadline WHERE clock = 'HANDOFF_AGAIN' AND met_at IS NULL"
    assert world.rows(waits) == [(world.agency("lies"),)]
    page = signed_in("lies").get(f"/handoffs/{handoff}").content.decode()
    assert "limit:" not in page


def test_a_decision_on_a_partnership_that_ended_after_sending_carries_nothing(world):
    case, _ = world.track()
    decision = {"members": [world.agency("wim")], "groups": ["identity"], "citation": "Convenant", "since": "2026-01-01"}
    key = perform(world.saskia, Action.MANAGE_AGREEMENTS, None, {"partnership": decision}).id
    perform(world.sjoerd, Action.MANAGE_AGREEMENTS, key)
    handoff = world.package(case, basis="WPG_20", items=["identity"])
    perform(world.karin, Action.CHECK_HANDOFF, handoff)
    perform(world.lies, Action.SEND_HANDOFF, handoff)
    perform(world.saskia, Action.MANAGE_AGREEMENTS, key, {"ending": {"until": "2026-01-05"}})
    world.work()
    assert world.rows("SELECT state FROM casework_handoff") == [("withdrawn",)]
    told = act(world.lies, Action.SEE_HANDOFF, lambda: see_handoff(handoff))
    assert [row.code for row in told.answers] == ["limit:partnership"]


@pytest.mark.parametrize("statement", [ENDED["agreement_valid"], NARROWED])
def test_sending_asks_that_every_group_is_agreed_today(world, statement):
    case, _ = world.track()
    handoff = world.package(case)
    perform(world.karin, Action.CHECK_HANDOFF, handoff)
    plant(world, statement)
    with pytest.raises(Incomplete) as found:
        perform(world.lies, Action.SEND_HANDOFF, handoff)
    assert found.value.missing == ("agreement_valid",)


def supervised(world, *children):
    """A package to a certified institution about these children, and the ids by given name."""
    board = NewAgency("Instelling Proefstad", AgencyKind.CERTIFIED_INSTITUTION)
    install([board], [], datetime.now(UTC) - timedelta(days=1))
    agree_all(datetime.now(UTC).date() - timedelta(days=1))
    case = perform(world.joke, Action.OPEN_CASE, None, {"person": [*children]}).made["case"]
    rows = world.rows("SELECT given_names, id FROM casework_personincase")
    to = world.agency_of_kind(AgencyKind.CERTIFIED_INSTITUTION)
    return case, prepared(world, case, receiver=to, kind="help", basis="JW_7_3_11_4", asked_or_not="asked"), dict(rows)


def ordered(world, case, person, until):
    order = {"court": "Rechtbank Voorbeeld", "date": "2026-01-05", "until": until, "person": person}
    perform(world.joke, Action.WRITE_RECORD, case, {"supervision_order": order})


SAM = {**CHILD, "role": "minor", "given_names": "Sam"}
PARENT = {"role": "guardian", "family_name": "Proef", "given_names": "Ouder", "birth_date": "1980-01-01"}


def test_every_minor_in_the_package_is_under_supervision_and_an_order_can_end_early(world):
    case, handoff, ids = supervised(world, CHILD, SAM, PARENT)
    running = (datetime.now(UTC) + timedelta(days=90)).date().isoformat()
    ordered(world, case, ids["Kim"], running)
    assert limits_of(world, "joke", handoff) == ("supervised",), "the order of one child carries no other"
    ordered(world, case, ids["Sam"], running)
    assert limits_of(world, "joke", handoff) == ()
    perform(world.jan, Action.CHECK_HANDOFF, handoff)
    perform(world.jan, Action.SEND_HANDOFF, handoff)
    ordered(world, case, ids["Sam"], "2026-01-20")
    assert limits_of(world, "joke", prepared_again(world, case, handoff)) == ("supervised",)
    world.work()
    told = act(world.joke, Action.SEE_HANDOFF, lambda: see_handoff(handoff))
    assert (told.handoff.state, [row.code for row in told.answers]) == ("withdrawn", ["limit:supervised"])


def test_two_people_stand_for_an_order_who_stored_it_and_who_checked_a_package_on_it(world):
    both = NewPerson("jos", "Jos Dubbel", "Jeugdhulp Proefstad", (Role.CASEWORKER, Role.QUALITY_CHECKER), PASSWORD)
    jos = world.people["joke"] = install([], [both], datetime.now(UTC) - timedelta(days=1))["jos"]
    case, handoff, ids = supervised(world, CHILD)
    running = (datetime.now(UTC) + timedelta(days=90)).date().isoformat()
    order = {"court": "Rechtbank Voorbeeld", "number": "JE RK 26-1", "date": "2026-01-05", "until": running}
    perform(jos, Action.WRITE_RECORD, case, {"supervision_order": {**order, "person": ids["Kim"]}})
    with pytest.raises(Incomplete) as found:
        perform(jos, Action.CHECK_HANDOFF, handoff)
    assert "legal_basis" in found.value.missing
    shown = act(world.jan, Action.SEE_HANDOFF, lambda: see_handoff(handoff)).orders
    told = [(child, row.name, row.text, str(row.until_date), who) for child, row, who in shown]
    assert told == [("Kim Proef", "Rechtbank Voorbeeld", "JE RK 26-1", running, "Jos Dubbel")]
    assert "JE RK 26-1" in signed_in("jos").get(f"/handoffs/{handoff}").content.decode()
    perform(world.jan, Action.CHECK_HANDOFF, handoff)
    perform(world.jan, Action.SEND_HANDOFF, handoff)


def test_an_order_that_was_stored_after_the_check_carries_nothing_until_it_is_checked(world):
    case, handoff, ids = supervised(world, CHILD)
    running = (datetime.now(UTC) + timedelta(days=90)).date().isoformat()
    ordered(world, case, ids["Kim"], running)
    perform(world.jan, Action.CHECK_HANDOFF, handoff)
    ordered(world, case, ids["Kim"], running)
    with pytest.raises(Incomplete, match="legal_basis"):
        perform(world.jan, Action.SEND_HANDOFF, handoff)
    again = {"reason": {"code": "content_changed", "text": "De beschikking is opnieuw vastgelegd."}}
    perform(world.jan, Action.REWORK_HANDOFF, handoff, again)
    perform(world.joke, Action.PREPARE_HANDOFF, handoff, {"package": package_of(world, handoff)})
    perform(world.jan, Action.CHECK_HANDOFF, handoff)
    perform(world.jan, Action.SEND_HANDOFF, handoff)
    fact = world.rows("SELECT id FROM casework_storedfact WHERE fact = 'supervision_order' ORDER BY made_at DESC")[0][0]
    corrected = {"fact_correction": {"fact": fact, "why": "mistyped", "name": "Rechtbank Elders"}}
    perform(world.joke, Action.WRITE_RECORD, case, corrected)
    world.work()
    told = act(world.joke, Action.SEE_HANDOFF, lambda: see_handoff(handoff))
    assert (told.handoff.state, [row.code for row in told.answers][:1]) == ("withdrawn", ["limit:supervised"])


def package_of(world, handoff):
    [(to,)] = world.rows("SELECT receiver_id FROM casework_handoff WHERE id = %s", handoff)
    ground = {"kind": "help", "basis": "JW_7_3_11_4", "asked_or_not": "asked", "receiver": to}
    return {"items": ["identity"], "source_protected": "yes", **NECESSARY, **ground}


def prepared_again(world, case, handoff):
    [(to,)] = world.rows("SELECT receiver_id FROM casework_handoff WHERE id = %s", handoff)
    return prepared(world, case, receiver=to, kind="help", basis="JW_7_3_11_4", asked_or_not="asked")


def test_one_child_whose_age_is_not_known_needs_an_order_too(world):
    unknown = {"role": "minor", "family_name": "Proef", "given_names": "Bo"}
    case, handoff, ids = supervised(world, CHILD, unknown)
    ordered(world, case, ids["Kim"], (datetime.now(UTC) + timedelta(days=90)).date().isoformat())
    assert limits_of(world, "joke", handoff) == ("supervised",)


@pytest.mark.parametrize(("letter", "missing"), [("l", ()), ("L", ()), ("7", ("letter",)), ("?", ("letter",))])
def test_a_letter_is_one_of_the_decree(world, letter, missing):
    case, _ = world.track()
    assert limits_of(world, "lies", world.package(case, letter=letter)) == missing


@pytest.mark.parametrize(("letter", "missing"), [("b", ()), ("l", ("letter",)), ("f", ("letter",))])
def test_the_letter_is_that_of_the_receiver_where_a_source_gives_it(world, letter, missing):
    install([NewAgency("Slachtofferhulp Proefstad", AgencyKind.VICTIM_SUPPORT)], [], datetime.now(UTC) - timedelta(days=1))
    agree_all(datetime.now(UTC).date() - timedelta(days=1))
    case, _ = world.track()
    content = {"kind": "victim", "basis": "WPG_18_1", "items": ["identity"], "source_protected": "yes", **LETTER}
    to = world.agency_of_kind(AgencyKind.VICTIM_SUPPORT)
    said = {"package": {**content, **NECESSARY, "letter": letter, "receiver": to}}
    handoff = perform(world.lies, Action.PREPARE_HANDOFF, case, said).id
    assert limits_of(world, "lies", handoff) == missing


@pytest.mark.parametrize("who", ["lies", "karin"])
def test_what_is_to_be_kept_secret_since_drops_out_of_a_package_that_is_taken_back(world, who):
    case, _ = world.track()
    handoff = world.package(case)
    perform(world.karin, Action.CHECK_HANDOFF, handoff)
    perform(world.lies, Action.WRITE_RECORD, case, {"premises": {**PREMISES, "is_secret": "yes"}})
    why = {"reason": {"code": "content_changed", "text": "Het adres moet nu geheim blijven."}}
    perform(world.people[who], Action.REWORK_HANDOFF, handoff, why)
    groups = 'SELECT DISTINCT "group" FROM casework_packageitem WHERE handoff_id = %s AND package = %s ORDER BY 1'
    assert world.rows(groups, handoff, 1) == [("household",), ("identity",)]
    assert world.rows(groups, handoff, 2) == [("identity",)]
    page = act(world.lies, Action.SEE_HANDOFF, lambda: see_handoff(handoff))
    assert {row.why for row in page.stays if row.kind == "premises"} == {"kept_secret"}


def test_consent_that_stands_is_delivered_on(world):
    _, handoff = consented(world)
    perform(world.jan, Action.CHECK_HANDOFF, handoff)
    perform(world.jan, Action.SEND_HANDOFF, handoff)
    world.work()
    assert world.rows("SELECT state, delivered FROM casework_handoff WHERE id = %s", handoff) == [("delivered", [1])]


def test_a_basis_is_off_until_the_privacy_officer_confirms_this_version_of_it(world):
    petra = joined("petra", "Politie Voorbeeld Oost", Role.PRIVACY_OFFICER)
    case, _ = world.track()
    handoff = world.package(case)
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute("UPDATE permissions_basisconfirmation SET version = '2020-01-01'")
    world.superuser.execute("SET session_replication_role = origin")
    assert limits_of(world, "lies", handoff) == ("confirmed",)
    page = signed_in("lies").get(f"/handoffs/{handoff}").content.decode()
    assert "nog niet bevestigd" in page
    client = signed_in("petra")
    assert "niet bevestigd" in client.get("/bases").content.decode()
    form = {"confirmation-basis": "WPG_18_1", "confirmation-confirmed": "yes"}
    assert client.get("/bases/confirm_basis?confirmation-basis=WPG_18_1").status_code == 200
    assert client.post("/bases/confirm_basis", form).status_code == 302
    assert "Petra" in client.get("/bases").content.decode()
    perform(world.karin, Action.CHECK_HANDOFF, handoff)
    with pytest.raises(Refused):
        perform(world.saskia, Action.CONFIRM_BASIS, None, {"confirmation": {"basis": "WPG_19", "confirmed": "yes"}})
    with (
        pytest.raises(DatabaseError),
        acting_as(world.saskia, Role.SUPERVISOR, Action.MANAGE_AGREEMENTS) as running,
    ):
        BasisConfirmation.objects.create(
            id=running.made_id("x"),
            agency_id=petra.agency_id,
            basis="WPG_19",
            version=VALID_FROM,
            is_confirmed=True,
            made_by_id=petra.person_id,
            made_at=running.moment,
        )


def test_two_people_put_a_decision_in_force_on_the_pages_and_never_one_alone(world):
    saskia, sjoerd = signed_in("saskia"), signed_in("sjoerd")
    form = {
        "partnership-members": [str(world.agency("joke"))],
        "partnership-groups": ["identity"],
        "partnership-citation": "Convenant 2026, artikel 3",
        "partnership-since": "01-01-2026",
    }
    assert saskia.get("/agreements/new-partnership").status_code == 200
    assert saskia.post("/agreements/new-partnership", form).status_code == 302
    [(key,)] = world.rows("SELECT id FROM permissions_partnershipdecision")
    address = f"/agreements/{key}/manage_agreements"
    assert address not in saskia.get("/agreements").content.decode()
    assert address in sjoerd.get("/agreements").content.decode()
    assert saskia.post(address, {}).status_code == 403
    assert "Convenant 2026" in sjoerd.get(address).content.decode()
    assert sjoerd.post(address, {}).status_code == 302
    made = "SELECT asked_by_id, confirmed_by_id FROM permissions_partnershipdecision"
    assert world.rows(made) == [(world.saskia.person_id, world.sjoerd.person_id)]
    assert sjoerd.post(address, {"ending-until": "02-01-2026"}).status_code == 302
    assert str(world.rows("SELECT ends_on FROM permissions_partnershipdecision")[0][0]) == "2026-01-02"
    with pytest.raises(Refused):
        perform(world.lies, Action.MANAGE_AGREEMENTS, key)
    with pytest.raises(Missing):
        perform(world.saskia, Action.MANAGE_AGREEMENTS, world.opened().made["case"])


def test_the_database_knows_that_two_people_decide(world):
    with (
        pytest.raises(DatabaseError),
        acting_as(world.saskia, Role.SUPERVISOR, Action.MANAGE_AGREEMENTS) as running,
    ):
        PartnershipDecision.objects.create(
            id=running.made_id("x"),
            agency_id=world.agency("saskia"),
            members=[world.agency("joke")],
            groups=["identity"],
            citation="Convenant",
            starts_on=running.moment.date(),
            asked_by_id=world.saskia.person_id,
            confirmed_by_id=world.saskia.person_id,
            confirmed_at=running.moment,
        )


def test_an_agreement_that_nobody_confirmed_lets_nothing_go(world):
    case, _ = world.track()
    handoff = world.package(case)
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute("UPDATE permissions_sharingagreement SET confirmed_at = NULL")
    world.superuser.execute("SET session_replication_role = origin")
    with pytest.raises(Incomplete) as found:
        perform(world.karin, Action.CHECK_HANDOFF, handoff)
    assert found.value.missing == ("fields_allowed",)


def test_the_form_of_a_package_offers_what_fits_and_asks_what_the_basis_needs(world):
    case, _ = world.track()
    client = signed_in("lies")
    address = f"/cases/{case}/prepare_handoff"
    first = client.get(address).content.decode()
    assert 'name="package-receiver"' in first
    assert 'name="package-why_now"' not in first
    second = client.get(f"{address}?package-receiver={world.agency('wim')}").content.decode()
    assert 'value="WPG_18_1"' in second
    assert 'value="WPG_19"' in second
    for elsewhere in ("WMO_5_2_6", "SR_40_CONFLICT_OF_DUTIES", "GDPR_CONSENT", "WPG_15", "WPG_16_1A"):
        assert f'value="{elsewhere}"' not in second
    chosen = f"{address}?package-receiver={world.agency('wim')}&package-basis="
    letter = client.get(f"{chosen}WPG_18_1").content.decode()
    assert 'name="package-letter"' in letter
    assert 'name="package-authority"' not in letter
    authority = client.get(f"{chosen}WPG_19").content.decode()
    assert 'name="package-authority"' in authority
    assert 'name="package-letter"' not in authority
    assert PERSON["family_name"] in letter
