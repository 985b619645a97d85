"""What goes wrong while the site runs is mended there: no thread waits for itself, nothing is left out."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from registry.index.entries import Query
from registry.index.index import Index
from registry.services.erasure import Target
from registry.services.publish import publish
from registry.services.redact import redact
from registry.store.repository import Repository
from registry.web.catalogue import Catalogue
from registry.web.tailing import Tailer
from tests.support.histories import policy_files
from tests.support.shelf import make_shelf, release_next

SECRET = "zanzibarium"


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A folder of two commons that are followed, and what the operator was told."""

    root: Path
    index: Index
    tailer: Tailer
    notes: list[str]

    def run(self, statement: str) -> None:
        """Harms the file behind the index's back."""
        plain = sqlite3.connect(self.index.path)
        with plain:
            plain.execute(statement)
        plain.close()


@pytest.fixture
def followed(tmp_path: Path) -> Iterator[Followed]:
    """Everything taken in once."""
    root = make_shelf(tmp_path)
    notes: list[str] = []
    catalogue = Catalogue((root,), open_limit=4)
    index = Index.open(tmp_path / "index.db", note=notes.append)
    tailer = Tailer(catalogue, index)
    tailer.caught_up()
    yield Followed(root=root, index=index, tailer=tailer, notes=notes)
    index.close()
    catalogue.close()


@pytest.mark.parametrize("table", ["commons", "touched"])
def test_damage_found_while_following_costs_no_commons(followed: Followed, table: str) -> None:
    """Found by the tailer itself, in a read or in a write, it begins anew with every commons."""
    followed.run(f"DROP TABLE {table}")
    release_next(followed.root, "minor")
    catching_up = threading.Thread(target=followed.tailer.caught_up, daemon=True)
    catching_up.start()
    catching_up.join(20)
    assert not catching_up.is_alive()
    assert followed.index.names() == ("roost", "roost/teens")
    assert followed.index.count() == 3
    assert len(followed.notes) == 1


def test_a_row_that_cannot_be_read_is_damage(followed: Followed) -> None:
    """Its JSON is cut off: the file is set aside like any damaged one."""
    followed.run("UPDATE policy SET labels = '['")
    assert [entry.slug for entry in followed.index.listed("roost", limit=9)] == ["scams", "spam"]
    assert len(followed.notes) == 1


def test_only_the_file_that_failed_is_set_aside(followed: Followed) -> None:
    """A reader that stumbled over the old file leaves the new one alone."""
    failed = followed.index._database
    followed.run("DELETE FROM policy_text_data")
    assert followed.index.search(Query(words="spam")).total == 1
    error = RuntimeError("late")
    followed.index._begin_anew(failed, error)  # type: ignore[arg-type]
    assert len(followed.notes) == 1
    assert followed.index.count() == 3


def test_a_file_that_another_process_fills_is_opened_at_once(followed: Followed) -> None:
    """Taking in a large commons holds the write lock for minutes: reading goes on meanwhile."""
    plain = sqlite3.connect(followed.index.path, isolation_level=None)
    plain.execute("BEGIN IMMEDIATE")
    other = Index.open(followed.index.path)
    assert other.path == followed.index.path
    assert other.count() == 3
    other.close()
    plain.execute("ROLLBACK")
    plain.close()


def test_a_file_that_another_process_just_makes_is_not_taken_for_foreign(tmp_path: Path) -> None:
    """It has its first page, and no table or mark yet."""
    path = tmp_path / "index.db"
    plain = sqlite3.connect(path)
    plain.execute("PRAGMA journal_mode = WAL")
    plain.close()
    assert path.stat().st_size
    notes: list[str] = []
    index = Index.open(path, note=notes.append)
    assert index.count() == 0
    assert notes == []
    index.close()


def test_an_erasure_that_was_held_up_is_finished(commons: Repository, index: Index, tmp_path: Path) -> None:
    """A reader kept the write-ahead log from being emptied; a file that was set aside has the words too."""
    publish(commons, "spam", policy_files("Spam", f"Such as {SECRET}."), actor="ana")
    index.follow(commons)
    index.snapshot(tmp_path / "index.db.damaged-1")
    target = Target(slug="spam", words=SECRET)
    redact(commons, actor="ana", ground="mistake", salt=lambda: bytes(16), target=target)
    reader = sqlite3.connect(index.path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM policy").fetchone()
    index.follow(commons)
    assert _held(tmp_path) == ["index.db-wal", "index.db.damaged-1"]
    reader.close()
    index.refresh()
    assert _held(tmp_path) == []


def test_of_a_commons_that_is_gone_no_word_stays(commons: Repository, index: Index, tmp_path: Path) -> None:
    """Not in the full-text index, not in the write-ahead log."""
    publish(commons, "spam", policy_files("Spam", f"Such as {SECRET}."), actor="ana")
    index.follow(commons)
    assert _held(tmp_path)
    index.keep_only({"other"})
    assert _held(tmp_path) == []


def _held(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("index.db*") if SECRET.encode() in path.read_bytes())
