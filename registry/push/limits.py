"""What one push may take. Touches nothing."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class PackLimits:
    """Bytes and objects of what is pushed.

    `memory_bytes` and `cpu_seconds` hold the git that unpacks: a few kilobytes of deltas can ask for any
    amount of memory. `folders` is how many policies one push may change, `changed_bytes` how large all that
    it changes may be unpacked.
    """

    pack_bytes: int = 16 * MIB
    objects: int = 20_000
    memory_bytes: int = 256 * MIB
    cpu_seconds: int = 60
    folders: int = 64
    changed_bytes: int = 64 * MIB
