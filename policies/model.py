"""The policy document as values: what `policy.md` and `cases.jsonl` say once read. Pure.

The shapes are those of the published document format (CONTRIBUTING.md, "The policy document").
Reading them from bytes is `codec.py` and `cases.py`; judging them is `lint/`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Status(StrEnum):
    """How far along a policy is."""

    DRAFT = "draft"
    EXPERIMENTAL = "experimental"
    STABLE = "stable"
    DEPRECATED = "deprecated"


class Handling(StrEnum):
    """What a platform is advised to do with content that gets a label."""

    ALLOW = "allow"
    REVIEW = "review"
    REMOVE = "remove"
    ESCALATE = "escalate"


class Labelling(StrEnum):
    """One label per case, or independent flags (each 0, 1 or unknown)."""

    SINGLE = "single"
    MULTI = "multi"


class Subject(StrEnum):
    """What is judged."""

    CONTENT = "content"
    PROMPT = "prompt"
    RESPONSE = "response"
    CONVERSATION = "conversation"


class Dialect(StrEnum):
    """How a policy text is laid out; both are found in the wild."""

    SEVERITY_CODES = "severity-codes"
    INCLUDES_EXCLUDES = "includes-excludes"
    FREE = "free"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One entry of the label schema; the schema's order is severity, mildest first."""

    code: str
    title: str
    violates: bool
    severity: int | None = None
    handling: Handling | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Licenses:
    """SPDX expressions for the text and the cases, kept apart; None when not stated."""

    text: str | None
    cases: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """Who made it, and in which part."""

    name: str
    role: str = "author"
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A further Markdown file of the folder; `in_prompt` ones are read by the model."""

    file: str
    in_prompt: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRef:
    """Another policy at one version (`upstream`, `translation_of`)."""

    policy: str
    version: str | None = None
    commit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """Until when a deprecated policy is looked after, and what to use instead."""

    until: str | None = None
    superseded_by: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliesTo:
    """Where a policy is meant to be applied."""

    surfaces: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """The front matter. `extra` keeps what this version of the format does not know."""

    title: str
    summary: str = ""
    version: str = "0.1.0"
    status: Status = Status.DRAFT
    licenses: Licenses = Licenses(text=None)
    terms: str | None = None
    language: str = "en"
    translation_of: VersionRef | None = None
    maintainers: tuple[str, ...] = ()
    credits: tuple[Credit, ...] = ()
    support: Support | None = None
    attachments: tuple[Attachment, ...] = ()
    labels: tuple[Label, ...] = ()
    labelling: Labelling = Labelling.SINGLE
    subject: Subject = Subject.CONTENT
    applies_to: AppliesTo = AppliesTo()
    content_warnings: tuple[str, ...] = ()
    upstream: VersionRef | None = None
    links: tuple[str, ...] = ()
    extra: Mapping[str, object] = field(default_factory=dict)

    def label(self, code: str) -> Label | None:
        """The label with this code, or None."""
        return next((label for label in self.labels if label.code == code), None)

    @property
    def codes(self) -> tuple[str, ...]:
        """The label codes, mildest first."""
        return tuple(label.code for label in self.labels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One list item of a section. `examples` are its quoted strings, without the quotes."""

    text: str
    line: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and what stands under it, up to the next heading of any level.

    `code` is the label the section defines, or None; `lines` are 1-based in the file, the last one
    inclusive; `text` is the Markdown below the heading, stripped.
    """

    heading: str
    level: int
    code: str | None
    text: str
    items: tuple[Item, ...]
    first_line: int
    last_line: int

    @property
    def examples(self) -> tuple[str, ...]:
        """Every quoted example of the section's list items, in order."""
        return tuple(example for item in self.items for example in item.examples)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A policy as read. `body` is the Markdown after the front matter, byte for byte.

    `body_line` is the 1-based line of the file on which the body begins.
    """

    meta: Meta
    body: str
    body_line: int
    sections: tuple[Section, ...]
    dialect: Dialect

    def section_of(self, code: str) -> Section | None:
        """The section that defines a label, or None."""
        return next((section for section in self.sections if section.code == code), None)


class CaseStatus(StrEnum):
    """`todo` is a known failure: reported, not counted."""

    ACTIVE = "active"
    TODO = "todo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """What one annotator said of a case."""

    by: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One labelled case.

    Exactly one of `label` (single) and `labels` (multi; None means unlabelled) is set in a file
    that lints clean. `pair` joins the two cases of a contrast pair. `line` is 1-based, 0 for a case
    that did not come from a file.
    """

    id: str
    content: str
    label: str | None = None
    labels: Mapping[str, bool | None] | None = None
    pair: str | None = None
    subject: Subject | None = None
    context: str | None = None
    language: str | None = None
    slices: tuple[str, ...] = ()
    source: str | None = None
    license: str | None = None
    annotations: tuple[Annotation, ...] = ()
    status: CaseStatus = CaseStatus.ACTIVE
    sensitive: bool = False
    note: str | None = None
    extra: Mapping[str, object] = field(default_factory=dict)
    line: int = 0
