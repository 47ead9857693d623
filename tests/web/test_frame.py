"""What every page carries around what it shows: whose it is, what no script reads, and what kind of installation this is."""

import re

import pytest
from django.test import override_settings

from tests.attacks.test_fuzz import addresses
from tests.world import FormClient, signed_in

AWAY = frozenset({"camera", "microphone", "geolocation", "clipboard-read"})
ROW = '<li class="row">'


def plant(world, statement, *values):
    """Write what stands in the records, past every act."""
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute(statement, values)
    world.superuser.execute("SET session_replication_role = origin")


@pytest.mark.parametrize("address", ["/work", "/account/sign-in", "/no-such-page"])
def test_a_page_is_of_this_site_alone_and_uses_nothing_of_the_device(world, address):
    answer = signed_in("lies").get(address) if address != "/account/sign-in" else FormClient().get(address)
    assert world.people
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    rules = dict(rule.strip().split("=") for rule in answer["Permissions-Policy"].split(","))
    assert {name for name, who in rules.items() if who == "()"} == AWAY


@pytest.mark.parametrize("who", ["lies", "saskia", "arie", "vera", "bea"])
def test_what_stands_around_every_page_leads_where_it_says(world, who):
    assert world.people
    client = signed_in(who)
    met = 0
    for address in (address for address in addresses() if "<" not in address):
        drawn = client.get(address)
        page = "" if drawn.streaming else drawn.content.decode()
        assert 'action=""' not in page, address
        assert 'href=""' not in page, address
        met += 'role="search"' in page
    assert met > 3 or who in {"arie", "bea"}


def test_no_script_reads_in_which_language_somebody_reads(world):
    assert world.people
    for client in (FormClient(), signed_in("lies")):
        mark = client.post("/language", {"language": "en"}).cookies["language"]
        assert mark.value == "en"
        assert mark["httponly"]
        assert mark["samesite"] == "Lax"


@pytest.mark.parametrize(("mode", "is_said"), [("demo", True), ("production", False)])
def test_a_demonstration_says_on_its_pages_that_everybody_in_it_is_invented(world, mode, is_said):
    assert world.people
    with override_settings(MODE=mode):
        pages = [FormClient().get("/account/sign-in"), signed_in("lies").get("/work")]
    said = ["elke persoon en zaak hier is verzonnen" in page.content.decode() for page in pages]
    assert said == [is_said, is_said]


def terms(world, *days):
    """As many cases to take up, each due so many days from now."""
    tracks = [world.track("submitted")[1] for _ in days]
    for track, away in zip(tracks, days, strict=True):
        plant(
            world,
            "UPDATE casework_deadline SET due_at = now() + %s * interval '1 day' WHERE track_id = %s AND clock = 'TAKE_UP'",
            away,
            track,
        )


def test_each_tab_counts_what_it_shows_and_no_row_twice(world):
    terms(world, -3, -2, 100, 200, 300)
    client = signed_in("dirk")
    page = client.get("/work").content.decode()
    counts = {tab: int(count) for tab, count in re.findall(r'href="\?tab=(\w+)&amp;[^>]*>[^<]*<b[^>]*>(\d+)</b>', page)}
    assert {"late", "today", "week", "later"} == set(counts)
    assert (counts["late"], counts["later"]) == (2, 3)
    shown = {tab: client.get(f"/work?tab={tab}").content.decode().count(ROW) for tab in counts}
    assert shown == counts
    assert sum(counts.values()) == page.count(ROW)


def test_a_term_that_passed_is_marked_as_late_and_no_other(world):
    terms(world, -3, 100)
    late, later = signed_in("dirk").get("/work").content.decode().split(ROW)[1:3]
    assert 'class="late"' in late
    assert 'class="late"' not in later


@pytest.mark.parametrize("who", ["lies", "dirk", "karin", "saskia", "arie", "bea", "wim", "vera", "joke", "otto"])
def test_every_page_that_the_frame_offers_opens_for_whom_it_is_offered(world, who):
    assert world.people
    client = signed_in(who)
    [frame] = re.findall(r'<nav class="frame".*?</nav>', client.get("/memberships").content.decode(), re.DOTALL)
    offered = re.findall(r'href="(/[^"#?]*)"', frame)
    assert offered
    for address in offered:
        assert client.get(address, follow=True).status_code == 200, address
