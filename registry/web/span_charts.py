"""Charts of rows: each a figure as a dot with its interval, or a label with what it was taken for. Pure.

Drawn by pygal like the charts over versions, and taken apart like them (`charts.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from math import sqrt
from typing import Any, NamedTuple

import pygal
from markupsafe import Markup
from pygal.style import Style

from evaluations.intervals import Proportion
from policies.canonical import canonical_digest
from registry.web.charts import DRAWN_BY, as_svg

WIDTH = 420
MOST = 16
"""Rows of one chart; more would not be readable on a phone."""

_ROW, _MARGINS = 24, 36
_FONT = 13
_LONGEST = 22
_DRAWN_BY = f"{DRAWN_BY}-1"
_STEPS = (1, 2, 5, 10, 20, 25, 50)
_TICKS = 3


class Span(NamedTuple):
    """A row: its name, and a figure with its bounds in hundredths; None leaves the row empty.

    `after` says that it is the later one of two that stand together, which has a colour of its own.
    """

    name: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    after: bool = False


_EMPTY = Span(" ", None, None, None)


class SpanChart(NamedTuple):
    """What a chart shows. With `signed` it reaches to both sides of zero; else from 0 to 100."""

    title: str
    detail: str
    spans: tuple[Span, ...]
    unit: str = " %"
    signed: bool = False

    @property
    def digest(self) -> str:
        """Equal for charts that look the same."""
        spans = [[span.name, *map(_text, span[1:4]), span.after] for span in self.spans]
        return canonical_digest([_DRAWN_BY, self.title, self.detail, spans, self.unit, self.signed])


class TakenChart(NamedTuple):
    """What the cases of each label were taken for: `counts[i][j]` of `gold[i]` as `said[j]`."""

    title: str
    detail: str
    gold: tuple[str, ...]
    said: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    @property
    def digest(self) -> str:
        """Equal for charts that look the same."""
        return canonical_digest([_DRAWN_BY, *self[:4], [list(row) for row in self.counts]])


def draw_spans(chart: SpanChart) -> Markup:
    """The chart as an `svg` element, the same bytes every time."""
    # An empty row on both ends keeps the outer ones off the edges.
    rows = (_EMPTY, *chart.spans, _EMPTY)
    height = _MARGINS + _ROW * len(rows)
    ticks = _ticks(chart) if chart.signed else (0, 25, 50, 75, 100)
    made = pygal.HorizontalLine(
        **_plain(height), stroke=False, range=(ticks[0], ticks[-1]), dots_size=4, margin_right=26
    )
    made.x_labels = [_short(span.name) for span in rows]
    made.y_labels = [{"value": at, "label": _tick(at, chart)} for at in ticks]
    made.y_labels_major = [0]
    for after in (False, True):
        made.add("", [_value(span) if span.after is after else None for span in rows])
    kind = "spans signed" if chart.signed else "spans"
    return as_svg(made, (WIDTH, height), chart.digest, chart.title, chart.detail, kind)


def draw_taken(chart: TakenChart) -> Markup:
    """The chart as an `svg` element: a dot for each pair of labels, the larger the more cases."""
    height = _MARGINS + 2 * _ROW * len(chart.gold)
    made = pygal.Dot(**_plain(height))
    made.x_labels = [_short(name) for name in chart.said]
    for name, counts in zip(chart.gold, chart.counts, strict=True):
        # pygal makes the radius go with the value; so that the area does, it is given the root.
        made.add(_short(name), [sqrt(count) for count in counts])
    return as_svg(made, (WIDTH, height), chart.digest, chart.title, chart.detail, "taken")


def _plain(height: int) -> dict[str, Any]:
    """What every chart has: no script, no style and no legend of pygal's."""
    return {
        "width": WIDTH,
        "height": height,
        "margin": 8,
        "js": [],
        "css": [],
        "no_prefix": True,
        "pretty_print": False,
        "show_legend": False,
        "truncate_label": -1,
        # What room the words need; how they look is the stylesheet's.
        "style": Style(label_font_size=_FONT, major_label_font_size=_FONT),
    }


def _value(span: Span) -> Any:
    if span.value is None or span.low is None or span.high is None:
        return None
    return {"value": float(span.value), "ci": {"low": float(span.low), "high": float(span.high)}}


def _ticks(chart: SpanChart) -> tuple[int, ...]:
    """Marks on both sides of zero, in a step that leaves a few of them."""
    bounds = [abs(bound) for span in chart.spans for bound in (span.low, span.high) if bound is not None]
    reach = max([Decimal(1), *bounds])
    step = next((step for step in _STEPS if step * _TICKS >= reach), _STEPS[-1])
    most = -(-int(reach.to_integral_value(rounding="ROUND_CEILING")) // step) * step
    return tuple(range(-most, most + 1, step))


def _tick(at: int, chart: SpanChart) -> str:
    return f"{at:+d}" if chart.signed and at else f"{at}{'' if chart.signed else chart.unit}"


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def _text(figure: Decimal | None) -> str | None:
    return None if figure is None else str(figure)


def share_span(name: str, figure: Proportion, *, after: bool = False) -> Span:
    """A proportion as a row."""
    low, high = (figure.interval.low, figure.interval.high) if figure.interval else (None, None)
    return Span(name, hundredths(figure.value), hundredths(low), hundredths(high), after)


def hundredths(figure: str | None) -> Decimal | None:
    """A figure of a record as a percentage, or as points."""
    return None if figure is None else Decimal(figure) * 100


def spans_of(rows: Sequence[Span]) -> tuple[Span, ...]:
    """As many rows as a chart may have."""
    return tuple(rows[:MOST])
