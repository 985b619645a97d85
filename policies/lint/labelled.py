"""Rules about the cases as a test set: labels, coverage, contrast pairs, warnings. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from policies.findings import Finding
from policies.lint.reading import CASES_FILE, POLICY_FILE, Reading, places
from policies.lint.rules import found
from policies.model import Case, CaseStatus, Labelling, Meta


def check_cases(reading: Reading) -> Iterator[Finding]:
    """P040 to P048."""
    meta = reading.meta
    yield from _coverage(reading)
    if meta is not None:
        for case in reading.cases:
            yield from _label_of(case, meta)
        yield from _warnings(reading, meta)
    yield from _pairs(reading)


def _coverage(reading: Reading) -> Iterator[Finding]:
    active = [case for case in reading.cases if case.status is CaseStatus.ACTIVE]
    if not active:
        message = "The file holds no active case."
        yield found("P040", CASES_FILE, 0, message, "Add labelled cases; 'todo' ones are not counted.")
        return
    if reading.meta is None:
        return
    labels = reading.meta.labels
    classes = {_violates(case, reading.meta) for case in active} - {None}
    if len(classes) == 1:
        kind = "violate the policy" if True in classes else "are allowed"
        yield found(
            "P041",
            CASES_FILE,
            0,
            f"All {len(active)} active cases {kind}.",
            "Add cases of the other kind, most usefully ones close to the boundary.",
        )
    for label in labels:
        if not any(_has(case, label.code) for case in active):
            yield found(
                "P042",
                CASES_FILE,
                0,
                f"No active case has the label {label.code} ({label.title}).",
                f"Add cases of {label.code}, or take the label out of the schema.",
            )


def _label_of(case: Case, meta: Meta) -> Iterator[Finding]:
    single = meta.labelling is Labelling.SINGLE
    given = {"label": case.label, "labels": case.labels}
    wanted, other = ("label", "labels") if single else ("labels", "label")
    if given[other] is not None:
        also = f" beside {wanted!r}" if given[wanted] is not None else ""
        yield found(
            "P045",
            CASES_FILE,
            case.line,
            f"Case {case.id!r} has {other!r}{also}, and the policy's labelling is {str(meta.labelling)!r}.",
            f"Give {wanted!r} only, or change `labelling` in policy.md.",
        )
    named = [case.label or "", *(case.labels or {})]
    for code in dict.fromkeys(code for code in named if code.strip() and meta.label(code) is None):
        yield found(
            "P043",
            CASES_FILE,
            case.line,
            f"Case {case.id!r} has the label {code[:40]!r}, which the policy does not define.",
            f"Use one of {', '.join(meta.codes) or '(the policy defines none)'}.",
        )
    flags = (case.labels or {}).values()
    if not (case.label or "").strip() and all(flag is None for flag in flags):
        yield found(
            "P044",
            CASES_FILE,
            case.line,
            f"Case {case.id!r} has no label.",
            "Label it, or remove it: a case without a label measures nothing.",
        )


def _pairs(reading: Reading) -> Iterator[Finding]:
    pairs: defaultdict[str, list[Case]] = defaultdict(list)
    for case in reading.cases:
        if case.pair is not None:
            pairs[case.pair].append(case)
    for name, cases in pairs.items():
        lines = places([case.line for case in cases])
        if len(cases) != 2:
            problem = f"has {len(cases)} case{'s' * (len(cases) != 1)} ({lines})"
        elif (cases[0].label, cases[0].labels) == (cases[1].label, cases[1].labels):
            problem = f"has the same label on both sides ({lines})"
        else:
            continue
        yield found(
            "P046",
            CASES_FILE,
            cases[-1].line,
            f"Contrast pair {name[:40]!r} {problem}.",
            "Give exactly two cases the same 'pair': alike but for one respect, and labelled differently.",
        )


def _warnings(reading: Reading, meta: Meta) -> Iterator[Finding]:
    sensitive = [case.line for case in reading.cases if case.sensitive]
    if sensitive and not meta.content_warnings:
        yield found(
            "P047",
            POLICY_FILE,
            reading.line_of("content_warnings"),
            f"Cases are marked sensitive ({places(sensitive)}), and `content_warnings` is empty.",
            "Say in `content_warnings` what readers are warned of, such as [hate, self-harm].",
        )
    if meta.content_warnings and reading.cases and not sensitive:
        yield found(
            "P048",
            POLICY_FILE,
            reading.line_of("content_warnings"),
            f"`content_warnings` warns of {', '.join(meta.content_warnings)[:80]}, and no case is sensitive.",
            'Mark the cases it is about with "sensitive": true, or take the warning out.',
        )


def _violates(case: Case, meta: Meta) -> bool | None:
    """Whether the case is a violation; None when its labels do not say."""
    given = [label for label in meta.labels if _has(case, label.code)]
    if given:
        return any(label.violates for label in given)
    return False if any(flag is False for flag in (case.labels or {}).values()) else None


def _has(case: Case, code: str) -> bool:
    return case.label == code or bool((case.labels or {}).get(code))
