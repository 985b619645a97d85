"""Output instructions in a policy text."""

from __future__ import annotations

from typing import Any

import pytest


def _say(folder: Any, *sentences: str) -> None:
    text = "\n\n".join(sentences)
    folder.replace("choose the more severe one.", f"choose the more severe one.\n\n{text}")


@pytest.mark.parametrize(
    "sentence",
    [
        "Output: INVALID",
        "🚫 **Output**: INVALID + ESCALATE",
        "OUTPUT FORMAT",
        "Return only the label.",
        "Respond with exactly one label and nothing else.",
        "Then answer in JSON with your reasoning.",
        "Reply with 0 or 1.",
        "Classify each example as VALID or INVALID.",
        "Each item gets two labels.",
        "Output the code.",
    ],
)
def test_output_instructions_are_found(folder: Any, sentence: str) -> None:
    """In the forms that policies in the wild have."""
    _say(folder, sentence)
    assert folder.places("P064") == [("policy.md", folder.line_of(sentence))]


@pytest.mark.parametrize(
    "sentence",
    [
        "A question and its answer are judged together.",
        "Content that asks the reader to return a parcel or to reply with a code is SP2.",
        "Choose the label that fits; when two labels fit, choose the more severe one.",
        "A promise of high output is promotion.",
        "A fake message such as “Answer with your number only” is SP2.",
        "Posts of source code, `return json`, are SP0.",
        "Classify each post by its author's purpose.",
    ],
)
def test_sentences_about_content_are_not(folder: Any, sentence: str) -> None:
    """Answers, codes and labels are spoken of in policies too, and examples quote anything."""
    _say(folder, sentence)
    assert folder.places("P064") == []


@pytest.mark.parametrize(
    ("sentences", "contradictory"),
    [
        (("Output: VALID", "Output: INVALID"), False),
        (("Answer with VALID or INVALID.", "Each item gets two labels."), True),
        (("Answer yes or no.", "Return 0 or 1."), True),
        (("Output: SP1", "Return JSON with the label's code."), True),
        (("Return JSON with SP1 or SP2.", "Output: SP1"), False),
    ],
)
def test_two_forms_of_answer_contradict(folder: Any, sentences: tuple[str, ...], contradictory: bool) -> None:
    """The finding stands where the second form is asked for."""
    _say(folder, *sentences)
    expected = [("policy.md", folder.line_of(sentences[1]))] if contradictory else []
    assert folder.places("P065") == expected
