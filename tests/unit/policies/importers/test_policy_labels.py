"""Tests of `policies.importers.policy_labels`."""

from __future__ import annotations

import pytest

from policies.importers.policy_labels import FoundLabels, labels_in
from policies.model import Handling, Labelling

_PLAIN_CODES = """Noise Policy (#NO)
GOAL: Find noise. Classify each EXAMPLE as VALID (quiet) or INVALID (noise).

DEFINITIONS
Noise: sound nobody asked for.

✅ Allowed Content (NO0 – Quiet or nearly so)
Sound that is wanted.
NO0.a Lullaby – “Sleep well.”

 ✅ Output: VALID

🚫 Likely Noise (NO2 – Medium confidence)
Sound that may be unwanted.
NO2.a Humming – “Mmm mmm.”
 ❌ Output: INVALID

🚨 Unbearable Noise (NO4 – Maximum severity)
NO4.a Drilling – “Brrr.”
 ❌ Output: INVALID + ESCALATE

LABEL FORMAT
Each item gets two labels:
 | Example | Classification |
 | “Hum” | D-NO2, R-NO0 |

AMBIGUITY & ESCALATION
If unclear → NO2 or lower.
"""

_HEADED_CODES = """# Noise Policy (#NO)

## Goal

Find noise. Classify each example as `VALID` or `INVALID`.

## Allowed Content (NO0 - Wanted sound)

- NO0.a Lullaby: "Sleep well."

Output: `VALID`

## Humming (NO1 - Mild)

Output: `INVALID`

## Label Format

- `NO0`: Wanted sound.
- `NO1`: Humming.
"""

_BOLD_CODES = """# Template Policy for Noise

## Invalid Content Types (Remove)

**NO1: Loud noise.**
Sound over the line.

**NO2: Credible noise - Tell the neighbours.**
Sound that is announced.

## Valid Content Types (Permit)

**NO0: Non-noise.**
Anything that is not NO1 or NO2.

**NO.01: Concerts - Requires human review.**
Sound that somebody paid for.
"""

_INCLUDES = """# Criteria

## Overview

This policy defines standards for identifying content as Shouting.

## Definition of Label

### (SHT) Shouting

#### Includes

- **Capitals**: whole sentences in capitals

#### Excludes

- **Acronyms**: names written in capitals
"""

_JSON_FLAGS = """# Sound Moderation Policy

Return a JSON object with binary flags.

```json
{
  "S": 0 or 1,
  "H": 0 or 1
}
```

- **S (Shouting)**: Content in capitals
- **H (Hissing)**: Content that hisses
"""

_NUMBERS = """# Noise Detection Policy

**Output format**: Return exactly `0` or `1`.

## NOISY CONTENT (Label: 1)

Content violates this policy if it is loud.

## QUIET CONTENT (Label: 0)

Content does not violate it if it is soft.

### Example 1 (Label: 1)
"""


def _found(text: str) -> FoundLabels:
    found = labels_in(text)
    assert found is not None
    return found


def test_plain_lines_with_emoji_define_codes() -> None:
    """A line that names a code in brackets opens its section; its Output line says what it means."""
    labels = _found(_PLAIN_CODES).labels
    assert [(label.code, label.title, label.violates, label.handling) for label in labels] == [
        ("NO0", "Quiet or nearly so", False, None),
        ("NO2", "Likely Noise", True, None),
        ("NO4", "Unbearable Noise", True, Handling.ESCALATE),
    ]


def test_markdown_headings_define_codes() -> None:
    """Headings and Output lines with markup are the same thing."""
    labels = _found(_HEADED_CODES).labels
    assert [(label.code, label.title, label.violates) for label in labels] == [
        ("NO0", "Wanted sound", False),
        ("NO1", "Humming", True),
    ]


def test_the_heading_above_says_what_violates() -> None:
    """Without Output lines the wording of the group decides; allowed labels come first."""
    labels = _found(_BOLD_CODES).labels
    assert [(label.code, label.violates) for label in labels] == [
        ("NO0", False),
        ("NO.01", False),
        ("NO1", True),
        ("NO2", True),
    ]


def test_includes_and_excludes_make_a_flag() -> None:
    """A label with includes and excludes is answered by itself with 0 or 1."""
    found = _found(_INCLUDES)
    assert found.labelling is Labelling.MULTI
    assert [(label.code, label.title, label.violates) for label in found.labels] == [
        ("SHT", "Shouting", True)
    ]


def test_flags_are_read_off_a_json_answer() -> None:
    """The keys of the answer are flags where the text says what they stand for."""
    found = _found(_JSON_FLAGS)
    assert found.labelling is Labelling.MULTI
    assert [(label.code, label.title) for label in found.labels] == [("S", "Shouting"), ("H", "Hissing")]


def test_sections_for_zero_and_one() -> None:
    """Numbered sections are labels; numbered examples are not."""
    labels = _found(_NUMBERS).labels
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


def test_an_output_line_defines_no_code() -> None:
    """What an example is to be answered with is no definition, even with the code in brackets."""
    text = "NO0: Calm\nSoft.\n\nOutput: violation (NO9)\n\nNO1: Storm\nLoud.\n"
    assert [label.code for label in _found(text).labels] == ["NO0", "NO1"]


def test_hostile_lines_take_no_time() -> None:
    """Brackets, quotes and codes by the ten thousand are read in a breath."""
    text = "\n".join(["(" * 159, '"a": 0 or 1, ' * 12, "SP0 (SP1 – ", "**" * 70] * 2_000)
    assert labels_in(text) is None
