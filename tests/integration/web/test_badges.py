"""Badges as a README asks for them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest

from tests.support.shelf import make_shelf, release_next

Run = Callable[..., Any]


def _label(answer: httpx.Response) -> str:
    assert answer.headers["content-type"] == "image/svg+xml"
    return str(ET.fromstring(answer.content).get("aria-label"))


@pytest.mark.parametrize(
    "params, said",
    [
        ({}, "starter/scams: 1.0.1"),
        ({"show": "version"}, "starter/scams: 1.0.1"),
        ({"show": "status"}, "status: experimental"),
        ({"show": "licence"}, "licence: CC-BY-4.0"),
        ({"show": "score"}, "gpt-oss-safeguard: not yet tested"),
    ],
)
def test_badge_says_one_thing(client: httpx.Client, params: dict[str, str], said: str) -> None:
    """A badge says the version, status, licence or score of the newest release; a baseline is no score."""
    answer = client.get("/starter/scams/badge.svg", params=params)
    assert answer.status_code == 200
    assert _label(answer) == said


def test_badge_is_renewed_within_minutes(tmp_path: Path, run_server: Run) -> None:
    """Caches on the way may keep a badge for five minutes; asked again, it says what is new."""
    root = make_shelf(tmp_path)
    with run_server(root) as serving, httpx.Client(base_url=serving.base) as client:
        before = client.get("/roost/spam/badge.svg")
        assert before.headers["cache-control"] == "public, max-age=300"
        tag = {"if-none-match": before.headers["etag"]}
        assert client.get("/roost/spam/badge.svg", headers=tag).status_code == 304
        version = release_next(root, "minor")
        assert _label(client.get("/roost/spam/badge.svg", headers=tag)) == f"roost/spam: {version}"


@pytest.mark.parametrize(
    "path, status, said",
    [
        ("/starter/none/badge.svg", 404, "policy: No such policy or version"),
        ("/none/spam/badge.svg", 404, "policy: No such commons"),
        ("/starter/UP/badge.svg", 404, "policy: Nothing is here"),
        ("/a/b/c/d/badge.svg", 404, "policy: Nothing is here"),
        ("/starter/scams/badge.svg?show=f1", 400, "policy: This request cannot be understood"),
    ],
)
def test_badge_of_nothing_says_so(client: httpx.Client, path: str, status: int, said: str) -> None:
    """What is not here is a refusal for programs and a picture that says so for whoever reads the README."""
    answer = client.get(path)
    assert answer.status_code == status
    assert _label(answer) == said
    assert answer.headers["cache-control"] == "no-store"


def test_page_offers_the_badge(client: httpx.Client, serving: Any) -> None:
    """A policy's page has the badge, and the Markdown that shows it elsewhere."""
    text = client.get("/starter/scams").text
    markdown = f"[![starter/scams]({serving.base}/starter/scams/badge.svg)]({serving.base}/starter/scams)"
    assert f"<code>{markdown}</code>" in text
    assert '<img src="/starter/scams/badge.svg"' in text
