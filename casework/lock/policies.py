"""Row policies, generated from the permission matrix.

Records come from read_record, shells from see_case, packages from see_handoff.
An agency's own row opens nothing by itself, and a wall beats everything.

Each rule is said once: `Rules` look up who acts and where they stand, as a row policy does. The functions that answer
whether something is within reach at all (casework/sql/reach_*.sql) are SQL of their own that says the same rules with
answers in the place of what is looked up; tests/policy/test_reach_rules.py renders the rules so and compares. What they
look up may be wider than the policy, which still decides (docs/decisions/0018-sql-in-files.md).
"""

from permissions import policies as trail_policies
from permissions.decision import BREAKS_GLASS, DESK_STATES, ENDED_STATES, SEEING_NO_CASE, TAKEN_STATES, roles_with
from permissions.grid import Cell
from permissions.guard import among
from permissions.vocabulary import CASE_ROLES, Action, Role
from workflows.retention import RETENTION


def _ordered(words: frozenset[str]) -> list[str]:
    return sorted(words)


def _roles(action: Action, *cells: Cell) -> list[Role]:
    return list(roles_with(action, *cells))


DESK_READERS = tuple(r for r in Role if any(r in roles_with(a, Cell.RECEIVER, Cell.NAMED_END) for a in Action))
"""Roles with a receiving cell: who reads a package that lies on the desk."""


