"""A list costs no more than its rows and its cases together: also on a database that has no statistics yet, or old ones."""

import json
from functools import partial

import pytest
from django.db import connection

from casework.selectors import worklist, worklist_overview
from permissions.acting import act
from permissions.decision import for_lists
from permissions.vocabulary import Action
from tests.web.test_statements import plant

FEW, MANY = 60, 480
TIMES = MANY // FEW


def planted(world, number):
    """Cases as they stand in the middle of the work: some held, some without a term, with approvals asked and packages."""
    plant(world, number)
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute(
        "UPDATE casework_deadline SET met_at = now() WHERE id::text < '4'; "
        "UPDATE casework_assignment SET lacks_term = false WHERE id %% 2 = 0; "
        "UPDATE casework_participation SET keeps = true, lacks_term = id %% 2 = 1; "
        "UPDATE casework_assignment SET ends_at = now() WHERE id %% 5 = 0; "
        "INSERT INTO casework_deadline (id, case_id, agency_id, track_id, clock, moment, rule_version, started_at, due_at,"
        " stop_reason) SELECT gen_random_uuid(), t.case_id, t.agency_id, t.id, c, 0, 'x', now(), now() + random() *"
        " interval '90 days', '' FROM casework_track t, unnest(ARRAY['INFORM_SUBJECT', 'WELFARE_CALL', 'FOLLOW_UP']) c; "
        "INSERT INTO casework_approval (id, case_id, agency_id, made_by_id, made_at, action, version, reason, asked_by_id,"
        " track_id, approver_reason, approved_roles) SELECT gen_random_uuid(), case_id, agency_id, 1, now(),"
        " 'close_warning', 0, 'x', 1, id, '', '{}' FROM casework_track".replace("%%", "%")
    )
    world.superuser.execute("SET session_replication_role = origin")


def touched(actor, look):
    """How many pages of the database the statements of a look touch, all told."""
    found = []

    def explained(execute, sql, params, many, context):
        if sql.lstrip("( ").startswith("SELECT"):
            with connection.connection.cursor() as cursor:
                rows = cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params).fetchone()[0]
            plan = (json.loads(rows) if isinstance(rows, str) else rows)[0]["Plan"]
            found.append(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])
        return execute(sql, params, many, context)

    def looked():
        with connection.execute_wrapper(explained):
            look()

    act(actor, Action.SEE_CASE, looked)
    return sum(found)


LOOKS = {"list": worklist, "waiting": partial(worklist, waiting_for_others=True), "counts": worklist_overview}


KNOWN = {
    "nothing": ("DELETE FROM pg_statistic USING pg_class c WHERE c.oid = starelid AND c.relname LIKE 'casework%'", None),
    "of a few": (None, "ANALYZE"),
}
"""What the planner knows of the tables: what is done to them before there are cases, and when there are a few."""
LEANS = {"nothing": 1.5, "of a few": 3}
"""How much more a case may cost among many, as plans differ with size; at a list that reads all for each row it is TIMES."""


@pytest.mark.parametrize("known", KNOWN)
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("who", ["lies", "saskia"])
def test_what_a_list_costs_grows_no_faster_than_its_cases_whatever_the_planner_knows(world, who, look, known):
    actor = for_lists(world.people[who], Action.SEE_CASE)
    world.superuser.execute("VACUUM")  # what earlier tests left behind is not what this list costs
    first, then = KNOWN[known]
    if first:
        world.superuser.execute(first)
    planted(world, FEW)
    if then:
        world.superuser.execute(then)
    few = touched(actor, LOOKS[look])
    planted(world, MANY - FEW)
    many = touched(actor, LOOKS[look])
    assert many <= few * TIMES * LEANS[known], f"{few} pages at {FEW} cases, {many} at {MANY}"
