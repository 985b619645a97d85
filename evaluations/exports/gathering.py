"""A run made ready to leave its record: every row with no more words than were asked for. Pure.

The facts of a run are public; the content of its cases and what the model wrote are not part of them.
They go along only when asked for, those of sensitive cases only when that too was asked for, and those
of a sealed suite never.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from evaluations.errors import EvaluationError
from evaluations.outcomes import is_right, outcome_of
from evaluations.record_files import Words
from evaluations.rows import Row
from evaluations.run_record import RunRecord
from evaluations.suites import Visibility, input_digest
from policies.model import Case

RUNNER = "policy-commons"

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9]|data)(?:\..*)?", re.IGNORECASE)


class ExportError(EvaluationError):
    """A run that cannot be given in the form asked for (`place`, `rule`, `remedy`)."""

    def __init__(self, place: str, rule: str, remedy: str) -> None:
        self.place = place
        self.rule = rule
        self.remedy = remedy
        super().__init__(f"{place}: {rule} {remedy}")


class Disclosure(StrEnum):
    """Which words go along."""

    FACTS = "facts"
    CONTENT = "content"
    SENSITIVE = "sensitive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One row with its words; None for those that do not go along or do not exist.

    `counted` rows make the headline: the answers to every case that is no known failure.
    """

    row: Row
    right: bool
    counted: bool
    content: str | None = None
    context: str | None = None
    output: str | None = None
    reasoning: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedRun:
    """A run on its way out. `withheld` counts the rows whose content was asked for and does not go along."""

    record: RunRecord
    samples: tuple[Sample, ...]
    withheld: int

    @property
    def sealed(self) -> bool:
        """Whether the suite is one that nobody may read: digests of its content stay here too."""
        return self.record.suite.visibility is Visibility.SEALED


def gather(
    record: RunRecord,
    rows: Iterable[Row],
    *,
    words: Iterable[Words] = (),
    cases: Iterable[Case] = (),
    disclose: Disclosure = Disclosure.FACTS,
) -> ExportedRun:
    """The run with the words that `disclose` allows, rows by case id and repeat.

    A case's words go along only when its content is the very input that was run. Raises `ExportError`
    when words of a sealed suite are asked for.
    """
    asked = disclose is not Disclosure.FACTS
    if asked and record.suite.visibility is Visibility.SEALED:
        raise ExportError(
            f"suite {record.suite.id}@{record.suite.version}",
            "it is sealed: its content never leaves.",
            "Export the facts alone, without --with-content.",
        )
    codes = tuple(label.code for label in record.suite.labels)
    held = {case.id: case for case in cases} if asked else {}
    said = {(word.case, word.repeat): word for word in words} if asked else {}
    samples = []
    withheld = 0
    for row in sorted(rows, key=lambda row: (row.item.id, row.repeat)):
        case = held.get(row.item.id)
        known = case is not None and input_digest(case) == row.item.input
        shown = known and case is not None and (disclose is Disclosure.SENSITIVE or not case.sensitive)
        withheld += asked and not shown
        word = said.get((row.item.id, row.repeat)) if shown else None
        samples.append(
            Sample(
                row=row,
                right=is_right(outcome_of(row, codes)) is True,
                counted=not row.item.todo,
                content=case.content if shown and case is not None else None,
                context=case.context if shown and case is not None else None,
                output=word.output if word else None,
                reasoning=word.reasoning if word else None,
            )
        )
    return ExportedRun(record=record, samples=tuple(samples), withheld=withheld)


def safe_part(text: str) -> str:
    """`text` as a part of a path that every file system takes and none leaves; a record may say anything."""
    safe = _UNSAFE.sub("_", text).strip(".")[:100] or "_"
    return f"_{safe}" if _RESERVED.fullmatch(safe) else safe
