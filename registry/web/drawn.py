"""Charts drawn once and kept by what they show. Keeps them through a visit."""

from __future__ import annotations

from markupsafe import Markup

from registry.web.charts import Chart, draw
from registry.web.span_charts import SpanChart, TakenChart, draw_spans, draw_taken
from registry.web.visit import Visit


def drawn(visit: Visit, chart: Chart | SpanChart | TakenChart) -> Markup:
    """The chart as an `svg` element."""

    def make() -> tuple[Markup, int]:
        if isinstance(chart, Chart):
            svg = draw(chart)
        else:
            svg = draw_spans(chart) if isinstance(chart, SpanChart) else draw_taken(chart)
        return svg, len(svg)

    return visit.made(("chart", chart.digest), make)
