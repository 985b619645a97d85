"""A run as two tables in CSV: a row per case and repeat, and a row per figure. Pure.

A cell that a spreadsheet would take for a formula gets an apostrophe in front, which spreadsheets read
as "this is text". What is undefined or not known is an empty cell.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from evaluations.exports.gathering import ExportedRun, Sample
from evaluations.exports.measures import measures_of
from evaluations.outcomes import Unread, outcome_of, violation_of
from evaluations.verdicts import Failed, FlagsVerdict, LabelVerdict, Unparsed
from policies.model import Labelling

CASES = "answers.csv"
FIGURES = "figures.csv"

# A spreadsheet looks at the first character, some at the full-width forms too.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")

Cell = str | int | bool | None


def table_files(
    run: ExportedRun, *, contested: frozenset[str] | None = None, words: bool = False
) -> dict[str, bytes]:
    """Both tables by name. `contested` are case ids, None where nobody annotated; `words` adds columns."""
    return {CASES: _csv(_answers(run, contested, words=words)), FIGURES: _csv(_figures(run))}


def defused(cell: Cell) -> str:
    """A cell as text that no spreadsheet runs."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    text = str(cell)
    # A blank in front hides a formula from us and not from every spreadsheet.
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip(" ").startswith(_FORMULA) else text


def _answers(run: ExportedRun, contested: frozenset[str] | None, *, words: bool) -> Iterable[Sequence[Cell]]:
    suite = run.record.suite
    codes = [label.code for label in suite.labels]
    flags = codes if suite.labelling is Labelling.MULTI else []
    yield [
        *("case", "repeat", "gold", "answer", "state", "right", "gold_violates", "answer_violates"),
        *(f"gold {code}" for code in flags),
        *(f"answer {code}" for code in flags),
        *("counted", "todo", "contested", "slices", "finish_reason"),
        *("tokens_in", "tokens_out", "tokens_cached", "tokens_reasoning", "latency_ms"),
        *("input_sha256", "prompt_sha256"),
        *(("content", "context", "output", "reasoning") if words else ()),
    ]
    for sample in run.samples:
        row, tokens = sample.row, sample.row.tokens
        seen = violation_of(outcome_of(row, codes), suite.labels)
        answer, state = _answer(sample)
        gold = row.item.gold
        told = gold if isinstance(gold, Mapping) else {}
        given = row.verdict.flags if isinstance(row.verdict, FlagsVerdict) else {}
        yield [
            *(row.item.id, row.repeat, _said(gold), answer, state, sample.right, seen.gold),
            None if isinstance(seen.said, Unread) else seen.said,
            *(told.get(code) for code in flags),
            *(given.get(code) for code in flags),
            *(sample.counted, row.item.todo, None if contested is None else row.item.id in contested),
            *("; ".join(row.item.slices), row.finish_reason),
            *((tokens.input, tokens.output, tokens.cached, tokens.reasoning) if tokens else (None,) * 4),
            row.latency_ms,
            *((None, None) if run.sealed else (row.item.input, row.prompt)),
            *((sample.content, sample.context, sample.output, sample.reasoning) if words else ()),
        ]


def _answer(sample: Sample) -> tuple[str | None, str]:
    match sample.row.verdict:
        case LabelVerdict(code=code):
            return code, "answered"
        case FlagsVerdict(flags=flags):
            return _said(flags), "answered"
        case Unparsed(reason=reason):
            return None, f"unparsed: {reason.value}"
        case Failed(error=error):
            return None, f"failed: {error}"


def _said(gold: str | Mapping[str, bool | None] | Mapping[str, bool] | None) -> str | None:
    if isinstance(gold, Mapping):
        return "; ".join(code for code, raised in gold.items() if raised) or "no flag"
    return gold


def _figures(run: ExportedRun) -> Iterable[Sequence[Cell]]:
    yield ("figure", "of", "title", "value", "count", "n", "low", "high", "level", "method")
    for measure in measures_of(run.record.metrics):
        interval = measure.interval
        yield (
            *(measure.id, measure.of, measure.title, measure.value, measure.count, measure.n),
            *(
                (interval.low, interval.high, interval.level, interval.method)
                if interval
                else (None, None, None, None)
            ),
        )


def _csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([defused(cell) for cell in row])
    return out.getvalue().encode("utf-8", errors="backslashreplace")
