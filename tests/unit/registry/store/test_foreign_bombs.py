"""Foreign repositories that are small on the disk and large in memory."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from registry.store import foreign
from registry.store.bare import lay_out
from registry.store.errors import OversizedError
from registry.store.foreign import folder_at_head, revisions_of
from registry.store.objects import FILE, Change, Entry
from registry.store.process import run_git
from registry.store.refs import MAIN
from registry.store.writer import write_objects


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two revisions of a folder in which one file stands under a hundred names."""
    lay_out(tmp_path / "foreign.git")
    change, parents = Change(), list[str]()
    for letter in (b"a", b"b"):
        blob = change.blob(letter * 1_000)
        entries = [Entry(FILE, f"f{number:03}.csv", blob) for number in range(100)]
        tree = change.tree([Entry(b"40000", "sub", change.tree(entries))])
        parents = [change.commit(tree=tree, parents=parents, handle="eve", at=1, message="x")]
    write_objects(tmp_path / "foreign.git", change.objects.values())
    run_git(tmp_path / "foreign.git", "update-ref", MAIN, parents[0])
    return tmp_path / "foreign.git"


def test_one_object_under_many_names(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder counts with what its names hold, not with what its objects take."""
    assert len(folder_at_head(repository, "sub")) == 100
    monkeypatch.setattr(foreign, "MAX_FOLDER_BYTES", 99_000)
    with pytest.raises(OversizedError):
        folder_at_head(repository, "sub")


def test_revisions_share_what_they_hold(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All revisions together are limited by what is new in each."""
    monkeypatch.setattr(foreign, "MAX_FOLDER_BYTES", 100_000)
    assert [len(revision.files) for revision in revisions_of(repository, "sub")] == [100, 100]
    (first, *_) = revisions_of(repository, "sub")
    assert len({id(raw) for raw in first.files.values()}) == 1


def test_moment_beyond_every_calendar(repository: Path) -> None:
    """Whoever commits may state any number; ours ends with the year 9999, which pages can say."""
    change = Change()
    tree = change.tree([Entry(FILE, "a.csv", change.blob(b"a"))])
    commit = change.commit(tree=tree, parents=(), handle="eve", at=999_999_999_999, message="x")
    write_objects(repository, change.objects.values())
    (revision,) = revisions_of(repository, "", tip=commit)
    assert time.gmtime(revision.at).tm_year == 9999
