"""The comparison of texts loses and invents nothing, whatever stands in them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from policies.alignment import align
from policies.prompt import plain_text
from policies.text_diff import LineKind, diff_texts, stretches_of
from policies.word_marks import Mark, mark_words, words_of

WORDS = st.lists(
    st.sampled_from(["spam", "ham", "the", " ", ", ", "–", "é", "語", "हिं", ""]), max_size=12
).map("".join)
LINES = st.one_of(
    WORDS,
    st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\r\n\ufeff"), max_size=20),
)
TEXTS = st.lists(LINES, max_size=12).map("\n".join)  # fmt: skip


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_off(old: str, new: str) -> None:
    """The lines that are not added give the old text, those that are not removed the new one, in order."""
    lines = diff_texts(old, new).lines
    for text, number, gone in ((old, "old", Mark.ADDED), (new, "new", Mark.REMOVED)):
        here = [line for line in lines if getattr(line, number) is not None]
        assert [getattr(line, number) for line in here] == list(range(1, len(here) + 1))
        said = ["".join(piece.text for piece in line.pieces if piece.mark is not gone) for line in here]
        assert "\n".join(said) == plain_text(text)


@given(TEXTS, TEXTS)
def test_it_is_empty_exactly_for_equal_texts(old: str, new: str) -> None:
    """A change is never missed, and none is claimed where there is none."""
    assert diff_texts(old, new).is_empty == (plain_text(old) == plain_text(new))


@given(TEXTS, TEXTS, st.integers(0, 4))
def test_stretches_hold_every_line_once(old: str, new: str, context: int) -> None:
    """Folding moves no line, and folds no change."""
    diff = diff_texts(old, new)
    stretches = stretches_of(diff, context)
    assert tuple(line for stretch in stretches for line in stretch.lines) == diff.lines
    folded = [line for stretch in stretches if stretch.unchanged for line in stretch.lines]
    assert all(line.kind is LineKind.SAME for line in folded)


@given(LINES, LINES)
def test_marked_words_give_both_lines(old: str, new: str) -> None:
    """Same and removed words are the old line, same and added ones the new line; none is empty."""
    pieces = mark_words(old, new)
    assert "".join(piece.text for piece in pieces if piece.mark is not Mark.ADDED) == old
    assert "".join(piece.text for piece in pieces if piece.mark is not Mark.REMOVED) == new
    assert all(piece.text for piece in pieces)


@given(st.text())
def test_words_are_the_line(line: str) -> None:
    """No character is lost between words."""
    assert "".join(words_of(line)) == line


@given(
    st.lists(st.integers(0, 3), max_size=20), st.lists(st.integers(0, 3), max_size=20), st.integers(0, 400)
)
def test_alignment_covers_both_and_agrees_where_it_says(old: list[int], new: list[int], cells: int) -> None:
    """Runs follow one another without a gap; those that agree are equal, the others begin differently."""
    one = other = 0
    for run in align(old, new, cells).runs:
        assert (run.old_start, run.new_start) == (one, other)
        one, other = run.old_end, run.new_end
        assert (old[run.old_start : one] == new[run.new_start : other]) == run.same
    assert (one, other) == (len(old), len(new))
