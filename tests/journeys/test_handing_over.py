"""A supervisor hands over the cases of a colleague on leave, in a real browser, in at most four clicks."""

import pytest

from tests.casework.actions.test_handing_over import away
from tests.web.test_statements import plant
from tests.world import World

pytestmark = pytest.mark.xdist_group("journeys")
CASES, MOST_CLICKS = 20, 4
NAMED = "SELECT count(*) FROM casework_assignment WHERE user_id = %s AND ends_at IS NULL"


def test_a_supervisor_hands_over_twenty_cases_in_at_most_four_clicks(world: World, visitor):
    plant(world, CASES)
    world.superuser.execute("UPDATE casework_participation SET keeps = true")
    away(world, "lies", until=9)
    saskia = visitor("saskia")
    saskia.go("/work")
    clicks = 0
    for link in ("Team", "Overdragen"):
        saskia.follow(link)
        clicks += 1
    assert "afwezig tot en met" in saskia.text
    saskia.page.select_option("#id_reassignment-person", label="Leo Liaison")
    clicks += 1
    saskia.press(f"Alle {CASES} zaken overdragen")
    clicks += 1
    assert f"{CASES} zaken zijn overgedragen." in saskia.text
    assert clicks <= MOST_CLICKS
    counts = [world.rows(NAMED, world.people[who].person_id) for who in ("lies", "leo")]
    assert counts == [[(0,)], [(CASES,)]]
    leo = visitor("leo")
    leo.go("/work")
    assert f"{CASES} zaken van Lies Liaison zijn aan u overgedragen" in leo.text


def test_a_supervisor_sets_an_absence_and_a_wrong_one_says_why(world: World, visitor):
    world.track()
    saskia = visitor("saskia")
    saskia.go("/team")
    saskia.follow("Lies Liaison")
    saskia.follow("Afwezigheid instellen")
    saskia.page.fill("#id_absence-since", "morgen")
    saskia.page.fill("#id_absence-until", "vandaag")
    saskia.press("Afwezigheid opslaan")
    assert "De laatste dag ligt v" in saskia.text
    assert saskia.page.input_value("#id_absence-since") == "morgen"
    saskia.page.fill("#id_absence-since", "vandaag")
    saskia.page.select_option("#id_absence-deputy", label="Leo Liaison")
    saskia.press("Afwezigheid opslaan")
    assert "De afwezigheid is opgeslagen." in saskia.text
    assert saskia.page.locator("#id_reassignment-person option:checked").inner_text() == "Leo Liaison"
