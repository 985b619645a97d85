"""Characters that readers cannot see."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policies.lint.characters import hidden_in


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("a\u200bb", ("\u200b",)),
        ("abc\u202edef\u202c \u202e", ("\u202e", "\u202c")),
        ("\u2066a\u2069", ("\u2066", "\u2069")),
        ("soft\u00adhyphen", ("\u00ad",)),
        ("a\ufeff", ("\ufeff",)),
        ("pay\u200dpal", ("\u200d",)),
        ("hello\U000e0041\U000e0042", ("\U000e0041", "\U000e0042")),
        ("left\u200eto right", ("\u200e",)),
        ("\u3164", ("\u3164",)),
    ],
)
def test_hidden_characters_are_found(text: str, hidden: tuple[str, ...]) -> None:
    """Zero-width, bidi, tag and filler characters, each once and in order."""
    assert hidden_in(text) == hidden


@pytest.mark.parametrize(
    "text",
    [
        "plain text, “quotes”, – dashes … and a non-breaking\u00a0space",
        "می\u200cخواهم",  # Persian: a joiner between letters
        "क्\u200dष",  # Hindi
        "👩\u200d🚒 and 🏳\ufe0f\u200d🌈",
        "שלום\u200f (abc)",  # Hebrew with a right-to-left mark
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # the flag of England
        "naïve café",
        "tab\there",
        "line end of another system\r",
    ],
)
def test_what_scripts_and_emoji_need_is_let_through(text: str) -> None:
    """People write in all languages."""
    assert hidden_in(text) == ()


def test_escapes_in_front_matter_hide_nothing(folder: Any) -> None:
    """YAML can write a character that its line does not show."""
    folder.replace("title: Spam", r'title: "Sp\u202Eam"')
    (found,) = (found for found in folder.lint() if found.rule == "P070")
    assert (found.file, found.line) == ("policy.md", 2)
    assert found.message == (
        "The value of 'title' holds U+202E RIGHT-TO-LEFT OVERRIDE, which readers cannot see."
    )


def test_attachments_are_read_too(folder: Any) -> None:
    """Those for people as well."""
    folder.files = {"a-1.md": "One.\nT\u200bwo.\n".encode()}
    folder.replace("subject: content", "subject: content\nattachments: [{file: a-1.md}]")
    assert folder.places("P070") == [("a-1.md", 2)]


def test_a_case_may_test_them_when_it_shows_them(folder: Any) -> None:
    """Written as an escape, the character is there for the model and in sight of the reviewer."""
    folder.cases[0]["content"] = "Which b\u200bus goes?"
    assert folder.places("P071") == [("cases.jsonl", 1)]
    rows = "".join(json.dumps(case, ensure_ascii=True) + "\n" for case in folder.cases)
    folder.files = {"cases.jsonl": rows.encode()}
    assert folder.places("P071") == []
