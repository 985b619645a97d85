"""What holds of every stored run, and of every file that claims to be one."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evaluations.errors import RecordError
from evaluations.records import (
    FILES,
    PREDICTIONS_FILE,
    REASONING_FILE,
    Words,
    check_record,
    predictions_bytes,
    read_rows,
    read_words,
    reasoning_bytes,
)
from policies.model import Labelling
from tests.property.evaluations.strategies import runs
from tests.unit.evaluations.builders import ANSWERED, LABELLED, SALT, policy_of, replay_of, run_of

SOUND = run_of(policy_of(), LABELLED, replay_of(ANSWERED)).files


@pytest.mark.parametrize("labelling", list(Labelling))
@given(data=st.data())
def test_rows_read_back_in_one_order(labelling: Labelling, data: st.DataObject) -> None:
    """Whatever the order they came in, the file is the same and holds each of them."""
    rows = data.draw(runs(labelling))
    raw = predictions_bytes(data.draw(st.permutations(rows)))
    assert raw == predictions_bytes(rows)
    assert read_rows({PREDICTIONS_FILE: raw}) == rows


@given(text=st.text(st.characters(exclude_categories=())))
@example(text="\ud800\u2028\x00\n<|end|>")
def test_a_models_words_survive_to_the_letter(text: str) -> None:
    """Any string, half characters included, reads back as it came."""
    words = Words(case="x", repeat=1, reasoning=text, output=text)
    assert read_words({REASONING_FILE: reasoning_bytes([words], SALT)}) == (words,)


@given(file=st.sampled_from(FILES), raw=st.binary(max_size=200))
def test_any_bytes_are_refused_or_read_and_never_crash(file: str, raw: bytes) -> None:
    """Files of anything give a record error, whatever is in them."""
    with contextlib.suppress(RecordError):
        check_record({**SOUND, file: raw})


@given(file=st.sampled_from(FILES), data=st.data())
def test_a_changed_byte_is_found(file: str, data: st.DataObject) -> None:
    """No byte of a run's rows, words or figures can be changed unnoticed; only what is stated alone can."""
    raw = SOUND[file]
    at = data.draw(st.integers(0, len(raw) - 1))
    changed = (
        raw[:at]
        + bytes([data.draw(st.integers(0, 255).filter(lambda byte: byte != raw[at]))])
        + raw[at + 1 :]
    )
    try:
        record = check_record({**SOUND, file: changed})
    except RecordError:
        return
    # What no row can tell: whose policy it was called, by which versions, when and on what it ran.
    sound = check_record(SOUND)
    assert file == "record.json"
    assert (record.metrics, record.parts, record.suite.digest, record.rows, record.reasoning) == (
        sound.metrics,
        sound.parts,
        sound.suite.digest,
        sound.rows,
        sound.reasoning,
    )
