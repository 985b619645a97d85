"""What can go wrong with a registry, each with the place, the rule and the remedy."""

from __future__ import annotations

from policies.findings import Finding
from registry.services.origin import OriginError


class RegistryError(OriginError):
    """Root of every error this package raises on purpose."""


class UnreachableError(RegistryError):
    """Nobody answers there, or the answer broke off: nothing is known of what is there."""


class BusyRegistryError(RegistryError):
    """It is there and asks to come back later (`seconds`, None when it does not say when)."""

    def __init__(self, place: str, rule: str, seconds: int | None) -> None:
        self.seconds = seconds
        when = f"in {seconds} s" if seconds is not None else "later"
        super().__init__(place, rule, f"Try again {when}.")


class FailedRegistryError(RegistryError):
    """It is there and failed by its own account."""


class NotARegistryError(RegistryError):
    """Something answers, and it is no registry of policies."""


class BadAnswerError(RegistryError):
    """An answer that no registry gives: too large, cut, or not of its documented shape."""


class RedirectedError(RegistryError):
    """It sends us somewhere that nobody asked for."""


class RefusedQueryError(RegistryError):
    """It does not take what was asked."""


class ActError(RegistryError):
    """Root of what a site says to an act that it did not carry out: nothing was recorded."""


class RefusedActError(ActError):
    """The rules of the commons, or the scopes of the token, do not allow it."""


class WrongActError(ActError):
    """Something that was sent cannot be taken in."""


class UnknownThereError(ActError):
    """The site has no such commons, proposal or release."""


class LintedActError(ActError):
    """What is proposed has lint errors; `findings` are all of them."""

    def __init__(self, place: str, rule: str, remedy: str, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        super().__init__(place, rule, remedy)


class TokenError(ActError):
    """No token was given, or it does not count there."""
