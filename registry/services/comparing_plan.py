"""What comparing two versions of a policy will take, worked out before a model is asked. Runs nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluations.comparing.expectations import Line, named_cases, resolved
from evaluations.comparing.joining import Joint, join
from evaluations.engines.base import Engine
from evaluations.errors import SuiteError
from evaluations.keys import RunKey, run_key
from evaluations.outcomes import gold_violates
from evaluations.running import Plan
from evaluations.statistics.power import Resolution, resolution
from evaluations.suites import LeftOutReason, Suite, SuiteItem, labelled_suite, suite_of
from policies.folder import PolicyFolder
from registry.services.bench import plan_folder
from registry.services.errors import InputRefusedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a policy: its text, and how it is called."""

    folder: PolicyFolder
    address: str

    @property
    def named(self) -> str:
        """What it is called, with its number."""
        return f"{self.address.partition('@')[0]} {self.folder.document.policy.meta.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A version with the suite that it is asked, and what the run will be."""

    version: Version
    suite: Suite
    plan: Plan

    @property
    def key(self) -> RunKey:
        """The key of the run."""
        return run_key(self.plan.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Two versions on the same cases, planned.

    `quoted` are the cases that one policy text or both quote, by id: neither answer to them counts.
    `violating` and `harmless` say what the counted cases of either kind can resolve. `paired` of the
    `counted` cases share a contrast pair and a kind, so within an endpoint they are not independent.
    """

    old: Asked
    new: Asked
    engine: Engine
    template: str | None
    joint: Joint
    quoted: Mapping[str, LeftOutReason]
    counted: int
    violating: Resolution
    harmless: Resolution
    paired: int


def plan_trial(
    old: Version,
    new: Version,
    engine: Engine,
    *,
    template: str | None = None,
    expected: Sequence[Line] = (),
) -> Trial:
    """Plans both runs. `expected` is what the change is meant to do, case by case.

    Raises `SuiteError` when no case is left, `InputRefusedError` when both are the same, `ExpectationError`
    when something is expected of what is not asked, and what the engine and the suites refuse.
    """
    joint = join(suite_of(old.folder), suite_of(new.folder), named_cases(expected))
    if not joint.cases:
        raise SuiteError(
            (),
            "No case can be put to both versions.",
            "Compare versions that share labels and cases, or compare two runs with --shared-only.",
        )
    before, after = (_asked(version, old, joint, engine, template) for version in (old, new))
    if before.key == after.key:
        raise InputRefusedError(
            new.address,
            f"it is the same policy as {old.address}, text and cases.",
            "Change something first, or compare with another version.",
        )
    quoted = {
        left.item.id: left.reason
        for side in (before, after)
        for left in side.plan.left_out
        if left.reason is not LeftOutReason.UNLABELLED
    }
    unasked = {left.item.id for side in (before, after) for left in side.plan.left_out}
    asked = [item for item in after.suite.items if item.id not in unasked]
    resolved(expected, asked, after.suite.codes)
    golds = {item.id: (item.gold, after_item.gold) for item, after_item in _items(before, after)}
    truths: Counter[bool | None] = Counter()
    pairs: Counter[tuple[str, bool | None]] = Counter()
    for case in joint.cases:
        was, is_ = golds.get(case.id, (None, None))
        if case.id in unasked or is_ is None:
            continue
        known, now = gold_violates(was, before.suite.labels), gold_violates(is_, after.suite.labels)
        truth = now if known == now else None
        truths[truth] += 1
        if case.pair is not None:
            pairs[case.pair, truth] += 1
    return Trial(
        old=before,
        new=after,
        engine=engine,
        template=template,
        joint=joint,
        quoted=dict(sorted(quoted.items())),
        counted=truths.total(),
        violating=resolution(truths[True]),
        harmless=resolution(truths[False]),
        paired=sum(count for count in pairs.values() if count > 1),
    )


def _items(old: Asked, new: Asked) -> list[tuple[SuiteItem, SuiteItem]]:
    """Both suites' facts of each counted case; known failures are in no figure."""
    after = {item.id: item for item in new.suite.items}
    return [(item, after[item.id]) for item in old.suite.items if not item.todo]


def _asked(version: Version, old: Version, joint: Joint, engine: Engine, template: str | None) -> Asked:
    suite = suite_under(version.folder, old.folder, joint)
    plan = plan_folder(version.folder, engine, template=template, suite=suite)
    return Asked(version=version, suite=suite, plan=plan)


def suite_under(folder: PolicyFolder, first: PolicyFolder, joint: Joint) -> Suite:
    """The joint cases under a version's own labels, named after the first of the two."""
    meta = folder.document.policy.meta
    return labelled_suite(
        first.slug,
        first.document.policy.meta.version,
        labels=meta.labels,
        labelling=meta.labelling,
        cases=joint.cases,
    )
