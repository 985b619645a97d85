"""The site over commons that change while it serves them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from registry.services.erasure import Target
from registry.services.found import found
from registry.services.publish import publish
from registry.services.reading import find_release
from registry.services.redact import redact
from registry.store.repository import Repository
from registry.web.app import create_app
from registry.web.refusals import UnknownCommonsError
from registry.web.settings import Settings
from tests.support.vouched import reopened

Files = Callable[[str], dict[str, bytes]]
Run = Callable[..., Any]


@pytest.fixture
def root(tmp_path: Path, policy_files: Files) -> Path:
    """A folder with one commons of one policy."""
    with found(tmp_path / "roost.git", founder="ana") as repository:
        publish(repository, "scams", policy_files("scams"), actor="ana")
    return tmp_path


def _next_version(repository: Repository, files: dict[str, bytes], word: str) -> str:
    text = files["policy.md"].replace(b"# Goal\n", f"# Goal\nThis time it says {word}.\n".encode(), 1)
    return publish(repository, "scams", files | {"policy.md": text}, actor="ana").release.version


def test_new_version_shows_at_once(root: Path, run_server: Run, policy_files: Files) -> None:
    """What is published while we serve is on the very next page, and the old answer's ETag no longer fits."""
    with run_server(root) as serving, httpx.Client(base_url=serving.base) as client:
        before = client.get("/roost/scams")
        with reopened(root / "roost.git") as repository:
            version = _next_version(repository, policy_files("scams"), "plover")
        after = client.get("/roost/scams", headers={"if-none-match": before.headers["etag"]})
        assert after.status_code == 200
        assert "plover" in after.text
        assert f"version {version}" in after.text
        assert "plover" not in client.get("/roost/scams@1.0.0").text


def test_redacted_case_is_gone_from_pages_and_memory(
    root: Path, run_server: Run, policy_files: Files
) -> None:
    """After a redaction no address gives the erased words, not by version nor by the old commit."""
    case = "SF-003"
    with run_server(root) as serving, httpx.Client(base_url=serving.base) as client:
        api = "/api/v1/commons/roost/policies/scams"
        detail = client.get(api).json()
        cases = client.get(f"{api}/cases", params={"limit": "200"}).json()["items"]
        # Its pair begins alike; how it ends is its own.
        words = next(item["content"] for item in cases if item["id"] == case)[-30:]
        old = detail["release"]["commit"]
        addresses = [
            "/roost/scams",
            "/roost/scams@1.0.0",
            f"/roost/scams@{old}",
            "/roost/scams/cases",
            f"{api}/cases?limit=200",
            f"{api}/versions/{old}/files/cases.jsonl",
            f"{api}/versions/1.0.0/files/cases.jsonl",
        ]
        assert [words in client.get(address).text for address in addresses[3:]] == [True] * 4
        with reopened(root / "roost.git") as repository:
            redact(
                repository,
                actor="ana",
                ground="personal-data",
                salt=lambda: b"s" * 16,
                target=Target(slug="scams", cases=frozenset({case})),
            )
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code == 200, address
            assert words not in answer.text, address
        assert words.encode() not in _kept(serving.library)
        page = client.get("/roost").text
        assert "personal data" in page
        assert 'id="redactions"' in page


def _kept(library: Any) -> bytes:
    """Everything that the server keeps in memory of its answers and parts, as bytes."""
    return repr(
        [
            entry.value
            for cache in (library._answers, library._shelf._parts)
            for entry in cache._entries.values()
        ]
    ).encode()


def test_commons_founded_while_serving_appears(root: Path, run_server: Run, policy_files: Files) -> None:
    """A commons that comes while we serve is found within moments, and one that goes is a 404."""
    with run_server(root) as serving, httpx.Client(base_url=serving.base) as client:
        assert client.get("/late").status_code == 404
        with found(root / "late.git", founder="ben") as repository:
            publish(repository, "scams", policy_files("scams"), actor="ben")
        deadline = time.monotonic() + 10
        while client.get("/late/scams").status_code != 200:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert "late" in client.get("/").text


def test_damaged_policy_is_named_and_the_rest_served(
    root: Path, run_server: Run, policy_files: Files
) -> None:
    """A corrupt object is a 500 that names it, on its own page only."""
    with reopened(root / "roost.git") as repository:
        publish(repository, "self-harm", policy_files("self-harm"), actor="ana")
        release = find_release(repository.state(), "scams")
        tree = repository.reader.commit(release.commit).tree
        entry = repository.reader.entry(tree, "policies/scams/cases.jsonl")
        assert entry is not None
    loose = root / "roost.git" / "objects" / entry.oid[:2] / entry.oid[2:]
    loose.chmod(0o644)
    loose.write_bytes(b"damaged")
    with run_server(root) as serving, httpx.Client(base_url=serving.base) as client:
        broken = client.get("/api/v1/commons/roost/policies/scams")
        assert broken.status_code == 500
        assert entry.oid in broken.json()["detail"]
        assert str(root) not in broken.text
        assert client.get("/roost/self-harm").status_code == 200
        assert client.get("/").status_code == 200


def test_readers_never_see_half_an_act(root: Path, run_server: Run, policy_files: Files) -> None:
    """While versions are published, every reader gets whole pages, and versions never go backwards."""
    failures: list[object] = []
    with run_server(root) as serving:
        done = threading.Event()

        def read() -> None:
            seen = (0, 0, 0)
            with httpx.Client(base_url=serving.base) as client:
                while not done.is_set():
                    answer = client.get("/api/v1/commons/roost/policies/scams")
                    if answer.status_code != 200:
                        failures.append(answer.text)
                        return
                    major, minor, patch = answer.json()["version"].split(".")
                    now = (int(major), int(minor), int(patch))
                    fits = now == (1, 0, 0) or f"says word{now[2]}." in answer.json()["text"]
                    if now < seen or not fits:
                        failures.append((seen, now))
                    seen = now

        readers = [threading.Thread(target=read) for _ in range(4)]
        for reader in readers:
            reader.start()
        with reopened(root / "roost.git") as repository:
            for number in range(1, 13):
                _next_version(repository, policy_files("scams"), f"word{number}")
        done.set()
        for reader in readers:
            reader.join()
    assert failures == []


def test_unreadable_repository_is_left_out_and_told(root: Path, run_server: Run) -> None:
    """A folder that is no commons does not stop the others; readiness says how many are unreadable."""
    other = root / "broken.git"
    (other / "objects").mkdir(parents=True)
    (other / "HEAD").write_text("ref: refs/heads/main\n")
    with run_server(root) as serving, httpx.Client(base_url=serving.base) as client:
        assert client.get("/roost").status_code == 200
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert "1 of 2 repositories cannot be read." in answer.text
        assert str(root) not in answer.text


def test_single_repository_is_served_by_its_own_name(root: Path) -> None:
    """A root may be one bare repository; it goes by the name of its founding and not of its folder."""
    moved = root / "elsewhere.git"
    (root / "roost.git").rename(moved)
    app = create_app(Settings(roots=(moved,)))
    catalogue = app.state.library.catalogue
    try:
        assert catalogue.names == ("roost",)
        with pytest.raises(UnknownCommonsError):
            catalogue.repository("elsewhere")
    finally:
        catalogue.close()
