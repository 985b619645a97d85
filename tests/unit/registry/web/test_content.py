from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.web.content import show_markdown

HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "![pixel](https://example.org/p.gif)",
    "![a<b>\"'](https://example.org/p.gif)",
    "<svg/onload=alert(1)>",
    "<style>body{display:none}</style>",
    '<a href="https://example.org" style="x" onclick="y">z</a>',
    "<iframe src=//example.org></iframe>",
    "[x]: javascript:alert(1)\n\n[x]",
    "<https://example.org/\"onmouseover='alert(1)'>",
    "# <b id=content>x</b>",
    "```html\n<script>alert(1)</script>\n```",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_active_comes_through(text: str) -> None:
    """Scripts, handlers, styles, pictures and script addresses never become elements or attributes."""
    html = show_markdown(text).html
    tags = re.findall(r"<[^>]*>", html)
    assert not [tag for tag in tags if re.match(r"<(script|img|svg|style|iframe|b)\b", tag)], html
    assert not [
        tag
        for tag in tags
        if re.search(r"\s(on\w+|style|src)\s*=|javascript:|data:|vbscript:", tag, re.IGNORECASE)
    ]


@given(st.text(max_size=300))
def test_any_text_gives_allowed_elements_only(text: str) -> None:
    """Whatever the text, the result holds elements of the fixed list only."""
    html = show_markdown(text).html
    names = set(re.findall(r"</?([a-zA-Z][a-zA-Z0-9]*)", html))
    allowed = {
        "p",
        "br",
        "hr",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "strong",
        "em",
        "s",
        "code",
        "pre",
    }
    assert names <= allowed | {"blockquote", "a", "table", "thead", "tbody", "tr", "th", "td"}


def test_picture_becomes_its_description() -> None:
    """A picture is named in words and never fetched."""
    assert (
        show_markdown("![a chart](https://example.org/c.png)").html == "<p><em>[picture: a chart]</em></p>\n"
    )


def test_links_say_nothing_of_where_they_come_from() -> None:
    """A link is kept, without a referrer and without a vote for its target."""
    html = show_markdown("[x](https://example.org/a)").html
    assert html == '<p><a href="https://example.org/a" rel="nofollow noopener noreferrer">x</a></p>\n'


def test_headings_stand_below_those_of_the_page() -> None:
    """Headings begin one level under the page's own and get distinct ids."""
    shown = show_markdown("# Goal\n\n## SP0 Not spam\n\n## SP0 Not spam\n\n### Ünïcode ###", below=2)
    assert [(item.level, item.text) for item in shown.headings] == [
        (3, "Goal"),
        (4, "SP0 Not spam"),
        (4, "SP0 Not spam"),
        (5, "Ünïcode"),
    ]
    assert len({item.id for item in shown.headings}) == 4
    assert '<h3 id="text-goal">Goal</h3>' in shown.html


def test_deep_nesting_ends() -> None:
    """A text nested a thousand deep is shown without a fault."""
    assert show_markdown(">" * 1_000 + " x").html
    assert show_markdown("- " * 1_000 + "x").html
    assert show_markdown("*" * 5_000 + "x" + "*" * 5_000).html
