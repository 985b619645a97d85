from __future__ import annotations

import re
from pathlib import Path

import pytest

from registry.web.static_files import StaticFiles

STATIC = Path(__file__).parents[4] / "registry" / "web" / "static"


def test_address_carries_the_digest() -> None:
    """The address of a file changes with its bytes, and only that address is kept for good."""
    files = StaticFiles()
    match = re.fullmatch(r"/static/style\.css\?v=([0-9a-f]{12})", files.url("style.css"))
    assert match is not None
    found = files.get("style.css", match[1])
    assert found is not None
    assert found.body == (STATIC / "style.css").read_bytes()
    assert "immutable" in found.headers["cache-control"]
    other = files.get("style.css", "0" * 12)
    assert other is not None
    assert other.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "name", ["", "..", "../app.py", "style.css/..", "/etc/passwd", "STYLE.CSS", "style.css\0"]
)
def test_other_names_are_nothing(name: str) -> None:
    """Only the names of files that were read at the start are found."""
    assert StaticFiles().get(name) is None


def test_stylesheet_fetches_nothing() -> None:
    """The stylesheet names no other address."""
    assert not re.search(r"url\(|@import|https?:", (STATIC / "style.css").read_text("utf-8"))


def _luminance(colour: str) -> float:
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        *[(ink, ground) for ink in ("ink", "soft", "accent", "bad", "note") for ground in ("paper", "card")],
        *[("ink", ground) for ground in ("note-soft", "bad-soft", "accent-soft")],
        ("accent", "accent-soft"),
        ("accent", "note-soft"),
        ("bad", "bad-soft"),
    ],
)
def test_text_stands_out_from_its_ground(scheme: int, ink: str, ground: str) -> None:
    """In light and in dark, text has a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3)."""
    blocks = re.findall(r":root \{(.*?)\}", (STATIC / "style.css").read_text("utf-8"), re.DOTALL)
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", blocks[scheme]))
    assert _contrast(colours[ink], colours[ground]) >= 4.5
