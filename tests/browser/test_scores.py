from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from registry.services.bench import bench_policy
from tests.support.scored import make_scored
from tests.support.site import served
from tests.support.vouched import reopened

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, library: Path) -> Iterator[str]:
    """A server over a commons whose policy was run on two models, over four versions, and on a baseline."""
    root = tmp_path_factory.mktemp("lab")
    files = {path.name: path.read_bytes() for path in (library / "scams").iterdir() if path.is_file()}
    make_scored(root / "lab.git", files)
    with reopened(root / "lab.git") as repository:
        bench_policy(repository, "scams", actor="ana")
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


def test_charts_are_drawn_in_the_colours_of_the_page(page: Page, lab: str) -> None:
    """A chart fits the screen, has a name for who cannot see it, and words that can be read."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{lab}/lab/scams#scores")
    chart = page.get_by_role("img", name="Caught, of violating cases, by version").first
    expect(chart).to_be_visible()
    size, box = page.viewport_size, chart.bounding_box()
    assert size is not None
    assert box is not None
    assert 250 < box["width"] <= size["width"]
    assert complaints == []
    ink = chart.locator("text").first.evaluate("one => getComputedStyle(one).fill")
    behind = chart.locator("xpath=..").evaluate("one => getComputedStyle(one).backgroundColor")
    assert contrast(ink, behind) >= 4.5
    assert chart.locator(".ci path").first.evaluate("one => getComputedStyle(one).fill") == "none"


@pytest.mark.parametrize("path", ["/lab/scams", "/lab/scams?posts=1000000000000&rate=0.000001", "run"])
def test_pages_of_scores_fit_the_screen(page: Page, lab: str, path: str) -> None:
    """Neither the policy's page nor the run's can be moved sideways, whatever stands folded in them."""
    page.goto(lab + ("/lab/scams" if path == "run" else path))
    if path == "run":
        page.get_by_role("link", name="test/gpt-oss-safeguard-20b").first.click()
        expect(page.get_by_role("heading", name="What was taken for what")).to_be_visible()
    for fold in page.locator("details.baseline > summary").all():
        fold.click()
    # No JavaScript runs in the page, yet the browser itself can be asked.
    wide, screen = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= screen


def test_a_visitor_asks_for_the_posts_of_a_day(page: Page, lab: str) -> None:
    """The form answers on the same page, at its own place, with the numbers still in it."""
    page.goto(f"{lab}/lab/scams")
    part = page.get_by_role("region", name="In posts a day").first
    part.get_by_label("Posts a day").fill("2000")
    part.get_by_label("Per cent of them that violate").fill("0.5")
    part.get_by_role("button", name="Work it out").click()
    expect(page).to_have_url(f"{lab}/lab/scams?posts=2000&rate=0.5#in-posts")
    expect(part.get_by_text("of 10 violating").first).to_be_visible()
    expect(part.get_by_label("Posts a day")).to_have_value("2000")
    expect(page.get_by_role("heading", name="In posts a day").first).to_be_in_viewport()


def test_a_visitor_looks_at_the_wrong_answers_only(page: Page, lab: str) -> None:
    """The rows of a run are narrowed by a form; the model's words stay folded until they are opened."""
    page.goto(f"{lab}/lab/scams")
    page.get_by_role("link", name="test/gpt-oss-safeguard-20b").first.click()
    page.get_by_label("Show", exact=True).select_option(label="missed violations (2)")
    page.get_by_role("button", name="Show").click()
    rows = page.locator("table.cases tbody tr")
    expect(rows).to_have_count(2)
    row = rows.first
    words = row.locator(".reasoning p").first
    expect(words).to_be_hidden()
    row.locator(".reasoning summary").click()
    expect(words).to_be_visible()


def contrast(one: str, other: str) -> float:
    """The contrast of two opaque colours, 1 to 21 (WCAG 2.2)."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (int(digits) / 255 for digits in colour.removeprefix("rgb(").rstrip(")").split(","))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
