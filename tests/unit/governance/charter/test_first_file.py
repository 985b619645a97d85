"""The file of a new commons shows its rules and sets none."""

from __future__ import annotations

import re

import pytest

from governance.charter.codec import read_charter
from governance.charter.errors import InvalidCharterError
from governance.charter.first_file import first_file
from governance.charter.modes import idle_keys
from governance.charter.presets import PRESETS
from governance.charter.resolve import resolve
from governance.charter.schema import KEYS


@pytest.mark.parametrize("preset", PRESETS)
def test_says_the_preset(preset: str) -> None:
    """It reads as the preset without overrides."""
    charter = read_charter(first_file(preset))
    assert (charter.preset, dict(charter.written)) == (preset, {})


@pytest.mark.parametrize("preset", PRESETS)
def test_shows_what_it_holds(preset: str) -> None:
    """With the shown keys taken in, it still reads as the preset, and has every key that does something."""
    text = re.sub(r"(?m)^# (?=[a-z_0-9]+ = )", "", first_file(preset).decode())
    text = re.sub(r"(?m)^teens = .*\n", "", text)
    charter = read_charter(text.encode())
    assert charter.overrides == {}
    assert set(charter.written) == set(KEYS) - set(idle_keys(resolve(preset, {})))


@pytest.mark.parametrize("preset", PRESETS)
def test_readable(preset: str) -> None:
    """It fits on a page, ends with a line end, and no line is overlong."""
    text = first_file(preset).decode()
    assert text.endswith("\n")
    assert "\n\n\n" not in text
    assert max(map(len, text.split("\n"))) <= 150


def test_unknown_preset() -> None:
    """There is no file for a preset that does not ship."""
    with pytest.raises(InvalidCharterError):
        first_file("solo@9")
