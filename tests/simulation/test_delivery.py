"""Intents reach their effect exactly once, whatever happens to the worker and the broker."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from casework.actions.intents import wake_with
from casework.models import Outbox
from casework.worker.carry_out import carry_out, run_due
from casework.worker.tasks import carry_out_intent, sweep, wake
from config import database, scratch
from config.celery import app
from permissions.acting import scenario_moment
from permissions.signing import signed_now
from permissions.vocabulary import Action
from tests.world import World

ROOT = Path(__file__).parents[2]
RABBIT = "amqp://guest:guest@127.0.0.1:5672//"
PATIENCE_SECONDS = 120


def rabbit_answers():
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", 5672)) == 0


@pytest.fixture(params=["embedded", "rabbitmq"])
def broker(request, admin):
    if request.param == "rabbitmq":
        if not rabbit_answers():
            pytest.skip(
                "no RabbitMQ listens on this machine; production mode uses one, the embedded broker is tested beside"
            )
        url = RABBIT
    else:
        database.make_roles(admin)
        database.make_broker(admin)
        url = "sqlalchemy+" + scratch.address(admin, "schakel_broker", "schakel_broker").replace(
            "postgresql://", "postgresql+psycopg://"
        )
    before = app.conf.broker_url
    reach(url)
    yield url
    reach(before)


def reach(url):
    """Let this process publish to another broker."""
    app.conf.update(broker_url=url, broker_write_url=url)
    app._after_fork()  # type: ignore[attr-defined]  # what a worker does when it starts afresh


@contextmanager
def processes(url, admin, *names):
    environment = {
        **os.environ,
        "DATABASE_URL": scratch.address(admin, "schakel_app", connection.settings_dict["NAME"]),
        "BROKER_URL": url,
        "ACTING_KEY": settings.ACTING_KEY.hex(),
        "SWEEP_SECONDS": "1",
    }
    celery = [sys.executable, "-W", "ignore", "-m", "celery", "--quiet", "-A", "config.celery"]
    commands = {
        "worker": [*celery, "worker", "--loglevel", "error", "--pool", "solo", "--without-gossip", "--without-mingle"],
        "beat": [*celery, "beat", "--loglevel", "error", "--schedule", f"/tmp/schakel-beat-{os.getpid()}"],
    }
    started = [
        subprocess.Popen(commands[name], cwd=ROOT, env=environment, start_new_session=True, stdout=subprocess.DEVNULL)
        for name in names
    ]
    try:
        yield started
    finally:
        for process in started:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for(question):
    until = time.monotonic() + PATIENCE_SECONDS
    while not question():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.1)


def delivered(world):
    return world.rows("SELECT count(*) FROM casework_handoff WHERE state = 'delivered'")[0][0]


@pytest.mark.xdist_group("delivery")
def test_a_handoff_is_delivered_once_though_worker_and_broker_fall(world: World, admin, broker):
    case, _ = world.track()
    with processes(broker, admin, "worker"):
        wake_with(wake)
        world.sent(case)
        wait_for(lambda: delivered(world) == 1)
    # nobody works: the intent waits; a broker that does not answer stops nobody from sending
    reach("amqp://guest:guest@127.0.0.1:1//")
    world.sent(case, items=["household"])
    assert delivered(world) == 1
    reach(broker)
    with processes(broker, admin, "worker", "beat"):
        wait_for(lambda: delivered(world) == 2)
        wait_for(lambda: world.count("casework_notice") == 2)
    assert world.count("casework_disclosure") == 2
    assert world.rows("SELECT count(*) FROM casework_track WHERE kind = 'safety'") == [(2,)]


def test_a_message_is_only_an_id_and_a_forged_one_has_no_effect(world):
    case, _ = world.track()
    world.sent(case)
    carry_out_intent("00000000-0000-4000-8000-000000000000")
    assert delivered(world) == 0
    (intent,) = world.rows("SELECT id FROM casework_outbox WHERE task = 'deliver_handoff'")[0]
    assert [carry_out(intent) for _ in range(3)] == [True, False, False]
    assert world.count("casework_disclosure") == 1
    sweep()
    assert world.count("casework_notice") == 1


def test_a_message_that_comes_early_takes_nothing_from_what_is_due_later(world):
    case, _ = world.track()
    world.delivered(case, kind="referral", receiver="wanda", basis="WPG_15")
    query = "SELECT id, due_at FROM casework_outbox WHERE task = 'expire_handoff' AND done_at IS NULL"
    ((intent, due_at),) = world.rows(query)
    for _ in range(2):
        carry_out_intent(str(intent))
        assert world.rows(query) == [(intent, due_at)], "it is still to be done"
    token = scenario_moment.set(due_at)
    try:
        assert carry_out(intent)
    finally:
        scenario_moment.reset(token)
    assert world.rows("SELECT state FROM casework_handoff") == [("expired",)]


def test_the_database_gives_out_an_intent_when_it_is_due_and_until_it_is_carried_out(world):
    """By itself: whoever asks with the key of the application finds nothing to do twice or early."""

    def is_given_out(intent):
        return bool(
            Outbox.objects.raw("SELECT * FROM lock.intent(%s, %s)", signed_now("intent", intent=intent, moment=None))
        )

    case, _ = world.track()
    world.sent(case, kind="referral", receiver="wanda", basis="WPG_15")
    ((sending,),) = world.rows("SELECT id FROM casework_outbox WHERE task = 'deliver_handoff'")
    assert is_given_out(sending)
    assert carry_out(sending)
    assert not is_given_out(sending)
    ((later,),) = world.rows("SELECT id FROM casework_outbox WHERE task = 'expire_handoff' AND done_at IS NULL")
    assert not is_given_out(later)


def test_what_was_withdrawn_is_not_delivered(world):
    from casework.actions.perform import perform

    case, _ = world.track()
    handoff = world.sent(case)
    reason = {"reason": {"code": "sent_by_mistake", "text": "Deze was voor een andere zaak bedoeld."}}
    perform(world.dirk, Action.WITHDRAW_HANDOFF, handoff, reason)
    world.work()
    assert world.rows("SELECT state FROM casework_handoff") == [("withdrawn",)]
    assert world.count("casework_disclosure") == 0


def test_an_unanswered_handoff_expires_and_a_passed_term_is_marked_once(world):
    from datetime import timedelta

    from casework.worker.carry_out import database_now

    case, _ = world.track()
    world.delivered(case, kind="referral", receiver="wanda", basis="WPG_15")
    later = database_now() + timedelta(days=40)
    token = scenario_moment.set(later)
    try:
        run_due(later, on_scenario_clock=True)
        again = run_due(later, on_scenario_clock=True)
    finally:
        scenario_moment.reset(token)
    assert world.rows("SELECT state FROM casework_handoff") == [("expired",)]
    marks = world.rows("SELECT count(*) FROM audit_entry WHERE word = 'mark_overdue'")[0][0]
    overdue = world.rows("SELECT count(*) FROM casework_deadline WHERE overdue_at IS NOT NULL")[0][0]
    assert marks == overdue > 0
    assert again == 0


def test_an_effect_that_fails_leaves_its_intent_for_the_next_try(world):
    case, _ = world.track()
    world.sent(case)
    world.superuser.execute(
        "CREATE FUNCTION public.no_line() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no line'; END $$;"
        "CREATE TRIGGER no_line BEFORE INSERT ON casework_disclosure FOR EACH ROW EXECUTE FUNCTION public.no_line()",
    )
    try:
        world.work()
    finally:
        world.superuser.execute("DROP TRIGGER no_line ON casework_disclosure; DROP FUNCTION public.no_line()")
    assert delivered(world) == 0, "half a delivery is none"
    world.work()
    assert delivered(world) == world.count("casework_disclosure") == 1
