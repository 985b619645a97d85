"""What a change is meant to do: read from plain lines, and held against what it did."""

from __future__ import annotations

import pytest

from evaluations.comparing.expectations import (
    ExpectationError,
    Followed,
    Meant,
    followed,
    named_cases,
    read_expectations,
)
from evaluations.comparing.joining import join
from evaluations.intervals import exact_proportion
from evaluations.rows import Row
from evaluations.suites import SuiteItem, make_suite
from evaluations.verdicts import LabelVerdict, Unparsed, UnparsedReason, Verdict
from policies.model import CaseStatus
from tests.unit.evaluations.builders import case_of, policy_of

CODES = ("SP0", "SP1", "SP2")
LOST = Unparsed(reason=UnparsedReason.EMPTY)


def _rows(said: dict[str, str | Verdict], slices: dict[str, tuple[str, ...]] | None = None) -> list[Row]:
    return [
        Row(
            item=SuiteItem(id=case, input="0" * 64, gold="SP1", slices=(slices or {}).get(case, ())),
            repeat=1,
            verdict=LabelVerdict(code=verdict) if isinstance(verdict, str) else verdict,
        )
        for case, verdict in said.items()
    ]


def _followed(text: str, old: dict[str, str | Verdict], new: dict[str, str | Verdict]) -> Followed:
    slices = {"c": ("satire",), "d": ("satire",)}
    return followed(read_expectations(text), _rows(old, slices), _rows(new, slices), CODES)


def test_lines_are_read_with_blanks_comments_and_quotes() -> None:
    """An id may hold a blank inside quotes; what begins with # says nothing."""
    lines = read_expectations('# why\n\n  flip a SP2\nkeep "case 12"\nkeep slice:satire\nkeep others\n')
    assert [(line.meant, line.name, line.label, line.number) for line in lines] == [
        (Meant.FLIP, "a", "SP2", 3),
        (Meant.KEEP, "case 12", None, 4),
        (Meant.KEEP, "slice:satire", None, 5),
        (Meant.KEEP, "others", None, 6),
    ]
    assert named_cases(lines) == {"a", "case 12"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1 of what is expected: nothing is declared"),
        ("# only words\n", "nothing is declared"),
        ("flip a\nturn b", "line 2 of what is expected: it begins with 'turn'"),
        ("flip", "it has 1 words"),
        ("keep a SP2", "it has 3 words"),
        ("flip a SP2 now", "it has 4 words"),
        ("flip others", "not every other case can be meant to flip"),
        ("keep a\nflip a", "line 2 of what is expected: a stands on line 1 too"),
        ('keep "a', "a quote is not closed"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_line(text: str, said: str) -> None:
    """The message names the line, what is wrong with it and how it is written."""
    with pytest.raises(ExpectationError) as caught:
        read_expectations(text)
    assert said in str(caught.value)


def test_both_rates_by_hand() -> None:
    """a flipped as meant, b to another label, c not at all, d was so before; of the rest one moved."""
    found = _followed(
        "flip a SP2\nflip b SP2\nflip c\nflip d SP1\nkeep others",
        {"a": "SP0", "b": "SP0", "c": "SP0", "d": "SP1", "e": "SP0", "f": "SP1"},
        {"a": "SP2", "b": "SP1", "c": "SP0", "d": "SP2", "e": "SP0", "f": "SP2"},
    )
    assert found.flipped == exact_proportion(1, 3)
    assert found.kept == exact_proportion(1, 2)
    assert found.already == ("d",)
    assert [missed.case for missed in found.not_flipped] == ["b", "c"]
    assert [missed.case for missed in found.not_kept] == ["f"]


def test_an_answer_that_cannot_be_read_did_not_flip_as_meant() -> None:
    """Nor did it stay."""
    found = _followed("flip a\nkeep b", {"a": "SP0", "b": "SP0"}, {"a": LOST, "b": LOST})
    assert (found.flipped.count, found.kept.count) == (0, 0)


def test_a_case_goes_by_the_line_that_names_it_most_closely() -> None:
    """Its own line wins over its slice's, and that over all others; a label names its cases."""
    said: dict[str, str | Verdict] = {"c": "SP0", "d": "SP0", "e": "SP0"}
    found = _followed("keep others\nflip slice:satire\nkeep c", said, said)
    assert (found.flipped.n, found.kept.n) == (1, 2)
    assert _followed("keep label:SP1", said, said).kept.n == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("flip a SP9", "SP9 is no label of the new version"),
        ("flip zz", "zz names no case that both versions are asked"),
        ("keep slice:none", "slice:none names no case"),
        ("keep label:SP2", "label:SP2 names no case"),
    ],
)
def test_what_is_not_there_is_refused(text: str, said: str) -> None:
    """A label, case, slice or gold label that does not exist is an error of the declaration."""
    with pytest.raises(ExpectationError, match=said):
        _followed(text, {"a": "SP0"}, {"a": "SP0"})


def test_a_relabelled_case_is_asked_where_something_is_declared_of_it() -> None:
    """As a known failure, so that it is in no figure; what is not declared of is not asked."""
    old = [case_of("a", "One text", label="AD0"), case_of("b", "Two texts", label="AD0")]
    new = [case_of("a", "One text", label="AD1"), case_of("b", "Two texts", label="AD1")]
    policy = policy_of()
    suites = (
        make_suite("old", policy, [*old, case_of("c", label="AD0")]),
        make_suite("new", policy, [*new, case_of("c", label="AD0")]),
    )
    joint = join(*suites, frozenset({"a"}))
    assert [(case.id, case.status, case.label) for case in joint.cases] == [
        ("a", CaseStatus.TODO, "AD0"),
        ("c", CaseStatus.ACTIVE, "AD0"),
    ]
    assert joint.relabelled == ("a", "b")
