"""The figures of a comparison as tables and judgements, for the terminal and for the report. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from evaluations.comparing.telling import points
from policies.model import Labelling
from registry.cli.console import plural

if TYPE_CHECKING:
    from evaluations.comparing.comparison import Comparison
    from evaluations.comparing.endpoints import Endpoint
    from evaluations.intervals import Proportion

METHODS = (
    "Shares with Wilson's interval, paired differences with Tango's, p by McNemar's test (mid-p). Four cases "
    "that all move one way are never told from chance, five are. The two endpoints are not corrected for "
    "each other; each is judged by its interval against the margin. An unreadable answer is wrong."
)


class Table(NamedTuple):
    """Rows under headings; all columns but the first are flush right."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def headline(comparison: Comparison) -> Table:
    """The exact label on all cases, then both endpoints."""
    ends = comparison.endpoints
    exact = "exact label" if comparison.labelling is Labelling.SINGLE else "every known flag right"
    rows = ((exact, ends.exact), ("violations caught", ends.caught), ("harmless left alone", ends.spared))
    return Table(
        ("share of cases", "cases", "old (95 %)", "new (95 %)", "change in points (95 %)", "p"),
        tuple(
            (name, f"{end.change.n:,}", share(end.old), share(end.new), change(end), p_value(end.p))
            for name, end in rows
        ),
    )


def endpoints(comparison: Comparison) -> tuple[tuple[str, str], ...]:
    """Missed violations and over-enforcement: the counts, and the judgement."""
    ends = comparison.endpoints
    return tuple(
        (_counts(what, end), _sentence(verdict_on(end, comparison.margin)))
        for what, end in (("Missed violations", ends.caught), ("Over-enforcement", ends.spared))
    )


def groups(comparison: Comparison) -> Table:
    """Labels and slices in which an answer changed between right and wrong."""
    moved = (group for group in comparison.endpoints.groups if _moved(group.endpoint))
    return Table(
        ("group", "cases", "old", "new", "change in points (95 %)", "p", "p (Holm)"),
        tuple(
            (
                f"{group.kind.value} {group.name}",
                f"{group.endpoint.change.n:,}",
                f"{points(group.endpoint.old.value)} %",
                f"{points(group.endpoint.new.value)} %",
                change(group.endpoint),
                p_value(group.endpoint.p),
                p_value(group.endpoint.adjusted),
            )
            for group in moved
        ),
    )


def groups_words(comparison: Comparison) -> str:
    """How the groups are to be read."""
    found = comparison.endpoints.groups
    still = sum(not _moved(group.endpoint) for group in found)
    rest = f" {plural(still, 'group')} without a change not shown." if still else ""
    return (
        f"Exact label within each label and slice; slices overlap. Holm's correction is over all "
        f"{len(found):,} groups.{rest}"
    )


def share(figure: Proportion) -> str:
    """A share in percent with its interval and count: `61.2 % (49.1 to 72.0), 41 of 67`."""
    if figure.interval is None:
        return "-"
    low, high = points(figure.interval.low), points(figure.interval.high)
    return f"{points(figure.value)} % ({low} to {high})"


def change(endpoint: Endpoint) -> str:
    """The paired difference: `+3.1 (-1.0 to 7.2)`."""
    moved = endpoint.change
    if moved.value is None:
        return "-"
    return f"{points(moved.value, signed=True)} ({points(moved.low)} to {points(moved.high)})"


def p_value(figure: str | None) -> str:
    """A p-value to three decimals; small ones as a bound."""
    if figure is None:
        return "-"
    return "<0.001" if Decimal(figure) < Decimal("0.001") else f"{Decimal(figure):.3f}"


def verdict_on(endpoint: Endpoint, margin: str) -> str:
    """The judgement against the margin, in words."""
    limit = f"{points(margin).removesuffix('.0')} points"
    if not endpoint.change.n:
        return "no case, so nothing is known"
    if endpoint.judgement.value == "pass":
        return f"pass: a loss of {limit} is excluded"
    if endpoint.judgement.value == "block":
        return f"block: the whole interval is a loss of more than {limit}"
    if endpoint.more_cases:
        more = plural(endpoint.more_cases, "more case")
        return f"inconclusive: a loss of {limit} is not excluded; {more} would settle it if the rates stay"
    return f"inconclusive: it stands too near a loss of {limit} for any number of cases to settle"


def _moved(endpoint: Endpoint) -> bool:
    return endpoint.change.fixed + endpoint.change.broken > 0


def _counts(what: str, end: Endpoint) -> str:
    moved = end.change
    return (
        f"{what}: {moved.n - end.old.count:,} before, {moved.n - end.new.count:,} now, of {moved.n:,}; "
        f"{moved.fixed:,} fixed, {moved.broken:,} broken (p {p_value(end.p)})."
    )


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."
