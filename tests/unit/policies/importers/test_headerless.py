"""Tests of `policies.importers.headerless`."""

from __future__ import annotations

import pytest

from policies.importers.headerless import HEADERLESS
from policies.importers.source import Source, read_source


def _source(text: str) -> Source:
    source = read_source("rows.csv", text.encode())
    assert isinstance(source, Source)
    return source


def test_text_and_label_are_told_by_what_they_hold() -> None:
    """One column of codes, one of numbers, one of texts: there is one way to read them."""
    source = _source("1,hello there,AB0\n2,something else,AB2\n3,a third text,AB0\n")
    assert HEADERLESS.recognises(source) > 0
    reading = HEADERLESS.read(source)
    assert [(draft.key, draft.content, draft.gold) for draft in reading.drafts] == [
        ("1", "hello there", "AB0"),
        ("2", "something else", "AB2"),
        ("3", "a third text", "AB0"),
    ]
    assert "column 2 was taken for the text and column 3 for the gold label" in reading.notices[-1].message


@pytest.mark.parametrize(
    "text",
    [
        "hello,AB0,AB1\nsecond,AB0,AB0\n",  # which of the two columns is the gold label?
        "hello,red\nsecond,blue\n",  # are these labels at all?
        "AB0\nAB1\n",
        "just a sentence\n",
    ],
)
def test_what_could_be_read_in_two_ways_is_not_read(text: str) -> None:
    """Nothing is guessed: an unclear table is left to the person."""
    assert HEADERLESS.recognises(_source(text)) == 0.0
