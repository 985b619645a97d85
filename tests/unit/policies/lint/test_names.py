"""Names that are, or look like, a sibling's."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("slug", "sibling"),
    [
        ("hate-speech", "hatespeech"),
        ("hate-speech", "hate_speech"),
        ("hate-speech", "Hate-Speech"),
        ("spam", "ѕраm"),  # three Cyrillic letters
        ("spam", "spám"),
        ("modern", "modem"),
        ("group-10", "group-lo"),
    ],
)
def test_names_that_read_alike_collide(folder: Any, slug: str, sibling: str) -> None:
    """Case, separators, accents, other scripts and look-alike shapes make no difference to a reader."""
    folder.slug, folder.siblings = slug, (sibling,)
    assert folder.places("P021") == [("policy.md", 0)]


@pytest.mark.parametrize(
    ("slug", "sibling"),
    [
        ("threat", "threats"),
        ("policy-spam", "policies-spam"),
        ("harassment", "harasment"),
        ("harassment", "harrassment"),
        ("harassment", "harassmant"),
        ("harassment", "harassmnet"),
    ],
)
def test_names_one_slip_apart_are_pointed_out(folder: Any, slug: str, sibling: str) -> None:
    """A plural, or one letter added, left out, changed or swapped with its neighbour."""
    folder.slug, folder.siblings = slug, (sibling,)
    assert folder.places("P022") == [("policy.md", 0)]


@pytest.mark.parametrize(
    ("slug", "sibling"),
    [
        ("spam", "spam"),
        ("scams", "scams-es"),
        ("scams-de", "scams-es"),
        ("annex-1", "annex-2"),
        ("scam", "spam"),
        ("hate-speech", "hate-symbols"),
    ],
)
def test_other_names_pass(folder: Any, slug: str, sibling: str) -> None:
    """Itself, a translation, a numbered part, a short word that happens to be near."""
    folder.slug, folder.siblings = slug, (sibling,)
    assert folder.places("P021") + folder.places("P022") == []


@pytest.mark.parametrize("slug", ["", "Spam", "a--b", "api", "spa\u202em", "s" * 64, "../x", "spam\n"])
def test_what_is_no_slug_is_refused(folder: Any, slug: str) -> None:
    """Empty, capitals, reserved, hidden characters, too long, a path."""
    folder.slug = slug
    assert folder.places("P020") == [("policy.md", 0)]


def test_hostile_names_are_shown_escaped(folder: Any) -> None:
    """A message must not reorder the line that it is shown on."""
    folder.slug, folder.siblings = "spam", ("sp\u202eam",)
    assert all(finding.message.isascii() for finding in folder.lint())
