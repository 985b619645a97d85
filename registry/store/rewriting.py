"""Rewrites a chain of commits so that something in its trees is gone for good.

Only commits from the first affected one on are made anew; each keeps its author, time and message.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from registry.store.objects import EMPTY_TREE, Change, CommitFacts, Entry, decode_commit
from registry.store.process import run_git
from registry.store.reader import Reader

Transform = Callable[[str, bytes], bytes | None]
"""Given a path and a file's bytes: the bytes to keep (the same when untouched), or None to drop it."""


@dataclass(slots=True)
class Rewritten:
    """What a rewriting made: `commits` maps old ids to new ones."""

    commits: dict[str, str] = field(default_factory=dict)


def rewrite_history(
    reader: Reader, change: Change, heads: Sequence[str], scope: str, transform: Transform
) -> Rewritten:
    """Adds new commits for every commit below `heads` that the transform touches, and for those after it.

    Only files whose path begins with `scope` are looked at. What several heads share is rewritten once.
    """
    listed = run_git(reader.repository, "rev-list", "--reverse", "--topo-order", *heads, "--").decode()
    result = Rewritten()
    trees = _Trees(reader, change, scope, transform)
    for stored in reader.read_many(listed.split()):
        facts = decode_commit(stored.data)
        tree = trees.rewrite(facts.tree)
        parents = tuple(result.commits.get(parent, parent) for parent in facts.parents)
        if tree != facts.tree or parents != facts.parents:
            result.commits[stored.oid] = change.add("commit", _same_but(stored.data, facts, tree, parents))
    return result


def _same_but(data: bytes, facts: CommitFacts, tree: str, parents: tuple[str, ...]) -> bytes:
    head, separator, message = data.partition(b"\n\n")
    kept = [line for line in head.split(b"\n") if not line.startswith((b"tree ", b"parent ", b"gpgsig"))]
    lines = [f"tree {tree}".encode(), *(f"parent {parent}".encode() for parent in parents), *kept]
    assert facts.tree.encode() in head
    return b"\n".join(lines) + separator + message


class _Trees:
    """Rewrites trees, each distinct one once."""

    def __init__(self, reader: Reader, change: Change, scope: str, transform: Transform) -> None:
        self._reader = reader
        self._change = change
        self._scope = scope
        self._transform = transform
        self._trees: dict[tuple[str, str], str | None] = {}
        self._blobs: dict[tuple[str, str], str | None] = {}

    def rewrite(self, tree: str) -> str:
        if tree == EMPTY_TREE:
            # The attic's own commits hold nothing; git need not have stored that.
            return tree
        return self._tree(tree, "") or self._change.tree([])

    def _tree(self, tree: str, prefix: str) -> str | None:
        key = (prefix, tree)
        if key not in self._trees:
            entries = self._reader.tree(tree)
            kept: list[Entry] = []
            for entry in entries:
                oid = self._entry(entry, f"{prefix}{entry.name}")
                if oid is not None:
                    kept.append(entry._replace(oid=oid))
            if kept == list(entries):
                self._trees[key] = tree
            else:
                self._trees[key] = self._change.tree(kept) if kept else None
        return self._trees[key]

    def _entry(self, entry: Entry, path: str) -> str | None:
        if _is_folder(entry):
            below = f"{path}/"
            inside = below.startswith(self._scope) or self._scope.startswith(below)
            return self._tree(entry.oid, below) if inside else entry.oid
        return self._blob(entry.oid, path) if path.startswith(self._scope) else entry.oid

    def _blob(self, blob: str, path: str) -> str | None:
        key = (path, blob)
        if key not in self._blobs:
            before = self._reader.blob(blob)
            after = self._transform(path, before)
            if after is None:
                self._blobs[key] = None
            else:
                self._blobs[key] = blob if after == before else self._change.blob(after)
        return self._blobs[key]


def _is_folder(entry: Entry) -> bool:
    return entry.mode in (b"40000", b"040000")
