"""Policy texts in the shapes that are found in the wild, in words of our own."""

from __future__ import annotations

PLAIN_CODES = """Noise Policy (#NO)
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

HEADED_CODES = """# Noise Policy (#NO)

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

BOLD_CODES = """# Template Policy for Noise

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

INCLUDES = """# Criteria

## Overview

This policy defines standards for identifying content as Shouting.

## Definition of Label

### (SHT) Shouting

#### Includes

- **Capitals**: whole sentences in capitals

#### Excludes

- **Acronyms**: names written in capitals
"""

JSON_FLAGS = """# Sound Moderation Policy

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

NUMBERS = """# Noise Detection Policy

**Output format**: Return exactly `0` or `1`.

## NOISY CONTENT (Label: 1)

Content violates this policy if it is loud.

## QUIET CONTENT (Label: 0)

Content does not violate it if it is soft.

### Example 1 (Label: 1)
"""
