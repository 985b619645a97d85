"""Keeps revisions reachable that no branch holds any more, on `refs/commons/attic`.

A chain of commits with empty trees; the extra parents of each link are the revisions it keeps. The log
itself could not do that: what it reaches could never be erased.
"""

from __future__ import annotations

from collections.abc import Sequence

from governance.payloads import Move
from registry.store.objects import Change
from registry.store.refs import ATTIC


def keep_revisions(
    change: Change, previous: str | None, revisions: Sequence[str], *, actor: str, at: int
) -> Move:
    """Adds a link that keeps these commits; gives the move of the ref. Raises `ValueError` for none."""
    if not revisions:
        raise ValueError("there is nothing to keep")
    parents = (*(() if previous is None else (previous,)), *dict.fromkeys(revisions))
    commit = change.commit(
        tree=change.tree([]), parents=parents, handle=actor, at=at, message=f"Keep {len(revisions)} revisions"
    )
    return Move(ref=ATTIC, old=previous, new=commit)
