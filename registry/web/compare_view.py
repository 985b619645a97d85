"""What the page that compares two runs shows: tables, lines, charts and flips. Reads through a visit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from evaluations.comparing.comparison import Comparison
from evaluations.comparing.endpoint import Endpoint
from evaluations.comparing.endpoints import GroupKind
from evaluations.comparing.telling import sentence
from evaluations.standing import is_scripted
from evaluations.suites import input_digest
from evaluations.verdicts import said
from governance.commons import RunState
from policies.model import Case
from registry.services import comparison_tables as tables
from registry.services import comparison_words as words
from registry.services.comparison_flips import flips_words, gold_words
from registry.web.comparing import FlipAt, Held
from registry.web.drawn import drawn
from registry.web.run_parts import rows_of
from registry.web.shapes.cases import CaseShape, case_shape
from registry.web.span_charts import Span, SpanChart, hundredths, share_span, spans_of
from registry.web.visit import Visit

_REMEDY = "Nobody recorded a second run of the old version."


class ShownFlip(NamedTuple):
    """A flip with its case, as far as that still stands in the policy, and what the model wrote."""

    kind: str
    case: str
    gold: str
    old: str
    new: str
    shown: CaseShape | None
    old_reasoning: str | None
    new_reasoning: str | None


def compared_context(visit: Visit, held: Held) -> dict[str, Any]:
    """Everything that the page says of a comparison but its flips."""
    found = held.comparison
    ends = found.endpoints
    by = [words.model_words(record) for record in (held.old, held.new)]
    return {
        "sentence": sentence(found),
        "baseline": words.BASELINE if held.baseline else "",
        "scripted": is_scripted(held.old) or is_scripted(held.new),
        "old_words": words.run_words(held.old),
        "new_words": words.run_words(held.new),
        "by": by[0] if by[0] == by[1] else f"{by[0]}; then {by[1]}",
        "conditions": words.conditions(found, held.old, held.new),
        "left_out": words.left_out(found),
        "resolved": (
            words.resolved(ends.caught.resolution, "violating"),
            words.resolved(ends.spared.resolution, "harmless"),
        ),
        "seen_before": words.SEEN_BEFORE,
        "headline": tables.headline(found),
        "endpoints": tables.endpoints(found),
        "methods": tables.methods(found),
        "groups": tables.groups(found),
        "groups_note": tables.groups_words(found),
        "flips_note": flips_words(found),
        "beside": (
            words.noise_words(found, _REMEDY),
            *words.cost_words(found),
            words.f1_words(found),
        ),
        "charts": [
            (title, note, drawn(visit, chart)) for title, note, chart in _charts(found) if chart.spans
        ],
    }


def shown_flips(
    visit: Visit, old: RunState, new: RunState, flips: Sequence[FlipAt], known: Sequence[Case]
) -> list[ShownFlip]:
    """The flips of one page, with their content from `known` cases and their words from both runs."""
    before = {one.row.item.id: one for one in rows_of(visit, old).answered([at.old_row for at in flips])}
    after = {one.row.item.id: one for one in rows_of(visit, new).answered([at.new_row for at in flips])}
    wanted = {at.flip.case for at in flips}
    # A case that was edited since is another one: what was judged is not here to be shown.
    cases = {
        case.id: case
        for case in known
        if case.id in wanted and input_digest(case) == after[case.id].row.item.input
    }
    result = []
    for flip, _, _ in flips:
        case = cases.get(flip.case)
        was, is_ = before[flip.case].words, after[flip.case].words
        result.append(
            ShownFlip(
                kind=flip.kind.value,
                case=flip.case,
                gold=gold_words(flip.gold),
                old=said(flip.old),
                new=said(flip.new),
                shown=case_shape(case) if case else None,
                old_reasoning=was.reasoning if was else None,
                new_reasoning=is_.reasoning if is_ else None,
            )
        )
    return result


def _charts(found: Comparison) -> Iterator[tuple[str, str, SpanChart]]:
    ends = found.endpoints
    shares = (("caught", ends.caught), ("left alone", ends.spared), ("exact", ends.exact))
    yield (
        "Before and after",
        "of violating cases, of harmless ones, and of all",
        SpanChart(
            "Shares of both runs with 95 % intervals",
            "The table below has the same figures.",
            tuple(span for name, end in shares for span in _both(name, end)),
        ),
    )
    named = (("violations caught", ends.caught), ("harmless left alone", ends.spared))
    yield (
        "Change",
        "in points, with 95 % intervals; right of the line is better",
        SpanChart(
            "Changes in points with 95 % intervals",
            "The tables below have the same figures.",
            tuple(span for name, end in named for span in _changes(name, end)),
            signed=True,
        ),
    )
    labels = [group for group in ends.groups if group.kind is GroupKind.LABEL]
    yield (
        "By label",
        "change in points of the exact label, each by itself",
        SpanChart(
            "Changes by label in points with 95 % intervals",
            "The table of groups has those that moved.",
            spans_of([_change(group.name, group.endpoint) for group in labels if group.endpoint.change.n]),
            signed=True,
        ),
    )


def _both(name: str, end: Endpoint) -> Iterator[Span]:
    if end.change.n:
        yield share_span(f"{name}, before", end.old)
        yield share_span(f"{name}, after", end.new, after=True)


def _changes(name: str, end: Endpoint) -> Iterator[Span]:
    if not end.change.n:
        return
    yield _change(name, end)
    if end.clustered is not None:
        pairs = end.clustered.change
        yield Span(
            "by contrast pairs", hundredths(pairs.value), hundredths(pairs.low), hundredths(pairs.high)
        )


def _change(name: str, end: Endpoint) -> Span:
    change = end.change
    return Span(name, hundredths(change.value), hundredths(change.low), hundredths(change.high), after=True)
