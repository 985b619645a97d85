from __future__ import annotations

import pytest

from registry.web.packed import CHUNK, PackedLines


@pytest.mark.parametrize("length", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 7])
def test_every_line_comes_back(length: int) -> None:
    """What was packed is read again by its number, in any order."""
    lines = [f"line {number} é".encode() for number in range(length)]
    packed = PackedLines.of(iter(lines))
    assert len(packed) == length
    assert packed.lines(range(length)) == lines
    assert packed.lines(reversed(range(length))) == lines[::-1]


def test_lines_that_are_not_there_are_an_error() -> None:
    """A number outside the lines, below 0 too, is not another line."""
    packed = PackedLines.of([b"one", b"two"])
    for number in (-1, 2):
        with pytest.raises(IndexError):
            packed.lines([number])


def test_packed_lines_weigh_less() -> None:
    """Lines that are alike take less than a quarter of their length."""
    lines = [b'{"case":"%d","verdict":{"label":"AA0"}}' % number for number in range(10_000)]
    assert PackedLines.of(lines).weight * 4 < sum(map(len, lines))
