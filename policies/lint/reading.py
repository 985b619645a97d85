"""A folder as the rules see it: whatever could be read of it, with its lines. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from policies.codec import Document
from policies.folder import CASES_FILE, LIMITS, POLICY_FILE, FolderRead
from policies.model import Case, Meta, Policy

__all__ = ["CASES_FILE", "POLICY_FILE", "Page", "Reading", "places", "shortened"]

_LINE_END = re.compile(r"\r\n?|\n")
_NAMED_LINES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A text of the folder, its line ends as `\\n`; `first_line` is the 1-based line it begins on."""

    file: str
    first_line: int
    text: str

    def lines(self, text: str | None = None) -> Iterator[tuple[int, str]]:
        """The lines with their numbers in the file; of `text`, which has the same ones, if given."""
        return enumerate((self.text if text is None else text).split("\n"), start=self.first_line)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What the rules are given. No slots: the pages are made once, when a rule first asks.

    `read` is the folder as read; `languages` tells the language of other policies by address.
    """

    slug: str
    files: Mapping[str, bytes]
    siblings: tuple[str, ...]
    languages: Mapping[str, str]
    read: FolderRead

    @property
    def cases(self) -> tuple[Case, ...]:
        """The cases that could be read."""
        return self.read.cases

    @property
    def policy(self) -> Policy | None:
        """The policy; None without front matter, when each rule would report the same lack."""
        document = self._document
        return None if document is None else document.policy

    @property
    def meta(self) -> Meta | None:
        """The front matter, likewise."""
        return None if self.policy is None else self.policy.meta

    @property
    def values(self) -> Mapping[str, object]:
        """The front matter's plain values, unknown keys included."""
        return {} if self._document is None else self._document.front_matter.values

    def line_of(self, *keys: str) -> int:
        """The line of the first of the top-level keys that is there, else of the front matter."""
        if self._document is None:
            return 1
        front_matter = self._document.front_matter
        key = next((key for key in keys if key in front_matter.values), None)
        return 1 if key is None else front_matter.line_of(key)

    @cached_property
    def whole_pages(self) -> tuple[Page, ...]:
        """`policy.md` with its front matter, and the attachments."""
        policy = self._page(POLICY_FILE, LIMITS.policy_bytes)
        return (*policy, *self._attachments(prompt_only=False))

    @cached_property
    def text_pages(self) -> tuple[Page, ...]:
        """The policy's Markdown, and the attachments."""
        return (*self._body, *self._attachments(prompt_only=False))

    @cached_property
    def prompt_pages(self) -> tuple[Page, ...]:
        """What the model reads: the policy's Markdown, and the attachments that go with it."""
        return (*self._body, *self._attachments(prompt_only=True))

    @property
    def _document(self) -> Document | None:
        document = self.read.document
        return None if document is None or document.front_matter.tree is None else document

    @property
    def _body(self) -> tuple[Page, ...]:
        document = self.read.document
        if document is None:
            return ()
        body = document.front_matter.body
        return (Page(file=POLICY_FILE, first_line=document.front_matter.body_line, text=_plain(body)),)

    def _attachments(self, *, prompt_only: bool) -> Iterator[Page]:
        attachments = () if self.meta is None else self.meta.attachments
        chosen = dict.fromkeys(each.file for each in attachments if each.in_prompt or not prompt_only)
        for file in chosen:
            if file not in (POLICY_FILE, CASES_FILE):
                yield from self._page(file, LIMITS.attachment_bytes)

    def _page(self, file: str, limit: int) -> tuple[Page, ...]:
        raw = self.files.get(file, b"")
        if not raw or len(raw) > limit:
            return ()
        return (Page(file=file, first_line=1, text=_plain(raw.decode("utf-8", errors="replace"))),)


def places(lines: Sequence[int]) -> str:
    """Line numbers for a message, the first few of them: "line 3", "lines 3, 7"."""
    more = f" and {len(lines) - _NAMED_LINES} more" if len(lines) > _NAMED_LINES else ""
    return f"line{'s' * (len(lines) != 1)} {', '.join(map(str, lines[:_NAMED_LINES]))}{more}"


def shortened(text: str) -> str:
    """The beginning of a text on one line, for a message."""
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"


def _plain(text: str) -> str:
    return _LINE_END.sub("\n", text.removeprefix("\ufeff"))
