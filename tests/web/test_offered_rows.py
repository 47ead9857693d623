"""A page that asks for something of the records offers it, or the program does not start."""

import pytest

from casework.entries.entry import Page
from casework.entries.table import ENTRIES
from permissions.acting import acting_as
from permissions.decision import roles_for
from permissions.vocabulary import Action
from tests.world import PEOPLE
from web.views.action_page import ActionView
from web.views.agreements import AgreementsView, AgreementView
from web.views.case_acts import CaseView
from web.views.choices import FINDERS, check_choices, choices_of, found_for
from workflows.table import LawError


class Forgetful(AgreementView):
    leaves_out = frozenset()


def test_a_choice_that_nobody_offers_stops_the_program():
    with pytest.raises(LawError, match="assign: nothing says what is offered for absence-deputy, assignment-person"):
        check_choices(Action.ASSIGN, ())
    with pytest.raises(LawError, match=r"manage_agreements: .* partnership-groups, partnership-members, "):
        check_choices(Action.MANAGE_AGREEMENTS, found_for(Action.MANAGE_AGREEMENTS))


@pytest.mark.parametrize("action", [Action.LIFT_WALL, Action.CORRECT_NOTE, Action.WRITE_RECORD, Action.PREPARE_HANDOFF])
def test_a_page_that_offers_nothing_for_its_form_stops_the_program(action):
    CaseView.as_view(action=action)
    with pytest.raises(LawError, match=f"{action}: nothing says what is offered"):
        ActionView.as_view(action=action)


def test_a_page_may_leave_a_field_to_another_page_of_its_action():
    assert AgreementView.leaves_out == AgreementsView.offers
    AgreementView.as_view()
    with pytest.raises(LawError, match="manage_agreements: nothing says what is offered"):
        Forgetful.as_view()


@pytest.mark.parametrize("action", FINDERS)
def test_what_is_said_to_find_choices_finds_each_of_them(world, action):
    case, _ = world.track("follow_up")
    found = _found(world, action, case if Page.WORKBENCH not in ENTRIES[action].pages else None)
    assert FINDERS[action].fields <= set(found)
    assert found_for(action) <= set(found)


def _found(world, action, case):
    """Return the choices that the first person finds who may do the action."""
    actor = next(one for one in (getattr(world, name) for name, *_ in PEOPLE) if roles_for(one, action))
    with acting_as(actor, roles_for(actor, action)[0], action):
        return choices_of(action, case)
