"""Tests of `policies.importers.jsonl`."""

from __future__ import annotations

import json

import pytest

from policies.importers.jsonl import JSON_LINES
from policies.importers.model import FileRole
from policies.importers.reading import FileReading
from policies.importers.source import Source, read_source


def _read(*lines: str) -> FileReading:
    source = read_source(
        "rows.jsonl", "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass")
    )
    assert isinstance(source, Source)
    assert JSON_LINES.recognises(source) > 0
    return JSON_LINES.read(source)


def test_missing_and_null_flags_are_unknown() -> None:
    """A flag that is not there was not labelled; it is neither set nor clear."""
    reading = _read(
        '{"prompt": "a", "S": 1, "H": 0}', '{"prompt": "b", "S": 0}', '{"prompt": "c", "H": null, "S": 1}'
    )
    assert [draft.flags for draft in reading.drafts] == [
        {"S": True, "H": False},
        {"S": False, "H": None},
        {"S": True, "H": None},
    ]


def test_a_label_and_slices_are_read_like_a_table() -> None:
    """Keys have the meaning that column names have; a list of slices is several."""
    (draft,) = _read('{"text": "a", "gold_label": 1, "topic": ["x", "y"], "id": 12}').drafts
    assert (draft.key, draft.gold, draft.slices) == ("12", "1", ("x", "y"))


def test_flags_may_stand_in_a_map_or_a_list() -> None:
    """A map gives each flag its value; a list says what is set and nothing of the rest, which is told."""
    reading = _read(
        '{"text": "a", "labels": {"S": 1, "H": 0}}',
        '{"text": "b", "labels": ["H"]}',
    )
    assert [draft.flags for draft in reading.drafts] == [{"S": True, "H": False}, {"S": None, "H": True}]
    assert any("given as lists" in notice.message for notice in reading.notices)


def test_the_commons_own_cases_keep_every_field() -> None:
    """A file in the commons' format is read by its own reader, unknown keys included."""
    line = '{"id": "a1", "content": "x", "label": "SP0", "pair": "p", "status": "todo", "colour": "red"}'
    (draft,) = _read(line).drafts
    assert draft.own is not None
    assert (draft.own.id, draft.own.pair, dict(draft.own.extra)) == ("a1", "p", {"colour": "red"})


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"text": "a", "label": 1, "label": 0}', "a key stands twice"),
        ('{"text": "a", "label"', "not a JSON object"),
        ("[1, 2]", "not a JSON object"),
        ('{"text": "a\\ud83d", "label": 1}', "not valid text"),
        ('{"text": "a\\u0000b", "label": 1}', "NUL characters"),
        ('{"text": ' + "[" * 5000 + "]" * 5000 + ', "label": 1}', "nested"),
        ('{"text": "' + "a" * 1_100_000 + '", "label": 1}', "longer than 1 MiB"),
        ('{"text": "", "label": 1}', "no text"),
        ('{"text": "a", "label": null}', "no label"),
    ],
)
def test_a_line_that_is_no_case_is_named_and_the_rest_read(line: str, reason: str) -> None:
    """Each broken line costs itself only."""
    reading = _read('{"text": "first", "label": 1}', line, '{"text": "last", "label": 0}')
    assert [draft.content for draft in reading.drafts] == ["first", "last"]
    (problem,) = reading.problems
    assert problem.line == 2
    assert reason in problem.reason


def test_objects_without_a_text_and_a_label_are_refused_as_a_whole() -> None:
    """The keys that were seen are named."""
    reading = _read('{"name": "a", "colour": "red"}', '{"name": "b", "colour": "blue"}')
    assert reading.role is FileRole.UNREAD
    (problem,) = reading.problems
    assert problem.rows == 2
    assert "name, colour" in problem.reason


def test_texts_come_out_as_they_went_in() -> None:
    """Spaces, line ends and any script survive."""
    text = "  two\nlines \u200b and ☂ "
    (draft,) = _read(json.dumps({"text": text, "label": "0"})).drafts
    assert draft.content == text
