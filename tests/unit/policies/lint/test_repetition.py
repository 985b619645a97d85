"""Duplicates among the cases."""

from __future__ import annotations

import random
import time
from itertools import accumulate
from typing import Any

QUESTION = "Which bus goes to the harbour on Sundays?"


def test_a_duplicate_with_another_label_is_a_contradiction(folder: Any) -> None:
    """The message says which case it repeats, and that they disagree."""
    folder.cases.append({"id": "5", "content": QUESTION, "label": "SP2"})
    (found,) = folder.lint()
    assert (found.rule, found.line) == ("P050", 5)
    assert found.message == "Case '5' repeats case '1' of line 1, with another label."


def test_a_contrast_pair_may_be_alike_and_not_the_same(folder: Any) -> None:
    """Near-duplicates are what a pair is made of; equal texts have no difference to measure."""
    folder.cases[0]["pair"] = "p2"
    folder.cases.append({"id": "5", "content": QUESTION.replace("bus", "van"), "label": "SP1", "pair": "p2"})
    assert folder.lint() == ()
    folder.cases[-1]["content"] = QUESTION
    assert [found.rule for found in folder.lint()] == ["P050"]


def test_context_and_subject_tell_cases_apart(folder: Any) -> None:
    """The same words are another case in another context, and as a prompt or a response."""
    folder.cases.append({"id": "5", "content": QUESTION, "label": "SP0", "subject": "prompt"})
    folder.cases.append({"id": "6", "content": QUESTION, "label": "SP0", "subject": "response"})
    folder.cases.append({"id": "7", "content": "Same here.", "context": "It is broken.", "label": "SP0"})
    folder.cases.append({"id": "8", "content": "Same here.", "context": "We sell votes.", "label": "SP2"})
    assert folder.lint() == ()


def test_near_duplicates_are_one_finding_for_the_group(folder: Any) -> None:
    """With the first few of its members."""
    for number in range(5, 14):
        folder.cases.append(
            {"id": f"{number}", "content": f"{QUESTION[:-1]}, line {number}?", "label": "SP0"}
        )
    (found,) = folder.lint()
    assert (found.rule, found.line) == ("P051", 5)
    assert found.message == (
        "Nearly the same as case '1' of line 1: '5' (line 5), '6' (line 6), '7' (line 7), '8' (line 8),"
        " '9' (line 9) and 4 more."
    )


def test_texts_without_words_are_compared_by_their_signs(folder: Any) -> None:
    """Two texts of emoji are the same or they are not."""
    folder.cases.append({"id": "5", "content": "💸 💸 💸", "label": "SP2"})
    folder.cases.append({"id": "6", "content": "🌻 🌻 🌻", "label": "SP0"})
    assert folder.lint() == ()


def test_ten_thousand_cases_take_seconds(folder: Any) -> None:
    """A bound that holds on a slow and busy machine; it is about two seconds on two free cores."""
    source = random.Random(7)
    words = [
        "".join(source.choices("abcdefghijklmnopqrstuvwxyz", k=source.randint(2, 9))) for _ in range(5000)
    ]
    weights = list(accumulate(1 / rank for rank in range(1, 5001)))
    folder.cases += [
        {
            "id": f"c{n}",
            "content": " ".join(source.choices(words, cum_weights=weights, k=source.randint(5, 60))),
            "label": "SP0",
        }
        for n in range(10_000)
    ]
    started = time.process_time()
    findings = folder.lint()
    assert time.process_time() - started < 5
    assert findings == ()
