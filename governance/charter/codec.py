"""A charter's file as preset and overrides, with the line of every key. Pure.

Two readers must not see two different charters: what TOML allows and only some read alike is refused
(`toml_text.py`), and so is every key without a rule behind it. Comments and order belong to the file's
author; they are kept (`amendment.py`) and mean nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice

import msgspec
from immutables import Map

from governance.charter.errors import KeyFinding, MalformedCharterError
from governance.charter.model import Charter
from governance.charter.presets import PRESETS
from governance.charter.resolve import overrides_of, plain_value, resolve, unknown_preset, wrong_keys
from governance.charter.schema import GROUPS, SCHEMA, TABLES
from governance.charter.statements import Path, Statement
from governance.charter.toml_text import clean_text, toml_values
from governance.charter.values import Plain
from governance.charter.written import shown
from policies.findings import Finding, Severity
from policies.limits import LIMITS

CHARTER_FILE = "governance/charter.toml"

NO_CHARTER, UNSOUND = "C003", "C004"
"""Ids of rules: what is no charter (schema, preset, keys, values), and one that nobody could live by."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")


class CharterFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that reads well.

    `written` are the keys that stand in it with their plain values, whether or not they differ from
    the preset; `lines` says where, from 1.
    """

    file: str
    text: str
    preset: str
    written: Map[str, Plain]
    lines: Map[str, int]

    @property
    def charter(self) -> Charter:
        """The rules that it gives."""
        return resolve(self.preset, self.written)

    @property
    def overrides(self) -> dict[str, Plain]:
        """What it says otherwise than its preset: the facts that events carry."""
        return overrides_of(self.charter)

    def source(self, key: str) -> str:
        """Where a key's value comes from: `governance/charter.toml:14`, or `commons@1`."""
        line = self.lines.get(key)
        return self.preset if line is None else f"{self.file}:{line}"

    def place(self, findings: Iterable[KeyFinding]) -> tuple[Finding, ...]:
        """Findings about keys as findings about lines; a key of the preset's own stands at its line."""
        preset = self.lines["preset"]
        return tuple(_placed(self.file, UNSOUND, self.lines.get(item.key, preset), item) for item in findings)


@lru_cache(maxsize=64)  # Asked with every look at a proposal. One is small, and what is refused is not kept.
def read_charter(raw: bytes, file: str = CHARTER_FILE) -> CharterFile:
    """Reads a charter's file.

    Raises `MalformedCharterError` with every finding: its line where it has one, the rule, the remedy.
    """
    text = clean_text(raw, file)
    values, statements = toml_values(text, file)
    lines = _lines(statements)
    written = dict(_flat(values))
    schema, preset = written.pop("schema", None), written.pop("preset", None)
    findings = [*_head(schema, preset), *islice(wrong_keys(written), LIMITS.findings)]
    if findings:
        placed = (_placed(file, NO_CHARTER, lines.get(item.key, 0), item) for item in findings)
        raise MalformedCharterError(tuple(sorted(placed, key=lambda item: item.line)))
    assert isinstance(preset, str)
    charter = resolve(preset, written)
    plain: dict[str, Plain] = {key: plain_value(charter, key) for key in written}
    return CharterFile(file=file, text=text, preset=preset, written=Map(plain), lines=Map(lines))


def _head(schema: object, preset: object) -> Iterator[KeyFinding]:
    """What is wrong with the two keys that come first."""
    if schema != SCHEMA or isinstance(schema, bool):
        known = f"This program reads schema {SCHEMA}."
        yield KeyFinding(
            key="schema",
            value="" if schema is None else shown(schema),
            why=f"The file names none. {known}" if schema is None else known,
            remedy=f"Write schema = {SCHEMA}.",
        )
    if preset is None:
        remedy = f"Write preset = and one of {', '.join(PRESETS)}."
        yield KeyFinding(key="preset", value="", why="The file names none.", remedy=remedy)
    elif not isinstance(preset, str) or preset not in PRESETS:
        yield unknown_preset(preset)


def _flat(values: Mapping[str, object], table: Path = ()) -> Iterator[tuple[str, object]]:
    """Dotted keys and their values; a table that is not known is one entry, whatever it holds."""
    for name, value in values.items():
        path = (*table, name)
        key = _dotted(path)
        is_table = key in TABLES or (path[:1] == (GROUPS,) and len(path) < 3)
        if is_table and isinstance(value, Mapping):
            yield from _flat(value, path)
        else:
            yield key, value


def _lines(statements: Iterable[Statement]) -> dict[str, int]:
    """The first line on which each key and each table stands, from 1."""
    lines: dict[str, int] = {}
    for statement in statements:
        for path in (statement.table, *statement.values):
            for length in range(1, len(path) + 1):
                lines.setdefault(_dotted(path[:length]), statement.first + 1)
    return lines


def _dotted(path: Path) -> str:
    """A path as one key; a name that needs quotes keeps them, so that it equals no key of the schema."""
    return ".".join(name if _BARE.fullmatch(name) else f'"{name}"' for name in path)


def _placed(file: str, rule: str, line: int, item: KeyFinding) -> Finding:
    what = f"{item.key} = {item.value}" if item.value else item.key
    return Finding(
        rule=rule,
        severity=Severity.ERROR,
        file=file,
        line=line,
        message=f"{what}: {item.why}",
        fix=item.remedy,
    )
