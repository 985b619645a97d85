"""The figures of a comparison as tables and judgements, for the terminal, the report and the site. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from evaluations.comparing.comparison import Comparison
from evaluations.comparing.endpoint import Endpoint
from evaluations.comparing.endpoints import Question
from evaluations.comparing.telling import points
from evaluations.intervals import Proportion
from evaluations.statistics.margins import Judgement, no_worse
from evaluations.statistics.tango import Difference
from policies.model import Labelling

QUESTIONS = {
    Question.MISSED: "missed violations",
    Question.OVER: "over-enforcement",
    Question.EXACT: "the exact label",
}


class Table(NamedTuple):
    """Rows under headings; all columns but the first are flush right."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Told(NamedTuple):
    """An endpoint in words: the counts, the judgement, and what contrast pairs make of it (or nothing)."""

    counts: str
    judgement: str
    by_pairs: str


def methods(comparison: Comparison) -> str:
    """How the figures were made, and how they are to be read."""
    ends = comparison.endpoints
    said = (
        "Shares with Wilson's interval, paired differences with Tango's, p by McNemar's test (mid-p). Four "
        "cases that all move one way are never told from chance, five are; test and interval are two methods "
        "and may part at the edge. The primary question is "
        f"{QUESTIONS[ends.primary]}: its p stands as it is, which holds if it was chosen before the answers "
        "were seen; the other two are corrected together by Holm. Judgements hold the interval against the "
        "margin and need no such correction, since both must pass. An unreadable answer is wrong."
    )
    if any(end.clustered for end in (ends.exact, ends.caught, ends.spared)):
        said += (
            " Judgements rest on exact counts, which anyone recounts; cases of one contrast pair are not "
            "independent, so the last sentence goes by the intervals that take pairs as a whole."
        )
    if comparison.repeats != (1, 1):
        old, new = comparison.repeats
        said += (
            f" Cases were asked {old} and {new} times: answers are averaged within each case first, and the "
            "test turns the signs of whole cases. Flips are those of the first answers."
        )
    return said


def headline(comparison: Comparison) -> Table:
    """The exact label on all cases, then both endpoints."""
    ends = comparison.endpoints
    exact = "exact label" if comparison.labelling is Labelling.SINGLE else "every known flag right"
    rows = (
        (exact, ends.exact, Question.EXACT),
        ("violations caught", ends.caught, Question.MISSED),
        ("harmless left alone", ends.spared, Question.OVER),
    )
    return Table(
        ("share of cases", "cases", "old (95 %)", "new (95 %)", "change in points (95 %)", "p", "p (Holm)"),
        tuple(
            (
                name,
                f"{end.change.n:,}",
                share(end.old),
                share(end.new),
                change(end.change),
                p_value(end.p),
                "primary" if question is ends.primary else p_value(end.adjusted),
            )
            for name, end, question in rows
        ),
    )


def endpoints(comparison: Comparison) -> tuple[Told, ...]:
    """Missed violations and over-enforcement: the counts, the judgement, and contrast pairs."""
    ends = comparison.endpoints
    return tuple(
        Told(
            _counts(what, end),
            _sentence(verdict_on(end, comparison.margin)),
            _by_pairs(end, comparison.margin),
        )
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
                change(group.endpoint.change),
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
    rest = f" {_plural(still, 'group')} without a change not shown." if still else ""
    return (
        f"Exact label within each label and slice; slices overlap. Holm's correction is over all "
        f"{len(found):,} groups; the intervals are of each group by itself.{rest}"
    )


def share(figure: Proportion) -> str:
    """A share in percent with its interval: `61.2 % (49.1 to 72.0)`."""
    if figure.interval is None:
        return "-"
    low, high = points(figure.interval.low), points(figure.interval.high)
    return f"{points(figure.value)} % ({low} to {high})"


def change(moved: Difference) -> str:
    """The paired difference: `+3.1 (-1.0 to 7.2)`."""
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
    if endpoint.judgement is Judgement.PASS:
        return f"pass: a loss of {limit} is excluded"
    if endpoint.judgement is Judgement.BLOCK:
        return f"block: the whole interval is a loss of more than {limit}"
    if endpoint.more_cases:
        more = _plural(endpoint.more_cases, "more case")
        return f"inconclusive: a loss of {limit} is not excluded; {more} would settle it if the rates stay"
    return f"inconclusive: it stands too near a loss of {limit} for any number of cases to settle"


def _moved(endpoint: Endpoint) -> bool:
    return endpoint.change.fixed + endpoint.change.broken > 0


def _counts(what: str, end: Endpoint) -> str:
    moved, per = end.change, end.change.per
    before, now = (
        _cases((figure.n - figure.count) * moved.n, figure.n) if figure.n else "0"
        for figure in (end.old, end.new)
    )
    return (
        f"{what}: {before} before, {now} now, of {moved.n:,}; {_cases(moved.fixed, per)} fixed, "
        f"{_cases(moved.broken, per)} broken (p {p_value(end.p)})."
    )


def _by_pairs(end: Endpoint, margin: str) -> str:
    if end.clustered is None:
        return ""
    found = no_worse(end.clustered.change, margin)
    other = "" if found is end.judgement else f"; so taken it is {found.value}"
    return (
        f"By contrast pairs ({end.clustered.clusters:,} clusters, design effect "
        f"{Decimal(end.clustered.design):.2f}): {change(end.clustered.change)}{other}."
    )


def _cases(answers: int, per: int) -> str:
    """Cases, counted in parts of which each has `per`: `3`, or `3.3` where answers were averaged."""
    whole, rest = divmod(answers, per)
    return f"{whole:,}" if not rest else f"{Decimal(answers) / per:,.1f}"


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
