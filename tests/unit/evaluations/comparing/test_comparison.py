"""Comparing two runs: what may be compared, and what comes out of it by hand."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from evaluations.comparing.comparison import Comparison, Noise, Side, compare
from evaluations.comparing.endpoints import GroupKind, Question
from evaluations.comparing.pairing import Unequal, UnequalItemsError
from evaluations.comparing.telling import points, sentence
from evaluations.flips import FlipKind
from evaluations.statistics.margins import Judgement
from evaluations.verdicts import Failed, LabelVerdict, Unparsed, UnparsedReason, Verdict
from policies.model import Case, CaseStatus
from tests.unit.evaluations.builders import case_of, policy_of, replay_of, run_of

POLICY = policy_of()
LOST = Unparsed(reason=UnparsedReason.EMPTY)


def _side(said: Mapping[str, str | Verdict], cases: list[Case], repeats: int = 1) -> Side:
    verdicts = {
        case: LabelVerdict(code=code) if isinstance(code, str) else code for case, code in said.items()
    }
    run = run_of(POLICY, cases, replay_of(verdicts), repeats=repeats)
    return Side(record=run.record, rows=run.rows)


def _compare(old: Side, new: Side, **options: object) -> Comparison:
    return compare(old, new, np.random.Generator(np.random.PCG64(1)), **options)  # type: ignore[arg-type]


CASES = [
    case_of("a", label="AD0", slices=("short",)),
    case_of("b", label="AD0"),
    case_of("c", label="AD1", slices=("short",)),
    case_of("d", label="AD1"),
    case_of("e", label="AD2"),
]
OLD = {"a": "AD0", "b": "AD1", "c": "AD0", "d": "AD2", "e": "AD2"}
NEW = {"a": "AD2", "b": "AD0", "c": "AD1", "d": "AD1", "e": LOST}


def test_the_endpoints_by_hand() -> None:
    """c is caught now, e is unreadable and so missed, a is flagged, b is spared, d only renamed."""
    found = _compare(_side(OLD, CASES), _side(NEW, CASES))
    ends = found.endpoints
    assert (ends.caught.change.fixed, ends.caught.change.broken, ends.caught.change.n) == (1, 1, 3)
    assert (ends.spared.change.fixed, ends.spared.change.broken, ends.spared.change.n) == (1, 1, 2)
    assert (ends.exact.change.fixed, ends.exact.change.broken, ends.exact.change.n) == (3, 2, 5)
    assert (ends.exact.old.count, ends.exact.new.count) == (2, 3)
    assert ends.caught.judgement is Judgement.INCONCLUSIVE


def test_the_flips_are_listed_case_by_case() -> None:
    """Each with its gold label, both verdicts and what it did; all five answers moved."""
    flips = _compare(_side(OLD, CASES), _side(NEW, CASES)).flips
    assert [(flip.case, flip.gold, flip.kind) for flip in flips.flips] == [
        ("a", "AD0", FlipKind.BROKEN),
        ("b", "AD0", FlipKind.FIXED),
        ("c", "AD1", FlipKind.FIXED),
        ("d", "AD1", FlipKind.FIXED),
        ("e", "AD2", FlipKind.BROKEN),
    ]
    assert (flips.compared, flips.not_comparable) == (5, 0)


def test_every_label_and_slice_is_looked_at_with_one_correction() -> None:
    """Three labels and a slice: four tests, so no adjusted p is below four times the smallest."""
    groups = _compare(_side(OLD, CASES), _side(NEW, CASES)).endpoints.groups
    assert [(group.kind, group.name, group.endpoint.change.n) for group in groups] == [
        (GroupKind.LABEL, "AD0", 2),
        (GroupKind.LABEL, "AD1", 2),
        (GroupKind.LABEL, "AD2", 1),
        (GroupKind.SLICE, "short", 2),
    ]
    least = min(float(group.endpoint.p) for group in groups)
    assert all(float(group.endpoint.adjusted or 0) >= min(4 * least, 1.0) for group in groups)


def test_runs_that_were_not_asked_the_same_are_refused_with_every_difference() -> None:
    """Added, removed, edited and relabelled cases are named, and what both share is compared if asked."""
    other = [
        case_of("a", label="AD0", slices=("short",)),
        case_of("b", "Another text", label="AD0"),
        case_of("c", label="AD2", slices=("short",)),
        case_of("e", label="AD2"),
        case_of("f", label="AD1"),
    ]
    old, new = _side(OLD, CASES), _side({**NEW, "f": "AD1"}, other)
    with pytest.raises(UnequalItemsError) as refused:
        _compare(old, new)
    expected = Unequal(added=("f",), removed=("d",), edited=("b",), relabelled=("c",))
    assert (refused.value.unequal, refused.value.shared) == (expected, 2)
    assert "1 added, 1 removed, 1 edited, 1 relabelled; 2 cases are the same" in str(refused.value)
    shared = _compare(old, new, shared_only=True)
    assert (shared.n, shared.unequal, shared.flips.compared) == (2, expected, 2)


def test_runs_without_a_common_case_are_never_compared() -> None:
    """Not even on request: there is nothing to say."""
    old = _side({"a": "AD0"}, CASES[:1])
    new = _side({"b": "AD0"}, CASES[1:2])
    with pytest.raises(UnequalItemsError, match="0 cases are the same"):
        _compare(old, new, shared_only=True)


def test_known_failures_are_not_counted_and_repeats_make_no_cases() -> None:
    """A todo case is in no figure, and a case that was asked twice is one case."""
    cases = [*CASES, case_of("t", label="AD1", status=CaseStatus.TODO)]
    old, new = _side({**OLD, "t": "AD0"}, cases, repeats=2), _side({**NEW, "t": "AD1"}, cases, repeats=2)
    found = _compare(old, new)
    assert (found.n, found.flips.compared) == (5, 5)
    assert found.noise == Noise(discordant=0, n=5, source="repeats")


def _several(said: Mapping[str, tuple[str, ...]], cases: list[Case]) -> Side:
    """A side whose cases were asked several times, with another answer each time."""
    repeats = len(next(iter(said.values())))
    side = _side({case: codes[0] for case, codes in said.items()}, cases, repeats=repeats)
    rows = tuple(
        structs.replace(row, verdict=LabelVerdict(code=said[row.item.id][row.repeat - 1]))
        for row in side.rows
    )
    return Side(record=side.record, rows=rows)


def test_answers_are_averaged_within_a_case_first() -> None:
    """Every old answer against every new one, a quarter of a case each: by hand."""
    cases = [case_of(case, label="AD1") for case in "abcd"]
    old = _several(
        {"a": ("AD1", "AD1"), "b": ("AD0", "AD1"), "c": ("AD0", "AD0"), "d": ("AD1", "AD1")}, cases
    )
    new = _several(
        {"a": ("AD1", "AD0"), "b": ("AD1", "AD1"), "c": ("AD1", "AD0"), "d": ("AD1", "AD1")}, cases
    )
    found = _compare(old, new)
    caught = found.endpoints.caught
    # a: half a case broken; b: half fixed; c: half fixed; d: nothing.
    assert (caught.change.fixed, caught.change.broken, caught.change.n, caught.change.per) == (4, 2, 4, 4)
    assert caught.change.value == "0.125000"
    assert (caught.old.count, caught.old.n, caught.new.count, caught.new.n) == (5, 8, 6, 8)
    assert caught.old.interval is not None
    assert caught.old.interval.n == 4
    # Three cases moved by one step each: signs of three, of which the sum is one.
    assert caught.p == "0.625000"
    assert found.repeats == (2, 2)
    assert (found.f1.old, found.f1.new) == ("0.769231", "0.857143")


def test_cases_of_a_cluster_are_taken_together() -> None:
    """Pairs that flip as one widen the interval and leave the counts, and groups see their own pairs only."""
    cases = [case_of(f"{n:03}", label="AD1") for n in range(60)]
    clusters = {case.id: f"p{int(case.id) // 2}" for case in cases}
    old = _side({case.id: "AD0" if int(case.id) < 12 else "AD1" for case in cases}, cases)
    new = _side({case.id: "AD1" for case in cases}, cases)
    plain, paired = _compare(old, new), _compare(old, new, clusters=clusters)
    assert plain.endpoints.caught.clustered is None
    found = paired.endpoints.caught.clustered
    assert found is not None
    assert found.clusters == 30
    assert 1.9 < float(found.design) < 2.1
    assert found.change.value == plain.endpoints.caught.change.value
    assert float(found.change.low or 0) < float(plain.endpoints.caught.change.low or 0)
    assert paired.endpoints.caught.change == plain.endpoints.caught.change
    assert (plain.f1.method, paired.f1.method) == ("paired-bootstrap", "paired-cluster-bootstrap")
    assert float(paired.f1.low or 0) < float(plain.f1.low or 0)
    assert paired.endpoints.spared.clustered is None


@pytest.mark.parametrize("primary", list(Question))
def test_one_question_is_primary_and_the_others_are_corrected_together(primary: Question) -> None:
    """The primary p stands as it is; the smaller of the other two is doubled."""
    ends = _compare(_side(OLD, CASES), _side(NEW, CASES), primary=primary).endpoints
    by_question = {Question.EXACT: ends.exact, Question.MISSED: ends.caught, Question.OVER: ends.spared}
    assert by_question.pop(primary).adjusted is None
    raw = sorted(float(end.p) for end in by_question.values())
    found = sorted(float(end.adjusted or 0) for end in by_question.values())
    assert found == pytest.approx([min(1.0, 2 * raw[0]), max(min(1.0, 2 * raw[0]), raw[1])], abs=2e-6)


def test_the_noise_of_nothing_stands_beside_the_change() -> None:
    """A second run of the old version tells; without one only a deterministic engine's promise does."""
    old, new = _side(OLD, CASES), _side(NEW, CASES)
    again = _side({**OLD, "a": "AD1", "d": Failed(error="timeout")}, CASES)
    assert _compare(old, new, again=again).noise == Noise(discordant=2, n=5, source="again")
    assert _compare(old, new).noise is None
    assert _compare(old, new, deterministic=True).noise == Noise(discordant=0, n=5, source="promised")


