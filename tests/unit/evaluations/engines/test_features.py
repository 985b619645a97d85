"""N-gram counts, against scikit-learn's own."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer

from evaluations.engines.features import NgramCounter
from policies.lint.words import folded

FITTED = [
    "Buy my watches, buy them now!!!",
    "a rainy   morning",
    "Straße und Straße",
    "$$$ for you",
    "一二三 四",
]
OTHERS = [
    "watches buy now",
    "",
    "   ",
    "!!! $$$ new words here",
    "STRASSE und",
    "a a a a",
    "一二三",
    "my my watches",
]


@pytest.mark.parametrize("texts", [FITTED, OTHERS, OTHERS[::-1], [""], []])
def test_counts_are_those_of_scikit_learn(texts: list[str]) -> None:
    """Words, pairs of words and character n-grams within words are counted alike, column by column."""
    counted = NgramCounter(FITTED).count(texts)
    fitted, others = [folded(text) for text in FITTED], [folded(text) for text in texts]
    words = CountVectorizer(lowercase=False, token_pattern=r"\w+|[^\w\s]", ngram_range=(1, 2)).fit(fitted)
    # Scikit-learn cuts at blanks only; marks are tokens of their own here, so they are set apart first.
    apart = [
        " ".join(CountVectorizer(token_pattern=r"\w+|[^\w\s]").build_tokenizer()(text)) for text in fitted
    ]
    others_apart = [
        " ".join(CountVectorizer(token_pattern=r"\w+|[^\w\s]").build_tokenizer()(text)) for text in others
    ]
    characters = CountVectorizer(lowercase=False, analyzer="char_wb", ngram_range=(2, 4)).fit(apart)
    for found, vectorizer, theirs in (
        (counted.words, words, others),
        (counted.characters, characters, others_apart),
    ):
        expected = (
            vectorizer.transform(theirs).toarray() if theirs else np.zeros((0, len(vectorizer.vocabulary_)))
        )
        assert found.shape == expected.shape
        assert sorted(map(tuple, found.toarray().T)) == sorted(map(tuple, expected.T))


def test_blank_texts_have_nothing_to_count() -> None:
    """Without a single word there is no vocabulary."""
    with pytest.raises(ValueError, match="empty vocabulary"):
        NgramCounter(["", "  "])
