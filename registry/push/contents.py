"""What a pushed commit changes, read through an allow-list. Reads the repository that was set aside.

git takes symbolic links, submodules, names with line breaks and files that pack to nothing without a word
(tried, git 2.39): nothing here is looked at but what may be proposed, and every size before its bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from governance.charter.toml_text import MAX_BYTES as CHARTER_BYTES
from policies.cases import CASES_FILE
from policies.errors import InvalidNameError
from policies.front_matter import POLICY_FILE
from policies.limits import KIB, LIMITS
from policies.names import check_slug
from policies.versions import Change
from registry.push.aside import merge_base
from registry.push.errors import PushRefusedError
from registry.push.limits import MIB, PackLimits
from registry.services.revisions import Draft
from registry.store.errors import CorruptObjectError, MissingObjectError, OversizedError
from registry.store.objects import DIRECTORY, FILE, Entry, decode_tree
from registry.store.reader import Reader
from registry.store.refs import CHARTER_PATH, GOVERNANCE_DIR, POLICIES_DIR, policy_dir

_UNREADABLE = (CorruptObjectError, MissingObjectError, OversizedError)
_PULL = "`git pull --rebase origin main`, then push again."
_TREE_BYTES, _WIDE_TREE_BYTES = 64 * KIB, 8 * MIB
"""A policy's folder, and that of all policies: a line of a tree has about 40 bytes."""
_STEPS = 32
_MOST_FILES = LIMITS.attachments + 2
_CHARTER = CHARTER_PATH.rpartition("/")[2]

_MODES = {
    b"120000": ("it is a symbolic link.", "Put the file itself in its place."),
    b"160000": ("it is a submodule.", "Put the policy's own files there."),
    b"100755": ("it is marked as a program.", "Take the mark away: `git update-index --chmod=-x {place}`."),
}
_ODD_MODE = ("its mode {mode} is none that a file here has.", "Add it anew with a current git.")

Tree = Mapping[str, Entry]


class _Sides(NamedTuple):
    """One folder in the pushed commit, in the commit of main that it builds on, and on main now."""

    pushed: Tree
    base: Tree
    main: Tree

    def changed(self) -> Iterator[str]:
        """The names that the pusher changed, in order."""
        for name in sorted(self.pushed.keys() | self.base.keys()):
            if self.pushed.get(name) != self.base.get(name):
                yield name


def read_draft(place: Path, commit: str, main: str, limits: PackLimits, declared: Change | None) -> Draft:
    """What a commit changes since it left main, as a draft; what it leaves alone is main's.

    Raises `PushRefusedError`, `InvalidNameError`.
    """
    reader = Reader(place, processes=1)
    try:
        return _Reading(reader, limits).draft(commit, main, declared)
    except _UNREADABLE as error:
        raise PushRefusedError(
            "the pushed commit",
            f"part of it cannot be read ({error.oid[:12]}).",
            "`git fsck` says whether your clone is whole; build on origin/main, and push again.",
        ) from error
    finally:
        reader.close()


