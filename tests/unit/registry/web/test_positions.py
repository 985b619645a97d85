from __future__ import annotations

import pytest

from registry.web.positions import MOST_BYTES, Position, read_number, read_numbers
from registry.web.refusals import BadQueryError


def test_position_in_all_commons_reads_back() -> None:
    """The id of an event in the stream of all commons says where its reader stands in each."""
    at = {"starter/teens": 3, "starter": 12, "~ana": 0}
    id_ = Position(at, wide=True).id
    assert id_ == "starter=12,starter/teens=3,~ana=0"
    assert read_numbers(id_) == at
    assert read_numbers("0") == {}


def test_position_in_one_commons_is_a_number() -> None:
    """The id of an event in the stream of one commons is its number in the log."""
    assert Position({"starter": 12}, wide=False).id == "12"
    assert read_number("12") == 12


def test_id_that_no_header_would_bring_back_is_left_out() -> None:
    """So many commons that an id would be too long for a header have events without ids."""
    at = {f"commons-{number:04}": 123_456 for number in range(300)}
    assert Position(at, wide=True).id is None
    assert len(str(Position(dict(list(at.items())[:200]), wide=True).id)) < MOST_BYTES


@pytest.mark.parametrize(
    "text", ["", "x", "-1", "1.0", "1\n", "٣", "9" * 10, "starter=", "=1", "a=1,,b=2", "A=1", "a=1\r\nb: 2"]
)
def test_no_id_is_refused(text: str) -> None:
    """What this server never gave out is refused, in either stream."""
    with pytest.raises(BadQueryError):
        read_number(text)
    with pytest.raises(BadQueryError):
        read_numbers(text)


def test_long_id_is_refused() -> None:
    """An id longer than any that is given out is not even read."""
    with pytest.raises(BadQueryError):
        read_numbers(",".join(["a=1"] * 2_000))
