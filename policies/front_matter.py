"""The YAML front matter of `policy.md`: where it stands and what it says. Pure.

The values are built from the scalars themselves (`yaml_tree.py`, `meta_fields.py`), so that a
version `1.10` or a date stays the text its author wrote.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from policies.errors import MalformedPolicyError
from policies.findings import Finding, Severity
from policies.front_matter_edit import edit_text
from policies.limits import KIB, LIMITS
from policies.meta_fields import meta_of
from policies.model import Meta
from policies.reading_rules import FILE_SIZE, FILE_TEXT, MALFORMED_FRONT_MATTER, NO_FRONT_MATTER
from policies.yaml_text import plain_copy
from policies.yaml_tree import ListNode, MapNode, Node, YamlProblem, plain_value, read_map

POLICY_FILE = "policy.md"

_BOM = "\ufeff"
_OPENING = re.compile(r"\ufeff?---[ \t]*(\r?\n)")
_CLOSING = re.compile(r"^---[ \t]*(?:\r?\n|\Z)", re.MULTILINE)


class KeySpan(NamedTuple):
    """The 1-based lines of a top-level key and its value, the last one inclusive."""

    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """What stands before and in the front matter, and the text behind it.

    `meta` is what it means. `body` is the rest of the file, `body_line` its first line (1-based).
    """

    meta: Meta
    body: str
    body_line: int
    findings: tuple[Finding, ...]
    tree: MapNode | None = None

    @property
    def values(self) -> Mapping[str, object]:
        """The plain value of every key, known or not, by the narrowest reading of YAML."""
        if self.tree is None:
            return {}
        return {key: plain_value(node) for key, node in self.tree.items.items()}

    @property
    def spans(self) -> Mapping[str, KeySpan]:
        """Where each top-level key stands in the file."""
        if self.tree is None:
            return {}
        return {
            key: KeySpan(
                place.line + _FIRST_LINE, max(place.line, _last_line(self.tree.items[key])) + _FIRST_LINE
            )
            for key, place in self.tree.keys.items()
        }

    def line_of(self, *steps: str | int) -> int:
        """The file's line of a value, such as `line_of("labels", 0, "code")`.

        Steps that lead nowhere are ignored: the answer is the line of the nearest value above.
        """
        if self.tree is None:
            return 1
        node: Node = self.tree
        line = node.place.line
        for step in steps:
            if isinstance(node, MapNode) and isinstance(step, str) and step in node.items:
                line, node = node.keys[step].line, node.items[step]
            elif isinstance(node, ListNode) and isinstance(step, int) and step < len(node.items):
                node = node.items[step]
                line = node.place.line
            else:
                break
        return line + _FIRST_LINE


_FIRST_LINE = 2
"""The file's line on which the front matter's text begins: the one below the fence."""


class _Parts(NamedTuple):
    """`opening + matter + closing + body` is the text, character for character."""

    opening: str
    eol: str
    matter: str
    closing: str
    body: str


def read_front_matter(raw: bytes, file: str = POLICY_FILE) -> FrontMatter:
    """Reads the front matter of a file and collects every problem; raises nothing.

    Where there is none, or it cannot be read, `meta` has an empty title and the findings say why.
    """
    text, findings = _text(raw, file)
    parts = _parts(text)
    if parts is None:
        if text or not findings:
            findings += (_no_front_matter(text, file),)
        body = text.removeprefix(_BOM)
        return FrontMatter(meta=Meta(title=""), body=body, body_line=1, findings=findings)
    body_line = 1 + sum(part.count("\n") for part in parts[:1] + parts[2:4])
    try:
        tree = _tree(parts)
    except YamlProblem as problem:
        findings += (problem.finding(file, _FIRST_LINE),)
        return FrontMatter(meta=Meta(title=""), body=parts.body, body_line=body_line, findings=findings)
    meta, field_findings = meta_of(tree, file, _FIRST_LINE)
    return FrontMatter(
        meta=meta,
        body=parts.body,
        body_line=body_line,
        findings=findings + field_findings,
        tree=tree,
    )


def edit_front_matter(raw: bytes, updates: Mapping[str, object], *, file: str = POLICY_FILE) -> bytes:
    """`raw` with the top-level keys of `updates` set, or taken out where the value is None.

    Every other byte stays: key order, comments, line ends, a byte-order mark. Values are text, whole
    numbers, flags, lists and maps (else `TypeError`). Raises `MalformedPolicyError` when the front
    matter cannot be read, or is laid out so that the key cannot be changed alone.
    """
    text, findings = _text(raw, file)
    parts = _parts(text)
    if parts is None or findings:
        raise MalformedPolicyError(findings or (_no_front_matter(text, file),))
    try:
        tree = _tree(parts)
        matter = edit_text(parts.matter, tree, updates, parts.eol)
        _check_edit(tree, read_map(matter), updates)
    except YamlProblem as problem:
        raise MalformedPolicyError((problem.finding(file, _FIRST_LINE),)) from None
    return "".join((parts.opening, matter, parts.closing, parts.body)).encode("utf-8")


def _text(raw: bytes, file: str) -> tuple[str, tuple[Finding, ...]]:
    if len(raw) > LIMITS.policy_bytes:
        size, limit = len(raw) // KIB, LIMITS.policy_bytes // KIB
        message = f"The file has {size} KiB; at most {limit} KiB are allowed."
        return "", (_finding(FILE_SIZE, file, 0, message, "Move parts into attachments."),)
    try:
        return raw.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        finding = _finding(FILE_TEXT, file, line, "A byte is not UTF-8.", "Save the file as UTF-8.")
        return raw.decode("utf-8", errors="replace"), (finding,)


def _parts(text: str) -> _Parts | None:
    opening = _OPENING.match(text)
    closing = _CLOSING.search(text, opening.end()) if opening else None
    if opening is None or closing is None:
        return None
    return _Parts(
        opening=opening[0],
        eol=opening[1],
        matter=text[opening.end() : closing.start()],
        closing=closing[0],
        body=text[closing.end() :],
    )


def _tree(parts: _Parts) -> MapNode:
    size = len(parts.matter.encode("utf-8"))
    if size > LIMITS.front_matter_bytes:
        limit = LIMITS.front_matter_bytes // KIB
        raise YamlProblem(0, f"The front matter has {size // KIB} KiB, more than {limit}.", "Shorten it.")
    tree = read_map(parts.matter)
    for place in tree.keys.values():
        if place.column or not tree.block:
            remedy = "Write one 'key: value' a line, at the line's beginning."
            raise YamlProblem(place.line, "A top-level key does not begin its line.", remedy)
    return tree


def _check_edit(before: MapNode, after: MapNode, updates: Mapping[str, object]) -> None:
    """Holds an edit to its promise, whatever the layout: the asked keys changed and no others."""
    expected = {key: plain_value(node) for key, node in before.items.items() if key not in updates}
    expected |= {key: plain_copy(value) for key, value in updates.items() if value is not None}
    actual = {key: plain_value(node) for key, node in after.items.items()}
    if actual != expected:
        wrong = next(key for key in expected | actual if expected.get(key) != actual.get(key))
        line = before.keys[wrong].line if wrong in before.keys else 0
        raise YamlProblem(
            line, f"Key {wrong!r} cannot be changed alone.", "Write it as 'key: value' on one line."
        )


def _no_front_matter(text: str, file: str) -> Finding:
    if _OPENING.match(text):
        message = "The front matter is not closed."
        return _finding(MALFORMED_FRONT_MATTER, file, 1, message, "End it with a line '---'.")
    fix = "Begin with a line '---', then 'title: ...', labels and licenses, and end with a line '---'."
    return _finding(NO_FRONT_MATTER, file, 1, "The file has no front matter.", fix)


def _last_line(node: Node) -> int:
    place = node.place
    return place.end_line - 1 if place.end_column == 0 and place.end_line > place.line else place.end_line


def _finding(rule: str, file: str, line: int, message: str, fix: str) -> Finding:
    return Finding(rule=rule, severity=Severity.ERROR, file=file, line=line, message=message, fix=fix)
