"""Cases that two runs answered differently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.erasure import erase_cases
from evaluations.flips import Flip, FlipKind, Flips, comparable, flips_between
from evaluations.keys import ModelManifest
from evaluations.records import read_rows
from evaluations.rows import Row
from evaluations.running import Run
from evaluations.verdicts import FlagsVerdict, LabelVerdict, Unparsed, UnparsedReason, Verdict
from tests.unit.evaluations.builders import FLAGS_TEXT, LABELLED, case_of, policy_of, replay_of, run_of

CODES = ("AD0", "AD1", "AD2")
RIGHT = {case.id: LabelVerdict(code=case.label or "") for case in LABELLED}


def run(answers: Mapping[str, Verdict], cases: tuple = LABELLED) -> Run:  # type: ignore[type-arg]
    return run_of(policy_of(), cases, replay_of({**RIGHT, **answers}))


def rows(answers: Mapping[str, Verdict], cases: tuple = LABELLED) -> tuple[Row, ...]:  # type: ignore[type-arg]
    return read_rows(run(answers, cases).files)


def said(code: str) -> LabelVerdict:
    return LabelVerdict(code=code)


def test_same_answers_do_not_flip() -> None:
    """Where nothing was answered differently there is nothing to tell."""
    assert flips_between(rows({}), rows({}), CODES) == Flips(
        flips=(), compared=5, other_input=0, only_old=0, only_new=0
    )


def test_a_flip_is_fixed_broken_or_changed() -> None:
    """A flip to the right answer fixed, one from it broke, one between wrong answers changed."""
    unread = Unparsed(reason=UnparsedReason.EMPTY)
    old = rows({"a": said("AD1"), "c": said("AD0")})
    new = rows({"b": said("AD2"), "c": said("AD2"), "d": unread})
    found = flips_between(old, new, CODES)
    assert [(flip.case, flip.kind) for flip in found.flips] == [
        ("a", FlipKind.FIXED),
        ("b", FlipKind.BROKEN),
        ("c", FlipKind.CHANGED),
        ("d", FlipKind.BROKEN),
    ]
    assert found.of(FlipKind.FIXED) == (
        Flip(case="a", repeat=1, gold="AD0", old=said("AD1"), new=said("AD0"), kind=FlipKind.FIXED),
    )


def test_only_the_same_input_is_compared() -> None:
    """An edited case, a new one and one that is gone are counted, not compared."""
    edited = (case_of("a", "another text", label="AD0"), *LABELLED[1:4], case_of("z", label="AD0"))
    new = rows({"a": said("AD2"), "z": said("AD0")}, edited)
    found = flips_between(rows({}), new, CODES)
    assert (found.flips, found.compared) == ((), 3)
    assert (found.other_input, found.only_old, found.only_new, found.not_comparable) == (1, 1, 1, 3)


def test_erased_inputs_are_not_the_same_input() -> None:
    """Two cases whose traces were erased look alike in the rows, and may have been two texts."""
    old, new = (
        read_rows(erase_cases(made.files, frozenset({"a"}))) for made in (run({}), run({"a": said("AD2")}))
    )
    found = flips_between(old, new, CODES)
    assert (found.flips, found.other_input) == ((), 1)


def test_a_flip_is_judged_by_the_newer_label() -> None:
    """A case that got another label, and the answer that goes with it, was fixed."""
    relabelled = (case_of("a", label="AD1"), *LABELLED[1:])
    found = flips_between(rows({}), rows({"a": said("AD1")}, relabelled), CODES)
    assert [(flip.case, flip.gold, flip.kind) for flip in found.flips] == [("a", "AD1", FlipKind.FIXED)]


def test_flags_flip_too() -> None:
    """Of flags, any other answer is a flip; a flag that neither run knows the truth of changes nothing."""
    cases = (case_of("a", labels={"H": True, "V": None}),)
    old, new = (
        read_rows(run_of(policy_of(FLAGS_TEXT), cases, replay_of({"a": FlagsVerdict(flags=flags)})).files)
        for flags in ({"H": True, "V": False, "Q": False}, {"H": True, "V": True, "Q": False})
    )
    assert [flip.kind for flip in flips_between(old, new, ("H", "V", "Q")).flips] == [FlipKind.CHANGED]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"policy": "1" * 64, "suite": "2" * 64}, True),
        ({"engine": "other"}, False),
        ({"model": ModelManifest(id="scripted", revision="2")}, False),
        ({"template": "safeguard-label@2"}, False),
        ({"template_digest": "3" * 64}, False),
        ({"effort": "high"}, False),
        ({"sampling": {"temperature": "0.7"}}, False),
        ({"config": {"folds": 3}}, False),
    ],
)
def test_runs_compare_only_under_the_same_conditions(change: dict[str, object], expected: bool) -> None:
    """Another policy and other cases are what is compared; another engine, model or setting is not."""
    record = run({}).record
    other = replace(record, parts=replace(record.parts, **change))  # type: ignore[arg-type]
    assert comparable(record, other) is expected


def test_runs_on_other_parts_of_the_cases_do_not_compare() -> None:
    """A run of the held-out part answers other questions."""
    record = run({}).record
    assert not comparable(record, replace(record, suite=replace(record.suite, split="held-out")))


@given(
    st.dictionaries(st.sampled_from("abcde"), st.sampled_from(CODES).map(said)),
    st.dictionaries(st.sampled_from("abcde"), st.sampled_from(CODES).map(said)),
)
def test_going_back_turns_every_flip_round(
    one: Mapping[str, LabelVerdict], other: Mapping[str, LabelVerdict]
) -> None:
    """On the same cases, what one direction fixed the other breaks."""
    turned = {
        FlipKind.FIXED: FlipKind.BROKEN,
        FlipKind.BROKEN: FlipKind.FIXED,
        FlipKind.CHANGED: FlipKind.CHANGED,
    }
    old, new = rows(one), rows(other)
    forth, back = flips_between(old, new, CODES), flips_between(new, old, CODES)
    assert [(flip.case, turned[flip.kind]) for flip in forth.flips] == [
        (flip.case, flip.kind) for flip in back.flips
    ]
