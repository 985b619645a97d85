from __future__ import annotations

import gzip
import http.client
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from registry.store.process import git_environment, git_path
from registry.store.refs import LOG

UPLOAD = "/starter.git/git-upload-pack"
REQUEST = {"content-type": "application/x-git-upload-pack-request"}
LS_REFS = b"0014command=ls-refs\n00010000"


def _git(*arguments: str, cwd: Path | None = None, ok: bool = True) -> str:
    done = subprocess.run(
        [git_path(), *arguments],
        cwd=cwd,
        env=git_environment("http"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode == 0) is ok, done.stderr
    return done.stdout if ok else done.stderr


@pytest.mark.parametrize("version", ["0", "1", "2"])
def test_clone_gives_what_the_log_says(client: httpx.Client, tmp_path: Path, version: str) -> None:
    """A clone over every version of the protocol holds the released files and tags."""
    _git(
        "-c",
        f"protocol.version={version}",
        "clone",
        "-q",
        f"{client.base_url}/starter.git",
        "c",
        cwd=tmp_path,
    )
    served = client.get("/api/v1/commons/starter/policies/scams/versions/latest/files/policy.md")
    assert (tmp_path / "c" / "policies" / "scams" / "policy.md").read_bytes() == served.content
    assert "scams/v1.0.0" in _git("tag", cwd=tmp_path / "c").split()


def test_mirror_carries_the_log(client: httpx.Client, tmp_path: Path) -> None:
    """A mirror clone holds the log and passes git's own check of every object."""
    _git("clone", "-q", "--mirror", f"{client.base_url}/starter.git", "m.git", cwd=tmp_path)
    head = _git("rev-parse", LOG, cwd=tmp_path / "m.git").strip()
    assert head == client.get("/api/v1/commons/starter").json()["head"]
    assert _git("fsck", "--strict", cwd=tmp_path / "m.git") == ""


def test_nested_commons_clones(client: httpx.Client, tmp_path: Path) -> None:
    """A nested commons is cloned by its whole name."""
    _git("clone", "-q", f"{client.base_url}/starter/teens.git", "t", cwd=tmp_path)
    assert (tmp_path / "t" / "policies" / "dangerous-challenges" / "policy.md").is_file()


def test_partial_clone_leaves_out_files(client: httpx.Client, tmp_path: Path) -> None:
    """`--filter=blob:none` works, and no other filter does."""
    address = f"{client.base_url}/starter.git"
    _git("clone", "-q", "--no-checkout", "--filter=blob:none", address, "p", cwd=tmp_path)
    objects = _git("rev-list", "--objects", "--all", "--missing=print", cwd=tmp_path / "p").splitlines()
    assert any(line.startswith("?") for line in objects)
    assert "filter 'tree' not supported" in _git(
        "clone", "--filter=tree:0", address, "n", cwd=tmp_path, ok=False
    )


def test_push_without_a_token_asks_for_one(client: httpx.Client, tmp_path: Path) -> None:
    """Nobody pushes unknown: git asks its user who they are, and nothing moves."""
    _git("clone", "-q", f"{client.base_url}/starter.git", "c", cwd=tmp_path)
    before = client.get("/api/v1/commons/starter").json()["head"]
    said = _git("push", "origin", "HEAD:refs/heads/x", cwd=tmp_path / "c", ok=False)
    assert "could not read Username" in said
    assert client.get("/api/v1/commons/starter").json()["head"] == before


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("GET", "/starter.git/HEAD", 403),
        ("GET", "/starter.git/config", 403),
        ("GET", "/starter.git/commons/clock.json", 403),
        ("GET", "/starter.git/commons/secret", 403),
        ("GET", "/starter.git/objects/info/packs", 403),
        ("GET", "/starter.git/info/refs", 403),
        ("GET", "/starter.git/info/refs?service=git-upload-archive", 403),
        ("GET", "/starter.git/info/refs?service=git-upload-pack&service=git-receive-pack", 403),
        ("GET", "/starter.git/info/refs?service=git-receive-pack", 401),
        ("POST", "/starter.git/git-receive-pack", 401),
        ("GET", "/starter.git/git-receive-pack", 405),
        ("POST", "/starter.git/git-upload-archive", 403),
        ("POST", "/starter.git/info/refs?service=git-upload-pack", 405),
        ("GET", "/starter.git/git-upload-pack", 405),
        ("GET", "/none.git/info/refs?service=git-upload-pack", 404),
        ("GET", "/starter/none.git/info/refs?service=git-upload-pack", 404),
    ],
)
def test_nothing_but_fetching_is_offered(client: httpx.Client, method: str, target: str, status: int) -> None:
    """Files, archives, unknown pushers and wrong methods are refused in one line of text."""
    answer = client.request(method, target)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/plain; charset=utf-8")
    assert answer.text.count("\n") == 1
    assert str(client.base_url) not in answer.text


