"""The flips of a comparison as they are shown: with their content, unless it is sensitive. Pure.

Content of a sensitive case, and what a model wrote about it, is left out unless it was asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluations.comparing.comparison import Comparison
from evaluations.flips import Flip, FlipKind
from evaluations.records import Words
from evaluations.suites import Gold
from evaluations.verdicts import said

if TYPE_CHECKING:
    from registry.services.comparing import Compared

HIDDEN = "(sensitive; --reveal shows it)"
UNKNOWN = "(the content of this case is not here; --cases names the folder that has it)"
KINDS = (FlipKind.BROKEN, FlipKind.CHANGED, FlipKind.FIXED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFlip:
    """A flip as it is shown. `content` may be a remark in its place; `hidden` says that it is sensitive."""

    case: str
    kind: str
    gold: str
    old: str
    new: str
    content: str
    context: str | None
    sensitive: bool
    hidden: bool
    old_reasoning: str | None
    new_reasoning: str | None


def shown_flips(compared: Compared, *, reveal: bool) -> tuple[ShownFlip, ...]:
    """Every flip, broken ones first: they are what a writer wants to see."""
    flips = sorted(compared.comparison.flips.flips, key=lambda flip: (KINDS.index(flip.kind), flip.case))
    return tuple(_shown(flip, compared, reveal=reveal) for flip in flips)


def _shown(flip: Flip, compared: Compared, *, reveal: bool) -> ShownFlip:
    case = compared.cases.get(flip.case)
    hidden = case is not None and case.sensitive and not reveal
    content = UNKNOWN if case is None else HIDDEN if hidden else case.content
    # What a model says of a case nobody can classify as harmless to read may quote it.
    quiet = case is None or hidden
    return ShownFlip(
        case=flip.case,
        kind=flip.kind.value,
        gold=gold_words(flip.gold),
        old=said(flip.old),
        new=said(flip.new),
        content=content,
        context=None if case is None or hidden else case.context,
        sensitive=case is not None and case.sensitive,
        hidden=hidden,
        old_reasoning=None if quiet else _reasoning(compared.old_words, flip.case),
        new_reasoning=None if quiet else _reasoning(compared.new_words, flip.case),
    )


def _reasoning(words: Mapping[str, Words], case: str) -> str | None:
    found = words.get(case)
    return found.reasoning if found else None


def gold_words(gold: Gold) -> str:
    """A gold label for people."""
    if isinstance(gold, Mapping):
        return ", ".join(code for code, raised in gold.items() if raised) or "no flag"
    return gold or "no label"


def flips_words(comparison: Comparison) -> str:
    """How many flips there are, of each kind."""
    flips = comparison.flips
    counts = ", ".join(f"{len(flips.of(kind)):,} {kind.value}" for kind in KINDS)
    return f"Flips: {len(flips.flips):,} of {flips.compared:,} answers: {counts}."
