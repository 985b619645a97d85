from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from registry.web.badges import MOST, Badge, Colour, svg, width

_SVG = "{http://www.w3.org/2000/svg}"


def _drawn(badge: Badge) -> ET.Element:
    return ET.fromstring(svg(badge))


def _texts(root: ET.Element) -> list[str]:
    return [str(text.text) for text in root.iter(f"{_SVG}text")]


@pytest.mark.parametrize("colour", Colour)
def test_letters_can_be_read(colour: Colour) -> None:
    """White letters have a contrast of 4.5:1 or more on every colour (WCAG 2.2, 1.4.3)."""
    channels = [int(colour.value[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    assert 1.05 / (luminance + 0.05) >= 4.5


def test_badge_has_a_name_for_those_who_do_not_see_it() -> None:
    """It is one picture with a label and a title in words."""
    root = _drawn(Badge("roost/spam", "1.2.0", Colour.PLAIN, "Policy roost/spam, version 1.2.0"))
    assert (root.get("role"), root.get("aria-label")) == ("img", "roost/spam: 1.2.0")
    title = root.find(f"{_SVG}title")
    assert title is not None
    assert title.text == "Policy roost/spam, version 1.2.0"
    assert _texts(root) == ["roost/spam", "1.2.0"]


@pytest.mark.parametrize(
    "said",
    ['</text><script>alert(1)</script>"', "a\x00b\x1b\ud800", "&amp; ' \"", "\u202eabc", "", "漢字" * 60],
)
def test_strangers_words_stay_words(said: str) -> None:
    """Whatever a licence or model is called, the picture is well-formed, harmless and of bounded size."""
    raw = svg(Badge(said, said, Colour.BAD, said))
    root = ET.fromstring(raw)
    tags = {element.tag.removeprefix(_SVG) for element in root.iter()}
    assert tags == {"svg", "title", "rect", "path", "g", "text"}
    assert b"style=" not in raw
    assert b"href" not in raw
    assert len(raw) < 6_000
    assert all(0 < len(text) <= MOST for text in _texts(root))


def test_halves_hold_their_letters() -> None:
    """Each half is as wide as its letters and some room, and a long text ends with an ellipsis."""
    root = _drawn(Badge("n" * 90, "said", Colour.GOOD, "t"))
    name, said = root.iter(f"{_SVG}text")
    assert str(name.text).endswith("…")
    widths = [int(str(text.get("textLength"))) for text in (name, said)]
    assert widths == [width(str(name.text)), width("said")]
    assert int(str(root.get("width"))) == sum(widths) + 4 * 7
    assert width("mmmm") > 2 * width("iiii")
    assert width("漢字") == 22
