from __future__ import annotations

import jinja2
import pytest

from registry.web.static_files import StaticFiles
from registry.web.templating import Templates, commons_links, inline, moment_html, percent, plural, position


@pytest.mark.parametrize(
    ("figure", "said"), [("0.863636", "86.4 %"), ("1.000000", "100.0 %"), ("0.000000", "0.0 %"), (None, "–")]
)
def test_percent(figure: str | None, said: str) -> None:
    """Figures are written with one decimal; what is undefined is a dash and never 0."""
    assert percent(figure) == said


@pytest.mark.parametrize(("count", "said"), [(0, "0 cases"), (1, "1 case"), (1_680, "1,680 cases")])
def test_plural(count: int, said: str) -> None:
    """Counts agree with their noun and have their thousands apart."""
    assert plural(count, "case") == said
    assert plural(count, "policy", "policies").endswith("policy" if count == 1 else "policies")


def test_moment_is_read_by_people_and_programs() -> None:
    """A moment is written out, with its ISO form beside."""
    assert (
        moment_html("2026-03-01T09:30:00Z")
        == '<time datetime="2026-03-01T09:30:00Z">1 March 2026, 09:30 UTC</time>'
    )


def test_position_is_a_plain_number() -> None:
    """A place on the scale is digits only, since it becomes an attribute."""
    assert position("0.863636") == "86.36"
    assert position(None) == "0"


def test_inline_code_is_escaped_first() -> None:
    """Backticks become code; everything else stays text."""
    assert inline("`a<b` & c") == "<code>a&lt;b</code> &amp; c"


def test_nested_name_leads_up() -> None:
    """Each part of a nested commons' name links to the commons of that name."""
    assert commons_links("roost/teen") == [
        {"name": "roost", "page": "/roost"},
        {"name": "teen", "page": "/roost/teen"},
    ]


def test_misspelt_name_is_an_error() -> None:
    """A template that asks for a value it was not given fails, and shows no empty place."""
    with pytest.raises(jinja2.UndefinedError):
        Templates(StaticFiles()).render("error.html")
