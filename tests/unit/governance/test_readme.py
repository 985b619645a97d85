"""The documentation of the rules says what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from governance.events import decode_event
from governance.moves import MOVABLE
from governance.payloads import TYPES, Release

FOLDER = Path(__file__).parents[3] / "governance"
README = (FOLDER / "README.md").read_text(encoding="utf-8")
ROWS = {
    cells[0].strip("`"): cells
    for line in README[README.index("| Type |") : README.index("A *release* is")].splitlines()[2:]
    if (cells := [cell.strip() for cell in line.strip("|").split("|")])[0]
}


def test_every_type() -> None:
    """The table has a row for each type, in the order of the code."""
    assert list(ROWS) == list(TYPES)


@pytest.mark.parametrize("type_", TYPES)
def test_payload(type_: str) -> None:
    """A row names each field of the payload, those that may be left out in brackets."""
    fields = msgspec.structs.fields(TYPES[type_])
    named = (f"`{field.name}`" if field.required else f"[`{field.name}`]" for field in fields)
    assert ROWS[type_][2] == (", ".join(named) or "nothing")


@pytest.mark.parametrize("type_", TYPES)
def test_moves(type_: str) -> None:
    """A row names the refs that the type may move."""
    assert ROWS[type_][3] == (", ".join(f"`{ref}`" for ref in MOVABLE[type_]) or "nothing")


def test_release() -> None:
    """The fields of a release are named."""
    names = [field.name for field in msgspec.structs.fields(Release)]
    (sentence,) = re.findall(r"A \*release\* is (.*?)\. `content`", README, re.DOTALL)
    assert re.findall(r"`(\w+)`", sentence) == names


def test_envelope() -> None:
    """The table of the envelope has each field that an event's bytes have, and `sig`."""
    raw = (Path(__file__).parent / "golden" / "founded.json").read_bytes().removesuffix(b"\n")
    assert decode_event(raw).seq == 1
    table = README[README.index("| Field |") : README.index("Every text in it")]
    first_cells = [line.split("|")[1] for line in table.strip().splitlines()]
    named = [name for cell in first_cells for name in re.findall(r"`(\w+)`", cell)]
    assert sorted(named) == sorted([*msgspec.json.decode(raw), "sig"])


def test_places() -> None:
    """Each file and folder of the package is in the table of places."""
    table = README[README.index("| Place |") : README.index("## The envelope")]
    named = set(re.findall(r"`([a-z_]+(?:\.py|/))`", table))
    files = {path.name for path in FOLDER.glob("*.py")} - {"__init__.py", "errors.py"}
    folders = {f"{path.name}/" for path in FOLDER.iterdir() if (path / "__init__.py").is_file()}
    assert named == files | folders


PRINCIPLES = ["1A", "1B", "2A", "2B", "3", "4A", "4B", "5", "6", "7", "8"]
"""Elinor Ostrom's eight, two of them in halves."""


def test_principles() -> None:
    """Each principle that has a module names modules, a test and pages that are there."""
    table = README[README.index("| Principle |") :].split("\n\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    assert [row[0].split()[0].strip("*") for row in rows] == PRINCIPLES
    pages = (FOLDER.parent / "registry" / "web" / "README.md").read_text("utf-8")
    for _, modules, invariant, test, page, to_come in rows:
        assert to_come
        if modules == "none":
            assert not invariant
            continue
        named = re.findall(r"`([^`]+)`", modules)
        assert named
        assert all((FOLDER / place).exists() for place in named)
        (path,) = re.findall(r"`([^`]+)`", test)
        assert (FOLDER.parent / path).is_file()
        assert page == "none yet" or f"| {page} |" in pages
