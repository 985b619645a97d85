from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

PATHS = [
    "/",
    "/starter",
    "/starter/scams",
    "/starter/scams/try",
    "/starter/self-harm/cases",
    "/starter/log",
    "/api/v1/docs",
    "/nothing",
]


@pytest.fixture(params=[(1280, "light"), (390, "dark")], ids=["desktop light", "phone dark"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page without JavaScript, on a desk and on a phone."""
    width, scheme = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=scheme, java_script_enabled=False
    )
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", PATHS)
def test_page_fits_and_breaks_no_rule_of_its_own(page: Page, base: str, path: str) -> None:
    """No page is wider than the screen, asks another host for anything, or offends its content policy."""
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(base + path)
    assert [url for url in asked if not url.startswith(base)] == []
    # A browser notes every 404 on its console.
    assert [text for text in complaints if "404" not in text] == []
    size = page.viewport_size
    assert size is not None
    box = page.locator("body").bounding_box()
    assert box is not None
    assert box["width"] <= size["width"]
    for part in page.locator("main > *, main section, aside > *").all():
        inner = part.bounding_box()
        assert inner is None or inner["x"] + inner["width"] <= size["width"] + 1


def test_from_the_start_page_to_a_run(page: Page, base: str) -> None:
    """A visitor gets from the start page to a policy and its folded baseline without any script."""
    page.goto(base)
    page.get_by_role("link", name="Scams and fraud").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Scams and fraud")
    expect(page.get_by_text("Not yet tested with gpt-oss-safeguard.").first).to_be_visible()
    # Within the fold: the form to try a text says the same of itself, in the open.
    sentence = page.get_by_role("group").get_by_text("It cannot follow rules and predicts nothing about")
    expect(sentence).to_be_hidden()
    page.get_by_text("1 word-matching baseline").click()
    expect(sentence).to_be_visible()
    page.get_by_role("link", name="lexical").click()
    expect(page.get_by_role("heading", name="What was taken for what")).to_be_visible()


def test_sensitive_text_shows_when_asked_for(page: Page, base: str) -> None:
    """A sensitive case is hidden until its reader opens it."""
    page.goto(f"{base}/starter/self-harm/cases")
    first = page.locator("details.hidden-text").first
    expect(first.locator(".content")).to_be_hidden()
    first.locator("summary").click()
    expect(first.locator(".content")).to_be_visible()


def test_a_text_is_tried_from_the_page_of_its_policy(page: Page, base: str) -> None:
    """A visitor writes a text on the policy's page and reads the verdict, the baseline's sentence first."""
    page.goto(f"{base}/starter/scams")
    page.get_by_label("Text to judge").fill("Send a gift card <b>now</b>")
    page.get_by_role("button", name="Try it").click()
    expect(page).to_have_url(f"{base}/starter/scams/try#answer")
    answer = page.get_by_role("region", name="What the word-matching baseline says")
    expect(answer.get_by_text("It cannot follow rules and predicts nothing about the model.")).to_be_visible()
    expect(answer.get_by_text("Advice: ")).to_be_visible()
    expect(page.get_by_label("Text to judge")).to_have_value("Send a gift card <b>now</b>")
    expect(answer).to_be_in_viewport()


def test_keyboard_reaches_the_content_first(page: Page, base: str) -> None:
    """The first stop of the keyboard is the link past the head of the page."""
    page.goto(f"{base}/starter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
