"""Nothing leaves on a basis that does not carry it: at the check, at sending and at delivery, and by two people's hand."""

from datetime import UTC, datetime, timedelta

import pytest

from casework.actions.perform import perform
from casework.selectors import see_handoff
from casework.worker.carry_out import run_due
from permissions.acting import act, scenario_moment
from permissions.decision import Missing
from permissions.services import NewAgency, NewPerson, agree_all, install
from permissions.vocabulary import Action, AgencyKind, Role
from tests.world import NECESSARY, PASSWORD, PERSON, PREMISES, signed_in
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
    assert world.rows("SELECT count(*) FROM casework_participation WHERE group_id = %s", world.agency("wim")) == [(0,)]
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
    part = "SELECT ends_at IS NULL FROM casework_participation WHERE group_id = %s"
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
    assert world.rows("SELECT count(*) FROM casework_participation WHERE group_id = %s", world.agency("wim")) == [(0,)]
    told = act(world.lies, Action.SEE_HANDOFF, lambda: see_handoff(handoff))
    assert [row.code for row in told.answers] == [f"limit:{limit}"]
    waits = "SELECT agency_id FROM casework_deadline WHERE clock = 'HANDOFF_AGAIN' AND met_at IS NULL"
    assert world.rows(waits) == [(world.agency("lies"),)]
    page = signed_in("lies").get(f"/handoffs/{handoff}").content.decode()
    assert "limit:" not in page


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
