"""Searching without an index."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from policies.codec import parse_policy
from registry.client.matching import Candidate, search
from registry.index.entries import Query
from registry.services.origin import PolicyLine
from tests.support.histories import policy_files


def candidates() -> Iterator[Candidate]:
    texts = {"spam": "Promotion nobody asked for.", "scams": "A romance that asks for money, or naïve gifts."}
    for slug, text in texts.items():
        document = parse_policy(policy_files(slug.title(), text)["policy.md"])
        meta = document.policy.meta
        yield Candidate(
            PolicyLine(
                commons="roost",
                slug=slug,
                title=meta.title,
                summary=meta.summary,
                version="1.0.0",
                status=meta.status.value,
                language=meta.language,
                labels=meta.codes,
                text_licence=meta.licenses.text,
                cases_licence=meta.licenses.cases,
                tested=False,
            ),
            document,
        )


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["scams", "spam"]),
        ("romance", ["scams"]),
        ("ROMANCE money", ["scams"]),
        ("rom", ["scams"]),
        ("rom money", []),
        ("rom ", []),
        ("naive", ["scams"]),
        ('"asks for money"', ["scams"]),
        ('"money for asks"', []),
        ('"asks for', ["scams"]),
        ("promotion scams", ["scams"]),
        ("AA1", ["scams", "spam"]),
        ("roost", ["scams", "spam"]),
        ("romance promotion nothing", []),
        ('" * ( ) - : NEAR', []),
        ("\x00\u202e", ["scams", "spam"]),
    ],
)
def test_words(words: str, found: list[str]) -> None:
    """All must be there; the last is a beginning unless a space follows; quotes keep words together."""
    assert sorted(line.slug for line in search(candidates(), Query(words=words)).lines) == found


def test_whose_title_has_the_word_comes_first() -> None:
    """A policy called Spam stands before one whose text happens to say the word."""
    found = search(candidates(), Query(words="spam platform")).lines
    assert [line.slug for line in found] == ["spam"]
    assert [line.slug for line in search(candidates(), Query(words="promotion")).lines] == ["scams", "spam"]


def test_an_excerpt_shows_the_word_in_its_place() -> None:
    """Plain text, the word as it stands, plain text."""
    (line,) = search(candidates(), Query(words="romance")).lines
    before, word, after = line.excerpt
    assert (before[-3:], word, after[:5]) == ("\nA ", "romance", " that")


def test_pages_follow_one_another() -> None:
    """A page says where the next begins, and the last one says nothing."""
    first = search(candidates(), Query(limit=1))
    second = search(candidates(), Query(limit=1, after=first.next))
    assert [first.lines[0].slug, second.lines[0].slug, first.total, second.next] == ["scams", "spam", 2, None]
