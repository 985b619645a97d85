"""A saved state of the fold, so that a cold process does not replay the whole log.

Only ever a shortcut: it names the log commit that it stands for, the rest of the log is replayed on
top, and without it (or with one of another format) the state is built from scratch.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, get_args, get_origin

import msgspec
from immutables import Map

from governance.commons import Commons
from registry.store.writer import write_durably

FORMAT = 3
"""Goes up with every change of what the state holds, or one of an older program would be taken for whole."""
EVERY = 1_000
"""Events to replay before a new snapshot is worth writing."""


class Snapshot(msgspec.Struct, frozen=True):
    """A state and the log commit that it stands for."""

    format: int
    head: str
    state: Commons


def load_snapshot(path: Path) -> Snapshot | None:
    """The saved state, or None when there is none that this program can use."""
    try:
        raw = path.read_bytes()
        if hashlib.sha256(raw[32:]).digest() != raw[:32]:
            return None
        found = msgspec.msgpack.decode(raw[32:], type=Snapshot, dec_hook=_decode)
    except (OSError, msgspec.MsgspecError):
        return None
    return found if found.format == FORMAT else None


def save_snapshot(path: Path, head: str, state: Commons) -> None:
    """Saves a state; failing to is no harm, so a full or read-only disk is passed over."""
    raw = msgspec.msgpack.encode(Snapshot(FORMAT, head, state), enc_hook=_encode)
    try:
        write_durably(path, hashlib.sha256(raw).digest() + raw, sync=False)
    except OSError:
        return


def _encode(value: Any) -> Any:
    if isinstance(value, Map):
        return dict(value)
    raise NotImplementedError(type(value).__name__)


def _decode(wanted: type, value: Any) -> Any:
    if get_origin(wanted) is Map:
        return Map(msgspec.convert(value, dict[get_args(wanted)], dec_hook=_decode))  # type: ignore[misc]
    raise NotImplementedError(wanted.__name__)
