from __future__ import annotations

import re
from xml.etree import ElementTree

from evaluations.intervals import proportion
from registry.web.charts import Chart, Mark, draw

POINTS = (
    Mark("1.0.0", proportion(30, 40), apart=False),
    Mark("1.1.0", proportion(36, 40), apart=False),
    Mark("2.0.0", proportion(20, 50), apart=True),
)


def chart(*marks: Mark, title: str = "Caught") -> Chart:
    return Chart("key", title, "The table has the same figures.", marks)


def test_a_chart_is_shapes_and_words_only() -> None:
    """There is no script, style, event, address or comment in it, and it is well-formed."""
    text = str(draw(chart(*POINTS)))
    elements = list(ElementTree.fromstring(text).iter())
    names = {element.tag for element in elements}
    assert names == {"svg", "title", "desc", "g", "rect", "path", "text", "circle"}
    facts = {fact for element in elements for fact in element.attrib}
    assert facts <= {
        *("class", "viewBox", "role", "aria-labelledby", "id", "d", "x", "y", "cx", "cy", "r"),
        *("width", "height", "transform"),
    }
    assert "<!--" not in text


def test_a_chart_says_what_it_is() -> None:
    """It is an image with a title and a description, both escaped."""
    root = ElementTree.fromstring(str(draw(chart(*POINTS, title="<b>A & B</b>"))))
    assert root.get("role") == "img"
    named = {element.get("id"): element.text for element in root if element.get("id")}
    labels = (root.get("aria-labelledby") or "").split()
    assert [named[label] for label in labels] == ["<b>A & B</b>", "The table has the same figures."]


def test_every_point_has_its_interval_and_version() -> None:
    """Three points give three dots, three intervals and three versions under the axis."""
    text = str(draw(chart(*POINTS)))
    assert text.count("<circle") == text.count('class="ci"') == 3
    assert all(f">{mark.version}</text>" in text for mark in POINTS)


def test_points_stand_at_the_height_of_their_figures() -> None:
    """Of 0, half and all, the middle dot is half-way between the others."""
    marks = [Mark(f"1.{n}.0", proportion(n * 10, 20), apart=False) for n in range(3)]
    heights = [float(at) for at in re.findall(r'cy="([0-9.]+)"', str(draw(chart(*marks))))]
    assert heights[0] > heights[1] > heights[2]
    assert abs(heights[0] + heights[2] - 2 * heights[1]) < 0.1


def test_the_line_breaks_where_the_cases_changed() -> None:
    """A point over other cases is not joined to the one before, and a line stands between them."""
    joined = [mark._replace(apart=False) for mark in POINTS]
    with_break, without = str(draw(chart(*POINTS))), str(draw(chart(*joined)))
    marker = r'<g class="axis x.*major guide line'
    assert re.search(marker, with_break)
    assert not re.search(marker, without)
    assert max(map(_points, _lines(with_break))) == 2
    assert max(map(_points, _lines(without))) == 3


def test_an_undefined_figure_is_no_point() -> None:
    """A figure without cases is left out of the drawing; it is not drawn as 0."""
    text = str(draw(chart(*POINTS[:2], Mark("1.2.0", proportion(0, 0), apart=False))))
    assert text.count("<circle") == 2
    assert ">1.2.0</text>" in text


def test_one_chart_has_one_text_and_one_digest() -> None:
    """Drawn twice it is the same bytes; another figure is another digest."""
    assert draw(chart(*POINTS)) == draw(chart(*POINTS))
    assert chart(*POINTS).digest == chart(*POINTS).digest
    assert chart(*POINTS).digest != chart(*POINTS[:2]).digest


def _lines(text: str) -> list[str]:
    return re.findall(r'class="line reactive nofill" d="([^"]*)"', text)


def _points(line: str) -> int:
    return len(re.findall(r"[0-9.]+ [0-9.]+", line))
