"""Why a text cannot be tried on a policy here, each with the rule and the remedy. Touches nothing."""

from __future__ import annotations

from registry.web.refusals import WebError


class TextRefusedError(WebError):
    """A text that cannot be tried: none, or too much of it."""


class CannotTryError(WebError):
    """A policy or an engine with which no text can be tried here."""


class TryBusyError(WebError):
    """All places for trying texts are taken (`retry_after` seconds)."""

    def __init__(self, rule: str, retry_after: int = 10) -> None:
        self.retry_after = retry_after
        super().__init__(rule, f"Try again in {retry_after} seconds.")


class ModelServerError(WebError):
    """The model server gave no answer that can be read."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule, "Try again later, or tell the operator of this site.")


class ModelSlowError(WebError):
    """The model server took too long."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"The model server did not answer within {seconds:g} seconds.",
            "Try again later, or try a shorter text.",
        )
