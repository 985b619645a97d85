"""What the fields of an event may hold."""

from __future__ import annotations

import msgspec
import pytest

from governance import payloads
from governance.errors import MalformedEventError
from governance.payloads import TYPES, payload_json, read_payload
from tests.unit.governance.history import history

ALLOWED = {
    "Oid": ["0" * 39 + "1", "f" * 40],
    "Sha256": ["0" * 64],
    "Handle": ["a", "ana", "a-b", "0", "a" * 39],
    "Slug": ["spam", "a" * 63],
    "CommonsName": ["roost", "~ana", "roost/teen-safety", "/".join(["a"] * 8)],
    "Version": ["0.0.0", "1.20.300", "999999999.0.0"],
    "RefName": ["refs/heads/main", "refs/tags/spam/v1.0.0"],
    "Word": ["lexical@1", "solo@1", "a_b.c"],
    "Figure": ["0.8", "-1", "92.5%", "100"],
    "PlaceFile": ["policies/spam/policy.md", "policies/a-1/cases.jsonl", "governance/charter.toml"],
    "Count": [0, 1, 2**62],
    "Seconds": [0, 253_402_300_799],
}
REFUSED = {
    "Oid": ["0" * 40, "f" * 39, "F" * 40, "f" * 40 + "\n", "x" + "f" * 40],
    "Sha256": ["0" * 63, "0" * 65, "g" * 64],
    "Handle": ["", "-a", "a-", "Ana", "a b", "a" * 40, "ana\n", "änä", "a@b"],
    "Slug": ["", "a" * 64, "a/b", "..", "spam\n"],
    "CommonsName": ["", "/a", "a/", "a//b", "~", "/".join(["a"] * 9), "a\n"],
    "Version": ["1.0", "1.0.0.0", "01.0.0", "1.0.0-rc1", "١.٢.٣", "1.0.0\n", "v1.0.0", "9999999999.0.0"],
    "RefName": ["main", "refs/", "refs/a b", "refs/a\n", "refs/" + "a" * 201, "refs/ä", "refs/a:b"],
    "Word": ["", "@a", "a b", "A", "a" * 65],
    "Figure": ["", ".5", "1.", "1e5", "nan", "٠.٨", "1 %"],
    "PlaceFile": [
        "policies/spam/policy.md\n",
        "policies/../policy.md",
        "policies/Spam/policy.md",
        "policies/spam/LICENSE",
        "policies/spam/policyxmd",
        "x/policies/spam/policy.md",
        "governance/charter.toml.bak",
        "cases.jsonl",
    ],
    "Count": [-1],
    "Seconds": [-1, 253_402_300_800],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in ALLOWED for value in ALLOWED[name]])
def test_allowed(name: str, value: object) -> None:
    """Each kind of field holds what it is for."""
    assert msgspec.convert(value, getattr(payloads, name)) == value


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in REFUSED for value in REFUSED[name]])
def test_refused(name: str, value: object) -> None:
    """Each kind of field refuses what only looks like it: other scripts, line ends, another length."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(value, getattr(payloads, name))


def test_unknown_type() -> None:
    """The list of types is closed, and the refusal says what is on it."""
    with pytest.raises(
        MalformedEventError, match=r"type: 'crowned' is not one of founded, published, imported"
    ):
        read_payload("crowned", b"{}")


@pytest.mark.parametrize("event", history(), ids=lambda event: str(event.type))
def test_payload_json(event: object) -> None:
    """A payload's plain JSON leaves out what says nothing, and reads back as the same payload."""
    payload, type_ = event.payload, event.type  # type: ignore[attr-defined]
    plain = payload_json(payload)
    assert isinstance(plain, dict)
    assert all(value not in (None, [], ()) for value in plain.values())
    assert read_payload(type_, msgspec.json.encode(plain)) == payload


def test_payloads_hold_no_free_text() -> None:
    """Every text in every payload is bounded by a pattern or digest: words stand beside the log."""
    schema = msgspec.json.schema_components(list(TYPES.values()))[1]
    unbounded = [
        f"{name}.{field}"
        for name, struct in schema.items()
        for field, kind in struct["properties"].items()
        if "'type': 'string'" in str(kind) and "pattern" not in str(kind)
    ]
    assert unbounded == []
