"""Tests of `policies.importers.policy_labels`."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from policies.importers.policy_labels import FoundLabels, labels_in
from policies.model import Handling, Labelling


def _load(name: str) -> ModuleType:
    """A module that lies beside this one: tests are files, not a package."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TEXTS = _load("texts")


def _found(text: str) -> FoundLabels:
    found = labels_in(text)
    assert found is not None
    return found


def test_plain_lines_with_emoji_define_codes() -> None:
    """A line that names a code in brackets opens its section; its Output line says what it means."""
    labels = _found(TEXTS.PLAIN_CODES).labels
    assert [(label.code, label.title, label.violates, label.handling) for label in labels] == [
        ("NO0", "Quiet or nearly so", False, None),
        ("NO2", "Likely Noise", True, None),
        ("NO4", "Unbearable Noise", True, Handling.ESCALATE),
    ]


def test_markdown_headings_define_codes() -> None:
    """Headings and Output lines with markup are the same thing."""
    labels = _found(TEXTS.HEADED_CODES).labels
    assert [(label.code, label.title, label.violates) for label in labels] == [
        ("NO0", "Wanted sound", False),
        ("NO1", "Humming", True),
    ]


def test_the_heading_above_says_what_violates() -> None:
    """Without Output lines the wording of the group decides; allowed labels come first."""
    labels = _found(TEXTS.BOLD_CODES).labels
    assert [(label.code, label.violates) for label in labels] == [
        ("NO0", False),
        ("NO.01", False),
        ("NO1", True),
        ("NO2", True),
    ]


def test_includes_and_excludes_make_a_flag() -> None:
    """A label with includes and excludes is answered by itself with 0 or 1."""
    found = _found(TEXTS.INCLUDES)
    assert found.labelling is Labelling.MULTI
    assert [(label.code, label.title, label.violates) for label in found.labels] == [
        ("SHT", "Shouting", True)
    ]


def test_flags_are_read_off_a_json_answer() -> None:
    """The keys of the answer are flags where the text says what they stand for."""
    found = _found(TEXTS.JSON_FLAGS)
    assert found.labelling is Labelling.MULTI
    assert [(label.code, label.title) for label in found.labels] == [("S", "Shouting"), ("H", "Hissing")]


def test_sections_for_zero_and_one() -> None:
    """Numbered sections are labels; numbered examples are not."""
    labels = _found(TEXTS.NUMBERS).labels
    assert [(label.code, label.title, label.violates) for label in labels] == [
        ("0", "Quiet content", False),
        ("1", "Noisy content", True),
    ]


def test_a_pair_of_words_is_the_last_resort() -> None:
    """A text that only says VALID and INVALID has these two labels."""
    labels = _found("Decide whether the text is VALID or INVALID.\n").labels
    assert [(label.code, label.violates) for label in labels] == [("VALID", False), ("INVALID", True)]


def test_what_only_the_number_tells_is_told() -> None:
    """A code of which nothing but its zero says that it is allowed is marked as unsure."""
    found = _found("# Noise\n\n## NO0 Calm\n\nSoft.\n\n## NO1 Storm\n\nLoud.\n")
    assert [(label.code, label.violates) for label in found.labels] == [("NO0", False), ("NO1", True)]
    assert found.unsure == ("NO0", "NO1")


@pytest.mark.parametrize("text", ["# Policy Name\n\nPolicy contents here…\n", "", "Use MP3 or H264 (AV1).\n"])
def test_a_text_without_labels_has_none(text: str) -> None:
    """Placeholders and stray codes are no schema."""
    assert labels_in(text) is None


def test_hostile_lines_take_no_time() -> None:
    """Brackets, quotes and codes by the ten thousand are read in a breath."""
    text = "\n".join(["(" * 159, '"a": 0 or 1, ' * 12, "SP0 (SP1 – ", "**" * 70] * 2_000)
    assert labels_in(text) is None
