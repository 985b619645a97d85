"""What every policy can be narrowed by, as columns of small numbers in memory. Touches nothing.

A common word matches most policies, and each result page counts what the filters would leave. Counting a
hundred thousand rows in SQL takes longer than a page may; over these columns it takes a millisecond. They
are read once for each change of the index: 30 bytes for each policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from registry.index.entries import Facet

Numbers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

FILTERS = ("status", "language", "licence", "commons", "label")
_SINGLE = FILTERS[:-1]


class PolicyFacts(NamedTuple):
    """One policy's row: its id and what it can be narrowed by."""

    id: int
    commons: str
    slug: str
    status: str
    language: str
    licence: str | None
    tested: bool
    updated_at: int


@dataclass(frozen=True, slots=True)
class Coded:
    """A column: a small number for each policy (by place), and the value each number stands for."""

    codes: npt.NDArray[np.int32]
    values: tuple[str, ...]

    @classmethod
    def of(cls, given: Iterable[str | None]) -> Coded:
        """The column of these values; None is the value that nobody can ask for, -1."""
        numbers: dict[str, int] = {}
        codes = [-1 if value is None else numbers.setdefault(value, len(numbers)) for value in given]
        return cls(np.array(codes, dtype=np.int32), tuple(numbers))

    def code(self, value: str) -> int:
        """The number of a value; -2, which no policy has, when there is none such."""
        return self.values.index(value) if value in self.values else -2

    def counts(self, places: Numbers) -> tuple[Facet, ...]:
        """How often each value stands at these places, most frequent first."""
        codes = self.codes[places]
        return _facets(np.bincount(codes[codes >= 0], minlength=len(self.values)), self.values)


class Columns:
    """All policies of one state of the index, in the order of their ids."""

    def __init__(self, facts: Sequence[PolicyFacts], labels: Sequence[tuple[int, str]]) -> None:
        self.ids: Numbers = np.array([fact.id for fact in facts], dtype=np.int64)
        self.updated: Numbers = np.array([fact.updated_at for fact in facts], dtype=np.int64)
        self.tested: Mask = np.array([fact.tested for fact in facts], dtype=np.bool_)
        # Equals are ordered by address, so that an index built anew gives the same pages.
        addresses = np.array([f"{fact.commons}/{fact.slug}" for fact in facts], dtype=np.str_)
        by_address = np.argsort(addresses, kind="stable")
        self.rank: Numbers = np.empty(len(facts), dtype=np.int64)
        self.rank[by_address] = np.arange(len(facts))
        self._addresses = addresses[by_address]
        self._single = {name: Coded.of(getattr(fact, name) for fact in facts) for name in _SINGLE}
        self._labels = Coded.of(code for _, code in labels)
        # Labels lie one after the other, policy by policy: those of place i begin at starts[i].
        owners = self.places(np.array([owner for owner, _ in labels], dtype=np.int64))
        order = np.argsort(owners, kind="stable")
        self._label_codes = self._labels.codes[order] if len(labels) else self._labels.codes
        self._starts = np.searchsorted(owners[order], np.arange(len(facts) + 1))

    def __len__(self) -> int:
        return len(self.ids)

    def places(self, ids: Numbers) -> Numbers:
        """Where policies of these ids stand; every id must be one of them."""
        return np.searchsorted(self.ids, ids)

    def address(self, place: int) -> str:
        """The address of the policy at a place."""
        return str(self._addresses[self.rank[place]])

    def rank_after(self, address: str) -> int:
        """The rank of the first policy behind this address, whether or not it is one itself."""
        return int(np.searchsorted(self._addresses, address, side="right"))

    def known(self, ids: Numbers) -> Mask:
        """Which of these ids are those of a policy."""
        if not len(self.ids):
            return np.zeros(len(ids), dtype=np.bool_)
        at = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        found: Mask = self.ids[at] == ids
        return found

    def masks(
        self, places: Numbers, wanted: Mapping[str, str | None], *, tested: bool | None
    ) -> dict[str, Mask]:
        """For each filter that is set, which of these places pass it."""
        masks: dict[str, Mask] = {}
        for name in _SINGLE:
            value = wanted.get(name)
            if value is not None:
                masks[name] = self._single[name].codes[places] == self._single[name].code(value)
        label = wanted.get("label")
        if label is not None:
            masks["label"] = self._has_label(self._labels.code(label))[places]
        if tested is not None:
            masks["tested"] = self.tested[places] == tested
        return masks

    def facets(self, places: Numbers, masks: Mapping[str, Mask]) -> dict[str, tuple[Facet, ...]]:
        """For each filter, the values of what the other filters leave."""
        found: dict[str, tuple[Facet, ...]] = {}
        for name in FILTERS:
            left = places[_all(len(places), [mask for other, mask in masks.items() if other != name])]
            found[name] = self._label_counts(left) if name == "label" else self._single[name].counts(left)
        return found

    def _has_label(self, code: int) -> Mask:
        owners = np.searchsorted(self._starts, np.flatnonzero(self._label_codes == code), side="right") - 1
        has = np.zeros(len(self.ids), dtype=np.bool_)
        has[owners] = True
        return has

    def _label_counts(self, places: Numbers) -> tuple[Facet, ...]:
        chosen = np.zeros(len(self.ids) + 1, dtype=np.int64)
        chosen[places] = 1
        weights = np.repeat(chosen[:-1], np.diff(self._starts))
        counts = np.bincount(self._label_codes, weights=weights, minlength=len(self._labels.values))
        return _facets(counts.astype(np.int64), self._labels.values)


def together(length: int, masks: Mapping[str, Mask]) -> Mask:
    """Which places pass every filter."""
    return _all(length, list(masks.values()))


def _all(length: int, masks: Sequence[Mask]) -> Mask:
    left = np.ones(length, dtype=np.bool_)
    for mask in masks:
        left &= mask
    return left


def _facets(counts: Numbers, values: Sequence[str]) -> tuple[Facet, ...]:
    found = [
        Facet(value=values[place], count=int(counts[place])) for place in np.flatnonzero(counts).tolist()
    ]
    return tuple(sorted(found, key=lambda facet: (-facet.count, facet.value)))
