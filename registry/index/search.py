"""Search: full text ranked by SQLite, filters and counts over the columns in memory."""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Sequence

import msgspec
import numpy as np
import numpy.typing as npt
from sqlalchemy.engine import Connection

from registry.index.columns import Columns, Numbers, together
from registry.index.entries import Found, Hit, PolicyEntry, Query
from registry.index.errors import BadPositionError
from registry.index.queries import entries_by_id
from registry.index.tables import TEXT_TABLE, WEIGHTS
from registry.index.words import match_expression, named, shown

Keys = npt.NDArray[np.float64]

MAX_LIMIT = 200
_TOKENS = 16
_OPEN, _CLOSE = "\x02", "\x03"
_MAX_POSITION = 1_000

RANKED = 2_000
"""Up to this many matches are ranked by their texts. Of a word that more policies hold, the text says little:
those that carry it in their title, name, labels or summary come first, then the others, newest first."""

_STRONG = "{title slug labels summary} : "
_UNRANKED = 1e12  # above every rank, which is negative, and above every negated time
_IDS = f"SELECT rowid FROM {TEXT_TABLE} WHERE {TEXT_TABLE} MATCH ?"  # noqa: S608 - our own names
_RANKS = (
    f"SELECT rowid, bm25({TEXT_TABLE}, {', '.join(map(str, WEIGHTS))}) "  # noqa: S608 - our own names
    f"FROM {TEXT_TABLE} WHERE {TEXT_TABLE} MATCH ?"
)
_EXCERPTS = (
    f"SELECT rowid, snippet({TEXT_TABLE}, -1, '{_OPEN}', '{_CLOSE}', '…', {_TOKENS}) "  # noqa: S608 - our own names
    f"FROM {TEXT_TABLE} WHERE {TEXT_TABLE} MATCH ? AND rowid IN "
)


class _Position(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """The last result of a page: what it was ordered by, and its address."""

    key: float
    address: str


def search(connection: Connection, columns: Columns, query: Query) -> Found:
    """One page of what a query finds. Raises `BadPositionError`."""
    after = _read(query.after)
    expression = match_expression(query.words)
    if expression is None and query.words.strip():
        # Only punctuation was asked for: that is in no index, and not the same as asking for nothing.
        return Found(hits=(), total=0, facets=columns.facets(np.empty(0, dtype=np.int64), {}))
    ids, keys = _candidates(connection, columns, expression)
    places = columns.places(ids)
    wanted = {
        "status": query.status,
        "language": query.language,
        "licence": query.licence,
        "commons": query.commons,
        "label": query.label,
    }
    masks = columns.masks(places, wanted, tested=query.tested)
    left = together(len(places), masks)
    places_left, keys_left = places[left], keys[left]
    ranks_left = columns.rank[places_left]
    order = np.lexsort((ranks_left, keys_left))
    start = 0
    if after is not None:
        earlier = (keys_left < after.key) | (
            (keys_left == after.key) & (ranks_left < columns.rank_after(after.address))
        )
        start = int(np.count_nonzero(earlier))
    limit = max(1, min(query.limit, MAX_LIMIT))
    page = order[start : start + limit]
    chosen = columns.ids[places_left[page]].tolist()
    entries = entries_by_id(connection, chosen)
    excerpts = _excerpts(connection, expression, chosen) if expression else {}
    hits = tuple(Hit(policy=entry, excerpt=_telling(excerpts.get(id_, ()), entry)) for id_, entry in entries)
    follows = start + limit < len(order)
    return Found(
        hits=hits,
        total=len(order),
        facets=columns.facets(places, masks),
        next=_write(float(keys_left[page[-1]]), columns.address(places_left[page[-1]])) if follows else None,
    )


def _candidates(connection: Connection, columns: Columns, expression: str | None) -> tuple[Numbers, Keys]:
    """Ids of what matches, and what they are ordered by: smallest first."""
    newest_first = -columns.updated.astype(np.float64)
    if expression is None:
        return columns.ids, newest_first
    found = np.array([row[0] for row in _rows(connection, _IDS, expression)], dtype=np.int64)
    # The columns may be of the state just before this one; what they do not know yet is found next time.
    found = np.sort(found[columns.known(found)])
    keys = _UNRANKED + newest_first[columns.places(found)]
    if len(found) > RANKED:
        expression = f"{_STRONG}({expression})"
        if len(_rows(connection, _IDS, expression)) > RANKED:
            return found, keys
    ranks = _rows(connection, _RANKS, expression)
    ranked = np.array([row[0] for row in ranks], dtype=np.int64)
    values = np.array([row[1] for row in ranks], dtype=np.float64)
    known = columns.known(ranked)
    keys[np.searchsorted(found, ranked[known])] = values[known]
    return found, keys


def _excerpts(connection: Connection, expression: str, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """For each policy, plain and matching text in turns, plain first."""
    if not ids:
        return {}
    places = ", ".join("?" * len(ids))
    rows = connection.exec_driver_sql(f"{_EXCERPTS}({places})", (expression, *ids))
    return {row[0]: _parted(row[1] or "") for row in rows}


def _telling(excerpt: tuple[str, ...], entry: PolicyEntry) -> tuple[str, ...]:
    """The excerpt, unless it is the title or the name, which stand beside it anyway."""
    return () if "".join(excerpt) in (entry.title, named(entry.slug)) else excerpt


def _parted(excerpt: str) -> tuple[str, ...]:
    parts: list[str] = []
    for index, piece in enumerate(excerpt.split(_OPEN)):
        matching, closed, plain = piece.partition(_CLOSE)
        parts += [piece] if index == 0 or not closed else [matching, plain]
    return tuple(shown(part.replace(_CLOSE, "")) for part in parts)


def _rows(connection: Connection, sql: str, expression: str) -> Sequence[tuple[int, float]]:
    # Straight from the driver's cursor: rows as objects would cost more than finding them.
    return connection.exec_driver_sql(sql, (expression,)).cursor.fetchall()


def _write(key: float, address: str) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(_Position(key, address))).decode().rstrip("=")


def _read(position: str | None) -> _Position | None:
    if position is None:
        return None
    try:
        if len(position) > _MAX_POSITION:
            raise BadPositionError
        raw = base64.b64decode(position + "=" * (-len(position) % 4), altchars=b"-_", validate=True)
        read = msgspec.json.decode(raw, type=_Position)
    except (binascii.Error, ValueError, msgspec.MsgspecError) as error:
        raise BadPositionError from error
    if not math.isfinite(read.key):
        raise BadPositionError
    return read
