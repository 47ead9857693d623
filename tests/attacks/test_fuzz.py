"""No address answers a strange method, parameter or field with a fault: a sample here, ten times that by make prove."""

import os
import random
import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from casework.input.parts import PARTS, parts_for
from permissions.vocabulary import Action
from tests.attacks.test_oversight import one_of_each
from tests.world import FormClient, World, signed_in, stepped_up
from tests.world import perform as do

ROUNDS = int(os.environ.get("FUZZ", "120"))
"""How many requests each person makes."""
WATCHED = ("lies", "wim", "saskia", "arie")
OTHER_METHODS = ("PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "PROPFIND")
STRANGE = (
    "",
    "\x00",
    "a\x00b",
    "\r",
    "\n\r\n",
    "-1",
    "0",
    "9" * 6000,
    "1e309",
    "NaN",
    "0001-01-01",
    "9999-12-31",
    "1-1-1",
    "31-2-2026",
    "\ufb01\ufb02",
    "\u202e",
    "\u0660\u0661",
    "{n.__class__}",
    "%00",
    "%s%n",
    "'; DROP TABLE x; --",
    "../../etc",
    "[]",
    "x" * 140_000,
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
)
"""What people and programs send that nobody means."""
FIELDS = ("version", "operation", "drawn", "carried", "held", "next", "do", "membership", "language", "search-words")
PARAMETERS = ("page", "after", "tab", "role", "since", "until", "person", "kind", "version", "next", "open", "for", "q")


def addresses() -> list[str]:
    """Every address of the product, with its places open."""
    found: list[str] = []

    def walk(patterns: list[URLPattern | URLResolver], before: str) -> None:
        for one in patterns:
            here = before + str(one.pattern)
            if isinstance(one, URLResolver):
                walk(one.url_patterns, here)
            elif "(?P" not in here and "sign-out" not in here:
                found.append("/" + here.replace("^", "").replace("$", ""))

    walk(get_resolver().url_patterns, "")
    return sorted(found)


def filled(address: str, known: dict[str, UUID], seeded: random.Random) -> str:
    """An address with ids of things that there are, or of none."""
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda place: str(known.get(place[1]) if seeded.random() < 0.8 else uuid4()), address)


def sent(seeded: random.Random) -> dict[str, Any]:
    """A form of a few fields, each with something strange in it."""
    names = [*FIELDS, *(f"{part}-{column.name}" for part, columns in PARTS.items() for column in columns)]
    return {name: seeded.choice(STRANGE) for name in seeded.sample(names, seeded.randint(1, 6))}


def asked(client: FormClient, path: str, seeded: random.Random) -> tuple[str, int]:
    """Send one strange request; answers what it was and how it was answered."""
    kind = seeded.choice(("method", "parameter", "parameter", "form", "form", "form"))
    if kind == "method":
        method = seeded.choice(OTHER_METHODS)
        return method, client.generic(method, path, b"x=1").status_code
    if kind == "parameter":
        given = {seeded.choice(PARAMETERS): seeded.choice(STRANGE)[:4000]}
        return f"GET {given}", client.get(path, given).status_code
    given = sent(seeded)
    return f"POST {given}", client.post(path, given).status_code


@pytest.mark.parametrize("who", WATCHED)
def test_nothing_strange_ends_in_a_fault_and_no_page_is_drawn_for_another_method(world: World, who: str) -> None:
    case, track = world.track("triage")
    known = {"case_id": case, "track_id": track, "handoff_id": world.delivered(case)}
    do(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "Een verzonnen zorg."}})
    seeded, client = random.Random(f"fuzz {who}"), signed_in(who)
    every = addresses()
    assert len(every) > 60
    for _ in range(ROUNDS):
        path = filled(seeded.choice(every), known, seeded)
        what, answer = asked(client, path, seeded)
        assert answer < 500, f"{what[:300]} at {path} ended in {answer}"
        if what in OTHER_METHODS:
            assert answer == 405, f"{what} at {path} was answered {answer}"


EVERYBODY = ("lies", "saskia", "arie", "wim")
TABLES = {
    "emergency_id": "casework_emergency",
    "finding_id": "casework_finding",
    "check_id": "casework_knowncheck",
    "export_id": "casework_export",
    "review_id": "casework_review",
    "agreement_id": "permissions_sharingagreement",
    "membership_id": "permissions_membership",
}
FORM = re.compile(r'<form[^>]*?method="post".*?</form>', re.DOTALL)
NAME = re.compile(r'<(?:input|select|textarea)[^>]*? name="([^"]+)"')
VALUE = re.compile(r'<input[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"')
NOT_STRANGE = {"csrfmiddlewaretoken", "do"}
SHARE = min(1, ROUNDS / 1200)
"""Of all fields a tenth here, each one by make prove."""


def offered(client: FormClient, address: str, path: str) -> dict[str, dict[str, str]]:
    """The fields of the forms that a page draws, each with what else it draws; of a step that is not drawn now, its own."""
    drawn = client.get(path)
    page = "" if drawn.streaming or drawn.status_code != 200 else drawn.content.decode()
    found = {name: dict(VALUE.findall(form)) for form in FORM.findall(page) for name in NAME.findall(form)}
    action = address.rsplit("/", 1)[-1]
    own = parts_for(Action(action)) if action in set(Action) else ()
    more = {f"{part}-{column.name}": dict[str, str]() for part in own for column in PARTS[part]}
    return {name: beside for name, beside in {**more, **found}.items() if name not in NOT_STRANGE}


def test_every_field_of_every_form_takes_something_strange_and_says_so(world: World) -> None:
    """Each field is sent to its own page with something strange in it, beside what was drawn there."""
    things = one_of_each(world)
    case, track = world.track("triage")
    known = {"case_id": case, "track_id": track, "handoff_id": world.delivered(case)}
    known |= {name: things[table] for name, table in TABLES.items()}
    seeded, met = random.Random("every field"), set()
    for who in EVERYBODY:
        client = stepped_up(who)
        for address in addresses():
            path = re.sub(r"<(?:\w+:)?(\w+)>", lambda place: str(known[place[1]]), address)
            for name, beside in offered(client, address, path).items():
                if (address, name) in met:
                    continue
                met.add((address, name))
                if seeded.random() < SHARE:
                    strange = seeded.choice(STRANGE)
                    answer = client.post(path, {**beside, name: strange})
                    assert answer.status_code < 500, f"{name} of {address} as {strange[:80]!r} by {who}"
    fields = {f"{part}-{column.name}" for part, columns in PARTS.items() for column in columns}
    assert fields - {name for _, name in met} == set()
