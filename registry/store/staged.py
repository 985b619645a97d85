"""Reads objects of a change that is not stored yet, and of the store beneath it."""

from __future__ import annotations

from typing import Protocol

from registry.store.objects import DIRECTORY, Change, CommitFacts, Entry, decode_commit, decode_tree
from registry.store.reader import Reader


class ObjectSource(Protocol):
    """What editing needs to read: the store itself, or the store with a change on top."""

    def commit(self, oid: str) -> CommitFacts:
        """A commit's facts."""

    def tree(self, oid: str) -> tuple[Entry, ...]:
        """A directory's lines."""


class Staged:
    """The store as it will be once the change is written."""

    def __init__(self, reader: Reader, change: Change) -> None:
        self._reader = reader
        self._change = change

    def data(self, oid: str) -> bytes:
        """An object's bytes."""
        made = self._change.objects.get(oid)
        return made.data if made is not None else self._reader.read(oid).data

    def commit(self, oid: str) -> CommitFacts:
        """A commit's facts."""
        return decode_commit(self.data(oid))

    def tree(self, oid: str) -> tuple[Entry, ...]:
        """A directory's lines."""
        return tuple(decode_tree(self.data(oid)))

    def files_at(self, commit: str, path: str) -> dict[str, bytes]:
        """Every file below a folder of a commit, by its path from there; empty when it is not there."""
        tree = self.commit(commit).tree
        for name in path.split("/"):
            entry = next((line for line in self.tree(tree) if line.name == name), None)
            if entry is None:
                return {}
            tree = entry.oid
        return self._files(tree)

    def _files(self, tree: str) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for entry in self.tree(tree):
            if entry.mode == DIRECTORY:
                found |= {f"{entry.name}/{path}": raw for path, raw in self._files(entry.oid).items()}
            else:
                found[entry.name] = self.data(entry.oid)
        return found
