"""Tests of `policies.importers.plan`."""

from __future__ import annotations

from policies.importers.model import FileRole
from policies.importers.plan import plan_packs
from policies.importers.reading import CaseDraft, FileReading, PolicyDraft
from policies.model import Label, Labelling


def _policy(file: str, *codes: str, strength: float = 1.0) -> FileReading:
    labels = tuple(Label(code=code, title=code, violates=code[-1] != "0") for code in codes)
    draft = PolicyDraft(
        file=file,
        body=b"",
        title=None,
        summary="",
        labels=labels,
        labelling=Labelling.SINGLE,
        strength=strength,
    )
    return FileReading(file=file, role=FileRole.POLICY, reader="policy text", policy=draft)


def _table(file: str, *gold: str) -> FileReading:
    drafts = tuple(
        CaseDraft(file=file, line=n, content=f"{file} {n}", gold=label) for n, label in enumerate(gold)
    )
    return FileReading(file=file, role=FileRole.CASES, reader="table", rows=len(gold), drafts=drafts)


def _members(readings: list[FileReading]) -> dict[str, list[str]]:
    return {plan.slug: [table.file for table in plan.tables] for plan in plan_packs("top", readings).packs}


def test_cases_belong_to_the_policy_beside_them() -> None:
    """The same folder needs no further sign."""
    assert _members([_policy("a/policy.txt", "A0", "A1"), _table("a/x.csv", "Z9")]) == {"a": ["a/x.csv"]}


def test_cases_elsewhere_are_paired_by_name_and_then_by_codes() -> None:
    """A data folder's files find their policies, whichever sign they give."""
    readings = [
        _policy("p/spam/policy.md", "A0", "A1"),
        _policy("p/scams/policy.md", "B0", "B1"),
        _table("data/spam-golden-dataset.csv", "1", "0"),
        _table("data/other.csv", "B0"),
    ]
    assert _members(readings) == {"spam": ["data/spam-golden-dataset.csv"], "scams": ["data/other.csv"]}


def test_codes_that_two_policies_share_pair_nothing() -> None:
    """An unclear pairing is not made: the cases become a pack of their own."""
    readings = [
        _policy("p/a/policy.md", "A0", "A1"),
        _policy("p/b/policy.md", "A0", "A1"),
        _table("x.csv", "A0"),
    ]
    assert _members(readings) == {"a": [], "b": [], "top": ["x.csv"]}


def test_the_only_policy_takes_cases_whose_labels_it_defines() -> None:
    """One policy in all, and every label has a meaning in it."""
    policy = _policy("policy.md", "A0", "A1")
    assert _members([policy, _table("more/cases.csv", "VALID", "INVALID")]) == {"top": ["more/cases.csv"]}
    assert _members([policy, _table("more/cases.csv", "purple")]) == {"top": [], "more": ["more/cases.csv"]}


def test_a_text_that_repeats_some_codes_is_an_annex() -> None:
    """Of two texts with codes in one folder the weaker one that adds none is attached."""
    plan = plan_packs(
        "top", [_policy("a/policy", "A0", "A1", "A2"), _policy("a/annex.md", "A1", "A2", strength=0.7)]
    )
    (pack,) = plan.packs
    assert [reading.file for reading in pack.attachments] == ["a/annex.md"]


def test_names_do_not_collide_and_are_allowed() -> None:
    """Two policies of one name get two, and a reserved name gets a word."""
    readings = [_policy("a/x/policy.md", "A0"), _policy("b/x/policy.md", "B0"), _policy("api.md", "C0")]
    assert list(_members(readings)) == ["x", "x-2", "api-policy"]
