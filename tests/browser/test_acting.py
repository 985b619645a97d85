"""Suggesting a change and having it approved by somebody else: in a browser, without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from registry.accounts.place import PrivatePlace
from registry.services.clone import clone
from registry.services.opening import open_commons
from registry.services.verify import verify
from tests.integration.web.conftest import running
from tests.support.accounts import PASSWORD
from tests.support.hamlet import Hamlet, hamlet, invited
from tests.support.people import account_settings

pytestmark = pytest.mark.browser

_SCREENS = [(1280, "light"), (390, "dark")]


@pytest.fixture(params=_SCREENS, ids=["desktop light", "phone dark"])
def screen(request: pytest.FixtureRequest) -> tuple[int, str]:
    width, scheme = request.param
    return width, scheme


@pytest.fixture
def place(tmp_path: Path) -> Hamlet:
    return hamlet(tmp_path)


@pytest.fixture
def codes(place: Hamlet) -> dict[str, str]:
    return invited(PrivatePlace(path=place.root / "private.db"), ("stan", "cy"))


@pytest.fixture
def site(place: Hamlet, codes: dict[str, str]) -> Iterator[str]:
    assert codes
    private = PrivatePlace(path=place.root / "private.db")
    with running(place.root, accounts=account_settings(private)) as serving:
        yield serving.base


def arrive(browser: Browser, screen: tuple[int, str], site: str, handle: str, code: str) -> BrowserContext:
    """Somebody at a browser of their own, who just signed up."""
    context = browser.new_context(
        viewport={"width": screen[0], "height": 844},
        color_scheme="dark" if screen[1] == "dark" else "light",
        java_script_enabled=False,
    )
    page = context.new_page()
    page.goto(f"{site}/sign-up?code={code}")
    page.get_by_label("Handle").fill(handle)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("The same once more").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(handle)
    return context


def fits(page: Page) -> None:
    """Nothing is wider than the screen."""
    wide = page.evaluate(
        "() => [...document.querySelectorAll('body, main *')]"
        ".filter((part) => part.getBoundingClientRect().right > window.innerWidth + 1)"
        ".map((part) => part.outerHTML.slice(0, 200))"
    )
    assert wide == []


def test_change_is_suggested_and_approved(
    browser: Browser,
    screen: tuple[int, str],
    site: str,
    codes: dict[str, str],
    place: Hamlet,
    tmp_path: Path,
) -> None:
    """A stranger suggests, a member approves, the log has both, and a clone of it recounts."""
    stranger = arrive(browser, screen, site, "stan", codes["stan"])
    page = stranger.pages[0]
    page.goto(f"{site}/roost/polls")
    page.get_by_role("link", name="Suggest a change").click()
    fits(page)
    page.get_by_label("In one line").fill("Say what an offer is")
    page.get_by_label("Why", exact=True).fill("I sell honey, and never knew.")
    text = page.get_by_label("Markdown").input_value()
    page.get_by_label("Markdown").fill(text.replace("## AA1 Not fine", "## AA9 Not fine"))
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("heading", name="in the way")).to_be_visible()
    expect(page.get_by_role("button", name="Send it")).to_have_count(0)
    fits(page)
    page.get_by_label("Markdown").fill(text.replace("Promotion nobody asked for.", "An offer with a price."))
    page.get_by_label("What is judged").first.fill("Honey, two euros a glass")
    page.get_by_label("Label").first.fill("AA1")
    page.get_by_text("From a spreadsheet").click()
    page.get_by_label("Paste a table").fill("content\tlabel\nWho likes honey?\tAA0")
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_text("In plain words")).to_be_visible()
    fits(page)
    page.get_by_role("button", name="Send it").first.click()
    expect(page.get_by_role("status")).to_contain_text("Your suggestion is a proposal now. Receipt: event")
    expect(page.get_by_role("heading", level=1)).to_have_text("Say what an offer is")
    expect(page.get_by_role("heading", name="Not open to you")).to_be_visible()
    fits(page)
    address = page.url.partition("?")[0]

    member = arrive(browser, screen, site, "cy", codes["cy"])
    page = member.pages[0]
    page.goto(address)
    page.locator("summary", has_text="Review").click()
    fits(page)
    page.get_by_label("Approve").check()
    page.get_by_role("button", name="Send the review").click()
    expect(page.get_by_role("status")).to_contain_text("Your review is recorded.")
    page.locator("summary", has_text="Object").click()
    page.locator("#act-object").get_by_label("Why", exact=True).fill("It covers gifts too.")
    page.locator("#act-object").get_by_label("What would resolve it").fill("   ")
    page.locator("#act-object").get_by_role("button", name="Object").click()
    expect(page.get_by_text("No words were given.")).to_be_visible()
    fits(page)
    stranger.close()
    member.close()

    clone(f"{site}/roost.git", tmp_path / "clone.git")
    with open_commons(tmp_path / "clone.git") as cloned:
        assert verify(cloned).ok
        proposal = max(cloned.state().proposals.values(), key=lambda one: one.number)
        assert (proposal.author, [one.by for one in proposal.reviews]) == ("stan", ["cy"])
