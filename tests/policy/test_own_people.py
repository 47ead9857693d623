"""The database itself holds who may change who belongs to an organisation, whatever the application asks of it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection

from casework.actions.perform import perform
from permissions.acting import Acting, acting_as
from permissions.models import Invitation, MemberChange, Membership, User
from permissions.services import NewPerson, install
from permissions.vocabulary import Action, Role
from tests.world import World

PEOPLE = Action.MANAGE_PEOPLE
LAW = "row-level security"


def asked(function: str, *said: str | int) -> object:
    """What a function of the keeper answers."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT lock.{function}({', '.join(['%s'] * len(said))})", list(said))
        return cursor.fetchone()[0]


@pytest.fixture
def office(world: World) -> World:
    """The police with two administrators, and Veilig Thuis with one."""
    more = (
        NewPerson("bert", "Bert Beheerder", "Politie Voorbeeld Oost", (Role.AGENCY_ADMIN,)),
        NewPerson("bram", "Bram Beheerder", "Veilig Thuis Proefstad", (Role.AGENCY_ADMIN,)),
    )
    world.people |= install((), more, datetime(2026, 1, 5, tzinfo=UTC))
    return world


def changed(act: Acting, membership: UUID, kind: str, roles: list[str], **more: object) -> MemberChange:
    """Store a change that says it takes effect now."""
    said = {"asked_by_id": act.actor.person_id, "asked_at": act.moment, "done_at": act.moment, **more}
    agency = said.pop("agency_id", act.actor.agency_id)
    return MemberChange.objects.create(
        id=uuid4(), agency_id=agency, membership_id=membership, kind=kind, roles=roles, **said
    )


def membership_of(world: World, who: str) -> UUID:
    return world.people[who].membership_id or uuid4()


def test_nobody_but_an_administrator_of_the_organisation_changes_a_membership(office):
    mine = Membership.objects.filter(pk=membership_of(office, "lies"))
    for actor, role, action in (
        (office.lies, Role.POLICE_LIAISON, Action.SEE_CASE),
        (office.lies, Role.POLICE_LIAISON, PEOPLE),
        (office.saskia, Role.SUPERVISOR, PEOPLE),
        (office.bram, Role.AGENCY_ADMIN, PEOPLE),
        (office.otto, Role.PLATFORM_OPERATOR, PEOPLE),
        (office.bea, Role.AGENCY_ADMIN, Action.MANAGE_AGREEMENTS),
    ):
        with acting_as(actor, role, action) as act:
            assert mine.update(roles=["quality_checker"]) == 0
            assert mine.update(ends_at=act.moment) == 0


def test_an_administrator_changes_a_membership_by_a_stored_change_alone_and_as_that_says(office):
    mine = Membership.objects.filter(pk=membership_of(office, "lies"))
    with pytest.raises(DatabaseError, match="by a stored change alone"), acting_as(office.bea, Role.AGENCY_ADMIN, PEOPLE):
        mine.update(roles=["quality_checker"])
    about = {"person_id": office.lies.person_id}
    for said in ({"roles": ["intake_worker"]}, {"roles": ["quality_checker"], "ends_at": datetime(2026, 2, 1, tzinfo=UTC)}):
        with (
            pytest.raises(DatabaseError, match="not what the stored change says"),
            acting_as(office.bea, Role.AGENCY_ADMIN, PEOPLE) as act,
        ):
            changed(act, membership_of(office, "lies"), "roles", ["quality_checker"], **about)
            mine.update(**said)
    with acting_as(office.bea, Role.AGENCY_ADMIN, PEOPLE) as act:
        changed(act, membership_of(office, "lies"), "roles", ["quality_checker"], **about)
        assert mine.update(roles=["quality_checker"]) == 1


