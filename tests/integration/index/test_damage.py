"""Files that are no index any more, or never were: set aside, told, and built anew."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from registry.index.entries import Query
from registry.index.index import Index
from registry.store.repository import Repository


def _garbage(path: Path) -> None:
    path.write_bytes(b"this is no database, whatever its name says\n" * 200)


def _shortened(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _foreign(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE mine (x)")
    connection.close()


def _older(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 0")
    connection.close()


@pytest.mark.parametrize("harm", [_garbage, _shortened, _foreign, _older], ids=lambda harm: harm.__name__)
def test_what_cannot_be_gone_on_with_is_set_aside(
    commons: Repository, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    """The old file stays beside it, the operator is told, and the new one takes everything in."""
    path = tmp_path / "index.db"
    index = Index.open(path)
    index.follow(commons)
    expected = index.listed("demo", limit=10)
    index.close()
    harm(path)
    harmed = path.read_bytes()
    notes: list[str] = []
    again = Index.open(path, note=notes.append)
    again.follow(commons)
    assert again.listed("demo", limit=10) == expected
    assert (tmp_path / "index.db.damaged-1").read_bytes() == harmed
    assert len(notes) == 1
    assert "set aside as index.db.damaged-1 and built anew" in notes[0]
    again.close()


def test_damage_that_a_read_stumbles_over_is_mended_within_it(
    commons: Repository, index: Index, notes: list[str]
) -> None:
    """A page that turned to garbage while the server runs: the read is answered from a new file."""
    index.refill = lambda: index.follow(commons)  # type: ignore[assignment, return-value]
    index.follow(commons)
    expected = index.search(Query(words="spam"))
    index._database.truncate_log()
    # Fresh connections read the file anew; those of the pool still hold good pages.
    index._database.close()
    raw = bytearray(index.path.read_bytes())
    for page in range(1, len(raw) // 4096):
        raw[page * 4096 : page * 4096 + 512] = b"\xff" * 512
    index.path.write_bytes(raw)
    assert index.search(Query(words="spam")) == expected
    assert len(notes) == 1
    assert "is damaged" in notes[0]


def test_where_nothing_can_be_written_the_index_is_temporary(commons: Repository, tmp_path: Path) -> None:
    """A place that cannot hold a file (here: below a file) is told, and the site goes on."""
    (tmp_path / "file").write_text("x")
    notes: list[str] = []
    index = Index.open(tmp_path / "file" / "index.db", note=notes.append)
    index.follow(commons)
    assert index.count("demo") == 3
    place = index.path
    assert len(notes) == 1
    assert "the index is kept in a temporary place" in notes[0]
    index.close()
    assert not place.exists()


def test_a_snapshot_is_an_index(commons: Repository, index: Index, tmp_path: Path) -> None:
    """One compact file that another host begins with, and follows on from."""
    index.follow(commons)
    index.snapshot(tmp_path / "copy.db")
    copy = Index.open(tmp_path / "copy.db")
    assert copy.listed("demo", limit=10) == index.listed("demo", limit=10)
    assert copy.follow(commons).events == 0
    copy.close()


def test_nothing_is_left_open(commons: Repository, tmp_path: Path) -> None:
    """Opened, used and closed twenty times, the process holds as many descriptors as before."""

    def round_() -> int:
        index = Index.open(tmp_path / "index.db")
        index.follow(commons)
        index.search(Query(words="spam"))
        index.close()
        return len(list(Path("/proc/self/fd").iterdir()))

    first = round_()
    assert [round_() for _ in range(20)][-1] == first
