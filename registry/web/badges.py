"""A badge as SVG: a name and what is said of it. Values in, bytes out; touches nothing.

Stands alone: no font, style, script or address of another file, so that it reads the same in a README of
another site. Colours hold at least 4.5:1 against the white letters (WCAG 2.2, 1.4.3).
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from typing import NamedTuple

from markupsafe import Markup

from registry.web.one_line import one_line

SVG = "image/svg+xml"
BADGE_FILE = "badge.svg"
MOST = 40
"""Characters on each half; the whole of it stands in the title."""

_MOST_TITLE = 240
_HEIGHT, _PADDING = 20, 7


class Colour(StrEnum):
    """What a badge says at a glance; it also says it in words."""

    NAME = "#3d4743"
    PLAIN = "#1f5a86"
    GOOD = "#0b5d4e"
    CARE = "#6b4e00"
    BAD = "#9a3412"
    NONE = "#5b6560"


class Badge(NamedTuple):
    """The two halves, the colour of the second, and the whole in a sentence."""

    name: str
    said: str
    colour: Colour
    title: str


_TEMPLATE = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{high}" viewBox="0 0 {whole} {high}" '
    'role="img" aria-label="{label}"><title>{title}</title>'
    '<rect width="{whole}" height="{high}" rx="4" fill="{colour}"/>'
    '<path d="M4 0H{left}V{high}H4a4 4 0 0 1-4-4V4a4 4 0 0 1 4-4z" fill="{dark}"/>'
    '<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">'
    '<text x="{name_x}" y="14" textLength="{name_width}">{name}</text>'
    '<text x="{said_x}" y="14" textLength="{said_width}">{said}</text></g></svg>\n'
)


def svg(badge: Badge) -> bytes:
    """The picture. Letters are set to the width that was counted for them, whatever font is there."""
    name, said = one_line(badge.name, MOST) or "–", one_line(badge.said, MOST) or "–"
    name_width, said_width = width(name), width(said)
    left = name_width + 2 * _PADDING
    whole = left + said_width + 2 * _PADDING
    drawn = _TEMPLATE.format(
        whole=whole,
        high=_HEIGHT,
        left=left,
        label=f"{name}: {said}",
        title=one_line(badge.title, _MOST_TITLE),
        colour=badge.colour.value,
        dark=Colour.NAME.value,
        name=name,
        said=said,
        name_x=_half(left),
        name_width=name_width,
        said_x=_half(left + whole),
        said_width=said_width,
    )
    return str(drawn).encode()


# Measured in Chromium with DejaVu Sans at 11 pixels (Verdana's widths), in groups that differ by little.
_WIDTHS = {
    **dict.fromkeys("'ijlIJ|", 3.2),
    **dict.fromkeys(" ,./:;\\", 3.6),
    **dict.fromkeys("-!()[]frt", 4.3),
    **dict.fromkeys('"*_`', 5.4),
    **dict.fromkeys("cksz?FL", 6.1),
    **dict.fromkeys("aeovxyPTY", 6.7),
    **dict.fromkeys("ABCKRVXZ", 7.6),
    **dict.fromkeys("DGHNU&", 8.4),
    **dict.fromkeys("#+<=>^~wMOQ", 9.1),
    **dict.fromkeys("%mW@", 10.8),
}
_USUAL, _WIDE = 7.0, 11.0


def width(text: str) -> int:
    """Pixels that a text takes at 11 pixels, rounded up."""
    return -int(-sum(map(_advance, text)) // 1)


def _advance(sign: str) -> float:
    known = _WIDTHS.get(sign)
    if known is not None:
        return known
    if unicodedata.combining(sign):
        return 0.0
    return _WIDE if unicodedata.east_asian_width(sign) in "WF" else _USUAL


def _half(double: int) -> str:
    return f"{double / 2:g}"
