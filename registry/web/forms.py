"""A form as a page shows it again: what was typed, and what is wrong with it, next to the field. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

NEVER_SHOWN = frozenset({"password", "new", "repeat", "csrf", "next", "code"})
"""What is sent back to no browser, however wrong the rest is."""


@dataclass(frozen=True, slots=True)
class Form:
    """`values` and `errors` by field, errors as the page lists them; "" stands for the whole form."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str, usual: str = "") -> str:
        """What the field shows; a password never comes back."""
        return usual if name in NEVER_SHOWN else self.values.get(name, usual)

    def error(self, name: str) -> str | None:
        """What is wrong with it."""
        return self.errors.get(name)

    def wrong(self, name: str, *said: str) -> Form:
        """The same form with one more error."""
        return replace(self, errors={**self.errors, name: " ".join(filter(None, said))})
