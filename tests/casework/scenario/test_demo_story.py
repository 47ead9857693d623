"""The story of a demo is whole on any day: each of its people finds a believable day, and it is told once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from audit.roles import BACKUP
from casework.oversight.findings import emergencies, findings
from casework.oversight.workbench import outliers, written_reviews
from casework.scenario.backstage import Backstage
from casework.scenario.days import Days
from casework.scenario.nodes import Unreadable
from casework.scenario.playing import Differs
from casework.scenario.telling import Chapter
from casework.selectors import follow_ups, plannable_visits, worklist
from config import scratch
from config.demo_people import COLLEAGUES, PEOPLE
from config.demo_week import action_week
from config.management.commands.load_demo import SEED, chapters, install_people, tell_with, teller_of
from permissions.acting import act, scenario_moment
from permissions.decision import Actor, for_lists
from permissions.services import confirm_all
from permissions.vocabulary import Action
from workflows.calendars import AMSTERDAM, is_working_day

MONDAY, SATURDAY = datetime(2026, 11, 23, 10, 0, tzinfo=AMSTERDAM), datetime(2026, 11, 28, 8, 0, tzinfo=AMSTERDAM)
FIRST = {
    "lies": (
        "late WELFARE_CALL Dongen", "late record_review Yildiz", "late rework_handoff Ravelijn",
        "due report_children Roelofs", "due prepare_again Roelofs", "due rework_handoff Mertens",
        "due record_review Terlouw", "due WELFARE_CALL Hoekstra", "due warn Kuiper", "due offer_help Scholten",
    ),
    "dirk": (
        "late take_up Brinkman", "waits approve Kramer", "waits approve Mulder", "due take_up Vos", "due plan_visit Peeters",
        "due check_handoff Smit acute",
    ),
    "karin": (
        "waits approve close_unwarned", "late rework_handoff Politie Voorbeeld West",
        "due check_handoff Veilig Thuis Voorbeeldstad acute", "due check_handoff Veilig Thuis Voorbeeldstad",
    ),
    "saskia": (
        "late (other) WELFARE_CALL Dongen", "late (other) record_review Yildiz", "late (other) take_up Brinkman",
        "late (other) prepare_again Ravelijn", "waits approve Kramer", "waits approve Mulder",
        "due review_emergency Yildiz", "due review_emergency Kuiper",
    ),
    "wim": (
        "due acknowledge_handoff Politie Voorbeeld Oost acute", "late (other) assess Horst", "due record_monitoring Terlouw",
        "due acknowledge_handoff Wit", "due accept_handoff Politie Voorbeeld Oost",
    ),
    "vera": (
        "due acknowledge_handoff Bruin acute", "due start_assessment Bruin", "waits approve Bosman", "waits approve Vermeer",
        "waits answer_known_check Horst", "due start_assessment Kersten",
    ),
    "joke": ("due hand_over_help Yilmazer", "due (other) check_handoff Vermeer", "due (other) acknowledge_handoff Wit"),
    "jan": ("due check_handoff Veilig Thuis Voorbeeldstad", "due (other) check_handoff Veilig Thuis Voorbeeldstad"),
    "tom": ("waits end_help Brandsma", "due rework_handoff Okafor", "due (other) confirm_help Yilmazer"),
}  # fmt: skip
"""What stands on the list of each, whether it is late, and whose step it is."""


@pytest.fixture
def backstage(committed: psycopg.Connection, admin: psycopg.Connection) -> Iterator[Backstage]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    name = connection.settings_dict["NAME"]
    with psycopg.connect(scratch.address(admin, BACKUP, name), autocommit=True) as reading:
        yield Backstage(reading)


@contextmanager
def clock(moment: datetime) -> Iterator[None]:
    token = scenario_moment.set(moment)
    try:
        yield
    finally:
        scenario_moment.reset(token)


def installed(began: datetime) -> Days:
    with clock(began):
        install_people("proef", began)
        confirm_all()
    return Days(began)


def all_rows():
    page = worklist()
    found = list(page.rows)
    while page.following:
        page = worklist(after=page.following)
        found += page.rows
    return found


def work_of(actor: Actor, now: datetime) -> list[str]:
    """What waits for somebody: whether it is late, whose step it is, the step, and whom or where it is about."""

    def said(row) -> str:
        when = "waits" if row.due_at is None else "late" if row.due_at <= now else "due"
        who = row.case.who.family_name if row.case.who else row.case.where.street if row.case.where else row.step.other
        mine = "" if row.step.is_mine else "(other) "
        return f"{when} {mine}{row.step.way.verb} {who}{' acute' if row.is_acute else ''}"

    return act(for_lists(actor, Action.SEE_CASE), Action.SEE_CASE, lambda: [said(row) for row in all_rows()])


def acute_minutes(actor, now):
    """How long is left for the acute report that arrived."""
    rows = act(for_lists(actor, Action.SEE_CASE), Action.SEE_CASE, all_rows)
    (row,) = [row for row in rows if row.is_acute and row.step.way.verb == "acknowledge_handoff"]
    return (row.due_at - now).total_seconds() / 60


def counted(backstage):
    """How many rows stand in each table."""
    tables = backstage.connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return {name: backstage.connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for (name,) in tables}


def check_lists(actors: dict[str, Actor], now: datetime) -> None:
    for name, rows in FIRST.items():
        found = work_of(actors[name], now)
        assert not [row for row in rows if row not in found], f"{name}: {found}"
    late = [row for row in work_of(actors["lies"], now) if row.startswith("late") and "escalation" not in row]
    assert len(late) == 3, "two follow-ups and what expired"
    for name in ("wim", "vera"):
        assert 35 <= acute_minutes(actors[name], now) <= 40
    visits, _ = act(actors["lies"], Action.SCHEDULE_VISIT, plannable_visits)
    assert len([row for row in visits if row.planned_on == Days(now).today]) >= 3, "visits today"
    told, _ = act(for_lists(actors["lies"], Action.SEE_CASE), Action.SEE_CASE, follow_ups)
    assert len([row for row in told if row.deadline.due_at <= now]) == 2


def check_oversight(actors: dict[str, Actor], now: datetime) -> None:
    month = (now - timedelta(days=30), now)
    strange = {name: act(actors[name], Action.SEE_ACCESS_LOG, lambda: outliers(*month)) for name in ("arie", "anke")}
    called = {name: {row[1] for row in rows} | {row[2] for row in rows} for name, rows in strange.items()}
    assert "Bas Kramer" in called["arie"]
    assert sum(row[0].looks.times for row in strange["arie"] if "Bas Kramer" in row) == 27
    assert "Wim Smeets" in called["anke"], "looks at a closed case"
    assert len(act(actors["anke"], Action.SEE_ACCESS_LOG, emergencies).rows) == 1
    assert len(act(actors["arie"], Action.SEE_ACCESS_LOG, emergencies).rows) == 3
    assert len(act(actors["arie"], Action.SEE_ACCESS_LOG, findings).rows) == 1
    assert len(act(actors["arie"], Action.SEE_ACCESS_LOG, written_reviews).rows) == 1


WITHOUT_ANYBODY = (
    "SELECT count(*) FROM casework_case c WHERE NOT EXISTS (SELECT 1 FROM casework_personincase p WHERE p.case_id = c.id)"
    " AND NOT EXISTS (SELECT 1 FROM casework_premises p WHERE p.case_id = c.id)"
)
WITHOUT_EVENT = "SELECT count(*) FROM casework_case c WHERE NOT EXISTS (SELECT 1 FROM audit_entry e WHERE e.case_id = c.id)"


def check_records(backstage):
    report = backstage.report()
    assert sum(report["visits"].values()) >= 20
    assert report["tracks"]["warning"]["youth_decision"] == 1
    assert report["tracks"]["help"]["information_given"] >= 20
    assert {"refused", "returned", "expired", "prepared", "delivered", "accepted", "started"} <= set(report["handoffs"])
    for query in (WITHOUT_ANYBODY, WITHOUT_EVENT):
        assert backstage.connection.execute(query).fetchone()[0] == 0


@pytest.mark.parametrize("began", [MONDAY, SATURDAY], ids=["monday", "saturday"])
def test_each_of_the_eleven_finds_a_believable_day_and_it_is_told_once(backstage, began):
    days = installed(began)
    tell_with(backstage, days)
    actors = teller_of(backstage).actors
    before = counted(backstage)
    tell_with(backstage, days)
    assert counted(backstage) == before, "told again, it adds nothing"
    check_records(backstage)
    with clock(began):
        check_lists(actors, began)
        check_oversight(actors, began)


def test_a_story_that_was_stopped_goes_on_where_it_was(backstage):
    days = installed(SATURDAY)
    (whole,) = [one for one in chapters(days) if one.name == "Oudwijk"]
    teller_of(backstage).tell(Chapter(whole.name, whole.steps[:4]), SATURDAY)
    teller_of(backstage).tell(whole, SATURDAY)
    once = counted(backstage)
    teller_of(backstage).tell(whole, SATURDAY)
    assert counted(backstage) == once
    assert once["casework_case"] == 1
    assert backstage.report()["tracks"] == {"warning": {"visit_attempted": 1}}
    assert backstage.report()["refusals"] == 1, "what was refused is not tried again"


def test_a_step_that_ends_otherwise_stops_the_telling(backstage):
    days = installed(SATURDAY)
    (whole,) = [one for one in chapters(days) if one.name == "Oudwijk"]
    with pytest.raises(Differs, match="submit by ton"):
        teller_of(backstage).tell(Chapter("Twee keer", [whole.steps[0], whole.steps[1], whole.steps[1]]), SATURDAY)


def test_the_same_seed_makes_the_same_week_and_another_another():
    days = Days(MONDAY)
    assert action_week(days, SEED) == action_week(days, SEED)
    assert action_week(days, SEED) != action_week(days, "other")


def test_a_colleague_has_no_password(backstage):
    installed(SATURDAY)
    query = "SELECT username FROM permissions_user WHERE NOT is_system AND password LIKE '!%'"
    assert {name for (name,) in backstage.connection.execute(query).fetchall()} == set(COLLEAGUES)
    assert not set(COLLEAGUES) & set(PEOPLE)


@pytest.mark.parametrize(
    ("written", "monday", "saturday"),
    [
        ("$D", "2026-11-23", "2026-11-28"),
        ("$D+2", "2026-11-25", "2026-11-30"),
        ("$W", "2026-11-23", "2026-11-30"),
        ("$W-1T18:10", "2026-11-20T18:10", "2026-11-27T18:10"),
        ("$W+1", "2026-11-24", "2026-12-01"),
        ("$now-20", "2026-11-23T09:40:00+01:00", "2026-11-28T07:40:00+01:00"),
        ("$since60T15:10", "2026-11-20T15:10:00+01:00", "2026-11-25T15:10:00+01:00"),
        ("$age9", "2017-08-15", "2017-08-20"),
    ],
)
def test_a_day_is_counted_from_today(written, monday, saturday):
    assert Days(MONDAY).written_in(written) == monday
    assert Days(SATURDAY).written_in(written) == saturday


def test_what_looks_like_a_day_and_is_none_is_a_mistake_of_the_file():
    with pytest.raises(Unreadable, match="line 2"):
        Days(MONDAY).written_in("a: 1\nb: $X-3")


HOURS = [
    "2026-11-23T00:10",
    "2026-11-28T00:40",
    "2026-11-29T23:50",
    "2026-12-26T04:30",
    "2027-01-01T02:30",
    "2027-03-28T03:30",
]


@pytest.mark.parametrize("hour", HOURS)
def test_the_story_can_be_told_at_any_hour(hour):
    days = Days(datetime.fromisoformat(hour).replace(tzinfo=AMSTERDAM))
    for chapter in chapters(days):
        assert chapter.steps
        assert not [step for step in chapter.steps if step.at and step.at > days.began]
    assert is_working_day(days.working_day(-1))
