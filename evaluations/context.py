"""A model's context window: what does not fit is told as a verdict of its own, and never cut. Pure.

There are two ways not to fit. A prompt that leaves no room for an answer is `Failed`, as `CONTEXT_OVERFLOW`.
An answer that reached the end of the window was cut there: its finish reason becomes `WINDOW_FULL`, which
every reader takes for `UnparsedReason.CONTEXT_FULL`. An engine that counts tokens asks `overflow` before it
runs the model, and `finish_reason` after.
"""

from __future__ import annotations

from evaluations.verdicts import CONTEXT_OVERFLOW, Failed, Tokens

WINDOW_FULL = "context"
"""The finish reason of an answer that the end of the window cut."""

_CUT = "length"


def overflow(prompt_tokens: int, window: int | None, room: int = 1) -> Failed | None:
    """The verdict on a prompt that leaves less than `room` tokens of the window; None for one that fits.

    Nothing overflows a window that is not known.
    """
    if window is None or prompt_tokens + room <= window:
        return None
    return Failed(error=CONTEXT_OVERFLOW)


def finish_reason(stated: str | None, tokens: Tokens | None, window: int | None) -> str | None:
    """What an answer ended by: `WINDOW_FULL` where it was cut and prompt and answer fill the window.

    An answer that a limit of its own cut short keeps its reason; so does one whose tokens are not known.
    """
    if stated != _CUT or window is None or tokens is None or tokens.input is None or tokens.output is None:
        return stated
    return WINDOW_FULL if tokens.input + tokens.output >= window else stated
