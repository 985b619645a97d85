"""Lists and single look-ups, each bounded by what it gives out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
from sqlalchemy import Row, Select, and_, delete, func, insert, select
from sqlalchemy.engine import Connection

from registry.index.columns import Columns, PolicyFacts
from registry.index.entries import EventEntry, LabelEntry, PolicyEntry
from registry.index.tables import CommonsRow, EventRow, LabelRow, MarkRow, PolicyRow, TouchedRow, table_of

_POLICIES, _EVENTS, _LABELS = table_of(PolicyRow), table_of(EventRow), table_of(LabelRow)
_TOUCHED, _MARKS, _COMMONS = table_of(TouchedRow), table_of(MarkRow), table_of(CommonsRow)

_FOLLOWED = 100
"""Proposals of somebody's whose news is looked for, the last that they did something about."""

_labels = msgspec.json.Decoder(tuple[LabelEntry, ...]).decode
_words = msgspec.json.Decoder(tuple[str, ...]).decode


def listed(connection: Connection, commons: str, after: str | None, limit: int) -> tuple[PolicyEntry, ...]:
    """A commons' policies by slug, those behind `after`."""
    chosen = select(_POLICIES).where(_POLICIES.c.commons == commons)
    if after is not None:
        chosen = chosen.where(_POLICIES.c.slug > after)
    return _entries(connection, chosen.order_by(_POLICIES.c.slug).limit(limit))


def count(connection: Connection, commons: str | None) -> int:
    """How many policies there are."""
    counted = select(func.count()).select_from(_POLICIES)
    if commons is not None:
        counted = counted.where(_POLICIES.c.commons == commons)
    return connection.execute(counted).scalar_one()


def one(connection: Connection, commons: str, slug: str) -> PolicyEntry | None:
    """One policy."""
    chosen = select(_POLICIES).where(_POLICIES.c.commons == commons, _POLICIES.c.slug == slug)
    return next(iter(_entries(connection, chosen)), None)


def newest(connection: Connection, limit: int) -> tuple[PolicyEntry, ...]:
    """The policies that were touched last, in all commons."""
    order = (_POLICIES.c.updated_at.desc(), _POLICIES.c.commons, _POLICIES.c.slug)
    return _entries(connection, select(_POLICIES).order_by(*order).limit(limit))


def translations(connection: Connection, address: str) -> tuple[PolicyEntry, ...]:
    """The policies, in any commons, that say they translate the one at `address`."""
    chosen = select(_POLICIES).where(_POLICIES.c.translation_of == address)
    return _entries(connection, chosen.order_by(_POLICIES.c.language, _POLICIES.c.commons, _POLICIES.c.slug))


def forks(connection: Connection, address: str) -> tuple[PolicyEntry, ...]:
    """The policies, in any commons, that say they began from the one at `address`."""
    chosen = select(_POLICIES).where(_POLICIES.c.upstream == address)
    return _entries(connection, chosen.order_by(_POLICIES.c.commons, _POLICIES.c.slug))


def entries_by_id(connection: Connection, ids: Sequence[int]) -> list[tuple[int, PolicyEntry]]:
    """Policies in the order of their ids given; those that are gone are left out."""
    rows = {row.id: row for row in connection.execute(select(_POLICIES).where(_POLICIES.c.id.in_(ids)))}
    return [(id_, _entry(rows[id_])) for id_ in ids if id_ in rows]


def events(
    connection: Connection,
    *,
    commons: str | None,
    slug: str | None,
    actor: str | None = None,
    without: Collection[str],
    after: int | None,
    limit: int,
    newest_first: bool,
) -> tuple[EventEntry, ...]:
    """Events of a commons (or of all), perhaps of one policy or by one actor, and `without` some types.

    `after` is a number to go on from: larger ones when oldest first, smaller ones when newest first. Over
    all commons they stand by time. Asked for one policy, each has that policy's slug and version, also
    where the event was about many.
    """
    chosen: Select[Any] = select(_EVENTS)
    if slug is not None:
        about = and_(_TOUCHED.c.commons == _EVENTS.c.commons, _TOUCHED.c.seq == _EVENTS.c.seq)
        chosen = chosen.join(_TOUCHED, about).where(_TOUCHED.c.slug == slug)
        chosen = chosen.add_columns(_TOUCHED.c.version.label("version_of_slug"))
    if commons is not None:
        chosen = chosen.where(_EVENTS.c.commons == commons)
    if actor is not None:
        chosen = chosen.where(_EVENTS.c.actor == actor)
    if without:
        chosen = chosen.where(_EVENTS.c.type.not_in(without))
    if after is not None:
        chosen = chosen.where(_EVENTS.c.seq < after if newest_first else _EVENTS.c.seq > after)
    keys = (_EVENTS.c.seq,) if commons is not None else (_EVENTS.c.at, _EVENTS.c.commons, _EVENTS.c.seq)
    order = [key.desc() if newest_first else key for key in keys]
    return tuple(
        _event(
            row,
            slug=slug or row.slug,
            version=row.version if slug is None else row.version_of_slug,
        )
        for row in connection.execute(chosen.order_by(*order).limit(limit))
    )


