"""What an upgrade would change for a user's own cases: both versions, one engine, case by case.

Reads a file of cases. Nothing of them is kept or leaves this machine but to the engine that is asked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from evaluations.engines.base import Engine
from evaluations.flips import Flips, flips_between
from evaluations.rows import Row, row_of
from evaluations.suites import Gold, SuiteItem, input_digest
from evaluations.verdicts import Answer, FlagsVerdict, LabelVerdict
from policies.cases import read_cases
from policies.findings import errors_in
from policies.folder import PolicyFolder
from policies.limits import LIMITS
from policies.model import Case, Labelling
from registry.services.classify import Prepared, prepare
from registry.services.errors import InputRefusedError
from registry.services.folders import read_plain_file
from registry.services.text_files import read_texts

Told = Callable[[int], None]
"""Told how many answers are there, of both versions together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How two versions answered the same cases.

    `vanished` are labels that the newer version no longer has, with how many of the cases are labelled
    so; `foreign` counts cases whose label neither version knows: they are compared and not judged.
    `unanswered` are cases to which one version or the other gave no verdict, by id.
    """

    flips: Flips
    cases: Mapping[str, Case]
    vanished: Mapping[str, int]
    foreign: int
    unanswered: tuple[str, ...]


def own_cases(path: Path) -> tuple[Case, ...]:
    """The cases of a file: `.jsonl` as a policy's own, labels optional, or anything that `classify` reads.

    A case without an id goes by its line. Raises `InputRefusedError` with the line at fault.
    """
    if path.suffix.lower() not in (".jsonl", ".ndjson"):
        return _with_ids(
            path, [Case(id=text.id, content=text.content, context=text.context) for text in read_texts(path)]
        )
    read = read_cases(_numbered(read_plain_file(path, LIMITS.cases_bytes)))
    for finding in errors_in(read.findings):
        raise InputRefusedError(f"{path}:{finding.line}", finding.message, finding.fix)
    return _with_ids(path, read.cases)


def try_upgrade(
    old: PolicyFolder,
    new: PolicyFolder,
    cases: Sequence[Case],
    engine: Engine,
    *,
    template: str | None = None,
    told: Told = lambda _done: None,
) -> Trial:
    """Puts every case to both versions. Raises `EngineError` for an engine that cannot take one on."""
    before = _answers(prepare(old, engine, template=template), cases, told)
    after = _answers(prepare(new, engine, template=template), cases, lambda done: told(len(cases) + done))
    codes = _codes(new)
    items = {case.id: _item(case, new) for case in cases}
    told_of = [
        case.id for case in cases if _is_verdict(before.get(case.id)) and _is_verdict(after.get(case.id))
    ]
    both = {*codes, *_codes(old)}
    rows = [[_row(items[case], answers[case], both) for case in told_of] for answers in (before, after)]
    gone = [code for code in _codes(old) if code not in codes]
    return Trial(
        flips=flips_between(rows[0], rows[1], codes),
        cases={case.id: case for case in cases},
        vanished={code: sum(code in _labels(case) for case in cases) for code in gone},
        foreign=sum(bool(_labels(case)) and both.isdisjoint(_labels(case)) for case in cases),
        unanswered=tuple(sorted({case.id for case in cases}.difference(told_of))),
    )


def _answers(prepared: Prepared, cases: Sequence[Case], told: Told) -> dict[str, Answer]:
    found: dict[str, Answer] = {}
    for answer in prepared.session.classify(cases):
        found[answer.case_id] = answer
        told(len(found))
    return found


def _is_verdict(answer: Answer | None) -> bool:
    return answer is not None and isinstance(answer.verdict, LabelVerdict | FlagsVerdict)


def _row(item: SuiteItem, answer: Answer, codes: Iterable[str]) -> Row:
    row = row_of(item, 1, answer)
    if not isinstance(row.verdict, FlagsVerdict):
        return row
    # A flag that one version does not have is one that it did not raise, and no other answer for that.
    flags = {code: row.verdict.flags.get(code, False) for code in sorted(codes)}
    return msgspec.structs.replace(row, verdict=FlagsVerdict(flags=flags))


def _item(case: Case, folder: PolicyFolder) -> SuiteItem:
    """The case's facts, judged by the newer version's labels; a label that it lacks is a label still."""
    codes = _codes(folder)
    gold: Gold
    if folder.document.policy.meta.labelling is Labelling.MULTI:
        known = case.labels or {}
        gold = {code: known.get(code) for code in codes} if known else None
    else:
        gold = case.label
    return SuiteItem(id=case.id, input=input_digest(case), gold=gold)


def _codes(folder: PolicyFolder) -> tuple[str, ...]:
    return folder.document.policy.meta.codes


def _labels(case: Case) -> frozenset[str]:
    """What a case is labelled with: its label, or the flags that are raised."""
    if case.labels is not None:
        return frozenset(code for code, flag in case.labels.items() if flag)
    return frozenset() if case.label is None else frozenset({case.label})


def _numbered(raw: bytes) -> bytes:
    """The lines, with its number as the id of each that has none; what is no JSON is left as it is."""
    lines = []
    for number, line in enumerate(raw.split(b"\n"), start=1):
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict) and "id" not in value:
            line = json.dumps({"id": str(number), **value}).encode("ascii")
        lines.append(line)
    return b"\n".join(lines)


def _with_ids(path: Path, cases: Sequence[Case]) -> tuple[Case, ...]:
    if not cases:
        raise InputRefusedError(str(path), "there is no case in it.", "Give at least one, as in cases.jsonl.")
    seen: set[str] = set()
    for case in cases:
        if case.id in seen:
            raise InputRefusedError(
                f"{path}:{case.line or 1}", f"the id {case.id[:60]!r} comes twice.", "Give each its own."
            )
        seen.add(case.id)
    return tuple(cases)
