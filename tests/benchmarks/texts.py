"""Texts as people write them, in how their words are spread: few words often, most words rarely."""

from __future__ import annotations

import random
from collections.abc import Iterator

_WORDS = 30_000
_SYLLABLES = ("ba", "co", "di", "fu", "ga", "he", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "va", "ze")


def vocabulary() -> list[str]:
    """Distinct words, the most frequent first: short ones come often, as in any language."""
    words: list[str] = []
    for number in range(_WORDS):
        word, rest = "", number
        while True:
            word += _SYLLABLES[rest % 16]
            rest //= 16
            if not rest:
                break
        words.append(word)
    return words


def texts(seed: int, length: int) -> Iterator[str]:
    """Endless texts of about `length` words, spread as Zipf found them to be."""
    chance, words = random.Random(seed), vocabulary()
    weights = [1 / rank for rank in range(1, len(words) + 1)]
    while True:
        drawn = chance.choices(words, weights, k=length)
        yield " ".join(drawn).capitalize() + "."
