"""The estimate of a text's length in tokens."""

from __future__ import annotations

import pytest

from policies.lint.tokens import estimate_tokens


# Counted with o200k_base (ranks of js-tiktoken 1.0.21).
@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("Decide whether one piece of content is spam, and of which kind.", 15),
        ("判断一条内容是否为垃圾信息以及属于哪一类。该政策保护用户对评价的信任，不评判产品的好坏。", 31),
        ("Определите, является ли сообщение спамом и какого вида.", 14),
    ],
)
def test_the_estimate_is_within_a_third_of_the_true_count(text: str, counted: int) -> None:
    """For single sentences in three scripts."""
    assert counted * 0.67 <= estimate_tokens(text) <= counted * 1.34


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("   ", 0),
        ("word", 1),
        ("moderation", 2),
        ("2026", 2),
        ("a\n\nb", 3),
        ("!!!", 1),
        ("![" * 20_000, 10_000),
        ("naïve", 2),
    ],
)
def test_the_parts_of_the_estimate(text: str, expected: int) -> None:
    """Spaces cost nothing, long words split, digits go by threes, a few marks are one, and many are many."""
    assert estimate_tokens(text) == expected
