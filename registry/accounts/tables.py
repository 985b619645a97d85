"""The tables of `private.db`. Rows only: nothing outside this package sees one.

What opens something is kept as a digest. A table is changed by a revision in `migrations/` and by nothing
else; a test holds the two together.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, LargeBinary, MetaData
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

METADATA = MetaData()


class PrivateRow(SQLModel, registry=registry(metadata=METADATA)):
    """Apart from the index's tables, which are another database. All times are UTC seconds."""


class AccountRow(PrivateRow, table=True):
    """An account. It stays when it is deleted, with its handle alone: nobody is to have that again.

    `password` is empty until its owner has chosen one. `look_alike` would be equal for handles that a hurried
    reader takes for one another, so there are no two.
    """

    __tablename__ = "account"

    id: int | None = Field(default=None, primary_key=True)
    handle: str = Field(unique=True)
    look_alike: str = Field(unique=True)
    password: str = ""
    created_at: int = Field(sa_type=BigInteger)
    changed_at: int = Field(sa_type=BigInteger)
    deleted_at: int | None = Field(default=None, sa_type=BigInteger)


class SessionRow(PrivateRow, table=True):
    """A browser that is signed in. `ref` names it on the account's page, `agent` is what it said it is."""

    __tablename__ = "session"

    id: str = Field(primary_key=True)
    ref: str = Field(unique=True)
    account: int = Field(foreign_key="account.id", index=True)
    agent: str
    created_at: int = Field(sa_type=BigInteger)
    seen_at: int = Field(sa_type=BigInteger)
    ends_at: int = Field(sa_type=BigInteger)


class InvitationRow(PrivateRow, table=True):
    """A link with which one person may sign up; under `handle` and no other, where one is named."""

    __tablename__ = "invitation"

    id: str = Field(primary_key=True)
    handle: str | None = None
    created_at: int = Field(sa_type=BigInteger)
    ends_at: int = Field(sa_type=BigInteger)


class ResetRow(PrivateRow, table=True):
    """A link with which somebody chooses a new password. An account has one at the most."""

    __tablename__ = "reset"

    account: int = Field(foreign_key="account.id", primary_key=True)
    id: str = Field(unique=True)
    created_at: int = Field(sa_type=BigInteger)
    ends_at: int = Field(sa_type=BigInteger)


class TokenRow(PrivateRow, table=True):
    """A program's token. `hint` is how it begins; `scopes` are parted by spaces."""

    __tablename__ = "token"

    id: str = Field(primary_key=True)
    ref: str = Field(unique=True)
    account: int = Field(foreign_key="account.id", index=True)
    name: str
    hint: str
    scopes: str
    created_at: int = Field(sa_type=BigInteger)
    ends_at: int = Field(sa_type=BigInteger)
    used_at: int | None = Field(default=None, sa_type=BigInteger)


class WindowRow(PrivateRow, table=True):
    """How often something was done since a window began. `id` is a digest of what and by whom."""

    __tablename__ = "limit_window"

    id: str = Field(primary_key=True)
    used: int
    ends_at: int = Field(sa_type=BigInteger, index=True)


class AnswerRow(PrivateRow, table=True):
    """The first answer to a request with an Idempotency-Key; `status` is empty until there is one.

    `id` is a digest of the account and the key, `request` one of what was asked.
    """

    __tablename__ = "answer"

    id: str = Field(primary_key=True)
    request: str
    began_at: int = Field(sa_type=BigInteger, index=True)
    status: int | None = None
    headers: str = ""
    body: bytes = Field(default=b"", sa_type=LargeBinary)
