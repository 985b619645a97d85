"""What a request draws on: the one place where an address is given its budget. Touches nothing."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum


class Budget(StrEnum):
    """What is counted by itself, for each visitor. The name stands in the RateLimit fields."""

    READING = "reading"
    COSTLY = "costly"
    GIT = "git"


# Parts of an address behind which work waits for every new question. A policy that is called so is
# counted with them, which harms nobody.
_COSTLY = frozenset(
    {"search", "diff", "compare", "revisions", "try", "classify", "inbox", "upstream", "sitemap.xml"}
)

# Asked by machines that watch this one, again and again; refused to strangers in another way or harmless.
_FREE = frozenset({"healthz", "readyz", "metrics"})


def budget_of(method: str, parts: Sequence[str]) -> Budget | None:
    """The budget of a request for these parts of a path; None where nothing is counted."""
    for part in parts:
        if part.endswith(".git"):
            return Budget.GIT
    if len(parts) == 1 and parts[0] in _FREE:
        return None
    if method not in ("GET", "HEAD") or not _COSTLY.isdisjoint(parts):
        return Budget.COSTLY
    return Budget.READING
