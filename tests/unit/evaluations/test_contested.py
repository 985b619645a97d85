"""What annotators said: agreement, contested cases, and annotations that cannot be used."""

from __future__ import annotations

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.contested import NOT_RAISED, RAISED, Why, agreement_in, contested_in, oddities_in
from evaluations.suites import Suite, make_suite
from policies.model import Annotation, Case
from tests.unit.evaluations.builders import FLAGS_TEXT, case_of, policy_of


def said(*labels: str) -> tuple[Annotation, ...]:
    return tuple(Annotation(by=f"A{n}", label=label) for n, label in enumerate(labels, start=1))


def suite_of(*cases: Case, text: str | None = None) -> Suite:
    return make_suite("s", policy_of(text) if text else policy_of(), cases)


def flags(case_id: str, gold: dict[str, bool | None], *labels: str) -> Case:
    return Case(id=case_id, content=case_id, labels=gold, annotations=said(*labels))


@pytest.mark.parametrize(
    ("gold", "labels", "why"),
    [
        ("AD0", ("AD0", "AD0", "AD0"), None),
        ("AD0", ("AD0", "AD0", "AD1"), None),  # exactly two thirds
        ("AD0", ("AD0", "AD0", "AD0", "AD1", "AD1"), Why.SPLIT),
        ("AD0", ("AD0", "AD1"), Why.SPLIT),
        ("AD0", ("AD1", "AD1", "AD0"), Why.AGAINST_GOLD),
        (None, ("AD1", "AD1", "AD0"), None),
        ("AD0", ("AD1",), None),  # one voice is no dispute
    ],
)
def test_what_makes_a_case_contested(gold: str | None, labels: tuple[str, ...], why: Why | None) -> None:
    """Fewer than two thirds on one answer, or most of them against the gold label."""
    suite = suite_of(case_of("a", label=gold, annotations=said(*labels)))
    found = contested_in(suite.cases, suite.labels, suite.labelling)
    assert [entry.why for entry in found] == ([] if why is None else [why])


def test_a_contested_case_tells_its_votes_and_its_gold() -> None:
    """The most frequent answer comes first, equal ones by name."""
    suite = suite_of(case_of("a", label="AD2", annotations=said("AD1", "AD0", "AD0", "AD1", "AD2")))
    (entry,) = contested_in(suite.cases, suite.labels, suite.labelling)
    assert entry.votes == (("AD0", 2), ("AD1", 2), ("AD2", 1))
    assert (entry.flag, entry.gold) == (None, "AD2")


def test_flags_are_contested_one_by_one() -> None:
    """An annotation names the flags that it raises; a flag without gold is contested by its votes alone."""
    gold: dict[str, bool | None] = {"H": True, "V": None, "Q": False}
    suite = suite_of(flags("x", gold, "H, V", "H", "none"), flags("y", gold, "H", "H"), text=FLAGS_TEXT)
    found = [
        (entry.case, entry.flag, entry.why)
        for entry in contested_in(suite.cases, suite.labels, suite.labelling)
    ]
    assert found == []
    split = suite_of(flags("x", gold, "H, V", ""), text=FLAGS_TEXT)
    (first, second) = contested_in(split.cases, split.labels, split.labelling)
    assert (first.flag, first.votes, first.gold) == ("H", ((NOT_RAISED, 1), (RAISED, 1)), RAISED)
    assert (second.flag, second.gold, second.why) == ("V", None, Why.SPLIT)


def test_annotations_that_cannot_be_used_are_passed_over_and_told() -> None:
    """A word that is no label, and a second answer of one annotator, count nowhere; a repeat does."""
    notes = (*said("AD0", "AD9"), Annotation(by="A1", label="AD1"), Annotation(by="A1", label="AD0"))
    suite = suite_of(case_of("a", label="AD0", annotations=notes))
    odd = oddities_in(suite.cases, suite.labels, suite.labelling)
    assert [(one.by, one.said, one.repeated) for one in odd] == [("A2", "AD9", False), ("A1", "AD1", True)]
    assert agreement_in(suite).annotations == 1


def test_each_label_is_a_question_of_its_own_where_there_are_more_than_two() -> None:
    """Three labels give three questions beside the label and whether it violates; two labels none."""
    suite = suite_of(
        case_of("a", label="AD0", annotations=said("AD0", "AD0")),
        case_of("b", label="AD1", annotations=said("AD1", "AD2")),
        case_of("c", label="AD2", annotations=said("AD2", "AD2")),
    )
    found = agreement_in(suite)
    assert found.exact is not None
    assert found.exact.agreement.observed == "0.666667"
    assert (found.violating.agreement.observed, found.violating.agreement.alpha) == ("1.000000", "1.000000")
    assert [view.view for view in found.views] == ["AD0", "AD1", "AD2"]
    assert found.exact.gold == "0.833333"
    assert (found.cases, found.annotated, found.annotations, found.raters) == (3, 3, 6, 2)


def test_flags_have_no_common_question_but_violating() -> None:
    """Each flag is asked for, and whether one that violates is raised; an unknown truth counts nowhere."""
    gold: dict[str, bool | None] = {"H": None, "V": False, "Q": True}
    suite = suite_of(flags("x", gold, "Q", "Q, H"), flags("y", gold, "Q", "Q"), text=FLAGS_TEXT)
    found = agreement_in(suite)
    assert found.exact is None
    assert [view.view for view in found.views] == ["H", "V", "Q"]
    by_name = {view.view: view for view in found.views}
    assert (by_name["H"].agreement.observed, by_name["H"].gold) == ("0.500000", None)
    assert (by_name["Q"].agreement.alpha, by_name["Q"].agreement.observed) == (None, "1.000000")
    assert found.violating.gold is None


def test_without_annotators_every_figure_is_undefined() -> None:
    """Nobody said anything: no figure is 0 or 1."""
    found = agreement_in(suite_of(case_of("a", label="AD0")))
    assert found.exact is not None
    assert {found.exact.agreement.alpha, found.exact.agreement.ceiling, found.exact.gold} == {None}
    assert (found.annotated, found.contested) == (0, ())


CODES = ("AD0", "AD1", "AD2")


@given(st.lists(st.lists(st.sampled_from((*CODES, None)), min_size=4, max_size=4), min_size=2, max_size=12))
def test_alpha_is_krippendorffs(table: list[list[str | None]]) -> None:
    """On any table with gaps alpha is that of the `krippendorff` package, or undefined where it has none."""
    cases = [
        case_of(
            f"c{row}",
            label="AD0",
            annotations=tuple(
                Annotation(by=f"A{n}", label=label) for n, label in enumerate(labels) if label is not None
            ),
        )
        for row, labels in enumerate(table)
    ]
    found = agreement_in(suite_of(*cases)).exact
    assert found is not None
    pairable = [labels for labels in table if sum(label is not None for label in labels) >= 2]
    used = {label for labels in pairable for label in labels if label is not None}
    if len(used) < 2:
        assert found.agreement.alpha is None
        return
    data = np.array(
        [[np.nan if label is None else CODES.index(label) for label in labels] for labels in table]
    ).T
    expected = krippendorff.alpha(reliability_data=data, level_of_measurement="nominal")
    assert float(found.agreement.alpha or "nan") == pytest.approx(expected, abs=1e-6)
