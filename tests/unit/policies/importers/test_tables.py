"""Tests of `policies.importers.tables` and `table_rows`."""

from __future__ import annotations

from policies.importers.model import SkipReason
from policies.importers.reading import FileReading
from policies.importers.source import Source, read_source
from policies.importers.tables import TABLES
from policies.model import Subject


def _read(text: str) -> FileReading:
    source = read_source("set.csv", text.encode())
    assert isinstance(source, Source)
    assert TABLES.recognises(source) > 0
    return TABLES.read(source)


def test_disclaimer_rows_stand_above_the_header() -> None:
    """What precedes the header is skipped as a disclaimer, with its words kept in the account."""
    reading = _read("These are made-up prompts.,  ,\n\ntext,label\nhello,0\n")
    assert [(skip.line, skip.reason) for skip in reading.skipped] == [
        (1, SkipReason.DISCLAIMER),
        (2, SkipReason.BLANK),
        (3, SkipReason.HEADER),
    ]
    assert reading.skipped[0].excerpt == "These are made-up prompts."
    assert [(draft.line, draft.content, draft.gold) for draft in reading.drafts] == [(4, "hello", "0")]


def test_two_labels_a_row_give_two_cases() -> None:
    """The prompt is judged by itself; the response has the prompt as its context."""
    reading = _read("id,prompt,label,response,response_label\n7,How?,A1,Like this.,A0\n")
    prompt, response = reading.drafts
    assert (prompt.key, prompt.content, prompt.gold, prompt.subject) == (
        "7-prompt",
        "How?",
        "A1",
        Subject.PROMPT,
    )
    assert (response.key, response.content, response.gold) == ("7-response", "Like this.", "A0")
    assert (response.subject, response.context, prompt.context) == (Subject.RESPONSE, "How?", None)


def test_a_row_that_is_half_empty_gives_one_case() -> None:
    """A prompt without a response is one case; a response without a label is told."""
    reading = _read("prompt,label,response,response_label\nHow?,A1,,\nWhy?,A1,Because.,\n")
    assert [draft.content for draft in reading.drafts] == ["How?", "Why?"]
    assert [(notice.line, notice.message) for notice in reading.notices] == [
        (3, "half of the row has no case: the response has no label.")
    ]


def test_one_label_for_prompt_and_response_judges_the_exchange() -> None:
    """A single label beside two texts does not say which it means, so they stay together, and it is told."""
    reading = _read("prompt,response,label\nHow?,Like this.,1\n")
    assert reading.drafts[0].content == "User: How?\n\nAssistant: Like this."
    assert reading.drafts[0].subject is Subject.CONVERSATION
    assert any("joined as one conversation" in notice.message for notice in reading.notices)


def test_ragged_rows_are_read_or_named() -> None:
    """A short row with text and label is a case; a row with surplus words is not."""
    reading = _read("text,label,topic\nshort,0\nlost, comma,0,x\nfull,1,y\n")
    assert [draft.content for draft in reading.drafts] == ["short", "full"]
    (problem,) = reading.problems
    assert (problem.line, problem.reason.split(";")[0]) == (
        3,
        "the row has 4 cells where the header has 3",
    )


def test_rows_without_text_or_label_are_named() -> None:
    """No case is made of half a row, and both halves are told apart."""
    reading = _read("text,label\n,1\nhello,\n")
    assert [(problem.line, problem.reason) for problem in reading.problems] == [
        (2, "the row has no text"),
        (3, "the row has no label"),
    ]


def test_flags_are_true_false_or_unknown() -> None:
    """A missing flag is unknown, and a word that is no flag makes the row unreadable."""
    rows = "".join(f"text {n},0,1\n" for n in range(20))
    reading = _read(f"prompt,S,H\n{rows}half,1,\nnone,,\nbad,maybe,0\n")
    assert reading.drafts[20].flags == {"S": True, "H": None}
    assert [(problem.line, problem.reason) for problem in reading.problems] == [
        (23, "the row has no label"),
        (24, "the flag S is 'maybe'; a flag is 0, 1 or missing"),
    ]


def test_annotators_slices_notes_and_licences_come_along() -> None:
    """What a case has a field for is kept; the first slice column by its values, others with their name."""
    header = "text,label,functionality,target,annotator_1,annotator_2,language,license,note\n"
    (draft,) = _read(f"{header}hi,0,greeting,people,0,,en,CC0-1.0,short\n").drafts
    assert draft.slices == ("greeting", "target=people")
    assert draft.annotations == (("annotator_1", "0"),)
    assert (draft.language, draft.license, draft.note) == ("en", "CC0-1.0", "short")


def test_columns_that_are_left_out_are_told() -> None:
    """A column without a meaning is named, so that its loss is a decision."""
    (notice,) = _read("text,label,colour\nhi,0,blue\n").notices
    assert notice.message == "columns that no case has a field for were left out: 'colour'."


def test_a_label_column_of_many_values_is_no_label() -> None:
    """Hundreds of different labels are texts; no case is made of them."""
    rows = "".join(f"text {n},label {n}\n" for n in range(200))
    reading = _read(f"text,label\n{rows}")
    assert reading.drafts == ()
    (problem,) = reading.problems
    assert (problem.line, problem.rows) == (2, 200)
    assert "holds 200 different values" in problem.reason


def test_scores_below_the_rows_are_reported_not_read() -> None:
    """A metric and its number are a score that came along."""
    reading = _read("text,label\nhi,0\n,\nAccuracy,0.9\n")
    assert [(score.metric, score.value, score.source) for score in reading.scores] == [
        ("Accuracy", "0.9", "set.csv:4")
    ]
    assert len(reading.drafts) == 1
