"""A saved state is a shortcut, and never believed against the log."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import pytest

from governance.commons import Commons
from governance.replay import fold
from registry.store.errors import MissingObjectError, StoreError
from registry.store.process import run_git
from registry.store.refs import LOG
from registry.store.repository import Repository
from registry.store.snapshot import load_snapshot, save_snapshot
from tests.support.acts import founded, nest, release
from tests.support.histories import long_history
from tests.support.vouched import reopened
from tests.unit.governance.history import history


@pytest.fixture
def saved(roost: Repository) -> Repository:
    """A commons of three events with a snapshot at the second."""
    release(roost, "The first text.")
    head = roost.head()
    assert head is not None
    save_snapshot(roost.paths.snapshot, head, roost.state())
    nest(roost, "teens")
    return roost


def seen_again(repository: Repository) -> Commons:
    with reopened(repository.path) as another:
        return another.state()


def test_there_and_back(tmp_path: Path) -> None:
    """A state with something of everything in it loads as it was saved."""
    state = fold(history())
    assert state is not None
    save_snapshot(tmp_path / "snapshot", "1" * 40, state)
    found = load_snapshot(tmp_path / "snapshot")
    assert found is not None
    assert (found.head, found.state) == ("1" * 40, state)


def test_used(saved: Repository) -> None:
    """A cold start goes on from the snapshot: the events before it are not read."""
    first = run_git(saved.path, "rev-list", "--reverse", LOG).decode().split()[0]
    (saved.path / "objects" / first[:2] / first[2:]).unlink()
    assert seen_again(saved) == saved.state()
    saved.paths.snapshot.unlink()
    with pytest.raises(StoreError, match=first):
        seen_again(saved)


@pytest.mark.parametrize("place", [0, 31, 32, 100, -1])
def test_corrupt(saved: Repository, place: int) -> None:
    """A snapshot with one byte changed is passed over, and the state comes from the log."""
    raw = bytearray(saved.paths.snapshot.read_bytes())
    raw[place] ^= 1
    saved.paths.snapshot.write_bytes(raw)
    assert load_snapshot(saved.paths.snapshot) is None
    assert seen_again(saved) == saved.state()


@pytest.mark.parametrize("keep", [0, 10, 32, 200])
def test_cut_off(saved: Repository, keep: int) -> None:
    """A snapshot that was cut off is passed over."""
    saved.paths.snapshot.write_bytes(saved.paths.snapshot.read_bytes()[:keep])
    assert seen_again(saved) == saved.state()


def resealed(raw: bytes) -> bytes:
    return hashlib.sha256(raw).digest() + raw


def test_another_format(saved: Repository) -> None:
    """A snapshot of another format, or of something else altogether, is passed over."""
    value = msgspec.msgpack.decode(saved.paths.snapshot.read_bytes()[32:])
    found = load_snapshot(saved.paths.snapshot)
    assert found is not None
    for other in (value | {"format": found.format + 1}, value | {"state": {}}, ["x"], value | {"head": 7}):
        saved.paths.snapshot.write_bytes(resealed(msgspec.msgpack.encode(other)))
        assert load_snapshot(saved.paths.snapshot) is None
    assert seen_again(saved) == saved.state()


def test_of_another_log(saved: Repository, tmp_path: Path) -> None:
    """A snapshot of another commons is passed over."""
    with founded(tmp_path / "other.git") as other:
        nest(other, "kids")
        head = other.head()
        assert head is not None
        save_snapshot(saved.paths.snapshot, head, other.state())
    assert seen_again(saved) == saved.state()


@pytest.mark.parametrize("events", [10, 100])
def test_of_another_and_longer_log(tmp_path: Path, events: int) -> None:
    """However long the log is, a snapshot of another one is passed over."""
    path = tmp_path / "demo.git"
    long_history(path, events)
    with reopened(path) as repository, founded(tmp_path / "other.git") as other:
        head = other.head()
        assert head is not None
        save_snapshot(repository.paths.snapshot, head, other.state())
        assert (repository.state().name, repository.state().seq) == ("demo", events)


def test_log_set_back(tmp_path: Path) -> None:
    """A snapshot that is newer than a log that was set back is passed over, at any length."""
    path = tmp_path / "demo.git"
    long_history(path, 200)
    with reopened(path) as repository:
        head = repository.head()
        assert head is not None
        save_snapshot(repository.paths.snapshot, head, repository.state())
        before = run_git(path, "rev-list", "--skip=50", "--max-count=1", LOG).decode().strip()
        run_git(path, "update-ref", LOG, before)
        assert repository.state().seq == 150
    with reopened(path) as another:
        assert another.state().seq == 150


def test_written_after_many_events(tmp_path: Path) -> None:
    """After a long replay a snapshot is left for the next process."""
    path = tmp_path / "demo.git"
    long_history(path, 1_100)
    with reopened(path) as repository:
        state = repository.state()
        found = load_snapshot(repository.paths.snapshot)
        assert found is not None
        assert (found.head, found.state) == (repository.head(), state)


def test_place_that_cannot_be_written(saved: Repository, tmp_path: Path) -> None:
    """Failing to save is no harm."""
    save_snapshot(tmp_path / "nowhere" / "snapshot", "1" * 40, saved.state())
    assert load_snapshot(tmp_path / "nowhere" / "snapshot") is None


def test_broken_log_is_not_hidden(saved: Repository) -> None:
    """A log that is broken after the snapshot is reported and not passed over."""
    saved_head = load_snapshot(saved.paths.snapshot)
    assert saved_head is not None
    blob = run_git(saved.path, "rev-parse", f"{LOG}:event.json").decode().strip()
    (saved.path / "objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(MissingObjectError, match=blob), reopened(saved.path) as another:
        another.state()
