"""Finding near-duplicates among many short texts, exactly and fast. Pure.

Prefix filtering (Chaudhuri, Ganti, Kaushik 2006; Bayardo, Ma, Srikant 2007): if two sets are alike to
a degree `t`, then their rarest `n - ceil(t * n) + 1` members have one in common. So each text is
looked up under its rarest shingles only. No hashing, so no probability of a miss: every text that is
alike to an earlier one is found. One is enough: which of the earlier ones else it is alike to is not asked.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from policies.lint.words import Shingles, Words, jaccard, shingles_of

THRESHOLD = 0.7
# Word order and content of a text are known after its first words; the bound keeps long ones cheap.
WORDS_COMPARED = 400
MOST_COMPARISONS = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Groups of positions, each ascending: all but the first of a group are alike to one before them.

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
    ranked = _ranked([shingles_of(words[:WORDS_COMPARED]) for words in texts])
    sets = [frozenset(ranks) for ranks in ranked]
    index: defaultdict[int, list[int]] = defaultdict(list)
    group_of = list(range(len(texts)))
    left = MOST_COMPARISONS
    for later, ranks in enumerate(ranked):
        prefix = ranks[: len(ranks) - math.ceil(THRESHOLD * len(ranks)) + 1] if ranks else []
        match, used = _first_match(later, prefix, sets, index, exempt, left)
        left -= used
        if match is not None:
            group_of[later] = group_of[match]
        for rank in prefix:
            index[rank].append(later)
    members: defaultdict[int, list[int]] = defaultdict(list)
    for position, first in enumerate(group_of):
        members[first].append(position)
    groups = tuple(tuple(group) for _, group in sorted(members.items()) if len(group) > 1)
    return Groups(groups=groups, complete=left > 0)


def _ranked(texts: Sequence[Shingles]) -> list[list[int]]:
    """Each text's shingles as numbers, rarest first: the rarer among all texts, the lower the number."""
    frequency = Counter(shingle for text in texts for shingle in sorted(text))
    ascending = sorted(frequency, key=frequency.__getitem__)
    rank = {shingle: number for number, shingle in enumerate(ascending)}
    return [sorted(rank[shingle] for shingle in text) for text in texts]


def _first_match(
    later: int,
    prefix: Sequence[int],
    sets: Sequence[frozenset[int]],
    index: Mapping[int, Sequence[int]],
    exempt: Callable[[int, int], bool],
    left: int,
) -> tuple[int | None, int]:
    """The first earlier text that is alike, and how many comparisons it took to find."""
    seen: set[int] = set()
    for rank in prefix:
        for earlier in index.get(rank, ()):
            if earlier in seen:
                continue
            if len(seen) >= left:
                return None, len(seen)
            seen.add(earlier)
            if jaccard(sets[earlier], sets[later]) >= THRESHOLD and not exempt(earlier, later):
                return earlier, len(seen)
    return None, len(seen)
