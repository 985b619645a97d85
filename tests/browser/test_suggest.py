"""What comes of a suggestion, shown while somebody types it: in a browser with JavaScript, and without."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from registry.accounts.place import PrivatePlace
from tests.integration.web.conftest import running
from tests.support.accounts import PASSWORD
from tests.support.hamlet import Hamlet, hamlet, invited
from tests.support.people import account_settings

pytestmark = pytest.mark.browser

_SCREENS = [(1280, "light"), (390, "dark")]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Hamlet:
    return hamlet(tmp_path_factory.mktemp("hamlet"))


@pytest.fixture(scope="module")
def site(place: Hamlet) -> Iterator[str]:
    private = PrivatePlace(path=place.root / "private.db")
    with running(place.root, accounts=account_settings(private)) as serving:
        yield serving.base


@pytest.fixture(scope="module")
def codes(place: Hamlet) -> dict[str, str]:
    return invited(PrivatePlace(path=place.root / "private.db"), ("bo",))


@pytest.fixture(scope="module")
def signed_in(
    browser: Browser, site: str, codes: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """bo's cookies, once signed up."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}/sign-up?code={codes['bo']}")
    page.get_by_label("Handle").fill("bo")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("The same once more").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("bo")
    kept = tmp_path_factory.mktemp("browser") / "state.json"
    context.storage_state(path=kept)
    context.close()
    return kept


@pytest.fixture(params=_SCREENS, ids=["desktop light", "phone dark"])
def context(request: pytest.FixtureRequest, browser: Browser, signed_in: Path) -> Iterator[BrowserContext]:
    width, scheme = request.param
    made = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=scheme, storage_state=signed_in
    )
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page with JavaScript; it may complain of nothing but refusals, which browsers note by themselves."""
    made = context.new_page()
    complaints: list[str] = []
    made.on("console", lambda message: complaints.append(message.text))
    made.on("pageerror", lambda error: complaints.append(str(error)))
    yield made
    assert [text for text in complaints if "status of" not in text and "Response Status" not in text] == []


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_comes_while_typing(page: Page, site: str) -> None:
    """Length, findings and the text follow what is typed; the keyboard stays where it is."""
    page.goto(f"{site}/roost/polls/suggest")
    line, found = page.locator("#looked-line"), page.locator("#looked")
    expect(line).to_contain_text("tokens; nothing is in the way.")
    expect(found.get_by_role("heading", name="What comes of it")).to_be_visible()
    text = page.get_by_label("Markdown")
    text.press("Control+End")
    text.press_sequentially("- A gift: “win **this**, now”\n")
    expect(page.locator("#looked-text")).to_contain_text("win this, now")
    expect(text).to_be_focused()
    if page.viewport_size and page.viewport_size["width"] < 1200:
        page.evaluate("window.scrollTo(0, 0)")
    page.get_by_text("The text as it would read").click()
    read = page.locator("#looked-text")
    expect(read.locator("strong")).to_have_text("this")
    assert fits(page)
    text.fill(text.input_value().replace("## AA1 Not fine", "## AA9 Not fine"))
    expect(line).to_contain_text("in the way.")
    expect(line).not_to_contain_text("nothing")
    expect(found.locator(".finding-error").first).to_be_visible()
    expect(found.get_by_role("button", name="Send it")).to_have_count(0)
    # What was opened to be read stays open, whatever is typed.
    expect(read).to_be_visible()
    page.get_by_label("Paste a table").evaluate("part => part.closest('details').open = true")
    page.get_by_label("Paste a table").fill("one column")
    expect(found).to_contain_text("it has one column.")
    assert fits(page)


def test_typing_is_one_question(page: Page, site: str) -> None:
    """Many keys in a row ask once, when they rest; a late answer never overwrites a newer one."""
    page.goto(f"{site}/roost/polls/suggest")
    expect(page.locator("#looked-line")).to_contain_text("tokens")
    asked: list[str] = []

    def count(route: Route) -> None:
        asked.append(route.request.post_data or "")
        route.continue_()

    page.route("**/suggest", count)
    page.get_by_label("Markdown").press("Control+End")
    page.get_by_label("Markdown").press_sequentially("- One more of them\n", delay=30)
    expect(page.locator("#looked")).to_contain_text("The criteria of AA1 changed.")
    assert len(asked) == 1
    assert "do=live" in asked[0]


def test_refusal_is_said_and_nothing_is_lost(page: Page, site: str) -> None:
    """Where the server refuses to look, it says so beside the form, and the next keys ask again."""
    page.goto(f"{site}/roost/polls/suggest")
    expect(page.locator("#looked-line")).to_contain_text("tokens")
    refusing = [True]

    def answer(route: Route) -> None:
        if refusing[0]:
            route.fulfill(status=503, content_type="text/html", body='<div id="problem"><h1>Busy</h1></div>')
        else:
            route.continue_()

    page.route("**/suggest", answer)
    text = page.get_by_label("Markdown")
    text.press("Control+End")
    text.press_sequentially("- One more")
    expect(page.locator("#count")).to_contain_text("Busy")
    assert text.input_value().endswith("- One more")
    refusing[0] = False
    text.press_sequentially(" of them")
    expect(page.locator("#count")).to_have_text("")
    expect(page.locator("#looked")).to_contain_text("The criteria of AA1 changed.")


def test_sent_from_what_is_shown(page: Page, site: str, place: Hamlet) -> None:
    """The button that comes while typing sends the form as it stands: here, a new revision."""
    number = place.numbers["hold"]
    page.goto(f"{site}/roost/proposals/{number}/revise/spam")
    text = page.get_by_label("Markdown")
    width = page.viewport_size["width"] if page.viewport_size else 0
    text.fill(text.input_value().replace("Promotion", f"Promotion at {width}"))
    expect(page.locator("#looked-text")).to_contain_text(f"Promotion at {width}")
    page.locator("#looked").get_by_role("button", name="Send it").click()
    expect(page.get_by_role("status")).to_contain_text("The proposal is revised. Receipt: event")


def test_without_javascript(browser: Browser, signed_in: Path, site: str) -> None:
    """Nothing empty is shown, and the button looks at it as ever."""
    context = browser.new_context(java_script_enabled=False, storage_state=signed_in)
    page = context.new_page()
    page.goto(f"{site}/roost/polls/suggest")
    expect(page.get_by_text("The text as it would read")).to_be_hidden()
    page.get_by_role("button", name="Look at it").last.click()
    expect(page.get_by_role("heading", name="What comes of it")).to_be_visible()
    expect(page.get_by_text("The text as it would read")).to_be_visible()
    context.close()
