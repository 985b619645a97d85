"""Reads the history of somebody else's Git repository, without a work tree and without trusting it.

Only object reads: no checkout, no hooks, no filters, no configuration of theirs that runs a program.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from registry.store.errors import OversizedError, StoreError
from registry.store.objects import DIRECTORY
from registry.store.process import run_git
from registry.store.reader import Reader

MAX_REVISIONS = 2_000
MAX_ENTRIES, MAX_DEPTH = 20_000, 16
MAX_FOLDER_BYTES = 512 * 1024 * 1024
"""What one revision of a folder may hold, and what all of them may hold apart from what they share."""
_LAST_SECOND = 253_402_300_799
"""Of the year 9999: calendars end there, and whoever commits elsewhere may state any number."""
_REGULAR = (b"100644", b"100755")
_PADDED_DIRECTORY = b"040000"


class Revision(NamedTuple):
    """One commit that touched a folder: its files, by path from the folder, and who made it when.

    `author` is a handle made from the author's name; the address is left behind. `at` is UTC seconds.
    """

    commit: str
    author: str
    at: int
    files: dict[str, bytes]


def find_git_dir(path: Path) -> Path | None:
    """The Git directory of a clone or bare repository at `path`, or None."""
    for candidate in (path / ".git", path):
        if (candidate / "objects").is_dir() and (candidate / "HEAD").is_file():
            return candidate
    return None


def top_folders(git_dir: Path) -> list[str]:
    """The first-level folders at HEAD, without hidden ones."""
    reader = Reader(git_dir, processes=1)
    try:
        head = run_git(git_dir, "rev-parse", "--verify", "HEAD^{commit}").decode().strip()
        entries = reader.tree(reader.commit(head).tree)
        return [e.name for e in entries if e.mode in (DIRECTORY, _PADDED_DIRECTORY) and e.name[0] != "."]
    finally:
        reader.close()


def folder_at_head(git_dir: Path, folder: str) -> dict[str, bytes]:
    """The files of a first-level folder at HEAD, by path from the folder."""
    reader = Reader(git_dir, processes=1)
    try:
        head = run_git(git_dir, "rev-parse", "--verify", "HEAD^{commit}").decode().strip()
        entry = reader.entry(reader.commit(head).tree, folder)
        return {} if entry is None else dict(_files(reader, entry.oid))
    finally:
        reader.close()


def revisions_of(
    git_dir: Path, folder: str, *, tip: str = "HEAD", since: str | None = None
) -> Iterator[Revision]:
    """The commits on the first-parent line of `tip` that touched a folder, oldest first.

    An empty `folder` is everything; with `since`, a commit of that line, only those after it. Raises
    `StoreError` when there are more than `MAX_REVISIONS`.
    """
    line = tip if since is None else f"{since}..{tip}"
    command = ("rev-list", "--reverse", "--first-parent", line, "--")
    listed = run_git(git_dir, *command, *([folder] if folder else [])).decode().split()
    if len(listed) > MAX_REVISIONS:
        raise StoreError(
            f"{folder or 'it'}: {len(listed)} revisions are over the limit of {MAX_REVISIONS}. "
            "Import from a shallower clone."
        )
    yield from _revisions(git_dir, listed, folder)


def revision_at(git_dir: Path, commit: str, folder: str) -> Revision | None:
    """One commit by itself, whatever it changed; None where there is no such folder in it."""
    return next(_revisions(git_dir, [commit], folder), None)


def _revisions(git_dir: Path, listed: Sequence[str], folder: str) -> Iterator[Revision]:
    reader = Reader(git_dir, processes=1)
    # A file that stays as it is from one revision to the next is held once.
    held: dict[str, bytes] = {}
    try:
        for commit in listed:
            facts = reader.commit(commit)
            tree = _folder(reader, facts.tree, folder)
            name, _, rest = facts.raw_author.partition(" <")
            at = re.search(r"> (\d{1,12}) ", f"<{rest} ")
            if tree is not None:
                files = dict(_files(reader, tree, held))
                if sum(map(len, held.values())) > MAX_FOLDER_BYTES:
                    raise OversizedError(commit, "more bytes up to it", f"{MAX_FOLDER_BYTES}")
                yield Revision(commit, handle_of(name), min(int(at[1]), _LAST_SECOND) if at else 0, files)
    finally:
        reader.close()


def files_at(git_dir: Path, commit: str, folder: str) -> dict[str, bytes]:
    """The files of a folder at a commit, by path from the folder; an empty `folder` is everything."""
    reader = Reader(git_dir, processes=1)
    try:
        tree = _folder(reader, reader.commit(commit).tree, folder)
        return {} if tree is None else dict(_files(reader, tree))
    finally:
        reader.close()


def _folder(reader: Reader, root: str, folder: str) -> str | None:
    """The tree of a folder; None where there is no such folder."""
    if not folder:
        return root
    entry = reader.entry(root, folder)
    return entry.oid if entry is not None and entry.mode in (DIRECTORY, _PADDED_DIRECTORY) else None


def handle_of(name: str) -> str:
    """A handle from a name: without accents, lower case, hyphens for everything else."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    handle = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:39].strip("-")
    return handle or "unknown"


def _files(reader: Reader, tree: str, held: dict[str, bytes] | None = None) -> Iterator[tuple[str, bytes]]:
    """The regular files below a tree. Links and submodules point out of the folder; they are passed over."""
    waiting, seen, total = [(tree, "", 0)], 0, 0
    known = {} if held is None else held
    while waiting:
        oid, prefix, depth = waiting.pop()
        for entry in reader.tree(oid):
            seen += 1
            if seen > MAX_ENTRIES or depth > MAX_DEPTH:
                raise OversizedError(tree, "more or deeper entries", f"{MAX_ENTRIES} and {MAX_DEPTH}")
            path = f"{prefix}{entry.name}"
            if entry.mode in (DIRECTORY, _PADDED_DIRECTORY):
                waiting.append((entry.oid, f"{path}/", depth + 1))
            elif entry.mode in _REGULAR:
                if entry.oid not in known:
                    known[entry.oid] = reader.blob(entry.oid)
                total += len(known[entry.oid])
                if total > MAX_FOLDER_BYTES:
                    # One object that packs to nothing can stand under any number of names.
                    raise OversizedError(tree, "more bytes", f"{MAX_FOLDER_BYTES}")
                yield path, known[entry.oid]
