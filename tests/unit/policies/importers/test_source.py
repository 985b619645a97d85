"""Tests of `policies.importers.source`."""

from __future__ import annotations

import gzip

import pytest

from policies.importers.source import MAX_INFLATED_BYTES, Source, Unreadable, read_source


def _source(raw: bytes) -> Source:
    found = read_source("cases.csv", raw)
    assert isinstance(found, Source)
    return found


@pytest.mark.parametrize(
    ("raw", "text", "encoding"),
    [
        ("naïve ☂".encode(), "naïve ☂", "utf-8"),
        ("naïve".encode("utf-8-sig"), "naïve", "utf-8-sig"),
        ("naïve".encode("utf-16"), "naïve", "utf-16"),
        (b"\xfe\xff" + "naïve".encode("utf-16-be"), "naïve", "utf-16"),
        ("“naïve” café".encode("cp1252"), "“naïve” café", "cp1252"),
        (gzip.compress("naïve".encode(), mtime=0), "naïve", "utf-8"),
        (gzip.compress(b"one ", mtime=0) + gzip.compress(b"two", mtime=0), "one two", "utf-8"),
    ],
)
def test_reads_every_encoding_that_spreadsheets_write(raw: bytes, text: str, encoding: str) -> None:
    """The text comes out the same whatever it was saved as, and the encoding is known."""
    found = _source(raw)
    assert (found.text, found.encoding) == (text, encoding)


def test_plain_utf8_needs_no_notice() -> None:
    """A file that is what it should be is not talked about."""
    assert _source("naïve".encode()).notices == ()


def test_a_guessed_encoding_is_told_with_its_line() -> None:
    """Reading Windows-1252 is a guess, so it is said, with the first line that is not UTF-8."""
    (notice,) = _source("fine\ncaf\xe9\n".encode("cp1252")).notices
    assert "line 2" in notice.message
    assert "Windows-1252" in notice.message


def test_broken_bytes_in_utf8_stay_apart() -> None:
    """A file with valid UTF-8 elsewhere is UTF-8 with damage, not Windows-1252."""
    found = _source("naïve\n".encode() + b"bro\xffken\n")
    assert found.text == "naïve\nbro\udcffken\n"
    assert "not UTF-8 (first on line 2)" in found.notices[0].message


def test_half_a_utf16_character_at_the_end_is_told() -> None:
    """A UTF-16 file cut in the middle of a character loses that character only, and says so."""
    found = _source("abc".encode("utf-16") + b"d")
    assert found.text == "abc"
    assert "left out" in found.notices[0].message


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (gzip.compress(b"x" * (MAX_INFLATED_BYTES + 1), mtime=0), "inflates to more than"),
        (gzip.compress(b"abc" * 1000, mtime=0)[:-12], "truncated gzip"),
        (gzip.compress(b"abc" * 1000, mtime=0)[:12] + b"\xff" * 40, "damaged gzip"),
        (gzip.compress(b"", mtime=0) * 100, "more than 64 gzip members"),
        (b"PK\x03\x04 a spreadsheet", "binary file"),
        ("abc".encode("utf-16-le") * 100, "UTF-16 without a byte order mark"),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else "",
)
def test_what_cannot_be_text_is_refused_with_its_reason(raw: bytes, reason: str) -> None:
    """Bombs, damaged archives and binary files give a reason instead of a text."""
    found = read_source("cases.csv", raw)
    assert isinstance(found, Unreadable)
    assert reason in found.reason
