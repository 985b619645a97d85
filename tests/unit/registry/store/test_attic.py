"""The attic keeps revisions reachable that no branch holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry.store.attic import keep_revisions
from registry.store.objects import Change
from registry.store.process import run_git
from registry.store.refs import ATTIC
from registry.store.repository import create
from registry.store.writer import write_objects


def test_kept_revisions_survive_pruning(tmp_path: Path) -> None:
    """Commits named by the attic's chain outlive a prune, those of every link; others are taken."""
    with create(tmp_path / "demo.git") as repository:
        change = Change()
        tree = change.tree([])
        first, second, other = (
            change.commit(tree=tree, parents=(), handle="ana", at=at, message="Draft") for at in (1, 2, 3)
        )
        move = keep_revisions(change, None, [first], actor="ana", at=4)
        again = keep_revisions(change, move.new, [second, second], actor="ana", at=5)
        write_objects(repository.path, change.objects.values())
        run_git(repository.path, "update-ref", ATTIC, str(again.new))
        run_git(repository.path, "prune", "--expire=now")

        asked = "\n".join((first, second, other)).encode()
        said = run_git(repository.path, "cat-file", "--batch-check", stdin=asked).decode().splitlines()
        assert [line.split()[1] for line in said] == ["commit", "commit", "missing"]
        assert (again.ref, again.old) == (ATTIC, move.new)
        assert repository.reader.commit(str(again.new)).parents == (str(move.new), second)


def test_nothing_to_keep_is_refused() -> None:
    """A link that keeps nothing is an error of the caller."""
    with pytest.raises(ValueError, match="nothing to keep"):
        keep_revisions(Change(), None, [], actor="ana", at=1)
