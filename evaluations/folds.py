"""Folds for cross-validation that keep cases together which belong together. Pure.

Each fold gets its share of every label. Cases that are joined (a contrast pair, or the same content
twice) are never parted: a classifier that has seen one half knows the other. Which fold a case is in
follows from the cases alone, in whatever order they come.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from policies.canonical import sha256_hex


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A case as folding sees it: `stratum` is to be spread evenly, equal `ties` are to be kept together."""

    id: str
    stratum: str
    ties: tuple[str, ...] = ()


def deal(members: Sequence[Member], folds: int) -> Mapping[str, int]:
    """The fold of each member by id, 0 to `folds - 1`.

    Groups are dealt stratum by stratum, in an order that the ids' digests give, each to the fold that has
    the fewest members of its stratum so far, then the fewest in all. Raises `ValueError` for fewer
    than two folds.
    """
    if folds < 2:
        raise ValueError(f"{folds} folds leave nothing to learn from; use at least 2")
    groups = _groups(members)
    strata: defaultdict[tuple[str, ...], list[list[Member]]] = defaultdict(list)
    for group in groups:
        strata[tuple(sorted(member.stratum for member in group))].append(group)
    of_stratum: defaultdict[tuple[str, int], int] = defaultdict(int)
    in_all = [0] * folds
    result: dict[str, int] = {}
    # Larger groups first: the smaller ones can still even out what they leave.
    for key in sorted(strata, key=lambda key: (-len(key), key)):
        for group in sorted(strata[key], key=lambda group: sha256_hex(group[0].id.encode())):
            fold = min(
                range(folds),
                key=lambda fold: (sum(of_stratum[stratum, fold] for stratum in key), in_all[fold], fold),
            )
            in_all[fold] += len(group)
            for member in group:
                of_stratum[member.stratum, fold] += 1
                result[member.id] = fold
    return result


def _groups(members: Sequence[Member]) -> list[list[Member]]:
    """Members joined by a common tie, directly or through others; each group ordered by id."""
    ordered = sorted(members, key=lambda member: member.id)
    parent = {member.id: member.id for member in ordered}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    first: dict[str, str] = {}
    for member in ordered:
        for tie in member.ties:
            parent[root(member.id)] = root(first.setdefault(tie, member.id))
    groups: defaultdict[str, list[Member]] = defaultdict(list)
    for member in ordered:
        groups[root(member.id)].append(member)
    return list(groups.values())
