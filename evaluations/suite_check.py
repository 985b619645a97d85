"""What may be wrong with a suite before anything is measured on it. Pure.

An error means that figures on it would mislead or not exist at all; a warning is for a person to judge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from evaluations.contested import contested_in, oddities_in
from evaluations.outcomes import gold_violates
from evaluations.suites import Suite, is_labelled
from policies.cases import CASES_FILE
from policies.findings import Finding, Severity
from policies.lint.leak import find_leaks
from policies.lint.near import MOST_COMPARISONS, WORDS_COMPARED, near_duplicates
from policies.lint.words import folded, words_of
from policies.model import Case, Policy

RULES = MappingProxyType(
    {
        "S001": "no case has a gold label, or some have none",
        "S002": "all counted cases violate, or none does",
        "S003": "a label or flag that no case has",
        "S010": "a case stands twice, in the end with two labels",
        "S011": "cases are nearly the same",
        "S020": "a case stands in the policy text",
        "S021": "a case nearly stands in the policy text",
        "S022": "a case is one of the policy's own cases",
        "S030": "annotators part on cases",
        "S031": "an annotation is no label of the suite, or a second one by the same annotator",
    }
)
_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """A policy that the suite is to measure: its text as a model reads it, and its own cases."""

    name: str
    policy: Policy
    text: str
    cases: tuple[Case, ...]


def check_suite(suite: Suite, against: Against | None = None) -> tuple[Finding, ...]:
    """Every finding, errors first, then by rule and line. `line` is the case's line in `cases.jsonl`."""
    findings = [*_gold(suite), *_repeated(suite.cases), *_near(suite.cases), *_annotations(suite)]
    if against is not None:
        findings += _leaks(suite.cases, against)
    return tuple(
        sorted(findings, key=lambda found: (found.severity is not Severity.ERROR, found.rule, found.line))
    )


def _gold(suite: Suite) -> Iterator[Finding]:
    counted = [item for item in suite.items if is_labelled(item) and not item.todo]
    unlabelled = [item.id for item in suite.items if not is_labelled(item)]
    if not counted:
        yield _error("S001", 0, "No case has a gold label that counts.", "Label the cases.")
        return
    if unlabelled:
        fix = "Label them; a run leaves them out."
        yield _warning("S001", 0, f"{len(unlabelled):,} cases have no gold label: {_some(unlabelled)}.", fix)
    truths: Counter[bool | None] = Counter()
    with_label: Counter[str] = Counter()
    for item in counted:
        gold = item.gold
        assert gold is not None
        truths[gold_violates(gold, suite.labels)] += 1
        with_label.update([gold] if isinstance(gold, str) else [code for code, flag in gold.items() if flag])
    if not truths[True] or not truths[False]:
        what = "Every counted case violates" if truths[True] else "No counted case violates"
        lost = "wrongly flagged content" if truths[True] else "missed violations"
        fix = "Add cases of the other kind: without them, answering always the same scores 1."
        yield _error("S002", 0, f"{what}, so {lost} cannot be measured.", fix)
    missing = [code for code in suite.codes if not with_label[code]]
    if missing:
        fix = "Add cases for them, or say that they are not measured."
        yield _warning("S003", 0, f"No counted case has {', '.join(missing)}.", fix)


def _repeated(cases: Sequence[Case]) -> Iterator[Finding]:
    first: dict[tuple[str, str, str], Case] = {}
    for case in cases:
        earlier = first.setdefault(_key(case), case)
        if earlier is case:
            continue
        if (earlier.label, earlier.labels) == (case.label, case.labels):
            said = f"Case {case.id!r} repeats case {earlier.id!r}: it counts twice."
            yield _warning("S010", case.line, said, "Remove one of them.")
        else:
            said = f"Case {case.id!r} repeats case {earlier.id!r} with another label: one of them is wrong."
            yield _error("S010", case.line, said, "Decide which label is right and remove the other case.")


def _near(cases: Sequence[Case]) -> Iterator[Finding]:
    kept = list({_key(case): case for case in reversed(cases)}.values())[::-1]
    texts = [(words_of(case.content) or tuple(case.content.split()))[:WORDS_COMPARED] for case in kept]

    def exempt(earlier: int, later: int) -> bool:
        one, other = kept[earlier], kept[later]
        # Contrast pairs are alike on purpose; a prompt and its response may be.
        return (one.pair is not None and one.pair == other.pair) or one.subject is not other.subject

    groups = near_duplicates(texts, exempt=exempt)
    for group in groups.groups:
        earlier, *others = (kept[position] for position in group)
        said = f"Nearly the same as case {earlier.id!r}: {_some([case.id for case in others])}."
        fix = "Cases alike measure one thing: keep one, or mark contrast pairs with `pair`."
        yield _warning("S011", others[0].line, said, fix)
    if not groups.complete:
        said = f"The search for near-duplicates stopped after {MOST_COMPARISONS:,} comparisons."
        yield _warning("S011", 0, said, "Thin out those listed and check again.")


def _leaks(cases: Sequence[Case], against: Against) -> Iterator[Finding]:
    examples = [example for section in against.policy.sections for example in section.examples]
    for leak in find_leaks(against.text, examples, [case.content for case in cases]):
        case = cases[leak.position]
        rule, degree = ("S020", "stands") if leak.exact else ("S021", "nearly stands")
        said = f"Case {case.id!r} {degree} in the text of {against.name}."
        yield _warning(rule, case.line, said, "Replace it: runs of that policy leave it out.")
    own = {_key(case): case.id for case in against.cases}
    for case in cases:
        known = own.get(_key(case))
        if known is not None:
            said = f"Case {case.id!r} is case {known!r} of {against.name}: whoever wrote the policy saw it."
            yield _warning("S022", case.line, said, "Leave it out where the suite is to be unseen.")


def _annotations(suite: Suite) -> Iterator[Finding]:
    lines = {case.id: case.line for case in suite.cases}
    contested = list(
        dict.fromkeys(entry.case for entry in contested_in(suite.cases, suite.labels, suite.labelling))
    )
    if contested:
        said = f"Annotators part on {len(contested):,} of {len(suite.cases):,} cases: {_some(contested)}."
        yield _warning(
            "S030", 0, said, "`commons suite agreement SUITE --list` shows them; settle or drop them."
        )
    for odd in oddities_in(suite.cases, suite.labels, suite.labelling):
        what = "a second answer" if odd.repeated else "which is no label of the suite"
        said = f"Annotator {odd.by!r} said {odd.said[:40]!r} of case {odd.case!r}, {what}; it is passed over."
        yield _warning("S031", lines[odd.case], said, "Correct the annotation.")


def _key(case: Case) -> tuple[str, str, str]:
    return folded(case.content), folded(case.context or ""), str(case.subject)


def _some(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - _NAMED:,} more" if len(ids) > _NAMED else ""
    return f"{', '.join(ids[:_NAMED])}{more}"


def _error(rule: str, line: int, message: str, fix: str) -> Finding:
    return Finding(rule=rule, severity=Severity.ERROR, file=CASES_FILE, line=line, message=message, fix=fix)


def _warning(rule: str, line: int, message: str, fix: str) -> Finding:
    return Finding(rule=rule, severity=Severity.WARNING, file=CASES_FILE, line=line, message=message, fix=fix)
