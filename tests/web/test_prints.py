"""A record on paper: when it was printed, all of it unfolded, and to whom what of it went."""

import re
from datetime import UTC, datetime
from html import unescape

from django.utils import translation
from django.utils.formats import date_format

from casework.actions.perform import perform
from permissions.vocabulary import Action
from tests.web.test_as_used import main_of
from tests.world import signed_in
from workflows.calendars import AMSTERDAM


def printed(case, who="lies"):
    answer = signed_in(who).get(f"/cases/{case}/print_case")
    assert answer.status_code == 200
    return answer


def today():
    with translation.override("nl"):
        return date_format(datetime.now(UTC).astimezone(AMSTERDAM), "j F Y")


def test_a_print_says_by_whom_it_was_made_and_when(world):
    case, _ = world.track()
    before = today()
    words = main_of(printed(case))
    found = re.search(r"Afgedrukt door Lies Liaison, Politie Voorbeeld Oost, (\d+ \w+ \d{4}), \d\d:\d\d\.", words)
    assert found, words
    assert found[1] in {before, today()}


def test_nothing_of_a_print_is_folded_away_or_leads_elsewhere(world):
    case, _ = world.track("visit_done")
    perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "Een zorg die op papier komt."}})
    page = unescape(printed(case).content.decode())
    main = page[page.index('<main id="content">') : page.index("</main>")]
    parts = re.findall(r"<details[^>]*>", main)
    assert len(parts) >= 3, "a note, a visit and facts"
    assert [part for part in parts if " open" not in part] == []
    assert re.findall(r'href="([^"]*)"', main) == [f"/cases/{case}"], "the way back alone"


def test_a_print_says_to_whom_what_of_the_case_went(world):
    case, _ = world.track("triage")
    assert "Gedeeld met" not in main_of(printed(case))
    world.delivered(case)
    shared = re.sub(r"\s+", " ", main_of(printed(case)).split("Gedeeld met")[1].split("Tijdlijn")[0])
    assert "Veilig Thuis Proefstad" in shared
    assert "(2 gegevens)" in shared or "2 " in shared
    assert today() in shared
