"""How long a page takes while hundreds hold half a request, and while a dozen try passwords, beside a quiet server."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from statistics import median
from time import perf_counter
from urllib.parse import urlencode

from tests.attacks import test_slow_clients
from tests.attacks.test_slow_clients import STARTS, asked, form_of, held

server = test_slow_clients.server
"""The web processes as they are started."""
HELD, TRYING, TRIES = 400, 12, 120
PAGE = "/account/sign-in"


def seconds(port, times=20):
    took = []
    for _ in range(times):
        begun = perf_counter()
        assert asked(port, PAGE)[0] == 200
        took.append(perf_counter() - begun)
    return median(took)


def test_pages_while_others_are_slow_or_many(server, capsys):
    quiet = seconds(server)
    with ExitStack() as open_ones:
        for number in range(HELD):
            open_ones.enter_context(held(server, STARTS[number % len(STARTS)]))
        slow = seconds(server)
    form, cookie = form_of(server)

    def attempt(number):
        said = urlencode({**form, "login": f"naam{number}", "password": "geraden-wachtwoord"})
        return asked(server, PAGE, "POST", said, Cookie=cookie)[0]

    with ThreadPoolExecutor(TRYING) as many:
        tried = [many.submit(attempt, number) for number in range(TRIES)]
        busy = seconds(server)
    with capsys.disabled():
        print(f"\na page: {quiet:.3f} s; {HELD} half-sent: {slow:.3f} s; {TRYING} trying passwords: {busy:.3f} s")  # noqa: T201 - the figures are the point
    assert {one.result() for one in tried} <= {200, 429}
