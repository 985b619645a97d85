"""Parts and what is made of them, kept between answers."""

from __future__ import annotations

import pytest

from registry.web.shelf import Shelf

_STAMP = {"roost": "1"}


def test_nothing_is_made_within_what_is_made() -> None:
    """Two keys may share a lock, so it is refused whatever the keys are, and the shelf works on after it."""
    shelf = Shelf(1_000_000)

    def inner() -> tuple[str, int]:
        return "inner", 10

    def outer() -> tuple[str, int]:
        return shelf.made(("roost", "inner"), _STAMP, inner), 10

    with pytest.raises(AssertionError, match="is asked for while something else of its kind is making"):
        shelf.made(("roost", "outer"), _STAMP, outer)
    assert shelf.made(("roost", "inner"), _STAMP, inner) == "inner"
    with pytest.raises(AssertionError):
        # Also where it would not have waited, since it is kept already.
        shelf.made(("roost", "outer"), _STAMP, outer)


def test_parts_are_read_within_what_is_made() -> None:
    """They have locks of their own."""
    shelf = Shelf(1_000_000)

    def outer() -> tuple[str, int]:
        return shelf.part(("roost", "part"), _STAMP, lambda: ("part", 10)), 10

    assert shelf.made(("roost", "outer"), _STAMP, outer) == "part"
