"""Why a key, a signature, a secret or a ballot box was refused: each with place, rule and remedy."""

from __future__ import annotations


class KeysError(Exception):
    """Root of every error this package raises on purpose (`place`, `rule`, `remedy`)."""

    def __init__(self, place: str, rule: str, remedy: str) -> None:
        self.place = place
        self.rule = rule
        self.remedy = remedy
        super().__init__(f"{place}: {rule} {remedy}")


class KeyRefusedError(KeysError):
    """Text that is no public key which may be registered here."""


class SignatureRefusedError(KeysError):
    """A signature that is malformed, or not one over this statement by this key."""


class SigningError(KeysError):
    """`ssh-keygen` could not sign; nothing was signed."""


class SecretError(KeysError):
    """The registry's secret on this host cannot be used."""


class BoxRefusedError(KeysError):
    """A key or a content with which no ballot box can be sealed or opened."""
