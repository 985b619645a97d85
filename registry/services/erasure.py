"""What a redaction takes out of files: pure transforms over paths and bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from registry.services.errors import InputRefusedError
from registry.store.blocklist import line_digest
from registry.store.refs import policy_dir

MARK = "(redacted)"
"""What stands where words were. Parentheses are plain text in YAML, Markdown and JSON alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What to erase from one policy: cases by id, whole attachments, literal words."""

    slug: str
    cases: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()
    words: str | None = None

    def __post_init__(self) -> None:
        if protected := self.files & {"policy.md", "cases.jsonl"}:
            raise InputRefusedError(
                f"{self.slug}/{min(protected)}",
                "a policy without this file is no policy.",
                "Redact words or cases of it, or an attachment.",
            )
        if self.words is not None and len(self.words.strip()) < 4:
            raise InputRefusedError(
                "words", "fewer than four characters would hit too much.", "Give the whole phrase."
            )

    @property
    def kinds(self) -> tuple[str, ...]:
        """What the log says was erased: kinds only, never the thing itself."""
        named = (("cases", self.cases), ("attachments", self.files), ("words", self.words))
        return tuple(kind for kind, given in named if given)


@dataclass(slots=True)
class Eraser:
    """Applies a target to files and notes what it found and what may not return."""

    target: Target
    blocked: set[str] = field(default_factory=set)
    found: set[str] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)
    """Ids of the cases that were dropped or changed: their traces leave the runs, too."""

    def transform(self, path: str, raw: bytes) -> bytes | None:
        """The file without what is erased; None drops the file."""
        name = path.removeprefix(f"{policy_dir(self.target.slug)}/")
        if name in self.target.files:
            self.found.add(name)
            self.blocked |= {line_digest(line) for line in _lines(raw) if len(line.strip()) > 20}
            return None
        if name == "cases.jsonl" and self.target.cases:
            raw = self._without_cases(raw)
        if self.target.words is not None:
            raw = self._without_words(raw)
        return raw

    def missing(self) -> frozenset[str]:
        """Cases and files that were asked for and stood nowhere in the history."""
        return (self.target.cases | self.target.files) - self.found

    def _without_cases(self, raw: bytes) -> bytes:
        kept: list[bytes] = []
        for line in raw.splitlines(keepends=True):
            case = _case(line)
            if case is not None and case.get("id") in self.target.cases:
                self.found.add(str(case["id"]))
                self.touched.add(str(case["id"]))
                self.blocked.add(line_digest(line.decode("utf-8", "replace")))
                if isinstance(case.get("content"), str):
                    self.blocked.add(line_digest(str(case["content"])))
            else:
                kept.append(line)
        return b"".join(kept)

    def _without_words(self, raw: bytes) -> bytes:
        assert self.target.words is not None
        words = self.target.words
        # The same words as they stand in text, and as JSON may spell them.
        spellings = {words, json.dumps(words)[1:-1], json.dumps(words, ensure_ascii=False)[1:-1]}
        kept: list[bytes] = []
        for line in raw.splitlines(keepends=True):
            new = line
            for spelling in sorted(spellings, key=len, reverse=True):
                new = new.replace(spelling.encode(), MARK.encode())
            if new != line:
                self.found.add(words)
                self.blocked.add(line_digest(line.decode("utf-8", "replace")))
                case = _case(line) or {}
                self.touched.add(str(case.get("id")))
                if isinstance(case.get("content"), str):
                    self.blocked.add(line_digest(str(case["content"])))
            kept.append(new)
        return b"".join(kept)


def _lines(raw: bytes) -> Iterator[str]:
    yield from raw.decode("utf-8", "replace").splitlines()


def _case(line: bytes) -> Mapping[str, object] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
