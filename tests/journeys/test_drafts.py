"""What is typed survives a browser that dies and a screen that locks; by the clock of the browser, never by waiting."""

import pytest
from playwright.sync_api import Page, expect

from tests.world import PASSWORD, World

pytestmark = pytest.mark.xdist_group("journeys")
TEXT = "Een bedachte zorg over thuis, die nog niet af is."
MINUTE = 60_000
LOCKED = "Dit scherm is vergrendeld"


@pytest.fixture
def lies(world: World, visitor):
    """Lies at the page of a note, on a browser whose clock the test turns."""
    case, _ = world.track()
    there = visitor("lies")
    there.page.clock.install()
    there.go(f"/cases/{case}/add_note")
    return there


def is_stored(page: Page) -> None:
    """Turn the clock until the script has stored the draft, and see that it says so."""
    page.clock.run_for(11_000)
    expect(page.locator("[data-draft-line]")).to_contain_text("Concept bewaard om")


def test_what_was_typed_is_there_again_after_the_browser_died(world: World, visitor, lies):
    lies.page.fill("#id_note-text", TEXT)
    is_stored(lies.page)
    path = lies.page.url.removeprefix(lies.address)
    lies.page.context.close()
    again = visitor("lies")
    again.go(path)
    assert again.page.input_value("#id_note-text") == TEXT
    assert "teruggezet" in again.text
    again.page.get_by_role("button", name="Dit concept weggooien").click()
    again.look()
    assert again.page.input_value("#id_note-text") == ""
    assert world.count("casework_draft") == 0


def test_what_is_sent_is_stored_as_a_draft_no_more(world: World, lies):
    lies.page.fill("#id_note-text", TEXT)
    is_stored(lies.page)
    lies.page.select_option("#id_note-kind", "concern")
    lies.press("Notitie toevoegen")
    assert world.count("casework_note") == 1
    assert world.count("casework_draft") == 0


def test_somebody_who_is_away_is_warned_can_stay_and_else_finds_a_locked_screen(world: World, lies):
    page = lies.page
    page.fill("#id_note-text", TEXT)
    is_stored(page)
    page.clock.fast_forward(12 * MINUTE)
    page.clock.run_for(2_000)
    warning = page.get_by_role("alertdialog", name="Bent u er nog?")
    expect(warning).to_be_hidden()
    page.clock.fast_forward(MINUTE)
    page.clock.run_for(2_000)
    expect(warning).to_be_visible()
    expect(warning.get_by_role("button", name="Blijf aangemeld")).to_be_focused()
    lies.look()
    page.keyboard.press("Escape")
    expect(warning).to_be_hidden()
    page.fill("#id_note-text", f"{TEXT} Nog een zin.")
    is_stored(page)
    page.clock.fast_forward(14 * MINUTE)
    page.clock.run_for(MINUTE)
    expect(page.get_by_role("heading", name=LOCKED)).to_be_visible()
    assert page.title() == "Schakel"
    assert page.inner_text("body").strip().startswith(LOCKED)
    assert "zorg" not in page.content(), "nothing of the page is left, for nobody"
    assert page.get_by_role("link").count() == 1
    expect(page.get_by_role("link", name="Aanmelden")).to_be_focused()
    page.clock.run_for(2_000)
    page.get_by_role("link", name="Aanmelden").click()
    page.fill("#id_login", "lies")
    page.fill("#id_password", PASSWORD)
    lies.press("Aanmelden")
    assert page.input_value("#id_note-text") == f"{TEXT} Nog een zin."


def test_a_button_locks_the_screen_at_once_stores_what_was_typed_and_ends_the_session(world: World, lies):
    page, path = lies.page, lies.page.url
    page.fill("#id_note-text", TEXT)
    with page.expect_response("**/account/sign-out") as ended:
        page.get_by_role("button", name="Vergrendel").click()
        expect(page.get_by_role("heading", name=LOCKED)).to_be_visible()
        assert TEXT not in page.content()
        page.clock.run_for(2_000)
    assert ended.value.status == 302
    assert world.count("casework_draft") == 1
    page.goto(path)
    assert page.get_by_role("main").get_by_role("button", name="Aanmelden").is_visible(), "nobody is signed in any more"


def test_every_open_page_of_a_browser_locks_and_goes_on_together(world: World, lies):
    page = lies.page
    page.fill("#id_note-text", TEXT)
    other = page.context.new_page()
    other.clock.install()
    other.goto(f"{lies.address}/work")
    other.get_by_role("button", name="Vergrendel").click()
    expect(page.get_by_role("heading", name=LOCKED)).to_be_visible()
    expect(other.get_by_role("heading", name=LOCKED)).to_be_visible()
