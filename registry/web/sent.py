"""What a visitor's browser sends with a form, and whether it was sent from here. Touches nothing."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from registry.web.refusals import BadQueryError, CrossSiteError

MOST_FIELDS = 8
_OURS = ("same-origin", "none")


def check_same_site(headers: Mapping[str, str]) -> None:
    """Raises `CrossSiteError` for what a page of another site makes a visitor's browser send.

    Browsers say where a request comes from in Sec-Fetch-Site; older ones, and all on plain http, in Origin.
    Programs say neither and are nobody's browser.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        if site not in _OURS:
            raise CrossSiteError
        return
    origin = headers.get("origin")
    if origin is not None and _host_of(origin) != headers.get("host", "").lower():
        raise CrossSiteError


def check_sent_from_here(headers: Mapping[str, str]) -> None:
    """Raises `CrossSiteError` unless a browser says that a page of ours sent this.

    For forms that begin a session: there is none yet that could vouch for them.
    """
    check_same_site(headers)
    if headers.get("sec-fetch-site") is None and headers.get("origin") is None:
        raise CrossSiteError


def read_form(body: bytes, *, most: int = MOST_FIELDS) -> Mapping[str, str]:
    """The fields of an urlencoded form, line ends as `\\n`. Raises `BadQueryError` for what is none.

    Litestar's own reader remembers the last thousand forms: texts of visitors, which nobody is to keep.
    """
    try:
        fields = parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=most, errors="replace")
    except ValueError:
        raise BadQueryError("The form cannot be read.", "Send it from the page.") from None
    return {name: values[-1].replace("\r\n", "\n") for name, values in fields.items()}


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        # Brackets that hold no address: no browser sends that.
        return None
