"""A suite as a folder that can be handed on: `suite.json` says what it is, `cases.jsonl` holds it. Pure.

The same cases give the same bytes, whatever order they came in. Everything in `suite.json` that follows
from the cases is worked out again on reading, so an edited case is found.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from evaluations.errors import EvaluationError
from evaluations.figures import ratio, written
from evaluations.outcomes import gold_violates
from evaluations.suites import Suite, Visibility, is_labelled, labelled_suite
from policies.canonical import sha256_hex
from policies.cases import CASES_FILE, read_cases, render_cases
from policies.findings import errors_in
from policies.limits import LIMITS
from policies.model import Case, Label, Labelling
from policies.names import check_slug

SUITE_FILE = "suite.json"
FORMAT = 1

_VERSION = re.compile(r"(?:0|[1-9][0-9]{0,5})(?:\.(?:0|[1-9][0-9]{0,5})){0,2}")
_REBUILD = "Build it again under another version: commons suite build FOLDER --as NAME@VERSION."


class SuiteFileError(EvaluationError):
    """A suite's folder that cannot be made or read (`place`, `rule`, `remedy`)."""

    def __init__(self, place: str, rule: str, remedy: str) -> None:
        self.place = place
        self.rule = rule
        self.remedy = remedy
        super().__init__(f"{place}: {rule} {remedy}")


class SuiteName(NamedTuple):
    """`my-suite@1`."""

    id: str
    version: str

    def __str__(self) -> str:
        return f"{self.id}@{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedLabel:
    """A label as the suite states it; the order is severity, mildest first."""

    code: str
    title: str
    violates: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteFacts:
    """`suite.json`. `cases` is the SHA-256 of `cases.jsonl`, `digest` that of what is scored.

    `n` cases are counted in runs; `unlabelled` and `todo` (known failures) are not. `prevalence` is the
    share that violates of the counted cases whose truth is known. `license` is stated for the cases as a
    whole, `licenses` and `sources` count what cases state of themselves.
    """

    v: int
    id: str
    version: str
    digest: str
    cases: str
    split: str
    visibility: Visibility
    labelling: Labelling
    labels: tuple[StatedLabel, ...]
    n: int
    unlabelled: int
    todo: int
    prevalence: str | None
    annotated: int
    license: str | None
    licenses: Mapping[str, int]
    sources: Mapping[str, int]
    slices: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteFile:
    """A suite that was read: what it is scored by, and what is stated of it."""

    suite: Suite
    facts: SuiteFacts

    @property
    def name(self) -> SuiteName:
        """Its name with its version."""
        return SuiteName(self.facts.id, self.facts.version)

    @property
    def labels(self) -> tuple[Label, ...]:
        """The labels with their titles."""
        return _labels(self.facts)


def parse_suite_name(text: str) -> SuiteName:
    """`my-suite@1`, `my-suite@1.2`. Raises `SuiteFileError`, and `InvalidNameError` for the name."""
    slug, at, version = text.partition("@")
    if not at or not _VERSION.fullmatch(version):
        raise SuiteFileError(
            text[:80], "it does not name a suite at a version.", "Write a name, @ and a number: my-suite@1."
        )
    return SuiteName(check_slug(slug), version)


def make_suite_file(
    name: SuiteName,
    cases: Iterable[Case],
    *,
    labels: Sequence[Label],
    labelling: Labelling,
    license_: str | None = None,
) -> SuiteFile:
    """The suite that these cases make. Raises `SuiteError`, and `SuiteFileError` for none or too many."""
    held = tuple(cases)
    if not held:
        raise SuiteFileError(str(name), "it would have no case.", "Give labelled cases.")
    if len(held) > LIMITS.cases:
        raise SuiteFileError(
            str(name), f"{len(held):,} cases are more than {LIMITS.cases:,}.", "Split it, or keep a sample."
        )
    suite = labelled_suite(name.id, name.version, labels=labels, labelling=labelling, cases=held)
    if not any(is_labelled(item) for item in suite.items):
        raise SuiteFileError(
            str(name), "no case has a gold label, so nothing can be scored.", "Label the cases first."
        )
    stated = tuple(
        StatedLabel(code=label.code, title=label.title, violates=label.violates) for label in labels
    )
    return SuiteFile(suite=suite, facts=_facts(suite, stated, render_cases(suite.cases), license_))


