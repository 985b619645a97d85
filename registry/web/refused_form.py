"""A form that was refused, as its page shows it again: what to say where, and how to answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from registry.accounts.errors import AccountsError, FieldError, PasswordRefusedError, SignInRefusedError
from registry.web.errors import refusal_of
from registry.web.forms import Form


class Refused(NamedTuple):
    """The form with what is wrong, and the status and headers of the answer."""

    form: Form
    status: int
    headers: Mapping[str, str]


def refused(
    form: Form, error: AccountsError, path: str, *, places: Mapping[str, str] | None = None
) -> Refused:
    """What an error means for a form; `places` names fields otherwise than the error does."""
    named = places or {}
    place = named.get(error.place, error.place) if isinstance(error, FieldError) else ""
    refusal = refusal_of(error, path)
    return Refused(form.wrong(place, error.rule, error.remedy), refusal.status, refusal.headers)


def password_refused(form: Form, error: AccountsError, path: str) -> Refused:
    """The same where somebody who is signed in was asked for their password once more."""
    if isinstance(error, SignInRefusedError):
        return Refused(
            form.wrong("password", "This is not your password."), refusal_of(error, path).status, {}
        )
    return refused(form, error, path)


def check_repeated(fields: Mapping[str, str], name: str = "password") -> str:
    """A new password that was typed twice alike. Raises `PasswordRefusedError`."""
    chosen = fields.get(name, "")
    if chosen != fields.get("repeat", ""):
        raise PasswordRefusedError("repeat", "The two are not the same.", "Type the new password twice.")
    return chosen
