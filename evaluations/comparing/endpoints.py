"""The endpoints of a policy change, and every group of cases by itself. Pure.

Missed violations and over-enforcement are told apart, because an edit usually trades one for the other
and accuracy hides it. An answer that could not be read is wrong on either side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from evaluations.comparing.endpoint import Answered, Ask, Endpoint, Right, Seen, answered
from evaluations.comparing.pairing import Both, Pair, Pairing
from evaluations.intervals import written_decimal
from evaluations.outcomes import Outcome, is_right, violation_of
from evaluations.statistics.holm import holm
from evaluations.suites import SuiteLabel

Key = TypeVar("Key", bound=Hashable)


class GroupKind(StrEnum):
    """What a group of cases has in common."""

    LABEL = "label"
    SLICE = "slice"


class Question(StrEnum):
    """What is asked of the answers; one is declared the primary one before anything runs."""

    MISSED = "missed-violations"
    OVER = "over-enforcement"
    EXACT = "exact-label"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Cases of one gold label or one slice; the question is the exact label (or every known flag)."""

    kind: GroupKind
    name: str
    endpoint: Endpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """`exact` asks for the exact label on all cases, `caught` whether violations are found, `spared`
    whether harmless content is left alone.

    The p of the `primary` one stands as it is. The other two are corrected together by Holm, and so are
    all `groups`; those without a discordant case count among them.
    """

    exact: Endpoint
    caught: Endpoint
    spared: Endpoint
    groups: tuple[Group, ...]
    primary: Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Schemas:
    """The labels under which each run answered. An old answer is read by the old labels: one that the
    new version dropped was a flag all the same."""

    old: tuple[SuiteLabel, ...]
    new: tuple[SuiteLabel, ...]


def endpoints_of(
    pairing: Pairing,
    schemas: Schemas,
    margin: str,
    *,
    clusters: Mapping[str, str] | None = None,
    primary: Question = Question.MISSED,
) -> Endpoints:
    """All endpoints of paired cases. `clusters` names the cluster of each case that is in one."""
    held = clusters or {}
    seen = _seen(pairing, held)
    found = {
        question: answered(seen, pairing.repeats, ask, margin)
        for question, ask in _questions(schemas).items()
    }
    beside = _corrected({name: end for name, end in found.items() if name is not primary})
    ends = {name: beside.get(name, end.endpoint) for name, end in found.items()}
    return Endpoints(
        exact=ends[Question.EXACT],
        caught=ends[Question.MISSED],
        spared=ends[Question.OVER],
        groups=_groups(pairing, margin, held),
        primary=primary,
    )


def truth_of(both: Both, schemas: Schemas) -> bool | None:
    """Whether the case violates; None where that is not known, or the two versions' labels part on it."""
    was, is_ = violation_of(both.before[0], schemas.old).gold, violation_of(both.after[0], schemas.new).gold
    return is_ if was == is_ else None


def _seen(pairing: Pairing, clusters: Mapping[str, str]) -> Seen:
    seen = Seen()
    seen.counted.update(pairing.counted)
    for pair in pairing.pairs if clusters else ():
        seen.in_cluster(pair.both, clusters.get(pair.old.item.id))
    return seen


def _questions(schemas: Schemas) -> dict[Question, Ask]:
    def violating(both: Both, *, wanted: bool) -> Right | None:
        """Whether answers flag, where the truth is that they should (`wanted`), or that they should not."""
        if truth_of(both, schemas) is not wanted:
            return None
        return Right(
            sum(violation_of(one, schemas.old).said is wanted for one in both.before),
            sum(violation_of(one, schemas.new).said is wanted for one in both.after),
        )

    return {
        Question.MISSED: lambda both: violating(both, wanted=True),
        Question.OVER: lambda both: violating(both, wanted=False),
        Question.EXACT: _exact,
    }


def _exact(both: Both) -> Right:
    def right(outcomes: Sequence[Outcome]) -> int:
        return sum(is_right(one) is True for one in outcomes)

    return Right(right(both.before), right(both.after))


def _groups(pairing: Pairing, margin: str, clusters: Mapping[str, str]) -> tuple[Group, ...]:
    seen: defaultdict[tuple[GroupKind, str], Seen] = defaultdict(Seen)
    for alike in _alike(pairing.pairs):
        pair = alike[0]
        for group in _groups_of(pair):
            seen[group].counted[pair.both] += len(alike)
            for one in alike if clusters else ():
                seen[group].in_cluster(one.both, clusters.get(one.old.item.id))
    found = {key: answered(seen[key], pairing.repeats, _exact, margin) for key in sorted(seen)}
    return tuple(
        Group(kind=kind, name=name, endpoint=endpoint) for (kind, name), endpoint in _corrected(found).items()
    )


def _alike(pairs: Sequence[Pair]) -> Iterable[list[Pair]]:
    """The pairs by what came out and which slices they are in; found by identity, which costs least."""
    found: dict[tuple[int, int], list[Pair]] = {}
    for pair in pairs:
        found.setdefault((id(pair.both), id(pair.old.item.slices)), []).append(pair)
    return found.values()


def _groups_of(pair: Pair) -> Iterator[tuple[GroupKind, str]]:
    gold = pair.old.item.gold
    if isinstance(gold, str):
        yield GroupKind.LABEL, gold
    elif isinstance(gold, Mapping):
        yield from ((GroupKind.LABEL, code) for code, flag in gold.items() if flag)
    yield from ((GroupKind.SLICE, name) for name in pair.old.item.slices)


def _corrected(found: Mapping[Key, Answered]) -> dict[Key, Endpoint]:
    """The endpoints with their p after Holm, which works on the unrounded values."""
    adjusted = holm({key: end.p for key, end in found.items()})
    return {key: replace(end.endpoint, adjusted=written_decimal(adjusted[key])) for key, end in found.items()}
