"""What the comparison page shows of a difference, within bounds that keep a page a page. Touches nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from evaluations.flips import Flip, FlipKind
from evaluations.standing import RunClass
from evaluations.suites import Gold
from evaluations.verdicts import said
from policies.case_changes import CaseChange, CaseEvent
from policies.comparison import Comparison
from policies.diff import FieldChange
from policies.digest import NOT_CONTENT
from policies.model import Case
from policies.text_diff import Line, Stretch, TextDiff, stretches_of
from policies.word_marks import Mark, Piece, mark_words
from registry.services.differences import Behaviour, Compared
from registry.web.shapes.cases import CaseShape, case_shape
from registry.web.shapes.runs import engine_note

LINES = 2_000
"""Lines of one text on a page, folded ones included."""

FOLDED = 300
"""A longer unchanged stretch is counted, not shown."""

FLIPS = 20
_MARKED = 20_000
_ELSEWHERE = frozenset(("labels", "attachments")) | NOT_CONTENT


class ShownStretch(NamedTuple):
    """Lines read together; `size` is how many there are, shown or not."""

    unchanged: bool
    under: str
    lines: Sequence[Line]
    size: int


class ShownText(NamedTuple):
    """A text's difference; `beyond` changed lines are past what a page shows."""

    stretches: Sequence[ShownStretch]
    exact: bool
    beyond: int


class ShownField(NamedTuple):
    """A key of the front matter with both values in words; None where it is not stated."""

    key: str
    old: str | None
    new: str | None


class ShownCase(NamedTuple):
    """A changed case; `content` marks the changed words, where it was edited and is not too long."""

    id: str
    event: CaseEvent
    sensitive: bool
    old: CaseShape | None
    new: CaseShape | None
    fields: Sequence[str]
    content: Sequence[Piece] | None


class ShownFlip(NamedTuple):
    """A flip with its case, as far as the case still stands in the newer version."""

    kind: FlipKind
    case: str
    gold: str
    old: str
    new: str
    todo: bool
    shown: CaseShape | None


class ShownRuns(NamedTuple):
    """A pair of runs with its flips."""

    old_key: str
    new_key: str
    engine: str
    model: str
    template: str | None
    note: str | None
    compared: int
    not_comparable: int
    counts: Mapping[str, int]
    flips: Sequence[ShownFlip]
    total: int


def shown_change(made: Comparison, cases: int) -> dict[str, Any]:
    """All of a policy's difference, with so many cases, as `policy_change` in `diff_parts.html` takes it."""
    sides = [label for item in made.labels for label in (item.old, item.new) if label is not None]
    return {
        "made": made,
        "text": shown_text(made.text),
        "attachments": [(item, shown_text(item.text)) for item in made.attachments],
        "fields": shown_fields(made),
        "cases": shown_cases(made.cases[:cases]),
        "more": max(0, len(made.cases) - cases),
        "violating": sorted({label.code for label in sides if label.violates}),
    }


def shown_text(diff: TextDiff) -> ShownText:
    """The first lines of a difference, with long unchanged stretches counted."""
    left = LINES
    beyond = diff.left_out
    shown: list[ShownStretch] = []
    for stretch in stretches_of(diff):
        count = len(stretch.lines)
        most = min(left, FOLDED if stretch.unchanged else left)
        lines = stretch.lines[:most] if not stretch.unchanged or count <= most else ()
        left -= len(lines)
        if not stretch.unchanged:
            beyond += count - len(lines)
        if lines or (stretch.unchanged and left):
            shown.append(ShownStretch(stretch.unchanged, _under(stretch), lines, count))
    return ShownText(shown, diff.exact, beyond)


def shown_fields(comparison: Comparison) -> list[ShownField]:
    """Front matter that has no part of the page of its own."""
    return [
        ShownField(change.key, _words(change.old), _words(change.new))
        for change in comparison.diff.front_matter
        if change.key not in _ELSEWHERE and _stated(change)
    ]


def shown_cases(changes: Iterable[CaseChange]) -> list[ShownCase]:
    """Changed cases with their words marked."""
    return [
        ShownCase(
            id=change.id,
            event=change.event,
            sensitive=change.sensitive,
            old=case_shape(change.old) if change.old else None,
            new=case_shape(change.new) if change.new else None,
            fields=[name.replace("_", " ") for name in change.fields if name != "content"],
            content=_marked(change),
        )
        for change in changes
    ]


def shown_runs(behaviour: Behaviour | None, cases: Iterable[Case]) -> dict[str, list[ShownRuns]]:
    """Pairs of runs by what their figures stand for."""
    known = {case.id: case for case in cases}
    return {
        kind.value: [_runs(item, known) for item in behaviour.of(kind)] if behaviour else []
        for kind in RunClass
    }


def _under(stretch: Stretch) -> str:
    """The heading to print above it: none where its first line is that heading."""
    first = stretch.lines[0].pieces
    return "" if first and first[0].text.startswith("#") else stretch.under


def _runs(item: Compared, known: Mapping[str, Case]) -> ShownRuns:
    parts, flips = item.record.parts, item.flips
    ordered = [
        flip for kind in (FlipKind.BROKEN, FlipKind.FIXED, FlipKind.CHANGED) for flip in flips.of(kind)
    ]
    return ShownRuns(
        old_key=item.old.key[:12],
        new_key=item.new.key[:12],
        engine=parts.engine,
        model=parts.model.id,
        template=parts.template,
        note=engine_note(parts.engine),
        compared=flips.compared,
        not_comparable=flips.not_comparable,
        counts={kind.value: len(flips.of(kind)) for kind in FlipKind},
        flips=[_flip(flip, known.get(flip.case)) for flip in ordered[:FLIPS]],
        total=len(ordered),
    )


def _flip(flip: Flip, case: Case | None) -> ShownFlip:
    return ShownFlip(
        kind=flip.kind,
        case=flip.case,
        gold=_gold(flip.gold),
        old=said(flip.old),
        new=said(flip.new),
        todo=flip.todo,
        shown=case_shape(case) if case else None,
    )


def _gold(gold: Gold) -> str:
    if isinstance(gold, Mapping):
        return ", ".join(code for code, raised in gold.items() if raised) or "no flag"
    return gold or "not labelled"


def _marked(change: CaseChange) -> tuple[Piece, ...] | None:
    old, new = change.old, change.new
    if old is None or new is None or max(len(old.content), len(new.content)) > _MARKED:
        return None
    if old.content == new.content:
        return (Piece(Mark.SAME, new.content),)
    return mark_words(old.content, new.content)


def _stated(change: FieldChange) -> bool:
    return _words(change.old) != _words(change.new)


def _words(value: object) -> str | None:
    """A value of the front matter as a reader takes it."""
    if value is None or value in ("", [], {}):
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        parts = [(key, _words(item)) for key, item in value.items()]
        return ", ".join(f"{key} {item}" for key, item in parts if item) or None
    if isinstance(value, list | tuple):
        return "; ".join(filter(None, map(_words, value))) or None
    return str(value)
