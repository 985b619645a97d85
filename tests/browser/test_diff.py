"""The comparison of two versions in a real browser."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from registry.services.bench import bench_policy
from registry.services.found import found
from registry.services.publish import publish
from registry.web.app import create_app
from registry.web.settings import Settings

pytestmark = pytest.mark.browser

_COLOUR = re.compile(r"[\d.]+")


@pytest.fixture(scope="module")
def changing(tmp_path_factory: pytest.TempPathFactory, library: Path) -> Iterator[str]:
    """A server over `starter/self-harm` in three versions, of which the first two were run."""
    root = tmp_path_factory.mktemp("changing")
    folder = library / "self-harm"
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    with found(root / "starter.git", founder="ana") as repository:
        publish(repository, "self-harm", files, actor="ana")
        bench_policy(repository, "self-harm", actor="ana")
        first, *rest = files["cases.jsonl"].split(b"\n")
        hidden = next(index for index, line in enumerate(rest) if b'"sensitive": true' in line)
        rest[hidden] = rest[hidden].replace(b'"content": "', b'"content": "Well now, ')
        files["cases.jsonl"] = b"\n".join((first, *rest))
        files["policy.md"] = files["policy.md"].replace(b"# Goal\n", b"# Goal\nRead all of it.\n", 1)
        publish(repository, "self-harm", files, actor="ana")
        bench_policy(repository, "self-harm", actor="ana")
        files["policy.md"] = re.sub(rb"(code: [A-Z]+1, title: )", rb"\1Rather ", files["policy.md"], count=1)
        publish(repository, "self-harm", files, actor="ana")
    server = uvicorn.Server(
        uvicorn.Config(create_app(Settings(roots=(root,))), port=0, log_config=None, access_log=False)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(20)


@pytest.fixture(params=[(1280, "light"), (390, "dark")], ids=["desktop light", "phone dark"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page without JavaScript, on a desk and on a phone."""
    width, scheme = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=scheme, java_script_enabled=False
    )
    yield context.new_page()
    context.close()


def test_two_versions_are_chosen_and_compared(page: Page, changing: str) -> None:
    """From the policy to its latest change, then to two others, by links and the form alone."""
    page.goto(f"{changing}/starter/self-harm")
    page.get_by_role("link", name="What changed since").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What changed in")
    versions = page.get_by_label("From").locator("option").all_inner_texts()
    page.get_by_label("From").select_option(versions[-1])
    page.get_by_label("To", exact=True).select_option(versions[1])
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("ins", has_text="Read all of it.")).to_be_visible()
    expect(page.get_by_text("Not yet tested with gpt-oss-safeguard.")).to_be_visible()
    baseline = page.get_by_text("It cannot follow rules and predicts nothing about the model.")
    expect(baseline).to_be_hidden()
    page.get_by_text("1 word-matching baseline").click()
    expect(baseline).to_be_visible()


def test_a_sensitive_case_and_unchanged_lines_open_when_asked(page: Page, changing: str) -> None:
    """What is folded stays folded until its reader opens it, by keyboard too."""
    page.goto(f"{changing}/starter/self-harm/diff?from=1.0.0&to=1.0.1")
    hidden = page.locator("#case-changes ~ .table-box details.hidden-text").first
    expect(hidden.locator(".content")).to_be_hidden()
    hidden.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(hidden.locator("ins")).to_have_text(re.compile("Well now"))
    folded = page.locator("details.unchanged").first
    expect(folded.locator("ol")).to_be_hidden()
    folded.locator("summary").click()
    expect(folded.locator("ol")).to_be_visible()


def test_the_comparison_fits_and_breaks_no_rule_of_its_own(page: Page, changing: str) -> None:
    """No part is wider than the screen, and nothing offends the content policy."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    for path in ("diff", "diff?from=1.0.0&to=1.0.1", "diff/cases?from=1.0.0&to=1.0.1"):
        page.goto(f"{changing}/starter/self-harm/{path}")
        size = page.viewport_size
        assert size is not None
        for part in page.locator("main > *, main section, .text-diff, .line .words").all():
            inner = part.bounding_box()
            assert inner is None or inner["x"] + inner["width"] <= size["width"] + 1
    assert complaints == []


def test_marks_are_not_colour_alone_and_can_be_read(page: Page, changing: str) -> None:
    """Added words are underlined, removed ones struck through, both with enough contrast."""
    page.goto(f"{changing}/starter/self-harm/diff?from=1.0.0&to=1.0.1")
    for name, line in (("ins", "underline"), ("del", "line-through")):
        mark = page.locator(f"#text-changes ~ p {name}").first
        style = mark.evaluate("element => Object.assign({}, getComputedStyle(element))")
        assert style["textDecorationLine"] == line
        assert contrast(style["color"], style["backgroundColor"]) >= 4.5


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast of two colours as browsers write them."""
    dark, light = sorted(_luminance(colour) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in _COLOUR.findall(colour)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
