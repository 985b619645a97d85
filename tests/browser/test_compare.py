"""Two runs compared in a real browser, without JavaScript, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from registry.services.publish import publish
from tests.support.scored import ScriptedModel, make_scored, run_scripted
from tests.support.site import served
from tests.support.vouched import reopened

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, library: Path) -> Iterator[str]:
    """A server over `scams` with runs of four versions, and `self-harm` with two runs."""
    root = tmp_path_factory.mktemp("lab")

    def files(slug: str) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in (library / slug).iterdir() if path.is_file()}

    make_scored(root / "lab.git", files("scams"))
    with reopened(root / "lab.git") as repository:
        publish(repository, "self-harm", files("self-harm"), actor="ana")
        run_scripted(repository, "self-harm", ScriptedModel())
        run_scripted(repository, "self-harm", ScriptedModel(wrong=40, effort="high", reasoning="I saw harm."))
    with served(root) as base:
        yield base


@pytest.fixture(params=[(1280, "light"), (390, "dark")], ids=["desktop light", "phone dark"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page without JavaScript, on a desk and on a phone."""
    width, scheme = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=scheme, java_script_enabled=False
    )
    yield context.new_page()
    context.close()


def _choose(page: Page, before: str, after: str) -> None:
    """Chooses two runs by what stands in the lists, and asks."""
    for name, words in (("Before", before), ("After", after)):
        chosen = page.get_by_label(name, exact=True)
        option = chosen.locator("option", has_text=words).first
        chosen.select_option(value=option.get_attribute("value"))
    page.get_by_role("button", name="Compare").click()


def test_a_visitor_compares_two_runs(page: Page, lab: str) -> None:
    """From a policy to two runs to what may be said of them, with charts that fit the screen."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{lab}/lab/scams")
    page.get_by_role("link", name="Compare two runs").click()
    _choose(page, "1.0.0 · test/gpt", "1.0.1 · test/gpt")
    expect(page.get_by_text("Better at catching violations").first).to_be_visible()
    expect(page.get_by_role("heading", name="What came out")).to_be_visible()
    size = page.viewport_size
    assert size is not None
    for name in ("Shares of both runs", "Changes in points", "Changes by label"):
        chart = page.get_by_role("img", name=name)
        expect(chart).to_be_visible()
        box = chart.bounding_box()
        assert box is not None
        assert 250 < box["width"] <= size["width"]
    wide, screen = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= screen
    assert complaints == []


def test_other_cases_are_refused_and_shared_ones_compared(page: Page, lab: str) -> None:
    """A visitor who chose runs on other cases reads why not, and may go on with the cases of both."""
    page.goto(f"{lab}/lab/scams/compare")
    _choose(page, "1.0.1 · test/gpt", "1.1.0 · test/gpt")
    expect(page.get_by_role("heading", name="These two cannot be compared")).to_be_visible()
    page.get_by_role("link", name="Compare the 108 cases that both were asked").click()
    expect(page.get_by_role("heading", name="What came out")).to_be_visible()


def test_from_a_run_to_a_comparison(page: Page, lab: str) -> None:
    """The page of a run offers the others of its policy, one click away."""
    page.goto(f"{lab}/lab/scams/compare")
    _choose(page, "1.1.0 · test/gpt", "1.1.1 · test/gpt")
    page.get_by_role("region", name="What was compared").get_by_role("link").last.click()
    expect(page.get_by_role("img", name="Found of the cases of each label")).to_be_visible()
    expect(page.get_by_role("img", name="What the cases of each label were taken for")).to_be_visible()
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", name="Two runs of")).to_be_visible()


def test_harmful_text_is_hidden_until_asked_for(page: Page, lab: str) -> None:
    """Neither what was judged nor what the model wrote can be seen before a visitor opens it."""
    page.goto(f"{lab}/lab/self-harm/compare")
    _choose(page, "effort low", "effort high")
    row = page.locator("table.cases tbody tr", has=page.locator(".hidden-text")).first
    text, words = row.locator(".content"), row.get_by_text("I saw harm.")
    expect(text).to_be_hidden()
    row.get_by_text("Sensitive text hidden. Show it").click()
    expect(text).to_be_visible()
    expect(words).to_be_hidden()
    row.locator(".reasoning summary").click()
    expect(words).to_be_visible()
