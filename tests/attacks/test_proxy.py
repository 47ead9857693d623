"""The proxy that is shipped, as nginx reads it: before our own server, and alone. Paths and ports are made fit.

Requests come from an address of their own on this machine, so that what the proxy says is told from what it is.
"""

import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from config import web_server
from tests.attacks.test_slow_clients import READY_SECONDS, free_port, serving
from tests.world import World

CONFIG = Path(__file__).parents[2] / "deploy" / "nginx.conf"
HOST = "schakel.example.nl"
CLIENT = "127.0.0.2"
"""Who asks: any address of this machine but the one from which the proxy itself asks our server."""
HALF_SENT = 12
"""Forms that are begun at once: fewer than the proxy takes for guessing, as one more is sent afterwards."""
AROUND = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log warn;
events {{ worker_connections 512; }}
http {{
  proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  include {folder}/schakel.conf;
}}
"""


def program() -> str:
    """Return the proxy's program; deploy/nginx.sh installs it before the tests run."""
    return shutil.which("nginx") or "/usr/sbin/nginx"


def certificate(folder: Path) -> None:
    """Write a key and a certificate for the name in the configuration."""
    key, name, now = ec.generate_private_key(ec.SECP256R1()), x509.Name([]), datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=True)
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    (folder / "certificate.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(pem))


def fitted(folder: Path, ours: int, *changed: tuple[str, str]) -> tuple[int, int]:
    """Write the configuration with paths and ports of this test; answers the two ports on which it listens."""
    plain, sealed = free_port(), free_port()
    text = CONFIG.read_text()
    fit = (
        ("  listen 80;\n", f"  listen 127.0.0.1:{plain};\n"),
        ("  listen 443 ssl;\n", f"  listen 127.0.0.1:{sealed} ssl;\n"),
        ("  listen [::]:80;\n", ""),
        ("  listen [::]:443 ssl;\n", ""),
        ("server 127.0.0.1:8000;", f"server 127.0.0.1:{ours};"),
        ("/etc/ssl/schakel/", f"{folder}/"),
        ("/var/log/nginx/", f"{folder}/"),
        ("/var/lib/nginx/schakel", f"{folder}/bodies"),
        *changed,
    )
    for stands, put in fit:
        assert stands in text
        text = text.replace(stands, put)
    (folder / "schakel.conf").write_text(text)
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder))
    certificate(folder)
    return plain, sealed


def asked_of(folder: Path, *more: str) -> list[str]:
    return [program(), "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log"), *more]


class Proxy:
    """A proxy that runs, and a client before it."""

    def __init__(self, folder: Path, plain: int, sealed: int) -> None:
        self.folder, self.plain, self.sealed = folder, plain, sealed
        self.trust = ssl.create_default_context(cafile=str(folder / "certificate.pem"))

    def connect(self) -> ssl.SSLSocket:
        raw = socket.create_connection(("127.0.0.1", self.sealed), READY_SECONDS, (CLIENT, 0))
        return self.trust.wrap_socket(raw, server_hostname=HOST)

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> tuple[HTTPResponse, str]:
        """Ask on a connection of its own; answers the answer and its page."""
        one = HTTPSConnection(HOST, context=self.trust)
        one.sock = self.connect()
        form = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        one.request(method, path, body, {**form, **headers})
        answer = one.getresponse()
        page = answer.read().decode()
        one.close()
        return answer, page

    def begin(self, body: int, sent: bytes = b"login=") -> ssl.SSLSocket:
        """Begin to send a form, and stop in the middle."""
        slow = self.connect()
        head = f"POST /account/sign-in HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {body}\r\n"
        slow.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\n".encode() + sent)
        return slow


@contextmanager
def proxied(folder: Path, ours: int, *changed: tuple[str, str]) -> Iterator[Proxy]:
    """Have the proxy before a server of ours meanwhile."""
    plain, sealed = fitted(folder, ours, *changed)
    process = subprocess.Popen(asked_of(folder))
    try:
        until = time.monotonic() + READY_SECONDS
        while not (folder / "nginx.pid").exists() or not (folder / "nginx.pid").read_text():
            assert process.poll() is None, (folder / "error.log").read_text()
            assert time.monotonic() < until
            time.sleep(0.05)
        yield Proxy(folder, plain, sealed)
    finally:
        process.terminate()
        assert process.wait(READY_SECONDS) == 0


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Proxy]:
    """The proxy, with nothing behind it: whatever it hands on is answered with 502."""
    with proxied(tmp_path, free_port()) as one:
        yield one


