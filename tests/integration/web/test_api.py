from __future__ import annotations

import re

import httpx
import pytest

API = "/api/v1/commons"


def test_lists_come_in_pages(client: httpx.Client) -> None:
    """Following `next` gives every item once, in order."""
    slugs: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        params = {"limit": "1"} | ({"cursor": cursor} if cursor else {})
        page = client.get(f"{API}/starter/policies", params=params).json()
        assert page["total"] == 3
        slugs += [item["slug"] for item in page["items"]]
        cursor = page["next"]
    assert slugs == ["scams", "scams-es", "self-harm"]


@pytest.mark.parametrize(
    "path", [f"{API}/starter/log", f"{API}/starter/policies/scams/cases", f"{API}/starter/runs"]
)
def test_every_list_ends(client: httpx.Client, path: str) -> None:
    """Pages of every list add up to its total."""
    count, cursor = 0, None
    for _ in range(1_000):
        params = {"limit": "7"} | ({"cursor": cursor} if cursor else {})
        page = client.get(path, params=params).json()
        count += len(page["items"])
        cursor = page["next"]
        if cursor is None:
            break
    assert count == page["total"]
    assert cursor is None


def test_policy_says_what_its_files_say(client: httpx.Client, serving: object) -> None:
    """A policy's JSON holds its labels, licences, text and counts."""
    policy = client.get(f"{API}/starter/policies/scams").json()
    assert policy["address"] == "starter/scams"
    assert policy["version"] == "1.0.1"
    assert [label["code"] for label in policy["labels"]] == ["SF0", "SF1", "SF2", "SF3"]
    assert policy["licences"] == {"text": "CC-BY-4.0", "cases": "CC-BY-4.0"}
    assert policy["text"].startswith("# Goal\nDecide with care.\n")
    assert sum(policy["cases"]["by_label"].values()) == policy["cases"]["total"]
    assert policy["tested"] is False


def test_versions_by_number_commit_and_latest_agree(client: httpx.Client) -> None:
    """A version is the same under its number and its commit; `latest` is the newest."""
    versions = client.get(f"{API}/starter/policies/scams/versions").json()["items"]
    assert [item["version"] for item in versions] == ["1.0.1", "1.0.0"]
    one = f"{API}/starter/policies/scams/versions"
    by_number = client.get(f"{one}/1.0.0").json()
    assert client.get(f"{one}/{versions[1]['commit']}").json() == by_number
    assert client.get(f"{one}/latest").json()["version"] == "1.0.1"


def test_file_by_commit_never_changes(client: httpx.Client) -> None:
    """A file asked for by its commit may be kept for good; by its number it is asked for again."""
    commit = client.get(f"{API}/starter/policies/scams").json()["release"]["commit"]
    one = f"{API}/starter/policies/scams/versions"
    by_commit = client.get(f"{one}/{commit}/files/policy.md")
    assert "immutable" in by_commit.headers["cache-control"]
    by_number = client.get(f"{one}/1.0.1/files/policy.md")
    assert by_number.headers["cache-control"] == "no-cache"
    assert by_number.content == by_commit.content
    assert by_number.content.startswith(b"---\n")


