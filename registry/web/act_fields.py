"""Forms of acts as pages show them: fields, what was typed and is wrong with it, what is not open. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from registry.keys.errors import KeyRefusedError
from registry.services.errors import InputRefusedError
from registry.web.errors import Refusal
from registry.web.forms import Form

_PLACES = {
    "the reason": "reason",
    "the remedy": "remedy",
    "the comment": "text",
    "the place": "at",
    "the suggested edit": "suggestion",
    "the answer": "text",
    "the title": "title",
}


class Field(NamedTuple):
    """One field. `kind` is `line`, `area`, `choice` or `password`; a choice has `options` by their values."""

    name: str
    label: str
    kind: str = "area"
    options: Sequence[tuple[str, str]] = ()
    required: bool = True
    help: str | None = None


class ActForm(NamedTuple):
    """The form of an act."""

    name: str
    title: str
    button: str
    fields: tuple[Field, ...] = ()
    help: str | None = None
    danger: bool = False


class Shown(NamedTuple):
    """A form with what was typed in it, if it was sent and refused."""

    form: ActForm
    typed: Form


class Closed(NamedTuple):
    """An act that is not open to whoever looks, and why."""

    title: str
    rule: str
    remedy: str


class ActsView(NamedTuple):
    """Every form of a page: where it goes, what it is of, and which ones are not open.

    `key` makes sending the same form twice one act; `done` says what was done just now.
    """

    action: str
    content: str
    key: str
    open: tuple[Shown, ...]
    closed: tuple[Closed, ...]
    done: str | None = None


def unchosen(form: ActForm, typed: Mapping[str, str]) -> Form | None:
    """The form with an error at each choice that was not made; None where all were."""
    again = Form(typed)
    for field in form.fields:
        if field.kind == "choice" and typed.get(field.name) not in dict(field.options):
            again = again.wrong(field.name, "Choose one.")
    return again if again.errors else None


def wrong(form: ActForm, typed: Mapping[str, str], error: Exception, refusal: Refusal) -> Form:
    """The form with an error next to the field that it is about, or above all of them."""
    names = {field.name for field in form.fields}
    place = _PLACES.get(error.place, "") if isinstance(error, InputRefusedError) else ""
    if isinstance(error, KeyRefusedError):
        place = "public"
    at = place if place in names else ""
    said = error.rule if at and isinstance(error, InputRefusedError | KeyRefusedError) else None
    problem = refusal.problem
    shown = said or problem.detail or problem.title
    return Form(typed).wrong(at, shown[:1].upper() + shown[1:] if at else shown, problem.remedy or "")
