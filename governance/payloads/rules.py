"""Payloads about the rules themselves: amending the charter, and the registry's own key. Pure."""

from __future__ import annotations

import msgspec

from governance.charter.values import Overrides
from governance.payloads.base import CommonsName, Number, Oid, Payload, Sha256, Token, Word


class CharterText(Payload, frozen=True):
    """A charter as facts: its file's blob, the preset that it names, and what it changes of it.

    The file also holds comments. They stand in no event, since an event could not be rid of them.
    """

    blob: Oid
    preset: Word
    overrides: Overrides = msgspec.field(default_factory=dict)


class CharterAmended(Payload, frozen=True):
    """The owner changes the charter at once (mode `owner`)."""

    charter: CharterText


class RegistryKeySet(Payload, frozen=True):
    """The key with which this registry vouches for what it records, from here on."""

    public: Token


class BoundsQuoted(Payload, frozen=True):
    """What a parent's charter does not let this one loosen, quoted from the parent's log.

    `seq` and `digest` name the parent's event that brought them.
    """

    parent: CommonsName
    seq: Number
    digest: Sha256
    bounds: Overrides
