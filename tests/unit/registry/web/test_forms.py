from __future__ import annotations

import pytest

from registry.accounts.errors import (
    FieldError,
    PasswordRefusedError,
    SignInRefusedError,
    TooManyTriesError,
)
from registry.web.forms import NEVER_SHOWN, Form
from registry.web.refused_form import check_repeated, password_refused, refused


def test_form_shows_what_was_typed_and_never_a_secret() -> None:
    """Passwords and codes do not come back, whatever else is wrong."""
    form = Form(dict.fromkeys((*NEVER_SHOWN, "handle"), "typed"))
    assert form.value("handle") == "typed"
    assert all(form.value(name) == "" for name in NEVER_SHOWN)
    assert form.value("days", "90") == "90"


def test_error_stands_at_its_field() -> None:
    """With its remedy; one that is about no field stands above the form."""
    at_field = refused(Form(), FieldError("handle", "Taken.", "Choose another."), "/x")
    assert (at_field.form.error("handle"), at_field.status) == ("Taken. Choose another.", 422)
    above = refused(Form(), TooManyTriesError(61), "/x")
    assert above.form.error("") is not None
    assert (above.status, above.headers["retry-after"]) == (429, "61")
    renamed = refused(
        Form(), PasswordRefusedError("password", "Short.", ""), "/x", places={"password": "new"}
    )
    assert (renamed.form.error("new"), renamed.form.error("password")) == ("Short.", None)


def test_wrong_password_of_who_is_signed_in_is_said_at_the_password() -> None:
    """Nobody is told that a handle and a password do not go together when no handle was asked for."""
    shown = password_refused(Form(), SignInRefusedError("ana"), "/x")
    assert (shown.form.error("password"), shown.form.error("")) == ("This is not your password.", None)


def test_new_password_is_typed_twice() -> None:
    """Nobody could look it up who mistyped it."""
    assert check_repeated({"password": "a", "repeat": "a"}) == "a"
    assert check_repeated({"new": "a", "repeat": "a"}, "new") == "a"
    for fields in ({"password": "a"}, {"password": "a", "repeat": "b"}, {"repeat": "b"}):
        with pytest.raises(PasswordRefusedError) as error:
            check_repeated(fields)
        assert error.value.place == "repeat"
