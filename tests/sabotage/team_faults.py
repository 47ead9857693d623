"""Faults of the team: what its page says, handing over in one act, and who is away."""

from tests.sabotage.faults import Fault

HANDING_OVER = "tests/casework/actions/test_handing_over.py"
TEAM = "tests/casework/selectors/test_team.py"
PAGES = "tests/web/test_team.py"
ASSIGNING = "casework/actions/assigning.py"
SELECTORS = "casework/selectors/team.py"

OF_THE_TEAM = (
    Fault("team", "a case that went to another meanwhile is taken from them", ASSIGNING,
          'if not given.get("all") and len(held) < len(cases):', "if False:", HANDING_OVER),
    Fault("team", "whoever hands over keeps the case too", ASSIGNING,
          "                grants.end_assignment(case_id, holder)\n", "                pass\n", HANDING_OVER),
    Fault("team", "a case that nobody can be given is said to be handed over", ASSIGNING,
          "    if len(left) == len(cases):", "    if False:", HANDING_OVER),
    Fault("team", "somebody who is away stands in", ASSIGNING,
          "    if away.filter(agency_id=request.act.actor.agency_id, user_id=deputy).exists():", "    if False:", HANDING_OVER),
    Fault("team", "an absence that was replaced still holds", ASSIGNING,
          "    meets.update(replaced_at=request.act.moment)\n", "", HANDING_OVER),
    Fault("team", "who is away is shown to every colleague", "casework/lock/policies.py",
          '''f"{table}.agency_id = {self.agency} AND ({mine} OR {self._end(Action.ASSIGN, Cell.OWN)})"''',
          '''f"{table}.agency_id = {self.agency}"''', TEAM),
    Fault("team", "an absence still to come is one of today", SELECTORS,
          "return rows.filter(starts_on__lte=today, ends_on__gte=today)", "return rows.filter(ends_on__gte=today)", TEAM),
    Fault("team", "a deputy who is away covers", SELECTORS,
          "return bool(self.deputy) and self.deputy_until is None", "return bool(self.deputy)", TEAM),
    Fault("team", "one is offered to oneself", SELECTORS,
          "rows = rows if with_oneself else rows.exclude(user_id=act.actor.person_id)", "rows = rows", TEAM),
    Fault("team", "a look at somebody's absence leaves no entry", SELECTORS,
          '    record_read("absence", Membership, membership_id, shown=["absence"])\n', "", "tests/policy/test_offered.py"),
    Fault("team", "a case that stays is not named", "web/views/team.py", "        if stays:\n", "        if False:\n", PAGES),
    Fault("team", "a person stands in for themselves", "casework/models/team.py",
          'name="another_stands_in"', 'name="anybody_stands_in"', "tests/tidy/test_migrations.py"),
)  # fmt: skip
