"""A disk that is full or may not be written to: the act is refused clearly, and nothing has changed."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from registry.services.backup import backup
from registry.services.gc import gc
from registry.services.importing import import_folders
from registry.services.verify import verify
from registry.store.errors import StoreError, WriteError
from registry.store.repository import Repository, create
from tests.support.acts import founded, many, nest, release, run_process, write_with_small_files
from tests.support.vouched import reopened


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte; the test is skipped where none may be mounted."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("no file system may be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(place: Path, *, leaving: int) -> Path:
    """Fills a disk up to so many bytes."""
    filler = place / "filler"
    free = os.statvfs(place)
    filler.write_bytes(b"\0" * (free.f_bavail * free.f_bsize - leaving))
    return filler


def expect_refused(repository: Repository, act: Callable[[], object]) -> WriteError:
    before, head = repository.state(), repository.head()
    with pytest.raises(WriteError) as refused:
        act()
    assert (repository.state(), repository.head()) == (before, head)
    with reopened(repository.path) as another:
        assert another.state() == before
    return refused.value


@pytest.mark.parametrize("pages", [0, 1, 3, 8, 12, 14, 17])
def test_disk_full(small_disk: Path, pages: int) -> None:
    """However much room is left, an act fits whole or is refused whole, and works once there is room."""
    with founded(small_disk / "roost.git") as repository:
        release(repository, "The first text.")
        before = repository.state()
        filler = fill(small_disk, leaving=pages * 4096)
        refused: WriteError | None = None
        try:
            release(repository, "The second text.")
        except WriteError as error:
            refused = error
        assert repository.state().seq == before.seq + (refused is None)
        assert refused is None or refused.errno == errno.ENOSPC
        with reopened(repository.path) as another:
            assert another.state() == repository.state()
        filler.unlink()
        release(repository, "The third text.")
        assert repository.recover() == []
        assert verify(repository).failure is None


def test_disk_full_for_one_page(small_disk: Path) -> None:
    """With no room at all the refusal names the place, the reason and the remedy."""
    with founded(small_disk / "roost.git") as repository:
        fill(small_disk, leaving=0)
        error = expect_refused(repository, lambda: nest(repository, "teens"))
        assert str(error) == (
            "roost.git: writing objects: No space left on device. "
            "Nothing was changed; free space and try again."
        )


def test_disk_full_for_a_pack(small_disk: Path) -> None:
    """A pack that finds no room is refused like loose objects are."""
    with founded(small_disk / "roost.git") as repository:
        filler = fill(small_disk, leaving=8192)
        folders = many("Text")
        error = expect_refused(
            repository, lambda: import_folders(repository, folders, actor="ana", kind="folder")
        )
        assert error.errno == errno.ENOSPC
        filler.unlink()
        repository.recover()
        import_folders(repository, folders, actor="ana", kind="folder")
        assert verify(repository).failure is None


def test_disk_full_for_gc(small_disk: Path) -> None:
    """gc on a full disk is refused and loses nothing."""
    with founded(small_disk / "roost.git") as repository:
        release(repository, "The first text.")
        filler = fill(small_disk, leaving=0)
        expect_refused(repository, lambda: gc(repository.path))
        filler.unlink()
        gc(repository.path)
        assert verify(repository).failure is None


def test_disk_full_for_a_backup(small_disk: Path, tmp_path: Path) -> None:
    """A backup that finds no room leaves no file."""
    with founded(tmp_path / "roost.git") as repository:
        release(repository, "The first text.")
        fill(small_disk, leaving=4096)
        with pytest.raises(WriteError):
            backup(repository.path, small_disk / "roost.tar")
    assert [path.name for path in small_disk.iterdir()] == ["filler"]


def test_read_only_disk(small_disk: Path) -> None:
    """On a disk mounted for reading only, everything can be read and an act is refused."""
    with founded(small_disk / "roost.git") as repository:
        release(repository, "The first text.")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with reopened(small_disk / "roost.git") as repository:
        assert verify(repository).failure is None
        error = expect_refused(repository, lambda: nest(repository, "teens"))
        assert error.errno == errno.EROFS


@pytest.mark.parametrize("limit", [0, 16, 100, 300])
def test_files_may_not_grow(tmp_path: Path, limit: int) -> None:
    """Under a limit on the size of files the act is refused, and nothing has changed."""
    with founded(tmp_path / "roost.git") as repository:
        before = repository.state()
        assert run_process(write_with_small_files, repository.path, limit) == 0
        assert repository.state() == before
        release(repository, "With room again.")
        assert verify(repository).failure is None


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not hold for root")
def test_no_permission(tmp_path: Path) -> None:
    """Where the user may not write, the act is refused by name."""
    with founded(tmp_path / "roost.git") as repository:
        (repository.path / "objects").chmod(0o555)
        error = expect_refused(repository, lambda: nest(repository, "teens"))
        assert error.errno == errno.EACCES
        (repository.path / "objects").chmod(0o755)


def test_place_that_cannot_be_made(tmp_path: Path) -> None:
    """A commons cannot be founded below a file, and the refusal says so."""
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreError, match="Not a directory"):
        create(tmp_path / "file" / "roost.git")
