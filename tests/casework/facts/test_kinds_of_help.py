"""Consent is to a kind of help: it opens no other kind, carries no package that asks for another, and ends by itself."""

import pytest

from casework.actions.perform import perform
from casework.input.codes import HELP_KINDS
from permissions.vocabulary import Action
from tests.casework.facts.test_leaving import consented, limits_of, prepared
from workflows.table import Incomplete

OTHER = {kind: HELP_KINDS[(place + 1) % len(HELP_KINDS)] for place, kind in enumerate(HELP_KINDS)}
WHY = "Dit is in een gesprek besproken."
TODAY = {"date": "today"}
SELF = {"code": "help", "given_by": "self", **TODAY}


def offered(world, kind=""):
    """A help track of the police on which this kind of help is offered."""
    case, _ = world.track("warned")
    track = world.rows("SELECT id FROM casework_track WHERE kind = 'help' AND case_id = %s", case)[0][0]
    perform(world.lies, Action.OFFER_HELP, track, {"offer_form": {"code": "card", **TODAY, **_kind(kind)}})
    return case, track


def _kind(kind):
    return {"help_kind": kind} if kind else {}


def refused(world, action, track, content):
    with pytest.raises(Incomplete) as found:
        perform(world.lies, action, track, content)
    return found.value.missing


def begun(kind=""):
    return {"start_date": {**TODAY, **_kind(kind)}}


@pytest.mark.parametrize("kind", HELP_KINDS)
def test_a_consent_to_one_kind_of_help_opens_no_other(world, kind):
    _, track = offered(world, kind)
    assert refused(world, Action.RECORD_CONSENT, track, {"consent": {**SELF, "help_kind": OTHER[kind]}}) == ("consent",)
    perform(world.lies, Action.RECORD_CONSENT, track, {"consent": {**SELF, "help_kind": kind}})
    assert refused(world, Action.BEGIN_HELP, track, begun(OTHER[kind])) == ("start_date",)
    perform(world.lies, Action.BEGIN_HELP, track, begun())


@pytest.mark.parametrize("asked", ["psychological", ""])
def test_a_consent_that_names_no_kind_is_to_what_was_offered_at_that_time(world, asked):
    _, track = offered(world, "psychological")
    perform(world.lies, Action.RECORD_CONSENT, track, {"consent": SELF})
    assert refused(world, Action.BEGIN_HELP, track, begun("legal")) == ("start_date",)
    perform(world.lies, Action.BEGIN_HELP, track, begun(asked))


def test_where_nobody_ever_named_a_kind_all_stays_as_it_was(world):
    _, track = offered(world)
    perform(world.lies, Action.RECORD_CONSENT, track, {"consent": SELF})
    perform(world.lies, Action.BEGIN_HELP, track, begun())


def test_a_later_offer_of_another_kind_asks_for_a_consent_of_its_own(world):
    _, track = offered(world, "practical")
    perform(world.lies, Action.WRITE_RECORD, track, {"consent": {**SELF, "help_kind": "practical"}})
    perform(world.lies, Action.RECORD_DECLINE, track)
    perform(world.lies, Action.OFFER_HELP, track, {"offer_form": {"code": "card", **TODAY, "help_kind": "medical"}})
    assert refused(world, Action.RECORD_CONSENT, track, {}) == ("consent",)
    perform(world.lies, Action.RECORD_CONSENT, track, {"consent": {**SELF, "help_kind": "medical"}})


def test_help_of_another_kind_is_not_handed_over(world):
    case, track = offered(world, "legal")
    perform(world.lies, Action.RECORD_CONSENT, track, {"consent": {**SELF, "help_kind": "legal"}})
    sent = world.sent(case, kind="help", items=["identity"], help_kind="safety")
    assert world.rows("SELECT track_id FROM casework_handoff WHERE id = %s", sent) == [(track,)]
    assert refused(world, Action.HAND_OVER_HELP, track, {}) == ("handoff_sent",)
    world.sent(case, kind="help", items=["identity"], help_kind="legal")
    perform(world.lies, Action.HAND_OVER_HELP, track)


def shared(world, **consent):
    case, _ = consented(world, code="help_and_sharing", **consent)
    return case


def test_a_package_that_asks_for_help_of_another_kind_goes_on_no_consent(world):
    case = shared(world, help_kind="medical")
    for kind, missing in (("medical", ()), ("legal", ("consent",)), ("", ())):
        assert limits_of(world, "joke", prepared(world, case, kind="help", **_kind(kind))) == missing
    wrong = prepared(world, case, kind="help", help_kind="legal")
    with pytest.raises(Incomplete, match="legal_basis"):
        perform(world.jan, Action.CHECK_HANDOFF, wrong)


@pytest.mark.parametrize(("kind", "state"), [("legal", "delivered"), ("medical", "withdrawn"), ("", "withdrawn")])
def test_a_withdrawal_is_of_the_kind_that_it_names_also_between_sending_and_delivery(world, kind, state):
    case = shared(world, help_kind="medical")
    handoff = prepared(world, case, kind="help", help_kind="medical")
    perform(world.jan, Action.CHECK_HANDOFF, handoff)
    perform(world.jan, Action.SEND_HANDOFF, handoff)
    perform(world.joke, Action.WRITE_RECORD, case, {"consent_withdrawn": {"date": "today", **_kind(kind)}})
    world.work()
    assert world.rows("SELECT state FROM casework_handoff WHERE id = %s", handoff) == [(state,)]


def test_to_withdraw_on_a_track_withdraws_its_kind_and_no_other(world):
    case, track = offered(world, "practical")
    perform(world.lies, Action.RECORD_CONSENT, track, {"consent": {**SELF, "help_kind": "practical"}})
    why = {"reason": {"code": "person_withdrew", "text": WHY}}
    perform(world.lies, Action.WITHDRAW_CONSENT, track, why)
    kinds = "SELECT help_kind FROM casework_storedfact WHERE fact = 'consent_withdrawn' AND case_id = %s"
    assert world.rows(kinds, case) == [("practical",)]
