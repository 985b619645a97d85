"""Forking, and taking over what changed there since: in a browser, without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from registry.accounts.place import PrivatePlace
from registry.services.clone import clone
from registry.services.found import found
from registry.services.opening import open_commons
from registry.services.publish import publish
from registry.services.reading import read_policy
from registry.services.verify import verify
from tests.browser.test_acting import fits
from tests.integration.web.conftest import Serving, running
from tests.support.accounts import PASSWORD
from tests.support.histories import policy_files
from tests.support.people import account_settings

pytestmark = pytest.mark.browser

_TEXT = "Promotion nobody asked for."


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Serving]:
    root = tmp_path / "served"
    root.mkdir()
    with found(root / "roost.git", founder="ana") as repository:
        publish(repository, "spam", policy_files("Spam", _TEXT), actor="ana")
    place = PrivatePlace(path=tmp_path / "private.db")
    with running(root, accounts=account_settings(place)) as serving:
        yield serving


def _changed(site: Serving, commons: str, owner: str, text: str, title: str, case: str) -> None:
    with open_commons(site.root / f"{commons}.git") as repository:
        files = dict(read_policy(repository, "spam").folder.files)
        policy = files["policy.md"].decode().replace(_TEXT, text).replace("title: Spam", f"title: {title}")
        files["policy.md"] = policy.encode()
        files["cases.jsonl"] += case.encode()
        publish(repository, "spam", files, actor=owner)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_upstream_is_taken_over(
    browser: Browser, site: Serving, tmp_path: Path, width: int, scheme: str
) -> None:
    """One button forks; later one decides place by place, looks at it, and releases; a clone recounts."""
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme="dark" if scheme == "dark" else "light",
        java_script_enabled=False,
    )
    page = context.new_page()
    page.goto(f"{site.base}/sign-up")
    page.get_by_label("Handle").fill("nora")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("The same once more").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    page.goto(f"{site.base}/roost/spam")
    page.get_by_role("button", name="Fork it into ~nora").click()
    expect(page.get_by_text("A fork of roost/spam 1.0.0. It has all of it.")).to_be_visible()
    theirs = '{"id":"t1","content":"Rings, rings","label":"AA1","sensitive":true}\n'
    _changed(site, "roost", "ana", "Any offer.", "Unwanted", theirs)
    _changed(site, "~nora", "nora", "An offer with a price.", "Offers", "")
    page.reload()
    page.get_by_role("link", name="Take it over").click()
    fits(page)
    expect(page.get_by_role("button", name="Release it as your next version")).to_have_count(0)
    title, text = page.locator("fieldset.conflict").all()
    title.get_by_label("keep yours").check()
    page.get_by_role("button", name="Look at it").last.click()
    expect(page.get_by_role("alert")).to_have_text("Choose one.")
    fits(page)
    text.get_by_label("other words:", exact=True).check()
    text.get_by_role("textbox").fill("Any offer with a price.")
    page.get_by_role("button", name="Look at it").last.click()
    expect(page.get_by_role("heading", name="What comes of it")).to_be_visible()
    expect(page.get_by_text("Rings, rings")).not_to_be_visible()
    fits(page)
    page.get_by_role("button", name="Release it as your next version").click()
    expect(page.get_by_role("status")).to_contain_text(
        "It is released as the next version of yours. Receipt:"
    )
    fits(page)
    for path in ("/~nora/spam", "/~nora/spam/upstream/diff", "/roost/spam/forks"):
        page.goto(f"{site.base}{path}")
        fits(page)
    context.close()
    clone(f"{site.base}/~nora.git", tmp_path / "clone.git")
    with open_commons(tmp_path / "clone.git") as cloned:
        assert verify(cloned).ok
        policy = read_policy(cloned, "spam").folder.document.policy
        assert (policy.meta.title, "Any offer with a price." in policy.body) == ("Offers", True)
