"""What changed between two texts, line by line."""

from __future__ import annotations

import pytest

from policies import alignment
from policies.alignment import Run, align
from policies.text_diff import LineKind, diff_texts, stretches_of
from policies.word_marks import Mark, Piece, mark_words, words_of

SAME, CHANGED, REMOVED, ADDED = LineKind


def kinds(old: str, new: str) -> list[tuple[LineKind, int | None, int | None]]:
    return [(line.kind, line.old, line.new) for line in diff_texts(old, new).lines]


def test_same_texts_have_no_change() -> None:
    """Line ends and blank edges do not count."""
    diff = diff_texts("\ufeffone\r\ntwo\r\n", "\none\ntwo")
    assert (diff.is_empty, diff.changed, diff.exact) == (True, 0, True)


def test_a_changed_line_stands_once_with_both_numbers() -> None:
    """Lines that are alike are told as one; a line that came or went has one number."""
    old = "# Goal\nDecide whether this is spam or not.\n\nEnd."
    new = "# Goal\nNew here.\nDecide whether it is spam or not.\n\nEnd."
    assert kinds(old, new) == [
        (SAME, 1, 1),
        (ADDED, None, 2),
        (CHANGED, 2, 3),
        (SAME, 3, 4),
        (SAME, 4, 5),
    ]


def test_lines_with_little_in_common_are_told_apart() -> None:
    """A line that says something else is not shown as an edit of the one that stood there."""
    assert kinds("Ads for pills.", "Threats against people.") == [(REMOVED, 1, None), (ADDED, None, 1)]


def test_all_from_nothing() -> None:
    """Against an empty text every line is new."""
    assert kinds("", "a\nb") == [(ADDED, None, 1), (ADDED, None, 2)]
    assert diff_texts("", "").lines == ()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "Remove such posts.",
            "Review such posts.",
            (
                Piece(Mark.REMOVED, "Remove"),
                Piece(Mark.ADDED, "Review"),
                Piece(Mark.SAME, " such posts."),
            ),
        ),
        (
            "one two three four",
            "one four",
            (Piece(Mark.SAME, "one "), Piece(Mark.REMOVED, "two three "), Piece(Mark.SAME, "four")),
        ),
        (
            "これはスパムです",
            "これは詐欺です",
            (
                Piece(Mark.SAME, "これは"),
                Piece(Mark.REMOVED, "スパム"),
                Piece(Mark.ADDED, "詐欺"),
                Piece(Mark.SAME, "です"),
            ),
        ),
        ("same", "same", (Piece(Mark.SAME, "same"),)),
    ],
)
def test_words_are_marked(old: str, new: str, expected: tuple[Piece, ...]) -> None:
    """Words that went and came are marked; scripts without spaces go by character."""
    assert mark_words(old, new) == expected


def test_words_that_agree_by_chance_are_not_kept_apart() -> None:
    """One longer change reads better than a small word kept between two others."""
    marks = [piece.mark for piece in mark_words("alpha the beta", "gamma the delta")]
    assert marks == [Mark.REMOVED, Mark.ADDED]


def test_letters_stay_with_their_marks() -> None:
    """A vowel sign or an accent is part of its word."""
    assert words_of("हिंदी भाषा, e\u0301te\u0301") == ["हिंदी", " ", "भाषा", ",", " ", "e\u0301te\u0301"]


def test_unchanged_stretches_are_apart() -> None:
    """A change keeps two lines around it; the stretch says under which heading it stands."""
    lines = ["# Goal", *(f"line {n}" for n in range(20))]
    changed = [*lines[:10], "something new", *lines[10:]]
    stretches = stretches_of(diff_texts("\n".join(lines), "\n".join(changed)))
    assert [(item.unchanged, item.under, len(item.lines)) for item in stretches] == [
        (True, "Goal", 8),
        (False, "Goal", 5),
        (True, "Goal", 9),
    ]


def test_a_gap_of_one_line_is_not_folded() -> None:
    """Folding one line would save nothing."""
    old = [f"line {n}" for n in range(12)]
    new = [*old[:3], "x", *old[3:8], "y", *old[8:]]
    stretches = stretches_of(diff_texts("\n".join(old), "\n".join(new)))
    assert [(item.unchanged, len(item.lines)) for item in stretches] == [(False, 12), (True, 2)]


def test_alignment_finds_the_longest_agreement() -> None:
    """Runs that agree and runs that differ come in turn and cover both sides."""
    assert align("abcd", "axcd").runs == (
        Run(True, 0, 1, 0, 1),
        Run(False, 1, 2, 1, 2),
        Run(True, 2, 4, 2, 4),
    )
    assert align("", "").runs == ()


def test_what_is_too_large_is_told_as_replaced() -> None:
    """Beyond the bound the common beginning and end are kept, and what lies between is one change."""
    aligned = align("a1b2c3z", "a4b5c6z", max_cells=8)
    assert not aligned.whole
    assert aligned.runs == (Run(True, 0, 1, 0, 1), Run(False, 1, 6, 1, 6), Run(True, 6, 7, 6, 7))


def test_items_that_share_a_hash_are_not_equal() -> None:
    """Agreement is equality, not an equal hash: -1 and -2 have one."""
    assert [run.same for run in align([-1], [-2]).runs] == [False]


def test_ten_thousand_lines_stay_within_the_bound() -> None:
    """A text of ten thousand lines is aligned, however often its lines repeat."""
    assert alignment.MAX_CELLS > 10_000**2
    old = "\n".join("ab"[n % 3 % 2] for n in range(10_000))
    new = "\n".join("ab"[n % 5 % 2] for n in range(10_000))
    assert diff_texts(old, new).exact


def test_a_text_of_a_hundred_thousand_lines_is_counted() -> None:
    """Beyond the bound the first lines are given and the rest is counted."""
    old, new = ("\n".join(letter for _ in range(100_000)) for letter in "ab")
    diff = diff_texts(old, new)
    assert not diff.exact
    assert len(diff.lines) + diff.left_out == diff.changed == 200_000
    assert diff.left_out > 150_000
