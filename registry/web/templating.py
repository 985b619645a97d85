"""Jinja, with the words and figures that pages write. Reads the templates of this package once.

Everything is escaped unless a filter of ours gives safe HTML; a name that a template misspells is an
error, never an empty place.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from registry.accounts.scopes import MEANS
from registry.web.languages import language_name
from registry.web.static_files import StaticFiles
from registry.web.viewer import Viewer

_CODE = re.compile(r"`([^`]+)`")
_BEGINNINGS = frozenset({"the", "a", "an", "this", "it", "one", "there", "not", "what", "proposal", "people"})
_HANDLING = {"allow": "allow", "review": "send to review", "remove": "remove", "escalate": "escalate"}
_GROUNDS = {
    "personal-data": "personal data",
    "illegal": "illegal content",
    "licence": "a licence",
    "safety": "someone's safety",
    "mistake": "a mistake",
}


class Templates:
    """Renders templates to bytes. With `sign_in`, every page says where one signs in."""

    def __init__(self, static: StaticFiles, *, sign_in: bool = False) -> None:
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.filters |= {
            "percent": percent,
            "moment": moment_html,
            "day": day_html,
            "plural": plural,
            "handling": lambda value: _HANDLING.get(value, value),
            "ground": lambda value: _GROUNDS.get(value, value),
            "language": language_name,
            "position": position,
            "inline": inline,
            "sentence": sentence,
            "commons_links": commons_links,
        }
        self._environment.globals |= {"static": static.url, "can_sign_in": sign_in, "scope_means": MEANS}

    def render(self, template: str, *, viewer: Viewer | None = None, **values: object) -> bytes:
        """A page as UTF-8, for whom it is made. A lone surrogate in imported text becomes a question mark."""
        page = self._environment.get_template(template).render(viewer=viewer, **values)
        return page.encode("utf-8", "replace")


def percent(figure: str | None) -> str:
    """`0.863636` as `86.4 %`; an undefined figure is a dash."""
    if figure is None:
        return "–"
    return f"{Decimal(figure) * 100:.1f} %"


def position(figure: str | None) -> str:
    """A figure as a place on a scale of 0 to 100, for drawings."""
    return "0" if figure is None else f"{Decimal(figure) * 100:.2f}"


def moment_html(at: str) -> Markup:
    """An ISO moment as people read it."""
    parsed = time.strptime(at, "%Y-%m-%dT%H:%M:%SZ")
    said = f"{parsed.tm_mday} {time.strftime('%B %Y, %H:%M', parsed)} UTC"
    return Markup('<time datetime="{}">{}</time>').format(at, said)


def day_html(at: str) -> Markup:
    """The day of an ISO moment."""
    parsed = time.strptime(at, "%Y-%m-%dT%H:%M:%SZ")
    return Markup('<time datetime="{}">{}</time>').format(
        at, f"{parsed.tm_mday} {time.strftime('%B %Y', parsed)}"
    )


def inline(text: str) -> Markup:
    """Plain text with `code` between backticks."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before


def sentence(text: str) -> str:
    """A rule as a sentence by itself: with a capital, unless it begins with a name or a number."""
    first = text.partition(" ")[0]
    return text[:1].upper() + text[1:] if first in _BEGINNINGS else text


def plural(count: int, noun: str, many: str | None = None) -> str:
    """`1 case`, `2 cases`, `1,680 cases`."""
    return f"{count:,} {noun if count == 1 else many or noun + 's'}"


def commons_links(name: str) -> list[Mapping[str, Any]]:
    """The parts of a commons' name with their addresses: roost, then roost/teen."""
    parts = name.split("/")
    return [{"name": part, "page": "/" + "/".join(parts[: index + 1])} for index, part in enumerate(parts)]
