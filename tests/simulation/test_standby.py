"""No answer says that something is done while the standby did not say that it has it; sent again, it is done once."""

import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg.conninfo import conninfo_to_dict

from audit.roles import APP
from casework.actions.intents import wake_with
from casework.actions.perform import perform
from config import scratch
from config.postgres import Server
from permissions.acting import Uncertain
from permissions.vocabulary import Action
from tests.web.test_kept_text import fields_of
from tests.world import World, signed_in

TEXT = "Een bedacht relaas dat blijft staan."
CANCELS, ENDS = "pg_cancel_backend", "pg_terminate_backend"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server of this file's own: whom it waits for is a setting of the whole server."""
    folder = Path(tempfile.mkdtemp(prefix="schakel-standby-", dir="/tmp"))
    folder.chmod(0o755)
    own = Server(folder)
    own.start()
    yield own
    own.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def apart(server: Server, django_db_setup: None, django_db_blocker) -> Iterator[World]:
    """A world on that server."""
    before = dict(connection.settings_dict)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    wake_with(lambda _: None)
    with server.connect() as admin, scratch.scratch(admin, settings.ACTING_KEY.hex(), scenario=True) as name:
        connection.close()
        host = conninfo_to_dict(scratch.address(admin, APP, name)).get("host", "")
        connection.settings_dict.update(NAME=name, HOST=host, PORT="")
        with server.connect(name) as superuser, django_db_blocker.unblock():
            superuser.execute("SET synchronous_commit = local")
            yield World(superuser)
            connection.close()
        connection.settings_dict.update(before)


@contextmanager
def without_standby(server: Server, end: str) -> Iterator[None]:
    """Require a standby that is not there, and break off each wait for it after a while."""
    with server.connect() as admin:
        admin.execute("SET synchronous_commit = local")
        admin.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        admin.execute("SELECT pg_reload_conf()")
        over = threading.Event()
        breaking = threading.Thread(target=_break_off, args=(server, end, over))
        breaking.start()
        try:
            yield
        finally:
            over.set()
            breaking.join()
            admin.execute("ALTER SYSTEM RESET synchronous_standby_names")
            admin.execute("SELECT pg_reload_conf()")


def _break_off(server: Server, end: str, over: threading.Event) -> None:
    with server.connect() as admin:
        while not over.wait(0.1):
            admin.execute(f"SELECT {end}(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")


def sent(client, path: str, form: dict[str, str]) -> tuple[int, str]:
    answer = client.post(path, form)
    return answer.status_code, answer.content.decode()


@pytest.mark.xdist_group("standby")
def test_no_answer_says_done_before_the_standby_has_it_and_sent_again_it_is_done_once(apart: World, server: Server) -> None:
    case, _ = apart.track()
    client = signed_in("lies")
    path = f"/cases/{case}/add_note"
    form = {**fields_of(client.get(path).content.decode()), "note-kind": "concern", "note-text": TEXT}
    with without_standby(server, CANCELS):
        status, page = sent(client, path, form)
        assert status == 503
        assert "Het is nog niet zeker dat wat u verzond blijvend is opgeslagen" in page
        again = fields_of(page, "operation")
        assert (again["operation"], again["note-text"]) == (form["operation"], TEXT)
        assert apart.count("casework_note") == 1, "here it is committed"
        status, page = sent(client, path, again)
        assert status == 503, "the stored answer is no proof that the standby has it"
        again = fields_of(page, "operation")
        look = client.get(f"/cases/{case}")
        assert look.status_code == 503, "nothing is shown of which the look may be lost"
        assert "Testpersoon" not in look.content.decode()
    assert client.post(path, again).status_code == 302
    assert apart.rows("SELECT text FROM casework_note") == [(TEXT,)]


@pytest.mark.xdist_group("standby")
def test_a_connection_that_is_lost_while_it_commits_is_no_failure_and_no_success(apart: World, server: Server) -> None:
    case, _ = apart.track()
    given = {"note": {"kind": "concern", "text": TEXT}}
    operation = apart.lies.membership_id
    with without_standby(server, ENDS), pytest.raises(Uncertain):
        perform(apart.lies, Action.ADD_NOTE, case, given, operation=operation)
    connection.close()
    assert apart.count("casework_note") == 1
    perform(apart.lies, Action.ADD_NOTE, case, given, operation=operation)
    assert apart.count("casework_note") == 1
    outcomes = "SELECT outcome, count(*) FROM audit_entry WHERE word = 'add_note' AND action = 0 GROUP BY 1"
    assert apart.rows(outcomes) == [("done", 1)]


@pytest.mark.xdist_group("standby")
def test_the_worker_does_once_what_it_was_not_certain_of(apart: World, server: Server) -> None:
    case, _ = apart.track()
    apart.sent(case)
    with without_standby(server, CANCELS), suppress(Uncertain):
        apart.work()
    apart.work()
    assert apart.rows("SELECT state FROM casework_handoff") == [("delivered",)]
    assert apart.count("casework_disclosure") == 1


def test_an_ordinary_notice_raises_no_doubt(world: World) -> None:
    case, _ = world.track()
    with connection.cursor() as cursor:
        cursor.execute("DO $$ BEGIN RAISE WARNING 'canceling wait for synchronous replication due to user request'; END $$")
    assert perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": TEXT}}).case_id == case
    assert isinstance(connection.connection, psycopg.Connection)
