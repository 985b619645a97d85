"""Lists in pages. A cursor says where the next page begins, and of which list. Touches nothing."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

import msgspec

from registry.web.refusals import BadCursorError

Item = TypeVar("Item")

_MAX_CURSOR = 512


class _Cursor(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    of: str
    after: str


class Part(NamedTuple):
    """A run of items beginning at `start` (from 0), and the cursor of what follows, if anything does."""

    start: int
    end: int
    next: str | None


def part_of(length: int, cursor: str | None, size: int, of: str) -> Part:
    """One page of a list of known length. `of` names the list and the state it was taken from.

    A cursor of another list, or of an earlier state of it, raises `BadCursorError`: its place means
    nothing here any more.
    """
    start = 0
    if cursor is not None:
        after = read_cursor(cursor, of)
        if not (after.isascii() and after.isdigit() and len(after) <= 9):
            raise BadCursorError
        start = int(after)
        if not 0 < start < length:
            raise BadCursorError
    end = min(start + size, length)
    return Part(start, end, write_cursor(of, str(end)) if end < length else None)


def after_key(keys: Sequence[str], cursor: str | None, size: int, of: str) -> Part:
    """One page of a sorted list of keys. The cursor is a key, so items that come and go do no harm."""
    start = 0
    if cursor is not None:
        after = read_cursor(cursor, of)
        start = next((index for index, key in enumerate(keys) if key > after), len(keys))
    end = min(start + size, len(keys))
    return Part(start, end, write_cursor(of, keys[end - 1]) if end < len(keys) else None)


def write_cursor(of: str, after: str) -> str:
    """An opaque cursor."""
    return base64.urlsafe_b64encode(msgspec.json.encode(_Cursor(of, after))).decode().rstrip("=")


def read_cursor(text: str, of: str) -> str:
    """What a cursor of this list holds. Raises `BadCursorError`."""
    try:
        if len(text) > _MAX_CURSOR:
            raise BadCursorError
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        cursor = msgspec.json.decode(raw, type=_Cursor)
    except (binascii.Error, ValueError, msgspec.MsgspecError) as error:
        raise BadCursorError from error
    if cursor.of != of:
        raise BadCursorError
    return cursor.after
