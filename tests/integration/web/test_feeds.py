"""Feeds over real commons: what is in them, what is not, and what stays the same."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from evaluations.engines.openai import OpenAIEngine
from evaluations.engines.openai_server import Server
from registry.services.bench import bench_policy
from registry.services.erasure import Target
from registry.services.found import found
from registry.services.importing import import_folders
from registry.services.redact import redact
from tests.support.atom import ReadFeed, read_atom
from tests.support.histories import policy_files
from tests.support.model_server import ModelServer, says
from tests.support.shelf import make_shelf, release_next
from tests.support.vouched import reopened

Run = Callable[..., Any]
FOLDERS = ["", "/roost", "/roost/spam", "/roost/teens/dares"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """`roost` with `spam`, run once, and `scams`; `roost/teens` with `dares`."""
    return make_shelf(tmp_path)


def _atom(client: httpx.Client, folder: str) -> ReadFeed:
    answer = client.get(f"{folder}/feed.atom")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    return read_atom(answer.content)


def test_feeds_are_valid_and_say_the_same(root: Path, run_server: Run) -> None:
    """Of the site, a commons and a policy there are two feeds, both valid, with the same entries."""
    with run_server(root) as serving, httpx.Client(base_url=serving.base) as client:
        for folder in FOLDERS:
            read = _atom(client, folder)
            assert read.own == f"{serving.base}{folder}/feed.atom"
            assert client.get(read.page).status_code == 200
            answer = client.get(f"{folder}/feed.json")
            assert answer.headers["content-type"] == "application/feed+json"
            items = answer.json()["items"]
            assert [(item["id"], item["title"], item["url"]) for item in items] == [
                (entry.id, entry.title, entry.link) for entry in read.entries
            ]
            assert [item["content_text"] for item in items] == [entry.text for entry in read.entries]
            assert all(client.get(entry.link).status_code == 200 for entry in read.entries)
        whole = _atom(client, "")
    titles = [entry.title for entry in whole.entries]
    assert "ana founded the commons roost under solo@1" in titles
    assert "roost/spam 1.0.0: First release: 2 labels, 2 cases." in titles
    assert "ana founded the nested commons roost/teens" in titles


def test_ids_are_the_same_elsewhere(root: Path, run_server: Run, tmp_path_factory: Any) -> None:
    """A copy of the commons at another address, with an index of its own, gives every entry the same id."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    shutil.copytree(root / "roost.git", elsewhere / "roost.git")
    (elsewhere / "index.db").unlink(missing_ok=True)
    with (
        run_server(root) as here,
        run_server(elsewhere) as there,
        httpx.Client(base_url=here.base) as one,
        httpx.Client(base_url=there.base) as other,
    ):
        for folder in ("/roost", "/roost/spam"):
            first, second = _atom(one, folder), _atom(other, folder)
            assert first.id == second.id
            assert first.own != second.own
            assert [entry._replace(link="") for entry in first.entries] == [
                entry._replace(link="") for entry in second.entries
            ]
        assert _atom(one, "/roost").id != _atom(one, "/roost/spam").id


def test_equal_names_are_not_equal_commons(root: Path, run_server: Run, tmp_path_factory: Any) -> None:
    """Another commons of the same name has other ids: two communities may both call theirs roost."""
    namesake = tmp_path_factory.mktemp("namesake")
    found(namesake / "roost.git", founder="bo", name="roost").close()
    with (
        run_server(root) as here,
        run_server(namesake) as there,
        httpx.Client(base_url=here.base) as one,
        httpx.Client(base_url=there.base) as other,
    ):
        ours, theirs = _atom(one, "/roost"), _atom(other, "/roost")
    assert ours.id != theirs.id
    assert {entry.id for entry in theirs.entries}.isdisjoint(entry.id for entry in ours.entries)


def test_release_says_what_it_changes(root: Path, run_server: Run) -> None:
    """A release is told with its notice in plain words, and one that is no longer advised is tagged so."""
    with run_server(root) as serving, httpx.Client(base_url=serving.base) as client:
        before = client.get("/roost/spam/feed.atom")
        assert (
            client.get("/roost/spam/feed.atom", headers={"if-none-match": before.headers["etag"]}).status_code
            == 304
        )
        major = release_next(root, "major")
        after = client.get("/roost/spam/feed.atom", headers={"if-none-match": before.headers["etag"]})
        assert after.status_code == 200
        newest = read_atom(after.content).entries[0]
        notice = client.get(f"/api/v1/commons/roost/policies/spam/versions/{major}/notice").json()
        assert newest.title == f"roost/spam {major}: {notice['headline']}"
        assert notice["headline"].startswith("Breaking: ")
        assert newest.text.split("\n")[1:] == notice["sentences"]
        assert newest.link == f"{serving.base}/roost/spam@{major}"
        release_next(root, "deprecated")
        newest = _atom(client, "/roost").entries[0]
        assert newest.tags == ("published", "deprecated")
        assert "Too narrow" in newest.text


