"""What of a run leaves its record."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evaluations.exports.gathering import Disclosure, ExportError, safe_part
from tests.unit.evaluations.exports.exported import CASES, exported, labels_run, sealed


def _words(disclose: Disclosure, cases: tuple = CASES) -> dict[str, tuple[str | None, str | None]]:  # type: ignore[type-arg]
    run = exported(labels_run(), disclose, cases)
    return {sample.row.item.id: (sample.content, sample.reasoning) for sample in run.samples}


def test_facts_alone_hold_no_word() -> None:
    """Unless it is asked for, neither content nor a word of the model goes along."""
    assert set(_words(Disclosure.FACTS).values()) == {(None, None)}


def test_words_of_sensitive_cases_need_a_second_asking() -> None:
    """With content asked for, a sensitive case keeps its content and what the model said of it."""
    plain, full = _words(Disclosure.CONTENT), _words(Disclosure.SENSITIVE)
    assert plain["a"] == full["a"] == ("Plain talk about the weather", "The weather sells nothing.")
    assert plain["c"] == (None, None)
    assert full["c"] == ("Cheap watches, come and see them", "Watches are quoted here.")
    assert exported(labels_run(), Disclosure.CONTENT).withheld == 1
    assert exported(labels_run(), Disclosure.SENSITIVE).withheld == 0


def test_content_that_was_not_run_stays_here() -> None:
    """A case that was edited since, or is not known, gives no content and no words, even revealed."""
    edited = (replace(CASES[0], content="Another text"), *CASES[2:])
    found = _words(Disclosure.SENSITIVE, edited)
    assert found["a"] == found["b"] == (None, None)
    assert found["c"][0] is not None


def test_nothing_of_a_sealed_suite_is_given() -> None:
    """Asking for the content of a sealed suite is refused with a remedy; its facts may go."""
    run = sealed(labels_run())
    with pytest.raises(ExportError, match=r"suite advertising@0.1.0: it is sealed.*without --with-content"):
        exported(run, Disclosure.CONTENT)
    assert exported(run).sealed


def test_what_counts_is_every_answer_to_a_case_that_is_no_known_failure() -> None:
    """With repeats each answer is a part of the headline; known failures are in none."""
    run = exported(labels_run(repeats=2))
    counted = [(sample.row.item.id, sample.row.repeat) for sample in run.samples if sample.counted]
    assert counted == [(case, repeat) for case in "abcd" for repeat in (1, 2)]
    assert len(run.samples) == 10
    assert sum(sample.right for sample in run.samples if sample.counted) == 4


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("spam", "spam"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("..", "_"),
        ("", "_"),
        ("con", "_con"),
        ("Data", "_Data"),
        ("COM1.txt", "_COM1.txt"),
        ("a b\x00c\n", "a_b_c_"),
    ],
)
def test_no_name_leaves_its_folder(text: str, safe: str) -> None:
    """A record may say anything; what becomes a path is one part of it on every file system."""
    assert safe_part(text) == safe
