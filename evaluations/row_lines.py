"""`predictions.jsonl`, read and written at a hundred thousand rows a second. Pure.

`rows.py` says what a row is, and what is wrong with one that is none. This gives the same for lines of the
usual kind and leaves every other line to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, TypeAlias

import msgspec

from evaluations.errors import MalformedRecordError
from evaluations.rows import DIGEST, FINISH_REASON, MAX_ID, PREDICTIONS_FILE, Row, row_from_json, row_to_json
from evaluations.strict_json import REMEDY, strict_json
from evaluations.suites import Gold, SuiteItem
from evaluations.verdicts import Failed, FlagsVerdict, LabelVerdict, Tokens, Unparsed, Verdict
from policies.canonical import canonical_bytes

_Whole: TypeAlias = Annotated[int, msgspec.Meta(ge=0, lt=2**53)]
_Digest: TypeAlias = Annotated[str, msgspec.Meta(pattern=rf"\A{DIGEST.pattern}\Z")]
_Word: TypeAlias = Annotated[str, msgspec.Meta(pattern=rf"\A{FINISH_REASON.pattern}\Z")]


class _Counts(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """Token counts without those that are not known."""

    cached: _Whole | None = None
    input: _Whole | None = None
    output: _Whole | None = None
    reasoning: _Whole | None = None


class _Line(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """A row as its line has it; the fields stand in the order of canonical JSON."""

    case: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_ID)]
    finish_reason: _Word | None = None
    gold: str | dict[str, bool | None] | None
    input: _Digest
    latency_ms: _Whole | None = None
    prompt: _Digest | None = None
    repeat: Annotated[int, msgspec.Meta(ge=1, lt=2**53)]
    slices: tuple[str, ...] = ()
    todo: bool = False
    tokens: _Counts | None = None
    verdict: dict[str, str | dict[str, bool]]


_DECODER = msgspec.json.Decoder(_Line)
_ENCODER = msgspec.json.Encoder(order="deterministic")


class _Known:
    """Values that many rows share, held once: it saves memory, and whoever groups rows by them time."""

    def __init__(self) -> None:
        self.golds: dict[str, str] = {}
        self.slices: dict[tuple[str, ...], tuple[str, ...]] = {}
        self.labels: dict[str, LabelVerdict] = {}
        self.finishes: dict[str, str] = {}

    def row(self, line: _Line) -> Row | None:
        """The row; None where its verdict is no label."""
        said = line.verdict.get("label")
        if not isinstance(said, str) or len(line.verdict) != 1:
            return None
        gold: Gold = line.gold
        if isinstance(gold, str):
            gold = self.golds.setdefault(gold, gold)
        verdict = self.labels.get(said)
        if verdict is None:
            verdict = self.labels[said] = LabelVerdict(code=said)
        reason, counts = line.finish_reason, line.tokens
        return Row(
            item=SuiteItem(
                id=line.case,
                input=line.input,
                gold=gold,
                slices=self.slices.setdefault(line.slices, line.slices),
                todo=line.todo,
            ),
            repeat=line.repeat,
            verdict=verdict,
            finish_reason=None if reason is None else self.finishes.setdefault(reason, reason),
            tokens=None
            if counts is None
            else Tokens(
                input=counts.input, output=counts.output, cached=counts.cached, reasoning=counts.reasoning
            ),
            latency_ms=line.latency_ms,
            prompt=line.prompt,
        )


def read_lines(lines: Sequence[bytes], *, canonical: bool = False) -> tuple[Row, ...]:
    """The rows of a file's lines, in their order; with `canonical`, only of lines that have that form.

    Raises `MalformedRecordError` naming the line.
    """
    return tuple(each_row(lines, canonical=canonical))


def each_row(lines: Iterable[bytes], *, canonical: bool = False) -> Iterator[Row]:
    """The same, a row at a time."""
    known = _Known()
    decode, encode, make = _DECODER.decode, _ENCODER.encode, known.row
    for number, raw in enumerate(lines, start=1):
        row = None
        usual = True
        try:
            line = decode(raw)
            row = make(line)
            # Canonical text is in normal form C, which ASCII always is.
            usual = not canonical or (raw.isascii() and encode(line) == raw)
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            pass
        if row is None or not usual:
            # Whoever reads slowly says what is wrong with a line, or that nothing is.
            row = _read_slowly(raw, number, canonical=canonical)
        yield row


def _read_slowly(raw: bytes, number: int, *, canonical: bool) -> Row:
    row = row_from_json(strict_json(raw, PREDICTIONS_FILE, number), number)
    if canonical and canonical_bytes(row_to_json(row)) != raw:
        raise MalformedRecordError(PREDICTIONS_FILE, number, "the JSON is not in canonical form.", REMEDY)
    return row


def written_lines(rows: Iterable[Row]) -> bytes:
    """The rows in the order given, a line of canonical JSON for each."""
    return b"".join([_written(row) + b"\n" for row in rows])


def _written(row: Row) -> bytes:
    try:
        raw = _ENCODER.encode(_line_of(row))
    except UnicodeEncodeError:  # Half a character, which canonical JSON refuses in words.
        return canonical_bytes(row_to_json(row))
    # Canonical text is in normal form C, which ASCII always is.
    return raw if raw.isascii() else canonical_bytes(row_to_json(row))


def _line_of(row: Row) -> _Line:
    item, counts = row.item, row.tokens
    return _Line(
        case=item.id,
        finish_reason=row.finish_reason,
        gold=item.gold if isinstance(item.gold, str) or item.gold is None else dict(item.gold),
        input=item.input,
        latency_ms=row.latency_ms,
        prompt=row.prompt,
        repeat=row.repeat,
        slices=item.slices,
        todo=item.todo,
        tokens=None
        if counts is None
        else _Counts(
            cached=counts.cached, input=counts.input, output=counts.output, reasoning=counts.reasoning
        ),
        verdict=_said(row.verdict),
    )


def _said(verdict: Verdict) -> dict[str, str | dict[str, bool]]:
    match verdict:
        case LabelVerdict(code=code):
            return {"label": code}
        case FlagsVerdict(flags=flags):
            return {"flags": dict(flags)}
        case Unparsed(reason=reason):
            return {"unparsed": reason.value}
        case Failed(error=error):
            return {"failed": error}
