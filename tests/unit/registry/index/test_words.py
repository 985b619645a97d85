"""What visitors type, as the full-text index is asked for it."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.index.tables import CREATE_TEXT, TEXT_TABLE
from registry.index.words import MAX_WORDS, match_expression, prepared, shown


@pytest.fixture(scope="module")
def texts() -> sqlite3.Connection:
    """An index of three texts."""
    connection = sqlite3.connect(":memory:")
    connection.execute(CREATE_TEXT)
    for rowid, body in (
        (1, "Romance scams begin with a long chat."),
        (2, "骗子会要求转账到安全账户"),
        (3, "Café rules"),
    ):
        connection.execute(
            f"INSERT INTO {TEXT_TABLE} (rowid, title, slug, labels, summary, people, body) "
            "VALUES (?, '', '', '', '', '', ?)",
            (rowid, prepared(body)),
        )
    return connection


def _found(texts: sqlite3.Connection, words: str) -> list[int]:
    expression = match_expression(words)
    assert expression is not None
    rows = texts.execute(f"SELECT rowid FROM {TEXT_TABLE} WHERE {TEXT_TABLE} MATCH ?", (expression,))
    return [rowid for (rowid,) in rows]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("romance", [1]),
        ("romance sca", [1]),
        ("sca romance", []),
        ('"long chat"', [1]),
        ('"chat long"', []),
        ('"long cha"', []),
        ("cafe", [3]),
        ("CAFÉ", [3]),
        ("转账", [2]),
        ("账转", []),
        ("安全账", [2]),
        ("scams OR rules", []),
        ("body:romance", []),
        ("rules NEAR café", []),
    ],
)
def test_words_are_joined_by_and_and_the_last_may_be_a_beginning(
    texts: sqlite3.Connection, words: str, found: list[int]
) -> None:
    """Phrases in quotes stand as they are, accents do not count, and operators are words like others."""
    assert _found(texts, words) == found


@given(st.text(st.characters(), max_size=300))
def test_nothing_that_is_typed_is_syntax(texts: sqlite3.Connection, words: str) -> None:
    """Whatever characters it has, the query is one that SQLite takes."""
    expression = match_expression(words)
    if expression is not None:
        texts.execute(f"SELECT rowid FROM {TEXT_TABLE} WHERE {TEXT_TABLE} MATCH ?", (expression,)).fetchall()


@pytest.mark.parametrize("words", ["", "   ", '""', "--- ***", '"', "\x00", "\ud800"])
def test_without_a_letter_or_digit_there_is_nothing_to_look_for(words: str) -> None:
    """Punctuation alone asks for nothing."""
    assert match_expression(words) is None


def test_long_queries_are_cut() -> None:
    """So many words and no more are looked for."""
    expression = match_expression(" ".join(f"w{number}" for number in range(40)))
    assert expression is not None
    assert expression.count(" AND ") == MAX_WORDS - 1


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00\u200b"), max_size=80))
def test_what_is_put_in_reads_as_it_was(text: str) -> None:
    """The marks between characters that no space parts are gone when a text is shown."""
    assert shown(prepared(text)) == text
