"""A run as three files, written and read. Pure.

record.json        the record, canonical JSON
predictions.jsonl  a row per case and repeat, canonical JSON, ordered by case id and repeat
reasoning.jsonl    the words a model wrote, after a first line with a salt; may be erased
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NoReturn, cast

import msgspec

from evaluations.errors import MalformedRecordError
from evaluations.rows import PREDICTIONS_FILE, Row, row_from_json, row_to_json
from evaluations.run_record import FORMAT, RunRecord
from policies.canonical import Json, canonical_bytes
from policies.errors import NotCanonicalError

RECORD_FILE = "record.json"
REASONING_FILE = "reasoning.jsonl"
FILES = (RECORD_FILE, PREDICTIONS_FILE, REASONING_FILE)
MIN_SALT_BYTES = 16

_REMEDY = "Store the files as `record_files` wrote them."


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
    return canonical_bytes(msgspec.to_builtins(record)) + b"\n"


def predictions_bytes(rows: Iterable[Row]) -> bytes:
    """`predictions.jsonl`; the order of `rows` does not matter."""
    ordered = sorted(rows, key=lambda row: (row.item.id, row.repeat))
    return b"".join(canonical_bytes(row_to_json(row)) + b"\n" for row in ordered)


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
    stated = _json(raw, RECORD_FILE, 0)
    try:
        record = msgspec.convert(stated, RunRecord, strict=True)
        canonical = canonical_bytes(cast("Json", stated)) + b"\n"
    except (NotCanonicalError, msgspec.ValidationError, RecursionError) as error:
        raise MalformedRecordError(RECORD_FILE, 0, f"{error}.", _REMEDY) from error
    if record.v != FORMAT:
        rule = f"format {record.v} is not known; this program reads {FORMAT}."
        raise MalformedRecordError(RECORD_FILE, 0, rule, "Update the program.")
    if canonical != raw:
        raise MalformedRecordError(RECORD_FILE, 0, "the JSON is not in canonical form.", _REMEDY)
    if record_bytes(record) != raw:
        # Something was stated that has no place in this format, and would go unchecked.
        raise MalformedRecordError(RECORD_FILE, 0, "a field is not known.", _REMEDY)
    return record


def read_rows(files: Mapping[str, bytes]) -> tuple[Row, ...]:
    """The rows in the order stored. Raises `MalformedRecordError` naming the line."""
    lines = _lines(_file(files, PREDICTIONS_FILE), PREDICTIONS_FILE)
    return tuple(row_from_json(_json(line, PREDICTIONS_FILE, n), n) for n, line in enumerate(lines, start=1))


def read_words(files: Mapping[str, bytes]) -> tuple[Words, ...]:
    """What the model wrote; nothing when it was erased. Raises `MalformedRecordError`."""
    lines = _lines(files.get(REASONING_FILE, b""), REASONING_FILE)
    values = [_json(line, REASONING_FILE, n) for n, line in enumerate(lines, start=1)]
    if values and not (isinstance(values[0], dict) and values[0].keys() == {"salt"}):
        raise MalformedRecordError(REASONING_FILE, 1, "the first line is not the salt.", _REMEDY)
    words = []
    for n, value in enumerate(values[1:], start=2):
        try:
            words.append(msgspec.convert(value, Words, strict=True))
        except msgspec.ValidationError as error:
            raise MalformedRecordError(REASONING_FILE, n, f"{error}.", _REMEDY) from error
    return tuple(words)


def _file(files: Mapping[str, bytes], name: str) -> bytes:
    if name not in files:
        raise MalformedRecordError(name, 0, "the file is missing.", "A run has " + ", ".join(FILES) + ".")
    return files[name]


def _lines(raw: bytes, file: str) -> list[bytes]:
    lines = raw.split(b"\n")
    if lines.pop():
        raise MalformedRecordError(file, len(lines) + 1, "the last line does not end.", _REMEDY)
    return lines


def _json(raw: bytes, file: str, line: int) -> object:
    try:
        return json.loads(raw.decode("utf-8"), parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise MalformedRecordError(file, line, f"not JSON: {error}.", _REMEDY) from error


def _refuse(number: str) -> NoReturn:
    raise ValueError(f"{number[:20]} is not a whole number")
