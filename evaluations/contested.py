"""What several annotators said of a suite's cases: how far they agree, and where they do not. Pure.

A case is contested when fewer than two thirds of its annotators give one answer, or when most of them
give another answer than its gold label. A score on such cases says as much about the labels as about
the model, so it is told apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from evaluations.figures import ratio, written
from evaluations.statistics.agreement import Agreement, Ratings, agreement_of, majority
from evaluations.suites import Suite, SuiteLabel
from policies.model import Annotation, Case, Labelling

RAISED, NOT_RAISED = "raised", "not raised"
_NO_FLAG = frozenset({"", "none", "no flag"})


class Why(StrEnum):
    """What makes a case contested."""

    SPLIT = "split"
    AGAINST_GOLD = "against-gold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contested:
    """A case, and the flag in question (None for a single label), on which people part.

    `votes` are how many gave each answer, the most frequent first; `gold` is the answer that counts,
    None where there is none.
    """

    case: str
    flag: str | None
    votes: tuple[tuple[str, int], ...]
    gold: str | None
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewAgreement:
    """Agreement on one question: `view` is a label's or flag's code.

    `gold` is the share of ratings that are the gold answer, the people's own accuracy.
    """

    view: str
    agreement: Agreement
    gold: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteAgreement:
    """What a suite's annotations give.

    `exact` asks for the label and is None for a suite of flags, which are asked for one by one.
    `violating` asks only whether the content violates. `views` are the labels (each against all others,
    where there are more than two) or the flags. `annotated` cases have two annotators or more.
    """

    cases: int
    annotated: int
    annotations: int
    raters: int
    exact: ViewAgreement | None
    violating: ViewAgreement
    views: tuple[ViewAgreement, ...]
    contested: tuple[Contested, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddity:
    """An annotation that cannot be used: no label of the suite, or a second one by the same annotator."""

    case: str
    by: str
    said: str
    repeated: bool


def agreement_in(suite: Suite) -> SuiteAgreement:
    """The agreement of a suite's annotators; every figure is None where nobody annotated."""
    codes, multi = suite.codes, suite.labelling is Labelling.MULTI
    told = {case.id: _told(case, codes, suite.labelling)[0] for case in suite.cases}
    violating = frozenset(label.code for label in suite.labels if label.violates)
    asked = [(code, frozenset({code})) for code in codes] if multi or len(codes) > 2 else []
    return SuiteAgreement(
        cases=len(suite.cases),
        annotated=sum(len(by) >= 2 for by in told.values()),
        annotations=sum(map(len, told.values())),
        raters=len({rater for by in told.values() for rater in by}),
        exact=None if multi else _exact(told, suite.cases),
        violating=_view("violating", told, suite.cases, violating),
        views=tuple(_view(code, told, suite.cases, only) for code, only in asked),
        contested=contested_in(suite.cases, suite.labels, suite.labelling),
    )


def contested_in(
    cases: Iterable[Case], labels: Sequence[SuiteLabel], labelling: Labelling
) -> tuple[Contested, ...]:
    """The contested cases by id; of flags, one entry for each flag in question."""
    codes = tuple(label.code for label in labels)
    found = []
    for case in sorted(cases, key=lambda case: case.id):
        told = _told(case, codes, labelling)[0]
        if len(told) < 2:
            continue
        for flag, votes, gold in _questions(case, told, codes, labelling):
            why = _why(votes, gold)
            if why is not None:
                ordered = tuple(sorted(votes.items(), key=lambda vote: (-vote[1], vote[0])))
                found.append(Contested(case=case.id, flag=flag, votes=ordered, gold=gold, why=why))
    return tuple(found)


def annotated_in(cases: Iterable[Case], labels: Sequence[SuiteLabel], labelling: Labelling) -> frozenset[str]:
    """The ids of the cases that two annotators or more have answered."""
    codes = tuple(label.code for label in labels)
    return frozenset(case.id for case in cases if len(_told(case, codes, labelling)[0]) >= 2)


