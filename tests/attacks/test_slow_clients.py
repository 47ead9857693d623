"""Who sends half a request, or many at once, keeps nobody else waiting: against the server that `make run` starts.

Nothing here is a matter of time: while all slow connections are open, others are answered.
"""

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from waitress.channel import HTTPChannel

from audit.roles import APP
from config import scratch, web_server
from config.supervisor import web_command
from tests.config.test_starting import SAFE, start
from tests.world import PASSWORD, World

ROOT = Path(__file__).parents[2]
HELD = 240
"""More than all threads of all processes, many times."""
READY_SECONDS = 60
STARTS = (
    b"",
    b"POST /account/sign-in HT",
    b"POST /account/sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nX-More: a",
    b"POST /account/sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nlogin=",
    b"POST /search HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
    b"POST /search HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\nContent-Length: 1000\r\n\r\n",
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def asked(port: int, path: str, method: str = "GET", body: str | None = None, **headers: str) -> tuple[int, str]:
    """Ask on a connection of its own; answers the status and the page."""
    answer, page = opened(port, path, method, body, **headers)
    return answer.status, page


def opened(port: int, path: str, method: str = "GET", body: str | None = None, **headers: str) -> tuple[HTTPResponse, str]:
    one = HTTPConnection("127.0.0.1", port, timeout=READY_SECONDS)
    form = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
    one.request(method, path, body, {**form, **headers})
    answer = one.getresponse()
    page = answer.read().decode()
    one.close()
    return answer, page


@pytest.fixture
def server(world: World, admin: psycopg.Connection, tmp_path: Path) -> Iterator[int]:
    """The web processes as they are started, on a free port, against the database of this test."""
    with serving(admin, tmp_path) as port:
        yield port


@contextmanager
def serving(admin: psycopg.Connection, folder: Path, headers: Mapping[str, str] | None = None, **more: str) -> Iterator[int]:
    """The web processes meanwhile, with more in their environment; each look whether they listen carries these headers."""
    port = free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": scratch.address(admin, APP, connection.settings_dict["NAME"]),
        "ACTING_KEY": settings.ACTING_KEY.hex(),
        "SECRET_KEY": settings.SECRET_KEY,
        "SCHAKEL_MODE": "demo",
        "SCHAKEL_PROCESS": "web",
        "SCHAKEL_DATA": str(folder),
        **more,
    }
    with (folder / "web.log").open("wb") as log:
        process = subprocess.Popen(web_command(port), cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            until = time.monotonic() + READY_SECONDS
            while not is_listening(port, headers or {}):
                assert process.poll() is None, (folder / "web.log").read_text()
                assert time.monotonic() < until
                time.sleep(0.1)
            yield port
        finally:
            process.terminate()
            assert process.wait(READY_SECONDS) == 0, "it stops, also with connections open"


def is_listening(port: int, headers: Mapping[str, str]) -> bool:
    try:
        return asked(port, "/health", **headers)[0] == 200
    except OSError:
        return False


def is_open(slow: socket.socket) -> bool:
    slow.settimeout(0)
    try:
        return slow.recv(1000).startswith(b"HTTP/1.1 100 Continue")
    except BlockingIOError:
        return True


@contextmanager
def held(port: int, start: bytes) -> Iterator[socket.socket]:
    """A connection on which a request was begun."""
    with socket.create_connection(("127.0.0.1", port), timeout=READY_SECONDS) as slow:
        slow.sendall(start)
        yield slow


def form_of(port: int) -> tuple[dict[str, str], str]:
    """The token and the cookie of a page on which one signs in."""
    drawn, page = opened(port, "/account/sign-in")
    found = re.search(r'csrfmiddlewaretoken" value="([^"]+)', page)
    assert found
    return {"csrfmiddlewaretoken": found[1]}, (drawn.getheader("Set-Cookie") or "").split(";")[0]


def test_others_are_answered_while_hundreds_hold_half_a_request(server: int) -> None:
    with ExitStack() as open_ones:
        slow = [open_ones.enter_context(held(server, STARTS[number % len(STARTS)])) for number in range(HELD)]
        for path in ("/health", "/account/sign-in") * 3:
            assert asked(server, path)[0] == 200
        assert all(map(is_open, slow)), "they are held all the while"


def test_what_comes_in_slowly_is_read_whole_and_answered(server: int) -> None:
    body = urlencode({"login": "lies", "password": "x" * 300})
    head = f"POST /account/sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
    sent = f"{head}Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\n{body}".encode()
    with socket.create_connection(("127.0.0.1", server), timeout=READY_SECONDS) as slow:
        for place in range(0, len(sent), 40):
            slow.sendall(sent[place : place + 40])
            time.sleep(0.01)
        answer = b"".join(iter(lambda: slow.recv(65536), b""))
    assert b" 403 " in answer.splitlines()[0], "the form carries no token of ours"
    assert b"Server:" not in answer


def test_what_is_too_long_is_not_received(server: int) -> None:
    beyond = str(web_server.LONGEST_BODY + 1)
    for headers in ({"Content-Length": beyond}, {"X-Long": "a" * web_server.LONGEST_HEADERS}):
        status, _page = asked(server, "/account/sign-in", "POST", **headers)
        assert status in {413, 431}
    status, page = asked(server, "/account/sign-in", "POST", "a" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 5_000))
    assert (status, "tekens te lang" in page) == (413, True), "what is somewhat too long is told how much"
    assert asked(server, "/health")[0] == 200


