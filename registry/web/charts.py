"""Charts as SVG that may stand in a page: figures over versions, with their intervals. Pure.

Drawn by pygal. What comes out is taken apart and only shapes and words are kept: no script, no style, no
comment with today's date, so that one chart has one text and the page's own stylesheet gives it its colours.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import pygal
from markupsafe import Markup, escape

from evaluations.intervals import Proportion
from policies.canonical import canonical_digest

# pygal puts an importer into every program that uses it, for its maps, in a form that Python gave up (3.12):
# from then on, any module that is not there is warned of, in whichever library looks for it.
sys.meta_path[:] = [found for found in sys.meta_path if type(found).__module__ != pygal.__name__]

WIDTH, HEIGHT = 380, 240
MOST = 12
"""Versions on one chart; more would not be readable on a phone."""

DRAWN_BY = f"{pygal.__version__}-1"
"""Part of every chart's digest: another drawing is another chart."""

_BREAK = " "
_SLANTED_FROM = 6
_SHAPES = frozenset({"g", "path", "line", "rect", "circle", "text"})
_FACTS = ("class", "d", "x", "y", "cx", "cy", "r", "width", "height", "transform")
_EMPTY_LAYERS = frozenset({"plot text-overlay", "plot tooltip-overlay", "titles"})
_DECIMALS = re.compile(r"(\d+\.\d\d?)\d*")


class Mark(NamedTuple):
    """A version's figure. `apart` says that it cannot be compared with the one before it."""

    version: str
    figure: Proportion
    apart: bool


class Chart(NamedTuple):
    """What a chart shows. `title` is read out in its place, then `detail`; `key` is its own on a page."""

    key: str
    title: str
    detail: str
    marks: tuple[Mark, ...]

    @property
    def digest(self) -> str:
        """Equal for charts that look the same."""
        marks = [
            [mark.version, mark.figure.count, mark.figure.n, *_bounds(mark), mark.apart]
            for mark in self.marks
        ]
        return canonical_digest([DRAWN_BY, self.key, self.title, self.detail, marks])


def draw(chart: Chart) -> Markup:
    """The chart as an `svg` element, the same bytes every time."""
    columns = _columns(chart.marks)
    made = pygal.Line(
        width=WIDTH,
        height=HEIGHT,
        margin=8,
        js=[],
        css=[],
        no_prefix=True,
        pretty_print=False,
        show_legend=False,
        show_x_guides=True,
        include_x_axis=False,
        range=(0, 100),
        dots_size=4,
        truncate_label=-1,
        x_label_rotation=40 if len(columns) > _SLANTED_FROM else 0,
        x_labels_major=[_BREAK],
    )
    made.x_labels = [mark.version if mark else _BREAK for mark in columns]
    made.y_labels = [{"value": at, "label": f"{at} %"} for at in (0, 25, 50, 75, 100)]
    for run in _unbroken(columns):
        made.add("", run)
    return as_svg(made, (WIDTH, HEIGHT), chart.digest, chart.title, chart.detail)


def as_svg(made: Any, size: tuple[int, int], digest: str, title: str, detail: str, kind: str = "") -> Markup:
    """What pygal drew as an `svg` element with a name and a description, of shapes and words alone."""
    shapes = "".join(_written(child) for child in made.render_tree())
    return Markup(
        '<svg class="chart{kind}" viewBox="0 0 {w} {h}" role="img" aria-labelledby="{id}-title {id}-detail">'
        '<title id="{id}-title">{title}</title><desc id="{id}-detail">{detail}</desc>{shapes}</svg>'
    ).format(
        kind=f" {kind}" if kind else "",
        w=size[0],
        h=size[1],
        id=f"chart-{digest[:12]}",
        title=title,
        detail=detail,
        shapes=Markup(shapes),  # noqa: S704 - written below, each word and fact escaped
    )


def _columns(marks: Sequence[Mark]) -> list[Mark | None]:
    """The marks with an empty column before each that cannot be compared with the one before."""
    columns: list[Mark | None] = []
    for mark in marks:
        if mark.apart and columns:
            columns.append(None)
        columns.append(mark)
    return columns


def _unbroken(columns: Sequence[Mark | None]) -> list[list[Any]]:
    """The values in lines that are drawn through: a new one after each empty column."""
    lines: list[list[Any]] = [[None] * len(columns)]
    for place, mark in enumerate(columns):
        if mark is None:
            lines.append([None] * len(columns))
        elif mark.figure.interval is not None:
            low, high = _bounds(mark)
            ci = {"low": _hundredths(low), "high": _hundredths(high)}
            lines[-1][place] = {"value": _hundredths(mark.figure.value), "ci": ci}
    return lines


def _written(element: Any) -> str:
    """An element and what is in it, as far as they are shapes or words with harmless facts."""
    # Of comments and instructions the tag is no text; with lxml installed it carries the namespace.
    name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
    if name not in _SHAPES or element.get("class") in _EMPTY_LAYERS:
        return ""
    facts = "".join(
        f' {fact}="{escape(_DECIMALS.sub(_shortened, value))}"'
        for fact in _FACTS
        if (value := (element.get(fact) or "").strip())
    )
    words = escape(element.text or "") if name == "text" else ""
    inside = f"{words}{''.join(_written(child) for child in element)}"
    if not inside and name in ("g", "text"):
        return ""
    return f"<{name}{facts}>{inside}</{name}>" if inside else f"<{name}{facts}/>"


def _shortened(number: re.Match[str]) -> str:
    return number[1].rstrip("0").rstrip(".")


def _bounds(mark: Mark) -> tuple[str | None, str | None]:
    interval = mark.figure.interval
    return (interval.low, interval.high) if interval else (None, None)


def _hundredths(figure: str | None) -> float:
    return float(Decimal(figure or 0) * 100)