def test_browser_at_the_clone_address_is_led_to_the_page(client: httpx.Client) -> None:
    """Who opens the clone address in a browser gets to the commons' page."""
    answer = client.get("/starter.git")
    assert (answer.status_code, answer.headers["location"]) == (307, "/starter")


def test_packed_request_is_understood(client: httpx.Client) -> None:
    """A gzip body gives the same answer as the plain one."""
    headers = REQUEST | {"git-protocol": "version=2"}
    plain = client.post(UPLOAD, headers=headers, content=LS_REFS)
    packed = client.post(
        UPLOAD, headers=headers | {"content-encoding": "gzip"}, content=gzip.compress(LS_REFS)
    )
    assert plain.status_code == 200
    assert plain.headers["content-type"] == "application/x-git-upload-pack-result"
    assert b"refs/heads/main" in plain.content
    assert packed.content == plain.content


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        ({"content-type": "text/plain"}, LS_REFS, 415),
        (REQUEST | {"content-encoding": "br"}, LS_REFS, 415),
        (REQUEST | {"content-encoding": "gzip"}, b"not gzip", 400),
        (REQUEST | {"content-encoding": "gzip"}, gzip.compress(LS_REFS, mtime=0)[:-9], 400),
        (REQUEST | {"content-encoding": "gzip"}, gzip.compress(bytes(50_000_000), mtime=0), 413),
        (REQUEST, bytes(100_000), 413),
        (REQUEST, b"nonsense", 400),
        (REQUEST, b"", 400),
    ],
    ids=["type", "encoding", "no gzip", "cut off", "bomb", "too long", "nonsense", "empty"],
)
def test_broken_request_is_refused(
    client: httpx.Client, headers: dict[str, str], content: bytes, status: int
) -> None:
    """Bombs, cut-off bodies, foreign types and nonsense are refused, and the server goes on."""
    answer = client.post(UPLOAD, headers=headers, content=content)
    assert answer.status_code == status, answer.text
    assert client.get("/healthz").status_code == 200


def _stalled(base: str) -> http.client.HTTPConnection:
    """A clone that announces a body and never sends it."""
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=20)
    connection.putrequest("POST", UPLOAD)
    for name, value in (REQUEST | {"content-length": "1000"}).items():
        connection.putheader(name, value)
    connection.endheaders(b"0014")
    return connection


def _git_processes() -> list[psutil.Process]:
    return [
        child
        for child in psutil.Process().children(recursive=True)
        if "upload-pack" in " ".join(_line(child))
    ]


def _line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def _until_none_runs() -> None:
    deadline = time.monotonic() + 10
    while _git_processes():
        assert time.monotonic() < deadline, "a git process was left behind"
        time.sleep(0.02)


def test_full_house_is_told_to_come_back(client: httpx.Client) -> None:
    """When every place is taken the answer is 503 with Retry-After; a slow sender is dropped with 408."""
    held = [_stalled(str(client.base_url)) for _ in range(2)]
    time.sleep(0.2)
    busy = client.get("/starter.git/info/refs?service=git-upload-pack")
    assert (busy.status_code, busy.headers["retry-after"]) == (503, "5")
    assert [connection.getresponse().status for connection in held] == [408, 408]
    for connection in held:
        connection.close()
    _until_none_runs()
    assert client.get("/starter.git/info/refs?service=git-upload-pack").status_code == 200


def test_leaving_ends_git(client: httpx.Client) -> None:
    """When the visitor leaves, the git process ends at once."""
    connection = _stalled(str(client.base_url))
    deadline = time.monotonic() + 5
    while not _git_processes():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    started = time.monotonic()
    connection.close()
    _until_none_runs()
    assert time.monotonic() - started < 0.9, "it ended by the idle limit and not by the leaving"


def test_many_requests_leave_nothing_behind(client: httpx.Client) -> None:
    """After many requests of all kinds the server holds no more descriptors or processes than before."""
    targets = [
        "/",
        "/starter/scams",
        "/starter/none",
        "/api/v1/commons/starter/log",
        "/starter.git/info/refs?service=git-upload-pack",
        "/starter.git/none",
    ]
    for target in targets:
        client.get(target)
    _until_none_runs()
    before = psutil.Process().num_fds(), len(psutil.Process().children(recursive=True))
    for _ in range(40):
        for target in targets:
            client.get(target)
    _until_none_runs()
    after = psutil.Process().num_fds(), len(psutil.Process().children(recursive=True))
    assert after[0] <= before[0] + 2
    assert after[1] <= before[1]
