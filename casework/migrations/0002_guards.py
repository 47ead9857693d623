"""The keeper's functions, and the guard of every table of the records."""

from django.db import migrations

from casework import keeper, policies
from permissions.guard import ACTION, AGENCY, PERSON, ROLE, Guard, among
from permissions.vocabulary import Action


def content(name: str, *, change: bool = False, columns: tuple[str, ...] = ()) -> Guard:
    """Guard a table of one agency's content."""
    table = f"casework_{name}"
    rule = policies.owned_by_agency(table)
    add = policies.owned_by_agency(table, system=True)
    return Guard(
        table, see=rule, add=add, change=rule if change else None, columns=columns, case="case_id", agency="agency_id"
    )


def workflow(name: str, columns: tuple[str, ...] = (), watched: tuple[str, ...] = ()) -> Guard:
    """Guard a table that tracks move through."""
    table = f"casework_{name}"
    rule = policies.workflow_row(table)
    return Guard(
        table,
        see=rule,
        add=rule,
        change=rule if columns else None,
        columns=columns,
        watched=watched,
        case="case_id",
        agency="agency_id",
    )


RULING, NAMING, WALL = "casework_ruling", "casework_naming", "casework_wall"
GRANT = ("reason", "ends_at", "starts_at", "reference")
MADE_WALLS = f"agency_id = {AGENCY} AND {among(ACTION, [Action.WALL_PERSON, Action.DECLARE_CONFLICT])}"
SEEN_WALLS = f"user_id = {PERSON} OR (agency_id = {AGENCY} AND {ROLE} = 'supervisor')"
ENDED_WALLS = f"agency_id = {AGENCY} AND {ACTION} = 'lift_wall'"

SHARED_STEPS = (
    "target NOT IN ('prepared', 'checked') AND "
    "EXISTS (SELECT 1 FROM casework_handoff h WHERE h.id = casework_steptaken.handoff_id)"
)
ANSWERS = (
    "action IN ('refuse_handoff', 'return_handoff') AND EXISTS (SELECT 1 FROM casework_handoff h "
    f"WHERE h.id = casework_storedfact.handoff_id AND h.sender_id = {AGENCY})"
)


class Migration(migrations.Migration):
    """Needs the tables of the records and the trail."""

    dependencies = (("casework", "0001_initial"), ("permissions", "0003_guards"))
    operations = (
        migrations.RunSQL(keeper.CREATE, migrations.RunSQL.noop),
        Guard(
            "casework_case",
            see="EXISTS (SELECT 1 FROM casework_ruling r WHERE r.content_object_id = casework_case.id)",
            add=None,
            case="id",
        ),
        Guard(
            NAMING,
            see=policies.naming(NAMING),
            add=None,
            case="content_object_id",
            agency="agency_id",
            watched=GRANT,
            verb="govern",
        ),
        Guard(
            WALL,
            see=SEEN_WALLS,
            add=MADE_WALLS,
            change=ENDED_WALLS,
            columns=("ends_at",),
            case="case_id",
            agency="agency_id",
            verb="govern",
        ),
        Guard(
            "casework_handoff",
            see=policies.handoff("casework_handoff"),
            add=f"sender_id = {AGENCY} AND {policies.handoff('casework_handoff')}",
            change=policies.handoff("casework_handoff"),
            case="case_id",
            agency="sender_id",
        ),
        Guard(
            RULING,
            see=policies.ruling(RULING),
            add=None,
            case="content_object_id",
            agency="group_id",
            watched=GRANT,
            verb="govern",
        ),
        Guard(
            "casework_packageitem",
            see=policies.package_item("casework_packageitem"),
            add=f"sender_id = {AGENCY} AND {policies.package_item('casework_packageitem')}",
            case="case_id",
            agency="sender_id",
        ),
        Guard(
            "casework_disclosure",
            see=policies.ledger("casework_disclosure"),
            add=None,
            case="case_id",
            agency="agency_id",
            verb="provide",
        ),
        content("agencyrecord", change=True, columns=("wpg_article", "basis")),
        content("premises"),
        content("household"),
        content("personincase", change=True),
        content("note"),
        content("criterion"),
        content("visit", change=True),
        Guard(
            "casework_storedfact",
            see=f"({policies.workflow_row('casework_storedfact')}) OR ({ANSWERS})",
            add=policies.workflow_row("casework_storedfact"),
            case="case_id",
            agency="agency_id",
        ),
        workflow(
            "track",
            (
                "state",
                "version",
                "round",
                "round_began_at",
                "moved_at",
                "basis",
                "subject_id",
                "submitted_by_id",
                "editor_id",
            ),
        ),
        Guard(
            "casework_steptaken",
            see=f"({policies.workflow_row('casework_steptaken')}) OR ({SHARED_STEPS})",
            add=None,
            case="case_id",
            agency="agency_id",
        ),
        workflow("approval", ("approved_by_id", "approved_at")),
        workflow("deadline", ("met_at", "overdue_at", "due_at")),
        Guard(
            "casework_notice",
            see=f"agency_id = {AGENCY}",
            add=policies.workflow_row("casework_notice"),
            case="case_id",
            agency="agency_id",
        ),
        Guard(
            "casework_decreedday", see="true", add=among(ACTION, ["migrate", "manage_calendar"]), key="day", verb="govern"
        ),
    )
