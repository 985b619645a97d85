"""The run key: what decides a run's answers, as one digest. Pure.

Two runs with one key asked the same model the same questions under the same policy in the same way;
the second is a repeat of the first. Whatever changes answers is a part; whatever only changes speed
(hardware, batch size, who ran it) is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NewType, TypeAlias

import msgspec

from policies.canonical import canonical_digest

RunKey = NewType("RunKey", str)

Setting: TypeAlias = str | int | bool | None
"""A setting's value. Fractions are text, such as a temperature of `"0.7"`: one value, one spelling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelManifest:
    """What answered. For an engine that is its own model, `id` and `revision` are the engine's."""

    id: str
    revision: str | None = None
    dtype: str | None = None
    quantisation: str | None = None
    tokenizer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyParts:
    """The parts of a run key.

    `policy` is the policy's content digest, `suite` the suite's, `template` the template's id and
    `template_digest` that of its messages and parser; both None for an engine that reads no prompt.
    """

    policy: str
    suite: str
    engine: str
    model: ModelManifest
    template: str | None = None
    template_digest: str | None = None
    effort: str | None = None
    sampling: Mapping[str, Setting] = field(default_factory=dict)
    config: Mapping[str, Setting] = field(default_factory=dict)


def run_key(parts: KeyParts) -> RunKey:
    """SHA-256 of the parts' canonical JSON, as 64 hex digits."""
    return RunKey(canonical_digest(msgspec.to_builtins(parts)))
