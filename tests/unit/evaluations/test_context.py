"""The context window: what does not fit is a verdict of its own."""

from __future__ import annotations

import pytest

from evaluations.context import WINDOW_FULL, finish_reason, overflow
from evaluations.verdicts import CONTEXT_OVERFLOW, LASTING_FAILURES, Failed, Tokens


@pytest.mark.parametrize(
    ("tokens", "window", "room", "fits"),
    [
        (99, 100, 1, True),
        (100, 100, 1, False),
        (80, 100, 20, True),
        (81, 100, 20, False),
        (10**9, None, 1, True),
    ],
)
def test_a_prompt_that_leaves_no_room_overflows(
    tokens: int, window: int | None, room: int, *, fits: bool
) -> None:
    """There must be room for an answer; against a window that is not known nothing is said."""
    found = overflow(tokens, window, room)
    assert found == (None if fits else Failed(error=CONTEXT_OVERFLOW))


def test_it_lies_in_the_case() -> None:
    """Asked again, it fails again: a journal keeps it, and no run waits for it."""
    assert CONTEXT_OVERFLOW in LASTING_FAILURES


@pytest.mark.parametrize(
    ("stated", "tokens", "window", "ended"),
    [
        ("length", Tokens(input=90, output=10), 100, WINDOW_FULL),
        ("length", Tokens(input=90, output=9), 100, "length"),
        ("length", Tokens(input=90, output=10), None, "length"),
        ("length", Tokens(input=90), 100, "length"),
        ("length", None, 100, "length"),
        ("stop", Tokens(input=90, output=10), 100, "stop"),
        (None, Tokens(input=90, output=10), 100, None),
    ],
)
def test_an_answer_cut_by_the_window_is_told_from_one_cut_by_a_limit(
    stated: str | None, tokens: Tokens | None, window: int | None, ended: str | None
) -> None:
    """Only where prompt and answer are known to fill the window."""
    assert finish_reason(stated, tokens, window) == ended
