"""The data types of SSH (RFC 4251, section 5) and strict base64. Pure.

One value has one encoding here: lengths fit exactly, integers carry no needless zeros, base64 no stray
bits. So nobody can turn a key or a signature into other bytes that mean the same.
"""

from __future__ import annotations

import base64
from collections.abc import Callable

Refuse = Callable[[str], Exception]
"""Makes the error to raise, of the rule that was broken."""

_LENGTH = 4


class Reader:
    """Reads one value after the other; `refuse` says what is raised when the bytes do not fit."""

    __slots__ = ("_at", "_raw", "_refuse")

    def __init__(self, raw: bytes, refuse: Refuse) -> None:
        self._raw = raw
        self._at = 0
        self._refuse = refuse

    def take(self, count: int) -> bytes:
        """The next bytes, as many as that."""
        end = self._at + count
        if end > len(self._raw):
            raise self._refuse("it is cut off.")
        taken = self._raw[self._at : end]
        self._at = end
        return taken

    def uint32(self) -> int:
        """Four bytes, the highest first."""
        return int.from_bytes(self.take(_LENGTH), "big")

    def string(self) -> bytes:
        """A length and so many bytes."""
        return self.take(self.uint32())

    def natural(self) -> int:
        """A positive `mpint`: the shortest two's complement."""
        raw = self.string()
        if not raw or raw[0] & 0x80 or (raw[0] == 0 and (len(raw) == 1 or not raw[1] & 0x80)):
            raise self._refuse("a number in it is not positive or not in its shortest form.")
        return int.from_bytes(raw, "big")

    def end(self) -> None:
        """Nothing may follow."""
        if self._at != len(self._raw):
            raise self._refuse("bytes follow its end.")


def string(raw: bytes) -> bytes:
    """A length and the bytes."""
    return len(raw).to_bytes(_LENGTH, "big") + raw


def natural(value: int) -> bytes:
    """A positive number as `mpint`."""
    return string(value.to_bytes(value.bit_length() // 8 + 1, "big"))


def unbase64(text: str, refuse: Refuse) -> bytes:
    """Decodes standard base64 with its padding, in the one form that encoding gives."""
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        raise refuse("it is not base64.") from None
    if base64_text(raw) != text:
        raise refuse("its base64 is not in the one form that encoding gives.")
    return raw


def base64_text(raw: bytes) -> str:
    """Standard base64 with padding, on one line."""
    return base64.b64encode(raw).decode("ascii")