def concerning(
    connection: Connection, handle: str, *, since: int, without: Collection[str], limit: int
) -> tuple[EventEntry, ...]:
    """What others did that concerns somebody, newest first, from the second `since` on.

    That is on the proposals that they last took part in, or about them by name.
    """
    part = (
        select(_EVENTS.c.commons, _EVENTS.c.proposal, func.max(_EVENTS.c.at).label("last"))
        .where(_EVENTS.c.actor == handle, _EVENTS.c.proposal.is_not(None))
        .group_by(_EVENTS.c.commons, _EVENTS.c.proposal)
        .order_by(func.max(_EVENTS.c.at).desc())
        .limit(_FOLLOWED)
        .subquery()
    )
    wanted = [_EVENTS.c.actor != handle, _EVENTS.c.at >= since, _EVENTS.c.type.not_in(without)]
    followed = and_(part.c.commons == _EVENTS.c.commons, part.c.proposal == _EVENTS.c.proposal)
    newest = (_EVENTS.c.at.desc(), _EVENTS.c.commons.desc(), _EVENTS.c.seq.desc())
    found = [
        select(_EVENTS).join(part, followed).where(*wanted),
        select(_EVENTS).where(_EVENTS.c.member == handle, *wanted),
    ]
    rows = {
        (row.commons, row.seq): _event(row, slug=row.slug, version=row.version)
        for chosen in found
        for row in connection.execute(chosen.order_by(*newest).limit(limit))
    }
    ordered = sorted(rows.values(), key=lambda event: (event.at, event.commons, event.seq), reverse=True)
    return tuple(ordered[:limit])


def named_in(connection: Connection, member: str, type_: str) -> tuple[str, ...]:
    """The commons in which an event of a type names somebody, by name."""
    chosen = select(_EVENTS.c.commons).where(_EVENTS.c.member == member, _EVENTS.c.type == type_)
    return tuple(connection.execute(chosen.distinct().order_by(_EVENTS.c.commons)).scalars())


def _event(row: Any, *, slug: str | None, version: str | None) -> EventEntry:
    return EventEntry(
        commons=row.commons,
        seq=row.seq,
        commit=row.commit_id,
        type=row.type,
        actor=row.actor,
        at=row.at,
        slug=slug,
        version=version,
        proposal=row.proposal,
        sentence=row.sentence,
    )


def of_proposal(connection: Connection, commons: str, number: int) -> tuple[tuple[str, str], ...]:
    """The events of a proposal, oldest first: the type of each, and its log commit."""
    chosen = (
        select(_EVENTS.c.type, _EVENTS.c.commit_id)
        .where(_EVENTS.c.commons == commons, _EVENTS.c.proposal == number)
        .order_by(_EVENTS.c.seq)
    )
    return tuple((row.type, row.commit_id) for row in connection.execute(chosen))


def types(connection: Connection, commons: str) -> dict[str, int]:
    """How many events of each type a commons has."""
    counted = select(_EVENTS.c.type, func.count().label("events")).where(_EVENTS.c.commons == commons)
    return {row.type: row.events for row in connection.execute(counted.group_by(_EVENTS.c.type))}


def serials(connection: Connection) -> dict[str, int]:
    """The number of the last event taken in, by commons."""
    rows = connection.execute(select(_COMMONS.c.name, _COMMONS.c.seq).order_by(_COMMONS.c.name))
    return {row.name: row.seq for row in rows}


def actors(connection: Connection) -> frozenset[str]:
    """Every handle under which somebody acted."""
    return frozenset(connection.execute(select(_EVENTS.c.actor).distinct()).scalars())


def acted_in(connection: Connection, actor: str) -> tuple[str, ...]:
    """The commons in which somebody acted, by name."""
    chosen = select(_EVENTS.c.commons).where(_EVENTS.c.actor == actor).distinct().order_by(_EVENTS.c.commons)
    return tuple(connection.execute(chosen).scalars())


def columns_of(connection: Connection) -> Columns:
    """What every policy can be narrowed by."""
    table = _POLICIES.c
    facts = connection.execute(
        select(
            table.id,
            table.commons,
            table.slug,
            table.status,
            table.language,
            table.licence_text,
            table.tested,
            table.updated_at,
        ).order_by(table.id)
    )
    labels = connection.execute(select(_LABELS.c.policy, _LABELS.c.code))
    return Columns([PolicyFacts(*row) for row in facts], [(row[0], row[1]) for row in labels])


def mark(connection: Connection, name: str) -> int:
    """A fact about the index itself; 0 when it was never set."""
    return connection.execute(select(_MARKS.c.value).where(_MARKS.c.name == name)).scalar() or 0


def set_mark(connection: Connection, name: str, value: int) -> None:
    """States a fact about the index itself."""
    connection.execute(delete(_MARKS).where(_MARKS.c.name == name))
    connection.execute(insert(_MARKS), [{"name": name, "value": value}])


def _entries(connection: Connection, chosen: Select[Any]) -> tuple[PolicyEntry, ...]:
    return tuple(_entry(row) for row in connection.execute(chosen))


def _entry(row: Row[Any]) -> PolicyEntry:
    return PolicyEntry(
        commons=row.commons,
        slug=row.slug,
        title=row.title,
        summary=row.summary,
        version=row.version,
        status=row.status,
        language=row.language,
        labels=_labels(row.labels),
        licence_text=row.licence_text,
        licence_cases=row.licence_cases,
        tested=row.tested,
        owner=row.owner,
        maintainers=_words(row.maintainers),
        warnings=_words(row.warnings),
        translation_of=row.translation_of,
        upstream=row.upstream,
        commit=row.commit_id,
        content=row.content,
        folder=row.folder,
        serial=row.serial,
        updated_at=row.updated_at,
    )
