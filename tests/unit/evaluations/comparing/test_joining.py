"""The cases that two versions of a policy are compared on: nobody chooses what they are measured on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from evaluations.comparing.comparison import Comparison, Side, compare
from evaluations.comparing.joining import Joint, join
from evaluations.engines.base import EngineSettings
from evaluations.engines.replay import Recording, ReplayEngine
from evaluations.errors import SuiteError
from evaluations.keys import ModelManifest
from evaluations.suites import make_suite
from evaluations.verdicts import Answer, FlagsVerdict, LabelVerdict
from policies.model import Case, Label, Policy
from tests.unit.evaluations.builders import FLAGS_TEXT, case_of, policy_of, replay_of, run_of

POLICY = policy_of()
OLD = [
    case_of("same", label="AD0"),
    case_of("edited", "Before", label="AD0"),
    case_of("relabelled", label="AD1"),
    case_of("removed", label="AD1"),
    case_of("moved", "The same words", label="AD2"),
]


def _join(old: list[Case], new: list[Case], *, to: Policy = POLICY) -> Joint:
    return join(make_suite("s", POLICY, old), make_suite("s", to, new))


def _with(policy: Policy, *labels: Label) -> Policy:
    return replace(policy, meta=replace(policy.meta, labels=labels))


def test_every_difference_between_the_suites_is_listed_and_only_some_count() -> None:
    """Removed and added cases count; edited, relabelled and doubled ones do not."""
    new = [
        case_of("same", label="AD0"),
        case_of("edited", "After", label="AD0"),
        case_of("relabelled", label="AD2"),
        case_of("new-name", "The same words", label="AD2"),
        case_of("added", label="AD1"),
    ]
    found = _join(OLD, new)
    assert [case.id for case in found.cases] == ["added", "moved", "removed", "same"]
    assert (found.added, found.removed) == (("added",), ("removed",))
    assert (found.edited, found.relabelled, found.renamed) == (("edited",), ("relabelled",), ("new-name",))


def test_a_case_that_comes_back_under_another_id_and_label_is_relabelled() -> None:
    """Otherwise a new id would be a way to change a label that counts."""
    old = [case_of("a", "Words", label="AD1"), case_of("b", label="AD0")]
    found = _join(old, [case_of("z", "Words", label="AD0")])
    assert (found.relabelled, found.renamed) == (("a",), ("z",))
    assert [case.id for case in found.cases] == ["b"]


def test_a_case_marked_as_a_known_failure_still_counts() -> None:
    """The old suite says what counts: a version cannot excuse itself."""
    from policies.model import CaseStatus

    found = _join(OLD[:1], [case_of("same", label="AD0", status=CaseStatus.TODO)])
    assert [case.status for case in found.cases] == [CaseStatus.ACTIVE]


def test_a_label_that_only_one_version_has_leaves_its_cases_out() -> None:
    """As does one that violates in one version and not in the other."""
    ad0, ad1, ad2 = POLICY.meta.labels
    fewer = _with(POLICY, ad0, ad1)
    assert _join(OLD, [], to=fewer).foreign == ("moved",)
    other = _with(POLICY, ad0, replace(ad1, violates=False), ad2)
    assert _join(OLD, [], to=other).foreign == ("relabelled", "removed")


def test_versions_of_different_labelling_are_refused() -> None:
    """One label out of several and a set of flags are not the same question."""
    with pytest.raises(SuiteError, match="labelling"):
        join(make_suite("s", POLICY, OLD), make_suite("s", policy_of(FLAGS_TEXT), []))


def _compare(old: Side, new: Side) -> Comparison:
    return compare(old, new, np.random.Generator(np.random.PCG64(1)))


def test_an_old_answer_is_read_by_the_old_labels() -> None:
    """A violating label that the new version dropped was a flag, so nothing was fixed by dropping it."""
    ad0, ad1, _ = POLICY.meta.labels
    cases = [case_of("a", label="AD1"), case_of("b", label="AD0")]
    policies = (POLICY, _with(POLICY, ad0, ad1))
    before, after = (
        run_of(policy, cases, replay_of({"a": LabelVerdict(code=said), "b": LabelVerdict(code="AD0")}))
        for policy, said in zip(policies, ("AD2", "AD1"), strict=True)
    )
    ends = _compare(*(Side(record=run.record, rows=run.rows) for run in (before, after))).endpoints
    assert (ends.caught.old.count, ends.caught.change.fixed) == (1, 0)
    assert ends.exact.change.fixed == 1


def test_versions_with_different_flags_are_paired_on_what_both_know() -> None:
    """A flag that the old version lacks is unlabelled there, which is no relabelling."""
    policy = policy_of(FLAGS_TEXT)
    first, second, third = policy.meta.labels
    cases = [Case(id="a", content="a", labels={first.code: True, third.code: False})]
    settings = EngineSettings(model=ModelManifest(id="m"))
    sides = []
    for labels in ((first, third), (first, second, third)):
        answer = Answer(
            case_id="a", verdict=FlagsVerdict(flags=dict.fromkeys((one.code for one in labels), True))
        )
        run = run_of(_with(policy, *labels), cases, ReplayEngine([Recording(answer=answer)], settings))
        sides.append(Side(record=run.record, rows=run.rows))
    found = _compare(*sides)
    assert (found.n, found.endpoints.caught.change.n, found.endpoints.caught.new.count) == (1, 1, 1)