def oddities_in(
    cases: Iterable[Case], labels: Sequence[SuiteLabel], labelling: Labelling
) -> tuple[Oddity, ...]:
    """The annotations that the figures pass over, in the order of the cases."""
    codes = tuple(label.code for label in labels)
    return tuple(odd for case in cases for odd in _told(case, codes, labelling)[1])


def _told(
    case: Case, codes: Sequence[str], labelling: Labelling
) -> tuple[dict[str, frozenset[str]], list[Oddity]]:
    """What each annotator said, as a set of codes, and what could not be used.

    A single label is a set of one. Of flags, an annotation names those that are raised, parted by
    commas; one that names none says that none is.
    """
    said: dict[str, frozenset[str]] = {}
    odd: list[Oddity] = []
    for note in case.annotations:
        codes_said = _codes_said(note, codes, labelling)
        repeated = note.by in said and codes_said != said[note.by]
        if codes_said is None or repeated:
            odd.append(Oddity(case=case.id, by=note.by, said=note.label, repeated=codes_said is not None))
        else:
            said[note.by] = codes_said
    return said, odd


def _codes_said(note: Annotation, codes: Sequence[str], labelling: Labelling) -> frozenset[str] | None:
    if labelling is Labelling.SINGLE:
        return frozenset({note.label}) if note.label in codes else None
    words = [word.strip() for word in note.label.split(",")]
    if len(words) == 1 and words[0].casefold() in _NO_FLAG and words[0] not in codes:
        return frozenset()
    return frozenset(words) if set(words) <= set(codes) else None


def _questions(
    case: Case, told: Mapping[str, frozenset[str]], codes: Sequence[str], labelling: Labelling
) -> Iterator[tuple[str | None, Counter[str], str | None]]:
    """What a case's annotators were asked: the flag (None for the label), their votes, the gold answer."""
    if labelling is Labelling.SINGLE:
        yield None, Counter(next(iter(said)) for said in told.values()), case.label
        return
    for code in codes:
        votes = Counter(_answer(said, frozenset({code})) for said in told.values())
        yield code, votes, _truth(case, frozenset({code}))


def _answer(said: frozenset[str], codes: frozenset[str]) -> str:
    return RAISED if said & codes else NOT_RAISED


def _truth(case: Case, codes: frozenset[str]) -> str | None:
    """Whether one of `codes` holds by gold; None when it is not known."""
    if case.labels is None:
        return None if case.label is None else _answer(frozenset({case.label}), codes)
    flags = [case.labels.get(code) for code in codes]
    if True in flags:
        return RAISED
    return None if None in flags else NOT_RAISED


def _why(votes: Counter[str], gold: str | None) -> Why | None:
    (_, most), *_rest = votes.most_common(1)
    if 3 * most < 2 * votes.total():
        return Why.SPLIT
    return Why.AGAINST_GOLD if gold is not None and majority(votes) != gold else None


def _exact(told: Mapping[str, Mapping[str, frozenset[str]]], cases: Iterable[Case]) -> ViewAgreement:
    ratings = {
        case: {rater: next(iter(said)) for rater, said in by.items()} for case, by in told.items() if by
    }
    truths = {case.id: case.label for case in cases}
    return ViewAgreement(view="label", agreement=agreement_of(ratings), gold=_as_gold(ratings, truths))


def _view(
    name: str,
    told: Mapping[str, Mapping[str, frozenset[str]]],
    cases: Iterable[Case],
    codes: frozenset[str],
) -> ViewAgreement:
    """Agreement on whether one of `codes` holds."""
    ratings = {
        case: {rater: _answer(said, codes) for rater, said in by.items()} for case, by in told.items() if by
    }
    truths = {case.id: _truth(case, codes) for case in cases}
    return ViewAgreement(view=name, agreement=agreement_of(ratings), gold=_as_gold(ratings, truths))


def _as_gold(ratings: Ratings, gold: Mapping[str, str | None]) -> str | None:
    same = asked = 0
    for case, by in ratings.items():
        truth = gold.get(case)
        if truth is not None:
            asked += len(by)
            same += sum(said == truth for said in by.values())
    return written(ratio(same, asked))
