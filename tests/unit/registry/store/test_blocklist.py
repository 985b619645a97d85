"""What was erased and may not return."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from policies.canonical import sha256_hex
from registry.store.blocklist import add_blocked, line_digest, read_blocked
from registry.store.errors import StoreError


def test_digest() -> None:
    """A line is known whatever white space is around it and however its accents are composed."""
    assert line_digest("  Caf\u00e9 \r\n") == line_digest("Cafe\u0301") == sha256_hex("Café".encode())


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
