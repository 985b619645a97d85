"""Edits trees without a work tree: what stands at a path is replaced, the rest is shared."""

from __future__ import annotations

from collections.abc import Mapping

from registry.store.objects import DIRECTORY, EMPTY_TREE, FILE, Change, Entry
from registry.store.staged import ObjectSource


class TreeEditor:
    """Replaces folders and files below one root tree, adding the new trees to a change.

    Trees that were read or made are kept, so a thousand edits read the root once.
    """

    def __init__(self, source: ObjectSource, change: Change, root: str | None) -> None:
        self._source = source
        self._change = change
        self._root = _Folder(source, root)

    def put_folder(self, path: str, files: Mapping[str, bytes]) -> str:
        """Replaces the folder at `path` with exactly these files; gives its tree id."""
        tree = self._change.files(files)
        self.put(path, Entry(DIRECTORY, path.rpartition("/")[2], tree))
        return tree

    def put_file(self, path: str, data: bytes) -> str:
        """Replaces the file at `path`; gives its blob id."""
        blob = self._change.blob(data)
        self.put(path, Entry(FILE, path.rpartition("/")[2], blob))
        return blob

    def put(self, path: str, entry: Entry) -> None:
        """Replaces what stands at `path`."""
        *parents, name = path.split("/")
        folder = self._root
        for parent in parents:
            folder = folder.below(parent)
        folder.set(name, entry)

    def remove(self, path: str) -> None:
        """Takes away what stands at `path`, if anything does."""
        *parents, name = path.split("/")
        folder = self._root
        for parent in parents:
            folder = folder.below(parent)
        folder.set(name, None)

    def write(self) -> str:
        """Adds every changed tree; gives the root's id."""
        return self._root.write(self._change)


class _Folder:
    def __init__(self, source: ObjectSource, oid: str | None) -> None:
        self._source = source
        self._oid = oid
        self._entries: dict[str, Entry] | None = None
        self._below: dict[str, _Folder] = {}

    def entries(self) -> dict[str, Entry]:
        if self._entries is None:
            read = self._source.tree(self._oid) if self._oid else ()
            self._entries = {entry.name: entry for entry in read}
        return self._entries

    def below(self, name: str) -> _Folder:
        if name not in self._below:
            entry = self.entries().get(name)
            is_folder = entry is not None and entry.mode == DIRECTORY
            self._below[name] = _Folder(self._source, entry.oid if entry and is_folder else None)
        self._oid = None
        return self._below[name]

    def set(self, name: str, entry: Entry | None) -> None:
        if entry is None:
            self.entries().pop(name, None)
        else:
            self.entries()[name] = entry
        self._below.pop(name, None)
        self._oid = None

    def write(self, change: Change) -> str:
        if self._oid is not None:
            return self._oid
        entries = self.entries()
        for name, folder in self._below.items():
            oid = folder.write(change)
            if oid == EMPTY_TREE:
                # git keeps no empty folders, and what was erased leaves no place behind.
                entries.pop(name, None)
            else:
                entries[name] = Entry(DIRECTORY, name, oid)
        self._oid = change.tree(entries.values())
        return self._oid
