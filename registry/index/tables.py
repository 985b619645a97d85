"""The index's tables. Rows only: nothing outside this package sees one."""

from __future__ import annotations

from sqlalchemy import Index as SqlIndex
from sqlalchemy import Table, UniqueConstraint, text
from sqlmodel import Field, SQLModel

SCHEMA = 4
"""Counted up whenever a table, or what is put into one, changes: an older file is set aside."""

APPLICATION = 0x50434958
"""Marks a SQLite file as this index ("PCIX"), so that no other program's file is taken for one."""


class MarkRow(SQLModel, table=True):
    """A fact about the index itself: its serial."""

    __tablename__ = "mark"

    name: str = Field(primary_key=True)
    value: int


class CommonsRow(SQLModel, table=True):
    """A commons and the log commit that has been taken in."""

    __tablename__ = "commons"

    name: str = Field(primary_key=True)
    head: str
    seq: int


class PolicyRow(SQLModel, table=True):
    """A policy at its latest release. `labels`, `maintainers` and `warnings` are JSON lists."""

    __tablename__ = "policy"
    __table_args__ = (UniqueConstraint("commons", "slug"),)

    id: int | None = Field(default=None, primary_key=True)
    commons: str
    slug: str
    title: str
    summary: str
    version: str
    status: str
    language: str
    labels: str
    licence_text: str | None
    licence_cases: str | None
    tested: bool
    owner: str
    maintainers: str
    warnings: str
    translation_of: str | None = Field(default=None, index=True)
    upstream: str | None = Field(default=None, index=True)
    commit_id: str
    content: str
    folder: str
    serial: int
    updated_at: int


class LabelRow(SQLModel, table=True):
    """A label code of a policy, for narrowing a search."""

    __tablename__ = "label"

    policy: int = Field(primary_key=True)
    code: str = Field(primary_key=True)


class EventRow(SQLModel, table=True):
    """An event of a log. `proposal` is the number of the one that it is about, `member` whom it names."""

    __tablename__ = "event"
    __table_args__ = (
        SqlIndex("event_by_time", "at", "commons", "seq"),
        SqlIndex("event_by_actor", "actor", "commons", "proposal"),
        SqlIndex("event_by_member", "member", "commons", sqlite_where=text("member IS NOT NULL")),
        SqlIndex("event_by_proposal", "commons", "proposal", "seq"),
    )

    commons: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    commit_id: str
    type: str
    actor: str
    at: int
    slug: str | None
    version: str | None
    proposal: int | None
    member: str | None
    sentence: str


class TouchedRow(SQLModel, table=True):
    """That an event is about a policy; one that brings many policies has many of these."""

    __tablename__ = "touched"

    commons: str = Field(primary_key=True)
    slug: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    version: str | None


class SharedRunRow(SQLModel, table=True):
    """A run of the shared model: what makes a policy count as tested."""

    __tablename__ = "shared_run"

    commons: str = Field(primary_key=True)
    commit_id: str = Field(primary_key=True)
    slug: str
    content: str


def table_of(row: type[SQLModel]) -> Table:
    """The table behind a row class, for queries that make no objects of rows."""
    return SQLModel.metadata.tables[str(row.__tablename__)]


TEXT_TABLE = "policy_text"
TEXT_COLUMNS = ("title", "slug", "labels", "summary", "people", "body")
WEIGHTS = (10.0, 8.0, 5.0, 5.0, 2.0, 1.0)
"""What a word counts for in each column, for bm25."""

CREATE_TEXT = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {TEXT_TABLE} USING fts5({', '.join(TEXT_COLUMNS)}, "
    "tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3 4')"
)
