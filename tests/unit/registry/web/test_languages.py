from __future__ import annotations

import pytest

from registry.web.languages import language_name


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("en", "English"),
        ("DE", "German"),
        ("pt-BR", "Portuguese (Brazil)"),
        ("zh-Hant-TW", "Chinese (Traditional, Taiwan)"),
        ("es-419", "Spanish (Latin America)"),
        ("qqqq", "qqqq"),
        ("x-private", "x-private"),
        ("", ""),
    ],
)
def test_language_is_said_in_words(tag: str, name: str) -> None:
    """A tag becomes the language's name, with its script and region; an unknown one stays."""
    assert language_name(tag) == name
