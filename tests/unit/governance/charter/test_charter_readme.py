"""The README of governance says of the charter what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from governance.charter.presets import PRESETS
from governance.charter.schema import LATER
from tests.unit.governance.charter.tables import (
    class_table,
    keys_table,
    mode_table,
    preset_table,
    protected_list,
)

FOLDER = Path(__file__).parents[4] / "governance"
README = (FOLDER / "README.md").read_text(encoding="utf-8")


def test_keys() -> None:
    """Every key stands there with its kind, unit, range, meaning, direction and presets' values."""
    assert keys_table() in README
    assert class_table() in README


@pytest.mark.parametrize("preset", PRESETS)
def test_classes_of_presets(preset: str) -> None:
    """Every class of every preset stands there with its values."""
    assert preset_table(preset) in README


def test_modes() -> None:
    """What each mode reads stands there."""
    assert mode_table() in README


def test_protected() -> None:
    """The protected keys stand there."""
    assert protected_list() in README


def test_later() -> None:
    """What is refused until it has a rule stands there."""
    for name in LATER:
        assert f"`{name}`" in README or f"`[{name}]`" in README


def test_files() -> None:
    """Each file of the package is in its table of files."""
    files = {path.name for path in (FOLDER / "charter").glob("*.py")} - {"__init__.py", "errors.py"}
    table = README[README.index("| Charter file |") : README.index("Every time is in whole hours.")]
    assert set(re.findall(r"`(\w+\.py)`", table)) == files
