"""A prompt as token ids, and their digest. Pure.

Two engines asked a model the same question exactly when the ids are the same; whether the texts look the
same says little, since a chat template or a date may stand between.
"""

from __future__ import annotations

from collections.abc import Sequence

from policies.canonical import canonical_digest


def token_digest(ids: Sequence[int]) -> str:
    """SHA-256 of the ids as a canonical JSON list, as 64 hex digits: what a row keeps of its prompt."""
    return canonical_digest(list(ids))
