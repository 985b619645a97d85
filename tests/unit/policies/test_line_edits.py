"""Lines of a file: counted, replaced, and followed into another text."""

from __future__ import annotations

import pytest

from policies.line_edits import Span, followed, lines_of, with_lines

TEXT = "one\ntwo\nthree\nfour\n"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ()),
        ("\n", ("",)),
        ("one", ("one",)),
        ("one\n", ("one",)),
        ("one\r\n\r\ntwo", ("one", "", "two")),
        ("a\u2028b\x0bc\n", ("a\u2028b\x0bc",)),
    ],
)
def test_lines(text: str, lines: tuple[str, ...]) -> None:
    """Only a line feed ends a line, as in Git and in every message of lint."""
    assert lines_of(text) == lines


@pytest.mark.parametrize(
    ("span", "words", "after"),
    [
        (Span(2, 2), "zwei", "one\nzwei\nthree\nfour\n"),
        (Span(2, 3), "2\r\n2a\n3\n", "one\n2\n2a\n3\nfour\n"),
        (Span(1, 4), "all", "all\n"),
        (Span(2, 3), "", "one\nfour\n"),
        (Span(4, 4), "\n", "one\ntwo\nthree\n\n"),
    ],
)
def test_replaced(span: Span, words: str, after: str) -> None:
    """Words stand where the lines stood, whatever they end in; none take the lines out."""
    assert with_lines(TEXT, span, words) == after


def test_line_ends_stay() -> None:
    """A file keeps its line ends, and having none at its end."""
    assert with_lines("one\r\ntwo\r\n", Span(1, 1), "a\nb") == "a\r\nb\r\ntwo\r\n"
    assert with_lines("one\r\ntwo", Span(2, 2), "2\n") == "one\r\n2"


@pytest.mark.parametrize("span", [Span(0, 1), Span(5, 5), Span(3, 2), Span(1, 9)])
def test_no_such_lines(span: Span) -> None:
    """Lines that are not there are refused."""
    with pytest.raises(ValueError, match="there are no lines"):
        with_lines(TEXT, span, "x")


def test_followed() -> None:
    """Lines that are as they were are found where they stand now; one that changed or went is not."""
    old = lines_of(TEXT)
    assert followed(old, old, Span(2, 3)) == Span(2, 3)
    new = ("zero", "one", "two", "three", "4")
    assert followed(old, new, Span(2, 3)) == Span(3, 4)
    assert followed(old, new, Span(3, 4)) is None
    assert followed(old, ("one", "two", "between", "three", "four"), Span(2, 3)) is None
    assert followed(old, (), Span(1, 1)) is None
