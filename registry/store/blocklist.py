"""What was erased and may not return, as digests in a file of this host's.

Not in Git: the digest of a short text can be found by trying, so a public list would give away what
it keeps out. Lines and the texts of cases are compared by their words alone.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import msgspec

from policies.canonical import sha256_hex
from registry.store.errors import StoreError
from registry.store.writer import write_durably

_WORD = re.compile(r"\w+")


def line_digest(line: str) -> str:
    """The digest by which a line or a text of a case is known.

    Capitals, spaces, punctuation, invisible characters and the forms of a letter make no difference: what
    was erased should not come back by a bullet before it or a full stop behind.
    """
    plain = unicodedata.normalize("NFKC", line).casefold()
    seen = "".join(character for character in plain if unicodedata.category(character) != "Cf")
    words = " ".join(_WORD.findall(unicodedata.normalize("NFKC", seen)))
    return sha256_hex((words or line.strip()).encode("utf-8", "replace"))


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
        # Another user of this host could try the digests of short texts.
        write_durably(path, json.dumps(sorted(wanted)).encode(), mode=0o600)
