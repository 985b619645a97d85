"""What this package refuses by itself. Each becomes an answer in `errors.py` and nowhere else."""

from __future__ import annotations


class WebError(Exception):
    """Root of every error this package raises on purpose. `remedy` says what to do instead."""

    def __init__(self, rule: str, remedy: str) -> None:
        self.rule = rule
        self.remedy = remedy
        super().__init__(f"{rule} {remedy}")


class NoSuchPageError(WebError):
    """Nothing is at this address."""

    def __init__(self, rule: str = "Nothing is at this address.", remedy: str = "") -> None:
        super().__init__(rule, remedy or "Start from the list of commons.")


class UnknownCommonsError(WebError):
    """No commons of this name is served here (`name`)."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"No commons is called {name} here.", "The start page lists those that are served.")


class AddressTooLongError(WebError):
    """The path or the query is longer than any address here."""

    def __init__(self, part: str, limit: int) -> None:
        super().__init__(
            f"The {part} is longer than {limit} bytes.", "Shorten it; no address here needs more."
        )


class BadCursorError(WebError):
    """A cursor that this server did not give out, or gave out for something else."""

    def __init__(self) -> None:
        super().__init__(
            "The cursor is not one of this list.",
            "Take it from `next` of the page before, or start without one.",
        )


class BadQueryError(WebError):
    """A query parameter with a value that it cannot have."""


class NotReadyError(WebError):
    """Something that is served cannot be read."""


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
    """All places for clones are taken, or this one took too long (`retry_after` seconds)."""

    def __init__(self, rule: str, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(rule, f"Try again in {retry_after} seconds.")


class GitSlowError(WebError):
    """A Git request whose body stopped coming."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Nothing came for {seconds:g} seconds.", "Send the request again.")
