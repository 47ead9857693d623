"""No address answers a strange method, parameter or field with a fault: a sample here, ten times that by make prove."""

import os
import random
import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

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


def asked(client: FormClient, path: str, kind: str, seeded: random.Random) -> tuple[str, int]:
    """Send one strange request of a kind; answers what it was and how it was answered."""
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
    known = things_at_work(world)
    seeded, client = random.Random(f"fuzz {who}"), signed_in(who)
    every = addresses()
    assert len(every) > 60
    met = [(address, kind) for address in every for kind in ("method", "parameter")]
    drawn = [(seeded.choice(every), seeded.choice(("method", "parameter", "form", "form"))) for _ in range(ROUNDS)]
    for address, kind in [*met, *drawn]:
        path = filled(address, known, seeded)
        what, answer = asked(client, path, kind, seeded)
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
ACTION = re.compile(r' action="([^"]+)"')
NAME = re.compile(r'<(?:input|select|textarea)[^>]*? name="([^"]+)"')
BUTTON = re.compile(r'<button[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"')
"""The first button of a form is the one that is pressed."""
VALUE = re.compile(r'<input[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"')
ENDING = {reverse("account_logout")}
"""Forms that end what the test is doing."""
NOT_STRANGE = {"csrfmiddlewaretoken", "do"}
SHARE = min(1, ROUNDS / 1200)
"""Of all fields a tenth here, each one by make prove."""


ANSWERS = frozenset({302, 400, 403, 404, 405, 409, 413, 429})
"""How a request that makes no sense may be answered, beside a page that says what is wrong."""
SEARCHES = {reverse("search")}
"""Pages that answer a post with what they found, be it nothing."""
ROUND_IT = frozenset({"drawn", "operation", "version"})
"""Fields round what is asked: a strange one is answered before anything else is read."""
MOST_AT_ONCE = 400
"""Characters of each field when all are strange at once, so that the whole is read and not refused for its size."""


def things_at_work(world: World) -> dict[str, UUID]:
    """One of each thing that an address has a place for, by the name of the place."""
    things = one_of_each(world)
    case, track = world.track("triage")
    do(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "Een verzonnen zorg."}})
    known = {"case_id": case, "track_id": track, "handoff_id": world.delivered(case)}
    return known | {name: things[table] for name, table in TABLES.items()}


def offered(client: FormClient, address: str, path: str) -> dict[tuple[str, str], dict[str, str]]:
    """The fields of the forms that a page draws, each with where its form is sent and what else it draws.

    Of a step that is not drawn now, its own fields.
    """
    drawn = client.get(path)
    page = "" if drawn.streaming or drawn.status_code != 200 else drawn.content.decode()
    found: dict[tuple[str, str], dict[str, str]] = {}
    for form in FORM.findall(page):
        sent_to = ACTION.search(form.split(">", 1)[0])
        target = sent_to[1] if sent_to else path
        if target not in ENDING:
            beside = {**dict(VALUE.findall(form)), **dict(BUTTON.findall(form)[:1])}
            found |= {(target, name): beside for name in NAME.findall(form)}
    action = address.rsplit("/", 1)[-1]
    own = parts_for(Action(action)) if action in set(Action) else ()
    more = {(path, f"{part}-{column.name}"): dict[str, str]() for part in own for column in PARTS[part]}
    return {key: beside for key, beside in {**more, **found}.items() if key[1] not in NOT_STRANGE}


def says_why(target: str, answer: Any) -> bool:
    """Whether somebody who sent nonsense understands the answer: led on, refused as such, or told what is wrong."""
    if answer.status_code in {200, 422}:
        return b"govuk-error-" in answer.content or target in SEARCHES
    return answer.status_code in ANSWERS


def test_every_form_with_all_its_fields_strange_at_once_says_what_is_wrong(world: World) -> None:
    known, seeded = things_at_work(world), random.Random("all at once")
    met: set[str] = set()
    for who in EVERYBODY:
        client = stepped_up(who)
        for address in addresses():
            path = re.sub(r"<(?:\w+:)?(\w+)>", lambda place: str(known.get(place[1], uuid4())), address)
            fields = offered(client, address, path)
            for target in {target for target, _ in fields} - met:
                named = [name for at, name in fields if at == target]
                beside = {
                    name: value for key, values in fields.items() if key[0] == target for name, value in values.items()
                }
                strange = {name: seeded.choice(STRANGE)[:MOST_AT_ONCE] for name in named if name not in ROUND_IT}
                given = {**beside, **strange}
                answer = client.post(target, given)
                assert says_why(target, answer), f"{target} by {who} was answered {answer.status_code}: {str(given)[:400]}"
            met |= {target for target, _ in fields}
    assert len(met) > 60


def test_every_field_of_every_form_takes_something_strange_and_says_so(world: World) -> None:
    """Each field is sent to its own page with something strange in it, beside what was drawn there."""
    known, seeded, met = things_at_work(world), random.Random("every field"), set()
    for who in EVERYBODY:
        client = stepped_up(who)
        for address in addresses():
            path = re.sub(r"<(?:\w+:)?(\w+)>", lambda place: str(known.get(place[1], uuid4())), address)
            for (target, name), beside in offered(client, address, path).items():
                if (target, name) in met:
                    continue
                met.add((target, name))
                if seeded.random() < SHARE:
                    strange = seeded.choice(STRANGE)
                    answer = client.post(target, {**beside, name: strange})
                    assert says_why(target, answer), f"{answer.status_code}: {name} of {target} as {strange[:80]!r} by {who}"
    fields = {f"{part}-{column.name}" for part, columns in PARTS.items() for column in columns}
    assert fields - {name for _, name in met} == set()
