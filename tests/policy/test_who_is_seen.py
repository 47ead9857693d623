"""Who is shown to whom: running members, people who looked, and the entries of a log that are somebody's business."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection

from audit.models import Entry
from audit.roles import KEEPER
from casework.actions.perform import perform
from permissions.acting import acting_as
from permissions.decision import Missing, Refused
from permissions.installing import TooPowerful, require_unprivileged_role
from permissions.models import Membership, User
from permissions.selectors import actor_at, actor_for, actor_in_session, members_of, memberships_of
from permissions.services import NewPerson, install, record_sign_in
from permissions.vocabulary import Action, Role
from tests.policy.behind import past_triggers
from tests.world import World, signed_in

DAY = timedelta(days=1)
EAST = "Politie Voorbeeld Oost"


def names(world: World, moment: datetime, roles: tuple[Role, ...] = ()) -> set[str]:
    with acting_as(world.lies, Role.POLICE_LIAISON, Action.SEE_CASE):
        return {name for _, name in members_of(world.agency("lies"), moment, roles)}


def test_members_are_those_whose_membership_runs_at_that_moment(world):
    now = datetime.now(UTC)
    assert "Leo Liaison" in names(world, now)
    assert names(world, now, (Role.AUDITOR,)) == {"Arie Auditor"}
    changed = "UPDATE permissions_membership SET starts_at = %s, ends_at = %s WHERE user_id = %s"
    with past_triggers(world):
        world.superuser.execute(changed, [now - DAY, now + DAY, world.leo.person_id])
    moments = (now - DAY - timedelta(seconds=1), now - DAY, now, now + DAY)
    assert ["Leo Liaison" in names(world, moment) for moment in moments] == [False, True, True, False]


def test_a_person_acts_in_the_newest_of_their_memberships_that_runs(world):
    now = datetime.now(UTC)
    more = (NewPerson("leo", "Leo Liaison", EAST, (Role.QUALITY_CHECKER,)),)
    newer = install((), more, now - DAY)["leo"]
    assert newer.membership_id
    there = (world.leo.person_id, world.agency("leo"))
    assert actor_at(*there).membership_id == newer.membership_id
    with past_triggers(world):
        world.superuser.execute("UPDATE permissions_membership SET ends_at = now() WHERE id = %s", [newer.membership_id])
    assert actor_at(*there).membership_id == world.leo.membership_id, "one that runs goes before one that is newer"
    assert actor_for(world.leo.person_id, newer.membership_id) is None
    assert [key for key, _, _ in memberships_of(world.leo.person_id)] == [world.leo.membership_id]


def test_a_colleague_knows_what_somebody_is_here_and_not_what_they_are_elsewhere(world):
    elsewhere = install(
        (), (NewPerson("leo", "Leo Liaison", "Veilig Thuis Proefstad", (Role.CASEWORKER,)),), datetime.now(UTC)
    )
    both = {world.leo.membership_id, elsewhere["leo"].membership_id}

    def known(actor) -> set[object]:
        with acting_as(actor, actor.roles[0], Action.SEE_CASE):
            return set(Membership.objects.filter(user_id=world.leo.person_id).values_list("pk", flat=True))

    assert known(world.lies) == {world.leo.membership_id}
    assert known(world.wim) == {elsewhere["leo"].membership_id}
    assert known(world.joke) == set()
    assert known(world.leo) == both, "one's own"


@pytest.mark.parametrize(
    "query",
    [
        "UPDATE permissions_agency SET is_active = false WHERE group_id = %(agency)s",
        "UPDATE permissions_user SET is_active = false WHERE id = %(person)s",
        "UPDATE permissions_membership SET starts_at = now() + interval '1 day' WHERE user_id = %(person)s",
    ],
)
def test_whoever_has_no_membership_that_runs_is_nobody_at_the_next_request(world, query):
    client = signed_in("lies")
    assert client.get("/work").status_code == 200
    with past_triggers(world):
        world.superuser.execute(query, {"agency": world.agency("lies"), "person": world.lies.person_id})
    assert memberships_of(world.lies.person_id) == []
    assert actor_in_session(world.lies.person_id, None, client.session) == (None, 0)
    assert client.get("/work").status_code != 200


def test_names_of_others_who_looked_are_for_those_who_watch_over_the_records(world):
    case, _ = world.track()
    for who in ("wim", "joke"):
        with pytest.raises((Missing, Refused)):
            perform(world.people[who], Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "Een bedacht relaas."}})

    def seen(actor, role: Role, action: Action) -> set[str]:
        with acting_as(actor, role, action):
            rows = User.objects.filter(pk__in=(world.wim.person_id, world.joke.person_id))
            return set(rows.values_list("username", flat=True))

    assert seen(world.arie, Role.AUDITOR, Action.SEE_ACCESS_LOG) == {"wim", "joke"}
    assert seen(world.saskia, Role.SUPERVISOR, Action.SEE_CASE_LOG) == {"wim", "joke"}
    for who, role in (("lies", Role.POLICE_LIAISON), ("bea", Role.AGENCY_ADMIN), ("karin", Role.QUALITY_CHECKER)):
        assert seen(world.people[who], role, Action.SEE_CASE) == set(), who
    assert seen(world.anke, Role.AUDITOR, Action.SEE_ACCESS_LOG) == {"wim"}, "a colleague, and nobody who looked elsewhere"


def seen_by(actor, role: Role, action: Action, **which: object) -> int:
    with acting_as(actor, role, action):
        return int(Entry.objects.filter(**which).count())


def test_a_supervisor_reads_the_log_of_cases_and_an_auditor_all_of_the_agency_s(world):
    world.track()
    signed_in("lies").post("/language", {"language": "en"})
    of_a_case = {"actor_id": world.lies.person_id, "case_id__isnull": False}
    beside = {"actor_id": world.lies.person_id, "case_id": None, "word": "choose_language"}
    assert seen_by(world.saskia, Role.SUPERVISOR, Action.SEE_CASE_LOG, **of_a_case)
    assert not seen_by(world.saskia, Role.SUPERVISOR, Action.SEE_CASE_LOG, **beside)
    assert seen_by(world.arie, Role.AUDITOR, Action.SEE_ACCESS_LOG, **beside)
    assert seen_by(world.lies, Role.POLICE_LIAISON, Action.SEE_CASE, **beside), "one's own"
    assert not seen_by(world.leo, Role.POLICE_LIAISON, Action.SEE_CASE, **beside)
    assert not seen_by(world.anke, Role.AUDITOR, Action.SEE_ACCESS_LOG, **beside), "of another agency"


def test_whoever_verifies_sees_of_entries_without_an_agency_those_on_the_trail_itself(world):
    record_sign_in(Role.VISITOR, "sign_in_failed", None)
    assert world.rows("SELECT agency_id FROM audit_entry WHERE word = 'sign_in_failed'") == [(None,)]
    for who, role in (("arie", Role.AUDITOR), ("otto", Role.PLATFORM_OPERATOR)):
        assert not seen_by(world.people[who], role, Action.VERIFY_TRAIL, word="sign_in_failed"), who


OF_POWER = {
    "a superuser": "ALTER ROLE {role} SUPERUSER",
    "past row security": "ALTER ROLE {role} BYPASSRLS",
    "the keeper too": f"GRANT {KEEPER} TO {{role}}",
    "an owner of a table": "CREATE TABLE lock.of_its_own (id int); ALTER TABLE lock.of_its_own OWNER TO {role}",
}


@pytest.fixture
def role(world):
    """Another role of the application, which comes with nothing."""
    name = "schakel_test_power"
    world.superuser.execute(f"DROP TABLE IF EXISTS lock.of_its_own; DROP ROLE IF EXISTS {name}; CREATE ROLE {name} LOGIN")
    database = connection.settings_dict["NAME"]
    world.superuser.execute(f"GRANT CONNECT ON DATABASE {database} TO {name}")
    before = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = name
    yield name
    connection.close()
    connection.settings_dict["USER"] = before
    world.superuser.execute("DROP TABLE IF EXISTS lock.of_its_own")
    world.superuser.execute(f"DROP OWNED BY {name}; DROP ROLE {name}")


def test_a_role_with_nothing_may_start(role):
    require_unprivileged_role()


@pytest.mark.parametrize("power", OF_POWER)
def test_no_process_starts_as_a_role_that_reads_past_the_lock(world, role, power):
    with past_triggers(world):
        for statement in OF_POWER[power].format(role=role).split("; "):
            world.superuser.execute(psycopg.sql.SQL(statement))
    with pytest.raises(TooPowerful, match=role):
        require_unprivileged_role()
