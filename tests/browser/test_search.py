from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

pytestmark = pytest.mark.browser

PATHS = ["/search?q=scam&language=en", "/search?q=xyzzy&language=en&label=SF1"]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page with JavaScript; it may complain of nothing."""
    context = browser.new_context(viewport={"width": 1280, "height": 844})
    made = context.new_page()
    complaints: list[str] = []
    made.on("console", lambda message: complaints.append(message.text))
    made.on("pageerror", lambda error: complaints.append(str(error)))
    yield made
    context.close()
    # A browser notes every refusal on its console, and htmx beside it.
    assert [text for text in complaints if "status of" not in text and "Response Status" not in text] == []


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A page without JavaScript."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", PATHS)
def test_page_is_no_wider_than_the_screen(page: Page, base: str, path: str, width: int) -> None:
    """With scripts allowed too, no page scrolls sideways or offends its content policy."""
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(base + path)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_results_come_while_typing(page: Page, base: str) -> None:
    """Typing shows results without a button, says how many there are, and keeps the keyboard in its place."""
    page.goto(f"{base}/search")
    box = page.get_by_role("searchbox", name="Search policies")
    page.evaluate("document.querySelector('#count').dataset.same = 'yes'")
    box.press_sequentially("inheritance")
    expect(page.get_by_role("status")).to_contain_text("1 policy for “inheritance”")
    expect(page.locator(".result h2")).to_have_text(["Scams and fraud"])
    expect(page.locator(".result mark").first).to_be_visible()
    expect(box).to_be_focused()
    expect(box).to_have_value("inheritance")
    expect(page).to_have_url(f"{base}/search?q=inheritance")
    expect(page).to_have_title("inheritance · Search · Policy Commons")
    # The announced element itself stays: a new one would not be read out.
    assert page.locator("#count").get_attribute("data-same") == "yes"


def test_typing_makes_no_step_to_go_back_through(page: Page, base: str) -> None:
    """One step back leads to the page before the search, however much was typed."""
    page.goto(f"{base}/starter")
    page.goto(f"{base}/search")
    box = page.get_by_role("searchbox")
    for word, count in (("scam", "1 policy"), (" xyzzy", "0 policies")):
        box.press_sequentially(word)
        expect(page.get_by_role("status")).to_contain_text(count)
    page.go_back()
    expect(page).to_have_url(f"{base}/starter")


def test_filters_are_steps_and_stay_while_typing(page: Page, base: str) -> None:
    """A chosen filter holds for what is typed after it; going back takes it away again."""
    page.goto(f"{base}/search")
    page.get_by_role("link", name="SH1").click()
    expect(page.locator(".result h2")).to_have_text(["Self-harm and suicide"])
    expect(page).to_have_url(f"{base}/search?label=SH1")
    expect(page.locator("#narrow a.chosen")).to_be_focused()
    box = page.get_by_role("searchbox")
    box.press_sequentially("inheritance")
    expect(page.get_by_text("No policy was found.")).to_be_visible()
    expect(page).to_have_url(f"{base}/search?q=inheritance&label=SH1")
    page.get_by_role("link", name="without Label: SH1").click()
    expect(page.locator(".result h2")).to_have_text(["Scams and fraud"])
    page.go_back()
    expect(page.get_by_text("No policy was found.")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_value("inheritance")
    page.go_back()
    expect(page).to_have_url(f"{base}/search")
    expect(page.locator(".result")).to_have_count(2)


def test_enter_and_button_search_too(page: Page, base: str) -> None:
    """Enter searches at once, on the start page as on the page of results."""
    page.goto(base)
    page.get_by_role("searchbox").fill("inheritance")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{base}/search?q=inheritance")
    page.get_by_role("searchbox").fill("hotline")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(f"{base}/search?q=hotline")
    expect(page.locator(".result h2")).to_have_text(["Self-harm and suicide"])


def test_refusal_is_said_where_the_number_stood(page: Page, base: str) -> None:
    """When a search is refused, the reason is announced and the results stay."""
    page.goto(f"{base}/search")

    def as_a_bad_status(route: Route) -> None:
        route.continue_(url=f"{base}/search?status=excellent")

    page.route("**/search?q=*", as_a_bad_status)
    page.get_by_role("searchbox").press_sequentially("spam")
    expect(page.get_by_role("status")).to_contain_text("`status` cannot be 'excellent'.")
    expect(page.locator(".result")).to_have_count(2)


def test_nothing_is_left_in_the_browser(page: Page, base: str) -> None:
    """Searching keeps no copy of a page and no cookie; the tab alone remembers its own address."""
    page.goto(f"{base}/search")
    page.get_by_role("searchbox").press_sequentially("inheritance")
    expect(page.locator(".result")).to_have_count(1)
    assert page.evaluate("localStorage.length") == 0
    assert page.evaluate("Object.values(sessionStorage)") == ["/search?q=inheritance"]
    assert page.context.cookies() == []


def test_only_this_site_is_asked(page: Page, base: str) -> None:
    """Whatever a visitor does while searching, no other host is asked for anything."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).netloc))
    page.goto(f"{base}/search")
    page.get_by_role("searchbox").press_sequentially("scam")
    expect(page.locator(".result")).to_have_count(1)
    assert set(asked) == {urlsplit(base).netloc}


def test_all_of_it_works_without_scripts(plain: Page, base: str) -> None:
    """From the box in the head of a page to a filter, and away from it again, without JavaScript."""
    plain.goto(f"{base}/starter/scams")
    plain.get_by_role("search").get_by_role("searchbox").fill("a")
    plain.get_by_role("search").get_by_role("button").click()
    expect(plain).to_have_url(f"{base}/search?q=a")
    plain.get_by_role("link", name="SF1").click()
    expect(plain).to_have_url(f"{base}/search?q=a&label=SF1")
    plain.get_by_role("searchbox").fill("xyzzy")
    plain.get_by_role("button", name="Search").click()
    expect(plain).to_have_url(f"{base}/search?q=xyzzy&label=SF1")
    plain.get_by_role("link", name="without Label: SF1").click()
    expect(plain).to_have_url(f"{base}/search?q=xyzzy")
    plain.get_by_role("link", name="Show every policy").click()
    expect(plain.locator(".result")).to_have_count(2)
    plain.locator(".result").first.get_by_role("link").first.click()
    expect(plain.get_by_role("heading", level=1)).to_be_visible()


def test_jump_link_leads_to_the_filters_on_a_phone(plain: Page, base: str) -> None:
    """On a phone the filters stand behind the results, a link away."""
    plain.goto(f"{base}/search")
    plain.get_by_role("link", name="Narrow these down").click()
    expect(plain.get_by_role("heading", name="Status")).to_be_in_viewport()
