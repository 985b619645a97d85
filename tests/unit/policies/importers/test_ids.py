"""Tests of `policies.importers.ids`."""

from __future__ import annotations

from policies.importers.ids import assign_ids
from policies.importers.reading import CaseDraft


def _draft(content: str, key: str | None = None, file: str = "a.csv") -> CaseDraft:
    return CaseDraft(file=file, line=1, content=content, key=key)


def test_the_sources_own_id_is_kept() -> None:
    """An id column decides."""
    assert assign_ids([_draft("one", "7"), _draft("two", "x y")]).ids == ("7", "x y")


def test_ids_from_words_do_not_depend_on_other_rows() -> None:
    """Putting a row in front changes no other row's id."""
    (alone,) = assign_ids([_draft("one")]).ids
    assert assign_ids([_draft("zero"), _draft("one")]).ids[1] == alone


def test_repeated_texts_are_numbered() -> None:
    """The same words twice give two ids that differ by a number."""
    first, second, third = assign_ids([_draft("one")] * 3).ids
    assert (second, third) == (f"{first}-2", f"{first}-3")


def test_an_id_used_twice_is_numbered_and_told() -> None:
    """Within a file the second gets a number, from a second file that file's name."""
    found = assign_ids([_draft("one", "1"), _draft("two", "1"), _draft("three", "1", "more/Set B.csv")])
    assert found.ids == ("1", "1-2", "set-b-1")
    assert [given for _, given in found.repeated] == ["1-2", "set-b-1"]


def test_ids_hold_nothing_that_cannot_be_printed() -> None:
    """Control characters and endless ids are cut; an id of nothing else is made from the words."""
    cut, made = assign_ids([_draft("one", "a\x1b[2J" + "b" * 500), _draft("two", "\x00\x01")]).ids
    assert cut == "a [2J" + "b" * 155
    assert made == assign_ids([_draft("two")]).ids[0]
