"""Whatever stands in an address is answered in a sentence, and leaves its entry; nothing of it ends in a fault of ours."""

import ast
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings

from tests.policy.test_pages import addresses
from tests.world import signed_in

WEB = Path(__file__).parents[2] / "web"
ASKED = {name for path in WEB.rglob("*.py") for name in re.findall(r'asked\w*\(request, "(\w+)"', path.read_text())} | {
    "after"
}
HOSTILE = (
    "%00",
    "x%00y",
    "%ff%fe",
    "%ED%A0%80",
    "0001-01-01T00:00:00+14:00_00000000-0000-0000-0000-000000000000",
    "9999-12-31T23:59:59-14:00_00000000-0000-0000-0000-000000000000",
    "2026-01-01_x",
    "9" * 5000,
    "-1",
    quote("²"),
    quote("\u0661"),
    quote("'; --"),
    quote("{n.__class__}"),
    quote("\u202e"),
    "a" * 3000,
)
LISTS = ("/work", "/follow-ups", "/access-review", "/explain-access", "/workbench", "/person-report", "/desk", "/search")


WHOLE = {
    ("words.py", "copy"),  # the address of the next page of a list: nothing of it is read
    ("cases.py", "dict"),
    ("case_acts.py", "dict"),
    ("case_acts.py", "items"),
    ("case_acts.py", "GET"),
    ("agreements.py", "dict"),
    ("reviews.py", "dict"),
    ("middleware.py", "lists"),
    ("drafts.py", "lists"),
}
"""Who takes the address as a whole: to fill in a form, whose reader refuses what it cannot read, or to refuse it."""
OF_ONE_WORD = WHOLE | {("people.py", 'get("next")')}
"""And who reads one word of it: where somebody goes after they signed in, which has a check of its own."""


def reads_of_address(text):
    """Each way in which a module reads what stands in an address behind the question mark."""
    tree = ast.parse(text)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "GET":
            read = parents[node]
            if not isinstance(read, ast.Attribute):
                yield "GET"
                continue
            called = parents[read]
            word = called.args[0] if isinstance(called, ast.Call) and called.args else None
            yield f'{read.attr}("{word.value!s}")' if isinstance(word, ast.Constant) else read.attr


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ('request.GET.get("case")', 'get("case")'),
        ('request.GET["case"]', "GET"),
        ("request.GET.get(name)", "get"),
        ("read(self.request.GET)", "GET"),
        ('request.POST.get("case")', ""),
    ],
)
def test_whoever_reads_an_address_is_found(text, how):
    assert "".join(reads_of_address(text)) == how


def test_every_parameter_is_read_by_one_reader():
    found = {(path.name, how) for path in WEB.rglob("*.py") for how in reads_of_address(path.read_text())}
    assert {how for name, how in found if name == "asking.py"}, "the one reader reads"
    assert {(name, how) for name, how in found if name != "asking.py"} == OF_ONE_WORD
    assert {"after", "tab", "role", "case", "period", "person", "organisation", "at"} <= ASKED


@pytest.mark.parametrize("who", ["dirk", "arie"])
def test_no_parameter_of_a_list_ends_in_a_fault(world, who):
    world.track("follow_up")
    client = signed_in(who)
    for address in LISTS:
        for name in sorted(ASKED):
            for value in HOSTILE:
                before = world.count("audit_entry")
                answer = client.get(f"{address}?{name}={value}")
                assert answer.status_code in {200, 302, 400, 403, 422}, (address, name, value, answer.status_code)
                if answer.status_code == 400:
                    assert "niet te lezen" in answer.content.decode()
                    assert world.count("audit_entry") == before + 1


@pytest.mark.parametrize("value", ["%00", "%ff", "9" * 400])
def test_no_page_falls_over_what_is_added_to_its_address(world, value):
    case, track = world.track("triage")
    handoff = world.package(case)
    client = signed_in("dirk")
    for address in addresses(case, track, handoff):
        query = "&".join(f"{name}={value}" for name in ("note-text", "correction-note", "term-until", *sorted(ASKED)))
        answer = client.get(f"{address}?{query}")
        assert answer.status_code in {200, 302, 400, 403, 404, 405, 409, 422}, (address, answer.status_code)
        if value == "%00":
            assert answer.status_code == 400, address


def test_a_broken_name_cookie_or_number_of_a_form_is_a_sentence_too(world):
    case, _ = world.track()
    client = signed_in("lies")
    assert client.get("/work?%00=1").status_code == 400
    assert client.get("/work?" + "&".join(f"a{n}=1" for n in range(3000))).status_code == 400
    note = {"note-kind": "concern", "note-text": "Een zorg.", "version": "9" * 5000, "operation": "\x00"}
    assert client.post(f"/cases/{case}/add_note", note).status_code == 302
    assert client.post(f"/cases/{case}/add_note", {"note-kind": "concern", "note-text": "a\x00b"}).status_code == 422
    assert signed_in("saskia").post(f"/cases/{case}/assign", {"assignment-person": "9" * 30}).status_code == 422
    assert client.post("/search", {"search-words": "a\x00b"}).status_code == 422
    client.cookies[settings.SESSION_COOKIE_NAME] = '"\\000abcdefgh"'
    assert client.get("/work").status_code == 302


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("dirk", "/work?after=2026-01-01_x"),
        ("dirk", "/desk?after=0"),
        ("dirk", "/follow-ups?after=x"),
        ("lies", "/known-checks/new?after=x"),
        ("saskia", "/oversight?emergencies=x"),
        ("dirk", "/work?tab=nergens"),
        ("dirk", "/work?role=koning"),
        ("arie", "/workbench?period=eeuw"),
        ("arie", "/access-review?period=eeuw"),
    ],
)
def test_what_an_address_asks_for_and_is_not_there_is_said_and_no_other_page_is_shown_for_it(world, who, address):
    assert world.people
    client = signed_in(who)
    assert client.get(address.partition("?")[0]).status_code == 200
    answer = client.get(address)
    assert answer.status_code == 400
    assert "niet te lezen" in answer.content.decode()
