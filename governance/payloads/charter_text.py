"""A charter as facts: what the events that bring one say of it. Pure."""

from __future__ import annotations

import msgspec

from governance.charter.values import Overrides
from governance.payloads.base import Oid, Payload, Word


class CharterText(Payload, frozen=True):
    """A charter as facts: its file's blob, the preset that it names, and what it changes of it.

    The file also holds comments. They stand in no event, since an event could not be rid of them.
    """

    blob: Oid
    preset: Word
    overrides: Overrides = msgspec.field(default_factory=dict)
