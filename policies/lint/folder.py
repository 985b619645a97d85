"""Lints a policy's folder: everything reading found, then every rule. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from policies.findings import Finding
from policies.folder import CASES_FILE, POLICY_FILE, read_folder
from policies.lint.characters import check_characters
from policies.lint.contract import check_contract
from policies.lint.labelled import check_cases
from policies.lint.labels import check_labels
from policies.lint.markup import check_markup
from policies.lint.names import check_name
from policies.lint.reading import Reading
from policies.lint.repetition import check_repetition
from policies.lint.rights import check_rights
from policies.lint.standing import check_standing
from policies.lint.wording import check_wording

_CHECKS: tuple[Callable[[Reading], Iterator[Finding]], ...] = (
    check_name,
    check_standing,
    check_labels,
    check_cases,
    check_repetition,
    check_wording,
    check_contract,
    check_characters,
    check_markup,
    check_rights,
)
_NO_LANGUAGES: Mapping[str, str] = MappingProxyType({})


def lint_folder(
    slug: str,
    files: Mapping[str, bytes],
    *,
    siblings: tuple[str, ...] = (),
    languages: Mapping[str, str] = _NO_LANGUAGES,
) -> tuple[Finding, ...]:
    """Every finding about a folder, by file and line, `policy.md` first. Raises nothing on any bytes.

    `files` are the folder's bytes by name. `siblings` are the names of the policies and child commons
    beside it (its own name among them does no harm). `languages` tells the language of other policies
    by address, such as `{"roost/spam": "en"}`, for what the rule on translations cannot know alone.
    """
    read = read_folder(files)
    reading = Reading(slug=slug, files=files, siblings=siblings, languages=languages, read=read)
    findings = [*read.findings, *(finding for check in _CHECKS for finding in check(reading))]
    return tuple(sorted(dict.fromkeys(map(_visible, findings)), key=_place))


def _visible(finding: Finding) -> Finding:
    """The finding with escapes for what does not print: it quotes titles, and terminals show it."""
    return replace(
        finding,
        file=_printable(finding.file),
        message=_printable(finding.message),
        fix=_printable(finding.fix),
    )


def _printable(text: str) -> str:
    return text if text.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def _place(finding: Finding) -> tuple[int, str, int, str]:
    files = {POLICY_FILE: 0, CASES_FILE: 1}
    return files.get(finding.file, 2), finding.file, finding.line, finding.rule
