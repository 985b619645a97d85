"""Cases that stand in the policy text, which the model would read with the answer beside. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from policies.lint.words import Shingles, Words, jaccard, shingles_of, spaced, words_of

_LEAST_QUOTED = 4  # Three words in a row meet by chance; as a whole example they do not.
_LEAST_NEARLY = 6
_SHARE_IN_TEXT = 0.8
_ALIKE = 0.6
_LEAST_EXAMPLE = 5
_SHARE_OF_CASE = 0.5
# A policy has tens of examples; only a hostile one has thousands that share a word pair with a case.
_MOST_EXAMPLES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """A case found in the text. `position` counts in the contents given; `passage` is where it was found."""

    position: int
    exact: bool
    passage: str


@dataclass(frozen=True, slots=True)
class _Example:
    text: str
    words: Words
    pairs: Shingles


class PolicyText:
    """A policy text and its quoted examples, made ready to look cases up in."""

    def __init__(self, text: str, examples: Iterable[str]) -> None:
        words = words_of(text)
        self._length = len(words)
        self._text = spaced(words)
        self._fours = shingles_of(words, _LEAST_QUOTED)
        self._threes = shingles_of(words, 3)
        self._examples = [
            _Example(example, w, shingles_of(w)) for example in examples if (w := words_of(example))
        ]
        self._by_words: dict[Words, _Example] = {}
        self._by_pair: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        for index, example in enumerate(self._examples):
            self._by_words.setdefault(example.words, example)
            for pair in example.pairs:
                self._by_pair[pair].append(index)

    def may_hold(self, words: Words) -> bool:
        """Whether a content is short enough to stand in the text, whole or for the better half."""
        return 0 < len(words) <= 2 * self._length

    def quotation(self, words: Words) -> str | None:
        """What of the text holds all of `words` in order: an example, or the words themselves."""
        if words in self._by_words:
            return self._by_words[words].text
        if len(words) < _LEAST_QUOTED or not shingles_of(words, _LEAST_QUOTED) <= self._fours:
            return None
        return " ".join(words) if spaced(words) in self._text else None

    def near_quotation(self, words: Words) -> str | None:
        """What of the text holds nearly all of `words`: an example, or the words themselves."""
        pairs = shingles_of(words)
        near = dict.fromkeys(index for pair in sorted(pairs) for index in self._by_pair.get(pair, ()))
        for index in islice(near, _MOST_EXAMPLES):
            example = self._examples[index]
            inside = len(example.words) >= max(_LEAST_EXAMPLE, _SHARE_OF_CASE * len(words))
            if jaccard(pairs, example.pairs) >= _ALIKE or (inside and spaced(example.words) in spaced(words)):
                return example.text
        threes = shingles_of(words, 3)
        if len(words) >= _LEAST_NEARLY and len(threes & self._threes) >= _SHARE_IN_TEXT * len(threes):
            return " ".join(words)
        return None


def find_leaks(text: str, examples: Iterable[str], contents: Sequence[str]) -> tuple[Leak, ...]:
    """The contents that `text` quotes, or nearly quotes.

    Quoted: a whole example, or four words or more in a row. Nearly quoted: alike to an example by a
    Jaccard similarity of word pairs of 0.6; holding an example as half of itself or more; or, from
    six words on, with four fifths of its word triples in the text.
    """
    policy = PolicyText(text, examples)
    leaks: list[Leak] = []
    for position, content in enumerate(contents):
        words = words_of(content)
        if not policy.may_hold(words):
            continue
        passage = policy.quotation(words)
        exact = passage is not None
        if passage is None:
            passage = policy.near_quotation(words)
        if passage is not None:
            leaks.append(Leak(position=position, exact=exact, passage=passage))
    return tuple(leaks)