def connected(port: int) -> int:
    """Return how many connections to a port of this machine are open."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(line[2].endswith(f":{port:04X}") and line[3] == "01" for line in lines)


def read_whole(slow: ssl.SSLSocket) -> bytes:
    return b"".join(iter(lambda: slow.recv(65536), b""))


def test_nginx_reads_the_configuration_that_is_shipped_and_warns_of_nothing(tmp_path: Path) -> None:
    fitted(tmp_path, free_port())
    done = subprocess.run(asked_of(tmp_path, "-t"), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "syntax is ok" in done.stderr
    assert not re.search(r"\[(warn|error|crit|alert|emerg)\]", done.stderr), done.stderr


def test_what_is_half_sent_does_not_reach_the_application_and_what_is_whole_does(
    world: World, admin: psycopg.Connection, tmp_path: Path
) -> None:
    ours = {"SCHAKEL_MODE": "production", "ALLOWED_HOSTS": f"{HOST},127.0.0.1", "BROKER_URL": "amqp://127.0.0.1:1//"}
    with serving(admin, tmp_path, {"X-Forwarded-Proto": "https"}, **ours) as port, proxied(tmp_path, port) as proxy:
        with ExitStack() as held:
            slow = [held.enter_context(proxy.begin(1000)) for _ in range(HALF_SENT)]
            assert proxy.ask("GET", "/account/sign-in")[0].status == 200, "they keep nobody waiting"
            assert connected(port) <= 1, "and no connection to the application is theirs"
            slow[0].sendall(b"x" * 994)
            assert b" 403 " in read_whole(slow[0]).splitlines()[0], "the form carries no token of ours"
            assert connected(port) <= 2
        answer, page = proxy.ask("GET", "/account/sign-in")
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', page)
        assert token
        said = {"csrfmiddlewaretoken": token[1], "login": "lies", "password": "geraden-wachtwoord"}
        forged = {"X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9", "X-Real-IP": "203.0.113.9"}
        cookie = (answer.getheader("Set-Cookie") or "").split(";")[0]
        here = {"Cookie": cookie, "Referer": f"https://{HOST}/account/sign-in"}
        assert proxy.ask("POST", "/account/sign-in", urlencode(said), **forged, **here)[0].status == 200
    assert world.rows("SELECT client_point FROM audit_entry WHERE word = 'sign_in_failed'") == [(CLIENT,)]
    assert "203.0.113.9" not in (tmp_path / "schakel.log").read_text()
    assert "login=" not in (tmp_path / "schakel.log").read_text()


def test_a_form_that_is_too_long_is_refused_before_it_is_read(alone: Proxy) -> None:
    with alone.begin(web_server.LONGEST_BODY + 1, b"") as long:
        assert b" 413 " in read_whole(long).splitlines()[0]
    with alone.begin(web_server.LONGEST_BODY, b"a" * web_server.LONGEST_BODY) as whole:
        assert b" 502 " in read_whole(whole).splitlines()[0], "what just fits is handed on"
    assert alone.ask("GET", "/work", **{"X-Long": "a" * web_server.LONGEST_HEADERS})[0].status == 400


@pytest.mark.parametrize("limit", ["client_body_timeout", "client_header_timeout"])
def test_whoever_goes_on_sending_nothing_is_cut_off(tmp_path: Path, limit: str) -> None:
    with (
        proxied(tmp_path, free_port(), (f"{limit} 10s;", f"{limit} 100ms;")) as proxy,
        proxy.begin(1000) if limit == "client_body_timeout" else proxy.connect() as slow,
        suppress(ConnectionResetError, ssl.SSLEOFError),
    ):
        assert read_whole(slow) == b"", "nothing was handed on, and nothing more is read"


def test_who_tries_too_much_is_told_to_wait_and_for_how_long(alone: Proxy) -> None:
    answers = [alone.ask("POST", "/account/sign-in", "login=a") for _ in range(40)]
    assert {answer.status for answer, _page in answers} == {502, 429}
    slowed, page = next(one for one in answers if one[0].status == 429)
    assert slowed.getheader("Retry-After") == "10"
    assert "Wacht even" in page
    assert alone.ask("GET", "/account/sign-in")[0].status == 502, "a page is no try"


def test_health_is_for_this_machine_and_everything_is_asked_sealed(alone: Proxy) -> None:
    assert alone.ask("GET", "/health")[0].status == 403
    plain = HTTPConnection("127.0.0.1", alone.plain, READY_SECONDS)
    plain.request("GET", "/work?q=naam", headers={"Host": HOST})
    assert plain.getresponse().status == 301
    plain.close()
    assert alone.ask("GET", "/work")[0].getheader("Server") == "nginx", "and not of which version"
