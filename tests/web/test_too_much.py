"""What is too long is told in a sentence, with how much; what can be kept stands on the page, and nothing is left out."""

import pytest
from django.conf import settings

from tests.world import signed_in
from web.views.visits import MOST_ROWS

LINE = "2026-abc123;12-1-2026;Agent Een|Agent Twee;{words};Bij het gezin blijven.;Met zijn tweeen."


def pasted(lines, words="Rustig."):
    return "\n".join(LINE.format(words=words) for _ in range(lines))


def test_a_plan_of_the_most_lines_with_long_words_is_read_line_by_line(world):
    text = pasted(MOST_ROWS, "Een verzonnen plan. " * 60)
    assert len(text) > 512 * 1024
    answer = signed_in("lies").post("/visit-plan", {"lines": text, "do": "try"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"{MOST_ROWS} regels" in page
    assert text.splitlines()[-1] in page


@pytest.mark.parametrize(("does", "over"), [("try", 7), ("plan", 1)])
def test_lines_beyond_the_most_are_told_and_all_of_them_stay_on_the_page(world, does, over):
    lines = [f"{number};{LINE.format(words='Rustig.')}" for number in range(MOST_ROWS + over)]
    answer = signed_in("lies").post("/visit-plan", {"lines": "\n".join(lines), "do": does})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"{over} regels te veel: een plan heeft er hoogstens {MOST_ROWS}" in page
    assert lines[-1] in page


@pytest.mark.parametrize("who", ["lies", "wim"])
@pytest.mark.parametrize("address", ["/visit-plan", "/cases/{case}/add_note"])
def test_a_form_that_is_too_large_to_read_is_told_how_much(world, who, address):
    case = world.opened(who).made["case"]
    over = 9_500
    body = "note-text=" + "a" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + over - len("note-text="))
    answer = signed_in(who).post(address.format(case=case), body, "application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert "10 duizend tekens te lang: er passen er 4.194 duizend in" in answer.content.decode()
    assert world.rows("SELECT word FROM audit_entry ORDER BY id DESC LIMIT 1") == [("form_too_large",)]
    assert world.count("casework_note") == 0


def test_too_many_fields_are_told(world):
    form = {f"officers-{number}": "x" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    answer = signed_in("lies").post("/visit-plan", form)
    assert answer.status_code == 413
    assert "te veel velden" in answer.content.decode()


def test_a_note_that_is_far_too_long_is_told_how_much_and_kept(world):
    case = world.opened().made["case"]
    text = "Een verzonnen zorg. " * 50_000
    answer = signed_in("lies").post(f"/cases/{case}/add_note", {"note-kind": "concern", "note-text": text})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"{len(text.strip()) - 10_000} tekens te lang" in page.replace(".", "")
    assert text.strip() in page
