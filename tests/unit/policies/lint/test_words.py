"""Texts as words, and how alike two of them are."""

from __future__ import annotations

import pytest

from policies.lint.words import folded, jaccard, shingles_of, spaced, words_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don't STOP, me now!", ("don", "t", "stop", "me", "now")),
        ("ＦＵＬＬ width", ("full", "width")),
        ("Straße", ("strasse",)),
        ("snake_case", ("snake", "case")),
        ("垃圾 spam", ("垃", "圾", "spam")),
        ("「いい店」", ("い", "い", "店")),
        ("🙂 …", ()),
        ("", ()),
    ],
)
def test_words_are_folded_and_scripts_without_spaces_are_split(text: str, expected: tuple[str, ...]) -> None:
    """Case, width and punctuation do not count; a character is a word where there are no spaces."""
    assert words_of(text) == expected


def test_folding_keeps_punctuation() -> None:
    """Two texts that differ in a question mark are not the same text."""
    assert folded(" Go\tAWAY?\n") == "go away?"


def test_shingles_of_a_short_text_are_the_text() -> None:
    """A text with fewer words than a shingle can still be compared."""
    assert shingles_of(("hi",)) == frozenset({("hi",)})
    assert shingles_of(()) == frozenset()
    assert shingles_of(("a", "b", "c")) == frozenset({("a", "b"), ("b", "c")})


def test_jaccard_is_shared_over_all() -> None:
    """One shared pair of three is a third; nothing in common, and nothing at all, is 0."""
    left, right = shingles_of(("a", "b", "c")), shingles_of(("a", "b", "d"))
    assert jaccard(left, right) == 1 / 3
    assert jaccard(left, left) == 1.0
    assert jaccard(frozenset(), frozenset()) == 0.0


def test_a_run_of_words_is_not_found_inside_a_word() -> None:
    """ "art is" does not stand in "party isle"."""
    assert spaced(("art", "is")) not in spaced(("part", "isle"))
    assert spaced(("art", "is")) in spaced(("this", "art", "is", "new"))
