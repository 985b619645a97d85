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


class BadHostError(WebError):
    """A request without a Host, with two, or with one that is no host."""

    def __init__(self) -> None:
        super().__init__("A request names one host.", "Open the address as it was printed.")


class RateLimitedError(WebError):
    """One visitor asked more than a budget holds (`retry_after` seconds until it is full again)."""

    def __init__(
        self, budget: str, quota: int, seconds: int, retry_after: int, *, who: str = "address"
    ) -> None:
        self.budget = budget
        self.retry_after = retry_after
        super().__init__(
            f"One {who} may make {quota} requests of this kind ({budget}) in {seconds} seconds.",
            f"Go on in {retry_after} seconds; the RateLimit field of each answer says what is left.",
        )


class BodyTooLargeError(WebError):
    """A request that brings more than is read."""

    def __init__(self, limit: int) -> None:
        super().__init__("The request is too large.", f"At most {limit} bytes are read.")


class BodyTypeError(WebError):
    """A request whose body is of a type, or packed in a way, that is not read here."""

    def __init__(self, *, packed: bool) -> None:
        super().__init__(
            "The body is packed." if packed else "The body has no type that is read here.",
            "Send it plain." if packed else "Send application/json or a form, and say so in Content-Type.",
        )


class BodyNotJsonError(WebError):
    """A request whose body says that it is JSON and is none."""

    def __init__(self) -> None:
        super().__init__(
            "The body is no JSON that can be read.", "Send one JSON value in UTF-8, not nested deeply."
        )


class SlowBodyError(WebError):
    """A request whose body did not come in time."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The body was not there after {seconds:g} seconds.", "Send the request again.")


class BadCursorError(WebError):
    """A cursor that this server did not give out, or gave out for something else."""

    def __init__(self) -> None:
        super().__init__(
            "The cursor is not one of this list.",
            "Take it from `next` of the page before, or start without one.",
        )


class BadQueryError(WebError):
    """A query parameter with a value that it cannot have."""


class AheadOfLogError(WebError):
    """A reader knows an event that this log does not have: it was set back, as from an old backup."""

    def __init__(self, commons: str, since: int, last: int, *, rewritten: bool = False) -> None:
        known = f"knows event {since} as another" if rewritten else f"ends at event {last}, before {since}"
        super().__init__(
            f"The log of {commons} {known}: this registry was set back, or is not the one you followed.",
            "Start again with `since=0`, and take what you hold of this commons for unknown.",
        )


class StreamsFullError(WebError):
    """As many event streams are open as may be (`retry_after` seconds)."""

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(
            "As many event streams are open as this server keeps.",
            f"Try again in {retry_after} seconds, or ask for changes with `since` instead.",
        )


class StreamsOfOneError(WebError):
    """One visitor has as many event streams open as one may have (`retry_after` seconds)."""

    def __init__(self, places: int, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(
            f"One address may keep {places} event streams open.",
            "Close one, or follow all commons in one stream at /api/v1/events.",
        )


class NotReadyError(WebError):
    """Something that is served cannot be read."""


class CrossSiteError(WebError):
    """A form of another site sends something here in a visitor's name."""

    def __init__(self) -> None:
        super().__init__("This was sent from a page of another site.", "Send it from the page here.")


class AccountsAwayError(WebError):
    """Accounts cannot be reached right now (`retry_after` seconds)."""

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(
            "Accounts cannot be reached right now.",
            f"Try again in {retry_after} seconds. What is public goes on: read it without signing in.",
        )


class AccountsBusyError(WebError):
    """As many passwords are being looked at as may be (`retry_after` seconds)."""

    def __init__(self) -> None:
        self.retry_after = 5
        super().__init__("Many people are signing in right now.", "Try again in 5 seconds.")


class NotSignedInError(WebError):
    """Something that needs to know who asks."""

    def __init__(self) -> None:
        super().__init__("This needs to know who you are.", "Sign in, or send a token if you are a program.")


class BadTokenError(WebError):
    """A token that cannot be one, or does not count here: unknown, expired or revoked."""


class TokenInAddressError(WebError):
    """A token in the query of an address, where logs and histories keep it."""

    def __init__(self) -> None:
        super().__init__(
            "A token stands in this address, which logs and browsers keep.",
            "Send it as `Authorization: Bearer ...`. Revoke this one: it may have been seen.",
        )


class ScopeError(WebError):
    """A token that may be used for other things, and not for this (`scope`)."""

    def __init__(self, scope: str) -> None:
        self.scope = scope
        super().__init__(
            f"This token may not be used for this: it lacks the scope `{scope}`.",
            f"Make one with `{scope}` on your account's page.",
        )


class PasswordNeededError(WebError):
    """Something that a session alone does not allow, so that who finds a screen unlocked cannot do it."""

    def __init__(self) -> None:
        super().__init__(
            "This needs your password once more.", "Do it on your account's page, which asks for it."
        )


class CsrfError(WebError):
    """A form that does not send back what the page gave it."""

    def __init__(self) -> None:
        super().__init__(
            "This was not sent from a page that was made for you, or you have signed in anew since.",
            "Open the page again and send it from there.",
        )


class StaleError(WebError):
    """What was to be changed has changed meanwhile (`etag` is its tag now)."""

    def __init__(self, etag: str) -> None:
        self.etag = etag
        super().__init__(
            "This is not what you saw any more: somebody changed it meanwhile.",
            "Get it again, look, and send its tag in If-Match.",
        )


class BadHeaderError(WebError):
    """A header field with a value that it cannot have here."""


class ActsBusyError(WebError):
    """As many acts wait for their turn as may (`retry_after` seconds)."""

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(
            "Many people act right now.", f"Nothing was done. Try again in {retry_after} seconds."
        )


class FoundingClosedError(WebError):
    """Nobody founds a commons on this site: its operator does."""

    def __init__(self) -> None:
        super().__init__(
            "Nobody founds a commons on this site but its operator.",
            "Ask them, or found one on your own machine with `commons init`.",
        )


class DailyLimitError(WebError):
    """Somebody did something as often as an account may within a day (`retry_after` seconds)."""

    def __init__(self, may: str, retry_after: int) -> None:
        self.retry_after = retry_after
        hours = -(-retry_after // 3_600)
        super().__init__(
            f"An account may {may} a day here, and you have.",
            "The next one is within the hour." if hours == 1 else f"The next one is in {hours} hours.",
        )


class LooksBusyError(WebError):
    """As many suggestions wait to be looked at as may (`retry_after` seconds)."""

    def __init__(self, retry_after: int = 5) -> None:
        self.retry_after = retry_after
        super().__init__(
            "Many people write suggestions right now.", f"Look at yours again in {retry_after} seconds."
        )
