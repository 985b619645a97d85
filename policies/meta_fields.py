"""From the front matter's tree to `Meta`, field by field. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeVar

from policies.errors import InvalidNameError
from policies.findings import Finding, Severity
from policies.model import (
    AppliesTo,
    Attachment,
    Credit,
    Handling,
    Label,
    Labelling,
    Licenses,
    Meta,
    Status,
    Subject,
    Support,
    VersionRef,
)
from policies.names import parse_address
from policies.reading_rules import MISSING_FIELD, UNKNOWN_FIELD, WRONG_FIELD
from policies.versions import parse_version
from policies.yaml_tree import ListNode, MapNode, Node, Scalar, plain_value

FIELD_ORDER = (
    "title",
    "summary",
    "version",
    "status",
    "licenses",
    "terms",
    "language",
    "translation_of",
    "maintainers",
    "credits",
    "support",
    "attachments",
    "labels",
    "labelling",
    "subject",
    "applies_to",
    "content_warnings",
    "upstream",
    "links",
)
"""The keys that this version knows, in the order in which they are written."""

# A code is a word of a heading and a token that a model must repeat: no spaces, no punctuation.
_CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,30}[A-Za-z0-9])?")
# The shape of BCP 47 (RFC 5646, 2.1) without its registry.
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_DATE = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_URL = re.compile(r"https?://[^\s<>\"'`\\]+")

_Choice = TypeVar("_Choice", bound=StrEnum)
_Item = TypeVar("_Item")


def meta_of(root: MapNode, file: str, first_line: int) -> tuple[Meta, tuple[Finding, ...]]:
    """The front matter's values, with a finding for each one that is missing or of the wrong kind.

    A refused value is left at its default. `first_line` is the file's line on which the tree begins.
    """
    reader = _Reader(file, first_line)
    get = root.items.get
    title = reader.text(get("title"), "title")
    if title is None:
        reader.add(MISSING_FIELD, root, "The policy has no title.", "Add 'title: ...' to the front matter.")
    meta = Meta(
        title=title or "",
        summary=reader.text(get("summary"), "summary") or "",
        version=reader.version(get("version"), "version") or "0.1.0",
        status=reader.choice(get("status"), "status", Status) or Status.DRAFT,
        licenses=_licenses(reader, get("licenses")),
        terms=reader.url(get("terms"), "terms"),
        language=reader.shaped(get("language"), "language", _LANGUAGE, "a language tag such as en or pt-BR")
        or "en",
        translation_of=_version_ref(reader, get("translation_of"), "translation_of"),
        maintainers=reader.texts(get("maintainers"), "maintainers"),
        credits=reader.list(get("credits"), "credits", _credit),
        support=_support(reader, get("support")),
        attachments=reader.list(get("attachments"), "attachments", _attachment),
        labels=_labels(reader, get("labels")),
        labelling=reader.choice(get("labelling"), "labelling", Labelling) or Labelling.SINGLE,
        subject=reader.choice(get("subject"), "subject", Subject) or Subject.CONTENT,
        applies_to=_applies_to(reader, get("applies_to")),
        content_warnings=reader.texts(get("content_warnings"), "content_warnings"),
        upstream=_version_ref(reader, get("upstream"), "upstream"),
        links=reader.items(get("links"), "links", reader.url),
        extra={key: plain_value(node) for key, node in root.items.items() if key not in FIELD_ORDER},
    )
    return meta, tuple(reader.findings)


class _Reader:
    """Reads nodes as the kinds a field may have and notes what does not fit."""

    def __init__(self, file: str, first_line: int) -> None:
        self.file = file
        self.first_line = first_line
        self.findings: list[Finding] = []

    def add(
        self, rule: str, node: Node, message: str, fix: str, severity: Severity = Severity.ERROR
    ) -> None:
        line = node.place.line + self.first_line
        self.findings.append(
            Finding(rule=rule, severity=severity, file=self.file, line=line, message=message, fix=fix)
        )

    def wrong(self, node: Node, path: str, expected: str) -> None:
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

    def shaped(
        self, node: Node | None, path: str, pattern: re.Pattern[str], expected: str
    ) -> str | None:
        text = self.text(node, path)
        if node is None or text is None or pattern.fullmatch(text):
            return text
        self.wrong(node, path, expected)
        return None

    def url(self, node: Node | None, path: str) -> str | None:
        # Only these schemes: a page will link to it, and javascript: or data: would run there.
        return self.shaped(node, path, _URL, "an address that begins with https:// or http://")

    def version(self, node: Node | None, path: str) -> str | None:
        text = self.text(node, path)
        if node is None or text is None:
            return None
        try:
            return str(parse_version(text))
        except InvalidNameError as error:
            self.add(WRONG_FIELD, node, f"'{path}' is {text[:60]!r}, which {error.rule}", error.remedy)
            return None

    def choice(self, node: Node | None, path: str, choices: type[_Choice]) -> _Choice | None:
        text = self.text(node, path)
        if node is None or text is None:
            return None
        if text in choices.__members__.values():
            return choices(text)
        self.wrong(node, path, "one of " + ", ".join(choices))
        return None

    def flag(self, node: Node | None, path: str) -> bool | None:
        if node is None or (isinstance(node, Scalar) and node.is_null):
            return None
        if isinstance(node, Scalar) and node.plain and node.text in ("true", "false"):
            return node.text == "true"
        self.wrong(node, path, "true or false")
        return None

    def integer(self, node: Node | None, path: str) -> int | None:
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
        if node is None or (isinstance(node, Scalar) and node.is_null):
            return ()
        if not isinstance(node, ListNode):
            self.wrong(node, path, "a list, such as [one, two]")
            return ()
        read_items = (read(item, f"{path}[{index}]") for index, item in enumerate(node.items))
        return tuple(item for item in read_items if item is not None)

    def texts(self, node: Node | None, path: str) -> tuple[str, ...]:
        return self.items(node, path, self.text)

    def list(
        self, node: Node | None, path: str, read: Callable[[_Reader, MapNode, str], _Item | None]
    ) -> tuple[_Item, ...]:
        """A list of maps."""

        def read_map(item: Node, item_path: str) -> _Item | None:
            if isinstance(item, MapNode):
                return read(self, item, item_path)
            self.wrong(item, item_path, "keys and values, such as {key: value}")
            return None

        return self.items(node, path, read_map)

    def map(self, node: Node | None, path: str, known: tuple[str, ...]) -> Mapping[str, Node]:
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


_KINDS = {ListNode: "a list", MapNode: "a map of keys and values"}


def _licenses(reader: _Reader, node: Node | None) -> Licenses:
    items = reader.map(node, "licenses", ("text", "cases"))
    return Licenses(
        text=reader.text(items.get("text"), "licenses.text"),
        cases=reader.text(items.get("cases"), "licenses.cases"),
    )


def _version_ref(reader: _Reader, node: Node | None, path: str) -> VersionRef | None:
    items = reader.map(node, path, ("policy", "version", "commit"))
    if not items or not isinstance(node, MapNode):
        return None
    policy = reader.required(node, path, "policy", reader.text(items.get("policy"), f"{path}.policy"))
    version = reader.version(items.get("version"), f"{path}.version")
    commit = reader.shaped(items.get("commit"), f"{path}.commit", _COMMIT, "a commit id of 40 hex digits")
    if policy is None:
        return None
    try:
        address = parse_address(policy)
    except InvalidNameError as error:
        reader.add(WRONG_FIELD, items["policy"], f"'{path}.policy' is {error.value!r}: it {error.rule}",
                   error.remedy)
        return None
    if address.slug is None or address.version is not None:
        reader.wrong(items["policy"], f"{path}.policy", "a policy's address such as roost/spam, its version apart")
        return None
    return VersionRef(policy=policy, version=version, commit=commit)


def _support(reader: _Reader, node: Node | None) -> Support | None:
    items = reader.map(node, "support", ("until", "superseded_by", "reason"))
    if not items:
        return None
    return Support(
        until=reader.shaped(items.get("until"), "support.until", _DATE, "a date such as 2027-12-31"),
        superseded_by=reader.text(items.get("superseded_by"), "support.superseded_by"),
        reason=reader.text(items.get("reason"), "support.reason"),
    )


def _applies_to(reader: _Reader, node: Node | None) -> AppliesTo:
    items = reader.map(node, "applies_to", ("surfaces", "jurisdictions", "audiences"))
    return AppliesTo(
        surfaces=reader.texts(items.get("surfaces"), "applies_to.surfaces"),
        jurisdictions=reader.texts(items.get("jurisdictions"), "applies_to.jurisdictions"),
        audiences=reader.texts(items.get("audiences"), "applies_to.audiences"),
    )


def _credit(reader: _Reader, node: MapNode, path: str) -> Credit | None:
    items = reader.known(node, path, ("name", "role", "url"))
    name = reader.required(node, path, "name", reader.text(items.get("name"), f"{path}.name"))
    role = reader.text(items.get("role"), f"{path}.role") or "author"
    url = reader.url(items.get("url"), f"{path}.url")
    return None if name is None else Credit(name=name, role=role, url=url)


def _attachment(reader: _Reader, node: MapNode, path: str) -> Attachment | None:
    items = reader.known(node, path, ("file", "in_prompt"))
    file = reader.required(node, path, "file", reader.text(items.get("file"), f"{path}.file"))
    in_prompt = reader.flag(items.get("in_prompt"), f"{path}.in_prompt") or False
    return None if file is None else Attachment(file=file, in_prompt=in_prompt)


def _labels(reader: _Reader, node: Node | None) -> tuple[Label, ...]:
    labels = reader.list(node, "labels", _label)
    codes: set[str] = set()
    for index, label in enumerate(labels):
        if label.code in codes and isinstance(node, ListNode):
            place = node.items[index]
            message = f"'labels' defines the code {label.code!r} twice."
            reader.add(WRONG_FIELD, place, message, "Give each label a code of its own.")
        codes.add(label.code)
    return labels


def _label(reader: _Reader, node: MapNode, path: str) -> Label | None:
    items = reader.known(node, path, ("code", "title", "violates", "severity", "handling"))
    code = reader.shaped(
        items.get("code"), f"{path}.code", _CODE, "letters, digits and . _ / - inside, such as SP2"
    )
    code = reader.required(node, path, "code", code)
    title = reader.required(node, path, "title", reader.text(items.get("title"), f"{path}.title"))
    violates = reader.required(node, path, "violates", reader.flag(items.get("violates"), f"{path}.violates"))
    severity = reader.integer(items.get("severity"), f"{path}.severity")
    handling = reader.choice(items.get("handling"), f"{path}.handling", Handling)
    if code is None or title is None or violates is None:
        return None
    return Label(code=code, title=title, violates=violates, severity=severity, handling=handling)
