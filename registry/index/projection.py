"""Takes in what a log says: turns events and releases into rows. Reads Git, writes through one transaction.

Everything here follows from the log and the objects, so the same log gives the same rows, in whatever
portions it is taken in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import delete, insert, select, text
from sqlalchemy.engine import Connection

from governance.commons import Commons
from registry.index.listings import Listing, known_policies, put, put_listings
from registry.index.reading import PolicyText, policy_texts
from registry.index.rows import (
    Mention,
    event_row,
    mentions,
    shared_runs,
    touched_rows,
)
from registry.index.tables import (
    TEXT_TABLE,
    CommonsRow,
    EventRow,
    LabelRow,
    PolicyRow,
    SharedRunRow,
    TouchedRow,
    table_of,
)
from registry.store import log
from registry.store.errors import LogError, NotACommonsError
from registry.store.log import LogEntry
from registry.store.repository import Repository
from registry.store.view import View

BATCH = 500
"""Rows that go into the file at a time."""

Told = Callable[[int, int], None]
"""Progress: how many are done, of how many."""

_REDACTED = "redacted"
_POLICIES, _LABELS, _EVENTS, _TOUCHED, _RUNS, _COMMONS = (
    table_of(row) for row in (PolicyRow, LabelRow, EventRow, TouchedRow, SharedRunRow, CommonsRow)
)


class TakenIn(NamedTuple):
    """What a look at one commons brought. `erased` says that something in it was redacted."""

    name: str
    head: str
    events: int
    policies: int
    erased: bool


def reached(connection: Connection, name: str) -> str | None:
    """The log commit that is taken in of a commons."""
    return connection.execute(select(_COMMONS.c.head).where(_COMMONS.c.name == name)).scalar()


def take_in(connection: Connection, repository: Repository, view: View, told: Told) -> TakenIn:
    """Brings the rows of a commons to `view`, within the caller's transaction.

    A log that does not follow from what was taken in (restored from a backup, or another repository
    under the name) is taken in from its beginning.
    """
    head, state = view
    if head is None or state is None:
        raise NotACommonsError(repository.path, "this repository has no event log.")
    known = reached(connection, state.name)
    if known == head:
        return TakenIn(state.name, head, 0, 0, erased=False)
    try:
        return _take_in(connection, repository, head, state, known, told)
    except LogError:
        if known is None:
            raise
        forget(connection, state.name)
        return _take_in(connection, repository, head, state, None, told)


def forget(connection: Connection, name: str) -> None:
    """Removes every row of a commons."""
    ids = select(_POLICIES.c.id).where(_POLICIES.c.commons == name)
    connection.execute(delete(_LABELS).where(_LABELS.c.policy.in_(ids)))
    connection.execute(
        text(f"DELETE FROM {TEXT_TABLE} WHERE rowid IN (SELECT id FROM policy WHERE commons = :name)"),  # noqa: S608
        {"name": name},
    )
    for table in (_POLICIES, _EVENTS, _TOUCHED, _RUNS):
        connection.execute(delete(table).where(table.c.commons == name))
    connection.execute(delete(_COMMONS).where(_COMMONS.c.name == name))


def _take_in(
    connection: Connection, repository: Repository, head: str, state: Commons, known: str | None, told: Told
) -> TakenIn:
    touched: dict[str, Mention] = {}
    events, erased = 0, False
    for batch in _batches(_entries(repository, head, known)):
        events += len(batch)
        erased = erased or any(entry.event.type == _REDACTED for entry in batch)
        put(connection, _EVENTS, [event_row(state.name, entry) for entry in batch])
        put(connection, _TOUCHED, [row for entry in batch for row in touched_rows(state.name, entry)])
        for entry in batch:
            touched.update({mention.slug: mention for mention in mentions(entry)})
    if known is None or erased:
        connection.execute(delete(_RUNS).where(_RUNS.c.commons == state.name))
        runs = list(state.runs.values())
    else:
        runs = [run for run in state.runs.values() if run.slug in touched]
    held = set(connection.execute(select(_RUNS.c.commit_id).where(_RUNS.c.commons == state.name)).scalars())
    put(
        connection,
        _RUNS,
        shared_runs(repository, state.name, [run for run in runs if run.commit not in held]),
    )
    slugs = sorted(state.policies) if known is None else sorted(touched.keys() & state.policies.keys())
    if erased:
        slugs = sorted({*slugs, *_moved(connection, state)})
    _put_policies(connection, repository, state, slugs, touched, told)
    _put_head(connection, state, head)
    return TakenIn(state.name, head, events, len(slugs), erased=erased)


def _entries(repository: Repository, head: str, known: str | None) -> Iterator[LogEntry]:
    if known is not None:
        near = log.since(repository.reader, head, known, BATCH // 8)
        if near is not None:
            yield from near
            return
    yield from log.oldest_first(repository.reader, head, known)


def _moved(connection: Connection, state: Commons) -> set[str]:
    """Policies whose newest release stands at another commit than the index has: history was rewritten."""
    rows = connection.execute(
        select(_POLICIES.c.slug, _POLICIES.c.commit_id).where(_POLICIES.c.commons == state.name)
    )
    had = {row.slug: row.commit_id for row in rows}
    return {slug for slug, policy in state.policies.items() if had.get(slug) != policy.latest.commit}


def _put_policies(
    connection: Connection,
    repository: Repository,
    state: Commons,
    slugs: list[str],
    touched: dict[str, Mention],
    told: Told,
) -> None:
    had = known_policies(connection, state.name, slugs)
    tested = {
        (row.slug, state.current_content(row.content))
        for row in connection.execute(
            select(_RUNS.c.slug, _RUNS.c.content).where(_RUNS.c.commons == state.name)
        )
    }
    releases = [state.policies[slug].latest for slug in slugs]
    done = 0
    told(0, len(slugs))
    for batch in _batches(policy_texts(repository.reader, releases)):
        listings = []
        for read in batch:
            slug, content = read.release.slug, state.current_content(read.release.content)
            known, mention = had.get(slug), touched.get(slug)
            # A policy that no new event is about is here since a redaction moved its commit.
            newest = mention or known
            assert newest is not None
            listings.append(
                Listing(
                    id=known.id if known else None,
                    commons=state.name,
                    owner=state.policies[slug].owner,
                    read=read,
                    serial=newest.serial,
                    updated_at=newest.at,
                    tested=(slug, content) in tested,
                )
            )
        put_listings(connection, listings)
        done += len(batch)
        told(done, len(slugs))


def _put_head(connection: Connection, state: Commons, head: str) -> None:
    connection.execute(delete(_COMMONS).where(_COMMONS.c.name == state.name))
    connection.execute(insert(_COMMONS), [{"name": state.name, "head": head, "seq": state.seq}])


def _batches(items: Iterable[LogEntry] | Iterable[PolicyText]) -> Iterator[list]:  # type: ignore[type-arg]
    batch: list = []  # type: ignore[type-arg]
    for item in items:
        batch.append(item)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
