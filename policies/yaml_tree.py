"""A careful subset of YAML: text, lists and maps with their places. Pure.

libyaml does the scanning; the values are ours. YAML readers disagree on what `no`, `1.10`, `012` or
`2027-12-31` mean, so scalars stay text here and each field decides (`fields.py`). Refused, because
two readers could see two documents or one reader could be exhausted: anchors, aliases, tags, merge
keys, duplicate and non-text keys, several documents, numbers beyond any range, deep nesting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import yaml

from policies.findings import Finding, Severity
from policies.limits import LIMITS
from policies.reading_rules import MALFORMED_FRONT_MATTER

# CPython's PyYAML wheels all carry libyaml; without it the pure scanner gives the same events, slowly.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_NOT_FINITE = re.compile(r"[-+]?\.(inf|nan)|[-+]?[0-9][0-9_]*(\.[0-9_]*)?e[+]?[0-9]{3,}", re.IGNORECASE)
# YAML 1.1 ends a line at these, YAML 1.2 and editors do not: line numbers and values would differ.
_ODD_BREAKS = re.compile("\r(?!\n)|[\x85\u2028\u2029]")
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands in the text it was read from: 0-based lines and columns, end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Scalar:
    """Text; `plain` when it stands without quotes and may be read as null, a flag or a number."""

    text: str
    plain: bool
    place: Place
    block: bool = False

    @property
    def is_null(self) -> bool:
        """Whether nothing is stated."""
        return self.plain and self.text in _NULLS


@dataclass(frozen=True, slots=True)
class ListNode:
    """A list; `block` when written with a hyphen a line."""

    items: tuple[Node, ...]
    place: Place
    block: bool


@dataclass(frozen=True, slots=True)
class MapNode:
    """A map in the order written, with the place of each key; `block` when written with a key a line."""

    items: dict[str, Node]
    keys: dict[str, Place]
    place: Place
    block: bool


Node: TypeAlias = "Scalar | ListNode | MapNode"


class YamlProblem(Exception):  # noqa: N818 - never leaves the document model; it becomes a finding
    """What was refused and on which 0-based line."""

    def __init__(self, line: int, message: str, fix: str) -> None:
        self.line = line
        self.message = message
        self.fix = fix
        super().__init__(message)

    def finding(self, file: str, first_line: int) -> Finding:
        """The problem as a finding; `first_line` is the file's line on which the text begins."""
        return Finding(
            rule=MALFORMED_FRONT_MATTER,
            severity=Severity.ERROR,
            file=file,
            line=self.line + first_line,
            message=self.message,
            fix=self.fix,
        )


def read_map(text: str) -> MapNode:
    """The top-level map of `text`. Raises `YamlProblem`."""
    odd = _ODD_BREAKS.search(text)
    if odd:
        line = text.count("\n", 0, odd.start())
        raise YamlProblem(line, "A line ends in a character other than a newline.", "Use plain line ends.")
    try:
        node = _document(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = f"Not valid YAML: {error.problem or error.context}."
        raise YamlProblem(mark.line if mark else 0, message, "Correct the YAML.") from None
    except yaml.YAMLError as error:
        position = getattr(error, "position", None)
        line = text.count("\n", 0, position) if isinstance(position, int) else 0
        raise YamlProblem(line, "A control character stands in the text.", "Remove it.") from None
    if not isinstance(node, MapNode):
        raise YamlProblem(0, "The front matter is not a list of keys and values.", "Write 'key: value' lines.")
    return node


def plain_value(node: Node) -> object:
    """The node as text, integers, flags, None, lists and dicts, by the narrowest reading.

    Only `true` and `false` are flags and only plain decimal integers of up to 18 digits are numbers;
    everything else (dates, versions, `no`, `1.0`) is text.
    """
    if isinstance(node, MapNode):
        return {key: plain_value(item) for key, item in node.items.items()}
    if isinstance(node, ListNode):
        return [plain_value(item) for item in node.items]
    if not node.plain:
        return node.text
    if node.text in _NULLS:
        return None
    if node.text in ("true", "false"):
        return node.text == "true"
    return int(node.text) if _INTEGER.fullmatch(node.text) else node.text


def _document(events: Iterator[yaml.Event]) -> Node | None:
    node: Node | None = None
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            if event.explicit or event.version or event.tags or node is not None:
                raise YamlProblem(
                    event.start_mark.line,
                    "A second document or a directive stands in the front matter.",
                    "Keep one document without directives.",
                )
        elif isinstance(event, yaml.NodeEvent):
            node = _node(event, events, 1)
    return node


def _node(event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
    line = event.start_mark.line
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
        raise YamlProblem(line, "Anchors and aliases are not allowed.", "Write the value out in each place.")
    if getattr(event, "tag", None) is not None:
        raise YamlProblem(line, f"The tag {event.tag!r} is not allowed.", "Remove it; quote text if need be.")
    if depth > LIMITS.front_matter_depth:
        limit = LIMITS.front_matter_depth
        raise YamlProblem(line, f"Values are nested more than {limit} deep.", "Flatten them.")
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event)
    if isinstance(event, yaml.SequenceStartEvent):
        return _list(event, events, depth)
    return _map(event, events, depth)


def _scalar(event: yaml.ScalarEvent) -> Scalar:
    plain = event.style is None or event.style == ""
    if plain and _NOT_FINITE.fullmatch(event.value):
        message = f"{event.value[:20]!r} is read as infinity or no number at all by some YAML readers."
        raise YamlProblem(event.start_mark.line, message, "Put it in quotes.")
    return Scalar(event.value, plain, _place(event, event), block=event.style in ("|", ">"))


def _list(start: yaml.SequenceStartEvent, events: Iterator[yaml.Event], depth: int) -> ListNode:
    items: list[Node] = []
    event = next(events)
    while not isinstance(event, yaml.SequenceEndEvent):
        items.append(_node(event, events, depth + 1))
        event = next(events)
    return ListNode(tuple(items), _end_of(start, event, items), block=not start.flow_style)


def _map(start: yaml.Event, events: Iterator[yaml.Event], depth: int) -> MapNode:
    items: dict[str, Node] = {}
    keys: dict[str, Place] = {}
    event = next(events)
    while not isinstance(event, yaml.MappingEndEvent):
        line = event.start_mark.line
        key = _node(event, events, depth + 1)
        if not isinstance(key, Scalar) or key.is_null:
            raise YamlProblem(line, "A key is not a text.", "Write 'key: value'.")
        if key.plain and key.text == "<<":
            raise YamlProblem(line, "Merge keys are not allowed.", "Write the values out.")
        if key.text in items:
            # Readers differ in which of the two they take.
            raise YamlProblem(line, f"Key {key.text!r} stands twice.", "Keep one of the two.")
        keys[key.text] = key.place
        items[key.text] = _node(next(events), events, depth + 1)
        event = next(events)
    return MapNode(items, keys, _end_of(start, event, list(items.values())), block=not start.flow_style)


def _end_of(start: yaml.Event, end: yaml.Event, children: list[Node]) -> Place:
    """A flow collection ends at its bracket; a block one with its last child (libyaml says: later)."""
    if start.flow_style or not children:
        return _place(start, end)
    last = children[-1].place
    return Place(start.start_mark.line, start.start_mark.column, last.end_line, last.end_column)


def _place(start: yaml.Event, end: yaml.Event) -> Place:
    return Place(start.start_mark.line, start.start_mark.column, end.end_mark.line, end.end_mark.column)
