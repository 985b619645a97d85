"""What the fields of every payload are made of: bounded words, ids, digests, and a ref that moves. Pure."""

from __future__ import annotations

import re
from typing import Annotated, TypeAlias

import msgspec

# Patterns are anchored: msgspec searches, and an unanchored one would let anything in.
# Forty zeros mean "no such object" to git: a ref moved there would be deleted.
Oid: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^(?!0{40})[0-9a-f]{40}\Z")]
Sha256: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
Handle: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,37}[a-z0-9])?\Z")]
Slug: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")]
CommonsName: TypeAlias = Annotated[
    str, msgspec.Meta(pattern=r"^~?[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:/[a-z0-9-]{1,63}){0,7}\Z")
]
# Digits are spelt out: `\d` would let in those of every other script, and 01.0.0 beside 1.0.0.
_NUMBER = r"(?:0|[1-9][0-9]{0,8})"
Version: TypeAlias = Annotated[str, msgspec.Meta(pattern=rf"^{_NUMBER}\.{_NUMBER}\.{_NUMBER}\Z")]
RefName: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^refs/[A-Za-z0-9/._~-]{1,200}\Z")]
Word: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_.@-]{0,63}\Z")]
Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0)]
# Up to the end of the year 9999, the last that every reader of a date can show.
Seconds: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=253_402_300_799)]
Figure: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^-?[0-9]{1,12}(?:\.[0-9]{1,20})?%?\Z")]
TextId: TypeAlias = Sha256
Token: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9+/=:._-]{1,2000}\Z")]

HANDLE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,37}[a-z0-9])?")


class Payload(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Base of all payloads: immutable, and an unknown field is an error."""


class Move(Payload, frozen=True, gc=False):
    """A ref that an event moves; None stands for "does not exist"."""

    ref: RefName
    old: Oid | None
    new: Oid | None


Hours: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=87_600)]
Number: TypeAlias = Annotated[int, msgspec.Meta(ge=1)]
"""A proposal's number, or the number of an event."""
ModelName: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}\Z")]
