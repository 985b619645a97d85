"""Changes single keys of a front matter and leaves every other character as it is. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from policies.meta_fields import FIELD_ORDER
from policies.yaml_text import value_lines
from policies.yaml_tree import MapNode, Node, Place, Scalar


class _Splice(NamedTuple):
    """Characters `start` to `end` of the text, and what takes their place."""

    start: int
    end: int
    text: str


def edit_text(text: str, root: MapNode, updates: Mapping[str, object], eol: str) -> str:
    """`text` with each key of `updates` set to its value, or taken out where that is None.

    `root` is the tree of `text`. A value is replaced where it stands, so that what follows it (a
    comment) stays; a new key goes where the format's order has it.
    """
    lines = _Lines(text)
    splices: list[_Splice] = []
    for key in sorted(updates, key=_rank):
        value = updates[key]
        if key not in root.items:
            if value is not None:
                splices.append(lines.insertion(root, key, _entry(key, value, "", eol)))
        elif value is None:
            splices.append(lines.removal(root, key))
        else:
            splices.append(lines.replacement(root, key, value, eol))
    parts: list[str] = []
    done = 0
    # What is put in before a line goes before what replaces the line. The sort is stable, so that
    # several new keys at one place keep the format's order.
    for splice in sorted(splices, key=lambda splice: (splice.start, splice.end)):
        parts += (text[done : splice.start], splice.text)
        done = splice.end
    return "".join((*parts, text[done:]))


class _Lines:
    """Offsets of a text's lines, and of the keys and values in them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(end.end() for end in re.finditer("\n", text))]

    def at(self, line: int, column: int) -> int:
        return self.starts[line] + column if line < len(self.starts) else len(self.text)

    def after_value(self, root: MapNode, key: str) -> int:
        """The offset of the line after the key's value."""
        first, node = root.keys[key].line, root.items[key]
        end_line = node.place.end_line
        if node.place.end_column == 0 and end_line > first:
            end_line -= 1  # a block of text ends where the next line begins
        if not _holds_blank_lines(node):
            while end_line > first and not self.line(end_line).strip():
                end_line -= 1
        return self.at(end_line + 1, 0)

    def line(self, number: int) -> str:
        return self.text[self.at(number, 0) : self.at(number + 1, 0)]

    def removal(self, root: MapNode, key: str) -> _Splice:
        return _Splice(self.at(root.keys[key].line, 0), self.after_value(root, key), "")

    def insertion(self, root: MapNode, key: str, entry: str) -> _Splice:
        before = [known for known in root.items if _rank(known) < _rank(key) < len(FIELD_ORDER)]
        nearest = max(before, key=_rank, default=None)
        offset = self.after_value(root, nearest) if nearest else len(self.text)
        return _Splice(offset, offset, entry)

    def replacement(self, root: MapNode, key: str, value: object, eol: str) -> _Splice:
        node, place = root.items[key], root.keys[key]
        head, below = value_lines(value)
        if not below and _ends_where_it_says(node):
            start = self.at(node.place.line, node.place.column)
            end = self.at(node.place.end_line, node.place.end_column)
            return _Splice(start, end, f" {head}" if start == end else head)
        written_key = self.text[self.at(place.line, place.column) : self.at(place.end_line, place.end_column)]
        comment = self.comment_of(node, place)
        entry = _entry(written_key, value, comment, eol)
        return _Splice(self.at(place.line, 0), self.after_value(root, key), entry)

    def comment_of(self, node: Node, key: Place) -> str:
        """The comment behind a value on its key's line, or behind the key of a value below it."""
        if node.place.line > key.line:
            rest = self.line(key.line)[key.end_column :].lstrip().removeprefix(":")
        elif _ends_where_it_says(node):
            rest = self.line(node.place.end_line)[node.place.end_column :]
        else:
            return ""
        rest = rest.strip()
        return f"  {rest}" if rest.startswith("#") else ""


def _ends_where_it_says(node: Node) -> bool:
    """Whether the node's place ends right behind its last character (a block's ends on a later line)."""
    return not node.block


def _holds_blank_lines(node: Node) -> bool:
    """Whether the blank lines behind a value belong to it: a block of text may keep them (`|+`)."""
    while not isinstance(node, Scalar):
        children = list(node.items.values()) if isinstance(node, MapNode) else node.items
        if not children:
            return False
        node = children[-1]
    return node.block and (node.text.endswith("\n\n") or node.text == "\n")


def _entry(written_key: str, value: object, comment: str, eol: str) -> str:
    head, below = value_lines(value)
    first = f"{written_key}: {head}" if head else f"{written_key}:"
    return "".join(f"{line}{eol}" for line in (first + comment, *below))


def _rank(key: str) -> int:
    return FIELD_ORDER.index(key) if key in FIELD_ORDER else len(FIELD_ORDER)
