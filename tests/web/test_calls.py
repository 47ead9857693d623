"""How many Python functions a request calls: what does not depend on the machine, and may only shrink."""

import os
import sys
from asyncio.events import _get_running_loop, _set_running_loop
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from types import FrameType
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tests.web.test_statements import form_of
from tests.world import World, checklist, signed_in

DRIVER = f"{os.sep}psycopg"
ROWS = 25
SETTLED = 8
"""After how many requests everything that is remembered was read, and the driver has settled on how it asks."""


@contextmanager
def counted() -> Iterator[list[int]]:
    """Count the functions that are called meanwhile, in this thread; whoever counted before goes on afterwards.

    The driver's own are left out: how often it waits for its server depends on what else the machine does. What is
    asked of it is counted by the statement.
    """
    calls, before, loop = [0], sys.getprofile(), _get_running_loop()

    def look(frame: FrameType, event: str, _argument: Any) -> None:
        calls[0] += event == "call" and DRIVER not in frame.f_code.co_filename

    _set_running_loop(None)  # the driver of the browser leaves one in this thread, and Django looks what it may do in it
    sys.setprofile(look)
    try:
        yield calls
    finally:
        sys.setprofile(before)
        _set_running_loop(loop)


@pytest.fixture
def work(world: World) -> dict[str, UUID]:
    """A page full of work, a package, and an id next to a case that is nowhere."""
    cases = [world.track()[0] for _ in range(ROWS)]
    handoff = world.package(cases[0])
    return {"case": cases[0], "handoff": handoff, "nowhere": UUID(int=cases[0].int ^ 1)}


PAGES = {
    "worklist": ("lies", "/work", 200),
    "case": ("lies", "/cases/{case}", 200),
    "form": ("lies", "/cases/{case}/add_note", 200),
    "handoff": ("lies", "/handoffs/{handoff}", 200),
    "hidden": ("leo", "/cases/{case}", 404),
    "absent": ("leo", "/cases/{nowhere}", 404),
    "search": ("lies", "/search", 200),
    "workbench": ("arie", "/workbench", 200),
    "sign-in": ("", "/account/sign-in", 200),
}
BOUNDS = {
    "worklist": 27_900,
    "case": 11_130,
    "form": 12_480,
    "handoff": 20_050,
    "hidden": 5_740,
    "absent": 5_740,
    "search": 6_100,
    "workbench": 15_550,
    "sign-in": 3_985,
}
"""What was measured, and at most a hundredth more: a generator of ids draws once or twice more, an object is cleared.

About 105 of each are the form in the frame that locks the screen; of "form", 270 more look for a draft and offer to store
one.
"""
STEPS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "submit": ("draft", "lies", {}),
    "take_up": ("submitted", "dirk", {}),
    "plan_visit": ("triage", "dirk", checklist()),
}
STEP_BOUNDS = {"submit": 11_200, "take_up": 7_110, "plan_visit": 23_350}


def test_a_page_calls_no_more_functions_than_before(work: dict[str, UUID]) -> None:
    found = {}
    for name, (who, address, status) in PAGES.items():
        client, path = signed_in(who) if who else Client(), address.format(**work)
        for _ in range(SETTLED):
            assert client.get(path).status_code == status
        with counted() as calls:
            client.get(path)
        found[name] = calls[0]
    assert {name: number for name, number in found.items() if number > BOUNDS[name]} == {}


def test_a_step_calls_no_more_functions_than_before(world: World) -> None:
    found = {}
    for action, (state, who, content) in STEPS.items():
        client, form = signed_in(who), form_of(content)
        client.get("/work")
        for turn in count():
            _, track = world.track(state)
            with counted() as calls:
                answer = client.post(f"/tracks/{track}/{action}", form)
            assert answer.status_code == 302, answer.content
            if turn == SETTLED:
                break
        found[action] = calls[0]
    assert {name: number for name, number in found.items() if number > STEP_BOUNDS[name]} == {}
