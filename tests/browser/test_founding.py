"""Founding a commons and changing its charter: in a browser, without JavaScript, on a desk and a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from registry.accounts.place import PrivatePlace
from tests.browser.test_acting import arrive, fits
from tests.integration.web.conftest import running
from tests.support.accounts import PASSWORD
from tests.support.people import account_settings

pytestmark = pytest.mark.browser


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    root = tmp_path / "served"
    root.mkdir()
    place = PrivatePlace(path=tmp_path / "private.db")
    with running(root, accounts=account_settings(place)) as serving:
        yield serving.base


@pytest.mark.parametrize("screen", [(1280, "light"), (390, "dark")], ids=["desktop light", "phone dark"])
def test_commons_is_founded_and_its_charter_changed(
    browser: Browser, site: str, screen: tuple[int, str]
) -> None:
    """From the start page to a rule in force, nothing wider than the screen, and an inbox that is empty."""
    context = arrive(browser, screen, site, "nora", "")
    page = context.new_page()
    page.goto(site)
    page.get_by_role("link", name="Found one").click()
    fits(page)
    page.get_by_label("Its name").fill("Meadow")
    page.get_by_role("button", name="Found it").click()
    expect(page.get_by_role("alert")).to_contain_text("is not a name")
    page.get_by_label("Its name").fill("meadow")
    expect(page.get_by_label("A few who know each other")).to_be_disabled()
    page.get_by_role("button", name="Found it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("meadow")
    fits(page)
    page.get_by_role("link", name="Choose how you decide").click()
    fits(page)
    page.locator("summary", has_text="Single rules").click()
    page.locator("summary", has_text="Members 4 rules").click()
    page.get_by_label("How one becomes a member.").select_option(label="whoever asks is in")
    page.locator("button.main[value=keys]").click()
    expect(page.get_by_role("heading", name="What would change")).to_be_visible()
    expect(page.locator(".changes")).to_contain_text("+ Anyone may become a member")
    fits(page)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Put it in force").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How meadow decides")
    expect(page.locator("main")).to_contain_text("Anyone may become a member")
    page.get_by_role("link", name="Inbox").click()
    expect(page.locator("main")).to_contain_text("Nothing waits for you.")
    fits(page)
    context.close()
