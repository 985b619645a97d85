"""Merging keeps its promises for any three folders."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given, settings

from policies.cases import read_cases, render_case
from policies.conflicts import Decision, Merged, Side, Written
from policies.folder import PolicyFolder
from policies.merge import merge_folders
from policies.model import Case
from registry.store.line_merge import merge_lines
from tests.property.policies.test_folder_properties import folders

FEWER = settings(max_examples=60)


def _merged(
    base: PolicyFolder, ours: PolicyFolder, theirs: PolicyFolder, decided: Decision | None = None
) -> Merged:
    return merge_folders(base, ours, theirs, merge_text=merge_lines, choose=lambda _: decided)


def _lines(cases: Iterable[Case]) -> set[str]:
    return {render_case(case) for case in cases}


@given(base=folders(), ours=folders())
def test_nothing_new_changes_nothing(base: PolicyFolder, ours: PolicyFolder) -> None:
    """Where they changed nothing, every byte of ours stays, and nothing is to be decided."""
    merged = _merged(base, ours, base)
    assert not merged.conflicts
    assert (merged.files or {})["policy.md"] == ours.files["policy.md"]


@given(base=folders(), theirs=folders())
def test_an_untouched_fork_becomes_theirs(base: PolicyFolder, theirs: PolicyFolder) -> None:
    """Where we changed nothing, all of theirs comes over: text and cases."""
    merged = _merged(base, base, theirs)
    assert not merged.conflicts
    assert merged.files is not None
    assert _lines(read_cases(merged.files["cases.jsonl"]).cases) == _lines(theirs.cases)
    body = theirs.document.policy.body
    assert merged.files["policy.md"].decode().endswith(body)


@FEWER
@given(base=folders(), ours=folders(), theirs=folders())
def test_a_decision_for_every_conflict_is_enough(
    base: PolicyFolder, ours: PolicyFolder, theirs: PolicyFolder
) -> None:
    """Open conflicts hold everything back; decided either way, no case stands twice and none is invented."""
    open_ = _merged(base, ours, theirs)
    assert (open_.files is None) is bool(open_.conflicts)
    for side in (Side.OURS, Side.THEIRS):
        merged = _merged(base, ours, theirs, side)
        assert merged.files is not None
        assert [conflict.place for conflict in merged.conflicts] == [one.place for one in open_.conflicts]
        cases = read_cases(merged.files["cases.jsonl"]).cases
        assert len({case.id for case in cases}) == len(cases)
        assert _lines(cases) <= _lines(ours.cases) | _lines(theirs.cases)


@FEWER
@given(base=folders(), ours=folders(), theirs=folders())
def test_only_what_takes_it_is_decided_otherwise(
    base: PolicyFolder, ours: PolicyFolder, theirs: PolicyFolder
) -> None:
    """With both sides, or other words, for everything, exactly what takes no such thing stays open."""
    for decided in (Side.BOTH, Written("Words.")):
        merged = _merged(base, ours, theirs, decided)
        taken = [conflict.kind.takes(decided) for conflict in merged.conflicts]
        assert (merged.files is not None) is all(taken)
