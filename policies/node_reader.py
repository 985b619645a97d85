"""Reads nodes of a front matter as the kinds that its fields have. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeVar

from policies.errors import InvalidNameError
from policies.findings import Finding, Severity
from policies.limits import LIMITS
from policies.reading_rules import MISSING_FIELD, UNKNOWN_FIELD, WRONG_FIELD
from policies.versions import parse_version
from policies.yaml_tree import ListNode, MapNode, Node, Scalar, plain_value

_URL = re.compile(r"https?://[^\s<>\"'`\\]+")
_KINDS = {ListNode: "a list", MapNode: "a map of keys and values"}

_Choice = TypeVar("_Choice", bound=StrEnum)
_Item = TypeVar("_Item")


class NodeReader:
    """Gives a node's value, or None and a finding when it is of another kind.

    A node that is not there or null gives None without a finding. `path` names the value in messages
    (`labels[2].code`); `first_line` is the file's line on which the tree begins.
    """

    def __init__(self, file: str, first_line: int) -> None:
        self.file = file
        self.first_line = first_line
        self.findings: list[Finding] = []

    def add(self, rule: str, node: Node, message: str, fix: str, severity: Severity = Severity.ERROR) -> None:
        """Notes a finding at the node, unless there are enough to keep an author busy already."""
        if len(self.findings) == LIMITS.findings:
            return
        line = node.place.line + self.first_line
        self.findings.append(
            Finding(rule=rule, severity=severity, file=self.file, line=line, message=message, fix=fix)
        )

    def wrong(self, node: Node, path: str, expected: str) -> None:
        """Notes that the node is not what is `expected`."""
        shown = f"{node.text[:60]!r}" if isinstance(node, Scalar) else _KINDS[type(node)]
        self.add(WRONG_FIELD, node, f"'{path}' is {shown}.", f"Give {expected}.")

    def text(self, node: Node | None, path: str) -> str | None:
        """Text that says something, or None."""
        if node is None or (isinstance(node, Scalar) and node.is_null):
            return None
        if not isinstance(node, Scalar):
            self.wrong(node, path, "a text")
            return None
        return node.text.strip() or None

    def shaped(self, node: Node | None, path: str, pattern: re.Pattern[str], expected: str) -> str | None:
        """Text of a given shape; `expected` says which."""
        text = self.text(node, path)
        if node is None or text is None or pattern.fullmatch(text):
            return text
        self.wrong(node, path, expected)
        return None

    def url(self, node: Node | None, path: str) -> str | None:
        """A web address. Only these schemes: pages link to it, and javascript: or data: would run there."""
        return self.shaped(node, path, _URL, "an address that begins with https:// or http://")

    def version(self, node: Node | None, path: str) -> str | None:
        """A semantic version."""
        text = self.text(node, path)
        if node is None or text is None:
            return None
        try:
            return str(parse_version(text))
        except InvalidNameError as error:
            self.add(WRONG_FIELD, node, f"'{path}' is {text[:60]!r}, which {error.rule}", error.remedy)
            return None

    def choice(self, node: Node | None, path: str, choices: type[_Choice]) -> _Choice | None:
        """One of the values of an enumeration."""
        text = self.text(node, path)
        if node is None or text is None:
            return None
        if text in choices.__members__.values():
            return choices(text)
        self.wrong(node, path, "one of " + ", ".join(choices))
        return None

    def flag(self, node: Node | None, path: str) -> bool | None:
        """`true` or `false` without quotes; `yes` or 1 mean different things to different readers."""
        if node is None or (isinstance(node, Scalar) and node.is_null):
            return None
        if isinstance(node, Scalar) and node.plain and node.text in ("true", "false"):
            return node.text == "true"
        self.wrong(node, path, "true or false")
        return None

    def integer(self, node: Node | None, path: str) -> int | None:
        """A plain decimal whole number."""
        if node is None or (isinstance(node, Scalar) and node.is_null):
            return None
        value = plain_value(node)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.wrong(node, path, "a whole number")
        return None

    def items(
        self, node: Node | None, path: str, read: Callable[[Node, str], _Item | None]
    ) -> tuple[_Item, ...]:
        """A list, each item read by `read`; refused items are left out."""
        if node is None or (isinstance(node, Scalar) and node.is_null):
            return ()
        if not isinstance(node, ListNode):
            self.wrong(node, path, "a list, such as [one, two]")
            return ()
        read_items = (read(item, f"{path}[{index}]") for index, item in enumerate(node.items))
        return tuple(item for item in read_items if item is not None)

    def texts(self, node: Node | None, path: str) -> tuple[str, ...]:
        """A list of texts."""
        return self.items(node, path, self.text)

    def maps(
        self, node: Node | None, path: str, read: Callable[[NodeReader, MapNode, str], _Item | None]
    ) -> tuple[_Item, ...]:
        """A list whose items are maps, each read by `read`."""

        def read_map(item: Node, item_path: str) -> _Item | None:
            if isinstance(item, MapNode):
                return read(self, item, item_path)
            self.wrong(item, item_path, "keys and values, such as {key: value}")
            return None

        return self.items(node, path, read_map)

    def map_items(self, node: Node | None, path: str, known: tuple[str, ...]) -> Mapping[str, Node]:
        """A map's items by key, after a warning about each key that has no effect."""
        if node is None or (isinstance(node, Scalar) and node.is_null):
            return {}
        if not isinstance(node, MapNode):
            self.wrong(node, path, f"keys and values, such as {{{known[0]}: ...}}")
            return {}
        return self.known(node, path, known)

    def known(self, node: MapNode, path: str, known: tuple[str, ...]) -> Mapping[str, Node]:
        """The map's items, after a warning about each key that has no effect."""
        for key, item in node.items.items():
            if key not in known:
                message = f"Key {key!r} of '{path}' is not known and has no effect."
                self.add(UNKNOWN_FIELD, item, message, f"Use {', '.join(known)}.", Severity.WARNING)
        return node.items

    def required(self, node: MapNode, path: str, key: str, value: _Item | None) -> _Item | None:
        """`value`, after a finding when the key is not there at all."""
        given = node.items.get(key)
        blank = isinstance(given, Scalar) and (given.is_null or not given.text.strip())
        if given is None or blank:
            self.add(MISSING_FIELD, node, f"'{path}' has no {key}.", f"Add '{key}: ...'.")
        return value
