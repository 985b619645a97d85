"""Words beside the log: a salted commitment in the log, the words where they can be erased. Pure.

Source: design note "Erasure without breaking the count". Without a salt, the digest of a short text
(a phone number, a name) could be found by trying; the salt is stored with the words and goes with them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from governance.errors import MalformedEventError
from policies.canonical import canonical_bytes, sha256_hex

SALT_BYTES = 16
MAX_TEXT_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Words with their salt; `id` is what the log names them by."""

    id: str
    raw: bytes
    words: str


def seal_text(words: str, salt: bytes) -> Text:
    """Binds words to a salt of `SALT_BYTES` random bytes."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    raw = canonical_bytes({"salt": salt.hex(), "text": words})
    if len(raw) > MAX_TEXT_BYTES:
        raise MalformedEventError("text", f"{len(raw)} bytes is over the limit of {MAX_TEXT_BYTES}.")
    return Text(id=sha256_hex(raw), raw=raw, words=words)


def open_text(raw: bytes, text_id: str) -> Text:
    """Reads stored words; raises `MalformedEventError` when they are not those that the log names."""
    if sha256_hex(raw) != text_id:
        raise MalformedEventError(f"text {text_id[:12]}", "the stored words do not match their digest.")
    try:
        value = json.loads(raw)
        words = value["text"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise MalformedEventError(f"text {text_id[:12]}", "the stored words are not readable.") from error
    if not isinstance(words, str):
        raise MalformedEventError(f"text {text_id[:12]}", "the stored words are not text.")
    return Text(id=text_id, raw=raw, words=words)
