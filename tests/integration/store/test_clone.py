"""Copies of a whole commons, from a path and over HTTP."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.services.clone import clone
from registry.services.errors import InputRefusedError, UnknownCommonsError
from registry.services.verify import verify
from registry.store.errors import AlreadyExistsError, NotACommonsError, StoreError
from registry.store.process import git_command, git_environment, run_git
from registry.store.recovery import standing_refs
from registry.store.refs import MAIN
from registry.store.repository import Repository, create
from tests.support.acts import nest, release
from tests.support.git_http import served_over_http
from tests.support.vouched import reopened


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address under which every repository in the test's folder is served."""
    with served_over_http(tmp_path) as address:
        yield address


def expect_same(source: Repository, copy: Path) -> None:
    with reopened(copy) as repository:
        assert repository.state() == source.state()
        assert standing_refs(copy) == standing_refs(source.path)
        assert verify(repository).failure is None


def test_from_a_path(roost: Repository, tmp_path: Path) -> None:
    """A copy of a local commons has every ref, and none of the host's own files."""
    release(roost, "The first text.")
    done = clone(str(roost.path), tmp_path / "copy.git")
    assert (done.name, done.head, done.events, done.last_at) == (
        "roost",
        roost.head(),
        2,
        roost.state().at,
    )
    assert not (tmp_path / "copy.git" / "commons" / "clock.json").exists()
    expect_same(roost, tmp_path / "copy.git")


def test_over_http(roost: Repository, tmp_path: Path, address: str) -> None:
    """A copy over HTTP is the same commons, and git itself brings it up to date later."""
    release(roost, "The first text.")
    clone(f"{address}/roost.git", tmp_path / "copy.git")
    expect_same(roost, tmp_path / "copy.git")
    release(roost, "The second text.")
    subprocess.run(
        git_command(tmp_path / "copy.git", "remote", "update"), env=git_environment("http"), check=True
    )
    expect_same(roost, tmp_path / "copy.git")


def test_half_done_act_over_http(roost: Repository, tmp_path: Path, address: str) -> None:
    """Where main runs ahead of the log or a tag has no event, the copy is what the log says."""
    release(roost, "The first text.")
    main = roost.state().refs[MAIN]
    ahead = run_git(
        roost.path,
        "-c", "user.name=x", "-c", "user.email=x@invalid",
        "commit-tree", "-p", main, "-m", "Ahead", f"{main}^{{tree}}",
    ).decode().strip()  # fmt: skip
    run_git(roost.path, "update-ref", MAIN, ahead)
    run_git(roost.path, "update-ref", "refs/tags/spam/v9.0.0", ahead)
    clone(f"{address}/roost.git", tmp_path / "copy.git")
    with reopened(tmp_path / "copy.git") as copy:
        assert copy.ref(MAIN) == main
        assert verify(copy).failure is None


def test_log_ahead_over_http(roost: Repository, tmp_path: Path, address: str) -> None:
    """Where the log names objects that no ref brings, the copy is refused and leaves nothing."""
    old = roost.state().refs[MAIN]
    release(roost, "The text that was on its way.")
    run_git(roost.path, "update-ref", MAIN, old)
    run_git(roost.path, "update-ref", "-d", "refs/tags/spam/v1.0.0")
    with pytest.raises(StoreError, match="no two answers agree"):
        clone(f"{address}/roost.git", tmp_path / "copy.git")
    assert [path.name for path in tmp_path.iterdir()] == ["roost.git"]


@pytest.mark.parametrize("way", ["path", "http"])
def test_while_writers_go_on(roost: Repository, tmp_path: Path, address: str, way: str) -> None:
    """Copies taken while acts are recorded are of one state each, and verify."""
    stop = threading.Event()

    def write() -> None:
        number = 0
        with reopened(roost.path) as another:
            while not stop.is_set():
                number += 1
                release(another, f"Text {number}.")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(4):
            source = str(roost.path) if way == "path" else f"{address}/roost.git"
            clone(source, tmp_path / f"{number}.git")
    finally:
        stop.set()
        writer.join()
    for number in range(4):
        with reopened(tmp_path / f"{number}.git") as copy:
            assert verify(copy).failure is None


@pytest.mark.parametrize(
    "source",
    [
        "ext::sh -c touch% commons-was-here",
        "file:///etc",
        "ssh://host/roost.git",
        "git://host/roost.git",
        "ftp://host/roost.git",
        "http:",
        "http://",
        "https://[::1",
        "http://host:99999/x",
        "http://host/a b",
        "http://host/a\nb",
        "http://host/ä",
        "fd::17",
    ],
)
def test_other_addresses(tmp_path: Path, source: str) -> None:
    """Anything but a path and a plain http(s) address is refused before git sees it."""
    with pytest.raises(InputRefusedError, match=r"path or an http\(s\) address"):
        clone(source, tmp_path / "copy.git")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("source", ["https://ana:secret@host/roost.git", "https://token@host/roost.git"])
def test_secrets_in_an_address(tmp_path: Path, source: str) -> None:
    """An address with a name or password is refused without repeating it."""
    with pytest.raises(InputRefusedError, match="host: the address holds a name or password") as refused:
        clone(source, tmp_path / "copy.git")
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "source", ["--upload-pack=touch commons-was-here", "-x", "nothing", "user@host:x.git"]
)
def test_paths_that_are_none(tmp_path: Path, source: str) -> None:
    """A path that looks like an option or like another host's is a path, and nothing is there."""
    with pytest.raises(NotACommonsError):
        clone(source, tmp_path / "copy.git")
    assert list(tmp_path.iterdir()) == []


def test_no_such_address(tmp_path: Path, address: str) -> None:
    """An address where nothing is served is named, with the form that one has, and nothing is left."""
    with pytest.raises(UnknownCommonsError, match=r"nothing\.git: not found there.*ends in `\.git`"):
        clone(f"{address}/nothing.git", tmp_path / "copy.git")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("way", ["path", "http"])
def test_no_log(tmp_path: Path, address: str, way: str) -> None:
    """A repository without an event log is no commons."""
    create(tmp_path / "bare.git").close()
    source = str(tmp_path / "bare.git") if way == "path" else f"{address}/bare.git"
    with pytest.raises(StoreError, match="no event log"):
        clone(source, tmp_path / "copy.git")
    assert [path.name for path in tmp_path.iterdir()] == ["bare.git"]


def test_nothing_is_written_over(roost: Repository, tmp_path: Path) -> None:
    """A copy does not go where something is, and the source does not change."""
    (tmp_path / "copy.git").mkdir()
    with pytest.raises(AlreadyExistsError):
        clone(str(roost.path), tmp_path / "copy.git")
    nest(roost, "teens")
    assert list((tmp_path / "copy.git").iterdir()) == []
