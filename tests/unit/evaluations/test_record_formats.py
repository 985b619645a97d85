"""A record that a program of yesterday wrote is still read, checked and written as it was."""

from __future__ import annotations

import json

import pytest

from evaluations.errors import MalformedRecordError
from evaluations.records import RECORD_FILE, check_record, read_record
from evaluations.rescoring import rescore
from policies.canonical import canonical_bytes
from tests.unit.evaluations.builders import ANSWERED, LABELLED, policy_of, replay_of, run_of

RUN = run_of(policy_of(), LABELLED, replay_of(ANSWERED))


def _format_1() -> dict[str, bytes]:
    stated = json.loads(RUN.files[RECORD_FILE])
    stated["v"] = 1
    del stated["metrics"]["severity"]
    for scores in (stated["metrics"]["headline"], stated["metrics"]["excluded"]):
        for rates in (scores["binary"], *(label["rates"] for label in scores["labels"])):
            del rates["mcc"]
    return {**RUN.files, RECORD_FILE: canonical_bytes(stated) + b"\n"}


def test_format_1_is_read_and_checked() -> None:
    """Its figures are those of today without the two that it did not know."""
    record = check_record(_format_1())
    assert (record.v, record.metrics.severity, record.metrics.headline.binary.mcc) == (1, None, None)
    assert record.metrics.headline.binary.recall == RUN.record.metrics.headline.binary.recall


def test_what_format_1_did_not_know_has_no_place_in_it() -> None:
    """A record that says 1 and states a later figure, or says 2 and lacks one, is refused."""
    later = json.loads(RUN.files[RECORD_FILE]) | {"v": 1}
    earlier = json.loads(_format_1()[RECORD_FILE]) | {"v": 2}
    for stated in (later, earlier):
        with pytest.raises(MalformedRecordError, match="a field is not known"):
            read_record({RECORD_FILE: canonical_bytes(stated) + b"\n"})


def test_scored_again_it_stays_what_it_is() -> None:
    """Nothing is added to a record by reading it anew."""
    rescored = rescore(_format_1())
    assert rescored.run.files[RECORD_FILE] == _format_1()[RECORD_FILE]
    assert check_record(rescored.run.files) == check_record(_format_1())
