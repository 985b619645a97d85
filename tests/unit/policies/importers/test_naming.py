"""Tests of `policies.importers.naming`."""

from __future__ import annotations

import pytest

from policies.importers.naming import attachment_name, case_stem, slug_of, title_of


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Hate Speech", "hate-speech"),
        ("openAI", "openai"),
        ("Größe & Maß", "grosse-mass"),
        ("api", "api-policy"),
        ("スパム", "imported"),
        ("--a--b--", "a-b"),
        ("x" * 200, "x" * 56),
    ],
)
def test_any_name_becomes_an_allowed_one(text: str, slug: str) -> None:
    """Whatever a source is called, its pack has a valid name."""
    assert slug_of(text) == slug


def test_names_that_are_taken_get_a_number() -> None:
    """Two packs never share a name."""
    assert slug_of("spam", {"spam", "spam-2"}) == "spam-3"
    assert attachment_name("Annex 1.md", ["annex-1.md"]) == "annex-1-2.md"
    assert attachment_name("sub/policy.txt", []) == "policy-2.md"


def test_a_case_file_is_about_what_its_name_says() -> None:
    """Words for a set of cases are no part of what it is about."""
    assert [
        case_stem(name) for name in ("spam-golden-dataset.csv", "a/Hate_Speech_cases.v2.csv", "spam.csv")
    ] == [
        "spam",
        "hate-speech",
        "spam",
    ]
    assert title_of("hate-speech") == "Hate speech"
