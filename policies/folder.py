"""A policy's folder: the policy, its cases and its attachments, read together. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from policies.cases import CASES_FILE, CasesRead, read_cases
from policies.codec import Document, read_policy
from policies.errors import MalformedCasesError, MalformedDocumentError, MalformedPolicyError
from policies.findings import Finding, Severity, errors_in
from policies.front_matter import POLICY_FILE
from policies.limits import KIB, LIMITS
from policies.model import Case
from policies.names import RESERVED, Slug, check_slug
from policies.reading_rules import FILE_NAME, FILE_SIZE, FILE_TEXT, MISSING_FILE

__all__ = [
    "CASES_FILE",
    "LIMITS",
    "POLICY_FILE",
    "FolderRead",
    "PolicyFolder",
    "check_files",
    "load_folder",
    "read_folder",
]

_ATTACHMENT = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,58}[a-z0-9])?\.md")
# Everything below the space but tab, newline and carriage return, and the C1 block.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFolder:
    """A policy with everything that belongs to it. `files` are the exact bytes, by name."""

    slug: Slug
    files: Mapping[str, bytes]
    document: Document
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderRead:
    """As much of a folder as could be read. `document` is None without a readable `policy.md`."""

    document: Document | None
    cases: tuple[Case, ...]
    findings: tuple[Finding, ...]


def load_folder(slug: str, files: Mapping[str, bytes]) -> PolicyFolder:
    """The folder that `files` (names with their bytes) make up.

    Raises `InvalidNameError` for the slug, and `MalformedPolicyError`, `MalformedCasesError` or
    (problems in both) `MalformedDocumentError` with every finding.
    """
    checked = check_slug(slug)
    read = read_folder(files)
    errors = errors_in(read.findings)
    if errors or read.document is None:
        in_cases = [finding.file == CASES_FILE for finding in errors]
        if all(in_cases):
            raise MalformedCasesError(read.findings)
        raise (MalformedDocumentError if any(in_cases) else MalformedPolicyError)(read.findings)
    return PolicyFolder(
        slug=checked, files=MappingProxyType(dict(files)), document=read.document, cases=read.cases
    )


def read_folder(files: Mapping[str, bytes]) -> FolderRead:
    """Reads what can be read of a folder and collects every finding. Raises nothing."""
    findings = check_files(files)
    refused = {finding.file for finding in findings}
    document = read_policy(files[POLICY_FILE]) if POLICY_FILE in files else None
    cases = CasesRead((), ())
    if CASES_FILE in files:
        cases = read_cases(files[CASES_FILE])
    if document is not None:
        findings += _new(document.findings, findings) + _attachment_findings(document, files, refused)
    findings += _new(cases.findings, findings)
    return FolderRead(document=document, cases=cases.cases, findings=findings)


def check_files(files: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """What a folder may not hold: other names, too much, or bytes that are not clean text.

    Allowed are `policy.md` (required), `cases.jsonl`, and up to 16 attachments such as `annex-1.md`;
    UTF-8 in Unicode normal form C without control characters. In cases, other forms and characters
    can be written as JSON escapes.
    """
    findings: list[Finding] = []
    if POLICY_FILE not in files:
        fix = "Add it; 'commons new' makes one from a template."
        findings.append(_error(MISSING_FILE, POLICY_FILE, 0, "The folder has no policy.md.", fix))
    attachments = [name for name in files if name not in (POLICY_FILE, CASES_FILE)]
    if len(attachments) > LIMITS.attachments:
        message = f"The folder has {len(attachments)} attachments; at most {LIMITS.attachments} are allowed."
        findings.append(_error(FILE_SIZE, POLICY_FILE, 0, message, "Join some of them."))
    for name in sorted(attachments):
        if not _ATTACHMENT.fullmatch(name) or name.removesuffix(".md") in RESERVED - {"index", "about"}:
            fix = "Use a lower-case name with digits and hyphens that ends in .md, such as annex-1.md."
            findings.append(_error(FILE_NAME, _shown(name), 0, "The file's name is not allowed.", fix))
    for name, raw in files.items():
        findings.extend(_content_findings(_shown(name), raw, _limit(name)))
    return tuple(findings)


def _limit(name: str) -> int:
    sizes = {POLICY_FILE: LIMITS.policy_bytes, CASES_FILE: LIMITS.cases_bytes}
    return sizes.get(name, LIMITS.attachment_bytes)


def _content_findings(name: str, raw: bytes, limit: int) -> list[Finding]:
    if len(raw) > limit:
        message = f"The file has {len(raw) // KIB} KiB; at most {limit // KIB} KiB are allowed."
        return [_error(FILE_SIZE, name, 0, message, "Shorten or split it.")]
    if raw.isascii() and not _CONTROL.search(raw.decode("ascii")):
        return []
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return [_error(FILE_TEXT, name, line, "A byte is not UTF-8.", "Save the file as UTF-8.")]
    findings: list[Finding] = []
    control = _CONTROL.search(text)
    if control:
        line = text.count("\n", 0, control.start()) + 1
        message = f"The control character U+{ord(control[0]):04X} stands in the text."
        findings.append(_error(FILE_TEXT, name, line, message, "Remove it."))
    if not unicodedata.is_normalized("NFC", text):
        line = next(
            number
            for number, part in enumerate(text.split("\n"), start=1)
            if not unicodedata.is_normalized("NFC", part)
        )
        message = "The text is not in Unicode normal form C: it looks alike and compares unequal."
        fix = "Normalise it to NFC; in cases.jsonl, write the characters as \\u escapes to keep them."
        findings.append(_error(FILE_TEXT, name, line, message, fix))
    return findings


def _attachment_findings(
    document: Document, files: Mapping[str, bytes], refused: set[str]
) -> tuple[Finding, ...]:
    """Attachments named and not there, or there and not named."""
    findings: list[Finding] = []
    named = [attachment.file for attachment in document.policy.meta.attachments]
    for index, name in enumerate(named):
        line = document.front_matter.line_of("attachments", index, "file")
        if name in (POLICY_FILE, CASES_FILE) or name in named[:index]:
            message = f"'attachments' names {_shown(name)!r}, which is no further file."
            findings.append(_error(MISSING_FILE, POLICY_FILE, line, message, "Remove it from 'attachments'."))
        elif name not in files:
            message = f"The attachment {_shown(name)!r} is not in the folder."
            findings.append(
                _error(MISSING_FILE, POLICY_FILE, line, message, "Add the file, or do not name it.")
            )
    for name in sorted(files.keys() - {POLICY_FILE, CASES_FILE, *named} - refused):
        fix = f"Add '- {{file: {name}, in_prompt: false}}' to 'attachments', or remove the file."
        findings.append(_error(MISSING_FILE, name, 0, "No attachment of this name is stated.", fix))
    return tuple(findings)


def _new(found: tuple[Finding, ...], known: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Those of `found` whose rule, file and line is not known yet: both readers look at UTF-8 and size."""
    places = {(finding.rule, finding.file, finding.line) for finding in known}
    return tuple(finding for finding in found if (finding.rule, finding.file, finding.line) not in places)


def _error(rule: str, file: str, line: int, message: str, fix: str) -> Finding:
    return Finding(rule=rule, severity=Severity.ERROR, file=file, line=line, message=message, fix=fix)


def _shown(name: str) -> str:
    """A file's name as it may stand in a message: one line, printable, short."""
    text = name.encode("utf-8", errors="replace").decode("utf-8")
    return text if text.isprintable() and len(text) <= 80 else ascii(text)[1:77]
