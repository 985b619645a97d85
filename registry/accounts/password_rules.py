"""Which passwords may be chosen. Touches nothing; the lists of what is guessed first are zxcvbn's."""

from __future__ import annotations

import unicodedata

from registry.accounts.errors import PasswordRefusedError
from registry.accounts.passwords import normal

LEAST, MOST = 10, 200
"""Characters."""

_ENOUGH = 3
"""Of zxcvbn's 0 to 4: at least 10^8 guesses, which a slow hash turns into years of one machine."""
_LOOKED_AT = 72
"""Characters that zxcvbn looks at: its time grows with the square of them."""
_OURS = ("policy", "commons", "policy commons", "safeguard")
# Controls, lone surrogates, and what a later Unicode may normalise in another way.
_UNSTABLE = frozenset(("Cc", "Cs", "Cn"))


def check_password(password: str, handle: str) -> str:
    """A password that `handle` may have. Raises `PasswordRefusedError`."""
    chosen = normal(password)
    if len(chosen) < LEAST:
        raise _refused(
            f"It has fewer than {LEAST} characters.", "Three or four unrelated words are easy to keep."
        )
    if len(chosen) > MOST:
        raise _refused(f"It has more than {MOST} characters.", "Use a shorter one.")
    if "\ufffd" in chosen or any(unicodedata.category(sign) in _UNSTABLE for sign in chosen):
        raise _refused(
            "It holds a character that not every keyboard and system writes in the same way.",
            "Leave out control characters and signs that were copied in.",
        )
    if len(handle) > 2 and handle in chosen.lower():
        raise _refused("It holds your handle.", "Choose one that nobody derives from what they see of you.")
    _check_guesses(chosen, handle)
    return chosen


def _check_guesses(password: str, handle: str) -> None:
    # 15 MB of word lists, for the few processes and moments in which somebody chooses a password.
    from zxcvbn import zxcvbn

    found = zxcvbn(password[:_LOOKED_AT], user_inputs=[handle, *_OURS])
    if found["score"] < _ENOUGH:
        rule = found["feedback"]["warning"] or "It would be guessed soon."
        raise _refused(rule, " ".join(found["feedback"]["suggestions"]) or "Add another word or two.")


def _refused(rule: str, remedy: str) -> PasswordRefusedError:
    return PasswordRefusedError("password", rule, remedy)
