"""Every route, with both verbs, as everybody: the status is what the oracle of docs/law.md says, and so are the entries."""

import os
import random
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from casework.actions.perform import perform
from permissions.decision import Actor
from permissions.vocabulary import Action
from tests.oracle import law
from tests.policy.test_pages import patterns
from tests.world import World, stepped_up

MOST_REQUESTS = 20_000
WHY = "Een kind op dit adres loopt vanavond gevaar."
PEOPLE_A_ROUTE = int(os.environ.get("PEOPLE_A_ROUTE", "5"))
"""How many people try each route; 0 is everybody (`make prove`)."""
DONE = {200, 302, 409, 422}


@dataclass
class Scene:
    """One case with everybody around it: named, colleague, former, walled, in an emergency, sender, receiver, stranger."""

    world: World
    case: UUID
    track: UUID
    handoff: UUID
    state: str

    def facts(self, actor: Actor, thing: str = "case") -> law.Facts:
        rows, now = self.world.rows, datetime.now(UTC)
        mine = actor.agency_id
        running = "starts_at <= %s AND (ends_at IS NULL OR ends_at > %s)"
        kept = "EXISTS (SELECT 1 FROM casework_{} WHERE case_id = %s AND agency_id = %s)"
        keeps = rows(f"SELECT {kept.format('track')} OR {kept.format('agencyrecord')}", self.case, mine, self.case, mine)
        named = rows(
            "SELECT 1 FROM casework_assignment WHERE content_object_id = %s AND user_id = %s AND agency_id = %s"
            f" AND {running}",
            self.case, actor.person_id, mine, now, now,
        )  # fmt: skip
        walled = rows(
            f"SELECT 1 FROM casework_wall WHERE case_id = %s AND user_id = %s AND {running}",
            self.case, actor.person_id, now, now,
        )  # fmt: skip
        part = rows(
            f"SELECT 1 FROM casework_participation WHERE content_object_id = %s AND group_id = %s AND {running}",
            self.case, mine, now, now,
        )  # fmt: skip
        hands = rows("SELECT id, sender_id, receiver_id, state FROM casework_handoff WHERE case_id = %s", self.case)
        ends = tuple(("sender" if s == mine else "receiver", state) for _, s, r, state in hands if mine in (s, r))
        end = next(
            ("sender" if s == mine else "receiver" for i, s, r, _ in hands if i == self.handoff and mine in (s, r)), ""
        )
        owner = rows("SELECT agency_id FROM casework_track WHERE id = %s", self.track)[0][0] == mine
        return law.Facts(
            keeps=keeps[0][0] if thing != "handoff" else True,
            named=bool(named),
            owner=owner if thing == "track" else None,
            end=end if thing == "handoff" else "",
            state=self.state if thing == "handoff" else "",
            walled=bool(walled),
            emergency=self.reads_in_emergency(actor),
            same_agency=bool(part),
            ends=ends if thing == "case" else (),
        )

    def reads_in_emergency(self, actor: Actor) -> bool:
        query = "SELECT 1 FROM casework_emergency WHERE case_id = %s AND user_id = %s AND ended_at IS NULL"
        return bool(self.world.rows(query, self.case, actor.person_id))


CANARIES = {
    "identity": "Kanariepersoon",
    "contact": "kanarie-contact",
    "narrative": "Kanarieverhaal",
    "police_intelligence": "Kanarie-inlichting",
    "source": "Kanariebron",
    "bsn": "111222333",
}
"""One planted value for each field group of a record."""
IN_PACKAGES = ("identity", "contact", "narrative")
WHOLE_RECORD = ("cases/<uuid:case_id>", "cases/<uuid:case_id>/print")
"""Pages that show every group of a record that is not kept apart."""


def plant(world: World, case: UUID) -> None:
    """Put a canary into every field group of the police record."""
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute("UPDATE permissions_agency SET may_hold_bsn = true WHERE group_id = %s", [world.agency("lies")])
    world.superuser.execute("SET session_replication_role = origin")
    said = CANARIES
    content = {
        "person": {"role": "household_member", "family_name": said["identity"], "contact": said["contact"]},
        "note": [
            {"kind": "concern", "text": said["narrative"]},
            {"kind": "police_intelligence", "text": said["police_intelligence"]},
        ],
        "source": {"kind": "citizen", "name": said["source"], "contact": "06-00000000", "protected": "yes"},
        "citizen_number": {"number": said["bsn"]},
    }
    perform(world.lies, Action.WRITE_RECORD, case, content)


def visible(scene: Scene, actor: Actor, actions: tuple[Action, ...]) -> set[str]:
    """The field groups of the police record that the law lets this person see by these acts, in any state of the page."""
    found: set[str] = set()
    ours = actor.agency_id == scene.world.agency("lies")
    if (ours or scene.reads_in_emergency(actor)) and may(scene, actor, "read_record", "case"):
        found |= {"identity", "contact", "narrative", "police_intelligence"}
    if may(scene, actor, "see_handoff", "handoff"):
        found |= set(IN_PACKAGES)
    for group, action in (("source", Action.REVEAL_SOURCE), ("bsn", Action.REVEAL_BSN)):
        if ours and action in actions and may(scene, actor, action.value, "case"):
            found.add(group)
    return found


