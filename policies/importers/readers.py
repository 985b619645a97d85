"""The registry of readers, and the choice of one for a file. Pure.

A format family is one file with one `Reader`; adding a family is adding it to `READERS`.
"""

from __future__ import annotations

import re

from policies.importers.headerless import HEADERLESS
from policies.importers.jsonl import JSON_LINES
from policies.importers.model import FileRole, RowProblem, excerpt_of
from policies.importers.policy_text import OWN_POLICY, POLICY_TEXT
from policies.importers.prose import DOCUMENTATION, LICENCE_FILES, PROSE, REPORTS
from policies.importers.reading import FileReading, Reader
from policies.importers.sectioned import SECTIONED
from policies.importers.source import Unreadable, read_source
from policies.importers.tables import TABLES

# Of two readers with equal confidence the earlier one reads.
READERS: tuple[Reader, ...] = (
    LICENCE_FILES,
    DOCUMENTATION,
    JSON_LINES,
    OWN_POLICY,
    TABLES,
    SECTIONED,
    POLICY_TEXT,
    HEADERLESS,
    REPORTS,
    PROSE,
)

_BEYOND_DOUBT = 0.95

# Program text and settings lie beside policies in every clone; they hold neither policies nor cases.
_NEVER = re.compile(
    r"\.(?:py|pyi|ipynb|js|ts|tsx|jsx|css|html?|svg|xml|ya?ml|toml|lock|cfg|ini|sh|bat|ps1|go|rs|c|h|cpp|java|rb"
    r"|r|sql|png|jpe?g|gif|webp|ico|pdf|woff2?|mp[34]|wav)$",
    re.IGNORECASE,
)
READABLE = "policy texts (Markdown or plain text), CSV, TSV, JSON lines and their .gz"


def read_file(file: str, raw: bytes) -> FileReading:
    """Reads one file with the reader that is surest of it. Never raises on what the file holds."""
    name = file.rsplit("/", 1)[-1]
    if any(part.startswith(".") for part in file.split("/")) or _NEVER.search(name):
        return FileReading(
            file=file, role=FileRole.DOCUMENTATION, reader="none", why="program text, settings or media"
        )
    source = read_source(file, raw)
    if isinstance(source, Unreadable):
        return _unread(file, source.reason)
    if not source.text.strip():
        return _unread(file, "the file is empty")
    confidence, reader = 0.0, None
    for candidate in READERS:
        sure = candidate.recognises(source)
        if sure > confidence:
            confidence, reader = sure, candidate
        if confidence >= _BEYOND_DOUBT:
            break
    if reader is None:
        return _unread(file, f"its structure was not recognised; {READABLE} are read", source.text)
    return reader.read(source)


def _unread(file: str, reason: str, text: str = "") -> FileReading:
    problem = RowProblem(file=file, line=0, reason=reason, excerpt=excerpt_of(text.lstrip()[:240]))
    return FileReading(file=file, role=FileRole.UNREAD, reader="none", problems=(problem,), why=reason)
