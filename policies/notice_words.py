"""How a release notice puts things: lists, quoted names, whole sentences. Pure."""

from __future__ import annotations

from collections.abc import Sequence

LISTED = 4
"""Names in one list; the rest are counted."""

_NAME, _REASON = 80, 300


def listed(names: Sequence[str]) -> str:
    """`SP2`, `SP2 and SP3`, `SP1, SP2 and SP3`, `SP1, SP2, SP3, SP4 and 2 more`."""
    shown = list(names[:LISTED])
    if len(names) > LISTED:
        shown.append(f"{len(names) - LISTED} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def quoted(name: str) -> str:
    """A name that somebody gave, on one line, short, in quotes."""
    return f"“{short(name)}”"


def short(name: str) -> str:
    """A name that somebody gave, on one line, cut to a length."""
    return _shortened(name, _NAME)


def told(reason: str) -> str:
    """Somebody's own sentence, on one line, short, with its full stop."""
    text = _shortened(reason, _REASON)
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def counted(count: int, noun: str) -> str:
    """`1 case`, `2 cases`, `1,680 cases`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def changed(what: str, new: str | None, old: str | None) -> str:
    """One fact that became another; None where it was not or is not stated."""
    if new is None:
        return f"{what} is no longer stated; before, it was {old}."
    if old is None:
        return f"{what} is now {new}; before, none was stated."
    return f"{what} is now {new}; before, {old}."


def capital(sentence: str) -> str:
    """The sentence with its first letter large."""
    return sentence[:1].upper() + sentence[1:]


def _shortened(text: str, limit: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"
