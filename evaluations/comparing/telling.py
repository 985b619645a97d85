"""A comparison in one plain sentence, and its groups in a few words. Pure.

"No evidence of" is never turned into "no": what the interval cannot exclude is said to be open, with
the number of cases that would settle it. Where cases come in contrast pairs, the interval by pairs is the one
that is told and judged by.
"""

from __future__ import annotations

from decimal import Decimal

from evaluations.comparing.comparison import Comparison
from evaluations.comparing.endpoint import Endpoint
from evaluations.comparing.endpoints import Group, GroupKind
from evaluations.statistics.margins import Judgement, no_worse

_LEVEL = Decimal("0.05")
_OPEN = 2
"""Open labels that the sentence names; the table has all of them."""


def sentence(comparison: Comparison) -> str:
    """What to take home, such as "Better at catching violations (+6.1 points, 95% interval 2.0 to 10.3);
    inconclusive on over-enforcement (-1.2 points, ...): 41 more cases would settle 3 points." """
    ends, margin = comparison.endpoints, comparison.margin
    labels = [group for group in ends.groups if group.kind is GroupKind.LABEL]
    parts = [
        _endpoint(ends.caught, margin, "catching violations", "missed violations"),
        _endpoint(ends.spared, margin, "leaving harmless content alone", "over-enforcement"),
        *(_clear(group) for group in labels if is_clear(group.endpoint)),
        *[_open(group, margin) for group in labels if _is_open(group.endpoint, margin)][:_OPEN],
    ]
    said = "; ".join(parts)
    return f"{said[0].upper()}{said[1:]}."


def points(figure: str | None, *, signed: bool = False) -> str:
    """A share as percentage points with one decimal; a dash where it is undefined."""
    if figure is None:
        return "–"
    value = (Decimal(figure) * 100).quantize(Decimal("0.1"))
    if value.is_zero():
        return "0.0"
    return f"{value:+}" if signed else str(value)


def interval(endpoint: Endpoint) -> str:
    """The change with its interval: `+6.1 points, 95% interval 2.0 to 10.3`."""
    change = endpoint.careful
    bounds = f"{points(change.low)} to {points(change.high)}"
    return f"{points(change.value, signed=True)} points, 95% interval {bounds}"


def is_clear(endpoint: Endpoint) -> bool:
    """Whether the change is told from chance: by the test, corrected where others are looked at beside it,
    and, where cases come in contrast pairs, by the interval too, since the test takes cases one by one."""
    if Decimal(endpoint.adjusted or endpoint.p) >= _LEVEL:
        return False
    change = endpoint.careful
    if endpoint.clustered is None or change.low is None or change.high is None:
        return True
    return Decimal(change.low) > 0 or Decimal(change.high) < 0


def _endpoint(endpoint: Endpoint, margin: str, good: str, harm: str) -> str:
    if not endpoint.change.n:
        return f"nothing is known about {harm}, for no case shows it"
    if is_clear(endpoint):
        return f"{_better(endpoint)} at {good} ({interval(endpoint)})"
    if no_worse(endpoint.careful, margin) is Judgement.PASS:
        return f"no evidence of more {harm}, and {_points(margin)} more are excluded ({interval(endpoint)})"
    return f"inconclusive on {harm} ({interval(endpoint)}){_settled(endpoint, margin)}"


def _clear(group: Group) -> str:
    return f"{_better(group.endpoint)} at {group.name} ({interval(group.endpoint)})"


def _open(group: Group, margin: str) -> str:
    return f"inconclusive on {group.name}{_settled(group.endpoint, margin)}"


def _settled(endpoint: Endpoint, margin: str) -> str:
    if endpoint.more_cases is None:
        return f": it stands too near a loss of {_points(margin)} for any number of cases to settle"
    if endpoint.more_cases == 0:
        return f": cases in contrast pairs tell too little to settle {_points(margin)}"
    noun = "case" if endpoint.more_cases == 1 else "cases"
    return f": {endpoint.more_cases:,} more {noun} would settle {_points(margin)}"


def _better(endpoint: Endpoint) -> str:
    return "better" if Decimal(endpoint.change.value or 0) > 0 else "worse"


def _is_open(endpoint: Endpoint, margin: str) -> bool:
    """Something moved, and it is not known whether for the worse."""
    moved = endpoint.change.fixed + endpoint.change.broken
    open_ = no_worse(endpoint.careful, margin) is Judgement.INCONCLUSIVE
    return bool(moved) and open_ and not is_clear(endpoint)


def _points(share: str) -> str:
    value = (Decimal(share) * 100).normalize()
    return f"{value:f} {'point' if value == 1 else 'points'}"