@pytest.mark.parametrize(
    "path", [API, f"{API}/starter", "/starter/scams", "/static/style.css", "/api/v1/openapi.json"]
)
def test_unchanged_answer_is_a_304(client: httpx.Client, path: str) -> None:
    """With its own ETag, also among others or weakened, an answer is a 304 without a body."""
    first = client.get(path)
    tag = first.headers["etag"]
    assert re.fullmatch(r'"[0-9a-f]{32}"', tag)
    for sent in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = client.get(path, headers={"if-none-match": sent})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
        assert again.headers["x-content-type-options"] == "nosniff"
    assert client.get(path, headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize("path", ["/", f"{API}/starter", "/starter/nothing", "/healthz"])
def test_head_is_get_without_a_body(client: httpx.Client, path: str) -> None:
    """HEAD gives GET's status and headers and no body."""
    got, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    left_out = {"date", "x-request-id"}
    assert {k: v for k, v in head.headers.items() if k not in left_out} == {
        k: v for k, v in got.headers.items() if k not in left_out
    }


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        (f"{API}/none", 404, "unknown-commons"),
        (f"{API}/starter/policies/none", 404, "unknown-policy"),
        (f"{API}/starter/policies/scams/versions/9.9.9", 404, "unknown-policy"),
        (f"{API}/starter/policies/scams/versions/1.0", 404, "not-found"),
        (f"{API}/starter/policies/scams/versions/1.0.0/files/none.md", 404, "not-found"),
        (f"{API}/starter/policies/SCAMS", 404, "not-found"),
        (f"{API}/starter/runs/abcdef012345", 404, "unknown-run"),
        (f"{API}/starter/bogus", 404, "not-found"),
        ("/api/v1/nonsense", 404, "not-found"),
        (f"{API}?cursor=abc", 400, "bad-cursor"),
        (f"{API}/starter/log?cursor=abc", 400, "bad-cursor"),
        (f"{API}?limit=0", 400, "bad-request"),
        (f"{API}?limit=201", 400, "bad-request"),
        (f"{API}?limit=1000000000000000000000", 400, "bad-request"),
        (f"{API}?limit=ten", 400, "bad-request"),
    ],
)
def test_refusals_are_problems(client: httpx.Client, path: str, status: int, kind: str) -> None:
    """A refusal is problem+json whose type leads to its documentation."""
    answer = client.get(path)
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, problem["status"], problem["type"]) == (
        status,
        status,
        f"/api/v1/docs#{kind}",
    )
    assert problem["instance"] == path.partition("?")[0]
    assert f'id="{kind}"' in client.get("/api/v1/docs").text


def test_cursor_of_another_list_is_refused(client: httpx.Client) -> None:
    """A cursor is good for its own list only."""
    cursor = client.get(f"{API}/starter/policies", params={"limit": "1"}).json()["next"]
    for path in (f"{API}/starter/log", f"{API}/starter/runs", f"{API}/starter/teens/policies", API):
        assert client.get(path, params={"cursor": cursor}).status_code == 400


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_only_reading_is_offered(client: httpx.Client, method: str) -> None:
    """Other methods are a 405 that names those there are."""
    answer = client.request(method, f"{API}/starter", content=b"x" * 1_000)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


def test_log_entries_name_their_digest(client: httpx.Client) -> None:
    """The log gives each event's facts and the digest that the next one names."""
    events = client.get(f"{API}/starter/log").json()["items"]
    assert events[-1]["type"] == "founded"
    assert events[0]["seq"] == len(events)
    assert all(re.fullmatch(r"[0-9a-f]{64}", event["digest"]) for event in events)
    published = next(event for event in events if event["type"] == "published")
    assert published["sentence"] == "ana published scams 1.0.1 (patch)"
    assert published["page"] == "/starter/scams@1.0.1"


def test_run_holds_its_record(client: httpx.Client) -> None:
    """A run's JSON has its headline and its whole record; its rows come in pages."""
    summary = client.get(f"{API}/starter/policies/scams/runs").json()["items"][0]
    assert summary["stands_for"] == "baseline"
    assert "predicts nothing about the model" in summary["note"]
    run = client.get(summary["url"]).json()
    assert run["record"]["metrics"]["headline"]["accuracy"]["value"] == summary["accuracy"]["value"]
    rows = client.get(f"{summary['url']}/rows", params={"limit": "3"}).json()
    assert len(rows["items"]) == 3
    assert set(rows["items"][0]["row"]) >= {"case", "gold", "verdict"}


def test_nested_commons_keep_their_slash(client: httpx.Client) -> None:
    """The longest commons that an address begins with is meant; `%2F` reads as a slash."""
    nested = client.get(f"{API}/starter/teens").json()
    assert nested["name"] == "starter/teens"
    assert nested["parent"] == "starter"
    assert client.get(f"{API}/starter%2Fteens").json() == nested
    assert client.get(f"{API}/starter:teens").status_code == 404
