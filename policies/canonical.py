"""Canonical JSON: one value, one byte string. Pure.

Sorted keys, no insignificant whitespace, UTF-8 in Unicode normal form C, integers only. Two
programs that agree on a value agree on its SHA-256, which is what the event log, run keys and
content digests rest on. Floats are refused: their shortest form is not promised across languages;
figures that need a fraction are written as strings or as integer pairs.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from policies.errors import NotCanonicalError

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"


def canonical_bytes(value: Json) -> bytes:
    """`value` as canonical JSON.

    Raises `NotCanonicalError` naming the path of the first value that has no canonical form.
    """
    text = json.dumps(
        _normal(value, "$"), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return text.encode("utf-8")


def canonical_digest(value: Json) -> str:
    """SHA-256 of the canonical bytes, as 64 hex digits."""
    return sha256_hex(canonical_bytes(value))


def sha256_hex(raw: bytes) -> str:
    """SHA-256 of `raw`, as 64 hex digits."""
    return hashlib.sha256(raw).hexdigest()


def nfc(text: str) -> str:
    """`text` in Unicode normal form C."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _normal(value: Json, path: str) -> Json:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        if value.isascii():
            return value  # ASCII is in normal form and has no surrogates; most of what is digested is
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as error:
            raise NotCanonicalError(f"{path}: text holds a lone surrogate") from error
        return nfc(value)
    if isinstance(value, Mapping):
        result: dict[str, Json] = {}
        for key, item in value.items():
            if not isinstance(key, str):
                raise NotCanonicalError(f"{path}: key {key!r} is not text")
            result[nfc(key)] = _normal(item, f"{path}.{key}")
        if len(result) != len(value):
            raise NotCanonicalError(f"{path}: two keys are equal once normalised")
        return result
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        # A roll is a list of thousands of handles: those need neither a call nor a path of their own.
        return [
            item if isinstance(item, str) and item.isascii() else _normal(item, f"{path}[{index}]")
            for index, item in enumerate(value)
        ]
    raise NotCanonicalError(f"{path}: {type(value).__name__} has no canonical form")