class _Reading:
    def __init__(self, reader: Reader, limits: PackLimits) -> None:
        self._reader = reader
        self._limits = limits
        self._left = limits.changed_bytes

    def draft(self, commit: str, main: str, declared: Change | None) -> Draft:
        base = self._base(commit, main)
        roots = self._sides(*(self._root(one) for one in (commit, base, main)), most=_TREE_BYTES)
        folders: dict[str, Mapping[str, bytes]] = {}
        charter = None
        for name in roots.changed():
            if name not in (POLICIES_DIR, GOVERNANCE_DIR):
                raise _elsewhere(name)
            below = self._below(roots, name)
            if name == POLICIES_DIR:
                folders = self._folders(below)
            else:
                charter = self._charter(below)
        if not folders and charter is None:
            raise PushRefusedError(
                "the pushed commit",
                "it holds nothing that main does not.",
                "Commit your change first: `git commit -a`.",
            )
        return Draft(folders=folders, charter=charter, declared=declared)

    def _base(self, commit: str, main: str) -> str:
        try:
            kind = self._reader.read(commit).kind
        except MissingObjectError:
            raise PushRefusedError("the pushed commit", "it did not come along.", "Push again.") from None
        if kind != "commit":
            raise PushRefusedError(f"the pushed {kind}", "only commits are proposed.", "Push HEAD.")
        if self._is_on(commit, main):
            return main
        found = merge_base(self._reader.repository, main, commit, self._limits)
        if found is None:
            raise PushRefusedError(
                "the pushed commit",
                "it does not build on this commons.",
                "Clone the commons, commit there, and push that.",
            )
        return found

    def _is_on(self, commit: str, main: str) -> bool:
        """Whether a commit stands a few steps from main: the usual case, which needs no other git."""
        for _ in range(_STEPS):
            if commit == main:
                return True
            try:
                parents = self._reader.commit(commit).parents
            except MissingObjectError:
                return False
            if not parents:
                return False
            commit = parents[0]
        return False

    def _folders(self, sides: _Sides) -> dict[str, Mapping[str, bytes]]:
        folders: dict[str, Mapping[str, bytes]] = {}
        for slug in sides.changed():
            entry = sides.pushed.get(slug)
            place = policy_dir(_plain(slug))
            if entry is None:
                raise PushRefusedError(
                    place,
                    "a policy is not taken away by a push: others may rely on its releases.",
                    f"Propose to withdraw them: `commons propose --withdraw {_plain(slug)}@VERSION`.",
                )
            if entry == sides.main.get(slug):
                # It was merged, or somebody else had it accepted meanwhile.
                continue
            if sides.main.get(slug) != sides.base.get(slug):
                raise PushRefusedError(place, "main has changed here since you branched off.", _PULL)
            if entry.mode != DIRECTORY:
                raise PushRefusedError(
                    place,
                    "below policies/ stand folders only.",
                    f"A policy is {place}/{POLICY_FILE} and more.",
                )
            try:
                check_slug(slug)
            except InvalidNameError as error:
                raise PushRefusedError(place, f"the name {error.rule}", error.remedy) from error
            if len(folders) == self._limits.folders:
                raise PushRefusedError(
                    f"{POLICIES_DIR}/",
                    f"more than {self._limits.folders} policies are changed at once.",
                    "Part the change, so that each can be decided by itself.",
                )
            folders[slug] = self._files(place, entry)
        return folders

    def _files(self, place: str, folder: Entry) -> dict[str, bytes]:
        entries = self._tree(place, folder, _TREE_BYTES)
        if len(entries) > _MOST_FILES:
            raise PushRefusedError(
                place,
                f"a policy has {_MOST_FILES} files at the most.",
                "Take out what does not belong to it.",
            )
        return {name: self._file(f"{place}/{_plain(name)}", entry) for name, entry in entries.items()}

    def _file(self, place: str, entry: Entry) -> bytes:
        if entry.mode in (DIRECTORY, b"040000"):
            raise PushRefusedError(
                place, "a policy's folder holds no folders.", "Attachments stand beside policy.md."
            )
        if entry.mode != FILE:
            rule, remedy = _MODES.get(entry.mode, _ODD_MODE)
            mode = entry.mode.decode("latin-1")
            raise PushRefusedError(place, rule.format(mode=mode), remedy.format(place=place))
        sizes = {POLICY_FILE: LIMITS.policy_bytes, CASES_FILE: LIMITS.cases_bytes, _CHARTER: CHARTER_BYTES}
        most = sizes.get(entry.name, LIMITS.attachment_bytes)
        try:
            data = self._reader.blob(entry.oid)
        except OversizedError:
            raise _too_large(place, most) from None
        if len(data) > most:
            raise _too_large(place, most)
        self._left -= len(data)
        if self._left < 0:
            raise PushRefusedError(
                "the pushed commit",
                f"what it changes is over {self._limits.changed_bytes // MIB} MiB.",
                "Part the change.",
            )
        return data

    def _charter(self, sides: _Sides) -> bytes | None:
        for name in sides.changed():
            if name != _CHARTER:
                raise _elsewhere(f"{GOVERNANCE_DIR}/{name}")
        entry = sides.pushed.get(_CHARTER)
        if entry is None:
            raise PushRefusedError(
                CHARTER_PATH, "a commons always has a charter.", "Propose another one in its place."
            )
        if entry == sides.main.get(_CHARTER):
            return None
        if sides.main.get(_CHARTER) != sides.base.get(_CHARTER):
            raise PushRefusedError(CHARTER_PATH, "main has changed here since you branched off.", _PULL)
        return self._file(CHARTER_PATH, entry)

    def _below(self, sides: _Sides, name: str) -> _Sides:
        entry = sides.pushed.get(name)
        if entry is not None and entry.mode != DIRECTORY:
            raise PushRefusedError(name, "this is a folder of the commons.", f"Restore it. {_PULL}")
        return self._sides(*(one.get(name) for one in sides), most=_WIDE_TREE_BYTES)

    def _sides(self, *entries: Entry | None, most: int) -> _Sides:
        return _Sides(*(self._tree("the pushed commit", entry, most) for entry in entries))

    def _root(self, commit: str) -> Entry:
        return Entry(DIRECTORY, "", self._reader.commit(commit).tree)

    def _tree(self, place: str, entry: Entry | None, most: int) -> Tree:
        if entry is None:
            return {}
        stored = self._reader.read(entry.oid)
        if stored.kind != "tree" or len(stored.data) > most:
            raise PushRefusedError(place, "its folder is larger than any of a commons, or none.", _PULL)
        try:
            listed = list(decode_tree(stored.data))
        except ValueError as error:
            raise PushRefusedError(
                place, "a name in it is not UTF-8, or its folder is broken.", "Rename the file."
            ) from error
        found = {line.name: line for line in listed}
        if len(found) != len(listed):
            raise PushRefusedError(place, "a name in it stands there twice.", "`git fsck` your clone.")
        return found


def _elsewhere(path: str) -> PushRefusedError:
    return PushRefusedError(
        _plain(path),
        f"only {POLICIES_DIR}/<name>/ and {CHARTER_PATH} can be changed here.",
        "Take it out of your commit: `git reset --soft origin/main`, and commit the rest.",
    )


def _too_large(place: str, most: int) -> PushRefusedError:
    return PushRefusedError(place, f"it is larger than {most // KIB:,} KiB.", "Shorten or split it.")


def _plain(name: str) -> str:
    """A name as it can be shown: whoever chose it may have meant it for somebody's terminal."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in name)
    return shown if len(shown) <= 120 else f"{shown[:117]}..."
