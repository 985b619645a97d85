"""Two versions side by side, as a page and as JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from registry.services.bench import bench_policy
from registry.services.erasure import Target
from registry.services.found import found
from registry.services.importing import import_folders
from registry.services.notices import release_notice
from registry.services.opening import open_commons
from registry.services.publish import publish
from registry.services.redact import redact
from registry.store.repository import Repository
from tests.integration.web.conftest import Serving, running

POLICY = b"""---
title: Bulk <mail>
summary: Tells bulk mail from other mail.
version: 1.0.0
status: stable
licenses: {text: CC-BY-4.0, cases: CC-BY-4.0}
language: en
labels:
  - {code: BM0, title: Not bulk, violates: false}
  - {code: BM1, title: Bulk, violates: true, severity: 1, handling: review}
labelling: single
---
# Goal
Decide whether one text is bulk mail. A text that was sent to one person is not.

## BM0 Not bulk
Letters between people.
- A note: \xe2\x80\x9cSee you at the station.\xe2\x80\x9d

## BM1 Bulk
The same text for many people.
- An offer: \xe2\x80\x9cDear customer, our catalogue is here.\xe2\x80\x9d
"""


def cases(count: int = 30, *, secret: str = "a private matter") -> bytes:
    """Cases in balanced labels, of which every tenth is sensitive."""
    lines = []
    for n in range(count):
        words = f"{'Dear customers, offer' if n % 2 else 'Dear Ana, letter'} number {n}"
        hidden = ', "sensitive": true' if n % 10 == 0 else ""
        words = f"{words} about {secret}" if hidden else words
        lines.append(f'{{"id": "BM-{n:03}", "content": "{words}", "label": "BM{n % 2}"{hidden}}}\n')
    return "".join(lines).encode()


@pytest.fixture(scope="module")
def mail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """`post/mail` in four versions: first, wording, a breaking one, the same again; runs of the first two."""
    root = tmp_path_factory.mktemp("mail")
    with found(root / "post.git", founder="ana") as repository:
        publish(repository, "mail", {"policy.md": POLICY, "cases.jsonl": cases()}, actor="ana")
        bench_policy(repository, "mail", actor="ana")
        worded = POLICY.replace(b"Decide whether one text is", b"Say whether a text is")
        publish(repository, "mail", {"policy.md": worded, "cases.jsonl": cases()}, actor="ana")
        bench_policy(repository, "mail", actor="ana")
        broken = worded.replace(b"title: Bulk, violates: true, severity: 1", b"title: Mass, violates: true")
        relabelled = cases(40, secret="nothing at all").replace(b'"BM1"', b'"BM0"', 1)
        publish(repository, "mail", {"policy.md": broken, "cases.jsonl": relabelled}, actor="ana")
        publish(
            repository,
            "mail",
            {"policy.md": broken.replace(b"summary: Tells", b"summary: It tells"), "cases.jsonl": relabelled},
            actor="ana",
        )
    with running(root) as server:
        yield server


@pytest.fixture
def post(mail: Serving) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=mail.base, timeout=30) as client:
        yield client


PAGE, API = "/post/mail/diff", "/api/v1/commons/post/policies/mail/diff"


def section(text: str, name: str) -> str:
    """The part of a page under the heading with this id."""
    return text[text.index(f'<h2 id="{name}"') :].partition("</section>")[0]


def test_latest_two_versions_by_default(post: httpx.Client) -> None:
    """Without a choice the latest two are compared, and the form shows which they are."""
    text = post.get(PAGE).text
    assert re.findall(r"<option selected>([^<]+)", text) == ["2.0.0", "2.0.1"]
    assert "The label schema is the same." in text
    assert "Its front matter changed: summary." in text


def test_a_page_tells_everything_that_changed(post: httpx.Client) -> None:
    """Notice, labels with old and new, words of the text, cases with both labels."""
    text = post.get(PAGE, params={"from": "1.0.0", "to": "2.0.0"}).text
    notice = section(text, "notice")
    assert "<li>The severity of BM1 is no longer stated; before, it was 1.</li>" in notice
    assert notice.index("severity") < notice.index("BM1 is now called")
    assert "<del>Bulk</del> <ins>Mass</ins>" in section(text, "label-changes")
    assert "<del>Decide</del><ins>Say</ins> whether <del>one</del><ins>a</ins> text" in section(
        text, "text-changes"
    )
    changed = section(text, "case-changes")
    assert "1 relabelled, 10 added, 3 edited." in changed
    assert '<a class="button" href="/post/mail/diff/cases?from=1.0.0&amp;to=2.0.0">' in changed


def test_authors_words_are_escaped(post: httpx.Client) -> None:
    """A title with a tag in it is text on the page."""
    text = post.get(PAGE).text
    assert "Bulk &lt;mail&gt;" in text
    assert "<mail>" not in text


def test_sensitive_cases_stay_hidden(post: httpx.Client) -> None:
    """Both texts of a sensitive case stand in a closed disclosure, and the page asks not to be indexed."""
    for path in (PAGE, f"{PAGE}/cases"):
        answer = post.get(path, params={"from": "1.0.0", "to": "2.0.0"})
        assert answer.headers["x-robots-tag"] == "noindex"
        open_text = re.sub(r'<details class="hidden-text">.*?</details>', "", answer.text, flags=re.DOTALL)
        assert "private" in answer.text
        assert "private" not in open_text
        assert "nothing at all" not in open_text


def test_all_changed_cases_come_in_pages(post: httpx.Client) -> None:
    """The link to all cases leads to every one of them."""
    text = post.get(f"{PAGE}/cases", params={"from": "1.0.0", "to": "2.0.0"}).text
    assert len(set(re.findall(r"<code>(BM-\d+)</code>", text))) == 14


def test_flips_stand_in_the_folded_baseline(post: httpx.Client) -> None:
    """Runs under the same conditions are compared; those of a baseline are folded with their sentence."""
    text = section(post.get(PAGE, params={"from": "1.0.0", "to": "1.0.1"}).text, "behaviour")
    untested = text.index("Not yet tested with gpt-oss-safeguard.")
    folded = text.index('<details class="baseline">')
    assert (
        untested < folded < text.index("predicts nothing about the model") < text.index("to the same input")
    )


def test_without_comparable_runs_it_says_so(post: httpx.Client) -> None:
    """A version that was not run says so plainly."""
    text = section(post.get(PAGE, params={"from": "1.0.1", "to": "2.0.0"}).text, "behaviour")
    assert "No comparable runs exist: version 1.0.1 has 1 run, version 2.0.0 has none" in text


def test_reading_backwards_says_which_is_later(post: httpx.Client) -> None:
    """The reverse order is allowed, named, and tells the opposite."""
    text = post.get(PAGE, params={"from": "2.0.0", "to": "1.0.0"}).text
    assert "2.0.0 is the later version" in text
    assert 'href="/post/mail/diff?from=1.0.0&amp;to=2.0.0"' in text
    assert "The severity of BM1 is now 1; before, none was stated." in text


def test_the_first_version_has_nothing_before_it(post: httpx.Client) -> None:
    """Its page says so and offers the others; one version against itself says that too."""
    assert "1.0.0 is the first version" in post.get("/post/mail@1.0.0/diff").text
    assert "Both sides are version 1.0.1." in post.get(PAGE, params={"from": "1.0.1", "to": "1.0.1"}).text


def test_versions_go_by_number_commit_or_latest(post: httpx.Client) -> None:
    """A commit names the version that stands on it; an unknown one is a 404 in words."""
    versions = post.get("/api/v1/commons/post/policies/mail/versions").json()["items"]
    commits = {item["version"]: item["commit"] for item in versions}
    named = post.get(API, params={"from": commits["1.0.0"], "to": "latest"}).json()
    assert (named["old"]["version"], named["new"]["version"]) == ("1.0.0", "2.0.1")
    missing = post.get(PAGE, params={"from": "9.9.9"})
    assert missing.status_code == 404
    assert "9.9.9" in missing.text
    assert post.get(API, params={"from": "no version"}).status_code == 404


def test_json_has_all_of_it(post: httpx.Client) -> None:
    """The API says the same as values: both sides, the notice, labels, hunks, cases in pages, flips."""
    told = post.get(API, params={"from": "1.0.0", "to": "2.0.0", "limit": 5}).json()
    assert (told["policy"], told["backwards"], told["same"]) == ("post/mail", False, False)
    assert (told["notice"]["kind"], told["least_change"]) == ("major", "major")
    assert [(item["code"], item["fate"]) for item in told["labels"]] == [("BM0", "same"), ("BM1", "changed")]
    assert told["labels"][1]["old"]["severity"] == 1
    assert [change["key"] for change in told["front_matter"]] == ["version", "labels"]
    shown = [stretch for stretch in told["text"]["stretches"] if not stretch["unchanged"]]
    assert [line["kind"] for line in shown[0]["lines"]] == ["same", "changed", "same", "same"]
    assert all(not stretch["lines"] for stretch in told["text"]["stretches"] if stretch["unchanged"])
    assert told["cases"]["total"] == 14
    assert told["cases"]["items"][0]["event"] == "relabelled"
    following = post.get(API, params={"from": "1.0.0", "to": "2.0.0", "cursor": told["cases"]["next"]})
    assert len(following.json()["cases"]["items"]) == 9
    (pair,) = post.get(API, params={"from": "1.0.0", "to": "1.0.1"}).json()["flips"]
    assert (pair["engine"], pair["stands_for"], pair["compared"]) == ("lexical", "baseline", 30)
    assert len(pair["flips"]) == pair["fixed"] + pair["broken"] + pair["changed"]


def test_a_comparison_is_asked_for_again_even_by_commit(post: httpx.Client) -> None:
    """Runs may be added and a redaction must take hold, so it is revalidated, and not sent twice."""
    versions = post.get("/api/v1/commons/post/policies/mail/versions").json()["items"]
    params = {"from": versions[-1]["commit"], "to": versions[0]["commit"]}
    answer = post.get(API, params=params)
    assert answer.headers["cache-control"] == "no-cache"
    again = post.get(API, params=params, headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


def test_notice_is_the_same_everywhere(mail: Serving, post: httpx.Client) -> None:
    """API, policy page, comparison and service tell one notice."""
    told = post.get("/api/v1/commons/post/policies/mail/versions/2.0.0/notice").json()
    with open_commons(mail.root / "post.git") as repository:
        state = repository.state()
        release = state.policies["mail"].release("2.0.0")
        assert release is not None
        notice = release_notice(repository, state, release)
    assert (told["headline"], tuple(told["sentences"])) == (notice.headline, notice.sentences)
    page = section(post.get("/post/mail").text, "versions")
    assert f"<p>{notice.headline}</p>" in page
    assert '<a href="/post/mail/diff?from=1.0.1&amp;to=2.0.0">What changed since 1.0.1</a>' in page
    assert "First release: 2 labels, 30 cases." in page


def two_versions(root: Path) -> Repository:
    """`post/mail` in two versions that differ in one word."""
    repository = found(root / "post.git", founder="ana")
    for text in (POLICY, POLICY.replace(b"Decide", b"Say")):
        publish(repository, "mail", {"policy.md": text, "cases.jsonl": cases()}, actor="ana")
    return repository


def test_an_erased_version_says_so(tmp_path: Path, run_server: Callable[[Path], running]) -> None:
    """What is left of a redacted version is compared, and the page says that something is missing."""
    with two_versions(tmp_path) as repository:
        target = Target(slug="mail", cases=frozenset({"BM-010"}))
        redact(repository, actor="ana", ground="personal-data", salt=lambda: bytes(16), target=target)
    with run_server(tmp_path) as server, httpx.Client(base_url=server.base) as client:
        text = client.get(PAGE).text
        assert "Something was erased from version 1.0.0." in text
        assert "<del>Decide</del><ins>Say</ins>" in text
        assert client.get(API).json()["old"]["erased"] is True


def test_an_unreadable_version_says_so(tmp_path: Path, run_server: Callable[[Path], running]) -> None:
    """Where a file of one version is damaged, the rest of the page and of the answer still stands."""
    with two_versions(tmp_path) as repository:
        release = repository.state().policies["mail"].releases[0]
        tree = repository.reader.commit(release.commit).tree
        entry = repository.reader.entry(tree, "policies/mail/policy.md")
        assert entry is not None
    (tmp_path / "post.git" / "objects" / entry.oid[:2] / entry.oid[2:]).unlink()
    with run_server(tmp_path) as server, httpx.Client(base_url=server.base) as client:
        text = client.get(PAGE).text
        assert "Version 1.0.0 cannot be read:" in text
        assert 'id="behaviour"' in text
        told = client.get(API).json()
        assert (told["old"]["readable"], told["new"]["readable"], told["text"]) == (False, True, None)
        assert "cannot be read" in section(client.get("/post/mail").text, "versions")


def test_a_long_text_is_compared_within_bounds(tmp_path: Path, run_server: Callable[[Path], running]) -> None:
    """Thousands of changed lines give a page of bounded length that names the command for the rest."""
    lines = b"".join(b"- rule %d for mail\n" % n for n in range(2_500))
    with found(tmp_path / "post.git", founder="ana") as repository:
        for text in (lines, lines.replace(b"rule", b"point")):
            files = {"policy.md": POLICY + text, "cases.jsonl": cases()}
            import_folders(repository, {"mail": files}, actor="ana", kind="folder")
    with run_server(tmp_path) as server, httpx.Client(base_url=server.base, timeout=30) as client:
        text = client.get(PAGE).text
    assert text.count('<li class="line ') <= 2_000
    assert re.search(r"git diff mail/v1\.0\.0 mail/v[0-9.]+ -- policies/mail", text)


def test_starter_policies_answer(
    client: httpx.Client, policy_files: Callable[[str], dict[str, bytes]]
) -> None:
    """A policy with a single version answers on every address of the comparison."""
    assert policy_files("self-harm")
    for path in ("/starter/self-harm/diff", "/api/v1/commons/starter/policies/self-harm/diff"):
        assert client.get(path).status_code == 200
    assert client.get("/starter/self-harm/diff/cases").status_code == 404
