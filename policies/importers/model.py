"""What an import gives: packs of files, and an account of everything that was read. Pure.

Every row of every case file ends in exactly one place: imported, skipped with its reason, or unread
with its reason. `RowCount.balanced` says so, and the importers' tests hold it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from policies.errors import PolicyError

EXCERPT_LENGTH = 80


class SkipReason(StrEnum):
    """Why a row holds no case although it could be read."""

    BLANK = "blank"
    HEADER = "header"
    DISCLAIMER = "disclaimer"
    SECTION = "section"
    SCORE = "score"


class Topic(StrEnum):
    """What a notice is about."""

    ENCODING = "encoding"
    STRUCTURE = "structure"
    COLUMNS = "columns"
    LABELS = "labels"
    IDS = "ids"
    POLICY = "policy"
    LICENCE = "licence"
    OUTPUT_INSTRUCTION = "output instruction"
    ANSWERS = "answers"
    PAIRING = "pairing"
    SENSITIVE = "sensitive"


class FileRole(StrEnum):
    """What a file was taken for."""

    POLICY = "policy"
    CASES = "cases"
    ANNOTATIONS = "annotations"
    ATTACHMENT = "attachment"
    LICENCE = "licence"
    REPORT = "report"
    DOCUMENTATION = "documentation"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """Rows that could not be read: `rows` of them from `line` on (1-based; 0 is the whole file)."""

    file: str
    line: int
    reason: str
    excerpt: str = ""
    rows: int = 1

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        shown = f" [{self.excerpt}]" if self.excerpt else ""
        return f"{place}: {self.reason}{shown}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedRows:
    """`rows` consecutive rows that hold no case, from `line` on."""

    file: str
    line: int
    reason: SkipReason
    excerpt: str = ""
    rows: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something the importer decided, or that a person has to decide, with what to do about it."""

    topic: Topic
    file: str
    line: int
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.topic}: {self.message} {self.remedy}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedScore:
    """A score that came along, as written. `source` is `file:line`; nothing here recomputes it."""

    metric: str
    value: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedAnswer:
    """A model's own answer to a case, found in the source: the raw material of a replay run.

    One of `label` and `labels` is set. `in_schema` is False for a label that the policy does not
    define; it is kept as it stands. `source` is `file:line`.
    """

    case_id: str
    engine: str
    label: str | None = None
    labels: Mapping[str, bool | None] | None = None
    in_schema: bool = True
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCount:
    """Rows of case files (records, not physical lines)."""

    read: int = 0
    imported: int = 0
    skipped: int = 0
    unread: int = 0

    @property
    def balanced(self) -> bool:
        """Whether every row read is accounted for."""
        return self.read == self.imported + self.skipped + self.unread

    def __add__(self, other: RowCount) -> RowCount:
        return RowCount(
            read=self.read + other.read,
            imported=self.imported + other.imported,
            skipped=self.skipped + other.skipped,
            unread=self.unread + other.unread,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSeen:
    """One file of the source, what it was taken for and by which sign."""

    file: str
    role: FileRole
    reader: str
    pack: str | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One policy folder to be: `files` holds policy.md, cases.jsonl and attachments as bytes.

    `group` is the submitter (preset `folders`), else None. `cases` is how many cases the folder has,
    which differs from `rows.imported` where one row gives two cases or two rows give one.
    """

    slug: str
    files: Mapping[str, bytes]
    cases: int
    rows: RowCount
    group: str | None = None
    reported: tuple[ReportedScore, ...] = ()
    answers: tuple[RecordedAnswer, ...] = ()
    skipped: tuple[SkippedRows, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """All packs, and what belongs to none of them.

    `problems` and `notices` hold those of the packs too. `unpacked` counts the rows of tables that
    gave no case at all.
    """

    name: str
    packs: tuple[Pack, ...]
    problems: tuple[RowProblem, ...]
    notices: tuple[Notice, ...]
    files_seen: tuple[FileSeen, ...]
    unpacked: RowCount = RowCount()

    @property
    def rows(self) -> RowCount:
        """Rows of all files together."""
        total = self.unpacked
        for pack in self.packs:
            total += pack.rows
        return total

    @property
    def groups(self) -> tuple[str, ...]:
        """The submitters, in order, without repeats."""
        return tuple(dict.fromkeys(pack.group for pack in self.packs if pack.group is not None))


class ImportRefusedError(PolicyError):
    """Nothing could be imported. `problems` says what each file was and why it was not read."""

    def __init__(self, name: str, reason: str, problems: tuple[RowProblem, ...] = ()) -> None:
        self.name = name
        self.reason = reason
        self.problems = problems
        detail = "".join(f"\n  {problem}" for problem in problems[:20])
        more = f"\n  and {len(problems) - 20} more" if len(problems) > 20 else ""
        super().__init__(f"{name}: nothing to import: {reason}{detail}{more}")


def excerpt_of(text: str) -> str:
    """At most 80 characters of `text` that are safe to print: one line, no control characters."""
    shown = "".join(
        character if character.isprintable() else " "
        for character in text[: EXCERPT_LENGTH * 3].replace("\r", " ").replace("\n", " ")
    )
    shown = " ".join(shown.split())
    return shown if len(shown) <= EXCERPT_LENGTH else f"{shown[: EXCERPT_LENGTH - 1]}…"
