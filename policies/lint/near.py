"""Finding near-duplicates among many short texts, exactly and fast. Pure.

Prefix filtering (Chaudhuri, Ganti, Kaushik 2006; Bayardo, Ma, Srikant 2007): if two sets are alike to
a degree `t`, then their rarest `n - ceil(t * n) + 1` members have one in common. So each text is
looked up under its rarest shingles only, and a text that matches is not looked up further: it is the
groups that matter, not every pair in them. No hashing, so no probability of a miss.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from policies.lint.words import Shingles, Words, jaccard, shingles_of

THRESHOLD = 0.7
# Word order and content of a text are known after its first words; the bound keeps long ones cheap.
WORDS_COMPARED = 400
MOST_COMPARISONS = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Groups of positions of texts that are alike, each ascending, ordered by their first.

    `complete` is False when the search gave up after `MOST_COMPARISONS`.
    """

    groups: tuple[tuple[int, ...], ...]
    complete: bool


def near_duplicates(
    texts: Sequence[Words], *, exempt: Callable[[int, int], bool] = lambda _earlier, _later: False
) -> Groups:
    """Groups of texts joined by a Jaccard similarity of word pairs of `THRESHOLD` or more.

    `exempt` says of two positions that they may be alike.
    """
    shingles = [shingles_of(words[:WORDS_COMPARED]) for words in texts]
    frequency = Counter(shingle for text in shingles for shingle in text)
    index: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    group_of = list(range(len(texts)))
    left = MOST_COMPARISONS
    for later, text in enumerate(shingles):
        prefix = _rarest(text, frequency)
        match, used = _first_match(later, prefix, shingles, index, exempt, left)
        left -= used
        if match is not None:
            group_of[later] = group_of[match]
        for shingle in prefix:
            index[shingle].append(later)
    members: defaultdict[int, list[int]] = defaultdict(list)
    for position, first in enumerate(group_of):
        members[first].append(position)
    groups = tuple(tuple(group) for _, group in sorted(members.items()) if len(group) > 1)
    return Groups(groups=groups, complete=left > 0)


def _rarest(text: Shingles, frequency: Counter[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The shingles of which a text that is alike must share one. Ties break by text, for a fixed answer."""
    ranked = sorted(text, key=lambda shingle: (frequency[shingle], shingle))
    return ranked[: len(ranked) - math.ceil(THRESHOLD * len(ranked)) + 1] if ranked else []


def _first_match(
    later: int,
    prefix: Sequence[tuple[str, ...]],
    shingles: Sequence[Shingles],
    index: defaultdict[tuple[str, ...], list[int]],
    exempt: Callable[[int, int], bool],
    left: int,
) -> tuple[int | None, int]:
    """The first earlier text that is alike, and how many comparisons it took to find."""
    text = shingles[later]
    seen: set[int] = set()
    for shingle in prefix:
        for earlier in index.get(shingle, ()):
            if earlier in seen:
                continue
            if len(seen) >= left:
                return None, len(seen)
            seen.add(earlier)
            if jaccard(shingles[earlier], text) >= THRESHOLD and not exempt(earlier, later):
                return earlier, len(seen)
    return None, len(seen)
