"""`cases.jsonl`: labelled cases, one JSON object a line. Pure.

Reading collects every problem with its line and drops nothing silently; writing gives one spelling
per case. Keys that this version does not know are kept in `Case.extra`.
"""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from policies.case_fields import CaseProblem, case_of
from policies.errors import MalformedCasesError
from policies.findings import Finding, Severity, errors_in
from policies.limits import KIB, LIMITS, MIB
from policies.model import Case, CaseStatus
from policies.reading_rules import DUPLICATE_CASE_ID, FILE_SIZE, FILE_TEXT, NOT_A_CASE

CASES_FILE = "cases.jsonl"
MAX_DIGITS = 100

_CONTROL = re.compile("[\x7f-\x9f]")  # those that JSON itself does not escape
_BOM = b"\xef\xbb\xbf"


class CasesRead(NamedTuple):
    """The cases that could be read, and everything found on the way."""

    cases: tuple[Case, ...]
    findings: tuple[Finding, ...]


def parse_cases(raw: bytes, *, file: str = CASES_FILE) -> tuple[Case, ...]:
    """Every case of a file. Raises `MalformedCasesError` with all findings if any line is refused."""
    cases, findings = read_cases(raw, file=file)
    if errors_in(findings):
        raise MalformedCasesError(findings)
    return cases


def read_cases(raw: bytes, *, file: str = CASES_FILE) -> CasesRead:
    """The readable cases of a file, in order, and a finding for each line or field that is refused.

    Of two cases with one id the first is kept. Reading stops after `LIMITS.findings` problems, and says so.
    """
    cases: list[Case] = []
    findings: list[Finding] = []
    seen: dict[str, int] = {}
    for number, line in _numbered_lines(raw, file, findings):
        case = _read_line(line, number, file, findings)
        if case is None:
            pass
        elif case.id in seen:
            findings.append(
                _finding(
                    DUPLICATE_CASE_ID,
                    file,
                    number,
                    f"Case id {case.id!r} is already used on line {seen[case.id]}.",
                    "Give each case an id of its own.",
                )
            )
        else:
            seen[case.id] = number
            cases.append(case)
        if len(findings) >= LIMITS.findings:
            findings.append(
                _finding(
                    NOT_A_CASE,
                    file,
                    number,
                    f"More than {LIMITS.findings} problems: the lines after this one were not read.",
                    "Put these right and read the file again.",
                )
            )
            break
    return CasesRead(tuple(cases), tuple(findings))


def render_cases(cases: Iterable[Case]) -> bytes:
    """The cases as a file: UTF-8, one line each, `\\n` after each."""
    return "".join(f"{render_case(case)}\n" for case in cases).encode("utf-8")


def render_case(case: Case) -> str:
    """One case as one line of JSON, without a line end; fields at their default are left out.

    Raises `ValueError` when `extra` holds a number that JSON has no form for, or half a character.
    """
    fields = dict(stated_fields(case))
    line = json.dumps(fields, ensure_ascii=False, allow_nan=False)
    if unicodedata.is_normalized("NFC", line) and not _CONTROL.search(line):
        line.encode("utf-8")  # raises on half a character, which no UTF-8 file can hold
        return line
    # Files hold text in normal form C without control characters. Content that is not, such as a
    # test of disguised words, is written as escapes, so that it survives as it is.
    return json.dumps(fields, ensure_ascii=True, allow_nan=False)


def stated_fields(case: Case) -> Iterator[tuple[str, object]]:
    """Each field that says something as a plain JSON value, in the order in which it is written."""
    yield "id", case.id
    yield "content", case.content
    if case.label is not None:
        yield "label", case.label
    if case.labels is not None:
        yield "labels", {code: None if flag is None else int(flag) for code, flag in case.labels.items()}
    optional: Mapping[str, object] = {
        "pair": case.pair,
        "subject": case.subject,
        "context": case.context,
        "language": case.language,
        "slices": list(case.slices) or None,
        "source": case.source,
        "license": case.license,
        "annotations": [{"by": note.by, "label": note.label} for note in case.annotations] or None,
        "status": None if case.status is CaseStatus.ACTIVE else case.status,
        "note": case.note,
        "sensitive": case.sensitive or None,
    }
    yield from ((key, value) for key, value in optional.items() if value is not None)
    yield from case.extra.items()