def test_import_of_many_is_told_to_each(root: Path, run_server: Run) -> None:
    """An event that brought many policies stands in the feed of each with the version it brought."""
    with reopened(root / "roost.git") as repository:
        folders = {slug: policy_files(slug.title(), f"About {slug}.") for slug in ("rings", "tales")}
        import_folders(repository, folders, actor="ana", kind="folder")
    with run_server(root) as serving, httpx.Client(base_url=serving.base) as client:
        assert _atom(client, "/roost/tales").entries[0].title.startswith("roost/tales 1.0.0: First release")
        newest = _atom(client, "/roost").entries[0]
        assert (newest.title, newest.tags) == ("ana imported 2 policies from a folder", ("imported",))
        assert newest.link == f"{serving.base}/roost"


def test_figures_are_of_the_shared_model_only(root: Path, run_server: Run) -> None:
    """A run of gpt-oss-safeguard is told with its figures, a baseline or another model's with none."""
    with (
        ModelServer(lambda asked: says("AA1" if "rings" in asked.content else "AA0")) as models,
        reopened(root / "roost.git") as repository,
    ):
        for model in ("other/model-1", "openai/gpt-oss-safeguard-20b"):
            engine = OpenAIEngine(server=Server(base_url=models.base_url, model=model))
            bench_policy(repository, "spam", actor="ana", engine=engine)
    with run_server(root) as serving, httpx.Client(base_url=serving.base) as client:
        shared, other, baseline = _atom(client, "/roost/spam").entries[:3]
        badge = client.get("/roost/spam/badge.svg", params={"show": "score"}).text
        assert (
            client.get("/roost/scams/badge.svg", params={"show": "score"}).text.count("not yet tested") == 3
        )
        release_next(root, "minor")
        moved_on = client.get("/roost/spam/badge.svg", params={"show": "score"}).text
    assert "Model: openai/gpt-oss-safeguard-20b." in shared.text
    assert "Caught " in shared.text
    assert " %" in shared.text
    for entry in (other, baseline):
        assert "%" not in entry.text
        assert "its figures stand on its page" in entry.text.lower()
    assert "predicts nothing about the model" in baseline.text
    assert "gpt-oss-safeguard-20b: caught " in badge
    assert "not yet tested" in moved_on


def test_redaction_is_told_as_facts(root: Path, run_server: Run) -> None:
    """A feed says that something was erased and on what ground, and holds none of it."""
    with run_server(root) as serving, httpx.Client(base_url=serving.base) as client:
        release_next(root, "minor")
        before = [entry.id for entry in _atom(client, "/roost").entries]
        with reopened(root / "roost.git") as repository:
            redact(
                repository,
                actor="ana",
                ground="personal-data",
                salt=lambda: b"s" * 16,
                target=Target(slug="spam", cases=frozenset({"1"})),
            )
        read = _atom(client, "/roost")
    assert "redacted" in read.entries[0].title
    assert "personal-data" in read.entries[0].title
    assert [entry.id for entry in read.entries][1:] == before


def test_no_case_is_in_any_of_it(client: httpx.Client) -> None:
    """No text of a case stands in a feed, a list of changes, a badge or a file for programs."""
    cases = [
        case["content"]
        for slug in ("self-harm", "scams")
        for case in client.get(f"/api/v1/commons/starter/policies/{slug}/cases?limit=200").json()["items"]
    ]
    assert len(cases) > 200
    paths = [
        f"{at}/feed.{kind}" for at in ("", "/starter", "/starter/self-harm") for kind in ("atom", "json")
    ]
    paths += ["/api/v1/commons/starter/changes", "/llms.txt", "/sitemap.xml", "/starter/self-harm/badge.svg"]
    for path in paths:
        text = client.get(path).text
        assert not [case for case in cases if case in text], path


@pytest.mark.parametrize(
    "path",
    ["/none/feed.atom", "/starter/none/feed.json", "/starter/UP/feed.atom", "/starter/scams@1.0.0/feed.atom"],
)
def test_feed_of_nothing_here(client: httpx.Client, path: str) -> None:
    """A feed of something that is not here is a 404 in words."""
    assert client.get(path).status_code == 404


def test_pages_name_their_feeds(client: httpx.Client) -> None:
    """The start page, a commons, its log and a policy each name their own feeds, which answer."""
    for page, folder in [
        ("/", ""),
        ("/starter", "/starter"),
        ("/starter/log", "/starter"),
        ("/starter/scams@1.0.0", "/starter/scams"),
    ]:
        text = client.get(page).text
        for kind, media_type in (("atom", "application/atom+xml"), ("json", "application/feed+json")):
            assert f'type="{media_type}"' in text
            assert f'href="{folder}/feed.{kind}"' in text
            assert client.get(f"{folder}/feed.{kind}").headers["content-type"].startswith(media_type)
