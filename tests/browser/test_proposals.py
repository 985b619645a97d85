"""How a commons decides, in a real browser, without JavaScript, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.deciding import make_town
from tests.support.site import served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, library: Path) -> Iterator[str]:
    root = tmp_path_factory.mktemp("town")
    make_town(root / "town.git", {path.name: path.read_bytes() for path in (library / "spam").iterdir()})
    with served(root) as base:
        yield base


@pytest.fixture(params=[(1280, "light"), (390, "dark")], ids=["desktop light", "phone dark"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    width, scheme = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=scheme, java_script_enabled=False
    )
    yield context.new_page()
    context.close()


def test_a_visitor_follows_a_proposal(page: Page, town: str) -> None:
    """From the commons to its proposals to one: why it stands there; nothing is wider than the screen."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{town}/town")
    page.get_by_role("link", name="3 open").click()
    page.get_by_role("link", name="Open", exact=True).click()
    page.get_by_role("link", name="A label for hidden adverts").click()
    expect(page.get_by_role("heading", name="What comes next")).to_be_visible()
    expect(page.get_by_text("0 of 2 approvals by people without a stake in it.").first).to_be_visible()
    hidden = page.get_by_text("By chance I found this lamp")
    expect(hidden).not_to_be_visible()
    page.get_by_text("Sensitive text hidden. Show it").click()
    expect(hidden).to_be_visible()
    page.get_by_role("link", name="class.policy.reviews, commons@1").first.click()
    expect(page.get_by_role("heading", name="How town decides")).to_be_visible()
    for address in ("proposals", "proposals/1", "proposals/5", "members", "charter", "ostrom"):
        page.goto(f"{town}/town/{address}")
        size = page.viewport_size
        assert size is not None
        assert page.locator("body").evaluate("body => body.scrollWidth") <= size["width"], address
    assert complaints == []


def test_the_count_opens_ballot_by_ballot(page: Page, town: str) -> None:
    """A vote that is over: the arithmetic first, each ballot when asked for."""
    page.goto(f"{town}/town/proposals/1")
    expect(page.get_by_text("9 yes, and 7 are needed")).to_be_visible()
    ballot = page.get_by_role("row", name="person-02 yes")
    expect(ballot).not_to_be_visible()
    page.get_by_text("12 ballots, one by one").click()
    expect(ballot).to_be_visible()
