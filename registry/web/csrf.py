"""That a form was sent from a page of ours, by whom the page was made for. Touches nothing."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from registry.web.refusals import CsrfError
from registry.web.sent import check_same_site
from registry.web.viewer import Viewer

FIELD = "csrf"
HEADER = b"x-csrf-token"

_FORM = b"application/x-www-form-urlencoded"


def csrf_of(session: str) -> str:
    """What the forms of a session send back: it follows from the session's secret and does not tell it."""
    made = hmac.digest(session.encode(), b"policy-commons csrf", hashlib.sha256)
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def check_csrf(scope: Mapping[str, Any], viewer: Viewer, body: bytes) -> None:
    """Raises `CsrfError` unless a session's request brings its token once, as a field or in the header.

    Also raises `CrossSiteError`. A bearer token is sent by programs only: there is nothing to check.
    """
    if viewer.csrf is None:
        return
    check_same_site({name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]})
    brought = [value for name, value in scope["headers"] if name == HEADER]
    kinds = [value for name, value in scope["headers"] if name == b"content-type"]
    if not brought and kinds and kinds[0].partition(b";")[0].strip().lower() == _FORM:
        field = FIELD.encode() + b"="
        brought = [part[len(field) :] for part in body.split(b"&") if part.startswith(field)]
    if len(brought) != 1 or not hmac.compare_digest(brought[0], viewer.csrf.encode()):
        raise CsrfError
