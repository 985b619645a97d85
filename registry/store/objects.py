"""Git objects as values: how bytes become blobs, trees, commits and tags, and their ids. Touches nothing.

Formats: git documentation, "gitformat-pack" and "Git Internals - Git Objects". Ids are computed here so
that a whole change exists, with every id in it, before a single byte is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

FILE = b"100644"
DIRECTORY = b"40000"
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


class GitObject(NamedTuple):
    """An object before it is stored; `kind` is blob, tree, commit or tag."""

    oid: str
    kind: str
    data: bytes


class Entry(NamedTuple):
    """One line of a tree."""

    mode: bytes
    name: str
    oid: str


def make(kind: str, data: bytes) -> GitObject:
    """An object with its id."""
    header = f"{kind} {len(data)}\0".encode()
    return GitObject(hashlib.sha1(header + data, usedforsecurity=False).hexdigest(), kind, data)


@dataclass(slots=True)
class Change:
    """The new objects of one act, gathered before anything is written."""

    objects: dict[str, GitObject] = field(default_factory=dict)

    def add(self, kind: str, data: bytes) -> str:
        """Adds an object and gives its id; the same object twice is kept once."""
        made = make(kind, data)
        self.objects.setdefault(made.oid, made)
        return made.oid

    def blob(self, data: bytes) -> str:
        """Adds a file's bytes."""
        return self.add("blob", data)

    def tree(self, entries: Iterable[Entry]) -> str:
        """Adds one directory."""
        return self.add("tree", encode_tree(entries))

    def files(self, files: Mapping[str, bytes]) -> str:
        """Adds a whole folder of files given by their `/`-separated paths; gives the tree's id."""
        return self._folder({path: self.blob(data) for path, data in files.items()})

    def _folder(self, blobs: Mapping[str, str]) -> str:
        entries: list[Entry] = []
        below: dict[str, dict[str, str]] = {}
        for path, oid in blobs.items():
            head, slash, rest = path.partition("/")
            if slash:
                below.setdefault(head, {})[rest] = oid
            else:
                entries.append(Entry(FILE, head, oid))
        entries.extend(Entry(DIRECTORY, name, self._folder(inner)) for name, inner in below.items())
        return self.tree(entries)

    def commit(self, *, tree: str, parents: Iterable[str], handle: str, at: int, message: str) -> str:
        """Adds a commit by `handle` at `at` (UTC seconds)."""
        return self.add("commit", encode_commit(tree, parents, handle, at, message))

    def tag(self, *, target: str, name: str, handle: str, at: int, message: str) -> str:
        """Adds an annotated tag of a commit."""
        data = f"object {target}\ntype commit\ntag {name}\ntagger {identity(handle, at)}\n\n{message}\n"
        return self.add("tag", data.encode())


def identity(handle: str, at: int) -> str:
    """Who and when, as Git writes it. No real name and no reachable address ever stands in Git."""
    return f"{handle} <{handle}@invalid> {at} +0000"


def encode_commit(tree: str, parents: Iterable[str], handle: str, at: int, message: str) -> bytes:
    """A commit's bytes."""
    lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents)]
    who = identity(handle, at)
    return "\n".join([*lines, f"author {who}", f"committer {who}", "", message, ""]).encode()


def encode_tree(entries: Iterable[Entry]) -> bytes:
    """A tree's bytes, in Git's order (a directory sorts as if its name ended in a slash)."""

    def order(entry: Entry) -> bytes:
        return entry.name.encode() + (b"/" if entry.mode == DIRECTORY else b"")

    return b"".join(
        entry.mode + b" " + entry.name.encode() + b"\0" + bytes.fromhex(entry.oid)
        for entry in sorted(entries, key=order)
    )


def decode_tree(data: bytes) -> Iterator[Entry]:
    """The lines of a tree. Raises `ValueError` on bytes that are not one."""
    position = 0
    while position < len(data):
        space = data.index(b" ", position)
        end = data.index(b"\0", space)
        raw = data[end + 1 : end + 21]
        if len(raw) != 20:
            raise ValueError("the tree is cut off")
        yield Entry(data[position:space], data[space + 1 : end].decode("utf-8"), raw.hex())
        position = end + 21


class CommitFacts(NamedTuple):
    """What a commit says. `raw_author` is the author line without its keyword."""

    tree: str
    parents: tuple[str, ...]
    raw_author: str
    message: str


def decode_commit(data: bytes) -> CommitFacts:
    """Reads a commit. Raises `ValueError` on bytes that are not one."""
    head, _, message = data.decode("utf-8", "replace").partition("\n\n")
    tree, author = "", ""
    parents: list[str] = []
    for line in head.split("\n"):
        key, _, value = line.partition(" ")
        if key == "tree":
            tree = value
        elif key == "parent":
            parents.append(value)
        elif key == "author":
            author = value
    if len(tree) != 40 or not author:
        raise ValueError("not a commit")
    return CommitFacts(tree, tuple(parents), author, message.removesuffix("\n"))
