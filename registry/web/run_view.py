"""A run as its page shows it: figures, what was taken for what, and answers. Touches nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from evaluations.intervals import proportion
from evaluations.metrics import Metrics
from evaluations.rates import negatives, positives
from evaluations.run_record import RunRecord
from evaluations.suites import Gold, LeftOutReason
from evaluations.verdicts import Failed, FlagsVerdict, LabelVerdict, Unparsed, Verdict
from policies.model import Case
from registry.web.run_rows import Answered, Show
from registry.web.shapes.cases import CaseShape, case_shape
from registry.web.shapes.runs import ProportionShape, proportion_shape

SHOWN = {
    Show.ALL: "all",
    Show.WRONG: "wrong ones only",
    Show.MISSED: "missed violations",
    Show.FLAGGED: "wrongly flagged",
    Show.UNREAD: "without a readable answer",
}
_LEFT_OUT = {
    LeftOutReason.UNLABELLED: "without a label",
    LeftOutReason.QUOTED: "quoted in the policy's text",
    LeftOutReason.NEARLY_QUOTED: "nearly quoted in the policy's text",
}
_HEATS = 5


class LabelFigures(NamedTuple):
    """One label or flag against all others."""

    code: str
    title: str
    n: int
    precision: ProportionShape
    recall: ProportionShape
    false_positive_rate: ProportionShape
    f1: str | None


class SliceFigures(NamedTuple):
    """One slice, with the binary view of it."""

    name: str
    n: int
    accuracy: ProportionShape
    caught: ProportionShape
    wrongly_flagged: ProportionShape
    unread: int


class Cell(NamedTuple):
    """`n` cases of one label got this answer; `heat` from 0 to 5 is its share of the row."""

    n: int
    share: str | None
    heat: int
    right: bool


class ConfusionLine(NamedTuple):
    """The cases of one true label."""

    gold: str
    cells: tuple[Cell, ...]
    unparsed: int
    failed: int
    total: int


class AnswerView(NamedTuple):
    """An answer with the case that it is to, as far as that case still stands in the policy."""

    id: str
    repeat: int
    gold: str
    said: str
    right: bool
    todo: bool
    slices: tuple[str, ...]
    case: CaseShape | None
    reasoning: str | None
    output: str | None


def label_figures(metrics: Metrics, titles: Mapping[str, str]) -> list[LabelFigures]:
    """The figures of each label."""
    return [
        LabelFigures(
            label.code,
            titles.get(label.code, ""),
            positives(label.rates.counts),
            proportion_shape(label.rates.precision),
            proportion_shape(label.rates.recall),
            proportion_shape(label.rates.false_positive_rate),
            label.rates.f1,
        )
        for label in metrics.headline.labels
    ]


def slice_figures(metrics: Metrics, repeats: int) -> list[SliceFigures]:
    """The figures of each slice; recall and false positives as the headline counts them."""
    return [
        SliceFigures(
            part.name,
            part.n,
            proportion_shape(part.accuracy),
            proportion_shape(proportion(part.binary.tp, positives(part.binary), repeats=repeats)),
            proportion_shape(
                proportion(negatives(part.binary) - part.binary.tn, negatives(part.binary), repeats=repeats)
            ),
            part.unparsed + part.failed,
        )
        for part in metrics.slices
    ]


def confusion_lines(metrics: Metrics) -> list[ConfusionLine]:
    """What the cases of each label were taken for; empty for flags, which stand each for themselves."""
    lines = []
    for row in metrics.confusion or ():
        total = sum(row.said.values()) + row.unparsed + row.failed
        cells = tuple(
            Cell(
                count,
                proportion(count, total).value,
                -(-count * _HEATS // total) if total else 0,
                code == row.gold,
            )
            for code, count in row.said.items()
        )
        lines.append(ConfusionLine(row.gold, cells, row.unparsed, row.failed, total))
    return lines


def left_out_reasons(record: RunRecord) -> list[tuple[str, int]]:
    """Why cases were not put to the engine, and how many for each reason."""
    counted = Counter(left.reason for left in record.left_out)
    return [(words, counted[reason]) for reason, words in _LEFT_OUT.items() if counted[reason]]


def answer_view(answered: Answered, cases: Mapping[str, Case]) -> AnswerView:
    """An answer with its case and the model's words."""
    row, words = answered.row, answered.words
    case = cases.get(row.item.id)
    return AnswerView(
        id=row.item.id,
        repeat=row.repeat,
        gold=_gold(row.item.gold),
        said=_said(row.verdict),
        right=answered.right,
        todo=row.item.todo,
        slices=row.item.slices,
        case=case_shape(case) if case else None,
        reasoning=words.reasoning if words else None,
        output=words.output if words and isinstance(row.verdict, Unparsed) else None,
    )


def _gold(gold: Gold) -> str:
    return gold if isinstance(gold, str) else _raised(gold or {})


def _said(verdict: Verdict) -> str:
    match verdict:
        case LabelVerdict(code=code):
            return code
        case FlagsVerdict(flags=flags):
            return _raised(flags)
        case Unparsed(reason=reason):
            return f"not readable ({reason.value.replace('-', ' ')})"
        case Failed(error=error):
            return f"no answer ({error.replace('-', ' ')})"


def _raised(flags: Mapping[str, bool | None]) -> str:
    return ", ".join(code for code, raised in flags.items() if raised) or "no flag"
