"""What a reader makes of one file, before packs are put together. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from policies.importers.model import FileRole, Notice, ReportedScore, RowProblem, SkippedRows
from policies.importers.source import Source
from policies.model import Case, Label, Labelling, Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerDraft:
    """What a model said of a case, as written."""

    engine: str
    label: str


class CaseDraft(NamedTuple):
    """A case as found: the label is the source's own word, the id (`key`) the source's own or None.

    `own` is the case itself when the file was already in the format of the commons. A tuple, because
    a hundred thousand of them are made, and a frozen dataclass takes five times as long to make.
    """

    file: str
    line: int
    content: str
    key: str | None = None
    gold: str | None = None
    flags: Mapping[str, bool | None] | None = None
    subject: Subject | None = None
    context: str | None = None
    language: str | None = None
    slices: tuple[str, ...] = ()
    source: str | None = None
    license: str | None = None
    note: str | None = None
    annotations: tuple[tuple[str, str], ...] = ()
    answers: tuple[AnswerDraft, ...] = ()
    own: Case | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDraft:
    """A policy text as found. `ready` is a text that has a front matter, `attachments` what it names.

    `labels` may be empty (the text names none); `codes_found` counts how firmly they are defined.
    """

    file: str
    body: bytes
    title: str | None
    summary: str
    labels: tuple[Label, ...]
    labelling: Labelling
    ready: bytes | None = None
    attachments: tuple[str, ...] = ()
    strength: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReading:
    """One file, read. `rows` is how many records it has, all kinds together.

    `label_column` is the header of the gold label, which says what a yes or a 1 means.
    """

    file: str
    role: FileRole
    reader: str
    rows: int = 0
    drafts: tuple[CaseDraft, ...] = ()
    skipped: tuple[SkippedRows, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    notices: tuple[Notice, ...] = ()
    scores: tuple[ReportedScore, ...] = ()
    label_column: str = ""
    policy: PolicyDraft | None = None
    text: str = ""
    licence: str | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One format family. `recognises` gives a confidence from 0 (no) to 1 (beyond doubt)."""

    name: str
    recognises: Callable[[Source], float]
    read: Callable[[Source], FileReading]
