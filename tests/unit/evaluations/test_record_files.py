"""A run's files: written, read, and refused when they are not what was written."""

from __future__ import annotations

import json

import pytest

from evaluations.errors import MalformedRecordError
from evaluations.records import (
    PREDICTIONS_FILE,
    REASONING_FILE,
    RECORD_FILE,
    Words,
    read_record,
    read_rows,
    read_words,
    reasoning_bytes,
)
from evaluations.verdicts import Answer, LabelVerdict
from tests.unit.evaluations.builders import ANSWERED, LABELLED, SALT, policy_of, replay_of, run_of

RUN = run_of(policy_of(), LABELLED, replay_of(ANSWERED))


def test_a_record_reads_back_as_it_was_written() -> None:
    """Record, rows and words are equal to what was stored."""
    assert read_record(RUN.files) == RUN.record
    assert read_rows(RUN.files) == RUN.rows
    assert read_words(RUN.files) == ()


def test_words_are_kept_exactly_and_apart() -> None:
    """A model's words stand in no other file and survive to the letter, half characters included."""
    wording = "caf\u0065\u0301 \ud800 <|end|>\u202e\nnext"
    words = [Words(case="b", repeat=1, output="AD1"), Words(case="a", repeat=1, reasoning=wording)]
    raw = reasoning_bytes(words, SALT)
    assert read_words({REASONING_FILE: raw}) == (words[1], words[0])
    assert raw.isascii()
    answer = Answer(case_id="a", verdict=LabelVerdict(code="AD0"), reasoning=wording)
    files = run_of(policy_of(), LABELLED[:1], replay_of([answer])).files
    assert b"end|" not in files[RECORD_FILE] + files[PREDICTIONS_FILE]
    assert b"end|" in files[REASONING_FILE]


def test_the_salt_comes_first_and_is_not_short() -> None:
    """The file's digest is salted by its first line; a salt that could be guessed is refused."""
    assert reasoning_bytes([], SALT) == b'{"salt":"000102030405060708090a0b0c0d0e0f"}\n'
    with pytest.raises(ValueError, match="the salt has 15 bytes"):
        reasoning_bytes([], SALT[:15])


@pytest.mark.parametrize(
    ("file", "raw", "said"),
    [
        (RECORD_FILE, b"{}\n", "missing required field"),
        (RECORD_FILE, b"not json", "not JSON"),
        (RECORD_FILE, b"\xff", "not JSON"),
        (RECORD_FILE, b"[" * 100_000, "not JSON"),
        (PREDICTIONS_FILE, b'{"case": "x"}', "the last line does not end"),
        (PREDICTIONS_FILE, b'{"latency_ms": 1.5}\n', "1.5 is not a whole number"),
        (PREDICTIONS_FILE, b'{"latency_ms": NaN}\n', "NaN is not a whole number"),
        (REASONING_FILE, b'{"case": "a"}\n', "the first line is not the salt"),
        (REASONING_FILE, b'{"salt": "00"}\n{"case": 1}\n', "reasoning.jsonl:2"),
    ],
)
def test_files_that_cannot_be_read_are_named(file: str, raw: bytes, said: str) -> None:
    """The message names the file, the line where there is one, and what is wrong."""
    files = {**RUN.files, file: raw}
    with pytest.raises(MalformedRecordError, match=r".") as caught:
        _ = read_record(files), read_rows(files), read_words(files)
    assert caught.value.file == file
    assert said in str(caught.value)


@pytest.mark.parametrize("file", [RECORD_FILE, PREDICTIONS_FILE])
def test_a_missing_file_is_named(file: str) -> None:
    """A run without its record or its rows is none."""
    files = {name: raw for name, raw in RUN.files.items() if name != file}
    with pytest.raises(MalformedRecordError, match="the file is missing"):
        _ = read_record(files), read_rows(files)


def test_a_record_has_one_spelling() -> None:
    """Spaces, unknown fields and formats of a later program are refused."""
    stated = json.loads(RUN.files[RECORD_FILE])
    spaced = json.dumps(stated, sort_keys=True).encode() + b"\n"
    with pytest.raises(MalformedRecordError, match="not in canonical form"):
        read_record({RECORD_FILE: spaced})
    for change, said in (({"v": 3}, "format 3 is not known"), ({"author": "ana"}, "a field is not known")):
        raw = json.dumps({**stated, **change}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        with pytest.raises(MalformedRecordError, match=said):
            read_record({RECORD_FILE: raw.encode() + b"\n"})
