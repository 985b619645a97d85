"""What is refused to git. Each becomes a line that git prints, in `errors.py` and nowhere else."""

from __future__ import annotations

from registry.web.refusals import WebError


class GitRefusedError(WebError):
    """A Git request for something that is not offered."""


class GitNotFoundError(WebError):
    """A Git request for a repository, or a file of one, that is not there."""


class GitMethodError(WebError):
    """A Git request with the wrong method (`allow` names the right one)."""

    def __init__(self, allow: str) -> None:
        self.allow = allow
        super().__init__("This address does not take that method.", f"Use {allow}.")


class GitTooLargeError(WebError):
    """A Git request that brings more than is read."""


class GitEncodingError(WebError):
    """A Git request of a type, or packed in a way, that is not read here."""


class GitUnreadableError(WebError):
    """A Git request that is cut off or broken."""


class GitBusyError(WebError):
    """All places for clones, or pushes, are taken, or this one took too long (`retry_after` seconds)."""

    def __init__(self, rule: str, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(rule, f"Try again in {retry_after} seconds.")


class GitManyError(WebError):
    """One visitor has all the places for clones, or pushes, that one may have (`retry_after` seconds)."""

    def __init__(self, places: int, what: str, retry_after: int, *, who: str = "address") -> None:
        self.retry_after = retry_after
        super().__init__(
            f"One {who} may make {places} {what} at a time.", f"Try again in {retry_after} seconds."
        )


class GitSlowError(WebError):
    """A Git request whose body stopped coming."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Nothing came for {seconds:g} seconds.", "Send the request again.")
