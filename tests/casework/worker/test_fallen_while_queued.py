"""What falls while a package waits in the queue: it goes with the facts of that moment, or stands with its sender."""

from datetime import UTC, datetime, timedelta

import pytest

from casework.actions.perform import perform
from casework.selectors import see_handoff
from permissions.acting import act
from permissions.decision import Missing
from permissions.vocabulary import Action, Role
from tests.casework.facts.test_leaving import consented, joined, limits_of, plant
from tests.casework.selectors.test_worklist import list_of
from tests.world import signed_in
from workflows.calendars import AMSTERDAM


def ended(statement):
    """Return what ends something behind the sender's back."""
    return lambda world, _case: plant(world, statement)


def sent_by_police(world):
    """A package that a liaison sent, before anybody carried it out."""
    case, _ = world.track()
    handoff = world.package(case)
    perform(world.karin, Action.CHECK_HANDOFF, handoff)
    perform(world.lies, Action.SEND_HANDOFF, handoff)
    return case, handoff, "lies"


def sent_on_consent(world):
    """A package of youth care that goes on consent alone."""
    case, handoff = consented(world)
    perform(world.jan, Action.CHECK_HANDOFF, handoff)
    perform(world.jan, Action.SEND_HANDOFF, handoff)
    return case, handoff, "joke"


def decided(world, **days):
    """A decision of two people on a partnership, from so many days before today or until so many after."""
    today = datetime.now(UTC).astimezone(AMSTERDAM).date()
    said = {name: (today + timedelta(days=away)).isoformat() for name, away in {"since": -2, **days}.items()}
    decision = {"members": [world.agency("wim")], "groups": ["identity"], "citation": "Convenant", **said}
    key = perform(world.saskia, Action.MANAGE_AGREEMENTS, None, {"partnership": decision}).id
    perform(world.sjoerd, Action.MANAGE_AGREEMENTS, key)


@pytest.mark.parametrize(
    ("days", "missing"),
    [
        ({"since": 0}, ()),
        ({"since": 1}, ("partnership",)),
        ({"until": 0}, ()),
        ({"since": -5, "until": -1}, ("partnership",)),
    ],
)
def test_a_decision_on_a_partnership_carries_from_its_first_day_until_its_last(world, days, missing):
    case, _ = world.track()
    decided(world, **days)
    assert limits_of(world, "lies", world.package(case, basis="WPG_20", items=["identity"])) == missing


def sent_in_a_partnership(world):
    """A package that goes on a decision of two people."""
    case, _ = world.track()
    decided(world)
    handoff = world.package(case, basis="WPG_20", items=["identity"])
    perform(world.karin, Action.CHECK_HANDOFF, handoff)
    perform(world.lies, Action.SEND_HANDOFF, handoff)
    return case, handoff, "lies"


def consent_withdrawn(world, case):
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    perform(world.joke, Action.WRITE_RECORD, case, {"consent_withdrawn": {"date": yesterday}})


def wall_for_the_sender(world, case):
    """Who sent it says that there is a conflict of interest; a colleague works on the case too."""
    lena = joined("lena", "Politie Voorbeeld Oost", Role.POLICE_LIAISON)
    perform(world.saskia, Action.ASSIGN, case, {"assignment": {"person": lena.person_id, "keep": "yes"}})
    perform(world.lies, Action.DECLARE_CONFLICT, case, {"wall": {"text": "Een familielid van mij woont daar."}})


FALLS = {
    "agreement": (
        sent_by_police,
        ended("UPDATE permissions_sharingagreement SET ends_on = '2026-01-02'"),
        "agreement_valid",
    ),
    "narrowed": (sent_by_police, ended("UPDATE permissions_sharingagreement SET groups = '{household}'"), "agreement_valid"),
    "receiver": (
        sent_by_police,
        ended("UPDATE permissions_agency SET is_active = false WHERE kind = 'veilig_thuis'"),
        "recipient_active",
    ),
    "desk": (
        sent_by_police,
        ended("UPDATE permissions_agency SET is_desk_open = false WHERE kind = 'veilig_thuis'"),
        "recipient_active",
    ),
    "basis": (sent_by_police, ended("UPDATE permissions_basisconfirmation SET is_confirmed = false"), "confirmed"),
    "consent": (sent_on_consent, consent_withdrawn, ""),
    "partnership": (
        sent_in_a_partnership,
        ended("UPDATE permissions_partnershipdecision SET ends_on = '2026-01-02'"),
        "partnership",
    ),
}


@pytest.mark.parametrize("name", FALLS)
def test_what_fell_while_it_was_queued_is_not_delivered_and_stands_with_the_sender(world, name):
    sends, fall, limit = FALLS[name]
    case, handoff, sender = sends(world)
    assert world.rows("SELECT state FROM casework_handoff") == [("sent",)]
    fall(world, case)
    world.work()
    nothing_went(world, handoff, at_once=name == "consent")
    held = act(world.people[sender], Action.SEE_HANDOFF, lambda: see_handoff(handoff))
    assert [row.code for row in held.answers] == ([f"limit:{limit}"] if limit else ["consent_ended"])
    on_list = [(row.clock, row.about_id) for row in list_of(world, sender)]
    waits = ("", case) if name == "consent" else ("HANDOFF_AGAIN", handoff)
    assert waits in on_list, "on a consent that was taken back nothing is sent again: the case waits"
    page = signed_in(sender).get(f"/handoffs/{handoff}").content.decode()
    assert "limit:" not in page, "the reason is said in words"
    world.work()
    nothing_went(world, handoff, at_once=name == "consent")


def test_a_conflict_of_interest_of_who_sent_it_keeps_it_with_the_agency(world):
    case, handoff, _ = sent_by_police(world)
    wall_for_the_sender(world, case)
    world.work()
    nothing_went(world, handoff)
    codes = "SELECT code FROM casework_storedfact WHERE handoff_id = %s AND fact = 'reason'"
    assert world.rows(codes, handoff) == [("limit:conflict",)]


def nothing_went(world, handoff, *, at_once=False):
    """Nothing is delivered, nobody of the receiver takes part, the ledger has no line, and the trail says what happened."""
    assert world.rows("SELECT state, delivered FROM casework_handoff") == [("withdrawn", [])]
    assert world.count("casework_disclosure") == 0
    assert world.rows("SELECT count(*) FROM casework_participation WHERE group_id = %s", world.agency("wim")) == [(0,)]
    last = "SELECT role FROM audit_entry WHERE object_pk = %s AND changes ? 'state' ORDER BY id DESC LIMIT 1"
    ((by,),) = world.rows(last, str(handoff))
    assert (by == "courier") is not at_once, "who takes a consent back takes back what rests on it, before any delivery"
    with pytest.raises(Missing):
        perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, handoff)


def test_a_package_says_on_which_consent_it_went_where_another_was_given_while_it_was_queued(world):
    case, handoff, _ = sent_on_consent(world)
    given = {"code": "sharing", "given_by": "self", "date": "today", "receiver": world.agency("wim")}
    perform(world.joke, Action.WRITE_RECORD, case, {"consent": given})
    first, second = world.rows("SELECT id FROM casework_storedfact WHERE fact = 'consent' ORDER BY made_at")
    on = "SELECT consents FROM casework_handoff WHERE id = %s"
    assert world.rows(on, handoff) == [(list(first),)]
    world.work()
    assert world.rows(on, handoff) == [(list(second),)]
