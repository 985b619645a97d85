"""The search for near-duplicates."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from policies.lint.near import THRESHOLD, near_duplicates
from policies.lint.words import jaccard, shingles_of


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def test_texts_that_share_most_word_pairs_are_grouped() -> None:
    """Three variants of one sentence are one group; a different sentence is none."""
    texts = [
        _words("we sell the finest lamps in the old town"),
        _words("my cat sleeps on the stove all day long"),
        _words("we sell the finest lamps in the old port"),
        _words("we sell the finest lamps in the old mill"),
    ]
    assert near_duplicates(texts).groups == ((0, 2, 3),)


def test_exempt_pairs_are_left_alone_and_their_other_twins_found() -> None:
    """A case may be like its contrast partner, and is still compared with all others."""
    texts = [_words("a b c d e f g h")] * 3
    found = near_duplicates(texts, exempt=lambda earlier, later: (earlier, later) == (0, 1))
    assert found.groups == ((0, 2),)


def test_nothing_gives_no_groups() -> None:
    """No texts, and texts without words, are no duplicates."""
    assert near_duplicates([]).groups == ()
    assert near_duplicates([(), ()]).groups == ()


@given(st.lists(st.lists(st.sampled_from("abcde"), max_size=8).map(tuple), max_size=12))
def test_every_text_with_an_earlier_twin_is_found_and_no_other(texts: list[tuple[str, ...]]) -> None:
    """Agrees with comparing all pairs."""
    sets = [shingles_of(words) for words in texts]
    repeated = [
        later
        for later, text in enumerate(sets)
        if any(jaccard(text, earlier) >= THRESHOLD for earlier in sets[:later])
    ]
    found = near_duplicates(texts)
    assert found.complete
    assert sorted(position for group in found.groups for position in group[1:]) == repeated