def test_a_change_is_stored_by_an_administrator_of_the_organisation_in_their_own_name(office):
    lies = {"person_id": office.lies.person_id}
    for actor, role, more in (
        (office.lies, Role.POLICE_LIAISON, {}),
        (office.bea, Role.AGENCY_ADMIN, {"asked_by_id": office.bert.person_id}),
        (office.bea, Role.AGENCY_ADMIN, {"agency_id": office.agency("wim")}),
        (office.bea, Role.AGENCY_ADMIN, {"confirmed_at": datetime(2026, 2, 1, tzinfo=UTC)}),
        (office.bram, Role.AGENCY_ADMIN, {}),
    ):
        with (
            pytest.raises(DatabaseError, match=f"{LAW}|by an administrator|belongs elsewhere"),
            acting_as(actor, role, PEOPLE) as act,
        ):
            changed(act, membership_of(office, "lies"), "roles", ["quality_checker"], **{**lies, **more})
    with acting_as(office.bram, Role.AGENCY_ADMIN, PEOPLE):
        assert not MemberChange.objects.exists()


def test_no_administrator_changes_themselves_by_any_statement(office):
    me = {"person_id": office.bea.person_id}
    for kind, roles in (("roles", ["agency_admin", "auditor"]), ("end", [])):
        with (
            pytest.raises(DatabaseError, match="what they are themselves"),
            acting_as(office.bea, Role.AGENCY_ADMIN, PEOPLE) as act,
        ):
            changed(act, membership_of(office, "bea"), kind, roles, **me)
    with pytest.raises(DatabaseError, match="what they are themselves"), acting_as(office.bea, Role.AGENCY_ADMIN, PEOPLE):
        Membership.objects.filter(pk=membership_of(office, "bea")).update(roles=["agency_admin", "auditor"])


def test_a_role_that_takes_two_people_is_given_by_no_statement_of_one(office):
    about = {"person_id": office.lies.person_id}
    for role in ("auditor", "privacy_officer", "records_manager", "report_viewer", "external_auditor", "agency_admin"):
        with pytest.raises(DatabaseError, match="takes two people"), acting_as(office.bea, Role.AGENCY_ADMIN, PEOPLE) as act:
            changed(act, membership_of(office, "lies"), "roles", [role], **about)
    with acting_as(office.bea, Role.AGENCY_ADMIN, PEOPLE) as act:
        asked = changed(act, membership_of(office, "lies"), "roles", ["auditor"], done_at=None, **about)
    rows = MemberChange.objects.filter(pk=asked.pk)
    with pytest.raises(DatabaseError, match="takes two people"), acting_as(office.bea, Role.AGENCY_ADMIN, PEOPLE) as act:
        rows.update(done_at=act.moment)
    with pytest.raises(DatabaseError, match="two_change"), acting_as(office.bea, Role.AGENCY_ADMIN, PEOPLE) as act:
        rows.update(done_at=act.moment, confirmed_at=act.moment, confirmed_by_id=office.bea.person_id)
    with pytest.raises(DatabaseError, match="takes two people"), acting_as(office.bea, Role.AGENCY_ADMIN, PEOPLE) as act:
        rows.update(done_at=act.moment, confirmed_at=act.moment, confirmed_by_id=office.bert.person_id)
    with pytest.raises(DatabaseError, match="permission denied"), acting_as(office.bert, Role.AGENCY_ADMIN, PEOPLE):
        rows.update(roles=["privacy_officer"])
    with acting_as(office.bert, Role.AGENCY_ADMIN, PEOPLE) as act:
        assert rows.update(done_at=act.moment, confirmed_at=act.moment, confirmed_by_id=office.bert.person_id) == 1
    with pytest.raises(DatabaseError, match="settled before"), acting_as(office.bert, Role.AGENCY_ADMIN, PEOPLE) as act:
        rows.update(withdrawn_at=act.moment)


def test_nobody_of_another_organisation_is_taken_in_and_no_password_of_a_colleague_is_set(office):
    here = uuid4()
    with pytest.raises(DatabaseError, match="belongs elsewhere"), acting_as(office.bea, Role.AGENCY_ADMIN, PEOPLE) as act:
        changed(act, here, "join", ["caseworker"], person_id=office.wim.person_id)
    with (
        pytest.raises(DatabaseError, match="not what the stored change says"),
        acting_as(office.bea, Role.AGENCY_ADMIN, PEOPLE) as act,
    ):
        changed(act, here, "join", ["caseworker"])
        Membership.objects.create(
            id=here, user_id=office.wim.person_id, agency_id=office.agency("bea"), roles=["caseworker"], starts_at=act.moment
        )
    with acting_as(office.bea, Role.AGENCY_ADMIN, PEOPLE):
        assert User.objects.filter(pk=office.lies.person_id).update(password="x", is_active=False) == 0
    with pytest.raises(DatabaseError, match=LAW), acting_as(office.bea, Role.AGENCY_ADMIN, PEOPLE):
        User.objects.bulk_create([User(username="zelf", full_name="Zelf Gemaakt")])


