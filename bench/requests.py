"""What is asked of the product: pages as people open them, and steps that they take, each as its own request."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from bench.installation import Installation
from tests.web.test_calls import STEPS
from tests.web.test_statements import form_of
from tests.world import FormClient, signed_in

REASON = "contact_needed"
"""Why somebody searches so often: without it a person is asked after ten searches in an hour."""
Form = dict[str, Any]


class Unexpected(Exception):  # noqa: N818 - read aloud as the sentence that it prints
    """A request was answered otherwise than it is here: what was measured is something else."""


@dataclass(frozen=True, slots=True)
class Work:
    """One kind of request of somebody who is signed in, by Django's test client: in this process, without a network."""

    name: str
    client: FormClient
    status: int
    ready: Callable[[], tuple[str, Form | None]]
    """Make the next request possible; returns its address, and its form when something is posted."""

    def requests(self, number: int) -> list[tuple[str, Form | None]]:
        """Make so many requests ready, before anything is measured."""
        return [self.ready() for _ in range(number)]

    def send(self, request: tuple[str, Form | None]) -> bytes:
        """Send a request; returns what was answered, and raises Unexpected where that is not what is measured."""
        path, form = request
        answer = self.client.get(path) if form is None else self.client.post(path, form)
        if answer.status_code != self.status:
            raise Unexpected(f"{self.name}: {path} was answered {answer.status_code} instead of {self.status}.")
        return bytes(answer.content)


def works(found: Installation) -> list[Work]:
    """Return every kind of request, over one case of this installation and a page full of others."""
    world = found.world
    case, _ = world.track()
    handoff = world.package(case)
    reference = world.rows("SELECT reference FROM casework_participation WHERE content_object_id = %s", case)[0][0]
    pages = {
        "worklist": ("lies", 200, "/work"),
        "case page": ("lies", 200, f"/cases/{case}"),
        "handoff page": ("lies", 200, f"/handoffs/{handoff}"),
        "refused look, hidden": ("leo", 404, f"/cases/{case}"),
        "refused look, absent": ("leo", 404, f"/cases/{UUID(int=case.int ^ 1)}"),
        "workbench": ("arie", 200, "/workbench"),
        "access review": ("arie", 200, f"/access-review?case={reference}&period=all"),
    }
    clients = {who: signed_in(who) for who in ("lies", "leo", "arie", "dirk")}
    drawn = [Work(name, clients[who], status, _page(path)) for name, (who, status, path) in pages.items()]
    searched = Work("search", clients["lies"], 200, _search)
    return [*drawn, searched, *_steps(found, clients)]


def _page(path: str) -> Callable[[], tuple[str, Form | None]]:
    return lambda: (path, None)


def _search() -> tuple[str, Form | None]:
    """Search for a name that many people of the planted cases have."""
    return "/search", {"search-words": "proef", "search-why": REASON, "operation": str(uuid4())}


def _steps(found: Installation, clients: dict[str, FormClient]) -> Iterator[Work]:
    for action, (state, who, content) in STEPS.items():
        yield Work(action, clients[who], 302, _step(found, action, state, form_of(content)))


def _step(found: Installation, action: str, state: str, form: Form) -> Callable[[], tuple[str, Form | None]]:
    """Return how a track gets into the state from which the step is taken: each request has its own."""

    def ready() -> tuple[str, Form | None]:
        _, track = found.world.track(state)
        return f"/tracks/{track}/{action}", form

    return ready
