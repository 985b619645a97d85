"""Tests of `policies.importers.sectioned`."""

from __future__ import annotations

from policies.importers.model import SkipReason
from policies.importers.reading import AnswerDraft, FileReading
from policies.importers.sectioned import SECTIONED
from policies.importers.source import Source, read_source

_SHEET = """,,,some-model classification ,
AB0,,,,
1,A harmless sentence about the weather,,AB0,
2,"Another one, with a comma",,AB0,
AB2 ,,,,
1,Something that is over the line,,AB0,
,,,,
,,,Accuracy,0.67
"""


def _read(text: str) -> FileReading:
    source = read_source("golden.csv", text.encode())
    assert isinstance(source, Source)
    assert SECTIONED.recognises(source) > 0
    return SECTIONED.read(source)


def test_the_section_gives_the_gold_label() -> None:
    """Each row belongs to the section above it, and its number is an id within that section."""
    reading = _read(_SHEET)
    assert [(draft.line, draft.key, draft.gold) for draft in reading.drafts] == [
        (3, "AB0-1", "AB0"),
        (4, "AB0-2", "AB0"),
        (6, "AB2-1", "AB2"),
    ]


def test_the_models_own_answers_are_kept_apart_from_the_gold() -> None:
    """The other column of codes is a model's, named by the first row."""
    assert _read(_SHEET).drafts[2].answers == (AnswerDraft(engine="some-model", label="AB0"),)


def test_every_row_has_its_reason() -> None:
    """Header, sections, blank rows and scores are skipped as what they are."""
    reading = _read(_SHEET)
    assert [(skip.line, skip.reason) for skip in reading.skipped] == [
        (1, SkipReason.HEADER),
        (2, SkipReason.SECTION),
        (5, SkipReason.SECTION),
        (7, SkipReason.BLANK),
        (8, SkipReason.SCORE),
    ]
    assert reading.rows == 8


def test_scores_stay_the_strings_they_were() -> None:
    """A reported score keeps its digits and its place."""
    (score,) = _read(_SHEET).scores
    assert (score.metric, score.value, score.source) == ("Accuracy", "0.67", "golden.csv:8")


def test_a_row_without_text_is_named() -> None:
    """A number alone is no case."""
    reading = _read(_SHEET.replace("1,Something that is over the line,,AB0,", "1,,,AB0,"))
    assert [(problem.line, problem.reason) for problem in reading.problems] == [(6, "the row has no text")]


def test_a_short_row_has_blanks_where_its_cells_end() -> None:
    """Columns that a row does not reach are empty, the number's among them."""
    sheet = "AB0,,\nA first sentence,AB0,1\nA second sentence\n,,\nAB1,,\nA third one,AB1,1\n"
    reading = _read(sheet)
    assert [(draft.key, draft.content, len(draft.answers)) for draft in reading.drafts] == [
        ("AB0-1", "A first sentence", 1),
        (None, "A second sentence", 0),
        ("AB1-1", "A third one", 1),
    ]


def test_prose_is_not_taken_for_sections() -> None:
    """A text with commas has no section rows."""
    source = read_source("policy.txt", b"SP0 stands alone\nSP0\nwords, and words\n")
    assert isinstance(source, Source)
    assert SECTIONED.recognises(source) == 0.0
