"""The database itself holds what two people make: one asks in their own name, another confirms, and nothing else changes."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from audit.roles import APP
from permissions.acting import acting_as
from permissions.bases import VALID_FROM
from permissions.models import BasisConfirmation, PartnershipDecision, SharingAgreement
from permissions.rights import AGREEMENTS
from permissions.services import NewPerson, NoGroups, agree, confirm_all, install
from permissions.vocabulary import Action, Role
from tests.policy.behind import past_triggers
from tests.world import World

LAW = "row-level security"


@pytest.fixture
def two(world: World) -> World:
    """A privacy officer of the police, and an administrator of each of two organisations."""
    more = (
        NewPerson("petra", "Petra Privacy", "Politie Voorbeeld Oost", (Role.PRIVACY_OFFICER,)),
        NewPerson("bram", "Bram Beheerder", "Veilig Thuis Proefstad", (Role.AGENCY_ADMIN,)),
    )
    world.people |= install((), more, datetime(2026, 1, 5, tzinfo=UTC))
    return world


def agreement(world: World, **changed: object) -> SharingAgreement:
    """Ask for an agreement of the police with Veilig Thuis, as their administrator."""
    asked = {
        "sender_id": world.agency("bea"),
        "receiver_id": world.agency("wim"),
        "groups": ["identity"],
        "starts_on": date(2026, 2, 1),
        "asked_by_id": world.bea.person_id,
    }
    with acting_as(world.bea, Role.AGENCY_ADMIN, Action.MANAGE_AGREEMENTS):
        return SharingAgreement.objects.create(**{**asked, **changed})


def test_an_agreement_is_asked_for_in_one_s_own_name_of_one_s_own_agency_and_is_not_in_force(two):
    assert agreement(two).confirmed_at is None
    for changed in (
        {"asked_by_id": two.saskia.person_id},
        {"asked_by_id": None},
        {"sender_id": two.agency("wim"), "receiver_id": two.agency("bea")},
        {"confirmed_at": datetime(2026, 2, 1, tzinfo=UTC)},
        {"confirmed_at": datetime(2026, 2, 1, tzinfo=UTC), "confirmed_by_id": two.saskia.person_id},
    ):
        with pytest.raises(DatabaseError, match=LAW):
            agreement(two, **changed)


def test_who_asked_does_not_confirm_and_nothing_else_of_an_agreement_changes(two):
    rows = SharingAgreement.objects.filter(pk=agreement(two).pk)
    now = datetime(2026, 2, 1, tzinfo=UTC)
    with (
        pytest.raises(DatabaseError, match="two_agree"),
        acting_as(two.bea, Role.AGENCY_ADMIN, Action.MANAGE_AGREEMENTS),
    ):
        rows.update(confirmed_by_id=two.bea.person_id, confirmed_at=now)
    for changed in (
        {"groups": ["identity", "concern"]},
        {"receiver_id": two.agency("joke")},
        {"starts_on": date(2020, 1, 1)},
    ):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            acting_as(two.saskia, Role.SUPERVISOR, Action.MANAGE_AGREEMENTS),
        ):
            rows.update(**changed)
    with acting_as(two.saskia, Role.SUPERVISOR, Action.MANAGE_AGREEMENTS):
        assert rows.update(confirmed_by_id=two.saskia.person_id, confirmed_at=now) == 1


def test_an_agreement_is_changed_by_its_sender_alone_and_in_that_act_alone(two):
    rows = SharingAgreement.objects.filter(pk=agreement(two).pk)
    ended = {"ends_on": date(2026, 3, 1)}
    with acting_as(two.bram, Role.AGENCY_ADMIN, Action.MANAGE_AGREEMENTS):
        assert rows.exists(), "the receiver sees it"
        assert rows.update(**ended) == 0
    with acting_as(two.bea, Role.AGENCY_ADMIN, Action.MANAGE_CALENDAR):
        assert rows.update(**ended) == 0
    with acting_as(two.lies, Role.POLICE_LIAISON, Action.MANAGE_AGREEMENTS):
        assert rows.update(**ended) == 0, "a role without that cell"
    with acting_as(two.joke, Role.CASEWORKER, Action.SEE_CASE):
        assert not rows.exists(), "at neither end"
    with acting_as(two.bea, Role.AGENCY_ADMIN, Action.MANAGE_AGREEMENTS):
        assert rows.update(**ended) == 1


def test_a_partnership_decision_is_read_by_the_agency_that_took_it_alone(two):
    with acting_as(two.bea, Role.AGENCY_ADMIN, Action.MANAGE_AGREEMENTS):
        made = PartnershipDecision.objects.create(
            id=uuid4(),
            agency_id=two.agency("bea"),
            members=[two.agency("wim")],
            groups=["identity"],
            citation="Stcrt. 2026, 1",
            starts_on=date(2026, 2, 1),
            asked_by_id=two.bea.person_id,
        )
        assert PartnershipDecision.objects.filter(pk=made.pk).exists()
    with acting_as(two.bram, Role.AGENCY_ADMIN, Action.MANAGE_AGREEMENTS):
        assert not PartnershipDecision.objects.exists()


def confirmed(world: World, actor, role: Role, **changed: object) -> BasisConfirmation:
    said = {
        "id": uuid4(),
        "agency_id": actor.agency_id,
        "basis": "WPG_15",
        "version": VALID_FROM,
        "is_confirmed": True,
        "made_by_id": actor.person_id,
        "made_at": datetime(2026, 2, 1, tzinfo=UTC),
    }
    with acting_as(actor, role, Action.CONFIRM_BASIS), transaction.atomic():
        return BasisConfirmation.objects.create(**{**said, **changed})


def test_a_basis_is_confirmed_by_a_privacy_officer_in_their_own_name_for_their_own_agency(two):
    assert confirmed(two, two.petra, Role.PRIVACY_OFFICER).made_by_id == two.petra.person_id
    for changed in ({"made_by_id": two.bea.person_id}, {"agency_id": two.agency("wim")}):
        with pytest.raises(DatabaseError, match=LAW):
            confirmed(two, two.petra, Role.PRIVACY_OFFICER, **changed)
    for actor, role in ((two.bea, Role.AGENCY_ADMIN), (two.dirk, Role.TRIAGE_DECIDER), (two.arie, Role.AUDITOR)):
        with pytest.raises(DatabaseError, match=LAW):
            confirmed(two, actor, role)


def test_what_was_confirmed_of_an_earlier_table_is_confirmed_anew_and_no_row_twice(world):
    before = world.count("permissions_basisconfirmation")
    confirm_all()
    assert world.count("permissions_basisconfirmation") == before > 0
    with past_triggers(world):
        world.superuser.execute("UPDATE permissions_basisconfirmation SET version = '2020-01-01'")
    confirm_all()
    assert world.rows("SELECT version, count(*) FROM permissions_basisconfirmation GROUP BY 1 ORDER BY 1") == [
        ("2020-01-01", before), (VALID_FROM, before),
    ]  # fmt: skip


def test_an_agreement_of_no_groups_is_none_and_one_that_ended_is_made_anew(world):
    pair = [(world.agency("lies"), world.agency("wim"))]
    running = (
        "SELECT count(*) FROM permissions_sharingagreement WHERE sender_id = %s AND receiver_id = %s AND ends_on IS NULL"
    )
    with pytest.raises(NoGroups):
        agree(pair, date(2026, 2, 1), [])
    for _ in range(2):
        agree(pair, date(2026, 2, 1), ["identity"])
        assert world.rows(running, *pair[0]) == [(2,)], "beside that of every group"
    with past_triggers(world):
        world.superuser.execute("UPDATE permissions_sharingagreement SET ends_on = '2026-03-01'")
    agree(pair, date(2026, 4, 1), ["identity"])
    assert world.rows(running, *pair[0]) == [(1,)]


def test_rights_are_settled_whatever_was_there_before(world):
    has = "SELECT has_table_privilege(%s, 'permissions_sharingagreement', 'DELETE'),"
    has += " has_column_privilege(%s, 'permissions_sharingagreement', 'groups', 'UPDATE')"
    world.superuser.execute(f"GRANT DELETE, UPDATE ON permissions_sharingagreement TO {APP}")
    assert world.rows(has, APP, APP) == [(True, True)]
    world.superuser.execute(AGREEMENTS.sql())
    assert world.rows(has, APP, APP) == [(False, False)]
