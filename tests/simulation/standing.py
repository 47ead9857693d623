"""Each open thing stands on the worklist of somebody of the right agency: looked up as these people."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from casework.actions.news import OWED, TOLD
from permissions.matrix import MATRIX
from permissions.vocabulary import Action, Role
from tests.casework.selectors.test_worklist import list_of
from tests.world import World
from workflows.tracks import RECORDED_CLOCKS, TRACKS

TURNS = {
    "prepared": "sender", "checked": "sender", "returned": "sender",
    "delivered": "receiver", "acknowledged": "receiver", "accepted": "receiver",
}  # fmt: skip


@dataclass(frozen=True)
class Open:
    """A thing that waits: at which agency, in which case, for whom it could wait, and which row would be its own."""

    what: str
    agency: int
    case: UUID | None
    action: Action
    about: UUID | None = None
    kinds: frozenset[str] = frozenset()
    clock: str = ""
    never: frozenset[int] = frozenset()
    asker: int = 0

    def fits(self, row: Any) -> bool:
        """Whether a row of a worklist is about this."""
        return (
            row.case_id == self.case
            and (self.about in {None, row.about_id} or (self.what, row.kind) == ("finding", "stuck"))
            and (not self.kinds or row.kind in self.kinds)
            and (row.clock == self.clock if self.clock else row.clock not in RECORDED_CLOCKS or not self.kinds)
        )


STEPS = frozenset({"term", "track"})


def _tracks(world: World, where: str) -> Iterator[Open]:
    for track, case, agency, kind, state in world.rows(
        f"SELECT id, case_id, agency_id, kind, state FROM casework_track {where}"
    ):
        if state not in TRACKS[kind].final:
            yield Open(f"{kind} {state}", agency, case, Action.SEE_CASE, track, STEPS)


def _handoffs(world: World, where: str) -> Iterator[Open]:
    query = f"SELECT id, case_id, sender_id, receiver_id, kind, state FROM casework_handoff {where}"
    for handoff, case, sender, receiver, kind, state in world.rows(query):
        if state in TURNS:
            agency = sender if TURNS[state] == "sender" else receiver
            yield Open(f"{kind} {state}", agency, case, Action.SEE_HANDOFF, handoff)


def _asked(world: World, where: str) -> Iterator[Open]:
    query = (
        "SELECT DISTINCT ON (a.track_id, a.handoff_id) coalesce(a.track_id, a.handoff_id), a.case_id, a.agency_id,"
        " a.asked_by_id, coalesce(t.editor_id, h.editor_id) FROM casework_approval a"
        " LEFT JOIN casework_track t ON t.id = a.track_id AND t.version = a.version"
        " LEFT JOIN casework_handoff h ON h.id = a.handoff_id AND h.package = a.version AND (h.state IN"
        " ('prepared', 'checked') OR EXISTS (SELECT 1 FROM casework_deadline d WHERE d.handoff_id = h.id"
        f" AND d.clock = 'HANDOFF_AGAIN' AND d.met_at IS NULL)) {where.replace('case_id', 'a.case_id') or 'WHERE true'}"
        " AND a.approved_by_id IS NULL"
        " AND (t.id IS NOT NULL OR h.id IS NOT NULL) ORDER BY a.track_id, a.handoff_id, a.made_at DESC"
    )
    for about, case, agency, asker, editor in world.rows(query):
        never, kinds = frozenset({asker, editor}), frozenset({"approval"})
        yield Open("approval", agency, case, Action.APPROVE, about, kinds, never=never, asker=asker)


def _others(world: World, where: str) -> Iterator[Open]:
    more = f"{where} AND" if where else "WHERE"
    for check, case, agency in world.rows(
        f"SELECT id, case_id, agency_id FROM casework_knowncheck {more} answered_at IS NULL"
    ):
        yield Open("question", agency, case, Action.ANSWER_KNOWN_CHECK, check)
    query = f"SELECT id, case_id, agency_id, user_id FROM casework_emergency {more} reviewed_at IS NULL"
    for emergency, case, agency, user in world.rows(query):
        yield Open("emergency", agency, case, Action.REVIEW_EMERGENCY, emergency, never=frozenset({user}))
    query = f"SELECT case_id, agency_id, clock FROM casework_deadline {more} met_at IS NULL AND clock = ANY (%s)"
    for case, agency, clock in world.rows(query, [name for name in RECORDED_CLOCKS if not name.startswith("EMERGENCY")]):
        yield Open(clock, agency, case, Action.SEE_CASE, clock=clock)


def _news(world: World, where: str) -> Iterator[Open]:
    """News of corrections: at the sender until it is told, at the receiver until they say what they did with it."""
    more = f"{where} AND" if where else "WHERE"
    query = f"SELECT case_id, agency_id, handoff_id, clock FROM casework_deadline {more} met_at IS NULL AND clock = ANY (%s)"
    for case, agency, handoff, clock in world.rows(query, [OWED, TOLD]):
        yield Open(clock, agency, case, Action.SEE_CASE, handoff, frozenset({"term"}), clock)


def _unheld(world: World, where: str) -> Iterator[Open]:
    more = f"{where.replace('case_id', 'r.content_object_id')} AND" if where else "WHERE"
    query = (
        f"SELECT r.content_object_id, r.group_id FROM casework_participation r {more} r.is_open AND r.ends_at IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM casework_assignment n WHERE n.content_object_id = r.content_object_id"
        " AND n.agency_id = r.group_id AND n.ends_at IS NULL AND NOT EXISTS (SELECT 1 FROM casework_wall w"
        " WHERE w.case_id = r.content_object_id AND w.user_id = n.user_id AND w.ends_at IS NULL))"
        " AND (EXISTS (SELECT 1 FROM casework_track t WHERE t.case_id = r.content_object_id AND t.agency_id = r.group_id"
        " AND NOT EXISTS (SELECT 1 FROM casework_handoff d WHERE d.id = t.began_by_handoff_id AND d.state = 'delivered'))"
        " OR NOT EXISTS (SELECT 1 FROM casework_handoff h WHERE h.case_id = r.content_object_id"
        " AND h.receiver_id = r.group_id AND h.state = 'delivered'))"
    )
    for case, agency in world.rows(query):
        yield Open("unheld", agency, case, Action.ASSIGN, kinds=frozenset({"unheld"}))


def _by_two(world: World, where: str) -> Iterator[Open]:
    """What one person asked for and another must confirm, and walls that are to be lifted."""
    more = f"{where} AND" if where else "WHERE"
    query = f"SELECT case_id, agency_id, user_id, lift_asked_by_id FROM casework_wall {more} ends_at IS NULL"
    for case, agency, user, asker in world.rows(f"{query} AND lift_asked_by_id IS NOT NULL"):
        never = frozenset({asker, user})
        yield Open("wall", agency, case, Action.LIFT_WALL, case, frozenset({"wall"}), never=never, asker=asker)
    query = f"SELECT id, case_id, agency_id, about_id, people FROM casework_finding {more} closed_at IS NULL"
    for finding, case, agency, about, people in world.rows(query):
        yield Open("finding", agency, case, Action.CLOSE_FINDING, finding, never=frozenset({about, *people}))
    for kind, table, owner in (
        ("sharing", "sharingagreement", "sender_id"),
        ("partnership", "partnershipdecision", "agency_id"),
    ):
        query = f"SELECT id, {owner}, asked_by_id FROM permissions_{table} WHERE confirmed_at IS NULL"
        today = "(now() AT TIME ZONE 'Europe/Amsterdam')::date"
        for row, agency, asker in world.rows(f"{query} AND (ends_on IS NULL OR ends_on >= {today})") if not where else ():
            never = frozenset({asker})
            yield Open(kind, agency, None, Action.MANAGE_AGREEMENTS, row, frozenset({kind}), never=never, asker=asker)


def _able(world: World, thing: Open) -> list[str]:
    """Return whom it could wait for: of the agency, with a cell, not kept out; where only the named may, one of those."""
    kept_out = _kept_out(world, thing.case)
    named = {
        row[0]
        for row in world.rows(
            "SELECT user_id FROM casework_assignment WHERE content_object_id = %s AND agency_id = %s AND ends_at IS NULL",
            thing.case, thing.agency,
        )
    }  # fmt: skip
    found = []
    for name, actor in world.people.items():
        cells = {str(MATRIX[thing.action][role]) for role in actor.roles}
        reaches = cells & {"own", "agency", "end", "receiver"} or (
            cells & {"named", "named_end"} and actor.person_id in named
        )
        if actor.agency_id == thing.agency and reaches and actor.person_id not in kept_out | thing.never:
            found.append(name)
    return sorted(found, key=lambda name: world.people[name].person_id not in named)


def check_nobody_out_of_sight(world: World, case: UUID | None = None) -> None:
    """Look for each open thing on the lists of those for whom it could wait; of one case, or of all."""
    where = f"WHERE case_id = '{case}'" if case else ""
    lists: dict[str, list[Any]] = {}
    _check_askers(world, where)
    for find in (_tracks, _handoffs, _asked, _others, _news, _by_two, _unheld):
        for thing in find(world, where):
            able = _able(world, thing) or _leading(world, thing)
            for who in able:
                if who not in lists:
                    lists[who] = list_of(world, who, case_id=case)
                if any(thing.fits(row) for row in lists[who]):
                    break
            else:
                there = {
                    who: [(row.kind, row.clock, row.about_id) for row in lists[who] if row.case_id == thing.case]
                    for who in able
                }
                is_askers = not able and _waits_for_other(world, thing)
                assert is_askers, f"{thing} stands on no list; what does: {there}; {_who(world, thing)}"


def _who(world: World, thing: Open) -> str:
    """Tell who is of the agency, in which roles, and who is kept out, for somebody who reads of a failure."""
    of_it = {name: actor for name, actor in world.people.items() if actor.agency_id == thing.agency}
    people = ", ".join(f"{name} {actor.person_id} {sorted(actor.roles)}" for name, actor in of_it.items())
    return f"of the agency: {people}; kept out: {_kept_out(world, thing.case)}"


def _check_askers(world: World, where: str) -> None:
    """Look for what somebody asked of another, and nobody answered, on their own list of what waits for another."""
    asked = [thing for thing in _asked(world, where) if thing.asker]
    for thing in asked + [thing for thing in _by_two(world, where) if thing.asker]:
        asking = Action.ASK_APPROVAL if thing.what == "approval" else thing.action
        if _asker(world, thing) in _able(world, replace(thing, action=asking, never=frozenset())):
            assert _waits_for_other(world, thing), f"who asked does not see that {thing} waits"


def _asker(world: World, thing: Open) -> str:
    return next((name for name, actor in world.people.items() if actor.person_id == thing.asker), "")


def _waits_for_other(world: World, thing: Open) -> bool:
    """Whether what somebody asked stands on their own list of what waits for another; where nobody is able, there alone."""
    who = _asker(world, thing)
    rows = list_of(world, who, case_id=thing.case, waiting_for_others=True) if who else ()
    return any(thing.fits(row) and not row.step.is_mine for row in rows)


def _leading(world: World, thing: Open) -> list[str]:
    """Return who leads the agency, where nobody of it can take the step: it stands on their list, whoever may take it.

    What waits for a role that nobody has waits for who can give somebody that role.
    """
    out = thing.never | _kept_out(world, thing.case)
    leads = {name: actor for name, actor in world.people.items() if Role.SUPERVISOR in actor.roles}
    return [name for name, actor in leads.items() if actor.agency_id == thing.agency and actor.person_id not in out]


def _kept_out(world: World, case: UUID | None) -> set[int]:
    query = "SELECT user_id FROM casework_wall WHERE case_id = %s AND ends_at IS NULL"
    return {row[0] for row in world.rows(query, case)}
