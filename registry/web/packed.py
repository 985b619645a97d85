"""Many lines in little memory, any of them read at once. Pure.

A run of 100,000 cases has some 25 MB of rows, and a page shows fifty of them. Lines are packed in chunks, so
that reading one unpacks a few hundred and not all.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from itertools import islice

CHUNK = 256
_LEVEL = 1


class PackedLines:
    """Lines by their number, from 0."""

    def __init__(self, chunks: tuple[bytes, ...], length: int) -> None:
        self._chunks = chunks
        self._length = length

    @classmethod
    def of(cls, lines: Iterable[bytes]) -> PackedLines:
        """Packs lines that hold no line break."""
        chunks: list[bytes] = []
        length = 0
        rest = iter(lines)
        while some := list(islice(rest, CHUNK)):
            chunks.append(zlib.compress(b"\n".join(some), _LEVEL))
            length += len(some)
        return cls(tuple(chunks), length)

    def __len__(self) -> int:
        return self._length

    @property
    def weight(self) -> int:
        """Bytes that they take."""
        return sum(map(len, self._chunks))

    def lines(self, numbers: Iterable[int]) -> list[bytes]:
        """The lines of these numbers, in the order asked for. Raises `IndexError`."""
        unpacked: dict[int, Sequence[bytes]] = {}
        found = []
        for number in numbers:
            if not 0 <= number < self._length:
                raise IndexError(number)
            chunk, place = divmod(number, CHUNK)
            if chunk not in unpacked:
                unpacked[chunk] = zlib.decompress(self._chunks[chunk]).split(b"\n")
            found.append(unpacked[chunk][place])
        return found
