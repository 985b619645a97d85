"""The event log as a chain of commits on `refs/commons/log`.

Each commit holds `event.json` and nothing else, is authored by the actor at the event's own time, and
carries the event's sentence as its message. All of that follows from the event's bytes, so a commit's
id can be recomputed from the event alone: what the verifier does for every link of the chain.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from governance.errors import MalformedEventError
from governance.events import Event, decode_event, encode_event, event_digest
from governance.minutes import sentence
from registry.store.errors import GitFailedError, LogError, MissingObjectError
from registry.store.lease import Stored
from registry.store.objects import FILE, Change, Entry, GitObject, encode_commit, encode_tree, make
from registry.store.process import run_git
from registry.store.reader import Reader
from registry.store.refs import EVENT_FILE


class LogEntry(NamedTuple):
    """An event with the commit that carries it and the SHA-256 of its bytes."""

    commit: str
    event: Event
    digest: str


def append(change: Change, event: Event, parent: str | None) -> LogEntry:
    """Adds the objects of one more link to a change.

    Raises `MalformedEventError` for an event that could not be read back: it would end the log.
    """
    raw = encode_event(event)
    decode_event(raw)
    link = _link(event, raw, parent)
    for made in link:
        change.objects[made.oid] = made
    return LogEntry(link[-1].oid, event, event_digest(raw))


def _link(event: Event, raw: bytes, parent: str | None) -> tuple[GitObject, GitObject, GitObject]:
    """The blob, tree and commit that an event and its parent give, and no others."""
    blob = make("blob", raw)
    tree = make("tree", encode_tree([Entry(FILE, EVENT_FILE, blob.oid)]))
    parents = () if parent is None else (parent,)
    return (
        blob,
        tree,
        make("commit", encode_commit(tree.oid, parents, event.actor, event.at, sentence(event))),
    )


def read_entry(reader: Reader, commit: str) -> tuple[LogEntry, str | None]:
    """One link and its parent's id. Raises `LogError` for a link that is not one."""
    facts = reader.commit(commit)
    if len(facts.parents) > 1:
        raise LogError(commit, "it has more than one parent.")
    entry = next((line for line in reader.tree(facts.tree) if line.name == EVENT_FILE), None)
    if entry is None:
        raise LogError(commit, f"it holds no {EVENT_FILE}.")
    return _entry(commit, reader.blob(entry.oid)), (facts.parents[0] if facts.parents else None)


def newest_first(reader: Reader, head: str) -> Iterator[LogEntry]:
    """The log from its head backwards, one read at a time: for the last few events."""
    commit: str | None = head
    while commit is not None:
        entry, commit = read_entry(reader, commit)
        yield entry


def since(reader: Reader, head: str, known: str | None, limit: int) -> list[LogEntry] | None:
    """The entries after commit `known`, oldest first; None when there are more than `limit`."""
    found: list[LogEntry] = []
    commit: str | None = head
    while commit is not None and commit != known:
        if len(found) >= limit:
            return None
        entry, commit = read_entry(reader, commit)
        found.append(entry)
    if commit != known:
        raise LogError(head, f"it does not follow from {known}: the log was rewritten.")
    return found[::-1]


def oldest_first(reader: Reader, head: str, known: str | None = None) -> Iterator[LogEntry]:
    """The entries after `known` (or all) in order, in one pass.

    Each link's commit id is recomputed from its event and its parent, so nothing but the events
    themselves has to be trusted or read.
    """
    span = head if known is None else f"{known}..{head}"
    try:
        # Without the commit graph: a file beside the objects that nothing ties to them.
        listed = run_git(
            reader.repository,
            "-c",
            "core.commitGraph=false",
            "rev-list",
            "--reverse",
            "--first-parent",
            span,
            "--",
        )
    except GitFailedError as error:
        raise LogError(head, f"the chain cannot be followed: {error.detail}.") from error
    commits = listed.decode().split()
    if not commits and head != known:
        raise LogError(head, f"it stands before {known}: the log was set back.")
    parent = known
    for commit, stored in zip(commits, _events(reader, commits), strict=True):
        entry = _entry(commit, stored.data)
        if _link(entry.event, stored.data, parent)[-1].oid != commit:
            raise LogError(
                commit,
                "the commit is not the one its event and its parent give (tree, author, time or message).",
            )
        yield entry
        parent = commit


def _events(reader: Reader, commits: list[str]) -> Iterator[Stored]:
    try:
        yield from reader.read_many(f"{commit}:{EVENT_FILE}" for commit in commits)
    except MissingObjectError as error:
        commit = error.oid.partition(":")[0]
        raise LogError(commit, f"its {EVENT_FILE} is missing.") from error


def _entry(commit: str, raw: bytes) -> LogEntry:
    try:
        return LogEntry(commit, decode_event(raw), event_digest(raw))
    except MalformedEventError as error:
        raise LogError(commit, f"{error.place}: {error.rule}") from error
