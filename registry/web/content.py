"""Policy text as HTML that is safe to show. Touches nothing.

Whatever stands in a policy, the page gets only a fixed list of elements, without raw HTML, scripts,
styles or pictures: a picture on another host would tell that host who reads what. markdown-it's
`commonmark` preset would pass raw HTML through, so `js-default` with HTML off, and nh3 over its result.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

_TAGS = {
    *("p", "br", "hr", "blockquote", "pre"),
    *("h2", "h3", "h4", "h5", "h6"),
    *("ul", "ol", "li"),
    *("a", "code", "em", "s", "strong"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title"},
    "ol": {"start"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
}
_NOT_ID = re.compile(r"[^a-z0-9]+")
MAX_NESTING = 60


class Heading(NamedTuple):
    """A heading of a shown text, for a table of contents."""

    level: int
    text: str
    id: str


class Shown(NamedTuple):
    """A text ready for a page. `html` is safe as it is."""

    html: str
    headings: tuple[Heading, ...]


def show_markdown(text: str, *, below: int = 2, prefix: str = "text") -> Shown:
    """Markdown as safe HTML whose headings begin one level under `below`.

    `prefix` keeps the headings' ids apart from others of the page.
    """
    tokens = _parser().parse(text)
    headings = tuple(_place_headings(tokens, below, prefix))
    rendered = _parser().renderer.render(tokens, _parser().options, {})
    html = nh3.clean(
        rendered,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )
    return Shown(html, headings)


@cache
def _parser() -> MarkdownIt:
    """One parser for all: it keeps nothing between texts."""
    parser = MarkdownIt("js-default", {"html": False, "linkify": False, "maxNesting": MAX_NESTING})
    parser.add_render_rule("image", _picture_as_text)
    return parser


def _picture_as_text(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    """A picture's description in place of the picture."""
    described = renderer.renderInlineAsText(tokens[index].children or [], options, env)
    escaped = described.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<em>[picture: {escaped or 'without a description'}]</em>"


def _place_headings(tokens: Sequence[Token], below: int, prefix: str) -> list[Heading]:
    """Moves headings under the page's own and gives each an id."""
    found: list[Heading] = []
    taken: set[str] = set()
    top = min((int(token.tag[1:]) for token in tokens if token.type == "heading_open"), default=1)
    for index, token in enumerate(tokens):
        if token.type not in ("heading_open", "heading_close"):
            continue
        level = min(int(token.tag[1:]) - top + below + 1, 6)
        token.tag = f"h{level}"
        if token.type == "heading_open":
            text = _plain(tokens[index + 1])
            anchor = base = f"{prefix}-{_NOT_ID.sub('-', text.lower()).strip('-')[:60] or 'part'}"
            while anchor in taken:
                anchor = f"{base}-{len(taken)}"
            taken.add(anchor)
            token.attrSet("id", anchor)
            found.append(Heading(level, text, anchor))
    return found


def _plain(inline: Token) -> str:
    return "".join(child.content for child in inline.children or ()).strip()
