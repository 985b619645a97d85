"""The page with the form that changes a policy: looked at, or sent, with what is in the way of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

from litestar import Response

from policies.errors import MalformedDocumentError
from registry.services.errors import InputRefusedError, LintRefusedError
from registry.services.suggesting import table_of
from registry.web.answering import own
from registry.web.desk import Desk
from registry.web.errors import refusal_of
from registry.web.form_acts import REFUSALS, carried_out, is_of_the_form
from registry.web.forms import Form
from registry.web.site import Asked, Site
from registry.web.suggest_view import (
    Edited,
    Looked,
    SuggestView,
    first_form,
    fresh_key,
    labels_of,
    looked_at,
    refused_at,
    rows_of,
    suggested_by,
    with_more_rows,
)

_MOVED = {
    False: "A new version was released since you began. Look at what changed, then look at yours again and "
    "send it.",
    True: "The proposal was revised since you began. Look at what changed, then look at yours again and send "
    "it.",
}


def first_page(site: Site, edited: Edited) -> Response[Any]:
    """The form before anybody changed anything."""
    return own(site.html("suggest.html", **_values(edited, first_form(edited.folder))))


async def answered(
    request: Asked,
    site: Site,
    desk: Desk,
    handle: str,
    typed: Mapping[str, str],
    edited: Edited,
    send: Callable[[], Awaitable[str]],
) -> Response[Any]:
    """What comes of a form that was sent. `send` proposes it, and gives the address that shows that."""
    form, looked, status = Form(typed), None, HTTPStatus.OK
    moved = _MOVED[edited.number is not None]
    if typed.get("do") == "rows":
        form = with_more_rows(typed)
    elif typed.get("base") != edited.base:
        form, status = Form(typed).wrong("", moved), HTTPStatus.CONFLICT
    else:
        try:
            looked = await site.looking.do(lambda: looked_at(edited, suggested_by(typed)))
            if typed.get("do") == "send" and looked.can_be_sent:
                return await carried_out(request.scope, desk, handle, typed, send)
            status = HTTPStatus.OK if looked.can_be_sent else HTTPStatus.UNPROCESSABLE_ENTITY
        except (InputRefusedError, MalformedDocumentError) as error:
            form, status = refused_at(typed, error), HTTPStatus.UNPROCESSABLE_ENTITY
        except LintRefusedError:
            # Looked at a moment ago: a neighbour of another name was released meanwhile.
            form, status = Form(typed).wrong("", moved), HTTPStatus.CONFLICT
        except REFUSALS as error:
            if not is_of_the_form(error):
                raise
            problem = refusal_of(error, edited.action).problem
            form = form.wrong("", problem.detail or problem.title, problem.remedy or "")
            status = HTTPStatus(problem.status)
    if typed.get("do") == "live":
        # Asked for while somebody types: whatever is in the way is what they want to know.
        return own(site.html("suggest_live.html", **_values(edited, form, looked)))
    return own(site.html("suggest.html", **_values(edited, form, looked)), status)


def _values(edited: Edited, form: Form, looked: Looked | None = None) -> dict[str, Any]:
    folder = edited.folder
    view = SuggestView(
        action=edited.action,
        policy=folder.document.policy.meta.title,
        version=edited.version,
        number=edited.number,
        base=edited.base,
        key=fresh_key(),
        codes=folder.document.policy.meta.codes,
        labels=labels_of(form.values),
        rows=rows_of(form.values),
        table=table_of(folder.cases),
        typed=form,
        looked=looked,
    )
    return {"commons": edited.commons, "slug": folder.slug, "view": view, "sensitive": True}