def test_others_are_answered_while_many_try_passwords(server: int) -> None:
    form, cookie = form_of(server)

    def attempt(number: int) -> int:
        said = {**form, "login": f"naam{number}", "password": PASSWORD}
        return asked(server, "/account/sign-in", "POST", urlencode(said), Cookie=cookie)[0]

    with ThreadPoolExecutor(24) as many:
        tried = [many.submit(attempt, number) for number in range(96)]
        while not all(one.done() for one in tried):
            assert asked(server, "/health")[0] == 200
    answers = [one.result() for one in tried]
    assert set(answers) == {200, 429}, "each was told: a wrong password, or to wait"
    assert answers.count(429) >= 36, "no more than sixty a minute from one address were looked at"


def test_a_request_that_goes_on_coming_is_given_up_and_one_that_is_worked_on_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("config.web_server.time.monotonic", lambda: now[0])
    slow, works, idle = (
        SimpleNamespace(request=object(), requests=[], will_close=False),
        SimpleNamespace(request=object(), requests=[object()], will_close=False),
        SimpleNamespace(request=None, requests=[], will_close=False),
    )
    worker = web_server.WholeRequests.__new__(web_server.WholeRequests)
    worker.connections, worker.receiving = dict(enumerate((slow, works, idle, SimpleNamespace()))), {}
    for seconds in (0, web_server.RECEIVING_SECONDS - 1, 2):
        now[0] += seconds
        if seconds == 2:
            assert not slow.will_close
        worker._give_up()
    assert [one.will_close for one in (slow, works, idle)] == [True, False, False]
    slow.request = object()
    slow.will_close = False
    worker._give_up()
    assert not slow.will_close, "the next request on the same connection begins anew"


@pytest.fixture
def worker() -> Iterator[web_server.WholeRequests]:
    """A worker as a process of `make run` has it, turned by hand, on a free port."""
    one = web_server.WholeRequests.__new__(web_server.WholeRequests)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    one.sockets, one.wsgi, one.tmp = [SimpleNamespace(sock=listening)], object(), SimpleNamespace(notify=lambda: None)
    one._listen(SimpleNamespace(add_task=[].append))  # what is complete waits, as if it were worked on
    yield one
    for channel in list(one.connections.values()):
        channel.close()


def turned(worker: web_server.WholeRequests, slow: socket.socket, sent: bytes) -> HTTPChannel:
    """Let the worker read what was sent; answers its end of the connection."""
    slow.connect(worker.sockets[0].sock.getsockname())
    slow.sendall(sent)
    while True:
        worker._turn()
        for channel in worker._channels():
            if channel.addr == slow.getsockname() and (channel.request or channel.requests or not sent):
                return channel


def looked_at(worker: web_server.WholeRequests) -> None:
    """Let the server look for connections that were idle for too long, as it does every few seconds, and close them."""
    for server in worker.connections.values():
        if hasattr(server, "next_channel_cleanup"):
            server.next_channel_cleanup = 0
    worker._turn(0.1)
    worker._turn(0.1)


@pytest.mark.parametrize("sent", [*STARTS[:5], b"GET /health HTTP/1.1\r\n\r\n"])
def test_a_connection_on_which_nothing_comes_is_closed_and_one_that_waits_for_an_answer_is_not(
    worker: web_server.WholeRequests, sent: bytes
) -> None:
    with socket.socket() as slow:
        channel = turned(worker, slow, sent)
        works = bool(channel.requests)
        for idle, is_closed in ((web_server.IDLE_SECONDS - 5, False), (web_server.IDLE_SECONDS + 1, not works)):
            channel.last_activity = time.time() - idle
            looked_at(worker)
            assert is_open(slow) is not is_closed, idle
            assert (channel in worker._channels()) is not is_closed


def test_the_server_that_is_shipped_got_its_limits(worker: web_server.WholeRequests) -> None:
    (got,) = [one.adj for one in worker.connections.values() if hasattr(one, "next_channel_cleanup")]
    assert (got.channel_timeout, got.max_request_header_size) == (web_server.IDLE_SECONDS, web_server.LONGEST_HEADERS)
    assert (got.max_request_body_size, got.inbuf_overflow) == (web_server.LONGEST_BODY, web_server.IN_MEMORY)
    assert got.cleanup_interval < web_server.IDLE_SECONDS
    assert 50 <= got.connection_limit <= web_server.CONNECTIONS
    assert not got.trusted_proxy


def test_the_proxy_that_is_shipped_knows_the_same_bounds_and_replaces_what_a_client_says_of_itself() -> None:
    said = (ROOT / "deploy" / "nginx.conf").read_text()
    assert f"client_max_body_size {web_server.LONGEST_BODY // 2**20}m;" in said
    for line in (
        "proxy_request_buffering on;",
        "client_header_timeout 10s;",
        "client_body_timeout 10s;",
        "limit_conn schakel_connections",
        "limit_req zone=schakel_tries",
        "proxy_set_header X-Forwarded-For $remote_addr;",
        "proxy_set_header X-Forwarded-Proto https;",
    ):
        assert line in said
    idle = re.search(r"keepalive_timeout (\d+)s;  # shorter", said)
    assert idle
    assert int(idle[1]) < web_server.IDLE_SECONDS, "else it sends a form on a connection that is just being closed"


@pytest.mark.parametrize(("more", "said"), [({}, "-c statement_timeout=60s"), ({"ASK_SERVER_FOR_PID": "1"}, "None")])
def test_a_statement_of_a_page_ends_in_time(more: dict[str, str], said: str) -> None:
    show = "from config.settings import DATABASES; print(DATABASES['default']['OPTIONS'].get('options'))"
    done = start(["-c", show], {**SAFE, "SCHAKEL_PROCESS": "web", **more})
    assert done.stdout.strip() == said, done.stderr
