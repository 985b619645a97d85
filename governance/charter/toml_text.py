"""Bytes of a charter's file as TOML values and statements, or the place where they are not. Pure."""

from __future__ import annotations

import re
import tomllib
from typing import Any, NoReturn

from governance.charter.errors import MalformedCharterError
from governance.charter.statements import NotPlainError, Statement, statements
from policies.findings import Finding, Severity

MAX_BYTES = 64 * 1024
MAX_LINE = 1_000
MAX_DOTS = 20
"""Dots on a line: keys of hundreds of parts cost `tomllib` seconds."""

NOT_TEXT, NOT_TOML = "C001", "C002"

_PLACE = re.compile(r" \(at (?:line ([0-9]+), column [0-9]+|end of document)\)")
_UNPRINTED = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def clean_text(raw: bytes, file: str) -> str:
    """The file's text. Raises `MalformedCharterError` for one that not every machine reads alike."""
    if len(raw) > MAX_BYTES:
        _refuse(
            NOT_TEXT,
            file,
            0,
            f"{len(raw):,} bytes are over the limit of {MAX_BYTES:,}.",
            "Shorten its comments.",
        )
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        _refuse(NOT_TEXT, file, _line(raw[: error.start]), "It is not UTF-8.", "Save it as UTF-8.")
    if text.startswith("\ufeff"):
        _refuse(NOT_TEXT, file, 1, "It begins with a byte order mark.", "Save it as UTF-8 without one.")
    if "\r" in text:
        line = text.count("\n", 0, text.index("\r")) + 1
        _refuse(NOT_TEXT, file, line, "The line ends with a carriage return.", "Save it with line ends LF.")
    unprinted = _UNPRINTED.search(text)
    if unprinted is not None:
        line = text.count("\n", 0, unprinted.start()) + 1
        what = f"The line holds the control character U+{ord(unprinted[0]):04X}."
        _refuse(NOT_TEXT, file, line, what, "Take it out.")
    for number, content in enumerate(text.split("\n"), 1):
        if len(content) > MAX_LINE:
            what = f"{len(content):,} characters are over the limit of {MAX_LINE:,} for a line."
            _refuse(NOT_TEXT, file, number, what, "Write it on several.")
        if content.count(".") > MAX_DOTS and not content.lstrip().startswith("#"):
            what = f"More than {MAX_DOTS} dots stand on the line."
            _refuse(NOT_TEXT, file, number, what, "Write a long list over several lines.")
    return text


def toml_values(text: str, file: str) -> tuple[dict[str, Any], tuple[Statement, ...]]:
    """What the text says, and its statements. Raises `MalformedCharterError` for what is not TOML."""
    try:
        return tomllib.loads(text), tuple(statements(text.split("\n")))
    except tomllib.TOMLDecodeError as error:
        _refuse_toml(str(error), text, file)
    except NotPlainError as error:
        remedy = "Use no escapes, no texts over several lines, and in braces no line ends or last comma."
        _refuse(NOT_TOML, file, error.line + 1, "Readers of TOML do not all take this alike.", remedy)
    except RecursionError:
        _refuse(NOT_TOML, file, 0, "It is nested too deep.", "A value is a word, a number or a flat list.")
    except ValueError:
        # Python turns no text of more than 4,300 digits into a number.
        _refuse(
            NOT_TOML, file, 0, "It holds a number of thousands of digits.", "Write one that fits its key."
        )


def _refuse_toml(message: str, text: str, file: str) -> NoReturn:
    place = _PLACE.search(message)
    line = int(place[1]) if place and place[1] else text.rstrip("\n").count("\n") + 1
    what = _PLACE.sub("", message)
    if "overwrite" in what or "twice" in what or "immutable" in what:
        remedy = "Give each key and each table once."
    else:
        remedy = 'Write key = value, texts in quotes such as "vote", numbers without.'
    _refuse(NOT_TOML, file, line, f"It is not TOML: {what[:1].lower()}{what[1:]}.", remedy)


def _refuse(rule: str, file: str, line: int, message: str, fix: str) -> NoReturn:
    finding = Finding(rule=rule, severity=Severity.ERROR, file=file, line=line, message=message, fix=fix)
    raise MalformedCharterError((finding,)) from None


def _line(before: bytes) -> int:
    return before.count(b"\n") + 1
