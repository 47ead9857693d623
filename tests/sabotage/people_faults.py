"""Faults by which somebody comes to belong to an organisation, or stays, who should not; or reads over all of it."""

from tests.sabotage.faults import Fault

ACTS = "tests/casework/actions/test_members.py"
OWN_PEOPLE = "tests/policy/test_own_people.py"
PAGES = "tests/web/test_members.py"
FIRST_PAGES = "tests/web/test_first_pages.py"
MEMBERS = "casework/actions/members.py"
PEOPLE = "permissions/sql/people.sql"
INVITATIONS = "permissions/sql/invitations.sql"
OF_PEOPLE = (
    Fault("people", "a reading role is given by one administrator", MEMBERS,
          "{str(role) for role in GIVEN_BY_TWO}) and", "set()) and", ACTS),
    Fault("people", "who leaves stays on their cases", MEMBERS,
          "            grants.end_assignments(member.user_id)\n", "            pass\n", ACTS),
    Fault("people", "a new link is made for who signs in already", MEMBERS,
          "    if not _waits_for_password(member):\n", "    if False:\n", ACTS),
    Fault("people", "the database lets one administrator give what takes two", PEOPLE,
          "gained && lock.given_by_two()", "false", OWN_PEOPLE),
    Fault("people", "an administrator changes themselves by a statement", PEOPLE,
          "    OR (NEW.person_id = lock.person() AND NEW.withdrawn_at IS NULL)\n", "", OWN_PEOPLE),
    Fault("people", "whoever was ended while they waited still ends another", PEOPLE,
          "lock.real_moment(lock.current_moment())))", "lock.current_moment()))", OWN_PEOPLE),
    Fault("people", "a link is used twice", INVITATIONS, "    AND i.used_at IS NULL AND i.withdrawn_at", "    AND i.withdrawn_at",
          PAGES),
    Fault("people", "a change is stored past its trigger", "permissions/sql/people_tables.sql",
          "fair_change BEFORE INSERT OR UPDATE ON", "fair_change BEFORE DELETE ON", OWN_PEOPLE),
    Fault("people", "the link itself is stored", "permissions/inviting.py",
          "    return hashlib.sha256(token.encode()).hexdigest()\n", "    return token\n", PAGES),
    Fault("people", "an administrator is offered to change themselves", "casework/selectors/members.py",
          "        is_oneself=row.user_id == act.actor.person_id,\n", "        is_oneself=False,\n", PAGES),
    Fault("people", "a role that is given by two has no page that hands out the link", "web/views/members.py",
          '        if "invitation" not in done.made:\n', "        if True:\n", PAGES),
    Fault("people", "a role is told nothing of what it does here", "web/first_page.py",
          '        Role.PLATFORM_OPERATOR: _("You keep the platform running, and can verify its log; you see no cases."),\n', "",
          FIRST_PAGES),
    Fault("people", "a link lets somebody in who is signed in as another", "web/views/invitations.py",
          "        if request.user.is_authenticated and request.user.pk != self.found.person_id:\n", "        if False:\n", PAGES),
)  # fmt: skip
