"""From the front matter's tree to `Meta`, field by field. Pure."""

from __future__ import annotations

import re

from policies.errors import InvalidNameError
from policies.findings import Finding
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
from policies.node_reader import NodeReader
from policies.reading_rules import MISSING_FIELD, WRONG_FIELD
from policies.yaml_tree import ListNode, MapNode, Node, plain_value

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


def meta_of(root: MapNode, file: str, first_line: int) -> tuple[Meta, tuple[Finding, ...]]:
    """The front matter's values, with a finding for each one that is missing or of the wrong kind.

    A refused value is left at its default. `first_line` is the file's line on which the tree begins.
    """
    reader = NodeReader(file, first_line)
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
        credits=reader.maps(get("credits"), "credits", _credit),
        support=_support(reader, get("support")),
        attachments=reader.maps(get("attachments"), "attachments", _attachment),
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


def _licenses(reader: NodeReader, node: Node | None) -> Licenses:
    items = reader.map_items(node, "licenses", ("text", "cases"))
    return Licenses(
        text=reader.text(items.get("text"), "licenses.text"),
        cases=reader.text(items.get("cases"), "licenses.cases"),
    )


def _version_ref(reader: NodeReader, node: Node | None, path: str) -> VersionRef | None:
    items = reader.map_items(node, path, ("policy", "version", "commit"))
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
        reader.add(
            WRONG_FIELD, items["policy"], f"'{path}.policy' is {error.value!r}: it {error.rule}", error.remedy
        )
        return None
    if address.slug is None or address.version is not None:
        reader.wrong(
            items["policy"], f"{path}.policy", "a policy's address such as roost/spam, its version apart"
        )
        return None
    return VersionRef(policy=policy, version=version, commit=commit)


def _support(reader: NodeReader, node: Node | None) -> Support | None:
    items = reader.map_items(node, "support", ("until", "superseded_by", "reason"))
    if not items:
        return None
    return Support(
        until=reader.shaped(items.get("until"), "support.until", _DATE, "a date such as 2027-12-31"),
        superseded_by=reader.text(items.get("superseded_by"), "support.superseded_by"),
        reason=reader.text(items.get("reason"), "support.reason"),
    )


def _applies_to(reader: NodeReader, node: Node | None) -> AppliesTo:
    items = reader.map_items(node, "applies_to", ("surfaces", "jurisdictions", "audiences"))
    return AppliesTo(
        surfaces=reader.texts(items.get("surfaces"), "applies_to.surfaces"),
        jurisdictions=reader.texts(items.get("jurisdictions"), "applies_to.jurisdictions"),
        audiences=reader.texts(items.get("audiences"), "applies_to.audiences"),
    )


def _credit(reader: NodeReader, node: MapNode, path: str) -> Credit | None:
    items = reader.known(node, path, ("name", "role", "url"))
    name = reader.required(node, path, "name", reader.text(items.get("name"), f"{path}.name"))
    role = reader.text(items.get("role"), f"{path}.role") or "author"
    url = reader.url(items.get("url"), f"{path}.url")
    return None if name is None else Credit(name=name, role=role, url=url)


def _attachment(reader: NodeReader, node: MapNode, path: str) -> Attachment | None:
    items = reader.known(node, path, ("file", "in_prompt"))
    file = reader.required(node, path, "file", reader.text(items.get("file"), f"{path}.file"))
    in_prompt = reader.flag(items.get("in_prompt"), f"{path}.in_prompt") or False
    return None if file is None else Attachment(file=file, in_prompt=in_prompt)


def _labels(reader: NodeReader, node: Node | None) -> tuple[Label, ...]:
    labels = reader.maps(node, "labels", _label)
    codes: set[str] = set()
    for index, label in enumerate(labels):
        if label.code in codes and isinstance(node, ListNode):
            place = node.items[index]
            message = f"'labels' defines the code {label.code!r} twice."
            reader.add(WRONG_FIELD, place, message, "Give each label a code of its own.")
        codes.add(label.code)
    return labels


def _label(reader: NodeReader, node: MapNode, path: str) -> Label | None:
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