def _numbered_lines(raw: bytes, file: str, findings: list[Finding]) -> Iterator[tuple[int, bytes]]:
    """Line numbers with lines that hold something, up to the limits."""
    if len(raw) > LIMITS.cases_bytes:
        findings.append(
            _finding(
                FILE_SIZE,
                file,
                0,
                f"The file has {len(raw) // MIB} MiB; at most {LIMITS.cases_bytes // MIB} MiB are allowed.",
                "Split the policy or keep a sample.",
            )
        )
        return
    for number, line in enumerate(io.BytesIO(raw.removeprefix(_BOM)), start=1):
        if number > LIMITS.cases:
            findings.append(
                _finding(
                    FILE_SIZE,
                    file,
                    number,
                    f"The file has more than {LIMITS.cases} lines.",
                    "Split the policy or keep a sample.",
                )
            )
            return
        stripped = line.strip(b" \t\r\n")
        if stripped:
            yield number, stripped


def _read_line(line: bytes, number: int, file: str, findings: list[Finding]) -> Case | None:
    if len(line) > LIMITS.case_bytes:
        findings.append(
            _finding(
                FILE_SIZE,
                file,
                number,
                f"The line has {len(line) // KIB} KiB; a case may have {LIMITS.case_bytes // KIB} KiB.",
                "Shorten the content.",
            )
        )
        return None
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        findings.append(
            _finding(
                FILE_TEXT,
                file,
                number,
                f"Byte {error.start + 1} of the line is not UTF-8.",
                "Save the file as UTF-8.",
            )
        )
        return None
    try:
        value = _DECODER.decode(text)
    except RecursionError:
        problem = f"it is nested more than {LIMITS.case_depth} deep"
    except json.JSONDecodeError as error:
        problem = f"{error.msg.lower()} at column {error.colno}"
    except ValueError as error:
        problem = str(error)
    else:
        return _checked_case(value, text, number, file, findings)
    findings.append(
        _finding(NOT_A_CASE, file, number, f"Not a JSON object: {problem}.", "Correct or remove the line.")
    )
    return None


def _checked_case(value: object, text: str, number: int, file: str, findings: list[Finding]) -> Case | None:
    if not isinstance(value, dict):
        findings.append(
            _finding(
                NOT_A_CASE,
                file,
                number,
                "The line is not a JSON object.",
                'Write {"id": ..., "content": ..., "label": ...} on one line.',
            )
        )
        return None
    problems: list[CaseProblem] = []
    case = case_of(value, number, problems, escaped="\\u" in text)
    findings.extend(
        Finding(
            rule=problem.rule,
            severity=problem.severity,
            file=file,
            line=number,
            message=problem.message,
            fix=problem.fix,
        )
        for problem in problems
    )
    return case


def _finding(rule: str, file: str, line: int, message: str, fix: str) -> Finding:
    return Finding(rule=rule, severity=Severity.ERROR, file=file, line=line, message=message, fix=fix)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                # Readers differ in which of the two they take: the case would have two meanings.
                raise ValueError(f"key {key!r} stands twice in one object")
            seen.add(key)
    return result


def _integer(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise ValueError(f"number {text[:20]}... has more than {MAX_DIGITS} digits")
    return int(text)


def _number(text: str) -> float:
    value = float(text)
    if value - value != 0.0:
        raise ValueError(f"number {text[:20]} is too large")
    return value


def _constant(text: str) -> object:
    raise ValueError(f"{text} is not a JSON number")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_number, parse_constant=_constant
)
