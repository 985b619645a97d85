"""What somebody wrote into a form that was refused: shown to them once more, so that it is not lost. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from registry.web.forms import NEVER_SHOWN
from registry.web.refusals import WebError
from registry.web.sent import check_same_site, read_form

BODY = "registry.body"
"""The scope's key for the bytes of a body; they are all there before a route is asked."""

_MOST_FIELDS = 512


def written_of(scope: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The fields of the form that this request sent, with their texts; none of what another site sent."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    body = scope.get(BODY, b"")
    if not body or not headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return ()
    try:
        check_same_site(headers)
        fields = read_form(body, most=_MOST_FIELDS)
    except WebError:
        return ()
    return tuple((name, text) for name, text in fields.items() if text.strip() and name not in NEVER_SHOWN)
