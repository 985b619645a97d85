"""Texts that are no policy: annexes, licence files, reports with scores, documentation. Pure."""

from __future__ import annotations

import re

from policies.importers.model import FileRole, ReportedScore
from policies.importers.reading import FileReading, Reader
from policies.importers.source import Source
from policies.importers.vocabulary import is_metric, is_number

# What these files hold follows from their names, which are conventions of their own.
_DOCUMENTATION = re.compile(
    r"(?:readme|contributing|code_of_conduct|changelog|history|authors|codeowners|security|notice|usage_policy"
    r"|usage-policy|eligibility|support|governance|maintainers|todo)(?:[._-].*)?",
    re.IGNORECASE,
)
_LICENCE_NAME = re.compile(r"(?:licen[cs]e|copying|unlicense)(?:[._-].*)?", re.IGNORECASE)
_LICENCES = (
    ("Apache-2.0", ("apache license", "version 2.0")),
    ("MIT", ("permission is hereby granted, free of charge", 'the software is provided "as is"')),
    ("CC-BY-SA-4.0", ("attribution-sharealike 4.0 international",)),
    ("CC-BY-NC-4.0", ("attribution-noncommercial 4.0 international",)),
    ("CC-BY-4.0", ("attribution 4.0 international",)),
    ("CC0-1.0", ("cc0 1.0 universal",)),
    ("BSD-3-Clause", ("redistribution and use in source and binary forms", "neither the name of")),
)
_TEXT_NAME = re.compile(r"(?:[^.]+|.*\.(?:md|markdown|txt|text|rst))", re.IGNORECASE)
_CELL_MARKS = "*_`~ "


def licence_of(text: str) -> str | None:
    """The SPDX id of a licence file, None when it is none of the known texts."""
    words = " ".join(text[:20_000].lower().split())
    return next((spdx for spdx, signs in _LICENCES if all(sign in words for sign in signs)), None)


def scores_in(source: Source) -> tuple[ReportedScore, ...]:
    """The rows of Markdown tables that give a metric and its value."""
    scores: list[ReportedScore] = []
    for number, line in enumerate(source.text.split("\n"), start=1):
        if not line.lstrip().startswith("|"):
            continue
        cells = [cell.strip(_CELL_MARKS) for cell in line.strip().strip("|").split("|")]
        if len(cells) > 1 and is_metric(cells[0]) and is_number(cells[1]):
            scores.append(ReportedScore(metric=cells[0], value=cells[1], source=f"{source.file}:{number}"))
    return tuple(scores)


def _is_text(source: Source) -> bool:
    name = source.file.rsplit("/", 1)[-1]
    return _TEXT_NAME.fullmatch(name) is not None and bool(source.text.strip())


def _recognises_licence(source: Source) -> float:
    name = source.file.rsplit("/", 1)[-1]
    return 1.0 if _LICENCE_NAME.fullmatch(name) else 0.0


def _recognises_documentation(source: Source) -> float:
    name = source.file.rsplit("/", 1)[-1]
    return 0.99 if _DOCUMENTATION.fullmatch(name) else 0.0


def _recognises_report(source: Source) -> float:
    return 0.45 if _is_text(source) and len(scores_in(source)) > 1 else 0.0


def _recognises_prose(source: Source) -> float:
    return 0.1 if _is_text(source) else 0.0


def _read_licence(source: Source) -> FileReading:
    return FileReading(
        file=source.file, role=FileRole.LICENCE, reader="licence file", licence=licence_of(source.text),
        why="named as a licence",
    )  # fmt: skip


def _read_documentation(source: Source) -> FileReading:
    return FileReading(
        file=source.file, role=FileRole.DOCUMENTATION, reader="documentation", why="named as documentation",
        scores=scores_in(source),
    )  # fmt: skip


def _read_report(source: Source) -> FileReading:
    return FileReading(
        file=source.file,
        role=FileRole.REPORT,
        reader="report",
        scores=scores_in(source),
        why="tables of scores",
    )


def _read_prose(source: Source) -> FileReading:
    return FileReading(
        file=source.file, role=FileRole.ATTACHMENT, reader="prose", text=source.text, notices=source.notices,
        why="a text that defines no labels",
    )  # fmt: skip


LICENCE_FILES = Reader(name="licence file", recognises=_recognises_licence, read=_read_licence)
DOCUMENTATION = Reader(name="documentation", recognises=_recognises_documentation, read=_read_documentation)
REPORTS = Reader(name="report", recognises=_recognises_report, read=_read_report)
PROSE = Reader(name="prose", recognises=_recognises_prose, read=_read_prose)
