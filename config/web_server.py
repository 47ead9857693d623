"""The web process receives each request whole before a thread works on it, so that a slow sender makes nobody wait.

gunicorn starts and watches the processes; within each, waitress reads from all connections at once. Its threads meet
requests that are complete, and write into a buffer.
"""

import os
import resource
import time
from typing import Any

from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.server import create_server
from waitress.task import ThreadedTaskDispatcher

from config.settings import DATA_UPLOAD_MAX_MEMORY_SIZE

CONNECTIONS = 1_000
"""How many connections one process holds at once, as far as the machine lets it open files: one may need a second file."""
IDLE_SECONDS = 20
"""A connection on which nothing came for so long is closed."""
RECEIVING_SECONDS = 60
"""A request that has not come whole in so long is given up: the largest form takes half a minute on a slow line."""
LONGEST_HEADERS = 16 * 1024
"""Bytes of the address, its question and all headers together."""
LONGEST_BODY = 2 * DATA_UPLOAD_MAX_MEMORY_SIZE
"""Bytes that are received at all: what is somewhat too much is answered in our own sentence, on a page."""
IN_MEMORY = 64 * 1024
"""Bytes of a body from which it goes on in a file without a name, so that many slow ones take no memory."""
STOP_SECONDS = 4


class WholeRequests(Worker):
    """A worker of gunicorn in which waitress serves the sockets."""

    def run(self) -> None:
        """Serve until told to stop, then finish what was begun."""
        threads = ThreadedTaskDispatcher()
        threads.set_thread_count(self.cfg.threads)
        self._listen(threads)
        while self.alive and self.ppid == os.getppid():
            self._turn()
        self._finish()
        threads.shutdown(timeout=1)

    def _listen(self, threads: ThreadedTaskDispatcher) -> None:
        """Serve the sockets within these limits; what is complete goes to the threads."""
        self.connections: dict[int, Any] = {}
        self.receiving: dict[Any, float] = {}
        create_server(
            self.wsgi,
            map=self.connections,
            _dispatcher=threads,
            sockets=[listening.sock for listening in self.sockets],
            ident=None,
            clear_untrusted_proxy_headers=False,  # web.requests.client_of knows which hop is ours
            connection_limit=_connections(),
            channel_timeout=IDLE_SECONDS,
            cleanup_interval=5,
            max_request_header_size=LONGEST_HEADERS,
            max_request_body_size=LONGEST_BODY,
            inbuf_overflow=IN_MEMORY,
            log_socket_errors=False,
        )

    def _turn(self, seconds: float = 1.0) -> None:
        """Read and write what can be, within a second; the master sees that this process lives."""
        self.notify()
        self._give_up()
        wasyncore.loop(timeout=seconds, use_poll=True, map=self.connections, count=1)

    def _channels(self) -> list[Any]:
        return [one for one in self.connections.values() if hasattr(one, "requests")]

    def _give_up(self) -> None:
        """Close connections on which a request has been coming in for too long, even where a byte arrives now and then."""
        now = time.monotonic()
        partial = [channel for channel in self._channels() if channel.request is not None and not channel.requests]
        self.receiving = {channel.request: self.receiving.get(channel.request, now) for channel in partial}
        for channel in partial:
            if now - self.receiving[channel.request] > RECEIVING_SECONDS:
                channel.will_close = True

    def _finish(self) -> None:
        """Take no connection more, and let those that work end their answer."""
        for one in list(self.connections.values()):
            if one.accepting:
                one.del_channel()
        until = time.monotonic() + STOP_SECONDS
        while time.monotonic() < until and any(one.requests or one.total_outbufs_len for one in self._channels()):
            self._turn(0.1)


def _connections() -> int:
    """Return how many connections can be open, after asking for as many files as the machine allows."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * CONNECTIONS + 200
    files = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return min(CONNECTIONS, max(50, (files - 200) // 2))
