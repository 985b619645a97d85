"""What was erased and may not return."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from registry.store.blocklist import add_blocked, line_digest, read_blocked
from registry.store.errors import StoreError


@pytest.mark.parametrize(
    "again",
    [
        "  Call the caf\u00e9 at 555 0199 \r\n",
        "CALL THE CAFE\u0301 AT 555 0199",
        "- Call the café: at 555-0199.",
        "Call  the\u00a0ca\u200bfé at 555 0199",
        "Call the café at \uff15\uff15\uff15 0199",
    ],
    ids=["edges", "capitals and form", "punctuation", "spaces", "wide digits"],
)
def test_digest(again: str) -> None:
    """A text is known by its words, whatever stands around and between them."""
    assert line_digest(again) == line_digest("Call the café at 555 0199")


def test_digest_of_other_words() -> None:
    """Other words are another text, and so are lines without any word."""
    assert line_digest("Call the café at 555 0198") != line_digest("Call the café at 555 0199")
    assert len({line_digest(line) for line in ("---", "***", "")}) == 3


def test_none(tmp_path: Path) -> None:
    """Without a list nothing is blocked."""
    assert read_blocked(tmp_path / "blocked.json") == frozenset()


def test_add(tmp_path: Path) -> None:
    """What is added stays with what was there, and adding it again writes nothing."""
    place = tmp_path / "blocked.json"
    add_blocked(place, ["b"])
    add_blocked(place, ["a", "b"])
    assert read_blocked(place) == {"a", "b"}
    os.utime(place, (0, 0))
    add_blocked(place, ["a"])
    assert place.stat().st_mtime == 0


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"7", b"{}", b'"text"', b"[7]"])
def test_unreadable(tmp_path: Path, raw: bytes) -> None:
    """A damaged list is an error: passing it over would let erased content back in."""
    place = tmp_path / "blocked.json"
    place.write_bytes(raw)
    with pytest.raises(StoreError, match=r"blocked\.json: the list of redacted content is unreadable"):
        read_blocked(place)
