"""llms.txt, robots.txt and the site map."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import httpx

from registry.services.found import found
from registry.services.publish import publish
from tests.support.shelf import make_shelf
from tests.support.vouched import reopened

Files = Callable[[str], dict[str, bytes]]
Run = Callable[..., Any]
_MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_llms_txt_has_the_form_that_tools_read(client: httpx.Client, serving: Any) -> None:
    """One heading, a quoted summary, then sections that are lists of links; and every link answers."""
    answer = client.get("/llms.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    lines = answer.text.splitlines()
    assert lines[0] == "# Policy Commons"
    assert lines[2].startswith("> ")
    assert [line for line in lines if line.startswith("#")][1:] == ["## API", "## Commons", "## Optional"]
    listed = lines[lines.index("## API") :]
    links = []
    for line in filter(None, listed):
        if not line.startswith("## "):
            link = re.fullmatch(r"- \[[^\]]+\]\((\S+)\): .+", line)
            assert link, line
            links.append(link[1])
    for link in links:
        with client.stream("GET", link) as found_:
            assert found_.status_code == 200, link
    assert f"{serving.base}/starter.git" in answer.text
    assert f"{serving.base}/starter/teens.git" in answer.text
    assert "predict nothing about a model" in answer.text


def test_llms_txt_is_bounded_and_empty_sites_have_one(tmp_path: Path, run_server: Run) -> None:
    """Twenty commons are named and the number of the others; a site with none says so."""
    with run_server(tmp_path) as serving, httpx.Client(base_url=serving.base) as client:
        assert "no commons is served here yet" in client.get("/llms.txt").text
    for number in range(21):
        found(tmp_path / f"c{number:02}.git", founder="ana", name=f"c{number:02}").close()
    with run_server(tmp_path) as serving, httpx.Client(base_url=serving.base) as client:
        text = client.get("/llms.txt").text
    assert text.count("git clone ") == 20
    assert "[All 21 commons]" in text


def test_robots_may_read_but_not_compute(client: httpx.Client, serving: Any) -> None:
    """Pages and files may be read; searches, comparisons, trials, streams and clones are not for crawlers."""
    text = client.get("/robots.txt").text
    rules = [line.removeprefix("Disallow: ") for line in text.splitlines() if line.startswith("Disallow: ")]

    def allowed(path: str) -> bool:
        # RFC 9309, 2.2.3: `*` stands for anything, `$` for the end; Python's own reader knows neither.
        patterns = [re.escape(rule).replace(r"\*", ".*").replace(r"\$", "$") for rule in rules]
        return not any(re.match(pattern, path) for pattern in patterns)

    api = "/api/v1/commons/starter"
    for path in (
        "/",
        "/starter",
        "/starter/scams",
        "/starter/scams@1.0.0",
        "/starter/diffamation",
        "/starter/teens/trying",
        "/starter/scams/cases",
        "/llms.txt",
        "/feed.atom",
        api,
        f"{api}/policies/scams/cases",
    ):
        assert allowed(path), path
    for path in (
        "/search?q=a",
        "/api/v1/search?q=a",
        "/starter/scams/diff",
        "/starter/scams/diff?from=1.0.0",
        "/starter/scams/diff/cases",
        "/starter/teens/dares/try",
        f"{api}/policies/scams/diff",
        f"{api}/policies/scams/try",
        f"{api}/events",
        "/api/v1/events",
        "/starter.git/info/refs",
    ):
        assert not allowed(path), path
    parser = RobotFileParser()
    parser.parse(text.splitlines())
    assert parser.site_maps() == [f"{serving.base}/sitemap.xml"]


def test_site_map_names_what_may_be_found(tmp_path: Path, run_server: Run, policy_files: Files) -> None:
    """It names commons and policies, but none whose page asks to be left out for what it speaks of."""
    with reopened(make_shelf(tmp_path) / "roost.git") as repository:
        publish(repository, "self-harm", policy_files("self-harm"), actor="ana")
    with run_server(tmp_path) as serving, httpx.Client(base_url=serving.base) as client:
        root = ET.fromstring(client.get("/sitemap.xml").content)
        assert root.tag == f"{_MAP}urlset"
        named = [str(place.text) for place in root.iter(f"{_MAP}loc")]
        own = ["", "/proposals", "/members", "/charter", "/ostrom"]
        roost, teens = ([f"{name}{page}" for page in own] for name in ("roost", "roost/teens"))
        paths = ["", *roost, "roost/scams", "roost/spam", *teens, "roost/teens/dares"]
        assert named == [f"{serving.base}/{path}" for path in paths]
        for name in named:
            answer = client.get(name)
            assert answer.status_code == 200, name
            assert "x-robots-tag" not in answer.headers, name


def test_names_of_files_are_no_names_of_commons(tmp_path: Path, run_server: Run) -> None:
    """No policy or commons can be called as a file or a stream here is, so none can hide it."""
    root = make_shelf(tmp_path)
    with run_server(root) as serving, httpx.Client(base_url=serving.base) as client:
        for path in ("/robots.txt", "/roost/feed.atom", "/roost/teens/feed.atom", "/roost/spam/badge.svg"):
            assert client.get(path).status_code == 200, path
        assert client.get("/api/v1/commons/roost/teens/changes").json()["last"] == 2
