"""A prompt as token ids, and their digest. Pure.

Two engines asked a model the same question exactly when the ids are the same; whether the texts look the
same says little, since a chat template or a date may stand between.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from policies.canonical import sha256_hex


def token_digest(ids: Sequence[int]) -> str:
    """SHA-256 of the ids as a canonical JSON list, as 64 hex digits: what a row keeps of its prompt."""
    # Whole numbers have one spelling, so this is canonical, at a sixth of the cost of looking whether it is.
    return sha256_hex(json.dumps(list(ids), separators=(",", ":")).encode("ascii"))