VERDICTS = st.sampled_from(["AD0", "AD1", "AD2", LOST])


@given(
    st.lists(st.tuples(st.sampled_from(["AD0", "AD1", "AD2"]), VERDICTS, VERDICTS), min_size=1, max_size=12)
)
def test_swapping_the_runs_mirrors_every_difference(drawn: list[tuple[str, object, object]]) -> None:
    """Fixed and broken change places, p stays, and the order of rows does not matter."""
    cases = [case_of(f"{index:02}", label=gold) for index, (gold, _, _) in enumerate(drawn)]
    old = _side({case.id: was for case, (_, was, _) in zip(cases, drawn, strict=True)}, cases)  # type: ignore[misc]
    new = _side({case.id: is_ for case, (_, _, is_) in zip(cases, drawn, strict=True)}, cases)  # type: ignore[misc]
    there, back = _compare(old, new), _compare(new, old)
    for name in ("exact", "caught", "spared"):
        one, other = getattr(there.endpoints, name), getattr(back.endpoints, name)
        assert (one.change.fixed, one.change.broken) == (other.change.broken, other.change.fixed)
        assert (one.p, one.old, one.new) == (other.p, other.new, other.old)
    reordered = Side(record=new.record, rows=new.rows[::-1])
    assert _compare(old, reordered).endpoints == there.endpoints


