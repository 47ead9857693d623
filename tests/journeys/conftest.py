import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, sync_playwright

from tests.world import PASSWORD, World


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    assert path, "the journeys need a browser: apt-get install chromium"
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=path)
        yield opened
        opened.close()


@pytest.fixture
def address(world: World) -> Iterator[str]:
    """A server of our own on a free port of the loopback address."""
    thread = LiveServerThread("127.0.0.1", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    assert not thread.error, thread.error
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()


class Visitor:
    """A person at a browser, who looks at every page with the accessibility checker."""

    def __init__(self, browser: Browser, address: str, name: str, scheme: str = "light") -> None:
        self.address = address
        context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme=scheme, locale="nl-NL")  # type: ignore[arg-type]
        self.page: Page = context.new_page()
        self.page.set_default_timeout(15_000)
        self.go("/account/sign-in")
        self.page.fill("#id_login", name)
        self.page.fill("#id_password", PASSWORD)
        self.press("Aanmelden")

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)
        self.look()

    def press(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("button", name=name, exact=True).click()
        self.look()

    def follow(self, name: str, number: int = 0) -> None:
        self.page.get_by_role("link", name=name).nth(number).click()
        self.look()

    def choose(self, name: str, value: str) -> None:
        self.page.check(f"input[name='{name}'][value='{value}']", force=True)

    def look(self) -> None:
        self.page.wait_for_load_state()
        found = Axe().run(self.page)
        assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"
        assert self.page.locator("h1").count() == 1
        assert self.page.locator("html").get_attribute("lang") in {"nl", "en"}

    @property
    def text(self) -> str:
        return self.page.inner_text("main")


@pytest.fixture
def visitor(browser: Browser, address: str):
    return lambda name, scheme="light": Visitor(browser, address, name, scheme)