class Rules:
    """The rules on rows of a table; who acts, and where they stand, is looked up."""

    def said(self, name: str) -> str:
        """Return the expression that says this of who acts: their agency, person, role, action, or the moment of the act."""
        return f"lock.{name}()"

    @property
    def agency(self) -> str:
        """Return the acting agency, looked up once a statement."""
        return f"(SELECT {self.said('agency')})"

    @property
    def person(self) -> str:
        """Return the acting person, looked up once a statement."""
        return f"(SELECT {self.said('person')})"

    @property
    def role(self) -> str:
        """Return the acting role, looked up once a statement."""
        return f"(SELECT {self.said('role')})"

    @property
    def action(self) -> str:
        """Return the action of the act, looked up once a statement."""
        return f"(SELECT {self.said('action')})"

    @property
    def moment(self) -> str:
        """Return the moment of the act, looked up once a statement."""
        return f"(SELECT {self.said('current_moment')})"

    @property
    def system(self) -> str:
        """Return the condition that the system acts: the courier, or the scheduler."""
        return among(self.role, [Role.COURIER, Role.SCHEDULER])

    def running(self, table: str) -> str:
        """Return the condition that a dated row runs now: its end takes effect at its instant."""
        return f"{table}.starts_at <= {self.moment} AND ({table}.ends_at IS NULL OR {table}.ends_at > {self.moment})"

    def is_named(self, case: str) -> str:
        """Return the condition that the acting person is named on a case."""
        return (
            f"EXISTS (SELECT 1 FROM casework_assignment x WHERE x.content_object_id = {case} AND x.user_id = {self.person} "
            f"AND x.agency_id = {self.agency} AND {self.running('x')})"
        )

    def is_unwalled(self, case: str) -> str:
        """Return the condition that no wall stands between the acting person and a case."""
        wall = f"x.case_id = {case} AND x.user_id = {self.person} AND {self.running('x')}"
        return f"NOT EXISTS (SELECT 1 FROM casework_wall x WHERE {wall})"

    def has_broken_glass(self, case: str, agency: str) -> str:
        """Return the condition that the acting person's emergency runs for an agency's part of a case."""
        return (
            f"EXISTS (SELECT 1 FROM casework_emergency x WHERE x.case_id = {case} AND x.user_id = {self.person} "
            f"AND x.agency_id = {agency} AND x.asker_agency_id = {self.agency} AND x.ended_at IS NULL "
            f"AND {self.running('x')})"
        )

    def has_handoff(self, case: str) -> str:
        """Return the condition that the acting agency stands at an end of a handoff in a case."""
        return f"EXISTS (SELECT 1 FROM casework_handoff h WHERE h.case_id = {case})"

    def in_emergency(
        self, table: str, rule: str, *, case: str = "case_id", agency: str = "agency_id", also: str = "true"
    ) -> str:
        """Return a condition for reading that also holds for who reads this agency's part of the case in an emergency."""
        own = f"{table}.{case}"
        looks = f"{among(self.action, sorted(BREAKS_GLASS))} AND {self._end(Action.ASK_EMERGENCY, Cell.CONTROLLER)}"
        broken = self.has_broken_glass(own, f"{table}.{agency}")
        return f"({rule}) OR ({looks} AND {broken} AND {also} AND {self.is_unwalled(own)})"

    def _within(self, case: str, own: list[Role], named: list[Role]) -> str:
        """Return the condition of a role for all of the agency's cases, or of one only where this person is named."""
        reach = f"({among(self.role, own)} OR ({among(self.role, named)} AND {self.is_named(case)}))"
        return f"{reach} AND {self.is_unwalled(case)}"

    def owned_by_agency(self, table: str, *, system: bool = False) -> str:
        """Return the condition of a content row: own agency, and read_record says yes."""
        reach = self._within(
            f"{table}.case_id",
            _roles(Action.READ_RECORD, Cell.OWN),
            _roles(Action.READ_RECORD, Cell.NAMED),
        )
        return self._of_agency(table, reach, system=system)

    def workflow_row(self, table: str) -> str:
        """Return the condition of a track, deadline or approval: own agency, and any act on tracks says yes."""
        own = [role for role in Role if role in CASE_ROLES and any(role in roles_with(a, Cell.OWN) for a in Action)]
        named = [role for role in _roles(Action.SEE_CASE, Cell.NAMED) if role not in own]
        return self._of_agency(table, self._within(f"{table}.case_id", own, named), system=True)

    def _of_agency(self, table: str, reach: str, *, system: bool) -> str:
        reach = f"({self.system} OR ({reach}))" if system else f"({reach})"
        return f"{table}.agency_id = {self.agency} AND {reach}"

    def _end(self, action: Action, *cells: Cell) -> str:
        return among(self.role, _roles(action, *cells))

    def handoff(self, table: str) -> str:
        """Return the condition of a handoff: at its sending end, or at its receiving end from delivery on."""
        see = Action.SEE_HANDOFF
        named = self.is_named(f"{table}.case_id")
        end = f"({self._end(see, Cell.END)} OR ({self._end(see, Cell.NAMED_END)} AND {named}))"
        desk = self._end(see, Cell.END, Cell.NAMED_END, Cell.RECEIVER)
        state = f"{table}.state"
        years = RETENTION["DISCLOSURE_LEDGER"].years
        recent = (  # what an ended handoff leaves (workflows/residual.py), until the end of that local day
            f"(({self.moment} AT TIME ZONE 'Europe/Amsterdam')::date <= "
            f"(({table}.moved_at AT TIME ZONE 'Europe/Amsterdam')::date + interval '{years} years')::date)"
        )
        over = f"({among(state, _ordered(TAKEN_STATES))} OR ({among(state, _ordered(ENDED_STATES))} AND {recent}))"
        ended = f"({over} AND ({self._end(see, Cell.RECEIVER)} OR {end}))"
        receiver = f"(({among(state, _ordered(DESK_STATES))} AND {desk}) OR {ended})"
        return (
            f"(({table}.sender_id = {self.agency} AND ({self.system} OR {end})) OR "
            f"({table}.receiver_id = {self.agency} AND ({self.system} OR {receiver}))) "
            f"AND {self.is_unwalled(f'{table}.case_id')}"
        )

    def _received(self) -> str:
        """Return the condition of a handoff whose package the receiver reads.

        On the desk those with a receiving cell read it, once taken over the named people and who sees all of an end.
        """
        desk = f"{among('h.state', _ordered(DESK_STATES))} AND {among(self.role, DESK_READERS)}"
        reader = f"({self._end(Action.SEE_HANDOFF, Cell.END)} OR {self.is_named('h.case_id')})"
        return f"({desk}) OR ({among('h.state', _ordered(TAKEN_STATES))} AND {reader})"

    def package_item(self, table: str) -> str:
        """Return the condition of a package item: the sender's own, or a receiver's in a state that shows it."""
        return (
            f"EXISTS (SELECT 1 FROM casework_handoff h WHERE h.id = {table}.handoff_id AND (h.sender_id = {self.agency} OR "
            f"({table}.package = ANY (h.delivered) AND ({self.system} OR {self._received()}))))"
        )

    def correction_news(self, table: str) -> str:
        """Return the condition of what is told of a correction: the sender's own, or a receiver's who reads the package."""
        return (
            f"EXISTS (SELECT 1 FROM casework_handoff h WHERE h.id = {table}.handoff_id AND (h.sender_id = {self.agency} OR "
            f"({table}.delivered_at IS NOT NULL AND ({self._received()}))))"
        )

    def participation(self, table: str) -> str:
        """Return the condition of an agency's participation: see_case says yes; a count of them tells nothing more."""
        case = f"{table}.content_object_id"
        own, named, end = (self._end(Action.SEE_CASE, cell) for cell in (Cell.OWN, Cell.NAMED, Cell.END))
        reach = f"(({own} AND {table}.keeps) OR ({named} AND {self.is_named(case)}) OR ({end} AND {self.has_handoff(case)}))"
        reader = f"({self.system} OR ({reach} AND {self.is_unwalled(case)}))"
        return f"{table}.group_id = {self.agency} AND {self.running(table)} AND {reader}"

    def overseen(self, table: str) -> str:
        """Return the condition that the agency takes part in a case, for a role that watches over it and sees none."""
        part = f"{table}.group_id = {self.agency} AND {self.running(table)} AND {among(self.role, SEEING_NO_CASE)}"
        return f"{part} AND {self.is_unwalled(f'{table}.content_object_id')}"

    def assignment(self, table: str) -> str:
        """Return the condition of an assignment: one's own, or those of the agency for somebody who may assign."""
        return (
            f"{table}.agency_id = {self.agency} "
            f"AND ({table}.user_id = {self.person} OR {self._end(Action.ASSIGN, Cell.OWN)}) "
            f"AND {self.is_unwalled(f'{table}.content_object_id')}"
        )

    def of_team(self, table: str, *people: str) -> str:
        """Return the condition of what concerns people of the agency: for themselves, and for who may assign."""
        mine = " OR ".join(f"{table}.{one} = {self.person}" for one in people)
        return f"{table}.agency_id = {self.agency} AND ({mine} OR {self._end(Action.ASSIGN, Cell.OWN)})"

    def settled_by_assigner(self, table: str) -> str:
        """Return the condition of what somebody who may assign stores about people of the agency."""
        assigns = f"{self.action} = 'assign' AND {self._end(Action.ASSIGN, Cell.OWN)}"
        return f"{table}.agency_id = {self.agency} AND {assigns}"

    def wall(self, table: str) -> str:
        """Return the condition of a new wall: before oneself, or by who may; the keeper looks at case and membership."""
        raised = f"{self.action} = 'wall_person' AND {among(self.role, _roles(Action.WALL_PERSON, Cell.OWN))}"
        return (
            f"{table}.agency_id = {self.agency} AND {table}.ends_at IS NULL AND ({table}.user_id = {self.person} AND "
            f"{self.action} = 'declare_conflict' OR {raised})"
        )

    def stored_apart(self, table: str, action: Action) -> str:
        """Return the condition of what only an act of its own shows: a source, a citizen service number."""
        reach = self._within(f"{table}.case_id", _roles(action, Cell.OWN), _roles(action, Cell.NAMED))
        return f"{table}.agency_id = {self.agency} AND {self.action} = '{action}' AND {reach}"

    def weighed_at_delivery(self, table: str) -> str:
        """Return the condition of a person whom the courier weighs at the sender's end: whose consent carries it."""
        own = f"{table}.agency_id = {self.agency} AND {among(self.role, [Role.COURIER])}"
        package = f"{self.action} = 'deliver_handoff' AND {self._is_sent_from(table, ['sent'])}"
        news = f"{self.action} = 'deliver_correction' AND {self._is_sent_from(table, _ordered(DESK_STATES | TAKEN_STATES))}"
        return f"{own} AND (({package}) OR ({news}))"

    def weighed_at_rework(self, table: str) -> str:
        """Return the condition of a row that tells whoever takes a package back what has become secret since."""
        sender = f"{among(self.role, _roles(Action.REWORK_HANDOFF, Cell.SENDER))} AND {self.action} = 'rework_handoff'"
        unwalled = self.is_unwalled(f"{table}.case_id")
        return f"{table}.agency_id = {self.agency} AND {sender} AND {self._is_sent_from(table, ['prepared'])} AND {unwalled}"

    def _is_sent_from(self, table: str, states: list[str]) -> str:
        return (
            f"EXISTS (SELECT 1 FROM casework_handoff h WHERE h.case_id = {table}.case_id AND h.sender_id = {self.agency} "
            f"AND {among('h.state', states)})"
        )

    def may_hold_bsn(self, rule: str) -> str:
        """Return a condition that also asks that the agency may hold citizen service numbers."""
        return (
            f"({rule}) AND EXISTS (SELECT 1 FROM permissions_agency a WHERE a.group_id = {self.agency} AND a.may_hold_bsn)"
        )

    def emergency(self, table: str) -> str:
        """Return the condition of an emergency: one's own, or those in the agency's cases for who reviews them."""
        reviews = self._end(Action.REVIEW_EMERGENCY, Cell.OWN, Cell.AGENCY)
        return (
            f"(({table}.user_id = {self.person} AND {table}.asker_agency_id = {self.agency}) OR "
            f"({table}.agency_id = {self.agency} AND {reviews})) AND {self.is_unwalled(f'{table}.case_id')}"
        )

    def emergency_change(self, table: str) -> str:
        """Return the condition of ending or reviewing an emergency: the second never by its user."""
        named = f"{table}.user_id = {self.person} AND {table}.asker_agency_id = {self.agency}"
        leads = f"{table}.agency_id = {self.agency} AND {self._end(Action.END_EMERGENCY, Cell.OWN)}"
        reviews = f"{table}.agency_id = {self.agency} AND {table}.user_id <> {self.person}"
        reviewer = self._end(Action.REVIEW_EMERGENCY, Cell.OWN, Cell.AGENCY)
        return (
            f"({self.action} = 'end_emergency' AND (({named}) OR ({leads}))) OR "
            f"({self.action} = 'review_emergency' AND {reviews} AND {reviewer})"
        )

    def _agency_for(self, action: Action, *cells: Cell) -> str:
        """Return the acting agency where the role may, else nothing: one value, so the planner expects all its rows."""
        return f"(SELECT {self.said('agency')} WHERE {among(self.said('role'), _roles(action, *cells))})"

    def finding(self, table: str) -> str:
        """Return the condition of a finding: the agency's for its auditors, those of their cases for external ones.

        One that is no one agency's is for the auditors of every agency.
        """
        mine = self._agency_for(Action.RAISE_FINDING, Cell.AGENCY, Cell.NAMED)
        own = f"({table}.opened_by_id = {self.person} OR {self.is_named(f'{table}.case_id')})"
        everybody = f"({table}.agency_id IS NULL AND {self._end(Action.RAISE_FINDING, Cell.AGENCY)})"
        return f"({table}.agency_id = {mine} AND ({self._end(Action.RAISE_FINDING, Cell.AGENCY)} OR {own})) OR {everybody}"

    def review(self, table: str) -> str:
        """Return the condition of what was written beside the trail: the agency's for its auditors, else one's own."""
        mine = self._agency_for(Action.ANNOTATE_TRAIL, Cell.AGENCY, Cell.NAMED)
        reader = f"({self._end(Action.ANNOTATE_TRAIL, Cell.AGENCY)} OR {table}.made_by_id = {self.person})"
        return f"{table}.agency_id = {mine} AND {reader}"

    def export(self, table: str) -> str:
        """Return the condition of an export of the trail: of who asked for it alone, while they may ask for one."""
        mine = self._agency_for(Action.EXPORT_TRAIL, Cell.AGENCY, Cell.NAMED)
        return f"{table}.agency_id = {mine} AND {table}.made_by_id = {self.person}"

    def export_part(self, table: str) -> str:
        """Return the condition of a part of an export: that of its export."""
        return f"EXISTS (SELECT 1 FROM casework_export x WHERE x.id = {table}.export_id)"

    def draft(self, table: str) -> str:
        """Return the condition of a draft: of who typed it, in the same membership, while they see what it is on.

        A package on the desk is seen before anybody is named on its case.
        """
        mine = f"{table}.person_id = {self.person} AND {table}.membership_id = (SELECT {self.said('membership')})"
        case = f"EXISTS (SELECT 1 FROM casework_participation r WHERE r.content_object_id = {table}.case_id)"
        package = f"EXISTS (SELECT 1 FROM casework_handoff h WHERE h.id = {table}.about_id)"
        return f"{mine} AND ({table}.about_id IS NULL OR {case} OR {package})"

    def finding_made(self, table: str) -> str:
        """Return the condition of a new finding: by an auditor, or by who reviewed an emergency; never a difference."""
        reviewer = self._end(Action.REVIEW_EMERGENCY, Cell.OWN, Cell.AGENCY)
        return (
            f"{table}.agency_id = {self.agency} AND {table}.about_id <> {self.person} AND {table}.in_table = '' AND "
            f"(({self.action} = 'raise_finding' AND {self._end(Action.RAISE_FINDING, Cell.AGENCY, Cell.NAMED)}) OR "
            f"({self.action} = 'review_emergency' AND {reviewer}))"
        )

    def finding_closed(self, table: str) -> str:
        """Return the condition of closing a finding: an auditor, never the person whom it concerns."""
        named = f"({self._end(Action.CLOSE_FINDING, Cell.NAMED)} AND {self.is_named(f'{table}.case_id')})"
        closes = f"({self._end(Action.CLOSE_FINDING, Cell.AGENCY)} OR {named})"
        mine = f"({table}.agency_id = {self.agency} OR {table}.agency_id IS NULL)"
        another = f"{table}.about_id IS DISTINCT FROM {self.person} AND {self.person} <> ALL ({table}.people)"
        return f"{mine} AND {self.action} = 'close_finding' AND {closes} AND {another}"

    def known_check(self, table: str) -> str:
        """Return the condition of a question whether a person is known: the agency's own, for who answers them."""
        mine = self._agency_for(Action.ANSWER_KNOWN_CHECK, Cell.AGENCY)
        return f"{table}.agency_id = {mine} AND {self.is_unwalled(f'{table}.case_id')}"

    def entries(self) -> str:
        """Return the condition of an entry of the trail: as the law says, and never another's in a case behind a wall."""
        walled = f"audit_entry.case_id IS NOT NULL AND NOT ({self.is_unwalled('audit_entry.case_id')})"
        return trail_policies.entries(walled, self.is_named("audit_entry.case_id"))

    def ledger(self, table: str) -> str:
        """Return the condition of a ledger line: the case's own people, and those who may see the ledger of the agency."""
        reach = self._within(
            f"{table}.case_id",
            _roles(Action.READ_RECORD, Cell.OWN),
            _roles(Action.READ_RECORD, Cell.NAMED),
        )
        external = f"({self._end(Action.SEE_LEDGER, Cell.NAMED)} AND {self.is_named(f'{table}.case_id')})"
        agency = self._end(Action.SEE_LEDGER, Cell.OWN, Cell.AGENCY)
        return f"{table}.agency_id = {self.agency} AND ({agency} OR {external} OR ({reach}))"


ROWS = Rules()
"""The rules as row policies say them."""
