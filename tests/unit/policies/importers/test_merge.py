"""Tests of `policies.importers.merge`."""

from __future__ import annotations

from policies.importers.merge import merge_tables, tells_of_the_same
from policies.importers.model import FileRole
from policies.importers.reading import CaseDraft, FileReading


def _table(file: str, *drafts: CaseDraft, role: FileRole = FileRole.CASES) -> FileReading:
    return FileReading(file=file, role=role, reader="table", rows=len(drafts), drafts=drafts)


def _draft(file: str, line: int, key: str, content: str, **more: object) -> CaseDraft:
    return CaseDraft(file=file, line=line, key=key, content=content, **more)  # type: ignore[arg-type]


def test_annotations_join_the_suite_by_id_and_text() -> None:
    """The suite's row is the case; the annotators' row adds what they said."""
    suite = _table("suite.csv", _draft("suite.csv", 2, "1", "hi", gold="ok", slices=("a",)))
    votes = _table("a.csv", _draft("a.csv", 2, "1", "hi", gold="ok", annotations=(("x", "ok"),)))
    merged = merge_tables([votes, suite])
    (case,) = merged.drafts
    assert (case.file, case.slices, case.annotations) == ("suite.csv", ("a",), (("x", "ok"),))
    assert merged.joined == {("a.csv", 2): ("suite.csv", 2)}


def test_equal_numbers_with_other_texts_are_other_cases() -> None:
    """Two files that both count from one stay two sets."""
    one = _table("a.csv", _draft("a.csv", 2, "1", "hi", gold="ok"))
    two = _table("b.csv", _draft("b.csv", 2, "1", "bye", gold="ok"))
    assert not tells_of_the_same(one, two)
    assert len(merge_tables([one, two]).drafts) == 2


def test_contradicting_gold_labels_are_named_with_both_places() -> None:
    """Of two gold labels neither is chosen in silence: the second row is a problem."""
    one = _table("a.csv", _draft("a.csv", 2, "1", "hi", gold="ok"))
    two = _table("b.csv", _draft("b.csv", 5, "1", "hi", gold="bad"))
    merged = merge_tables([one, two])
    assert [draft.gold for draft in merged.drafts] == ["ok"]
    (problem,) = merged.problems
    assert (problem.file, problem.line) == ("b.csv", 5)
    assert problem.reason == "its gold label 'bad' contradicts 'ok' in a.csv:2"


def test_annotations_without_a_case_are_named() -> None:
    """An annotation of an id that no suite has is not dropped in silence."""
    votes = _table(
        "a.csv", _draft("a.csv", 9, "77", "", annotations=(("x", "ok"),)), role=FileRole.ANNOTATIONS
    )
    merged = merge_tables([_table("suite.csv", _draft("suite.csv", 2, "1", "hi", gold="ok")), votes])
    assert [problem.reason for problem in merged.problems] == ["no case has the id '77'"]
