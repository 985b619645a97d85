"""Reads and writes `policy.md`. Pure.

A document keeps the bytes it was read from: writing gives them back (a byte-order mark, line ends,
unknown keys and comments included), and a changed front matter changes the asked keys only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from policies.errors import MalformedPolicyError
from policies.findings import Finding, errors_in
from policies.front_matter import POLICY_FILE, FrontMatter, edit_front_matter, read_front_matter
from policies.markdown import sections_of
from policies.model import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A policy, the bytes that say it, and its front matter with the places of its values."""

    raw: bytes
    policy: Policy
    front_matter: FrontMatter

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What reading found; a parsed document has warnings only."""
        return self.front_matter.findings


def parse_policy(raw: bytes, *, file: str = POLICY_FILE) -> Document:
    """The document that `raw` holds. Raises `MalformedPolicyError` with every finding."""
    document = read_policy(raw, file=file)
    if errors_in(document.findings):
        raise MalformedPolicyError(document.findings)
    return document


def read_policy(raw: bytes, *, file: str = POLICY_FILE) -> Document:
    """As much of a document as can be read; its `findings` say what could not. Raises nothing."""
    front_matter = read_front_matter(raw, file)
    outline = sections_of(front_matter.body, front_matter.body_line, front_matter.meta.codes)
    policy = Policy(
        meta=front_matter.meta,
        body=front_matter.body,
        body_line=front_matter.body_line,
        sections=outline.sections,
        dialect=outline.dialect,
    )
    return Document(raw=raw, policy=policy, front_matter=front_matter)


def render_policy(document: Document) -> bytes:
    """The bytes the document was read from."""
    return document.raw


def with_front_matter(document: Document, updates: Mapping[str, object]) -> Document:
    """The document with top-level keys set, or taken out where the value is None.

    Every other byte stays. Raises `MalformedPolicyError` when the result would not be a policy, and
    `TypeError` for a value that front matter cannot hold (a float).
    """
    return parse_policy(edit_front_matter(document.raw, updates))