def test_people_are_added_and_taken_off_their_cases_in_that_act_of_an_administrator_alone(office):
    for actor, role, action in (
        (office.lies, Role.POLICE_LIAISON, PEOPLE),
        (office.bea, Role.AGENCY_ADMIN, Action.MANAGE_AGREEMENTS),
    ):
        for function, *said in (("add_person", "nieuw", "Nieuw"), ("has_sign_in_name", "lies"), ("end_assignments", 100)):
            with (
                pytest.raises(DatabaseError, match=r"added by an administrator|still a member"),
                acting_as(actor, role, action),
            ):
                asked(function, *said)
    case, _ = office.track("draft")
    with pytest.raises(DatabaseError, match="still a member"), acting_as(office.bea, Role.AGENCY_ADMIN, PEOPLE):
        asked("end_assignments", office.lies.person_id)
    running = "SELECT count(*) FROM casework_assignment WHERE content_object_id = %s AND ends_at IS NULL"
    assert office.rows(running, case) == [(1,)]


def link(act: Acting, membership: UUID, **more: object) -> Invitation:
    said = {"made_by_id": act.actor.person_id, "made_at": act.moment, "expires_at": act.moment + timedelta(hours=72)}
    agency = more.pop("agency_id", act.actor.agency_id)
    said |= more
    return Invitation.objects.create(id=uuid4(), agency_id=agency, membership_id=membership, token_hash=str(uuid4()), **said)


def test_a_link_is_made_for_a_new_colleague_alone_and_its_hash_is_read_by_nobody(office):
    joiner = {"full_name": "Nora Nieuw", "username": "nora", "roles": ["caseworker"]}
    made = perform(office.bea, PEOPLE, None, {"joiner": joiner}).made["membership"]
    far = {"expires_at": datetime.now(UTC) + timedelta(hours=80)}
    used = {"used_at": datetime.now(UTC)}
    for actor, role, member, more in (
        (office.bea, Role.AGENCY_ADMIN, membership_of(office, "lies"), {}),
        (office.bea, Role.AGENCY_ADMIN, membership_of(office, "wim"), {}),
        (office.bea, Role.AGENCY_ADMIN, made, far),
        (office.bea, Role.AGENCY_ADMIN, made, used),
        (office.bea, Role.AGENCY_ADMIN, made, {"made_by_id": office.bert.person_id}),
        (office.bram, Role.AGENCY_ADMIN, made, {}),
        (office.lies, Role.POLICE_LIAISON, made, {}),
    ):
        with pytest.raises(DatabaseError, match=f"nobody can be invited so|{LAW}"), acting_as(actor, role, PEOPLE) as act:
            link(act, member, **more)
    with acting_as(office.bea, Role.AGENCY_ADMIN, PEOPLE) as act:
        assert link(act, made).membership_id == made
    with pytest.raises(DatabaseError, match="permission denied"), acting_as(office.bea, Role.AGENCY_ADMIN, PEOPLE):
        list(Invitation.objects.raw("SELECT id, token_hash FROM permissions_invitation"))
    for actor, role in ((office.bram, Role.AGENCY_ADMIN), (office.lies, Role.POLICE_LIAISON)):
        with acting_as(actor, role, PEOPLE):
            assert not Invitation.objects.exists()


def test_two_administrators_who_end_each_other_at_once_leave_one(office):
    """The second waits for the first, and is no administrator any more once that one is done."""
    with (
        acting_as(office.bert, Role.AGENCY_ADMIN, PEOPLE) as act,
        psycopg.connect(office.superuser.info.dsn, autocommit=True) as other,
    ):
        other.execute("SET session_replication_role = replica")
        other.execute(
            "UPDATE permissions_membership SET ends_at = clock_timestamp() WHERE id = %s", [membership_of(office, "bert")]
        )
        assert asked("hold_people") is False, f"ended after {act.moment}, which is when this act began"
