"""What the service looks for by itself at night, it says in its own log: by ids, and for as long as it stands open."""

import logging

import pytest

from casework.worker.tasks import audit_reconcile, reconcile_access


def behind_the_back(world, *queries):
    world.superuser.execute("SET session_replication_role = replica")
    for query in queries:
        world.superuser.execute(query)
    world.superuser.execute("SET session_replication_role = origin")


@pytest.fixture
def said(caplog):
    """What the service says in its log."""
    caplog.set_level(logging.INFO, logger="casework")
    return lambda: [record.getMessage() for record in caplog.records if record.name.startswith("casework")]


def test_a_grant_that_rests_on_nothing_is_said_by_its_case_and_agency_alone(world, said):
    case, _ = world.track()
    reconcile_access()
    assert said() == []
    behind_the_back(world, "UPDATE permissions_membership SET ends_at = now()")
    reconcile_access()
    assert said() == [f"access differs: a person named who is no member (case {case}, agency {world.agency('lies')})"]


def test_a_row_that_was_changed_behind_the_application_is_said_until_somebody_closes_it(world, said):
    _, track = world.track()
    audit_reconcile(entirely=True)
    assert [line for line in said() if str(track) in line] == []
    behind_the_back(world, "UPDATE casework_track SET state = 'closed'")
    audit_reconcile(entirely=True)
    (found,) = [line for line in said() if str(track) in line]
    assert found == f"changed behind the application: casework_track {track} state"
    behind_the_back(world, "UPDATE casework_track SET state = 'draft'")
    audit_reconcile(entirely=True)
    again = [line for line in said() if str(track) in line][-1]
    assert again == f"{found} (stands again as the trail says; not closed)"
