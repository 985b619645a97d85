"""What can go wrong with accounts. The command line and the web turn each into an answer of their own."""

from __future__ import annotations


class AccountsError(Exception):
    """Root of every error this package raises on purpose. `remedy` says what to do instead."""

    def __init__(self, place: str, rule: str, remedy: str) -> None:
        self.place = place
        self.rule = rule
        self.remedy = remedy
        super().__init__(f"{place}: {rule} {remedy}".strip())


class DatabaseUnusableError(AccountsError):
    """The file or database cannot hold accounts: it is damaged, somebody else's, or of a newer version."""


class DatabaseReadOnlyError(DatabaseUnusableError):
    """Nothing can be written at this place."""


class PlaceRefusedError(DatabaseUnusableError):
    """What was named is no place for accounts."""


class DatabaseAwayError(AccountsError):
    """The database does not answer right now, or cannot be written (`retry_after` seconds)."""

    def __init__(self, place: str, rule: str, retry_after: int = 2) -> None:
        self.retry_after = retry_after
        super().__init__(place, rule, f"Try again in {retry_after} seconds.")


class FieldError(AccountsError):
    """Something that somebody wrote cannot be taken; `place` is the field."""


class HandleRefusedError(FieldError):
    """A handle that nobody may take, or somebody had before."""


class PasswordRefusedError(FieldError):
    """A password that would be guessed, or cannot be typed the same way again."""


class SignInRefusedError(AccountsError):
    """No such handle, or another password: which of the two is not told.

    `account` is the handle of the account that was tried, if there is one: for the operator, and nobody else.
    """

    def __init__(self, account: str | None = None) -> None:
        self.account = account
        super().__init__(
            "sign-in",
            "This handle and this password do not go together.",
            "Check both; the operator of this site can give you a link for a new password.",
        )


class TooManyTriesError(AccountsError):
    """As many tries as may be (`retry_after` seconds)."""

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        minutes = -(-retry_after // 60)
        wait = "a minute" if minutes == 1 else f"{minutes} minutes"
        super().__init__(
            "sign-in",
            "There were too many tries.",
            f"Try again in {wait}; what you are signed in with goes on.",
        )


class LinkRefusedError(AccountsError):
    """An invitation or a reset that does not count: unknown, used or too old."""

    def __init__(self, what: str) -> None:
        super().__init__(
            what,
            "This link does not count: it was used, has expired, or was not copied whole.",
            "Ask for a new one.",
        )


class SignUpClosedError(AccountsError):
    """Nobody, or nobody without an invitation, can sign up."""


class UnknownAccountError(AccountsError):
    """Nobody has this handle here (`handle`)."""

    def __init__(self, handle: str) -> None:
        self.handle = handle
        super().__init__(
            f"account {handle}", "there is none.", "`commons account list` shows those there are."
        )


class TooManyError(AccountsError):
    """As many of something as one account may have."""


class KeyReusedError(AccountsError):
    """An Idempotency-Key that came with something else before."""

    def __init__(self) -> None:
        super().__init__(
            "Idempotency-Key",
            "This key came with another request before.",
            "Use a new key for a new request, and the same one only to send the same request again.",
        )


class KeyInUseError(AccountsError):
    """A request with this Idempotency-Key is being answered (`retry_after` seconds), or never was."""

    def __init__(self, retry_after: int | None) -> None:
        self.retry_after = retry_after
        if retry_after is None:
            rule = "The request that came with this key was cut off: whether it took effect is not known."
            remedy = "Look at what is there now, and use a new key if it did not."
        else:
            rule = "The request that came with this key is still being answered."
            remedy = f"Send it again in {retry_after} seconds."
        super().__init__("Idempotency-Key", rule, remedy)
