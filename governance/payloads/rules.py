"""Payloads about the rules themselves: amending the charter, and the registry's own key. Pure."""

from __future__ import annotations

from governance.payloads.base import CommonsName, Number, Payload, Sha256, Token
from governance.payloads.charter_text import CharterText


class CharterAmended(Payload, frozen=True):
    """The owner changes the charter at once (mode `owner`)."""

    charter: CharterText


class RegistryKeySet(Payload, frozen=True):
    """The key with which this registry vouches for what it records, from here on."""

    public: Token


class ParentQuoted(Payload, frozen=True):
    """The parent's charter, whose locked keys bind this one, quoted from the parent's log.

    `seq` and `digest` name the parent's event that put it in force.
    """

    parent: CommonsName
    seq: Number
    digest: Sha256
    charter: CharterText
