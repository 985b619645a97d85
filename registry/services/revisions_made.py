"""The revisions of a proposal, and the sides of a change from one to another. Reads; changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from governance.charter.codec import read_charter
from governance.charter.errors import MalformedCharterError
from governance.charter.words import WordsChange, change_words
from governance.commons import Commons
from governance.payloads import Proposed, Revised, Revision
from policies.errors import PolicyError
from policies.folder import PolicyFolder, load_folder
from registry.store.errors import StoreError
from registry.store.log import LogEntry
from registry.store.refs import CHARTER_PATH, policy_dir
from registry.store.repository import Repository


class Made(NamedTuple):
    """A revision: its number from 1, its event, by whom and when, and the comment whose edit it took."""

    number: int
    seq: int
    by: str
    at: int
    revision: Revision
    took: int | None

    @property
    def slugs(self) -> frozenset[str]:
        """The policies that it changes."""
        return frozenset(change.slug for change in self.revision.changes)


class Side(NamedTuple):
    """A policy at a revision: the tree of its folder, and the folder; both None where it is not there."""

    tree: str | None
    folder: PolicyFolder | None


def revisions_made(entries: Iterable[LogEntry]) -> tuple[Made, ...]:
    """The revisions among the events of a proposal, oldest first."""
    found: list[Made] = []
    for entry in entries:
        event, said = entry.event, entry.event.payload
        if isinstance(said, Proposed | Revised) and said.revision is not None:
            took = said.took if isinstance(said, Revised) else None
            found.append(Made(len(found) + 1, event.seq, event.actor, event.at, said.revision, took))
    return tuple(found)


def side_of(repository: Repository, state: Commons, made: Made, slug: str) -> Side:
    """A policy as it stands in a revision, changed by that or not.

    Raises `StoreError` and `PolicyError` where it cannot be read any more.
    """
    reader = repository.reader
    tree = reader.commit(state.current_commit(made.revision.head)).tree
    entry = reader.entry(tree, policy_dir(slug))
    if entry is None:
        return Side(None, None)
    return Side(entry.oid, load_folder(slug, reader.files(entry.oid)))


def charter_between(
    repository: Repository, state: Commons, old: Made, new: Made
) -> tuple[WordsChange, ...] | None:
    """What differs in the charter, in plain words; None where neither changes it, or it cannot be read."""
    if old.revision.charter is None and new.revision.charter is None:
        return None
    reader = repository.reader
    try:
        entries = [
            reader.entry(reader.commit(state.current_commit(one.revision.head)).tree, CHARTER_PATH)
            for one in (old, new)
        ]
        was, is_ = (read_charter(reader.blob(entry.oid)) for entry in entries if entry is not None)
    except (StoreError, MalformedCharterError, ValueError):
        return None
    return change_words(was.charter, is_.charter)


UNREADABLE = (StoreError, PolicyError)
"""What `side_of` raises."""
