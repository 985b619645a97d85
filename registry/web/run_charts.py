"""The charts of a run's page: each label's figures with intervals, and what was taken for what. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from evaluations.intervals import Proportion
from evaluations.run_record import RunRecord
from registry.web.drawn import drawn
from registry.web.span_charts import MOST, Span, SpanChart, TakenChart, share_span, spans_of
from registry.web.visit import Visit


class RunChart(NamedTuple):
    """A chart with its name and a note."""

    name: str
    note: str
    svg: Markup


def label_charts(visit: Visit, record: RunRecord) -> list[RunChart]:
    """How much of each label was found, and how much of what was given it was right."""
    labels = record.metrics.headline.labels
    found = [(label.code, label.rates.recall) for label in labels]
    given = [(label.code, label.rates.precision) for label in labels]
    return [
        RunChart(name, note, drawn(visit, SpanChart(f"{name} {note}", _TABLE, _spans(figures))))
        for name, note, figures in (
            ("Found", "of the cases of each label (recall)", found),
            ("Rightly given", "of what was given each label (precision)", given),
        )
        if any(figure.n for _, figure in figures)
    ]


def taken_chart(visit: Visit, record: RunRecord) -> RunChart | None:
    """A dot for each true label and what was said; None for flags, and where there are too many labels."""
    rows = record.metrics.confusion
    if not rows or len(rows) > MOST:
        return None
    unread = bool(record.metrics.unparsed or record.metrics.failed)
    chart = TakenChart(
        "What the cases of each label were taken for",
        "A row for each true label, a column for each answer; the larger a dot, the more cases. " + _TABLE,
        tuple(row.gold for row in rows),
        (*rows[0].said, *(("unread",) if unread else ())),
        tuple((*row.said.values(), *((row.unparsed + row.failed,) if unread else ())) for row in rows),
    )
    note = "a row for each true label; the larger the dot, the more cases"
    return RunChart("Taken for", note, drawn(visit, chart))


_TABLE = "The table has the same figures."


def _spans(figures: Sequence[tuple[str, Proportion]]) -> tuple[Span, ...]:
    return spans_of([share_span(code, figure, after=True) for code, figure in figures])
