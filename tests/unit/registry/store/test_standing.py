"""Where a ref stands, read without git and as git reads it."""

from __future__ import annotations

from pathlib import Path

import git
import pytest

from registry.store.bare import lay_out
from registry.store.process import run_git
from registry.store.standing import standing_ref

REF = "refs/commons/log"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    path = tmp_path / "demo.git"
    lay_out(path)
    return path


def _commit(place: Path, message: str) -> str:
    tree = run_git(place, "mktree", stdin=b"").decode().strip()
    identity = ("-c", "user.name=a", "-c", "user.email=a@invalid")
    return run_git(place, *identity, "commit-tree", "-m", message, tree).decode().strip()


def test_standing_is_what_git_says(place: Path) -> None:
    """In a file of its own, packed, in both (the file wins), through another ref, and nowhere."""
    first, second = _commit(place, "first"), _commit(place, "second")
    with git.Repo(place) as repo:
        assert standing_ref(repo, place, REF) is None
        run_git(place, "update-ref", REF, first)
        assert standing_ref(repo, place, REF) == first
        run_git(place, "pack-refs", "--all")
        assert not (place / REF).exists()
        assert standing_ref(repo, place, REF) == first
        run_git(place, "update-ref", REF, second)
        assert standing_ref(repo, place, REF) == second
        run_git(place, "symbolic-ref", "refs/heads/other", REF)
        assert standing_ref(repo, place, "refs/heads/other") == second
        assert standing_ref(repo, place, "refs/heads/none") is None