def suite_files(made: SuiteFile) -> dict[str, bytes]:
    """The two files, by name."""
    text = json.dumps(msgspec.to_builtins(made.facts), ensure_ascii=False, indent=2)
    return {SUITE_FILE: text.encode("utf-8") + b"\n", CASES_FILE: render_cases(made.suite.cases)}


def load_suite(files: Mapping[str, bytes]) -> SuiteFile:
    """Reads what `suite_files` wrote. Raises `SuiteFileError` with the file, and `SuiteError`."""
    for file in (SUITE_FILE, CASES_FILE):
        if file not in files:
            raise SuiteFileError(file, "the file is missing.", f"A suite has {SUITE_FILE} and {CASES_FILE}.")
    stated = _stated(files[SUITE_FILE])
    if stated.v != FORMAT:
        raise SuiteFileError(
            SUITE_FILE, f"format {stated.v} is not known; this program reads {FORMAT}.", "Update the program."
        )
    name = parse_suite_name(f"{stated.id}@{stated.version}")
    cases, findings = read_cases(files[CASES_FILE])
    for finding in errors_in(findings):
        place = f"{finding.file}:{finding.line}" if finding.line else finding.file
        raise SuiteFileError(place, finding.message, finding.fix)
    suite = labelled_suite(
        name.id,
        name.version,
        labels=_labels(stated),
        labelling=stated.labelling,
        cases=cases,
        split=stated.split,
        visibility=stated.visibility,
    )
    found = _facts(suite, stated.labels, files[CASES_FILE], stated.license)
    for field in SuiteFacts.__dataclass_fields__:
        if getattr(found, field) != getattr(stated, field):
            raise SuiteFileError(
                SUITE_FILE, f"`{field}` is not what the cases give: they were changed since.", _REBUILD
            )
    return SuiteFile(suite=suite, facts=stated)


def _labels(facts: SuiteFacts) -> tuple[Label, ...]:
    return tuple(Label(code=label.code, title=label.title, violates=label.violates) for label in facts.labels)


def _stated(raw: bytes) -> SuiteFacts:
    try:
        return msgspec.json.decode(raw, type=SuiteFacts)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SuiteFileError(SUITE_FILE, f"{error}.", "Take it as `commons suite build` wrote it.") from error


def _facts(suite: Suite, labels: tuple[StatedLabel, ...], raw: bytes, license_: str | None) -> SuiteFacts:
    counted = [item for item in suite.items if is_labelled(item) and not item.todo]
    truths = Counter(gold_violates(item.gold, suite.labels) for item in counted)
    own = Counter(case.license for case in suite.cases if case.license is not None)
    sources = Counter(case.source for case in suite.cases if case.source is not None)
    slices = Counter(name for item in counted for name in item.slices)
    return SuiteFacts(
        v=FORMAT,
        id=suite.id,
        version=suite.version,
        digest=suite.digest,
        cases=sha256_hex(raw),
        split=suite.split,
        visibility=suite.visibility,
        labelling=suite.labelling,
        labels=labels,
        n=len(counted),
        unlabelled=sum(not is_labelled(item) for item in suite.items),
        todo=sum(is_labelled(item) and item.todo for item in suite.items),
        prevalence=written(ratio(truths[True], truths[True] + truths[False])),
        annotated=sum(len({note.by for note in case.annotations}) >= 2 for case in suite.cases),
        license=license_,
        licenses=dict(sorted(own.items())),
        sources=dict(sorted(sources.items())),
        slices=dict(sorted(slices.items())),
    )
