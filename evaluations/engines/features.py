"""Texts as counts of word and character n-grams. Loads numpy, scipy and scikit-learn, inside functions.

Character n-grams are counted within words, so they follow from which words a text has: each distinct
word is cut up once, and a sparse product gives the counts of every text. With pairs of words counted on
numbers instead of strings, this gives scikit-learn's own counts several times as fast.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

from policies.lint.words import folded

Matrix: TypeAlias = Any
"""A scipy CSR matrix, a row per text and a column per n-gram; scipy ships no types."""

Numbers: TypeAlias = Any
"""A numpy array of whole numbers."""

CONFIG = {"words": "1-2", "characters": "2-4 within words"}

_TOKEN = re.compile(r"\w+|[^\w\s]")  # Marks count: `$$$`, `!!!` and emoji are what some spam is made of.
_CHARACTER_NGRAMS = (2, 4)


class Counted(NamedTuple):
    """Counts of words and pairs of words, and of characters, a row per text."""

    words: Matrix
    characters: Matrix


class NgramCounter:
    """Counts the n-grams that were in the texts it was made from; others are not counted."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Raises `ValueError` when the texts hold nothing but blanks."""
        import numpy as np
        from sklearn.feature_extraction.text import CountVectorizer

        split = _split(texts)
        self._column = {word: column for column, word in enumerate(split.words)}
        columns = np.arange(len(split.words))
        self._pairs = np.unique(self._coded_pairs(split, columns).codes)
        self._characters = CountVectorizer(lowercase=False, analyzer="char_wb", ngram_range=_CHARACTER_NGRAMS)
        self._characters.fit(split.words)

    def count(self, texts: Sequence[str]) -> Counted:
        """The counts of `texts`."""
        import numpy as np
        from scipy.sparse import csr_matrix, hstack

        split = _split(texts)
        columns = np.fromiter((self._column.get(word, -1) for word in split.words), dtype=np.int64)
        if not split.words:
            width = len(self._column) + len(self._pairs)
            empty = csr_matrix((len(texts), len(self._characters.vocabulary_)))
            return Counted(csr_matrix((len(texts), width)), empty)
        occurrences = _counts(split.rows, split.ids, (len(texts), len(split.words)))
        words = split.ids[columns[split.ids] >= 0]
        rows = split.rows[columns[split.ids] >= 0]
        singles = _counts(rows, columns[words], (len(texts), len(self._column)))
        coded = self._coded_pairs(split, columns)
        at = np.minimum(np.searchsorted(self._pairs, coded.codes), max(len(self._pairs) - 1, 0))
        known = self._pairs[at] == coded.codes if len(self._pairs) else np.zeros(len(at), dtype=bool)
        pairs = _counts(coded.rows[known], at[known], (len(texts), len(self._pairs)))
        characters = occurrences @ self._characters.transform(split.words)
        return Counted(hstack([singles, pairs], format="csr"), characters)

    def _coded_pairs(self, split: _Split, columns: Numbers) -> _Pairs:
        """Neighbouring known words of one text, each pair as one number."""
        known = columns[split.ids]
        first, second = known[:-1], known[1:]
        inside = (split.rows[:-1] == split.rows[1:]) & (first >= 0) & (second >= 0)
        return _Pairs(split.rows[:-1][inside], first[inside] * len(self._column) + second[inside])


class _Split(NamedTuple):
    """The distinct words of some texts, and every occurrence as a row and a word's position."""

    words: list[str]
    rows: Numbers
    ids: Numbers


class _Pairs(NamedTuple):
    rows: Numbers
    codes: Numbers


def _split(texts: Sequence[str]) -> _Split:
    import numpy as np

    position: dict[str, int] = {}
    ids: list[int] = []
    lengths: list[int] = []
    for text in texts:
        words = _TOKEN.findall(folded(text))
        ids.extend(position.setdefault(word, len(position)) for word in words)
        lengths.append(len(words))
    rows = np.repeat(np.arange(len(texts)), lengths)
    return _Split(list(position), rows, np.array(ids, dtype=np.int64))


def _counts(rows: Numbers, columns: Numbers, shape: tuple[int, int]) -> Matrix:
    import numpy as np
    from scipy.sparse import csr_matrix

    # Making CSR from coordinates adds up what falls on one place.
    return csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
