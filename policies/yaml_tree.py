"""A careful subset of YAML: text, lists and maps with their places. Pure.

libyaml does the scanning; the values are ours. YAML readers disagree on what `no`, `1.10`, `012` or
`2027-12-31` mean, so scalars stay text here and each field decides (`meta_fields.py`). Refused, because
two readers could see two documents or one reader could be exhausted: anchors, aliases, tags, merge
keys, duplicate and non-text keys, several documents, numbers beyond any range, deep nesting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

import yaml

from policies.findings import Finding, Severity
from policies.limits import LIMITS
from policies.reading_rules import MALFORMED_FRONT_MATTER

_NOT_FINITE = re.compile(r"[-+]?\.(inf|nan)|[-+]?[0-9][0-9_]*(\.[0-9_]*)?e[+]?[0-9]{3,}", re.IGNORECASE)
# What YAML cannot hold (spec 1.1, 5.1), and characters that end a line for some readers only: a bare
# carriage return and the Unicode line ends.
_FORBIDDEN = re.compile(
    "\r(?!\n)|[\u2028\u2029]|[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_NUMBER_STARTS = frozenset("+-.0123456789")
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")


class Place(NamedTuple):
    """Where a value stands in the text it was read from: 0-based lines and columns, end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


class Scalar(NamedTuple):
    """Text; `plain` when it stands without quotes and may be read as null, a flag or a number."""

    text: str
    plain: bool
    place: Place
    block: bool = False

    @property
    def is_null(self) -> bool:
        """Whether nothing is stated."""
        return self.plain and self.text in _NULLS


class ListNode(NamedTuple):
    """A list; `block` when written with a hyphen a line."""

    items: tuple[Node, ...]
    place: Place
    block: bool


class MapNode(NamedTuple):
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
    forbidden = _FORBIDDEN.search(text)
    if forbidden:
        raise YamlProblem(
            text.count("\n", 0, forbidden.start()),
            f"The character U+{ord(forbidden[0]):04X} cannot stand in front matter.",
            "Remove it, or write it as an escape in double quotes.",
        )
    try:
        node = _document(iter(yaml.CSafeLoader(text).get_event, None))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = f"Not valid YAML: {error.problem or error.context}."
        raise YamlProblem(mark.line if mark else 0, message, "Correct the YAML.") from None
    if not isinstance(node, MapNode):
        raise YamlProblem(
            0, "The front matter is not a list of keys and values.", "Write 'key: value' lines."
        )
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
                    _line(event),
                    "A second document or a directive stands in the front matter.",
                    "Keep one document without directives.",
                )
        elif isinstance(event, yaml.NodeEvent):
            node = _node(event, events, 1)
    return node


def _node(event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event)
    if isinstance(event, yaml.AliasEvent):
        raise _anchor_problem(event)
    if not isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
        raise YamlProblem(_line(event), "Not valid YAML: a value is missing.", "Correct the YAML.")
    if event.anchor is not None:
        raise _anchor_problem(event)
    if event.tag is not None:
        raise _tag_problem(event, event.tag)
    if depth > LIMITS.front_matter_depth:
        limit = LIMITS.front_matter_depth
        raise YamlProblem(_line(event), f"Values are nested more than {limit} deep.", "Flatten them.")
    return (_list if isinstance(event, yaml.SequenceStartEvent) else _map)(event, events, depth)


def _scalar(event: yaml.ScalarEvent) -> Scalar:
    if event.anchor is not None:
        raise _anchor_problem(event)
    if event.tag is not None:
        raise _tag_problem(event, event.tag)
    plain = not event.style
    if plain and event.value[:1] in _NUMBER_STARTS and _NOT_FINITE.fullmatch(event.value):
        message = f"{event.value[:20]!r} is read as infinity or no number at all by some YAML readers."
        raise YamlProblem(_line(event), message, "Put it in quotes.")
    return Scalar(event.value, plain, _place(event, event), event.style in ("|", ">"))


def _list(start: yaml.CollectionStartEvent, events: Iterator[yaml.Event], depth: int) -> ListNode:
    items: list[Node] = []
    while not isinstance(event := next(events), yaml.SequenceEndEvent):
        items.append(_node(event, events, depth + 1))
    return ListNode(tuple(items), _end_of(start, event, items), not start.flow_style)


def _map(start: yaml.CollectionStartEvent, events: Iterator[yaml.Event], depth: int) -> MapNode:
    items: dict[str, Node] = {}
    keys: dict[str, Place] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        key = _node(event, events, depth + 1)
        if not isinstance(key, Scalar) or key.is_null:
            raise YamlProblem(_line(event), "A key is not a text.", "Write 'key: value'.")
        if key.plain and key.text == "<<":
            raise YamlProblem(key.place.line, "Merge keys are not allowed.", "Write the values out.")
        if key.text in items:
            # Readers differ in which of the two they take.
            raise YamlProblem(key.place.line, f"Key {key.text!r} stands twice.", "Keep one of the two.")
        keys[key.text] = key.place
        items[key.text] = _node(next(events), events, depth + 1)
    return MapNode(items, keys, _end_of(start, event, list(items.values())), not start.flow_style)


def _end_of(start: yaml.CollectionStartEvent, end: yaml.Event, children: list[Node]) -> Place:
    """A flow collection ends at its bracket; a block one with its last child (libyaml says: later)."""
    place = _place(start, end)
    if start.flow_style or not children:
        return place
    last = children[-1].place
    return Place(place.line, place.column, last.end_line, last.end_column)


def _place(start: yaml.Event, end: yaml.Event) -> Place:
    first, last = start.start_mark, end.end_mark
    assert first is not None
    assert last is not None
    return Place(first.line, first.column, last.line, last.column)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line if event.start_mark else 0


def _anchor_problem(event: yaml.Event) -> YamlProblem:
    return YamlProblem(
        _line(event), "Anchors and aliases are not allowed.", "Write the value out in each place."
    )


def _tag_problem(event: yaml.Event, tag: str) -> YamlProblem:
    return YamlProblem(_line(event), f"The tag {tag!r} is not allowed.", "Remove it; quote text if need be.")
