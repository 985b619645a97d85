"""Puts policies into the index: their row, their labels and their text, together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Table, delete, func, insert, select
from sqlalchemy.engine import Connection

from registry.index.reading import PolicyText
from registry.index.rows import Row, label_rows, policy_row, text_row
from registry.index.tables import TEXT_COLUMNS, TEXT_TABLE, LabelRow, PolicyRow, table_of

_POLICIES, _LABELS = table_of(PolicyRow), table_of(LabelRow)
_PUT_TEXT = (
    f"INSERT INTO {TEXT_TABLE} (rowid, {', '.join(TEXT_COLUMNS)}) "  # noqa: S608 - our own names
    f"VALUES ({', '.join('?' * (1 + len(TEXT_COLUMNS)))})"
)
_DROP_TEXT = f"DELETE FROM {TEXT_TABLE} WHERE rowid = ?"  # noqa: S608 - our own name


_FEW = 500
"""Names that one query is given; SQLite takes some thousands."""


class Known(NamedTuple):
    """A policy that is in the index: its id, and the event that touched it last."""

    id: int
    serial: int
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A policy as it is put in; `id` is None for one that is new."""

    id: int | None
    commons: str
    owner: str
    read: PolicyText
    serial: int
    updated_at: int
    tested: bool


def known_policies(connection: Connection, commons: str, slugs: Sequence[str]) -> dict[str, Known]:
    """Those of a commons' policies that are in the index, by slug; when asked for many, all there are."""
    table = _POLICIES.c
    chosen = select(table.slug, table.id, table.serial, table.updated_at).where(table.commons == commons)
    if len(slugs) <= _FEW:
        chosen = chosen.where(table.slug.in_(slugs))
    rows = connection.execute(chosen)
    return {row.slug: Known(row.id, row.serial, row.updated_at) for row in rows}


def put_listings(connection: Connection, listings: Sequence[Listing]) -> None:
    """Puts policies in, in place of what the index had of them."""
    had = [listing.id for listing in listings if listing.id is not None]
    if had:
        connection.execute(delete(_POLICIES).where(_POLICIES.c.id.in_(had)))
        connection.execute(delete(_LABELS).where(_LABELS.c.policy.in_(had)))
        connection.exec_driver_sql(_DROP_TEXT, [(id_,) for id_ in had])
    following = (connection.execute(select(func.max(_POLICIES.c.id))).scalar() or 0) + 1
    # An id that a policy has just left may be the highest: new ones must not take it.
    following = max(following, *(id_ + 1 for id_ in had)) if had else following
    policies: list[Row] = []
    labels: list[Row] = []
    texts: list[tuple[object, ...]] = []
    for listing in listings:
        id_ = listing.id
        if id_ is None:
            id_, following = following, following + 1
        policies.append(
            policy_row(
                id_,
                listing.commons,
                listing.read,
                owner=listing.owner,
                serial=listing.serial,
                at=listing.updated_at,
                tested=listing.tested,
            )
        )
        labels += label_rows(id_, listing.read)
        texts.append(text_row(id_, listing.read))
    put(connection, _POLICIES, policies)
    put(connection, _LABELS, labels)
    if texts:
        connection.exec_driver_sql(_PUT_TEXT, texts)


def put(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Inserts rows, if there are any."""
    if rows:
        connection.execute(insert(table), list(rows))
