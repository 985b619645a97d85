"""Unknown keys, translations, ends, and people's addresses."""

from __future__ import annotations

from typing import Any

import pytest


def test_unknown_keys_are_told_once_with_their_line(folder: Any) -> None:
    """In the front matter each, in the cases once for all that have it."""
    folder.replace("subject: content\n", "subject: content\nowner: me\n")
    folder.cases[1]["mood"] = "calm"
    folder.cases[2]["mood"] = "calm"
    assert folder.places("P025") == [("policy.md", folder.line_of("owner")), ("cases.jsonl", 2)]
    assert "(in 2 cases)" in folder.lint()[-1].message


@pytest.mark.parametrize(
    ("language", "original", "known", "expected"),
    [
        ("de", "roost/spam", {"roost/spam": "en"}, []),
        ("en", "roost/spam", {"roost/spam": "en"}, ["P026"]),
        ("EN", "roost/scams", {"roost/scams": "en"}, ["P026"]),
        ("pt-BR", "roost/spam", {"roost/spam": "pt-PT"}, []),
        ("en", "roost/spam", {}, ["P026"]),
        ("en", "roost/scams", {}, []),
    ],
)
def test_a_translation_has_another_language_than_its_original(
    folder: Any, language: str, original: str, known: dict[str, str], expected: list[str]
) -> None:
    """As far as the original's language is known; a policy is never a translation of itself."""
    folder.replace("language: en", f"language: {language}")
    folder.replace(
        "subject: content", f"subject: content\ntranslation_of: {{policy: {original}, version: 1.0.0}}"
    )
    folder.languages = known
    assert [finding.rule for finding in folder.lint()] == expected


def test_a_name_that_says_translation_needs_the_link(folder: Any) -> None:
    """`spam-de` beside `spam`, in German, has to say what it translates."""
    folder.slug, folder.siblings = "spam-de", ("spam",)
    folder.replace("language: en", "language: de-AT")
    assert folder.places("P027") == [("policy.md", folder.line_of("language: de-AT"))]
    folder.siblings = ()
    assert folder.places("P027") == []


def test_the_name_of_a_translation_has_to_fit_its_language(folder: Any) -> None:
    """`spam-de` in French is a mistake in one of the two."""
    folder.slug = "spam-de"
    folder.replace("language: en", "language: fr\ntranslation_of: {policy: roost/spam, version: 1.0.0}")
    assert folder.places("P026") == [("policy.md", folder.line_of("translation_of"))]


@pytest.mark.parametrize(
    "person",
    [
        "ana@example.org",
        "Ana <ana.b@mail.example.org>",
        "Ana, +49 30 1234567",
        "(030) 555-0199-22",
        "03055501992",
        "00 49 171 555 0199",
    ],
)
def test_addresses_and_numbers_of_people_are_refused(folder: Any, person: str) -> None:
    """Wherever people are named: maintainers, credits, annotators, sources."""
    folder.replace("Example Org", f"{person!r}")
    folder.cases[1]["annotations"] = [{"by": person, "label": "SP1"}]
    folder.cases[3]["source"] = person
    assert folder.places("P029") == [("policy.md", folder.line_of("credits:")), ("cases.jsonl", 2)]
    assert "(lines 2, 4)" in folder.lint()[-1].message


@pytest.mark.parametrize(
    "person",
    [
        "ana",
        "Example Org 2024-2026",
        "0000-0002-1825-0097",
        "2026-10-01",
        "Röttger et al., ACL 2021",
        "row 1234567",
    ],
)
def test_handles_dates_and_orcid_ids_pass(folder: Any, person: str) -> None:
    """What is meant to be public about a person, and numbers that reach nobody."""
    folder.replace("Example Org", f"{person!r}")
    folder.cases[0]["source"] = "https://example.org/item/0301234567890"
    assert folder.places("P029") == []


def test_a_blank_reason_is_no_reason(folder: Any) -> None:
    """A deprecated policy has to say something."""
    folder.replace("status: experimental", "status: deprecated\nsupport: {until: 2027-12-31, reason: ' '}")
    assert folder.places("P028") == [("policy.md", folder.line_of("support"))]
