"""From a file's bytes to its text: compression, byte order marks, encodings, limits. Pure.

A broken byte never stops a file: bytes that are no UTF-8 come out as lone surrogates (PEP 383), so
that the row which holds them can be named and the others are read.
"""

from __future__ import annotations

import codecs
import re
import zlib
from dataclasses import dataclass

from policies.importers.model import Notice, Topic
from policies.limits import MIB

MAX_FILE_BYTES = 64 * MIB
MAX_INFLATED_BYTES = 64 * MIB
# A file of ten million empty members inflates to nothing and still takes hours to walk through.
MAX_GZIP_MEMBERS = 64

_GZIP = b"\x1f\x8b"
_BINARY = (
    b"PK\x03\x04",
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\xd0\xcf\x11\xe0",
    b"PAR1",
    b"ARROW1",
)
_NON_ASCII = re.compile(rb"[\x80-\xff]")
_DAMAGE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file as text. `raw` is what it held (inflated); `encoding` the one that was read."""

    file: str
    raw: bytes
    text: str
    encoding: str
    notices: tuple[Notice, ...] = ()

    @property
    def plain_utf8(self) -> bool:
        """Whether the text is the bytes, with nothing added, removed or damaged."""
        return self.encoding == "utf-8" and not is_damaged(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A file that has no text to read, and why."""

    file: str
    reason: str


def read_source(file: str, raw: bytes) -> Source | Unreadable:
    """The text of a file, or why there is none. Never raises."""
    if len(raw) > MAX_FILE_BYTES:
        return Unreadable(file=file, reason=f"larger than {MAX_FILE_BYTES // MIB} MiB; split the file")
    if raw.startswith(_GZIP):
        inflated = _inflate(raw)
        if isinstance(inflated, str):
            return Unreadable(file=file, reason=inflated)
        raw = inflated
    if raw.startswith(_BINARY):
        return Unreadable(
            file=file, reason="a binary file; export it as CSV, JSON lines or Markdown (UTF-8 text)"
        )
    text, encoding, message = _decode(raw)
    if encoding == "binary":
        return Unreadable(file=file, reason=message)
    notices = () if not message else (Notice(topic=Topic.ENCODING, file=file, line=0, message=message),)
    return Source(file=file, raw=raw, text=text, encoding=encoding, notices=notices)


def is_damaged(text: str) -> bool:
    """Whether `text` holds bytes that could not be decoded, or lone surrogates of its own."""
    return _DAMAGE.search(text) is not None


def _inflate(raw: bytes) -> bytes | str:
    """All members of a gzip file within the limit, or the reason why not."""
    parts: list[bytes] = []
    room = MAX_INFLATED_BYTES
    rest = raw
    while rest.startswith(_GZIP):
        if len(parts) == MAX_GZIP_MEMBERS:
            return f"made of more than {MAX_GZIP_MEMBERS} gzip members; compress the file again as one"
        stream = zlib.decompressobj(wbits=31)
        try:
            part = stream.decompress(rest, room + 1)
        except zlib.error as error:
            return f"damaged gzip data ({error}); fetch or compress the file again"
        if len(part) > room:
            return f"inflates to more than {MAX_INFLATED_BYTES // MIB} MiB; split the file"
        if not stream.eof:
            return "truncated gzip data; fetch the file again, because its last rows are missing"
        parts.append(part)
        room -= len(part)
        rest = stream.unused_data
    return b"".join(parts)


def _decode(raw: bytes) -> tuple[str, str, str]:
    """Text, encoding and what to say about it."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not raw.startswith(codecs.BOM_UTF32_LE):
        return _decode_utf16(raw)
    if raw.startswith(codecs.BOM_UTF8):
        body = raw.removeprefix(codecs.BOM_UTF8)
        text, encoding, message = _decode_bytes(body)
        return (
            text,
            "utf-8-sig" if encoding == "utf-8" else encoding,
            message or "a byte order mark was removed.",
        )
    return _decode_bytes(raw)


def _decode_utf16(raw: bytes) -> tuple[str, str, str]:
    codec = "utf-16-le" if raw.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
    body = raw[2:]
    odd = len(body) % 2
    # Broken pairs stay lone surrogates, so that only the rows that hold them are refused.
    text = body[: len(body) - odd].decode(codec, errors="surrogatepass")
    ending = " Its last byte is half a character and was left out." if odd else ""
    return text, "utf-16", f"read as UTF-16, as its byte order mark says.{ending}"


def _decode_bytes(raw: bytes) -> tuple[str, str, str]:
    if raw.count(b"\x00") > max(16, len(raw) // 100):
        reason = "a binary file, or UTF-16 without a byte order mark; save it as UTF-8 text"
        return "", "binary", reason
    try:
        return raw.decode("utf-8"), "utf-8", ""
    except UnicodeDecodeError as error:
        first_line = raw.count(b"\n", 0, error.start) + 1
    if not _has_utf8_sequences(raw):
        try:
            text = raw.decode("cp1252")
        except UnicodeDecodeError:
            pass
        else:
            message = (
                f"not UTF-8 (line {first_line}); read as Windows-1252, which fits every byte. "
                "Check the accented letters and quotation marks."
            )
            return text, "cp1252", message
    message = (
        f"holds bytes that are not UTF-8 (first on line {first_line}); rows with such bytes are not read."
    )
    return raw.decode("utf-8", errors="surrogateescape"), "utf-8", message


def _has_utf8_sequences(raw: bytes) -> bool:
    """Whether some line is non-ASCII and valid UTF-8: then the file is UTF-8 with broken lines.

    In Windows-1252 text an accented letter is followed by an ASCII one, which is never valid UTF-8.
    """
    for line in raw.split(b"\n"):
        if _NON_ASCII.search(line):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                continue
            return True
    return False
