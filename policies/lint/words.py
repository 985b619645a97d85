"""Texts as sequences of words, and how alike two of them are. Pure.

Case, punctuation, width and spacing do not count: two cases that differ in nothing else measure the
same thing twice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set

# Scripts written without spaces give no words to compare, so each of their characters is taken as one.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])[^\W_])+")

Words = tuple[str, ...]
Shingles = frozenset[tuple[str, ...]]


def words_of(text: str) -> Words:
    """The words of `text`, folded so that variants of case and width are equal; punctuation is dropped."""
    return tuple(_WORD.findall(folded(text)))


def folded(text: str) -> str:
    """`text` without differences of case, width and spacing, but with its punctuation."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def shingles_of(words: Words, size: int = 2) -> Shingles:
    """The word n-grams of a text; a text of fewer words is one shingle."""
    if len(words) < size:
        return frozenset({words}) if words else frozenset()
    return frozenset(zip(*(words[start:] for start in range(size)), strict=False))


def jaccard(left: Set[object], right: Set[object]) -> float:
    """Shared members over all members, 0 to 1; 0 for two empty sets."""
    shared = len(left & right)
    return shared / (len(left) + len(right) - shared) if shared else 0.0


def spaced(words: Words) -> str:
    """`words` as one string in which a run of words can be searched for without splitting a word."""
    return f" {' '.join(words)} "
