"""How large a policy folder may be: every reader refuses what is beyond. Pure.

The figures leave room: the largest policy in use that we know of is 40 KB, the largest case file
(HateCheck) 3,728 cases.
"""

from __future__ import annotations

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Sizes are in bytes; `findings` is how many problems of one file are listed."""

    policy_bytes: int = 256 * KIB
    front_matter_bytes: int = 64 * KIB
    front_matter_depth: int = 8
    cases_bytes: int = 32 * MIB
    case_bytes: int = 1 * MIB
    cases: int = 100_000
    case_depth: int = 32
    attachment_bytes: int = 256 * KIB
    attachments: int = 16
    findings: int = 1_000


LIMITS = Limits()
