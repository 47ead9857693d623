"""How the log is read: by the index of a case or of an agency, newest first, and never whole."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection

from audit.models import Entry
from casework.oversight.access_log import kinds_of_entries
from permissions.acting import acting_as
from permissions.vocabulary import Action, Role
from tests.policy.behind import past_triggers

NOW = datetime.now(UTC)
PLANTED = """
INSERT INTO audit_entry (content_type_id, object_pk, action, actor_id, timestamp, occurred_at, verb, word, outcome,
    agency_id, record_agency_id, role, purpose, basis, case_id)
  SELECT 1, '', 3, 900 + g %% 200, now(), %(now)s::timestamptz - g * interval '1 minute', 'consult', 'read_record', 'done',
    CASE g %% 8 WHEN 0 THEN %(mine)s ELSE 900 + g %% 40 END,
    CASE g %% 8 WHEN 1 THEN %(mine)s ELSE 900 + g %% 40 END, 'x', 'x', 'x', lpad(to_hex(g / 100), 32, '0')::uuid
  FROM generate_series(0, 23999) g ORDER BY md5(g::text)
"""
"""Of every eight entries one is of the acting agency's people, and one of others on its records; in no order on the disk."""
CASE = UUID(int=7)


@pytest.fixture
def plans(world):
    """What the database plans, and how many entries it read, for a query of the acting auditor."""
    db = world.superuser
    db.execute("SET session_replication_role = replica")
    db.execute(PLANTED, {"now": NOW, "mine": world.agency("arie")})
    db.execute("SET session_replication_role = origin")
    db.execute("ANALYZE audit_entry")

    def planned(query):
        with acting_as(world.arie, Role.AUDITOR, Action.SEE_ACCESS_LOG):
            return [json.loads(one.explain(format="json", analyze=True))[0]["Plan"] for one in query()]

    return planned


def nodes(plan):
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)


def read(plan):
    """The index by which entries were read, and how many were read there."""
    (scan,) = [node for node in nodes(plan) if node.get("Relation Name") == "audit_entry"]
    (index,) = [node["Index Name"] for node in nodes(scan) if "Index Name" in node and "entry" in node["Index Name"]]
    return index, scan["Actual Rows"] + scan.get("Rows Removed by Filter", 0)


def month():
    return Entry.objects.select_related("actor").filter(occurred_at__gte=NOW - timedelta(days=30), occurred_at__lt=NOW)


def test_who_saw_a_case_is_read_by_the_case(plans):
    (plan,) = plans(lambda: [month().filter(case_id__in=[CASE]).order_by("-occurred_at", "-id")[:1000]])
    assert read(plan) == ("entry_case_time", 100), "the entries of the case, and no other's"


def test_the_newest_of_an_agency_are_read_and_no_more(plans):
    mine, others, _ = plans(lambda: [kind.order_by("-occurred_at", "-id")[:100] for kind in kinds_of_entries(month())])
    assert read(mine)[0] == "entry_of_agency"
    assert read(others)[0] == "entry_by_others"
    assert read(mine)[1] <= 110, "in order of time, as many as are shown"
    assert read(others)[1] <= 110


FOR = 5555
"""Somebody for whom the courier of another agency looked once."""


@pytest.mark.usefixtures("plans")
def test_whether_somebody_of_elsewhere_looked_is_found_by_who_they_are(world):
    """Of 24,000 entries 3,000 are by others on these records; for who is not among them a few pages are read."""
    with past_triggers(world):
        one = "(SELECT id FROM audit_entry WHERE record_agency_id = %s AND agency_id >= 900 ORDER BY id LIMIT 1)"
        world.superuser.execute(f"UPDATE audit_entry SET on_behalf_of_id = %s WHERE id = {one}", [FOR, world.agency("arie")])
    query = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT lock.looked_here(%s)"
    with acting_as(world.arie, Role.AUDITOR, Action.SEE_ACCESS_LOG), connection.cursor() as cursor:
        for who, looked in ((901, True), (77, False), (FOR, True)):
            cursor.execute("SELECT lock.looked_here(%s)", [who])
            assert cursor.fetchone() == (looked,)
            cursor.execute(query, [who])
            (said,) = cursor.fetchone()
            (plan,) = json.loads(said) if isinstance(said, str) else said
            assert plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"] < 30
