"""What was said and done about a proposal, and what it would change. Reads; changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from governance.charter.codec import read_charter
from governance.charter.errors import MalformedCharterError
from governance.charter.words import WordsChange, change_words
from governance.commons import Commons
from governance.minutes import sentence
from governance.payloads import PolicyChange, Revision
from policies.comparison import Comparison, compare_folders
from policies.errors import PolicyError
from policies.prompt import text_line
from registry.services.evidence import (
    base_folder,
    head_folder,
)
from registry.store.errors import StoreError
from registry.store.log import LogEntry
from registry.store.refs import CHARTER_PATH
from registry.store.repository import Repository
from registry.store.texts import read_text

_WORDS = ("title", "reason", "remedy", "text", "suggestion")


class Saying(NamedTuple):
    """Words that came with an act: what they are, and None where they were redacted."""

    name: str
    words: str | None


class Happening(NamedTuple):
    """An event of a proposal, with the words that came with it."""

    seq: int
    at: int
    actor: str
    type: str
    sentence: str
    sayings: tuple[Saying, ...]


class ProposedChange(NamedTuple):
    """A policy as a revision changes it. `made` is None where it cannot be read any more, and says why.

    `old_line` and `new_line` are the lines of `policy.md` on which the text begins, before and after: the
    comparison counts from there.
    """

    change: PolicyChange
    title: str
    language: str
    made: Comparison | None
    trouble: str | None
    old_line: int = 1
    new_line: int = 1


def happenings(repository: Repository, state: Commons, entries: Iterable[LogEntry]) -> Iterator[Happening]:
    """Events in the order given, each with its words as they stand now."""
    for entry in entries:
        event = entry.event
        sayings = []
        for name in _WORDS:
            text_id = getattr(event.payload, name, None)
            if isinstance(text_id, str):
                text = read_text(repository.reader, state, text_id)
                sayings.append(Saying(name, text.words if text else None))
        yield Happening(event.seq, event.at, event.actor, event.type, sentence(event), tuple(sayings))


def changes_of(repository: Repository, state: Commons, revision: Revision) -> tuple[ProposedChange, ...]:
    """What a revision changes in policies, against what each began from."""
    return tuple(_change(repository, state, revision, change) for change in revision.changes)


def charter_changes(
    repository: Repository, state: Commons, revision: Revision
) -> tuple[WordsChange, ...] | None:
    """What a revision changes in the charter, in plain words; None where there is none to read."""
    if revision.charter is None:
        return None
    reader = repository.reader
    try:
        base = reader.commit(state.current_commit(revision.base)).tree
        before = reader.entry(base, CHARTER_PATH)
        if before is None:
            return None
        was, is_ = (read_charter(reader.blob(blob)) for blob in (before.oid, revision.charter.blob))
    except (StoreError, MalformedCharterError):
        return None
    return change_words(was.charter, is_.charter)


def _change(
    repository: Repository, state: Commons, revision: Revision, change: PolicyChange
) -> ProposedChange:
    try:
        head = head_folder(repository, state, revision, change)
        base = None if change.base is None else base_folder(repository, state, change)
        meta = head.document.policy.meta
        made = compare_folders(base, head)
        old_line = 1 if base is None else text_line(base.document.policy)
        return ProposedChange(
            change, meta.title, meta.language, made, None, old_line, text_line(head.document.policy)
        )
    except (StoreError, PolicyError):
        return ProposedChange(change, change.slug, "en", None, "It cannot be read any more.")
