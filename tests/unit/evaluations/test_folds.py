"""Folds that keep together what belongs together."""

from __future__ import annotations

from collections import Counter

import pytest

from evaluations.folds import Member, deal


def _members(n: int, strata: str = "AB") -> list[Member]:
    return [Member(id=f"{n:03}", stratum=strata[n % len(strata)]) for n in range(n)]


def test_every_fold_has_its_share_of_every_label() -> None:
    """Of 100 cases with two labels each of five folds gets ten of each."""
    folds = deal(_members(100), 5)
    counts = Counter((folds[member.id], member.stratum) for member in _members(100))
    assert set(counts.values()) == {10}


def test_the_order_of_cases_does_not_matter() -> None:
    """Dealing the same cases backwards gives the same folds."""
    members = _members(40, "AAB")
    assert deal(members, 4) == deal(list(reversed(members)), 4)


def test_tied_cases_share_a_fold() -> None:
    """Pairs stay together, also through a third case that is tied to both."""
    members = [
        *_members(30),
        Member(id="p1", stratum="A", ties=("pair 1",)),
        Member(id="p2", stratum="B", ties=("pair 1", "text")),
        Member(id="p3", stratum="A", ties=("text",)),
    ]
    folds = deal(members, 5)
    assert folds["p1"] == folds["p2"] == folds["p3"]


def test_a_label_with_fewer_cases_than_folds_is_still_dealt() -> None:
    """Three cases of a rare label land in three folds."""
    folds = deal([*_members(20, "A"), *(Member(id=f"r{n}", stratum="B") for n in range(3))], 5)
    assert len({folds[f"r{n}"] for n in range(3)}) == 3


def test_one_fold_is_refused() -> None:
    """With a single fold there is nothing to learn from."""
    with pytest.raises(ValueError, match="use at least 2"):
        deal(_members(3), 1)
