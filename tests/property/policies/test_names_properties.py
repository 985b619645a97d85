"""Names and addresses hold their promises for any text."""

from __future__ import annotations

import contextlib
import re

from hypothesis import given
from hypothesis import strategies as st

from policies.errors import InvalidNameError
from policies.names import RESERVED, check_slug, parse_address
from policies.versions import Change, next_version, parse_version

SLUG = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True).filter(
    lambda text: "--" not in text and text not in RESERVED
)
VERSION = st.tuples(*[st.integers(0, 10**6)] * 3).map(lambda numbers: ".".join(map(str, numbers)))


@given(st.text())
def test_accepted_slug_is_safe_everywhere(text: str) -> None:
    """Whatever is accepted is a safe folder name, ref part and web path."""
    with contextlib.suppress(InvalidNameError):
        slug = check_slug(text)
        assert re.fullmatch(r"[a-z0-9-]{1,63}", slug)
        assert not slug.startswith("-")


@given(st.lists(SLUG, min_size=2, max_size=5), st.booleans(), st.none() | VERSION | st.just("latest"))
def test_address_survives_writing_and_reading(names: list[str], personal: bool, version: str | None) -> None:
    """An address reads into parts that write it again."""
    text = "~" * personal + "/".join(names) + (f"@{version}" if version else "")
    address = parse_address(text)
    assert str(address) == text
    assert parse_address(str(address)) == address


@given(st.text())
def test_any_text_is_an_address_or_refused(text: str) -> None:
    """Nothing but a refusal comes of a text that is no address."""
    with contextlib.suppress(InvalidNameError):
        assert str(parse_address(text)) == text


@given(VERSION, st.sampled_from(Change))
def test_next_version_is_later(current: str, change: Change) -> None:
    """Every kind of change leads to a later version."""
    assert parse_version(next_version(current, change)) > parse_version(current)
