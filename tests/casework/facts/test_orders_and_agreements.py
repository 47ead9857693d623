"""What a package rests on beside consent: orders of supervision, a letter of a decree, a confirmed basis, an agreement."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError

from casework.actions.perform import perform
from casework.selectors import see_handoff
from permissions.acting import act, acting_as
from permissions.bases import VALID_FROM
from permissions.decision import Missing, Refused
from permissions.models import BasisConfirmation, PartnershipDecision
from permissions.services import NewAgency, NewPerson, agree_all, install
from permissions.vocabulary import Action, AgencyKind, Role
from tests.casework.facts.test_leaving import CHILD, ENDED, NARROWED, joined, limits_of, ordered, plant, prepared, supervised
from tests.world import LETTER, NECESSARY, PASSWORD, signed_in
from workflows.table import Incomplete


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
    confirming = sjoerd.get(address).content.decode()
    assert "Convenant 2026" in confirming
    [heading] = re.findall(r"<legend.*?</legend>", confirming, re.DOTALL)
    assert "niet verplicht" in heading, "whoever confirms need not say when it ends"
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
