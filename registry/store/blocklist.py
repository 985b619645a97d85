"""What was erased and may not return, as digests in a file of this host's.

Not in Git: the digest of a short text can be found by trying, so a public list would give away what
it keeps out. Lines and case contents are compared after trimming and in normal form C.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import msgspec

from policies.canonical import nfc, sha256_hex
from registry.store.errors import StoreError
from registry.store.writer import write_durably


def line_digest(line: str) -> str:
    """The digest by which a line or a case's content is known."""
    return sha256_hex(nfc(line.strip()).encode("utf-8", "replace"))


def read_blocked(path: Path) -> frozenset[str]:
    """The digests. An unreadable list is an error: passing it over would let erased content back."""
    try:
        return frozenset(msgspec.json.decode(path.read_bytes(), type=list[str]))
    except FileNotFoundError:
        return frozenset()
    except (OSError, ValueError) as error:
        raise StoreError(
            f"{path}: the list of redacted content is unreadable ({error}). Restore it."
        ) from error


def add_blocked(path: Path, digests: Iterable[str]) -> None:
    """Adds digests durably."""
    known = read_blocked(path)
    wanted = known | frozenset(digests)
    if wanted != known:
        write_durably(path, json.dumps(sorted(wanted)).encode())
