"""The two endpoints of a policy change, and every group of cases by itself. Pure.

Missed violations and over-enforcement are told apart, because an edit usually trades one for the other
and accuracy hides it. An answer that could not be read is wrong on either side.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from evaluations.comparing.pairing import Pair
from evaluations.intervals import Proportion, proportion, written_decimal
from evaluations.outcomes import Outcome, is_right, violation_of
from evaluations.statistics.holm import holm
from evaluations.statistics.margins import Judgement, no_worse
from evaluations.statistics.mcnemar import mid_p_value
from evaluations.statistics.power import Resolution, more_cases, resolution
from evaluations.statistics.tango import Difference, difference
from evaluations.suites import SuiteLabel


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One question on some cases: how many each run has right, and the paired difference.

    `p` is McNemar's mid-p, `adjusted` after Holm where several are looked at together. `judgement` holds
    the interval against the margin, and `more_cases` is how many further cases like these would settle
    it: 0 when it is settled, None when they would not.
    """

    old: Proportion
    new: Proportion
    change: Difference
    p: str
    adjusted: str | None = None
    judgement: Judgement
    more_cases: int | None
    resolution: Resolution


class GroupKind(StrEnum):
    """What a group of cases has in common."""

    LABEL = "label"
    SLICE = "slice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Cases of one gold label or one slice; the question is the exact label (or every known flag)."""

    kind: GroupKind
    name: str
    endpoint: Endpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """`exact` asks for the exact label on all cases, `caught` whether violations are found, `spared`
    whether harmless content is left alone. `groups` are corrected together by Holm; those without a
    discordant case count among them."""

    exact: Endpoint
    caught: Endpoint
    spared: Endpoint
    groups: tuple[Group, ...]


Both = tuple[Outcome, Outcome]
"""What the old and the new run said of a case; many cases share one."""

Right = Callable[[Outcome, Sequence[SuiteLabel]], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schemas:
    """The labels under which each run answered. An old answer is read by the old labels: one that the
    new version dropped was a flag all the same."""

    old: tuple[SuiteLabel, ...]
    new: tuple[SuiteLabel, ...]


def endpoints_of(pairs: Sequence[Pair], schemas: Schemas, margin: str) -> Endpoints:
    """All endpoints of paired cases."""
    seen = Counter((pair.before, pair.after) for pair in pairs)
    violating, harmless = (
        Counter({both: n for both, n in seen.items() if truth_of(both, schemas) is truth})
        for truth in (True, False)
    )
    return Endpoints(
        exact=_endpoint(seen, schemas, _exact, margin),
        caught=_endpoint(violating, schemas, lambda one, by: violation_of(one, by).said is True, margin),
        spared=_endpoint(harmless, schemas, lambda one, by: violation_of(one, by).said is False, margin),
        groups=_groups(pairs, schemas, margin),
    )


def truth_of(both: Both, schemas: Schemas) -> bool | None:
    """Whether the case violates; None where that is not known, or the two versions' labels part on it."""
    was, is_ = violation_of(both[0], schemas.old).gold, violation_of(both[1], schemas.new).gold
    return is_ if was == is_ else None


def _exact(outcome: Outcome, _labels: Sequence[SuiteLabel]) -> bool:
    return is_right(outcome) is True


def _endpoint(seen: Mapping[Both, int], schemas: Schemas, right: Right, margin: str) -> Endpoint:
    cells: Counter[tuple[bool, bool]] = Counter()
    for (before, after), count in seen.items():
        cells[right(before, schemas.old), right(after, schemas.new)] += count
    n, fixed, broken = cells.total(), cells[False, True], cells[True, False]
    change = difference(fixed, broken, n)
    return Endpoint(
        old=proportion(cells[True, True] + broken, n),
        new=proportion(cells[True, True] + fixed, n),
        change=change,
        p=written_decimal(mid_p_value(fixed, broken)),
        judgement=no_worse(change, margin),
        more_cases=more_cases(fixed, broken, n, margin),
        resolution=resolution(n),
    )


def _groups(pairs: Sequence[Pair], schemas: Schemas, margin: str) -> tuple[Group, ...]:
    seen: defaultdict[tuple[GroupKind, str], Counter[Both]] = defaultdict(Counter)
    for pair in pairs:
        both = (pair.before, pair.after)
        gold = pair.old.item.gold
        if isinstance(gold, str):
            seen[GroupKind.LABEL, gold][both] += 1
        elif isinstance(gold, Mapping):
            for code, flag in gold.items():
                if flag:
                    seen[GroupKind.LABEL, code][both] += 1
        for name in pair.old.item.slices:
            seen[GroupKind.SLICE, name][both] += 1
    found = {key: _endpoint(seen[key], schemas, _exact, margin) for key in sorted(seen)}
    # Holm works on the unrounded values; one named test for each group.
    adjusted = holm(
        {
            f"{kind} {name}": mid_p_value(endpoint.change.fixed, endpoint.change.broken)
            for (kind, name), endpoint in found.items()
        }
    )
    return tuple(
        Group(
            kind=kind,
            name=name,
            endpoint=replace(endpoint, adjusted=written_decimal(adjusted[f"{kind} {name}"])),
        )
        for (kind, name), endpoint in found.items()
    )