def _many(
    old: str, new: str, gold: str, count: int, start: int
) -> tuple[list[Case], dict[str, str], dict[str, str]]:
    cases = [case_of(f"{gold}{index}", label=gold) for index in range(start, start + count)]
    return cases, {case.id: old for case in cases}, {case.id: new for case in cases}


def test_the_sentence_says_better_worse_and_open() -> None:
    """A clear gain in one label, harmless content untouched and too few of another label to tell."""
    parts = [
        _many("AD0", "AD1", "AD1", 30, 0),
        _many("AD1", "AD1", "AD1", 30, 100),
        _many("AD0", "AD0", "AD0", 200, 0),
        _many("AD2", "AD0", "AD2", 1, 0),
        _many("AD2", "AD2", "AD2", 9, 100),
    ]
    cases = [case for made, _, _ in parts for case in made]
    old = _side({case: said for _, was, _ in parts for case, said in was.items()}, cases)
    new = _side({case: said for _, _, is_ in parts for case, said in is_.items()}, cases)
    assert sentence(_compare(old, new)) == (
        "Better at catching violations (+41.4 points, 95% interval 29.2 to 53.5); no evidence of more "
        "over-enforcement, and 3 points more are excluded (0.0 points, 95% interval -1.9 to 1.9); better"
        " at AD1 (+50.0 points, 95% interval 37.7 to 62.3); inconclusive on AD2: 47 more cases would "
        "settle 3 points."
    )


@pytest.mark.parametrize(
    ("figure", "text"), [("0.061234", "6.1"), ("-0.000100", "0.0"), (None, "–"), ("-0.055", "-5.5")]
)
def test_points_have_one_decimal_and_no_minus_zero(figure: str | None, text: str) -> None:
    """Shares are told as percentage points."""
    assert points(figure) == text
