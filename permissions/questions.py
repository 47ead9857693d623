"""Questions about the law that are answered over its whole finite space, so that a reader need not trust a sample."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product

from permissions.decision import DESK_STATES, ENDED_STATES, TAKEN_STATES, Relation, decide, may_approve
from permissions.vocabulary import CASE_ROLES, Action, Role

ANY_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
CONTENT = (
    Action.READ_RECORD,
    Action.PRINT_CASE,
    Action.SEE_HANDOFF,
    Action.REVEAL_SOURCE,
    Action.REVEAL_BSN,
    Action.SEARCH_OWN,
)
"""Acts that show case text."""
ADMINISTRATORS = (Role.AGENCY_ADMIN, Role.PLATFORM_OPERATOR)
AUDITORS = (Role.AUDITOR, Role.EXTERNAL_AUDITOR)
BOTH = (False, True)


def every_relation() -> Iterator[Relation]:
    """Yield every way in which a person can stand to a case, track or handoff; states of one kind count as one."""
    states = ("prepared", min(DESK_STATES), min(TAKEN_STATES), min(ENDED_STATES))
    handoffs = [("", ""), *product(("sender", "receiver"), states)]
    ends: tuple[frozenset[tuple[str, str]], ...] = (frozenset(), frozenset({("sender", "prepared")}))
    for keeps, named, owner, (end, state), walled, emergency, agency, controller, of in product(
        BOTH, BOTH, (None, True, False), handoffs, BOTH, BOTH, BOTH, BOTH, ends
    ):
        yield Relation(keeps, named, owner, end, state, walled, emergency, agency, controller, of)


@dataclass(frozen=True, slots=True)
class Question:
    """A sentence that must hold in every case of the space, and how one case is judged."""

    sentence: str
    roles: tuple[Role, ...]
    actions: tuple[Action, ...]
    holds_where: Callable[[Relation], bool] = lambda _: True
    """Which relations the sentence is about."""

    def counterexamples(self) -> list[str]:
        """Return every case in which the act is allowed although the sentence says that it never is."""
        space = [relation for relation in every_relation() if self.holds_where(relation)]
        return [
            f"{role} may {action} where {relation}"
            for role in self.roles
            for action in self.actions
            for relation in space
            if decide(role, action, relation, ANY_MOMENT).allowed
        ]

    @property
    def cases(self) -> int:
        """Return how many cases were looked at."""
        return len(self.roles) * len(self.actions) * sum(1 for relation in every_relation() if self.holds_where(relation))


def _came_after(relation: Relation) -> bool:
    """Whether this is the relation of a former handler: no longer named, at no end of a handoff, without an emergency."""
    return not (relation.named or relation.end or relation.emergency or relation.ends_of)


NAMED_ROLES = (Role.INTAKE_WORKER, Role.CASEWORKER, Role.POLICE_LIAISON, Role.CONFIDENTIAL_COUNSELLOR)
QUESTIONS = (
    Question("An auditor never reads case text.", AUDITORS, CONTENT),
    Question("No administrator of an agency or of the platform reads a record.", ADMINISTRATORS, CONTENT),
    Question(
        "A former handler never reads what came after.", NAMED_ROLES, (Action.SEE_CASE, Action.READ_RECORD), _came_after
    ),
    Question("Behind a wall nobody does anything.", tuple(Role), tuple(Action), lambda relation: relation.walled),
    Question(
        "Emergency access changes nothing: it only opens what may be seen and read.",
        (Role.CASEWORKER, Role.POLICE_LIAISON),
        (Action.WRITE_RECORD, Action.ADD_NOTE, Action.PRINT_CASE, Action.PREPARE_HANDOFF, Action.REVEAL_SOURCE),
        lambda relation: relation.emergency and not (relation.named or relation.end or relation.ends_of),
    ),
    Question(
        "A stranger of another agency sees and reads nothing.",
        tuple(sorted(CASE_ROLES)),
        (Action.SEE_CASE, Action.READ_RECORD, Action.WRITE_RECORD, Action.ADD_NOTE),
        lambda relation: not relation.in_case and _came_after(relation),
    ),
    Question(
        "Before delivery the receiver does nothing with a handoff.",
        tuple(sorted(CASE_ROLES)),
        (Action.SEE_HANDOFF, Action.ACKNOWLEDGE_HANDOFF, Action.ACCEPT_HANDOFF, Action.REFUSE_HANDOFF),
        lambda relation: relation.end == "receiver" and relation.state == "prepared" and not relation.ends_of,
    ),
)
"""The questions whose answer the handbook prints."""


def own_approvals() -> list[tuple[int, int, int]]:
    """Return every (person, asker, editor) in which somebody would approve their own request or edit: none."""
    people = (0, 1, 2)
    return [
        (person, asker, editor)
        for person, asker, editor in product(people, people, people)
        if person in {asker, editor} and may_approve(person, asker, editor)
    ]
