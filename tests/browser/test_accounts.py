"""Signing up, making a token, signing out: in a browser, without JavaScript, at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.accounts import PASSWORD
from tests.support.viewers import bearer

pytestmark = pytest.mark.browser

_NAMES = {1280: "nora", 390: "olaf-who-has-a-handle-as-long-as-may-be"}


@pytest.fixture(params=[(1280, "light"), (390, "dark")], ids=["desktop light", "phone dark"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page without JavaScript."""
    width, scheme = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=scheme, java_script_enabled=False
    )
    yield context.new_page()
    context.close()


def fits(page: Page) -> None:
    """Nothing is wider than the screen."""
    size = page.viewport_size
    assert size is not None
    for part in page.locator("body, .site-head *, main *").all():
        box = part.bounding_box()
        assert box is None or box["x"] + box["width"] <= size["width"] + 1, part.inner_html()


def test_from_signing_up_to_a_token_and_out_again(page: Page, base: str) -> None:
    """A stranger gets an account, a token that works, and is a stranger again; every page fits its screen."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    size = page.viewport_size
    assert size is not None
    handle = _NAMES[size["width"]][:39]

    page.goto(f"{base}/starter/scams")
    page.get_by_role("link", name="Sign in").click()
    fits(page)
    page.get_by_role("link", name="Sign up").click()
    fits(page)
    page.get_by_label("Handle").fill(handle)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("The same once more").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    # Back at the page where they began, which knows them now.
    expect(page).to_have_url(f"{base}/starter/scams")
    page.get_by_role("navigation", name="Site").get_by_role("link", name=handle).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(handle)
    fits(page)

    page.get_by_role("link", name="Make a token").click()
    fits(page)
    page.get_by_label("What it is for").fill("push from my laptop")
    page.get_by_label("propose").check()
    page.get_by_label("Your password").fill("not it, I am afraid")
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_text("This is not your password.")).to_be_visible()
    expect(page.get_by_label("What it is for")).to_have_value("push from my laptop")
    expect(page.get_by_label("propose")).to_be_checked()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_text("Copy it now: it is shown this once.")).to_be_visible()
    fits(page)
    token = page.get_by_label("The token").inner_text()
    seen = httpx.get(f"{base}/api/v1/viewer", headers=bearer(token)).json()
    assert (seen["handle"], seen["scopes"]) == (handle, ["propose"])

    page.get_by_role("link", name="Done").click()
    fits(page)
    page.get_by_role("button", name="Revoke the token push from my laptop").click()
    expect(page.get_by_role("status")).to_contain_text("revoked")
    assert httpx.get(f"{base}/api/v1/viewer", headers=bearer(token)).status_code == 401

    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{base}/")
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    # Not even the way back shows what was theirs.
    page.go_back()
    expect(page.get_by_text("push from my laptop")).to_have_count(0)
    # A browser notes every refusal on its console.
    assert [said for said in complaints if "403" not in said] == []
