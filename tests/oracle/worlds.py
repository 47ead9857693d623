"""Random worlds: many cases at once, each with its own tangle of grants, planted past every service."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from permissions.decision import Actor
from permissions.vocabulary import Role
from tests.oracle import law
from tests.world import World

PARTIES = ("lies", "wanda", "wim", "joke")
"""One person of each agency that takes part."""
HOUR = timedelta(hours=1)
EMERGENCY = (
    "id, case_id, agency_id, user_id, asker_agency_id, reference, code, reason, starts_at, ends_at, verdict, verdict_reason"
)
HANDOFF = (
    "id, case_id, sender_id, receiver_id, state, delivered, kind, version, package, is_acute, basis, why_items,"
    " why_receiver, why_now, special_reason, interest, wpg_article, is_source_protected, editor_id, is_special, letter,"
    " task, youth_task, authority, authority_name, purpose, functionary_name, is_secrecy_pointed_out, asked_or_not, request,"
    " consents, orders, made_at, moved_at"
)
BLANK: tuple[object, ...] = (
    *("referral", 1, 1, False, "", "a", "b", "c", "", "", "8", True, 1),
    *(False, "", "", "", "", "", "", "", False, "", "", [], []),
)


@dataclass
class Span:
    """From when until when something holds."""

    since: datetime
    until: datetime | None

    def runs(self, now: datetime) -> bool:
        return self.since <= now and (self.until is None or self.until > now)


@dataclass
class Hand:
    """A handoff of a case, with one item."""

    id: UUID
    item: UUID
    sender: int
    receiver: int
    state: str
    delivered: bool


@dataclass
class CaseWorld:
    """Everything that is true of one case."""

    id: UUID
    participations: dict[int, Span] = field(default_factory=dict)
    keeps: set[int] = field(default_factory=set)
    notes: dict[int, UUID] = field(default_factory=dict)
    tracks: dict[int, UUID] = field(default_factory=dict)
    assignments: list[tuple[int, int, Span]] = field(default_factory=list)
    walls: list[tuple[int, Span]] = field(default_factory=list)
    emergencies: list[tuple[int, int, int, Span]] = field(default_factory=list)
    """(agency whose record, person, agency acted for, span)"""
    hands: list[Hand] = field(default_factory=list)

    def facts(self, actor: Actor, now: datetime, hand: Hand | None = None) -> law.Facts:
        """What the oracle must know of one person, written from the law's words and not from the product's."""
        mine = actor.agency_id or 0
        ends = tuple(
            ("sender" if h.sender == mine else "receiver", h.state) for h in self.hands if mine in (h.sender, h.receiver)
        )
        return law.Facts(
            keeps=mine in self.keeps,
            named=any(p == actor.person_id and a == mine and s.runs(now) for p, a, s in self.assignments),
            end="" if hand is None else "sender" if hand.sender == mine else "receiver" if hand.receiver == mine else "",
            state=hand.state if hand else "",
            walled=any(p == actor.person_id and s.runs(now) for p, s in self.walls),
            same_agency=mine in self.participations and self.participations[mine].runs(now),
            ends=ends if hand is None else (),
        )

    def opened_for(self, actor: Actor, now: datetime) -> set[int]:
        """The agencies whose part of the case this person reads in an emergency."""
        return {
            agency
            for agency, person, acted, span in self.emergencies
            if person == actor.person_id and acted == actor.agency_id and span.runs(now)
        }


class Worlds:
    """Draws cases and plants them."""

    def __init__(self, world: World, seed: int, number: int) -> None:
        self.world = world
        self.random = random.Random(seed)
        self.now = datetime.now(UTC)
        self.agencies = {world.agency(who): who for who in PARTIES}
        self.members: dict[int, list[Actor]] = {agency: [] for agency in self.agencies}
        for person in world.people.values():
            if person.agency_id in self.members:
                self.members[person.agency_id].append(person)
        self.cases = [self._case() for _ in range(number)]
        self._plant()

    def _id(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)

    def _span(self) -> Span:
        """Mostly running, sometimes over, sometimes to come."""
        kind = self.random.choice(("on", "on", "on", "until", "over", "later"))
        since = self.now - self.random.randint(2, 400) * HOUR
        if kind == "later":
            return Span(self.now + 5 * HOUR, None)
        return Span(since, {"on": None, "until": self.now + 5 * HOUR, "over": self.now - HOUR}[kind])

    def _case(self) -> CaseWorld:
        pick = self.random
        case = CaseWorld(self._id())
        for agency in self.agencies:
            if pick.random() < 0.6:
                case.participations[agency] = self._span()
                if case.participations[agency].runs(self.now) and pick.random() < 0.6:
                    case.keeps.add(agency)
                    case.notes[agency] = self._id()
                    case.tracks[agency] = self._id()
                for person in pick.sample(self.members[agency], k=min(2, len(self.members[agency]))):
                    if case.participations[agency].runs(self.now) and pick.random() < 0.7:
                        case.assignments.append((person.person_id, agency, self._span()))
                self._elsewhere(case, agency)
        for person in pick.sample([p for members in self.members.values() for p in members], k=2):
            if pick.random() < 0.4:
                case.walls.append((person.person_id, self._span()))
        self._emergency(case)
        for _ in range(pick.choice((0, 1, 1, 2))):
            sender, receiver = pick.sample(list(self.agencies), k=2)
            if sender in case.participations and receiver in case.participations:
                state = pick.choice(law.STATES)
                hand = Hand(
                    self._id(), self._id(), sender, receiver, state, state in law.KNOWN_TO_RECEIVER and pick.random() < 0.9
                )
                case.hands.append(hand)
        return case

    def _elsewhere(self, case: CaseWorld, agency: int) -> None:
        """Name somebody here in another agency than the one they act for."""
        if self.random.random() < 0.3:
            person = self.random.choice([p for other in self.agencies if other != agency for p in self.members[other]])
            case.assignments.append((person.person_id, agency, self._span()))

    def _emergency(self, case: CaseWorld) -> None:
        pick = self.random
        if case.keeps and pick.random() < 0.4:
            agency = pick.choice(sorted(case.keeps))
            askers = [
                person
                for members in self.members.values()
                for person in members
                if {Role.CASEWORKER, Role.POLICE_LIAISON} & set(person.roles)
            ]
            person = pick.choice(askers)
            case.emergencies.append((agency, person.person_id, person.agency_id or 0, self._span()))
            if pick.random() < 0.3:
                case.walls.append((person.person_id, self._span()))

    def _plant(self) -> None:
        superuser = self.world.superuser
        superuser.execute("SET session_replication_role = replica")
        (view,) = superuser.execute("SELECT lock.view_case()").fetchone() or (0,)
        with superuser.cursor() as cursor:
            for table, columns, rows in self._rows(view):
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
        superuser.execute("SET session_replication_role = origin")

    def _rows(self, view: int):
        now, cases = self.now, self.cases
        yield "casework_case", "id", [(case.id,) for case in cases]
        yield (
            "casework_participation",
            "permission_id, group_id, content_object_id, reference, reason, starts_at, ends_at, keeps",
            [(view, a, c.id, "x", "x", s.since, s.until, a in c.keeps) for c in cases for a, s in c.participations.items()],
        )
        yield (
            "casework_assignment",
            "permission_id, user_id, content_object_id, agency_id, reference, reason, starts_at, ends_at",
            [(view, p, c.id, a, "x", "x", s.since, s.until) for c in cases for p, a, s in c.assignments],
        )
        yield (
            "casework_wall",
            "id, case_id, user_id, agency_id, reason, starts_at, ends_at, lift_asked_by_id, lifted_by_id, lift_reason",
            [(self._id(), c.id, p, 1, "x", s.since, s.until, 1, 2, "") for c in cases for p, s in c.walls],
        )
        yield (
            "casework_emergency",
            EMERGENCY,
            [
                (self._id(), c.id, a, p, acted, "x", "x", "x", s.since, s.until or now + 3 * HOUR, "", "")
                for c in cases
                for a, p, acted, s in c.emergencies
            ],
        )
        owned = "id, case_id, agency_id, made_by_id, made_at"
        yield (
            "casework_note",
            f"{owned}, kind, text, is_burdening",
            [(note, c.id, a, 1, now, "concern", "x", False) for c in cases for a, note in c.notes.items()],
        )
        yield (
            "casework_track",
            f"{owned}, kind, state, version, round, round_began_at, moved_at, basis",
            [(t, c.id, a, 1, now, "help", "offered", 0, 1, now, now, "") for c in cases for a, t in c.tracks.items()],
        )
        yield (
            "casework_handoff",
            HANDOFF,
            [
                (h.id, c.id, h.sender, h.receiver, h.state, [1] if h.delivered else [], *BLANK, now, now)
                for c in cases
                for h in c.hands
            ],
        )
        yield (
            "casework_packageitem",
            'id, handoff_id, case_id, sender_id, package, position, "group", label, value, origin_id, origin_made_at',
            [(h.item, h.id, c.id, h.sender, 1, 0, "identity", "x", "x", self._id(), now) for c in cases for h in c.hands],
        )
