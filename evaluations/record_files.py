"""A run as three files, written and read. Pure.

record.json        the record, canonical JSON
predictions.jsonl  a row per case and repeat, canonical JSON, ordered by case id and repeat
reasoning.jsonl    the words a model wrote, after a first line with a salt; may be erased
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import cast

import msgspec

from evaluations.errors import MalformedRecordError
from evaluations.record_formats import KNOWN, record_document
from evaluations.row_lines import read_lines, written_lines
from evaluations.rows import PREDICTIONS_FILE, Row
from evaluations.run_record import RunRecord
from evaluations.strict_json import REMEDY, strict_json
from policies.canonical import Json, canonical_bytes
from policies.errors import NotCanonicalError

RECORD_FILE = "record.json"
REASONING_FILE = "reasoning.jsonl"
FILES = (RECORD_FILE, PREDICTIONS_FILE, REASONING_FILE)
MIN_SALT_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a model wrote for one case: its reasoning, and the output the verdict was parsed from."""

    case: str
    repeat: int
    reasoning: str | None = None
    output: str | None = None


def record_files(record: RunRecord, predictions: bytes, reasoning: bytes) -> dict[str, bytes]:
    """The files of a run, by name. `record.rows` and `record.reasoning` are the other two's SHA-256."""
    return {RECORD_FILE: record_bytes(record), PREDICTIONS_FILE: predictions, REASONING_FILE: reasoning}


def record_bytes(record: RunRecord) -> bytes:
    """`record.json`."""
    return canonical_bytes(record_document(record)) + b"\n"


def predictions_bytes(rows: Iterable[Row]) -> bytes:
    """`predictions.jsonl`; the order of `rows` does not matter."""
    return written_lines(sorted(rows, key=lambda row: (row.item.id, row.repeat)))


def reasoning_bytes(words: Iterable[Words], salt: bytes) -> bytes:
    """`reasoning.jsonl`: the salt, then a line for each answer that came with words.

    The salt makes the file's digest say nothing about words that were erased; without it a short
    answer could be guessed and tried. Words are written as they came, in ASCII escapes: normalising
    them would change what is parsed again, and a server may send half a character. Raises `ValueError`
    for a salt under 16 bytes.
    """
    check_salt(salt)
    lines: list[object] = [{"salt": salt.hex()}]
    for said in sorted(words, key=lambda said: (said.case, said.repeat)):
        told = {"reasoning": said.reasoning, "output": said.output}
        stated = {kind: text for kind, text in told.items() if text is not None}
        if stated:
            lines.append({"case": said.case, "repeat": said.repeat, **stated})
    return b"".join(
        json.dumps(line, sort_keys=True, separators=(",", ":")).encode("ascii") + b"\n" for line in lines
    )


def check_salt(salt: bytes) -> None:
    """Raises `ValueError` for a salt that could be guessed."""
    if len(salt) < MIN_SALT_BYTES:
        raise ValueError(f"the salt has {len(salt)} bytes; give at least {MIN_SALT_BYTES} random ones")


def read_record(files: Mapping[str, bytes]) -> RunRecord:
    """The record as it is stated, unchecked. Raises `MalformedRecordError`."""
    raw = _file(files, RECORD_FILE)
    stated = strict_json(raw, RECORD_FILE, 0)
    try:
        record = msgspec.convert(stated, RunRecord, strict=True)
        canonical = canonical_bytes(cast("Json", stated)) + b"\n"
    except (NotCanonicalError, msgspec.ValidationError, RecursionError) as error:
        raise MalformedRecordError(RECORD_FILE, 0, f"{error}.", REMEDY) from error
    if record.v not in KNOWN:
        rule = f"format {record.v} is not known; this program reads {', '.join(map(str, KNOWN))}."
        raise MalformedRecordError(RECORD_FILE, 0, rule, "Update the program.")
    if canonical != raw:
        raise MalformedRecordError(RECORD_FILE, 0, "the JSON is not in canonical form.", REMEDY)
    if record_bytes(record) != raw:
        # Something was stated that has no place in this format, and would go unchecked.
        raise MalformedRecordError(RECORD_FILE, 0, "a field is not known.", REMEDY)
    return record


def read_rows(files: Mapping[str, bytes], *, canonical: bool = False) -> tuple[Row, ...]:
    """The rows in the order stored; `canonical` refuses lines of another form.

    Raises `MalformedRecordError` naming the line.
    """
    return read_lines(_lines(_file(files, PREDICTIONS_FILE), PREDICTIONS_FILE), canonical=canonical)


def read_words(files: Mapping[str, bytes], cases: Container[str] | None = None) -> tuple[Words, ...]:
    """What the model wrote, of these `cases` or of all; nothing when it was erased.

    Raises `MalformedRecordError`.
    """
    lines = _lines(files.get(REASONING_FILE, b""), REASONING_FILE)
    if lines:
        first = strict_json(lines[0], REASONING_FILE, 1)
        if not (isinstance(first, dict) and first.keys() == {"salt"}):
            raise MalformedRecordError(REASONING_FILE, 1, "the first line is not the salt.", REMEDY)
    words = []
    for n, line in enumerate(lines[1:], start=2):
        if cases is not None and _is_of_others(line, cases):
            continue
        try:
            words.append(msgspec.convert(strict_json(line, REASONING_FILE, n), Words, strict=True))
        except msgspec.ValidationError as error:
            raise MalformedRecordError(REASONING_FILE, n, f"{error}.", REMEDY) from error
    return tuple(words)


class _Whose(msgspec.Struct):
    case: str


_WHOSE = msgspec.json.Decoder(_Whose)


def _is_of_others(line: bytes, cases: Container[str]) -> bool:
    """Whether a line is about none of these cases; one that cannot be read quickly is looked at closely."""
    try:
        return _WHOSE.decode(line).case not in cases
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False


def _file(files: Mapping[str, bytes], name: str) -> bytes:
    if name not in files:
        raise MalformedRecordError(name, 0, "the file is missing.", "A run has " + ", ".join(FILES) + ".")
    return files[name]


def _lines(raw: bytes, file: str) -> list[bytes]:
    lines = raw.split(b"\n")
    if lines.pop():
        raise MalformedRecordError(file, len(lines) + 1, "the last line does not end.", REMEDY)
    return lines
