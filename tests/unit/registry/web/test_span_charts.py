from __future__ import annotations

import re
from decimal import Decimal
from math import pi
from xml.etree import ElementTree

import pytest

from evaluations.intervals import proportion
from registry.web.span_charts import (
    MOST,
    Span,
    SpanChart,
    TakenChart,
    draw_spans,
    draw_taken,
    share_span,
    spans_of,
)

SHARES = (
    share_span("caught, before", proportion(30, 40)),
    share_span("caught, after", proportion(36, 40), after=True),
)
TAKEN = TakenChart("Taken for", "The table.", ("A", "B"), ("A", "B", "unread"), ((9, 1, 0), (4, 16, 0)))


def signed(*figures: tuple[int, int, int]) -> SpanChart:
    spans = [Span(f"g{at}", *map(Decimal, figure)) for at, figure in enumerate(figures)]
    return SpanChart("Change", "The table.", tuple(spans), signed=True)


@pytest.mark.parametrize(
    "drawn",
    [draw_spans(SpanChart("Shares", "The table.", SHARES)), draw_taken(TAKEN)],
    ids=["spans", "taken"],
)
def test_a_chart_is_shapes_and_words_only(drawn: str) -> None:
    """There is no script, style, event, address or comment in it, and it is well-formed."""
    elements = list(ElementTree.fromstring(str(drawn)).iter())
    assert {element.tag for element in elements} <= {
        "svg",
        "title",
        "desc",
        "g",
        "rect",
        "path",
        "text",
        "circle",
    }
    facts = {fact for element in elements for fact in element.attrib}
    assert facts <= {
        *("class", "viewBox", "role", "aria-labelledby", "id", "d", "x", "y", "cx", "cy", "r"),
        *("width", "height", "transform"),
    }
    assert "<!--" not in drawn


def test_names_are_escaped_and_cut() -> None:
    """What a label or slice is called is text in the picture, and never longer than there is room for."""
    name = "<b>&" + "long " * 20
    root = ElementTree.fromstring(str(draw_spans(SpanChart("<i>", "d", (SHARES[0]._replace(name=name),)))))
    said = [element.text or "" for element in root.iter("text")]
    assert any(text.startswith("<b>&") and text.endswith("…") for text in said)
    assert max(map(len, said)) <= 22
    assert root.findtext("title") == "<i>"


def test_every_row_has_its_dot_interval_and_name() -> None:
    """Two figures give two dots and two intervals; a row without a figure keeps its name only."""
    nothing = Span("nothing known", None, None, None)
    text = str(draw_spans(SpanChart("Shares", "The table.", (*SHARES, nothing))))
    assert text.count("<circle") == text.count('class="ci"') == 2
    assert all(f">{name}</text>" in text for name in ("caught, before", "caught, after", "nothing known"))


def test_dots_stand_where_their_figures_are() -> None:
    """Of 0, half and all, the middle dot is half-way between the others, and rows go from the top down."""
    spans = [share_span(f"{n}", proportion(n * 10, 20)) for n in range(3)]
    dots = places(draw_spans(SpanChart("Shares", "The table.", tuple(spans))))
    across, down = zip(*dots, strict=True)
    assert abs(across[0] + across[2] - 2 * across[1]) < 0.2
    assert across[0] < across[1] < across[2]
    assert down[0] < down[1] < down[2]


def test_a_signed_chart_has_zero_in_the_middle() -> None:
    """A gain and as large a loss stand equally far from no change, whatever the intervals are."""
    dots = places(draw_spans(signed((10, 2, 18), (0, -1, 1), (-10, -30, 5))))
    assert abs((dots[1][0] - dots[2][0]) - (dots[0][0] - dots[1][0])) < 0.2


@pytest.mark.parametrize("reach", [1, 3, 7, 40, 100])
def test_a_signed_chart_holds_all_it_shows(reach: int) -> None:
    """The axis reaches past the widest interval, to both sides, with few marks."""
    text = str(draw_spans(signed((0, -reach, reach))))
    ticks = [int(tick) for tick in re.findall(r">([+-]\d+)</text>", text)]
    assert max(ticks) >= reach
    assert min(ticks) == -max(ticks)
    assert len(ticks) <= 8


def test_areas_of_dots_go_with_the_counts() -> None:
    """A dot for four times as many cases has four times the area; none is drawn where there were none."""
    radii = [float(radius) for radius in re.findall(r'<circle[^>]* r="([0-9.]+)"', str(draw_taken(TAKEN)))]
    areas = {count: pi * radius * radius for count, radius in zip((9, 1, 0, 4, 16, 0), radii, strict=True)}
    assert areas[0] == 0
    assert areas[16] / areas[4] == pytest.approx(4, rel=0.05)
    assert areas[9] / areas[1] == pytest.approx(9, rel=0.05)


def test_a_chart_is_the_same_bytes_every_time_and_known_by_what_it_shows() -> None:
    """Two charts that look the same have one digest and the same bytes; another figure is another chart."""
    first, same = (SpanChart("Shares", "The table.", SHARES) for _ in range(2))
    assert first.digest == same.digest
    assert draw_spans(first) == draw_spans(same)
    others = (
        first._replace(title="Other"),
        first._replace(signed=True),
        first._replace(spans=SHARES[:1]),
        first._replace(spans=(SHARES[0], SHARES[1]._replace(after=False))),
    )
    assert len({first.digest, *(other.digest for other in others)}) == 1 + len(others)
    assert TAKEN.digest != TAKEN._replace(counts=((8, 2, 0), (4, 16, 0))).digest


def test_a_chart_has_a_bounded_number_of_rows() -> None:
    """However many labels there are, a chart stays readable on a phone."""
    assert len(spans_of([SHARES[0]] * 500)) == MOST


def places(drawn: str) -> list[tuple[float, float]]:
    """Where the dots are, in the order of the rows."""
    found = re.findall(r'<circle[^>]*cx="([0-9.]+)"[^>]*cy="([0-9.]+)"', str(drawn))
    return sorted(((float(across), float(down)) for across, down in found), key=lambda at: at[1])