@pytest.fixture
def scene(world) -> Scene:
    case, track = world.track("follow_up")
    plant(world, case)
    handoff = world.delivered(case)
    perform(world.ilse, Action.ACKNOWLEDGE_HANDOFF, handoff)
    perform(world.saskia, Action.ASSIGN, case, {"assignment": {"person": world.leo.person_id, "keep": "yes"}})
    perform(world.saskia, Action.ASSIGN, case, {"assignment": {"person": world.leo.person_id, "remove": "yes"}})
    called = world.rows("SELECT reference FROM casework_participation WHERE group_id = %s", world.agency("lies"))[0][0]
    asked = {"emergency": {"reference": called, "code": "child_at_risk_now", "text": WHY}}
    perform(world.wanda, Action.ASK_EMERGENCY, None, asked)
    perform(world.sjoerd, Action.DECLARE_CONFLICT, case, {"wall": {"text": WHY}})
    return Scene(world, case, track, handoff, "acknowledged")


def may(scene: Scene, actor: Actor, action: str, thing: str) -> bool:
    facts = scene.facts(actor, thing)
    if thing == "case" and not (facts.same_agency or facts.emergency):
        return False
    if thing == "track" and facts.owner is False:
        return False
    if thing == "handoff" and not facts.end:
        return False
    if action == "declare_conflict" and not may(scene, actor, "see_case", "case"):
        return False  # what one cannot see, one cannot name
    return any(law.allowed(role.value, action, facts) for role in actor.roles)


def sees(scene: Scene, actor: Actor, thing: str) -> bool:
    if thing == "handoff":
        return may(scene, actor, "see_handoff", "handoff")
    if thing == "track" and scene.facts(actor, "track").owner is False and not scene.reads_in_emergency(actor):
        return False
    return may(scene, actor, "see_case", "case")


def predicted(scene: Scene, actor: Actor, actions: tuple[Action, ...], route: str) -> set[int]:
    found = re.search(r"<uuid:(\w+)_id>", route)
    if found is None:
        held = any((action.value, role.value) in law.CELLS and law.CELLS[action.value, role.value] != "."
                   for action in actions for role in actor.roles)  # fmt: skip
        return DONE if held else {403}
    thing = found[1] if found[1] in {"case", "track", "handoff"} else ""
    if not thing:
        return {403, 404}
    if any(may(scene, actor, action.value, thing) for action in actions):
        return DONE
    return {403} if sees(scene, actor, thing) else {404}


def read_entries(world: World, who: str, before: int) -> int:
    """How many entries say that this person was shown something of a case, or changed it, since there were `before`."""
    query = (
        "SELECT verb FROM audit_entry WHERE actor_id = %s AND outcome = 'done' "
        "AND id IN (SELECT id FROM audit_entry ORDER BY id OFFSET %s)"
    )
    return len(world.rows(query, world.people[who].person_id, before))


def test_every_route_answers_everybody_as_the_law_says(world, scene):
    ids = {"case_id": scene.case, "track_id": scene.track, "handoff_id": scene.handoff}
    routes = [(route, actions) for route, entry in patterns() if (actions := getattr(entry.callback, "actions", ()))]
    pick = random.Random(7)
    clients = {who: stepped_up(who) for who in world.people}
    requests = 0
    wrong: list[object] = []
    statuses: dict[int, int] = {}
    seen: set[str] = set()
    for route, actions in routes:
        address = "/" + re.sub(r"<uuid:(\w+)>", lambda one: str(ids.get(one[1], uuid4())), route)
        for who in pick.sample(sorted(clients), k=PEOPLE_A_ROUTE or len(clients)):
            client = clients[who]
            expected = predicted(scene, world.people[who], actions, route)
            for verb in ("GET", "POST"):
                before = world.count("audit_entry")
                answer = client.get(address) if verb == "GET" else client.post(address, {"version": "99"})
                requests += 1
                statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
                if answer.status_code == 405:
                    continue
                if answer.status_code not in expected:
                    wrong.append((who, verb, address, answer.status_code, sorted(expected)))
                if answer.status_code in {403, 404} and world.count("audit_entry") == before:
                    wrong.append((who, verb, address, answer.status_code, "no entry"))
                body = answer.content.decode()
                shown = {group for group, canary in CANARIES.items() if canary in body}
                allowed = visible(scene, world.people[who], actions)
                seen |= shown
                if not shown <= allowed:
                    wrong.append((who, verb, address, "shows", shown - allowed))
                if route in WHOLE_RECORD and "police_intelligence" in allowed and shown != allowed:
                    wrong.append((who, verb, address, "does not show", allowed - shown))
                if shown and not read_entries(world, who, before):
                    wrong.append((who, verb, address, "shown without an entry", shown))
    assert not wrong, f"{len(wrong)} of {requests}:\n" + "\n".join(map(str, wrong[:25]))
    assert 700 < requests <= MOST_REQUESTS
    assert {200, 403, 404} <= set(statuses), statuses
    assert {*IN_PACKAGES, "police_intelligence"} <= seen


def test_what_is_kept_apart_is_shown_by_its_own_act_to_whom_the_law_says(world, scene):
    for action, group, reason in (("reveal_source", "source", "safety"), ("reveal_bsn", "bsn", "identification")):
        told = 0
        for who in world.people:
            before = world.count("audit_entry")
            answer = stepped_up(who).post(f"/cases/{scene.case}/{action}", {"reveal-code": reason})
            shown = CANARIES[group] in answer.content.decode()
            assert shown is (group in visible(scene, world.people[who], (Action(action),))), (who, action)
            assert not shown or read_entries(world, who, before)
            told += shown
        assert told == 1, "the decider alone"
