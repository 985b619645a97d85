from __future__ import annotations

import re

import httpx
import pytest
from markupsafe import escape

PAGES = (
    "/",
    "/search",
    "/search?q=people&status=experimental",
    "/starter",
    "/starter/log",
    "/starter/scams",
    "/starter/scams@1.0.0",
    "/starter/scams@latest",
    "/starter/scams/cases",
    "/starter/scams@1.0.0/cases",
    "/starter/scams/try",
    "/starter/self-harm",
    "/starter/teens",
    "/starter/teens/dangerous-challenges",
    "/starter/teens/dangerous-challenges/cases",
    "/api/v1/docs",
)


@pytest.mark.parametrize("path", PAGES)
def test_page_is_whole(client: httpx.Client, path: str) -> None:
    """Every page answers, has one first heading and landmarks, and holds no inline script or style."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    text = answer.text
    assert len(re.findall(r"<h1[ >]", text)) == 1
    assert all(mark in text for mark in ("<main", "<header", "<footer", 'lang="en"', "<title>"))
    text = re.sub(r'<script src="/static/[a-z0-9.]+\?v=[0-9a-f]{12}" defer></script>', "", text)
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", text)
    assert not re.search(
        r"(?:src|href)=\"https?://(?!127\.0\.0\.1)", re.sub(r"rel=\"nofollow[^>]*>", "", text)
    )


def test_untested_is_said_first_and_the_baseline_is_folded(client: httpx.Client) -> None:
    """A policy without a run of the shared model says so before anything else; its baseline is folded."""
    text = client.get("/starter/scams").text
    untested = text.index("Not yet tested with gpt-oss-safeguard")
    assert untested < text.index('id="labels"')
    baseline = text.index('<details class="baseline">')
    sentence = "It cannot follow rules and predicts nothing about the model."
    assert baseline < text.index(sentence) < text.index("</details>", baseline)
    assert "<strong>" in text[baseline : text.index("</details>", baseline)]


def test_sensitive_cases_are_hidden_and_the_page_is_not_indexed(client: httpx.Client) -> None:
    """Sensitive texts stand inside a closed disclosure, and the page asks not to be indexed."""
    answer = client.get("/starter/self-harm/cases")
    assert answer.headers["x-robots-tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in answer.text
    cases = client.get("/api/v1/commons/starter/policies/self-harm/cases").json()["items"]
    hidden = [case["content"] for case in cases if case["sensitive"]]
    assert hidden
    closed = re.findall(r'<details class="hidden-text">(.*?)</details>', answer.text, re.DOTALL)
    assert len(closed) == len(hidden)
    shown = re.sub(r'<details class="hidden-text">.*?</details>', "", answer.text, flags=re.DOTALL)
    assert "open" not in "".join(re.findall(r'<details class="hidden-text"[^>]*>', answer.text))
    assert not [content for content in hidden if str(escape(content)) in shown]


def test_older_version_says_that_it_is_not_the_newest(client: httpx.Client) -> None:
    """An older version's page names the newest and links to it."""
    text = client.get("/starter/scams@1.0.0").text
    assert "This is version 1.0.0. The newest is" in text
    assert "This is version" not in client.get("/starter/scams").text


def test_translation_tells_how_far_behind_it_is(client: httpx.Client) -> None:
    """A translation names its original, and how many versions have come since; the original links back."""
    text = " ".join(client.get("/starter/scams-es").text.split())
    assert "this is 1 version behind" in text
    assert "/starter/scams-es" in client.get("/starter/scams").text


def test_cases_can_be_narrowed_and_paged(client: httpx.Client) -> None:
    """Choosing a label shows that label only; the pages together show every case once."""
    text = client.get("/starter/scams/cases", params={"label": "SF2", "slice": ""}).text
    codes = re.findall(r'class="label-cell"><span class="code[^"]*">(\w+)<', text)
    assert set(codes) == {"SF2"}
    seen: list[str] = []
    path: str | None = "/starter/scams/cases"
    while path:
        page = client.get(path).text
        seen += re.findall(r'class="id"><code>([^<]+)<', page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        path = following[1].replace("&amp;", "&") if following else None
    total = client.get("/api/v1/commons/starter/policies/scams").json()["cases"]["total"]
    assert len(seen) == len(set(seen)) == total


def test_run_page_shows_every_case_with_its_verdict(client: httpx.Client) -> None:
    """A run has its figures with intervals, its confusion matrix, and its wrong answers apart."""
    run = client.get("/api/v1/commons/starter/runs").json()["items"][0]
    text = client.get(run["page"]).text
    assert "Wilson" in text
    assert 'class="confusion"' in text
    assert text.count('class="verdict ') == 50
    wrong = client.get(run["page"], params={"show": "wrong"}).text
    assert 'class="verdict right"' not in wrong
    assert 'class="verdict wrong"' in wrong


def test_log_reads_as_minutes(client: httpx.Client) -> None:
    """The log says each event in a sentence, newest first, down to the founding."""
    text = client.get("/starter/log").text
    sentences = re.findall(r'aria-label="Event (\d+)">\d+</span> <span>(?:<a[^>]*>)?([^<]+)', text)
    assert sentences[-1] == ("1", "ana founded the commons starter under solo@1.")
    assert [int(seq) for seq, _ in sentences] == sorted((int(seq) for seq, _ in sentences), reverse=True)


def test_commons_page_says_who_decides(client: httpx.Client) -> None:
    """The commons' page says in plain words how it decides, and how to clone it."""
    text = client.get("/starter").text
    assert "decided by its owner" in text
    assert re.search(r"git clone http://127\.0\.0\.1:\d+/starter\.git", text)


def test_missing_page_is_a_page(client: httpx.Client) -> None:
    """A browser that asks for nothing gets a page that says so and leads on."""
    answer = client.get("/starter/nothing")
    assert answer.status_code == 404
    assert "There is no “nothing” in this commons." in answer.text
    assert 'href="/"' in answer.text
