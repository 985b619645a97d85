"""Length, hedging and placeholders."""

from __future__ import annotations

from typing import Any

import pytest

from policies.lint.hedges import HEDGES, hedges_in


def test_the_length_counts_what_the_model_reads(folder: Any) -> None:
    """The body and the attachments in the prompt; an attachment for people does not count."""
    folder.files = {"a-1.md": b"Cats, dogs. " * 300}
    folder.replace("subject: content", "subject: content\nattachments: [{file: a-1.md, in_prompt: true}]")
    assert folder.places("P060") == [("policy.md", 0)]
    folder.replace("in_prompt: true", "in_prompt: false")
    assert folder.lint() == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("This is usually, or in some\n  cases, spam.", ("usually", "in some cases")),
        ("Maybe MAYBE maybe", ("maybe",)),
        ("links, etc. and so on", ("etc", "and so on")),
        ("The mighty oftentimes fetch. You may post. Which kind of spam?", ()),
    ],
)
def test_hedging_words_are_whole_words_whatever_their_case(text: str, expected: tuple[str, ...]) -> None:
    """Each once, in order; over a line break too."""
    assert hedges_in(text, "en") == expected
    assert hedges_in(text, "en-GB") == expected


def test_a_language_without_a_list_has_no_hedges() -> None:
    """Words of one language say nothing in another."""
    assert hedges_in("maybe", "de") == ()


@pytest.mark.parametrize("language", HEDGES)
def test_every_listed_word_is_found(language: str) -> None:
    """Also those that hold another one: 'in general' beside 'generally'."""
    assert [hedges_in(f"so {word} there", language) for word in HEDGES[language]] == [
        (word,) for word in HEDGES[language]
    ]


def test_examples_may_hedge(folder: Any) -> None:
    """What stands in quotes or code is content, not rule."""
    folder.replace("Sad news.", "Sad news, maybe.")
    folder.replace("choose the more severe one.", "choose the more severe one. `perhaps` is a word.")
    assert folder.lint() == ()
    folder.replace("Talk without promotion", "Talk mostly without promotion")
    assert folder.places("P062") == [("policy.md", folder.line_of("mostly"))]


def test_placeholders_are_found_in_front_matter_text_and_cases(folder: Any) -> None:
    """Everywhere that the template has them."""
    folder.replace("summary: Tells", "summary: TODO tells")
    folder.replace("Promotion that rests", "{{promotion}} that rests")
    folder.cases[0]["note"] = "TODO: why"
    folder.cases[1]["content"] = "Lorem ipsum dolor"
    folder.cases[2]["content"] = "My TODO list: buy lamps from my store."
    assert folder.places("P063") == [
        ("policy.md", 3),
        ("policy.md", folder.line_of("{{promotion}}")),
        ("cases.jsonl", 1),
        ("cases.jsonl", 2),
    ]
