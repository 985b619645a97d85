"""A form of an act that was sent: carried out once, however often it is sent. Keeps nothing itself."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from litestar import Response

from governance.errors import ClockBehindError, MalformedEventError, RefusedError
from registry.accounts.answers import Key
from registry.accounts.errors import AccountsError, KeyInUseError
from registry.keys.errors import KeyRefusedError
from registry.services.errors import ServiceError
from registry.web.desk import Desk
from registry.web.once import once
from registry.web.preconditions import request_digest
from registry.web.refusals import ActsBusyError, DailyLimitError, LooksBusyError
from registry.web.rendered import PRIVATE, TEXT, Rendered, respond

REFUSALS = (
    RefusedError,
    ServiceError,
    KeyRefusedError,
    MalformedEventError,
    ActsBusyError,
    DailyLimitError,
    LooksBusyError,
    AccountsError,
)
"""What is shown beside a form. A `RefusedError` about an event of the log is none of them."""

_LOOKS, _SECONDS = 50, 0.2
_KEY = re.compile(r"[0-9a-f]{32}")


def is_of_the_form(error: Exception) -> bool:
    """Whether an error is about what was sent, and not about what stands in the log already."""
    return not isinstance(error, RefusedError) or isinstance(error, ClockBehindError) or error.seq is None


async def carried_out(
    scope: Mapping[str, Any],
    desk: Desk,
    actor: str,
    typed: Mapping[str, str],
    act: Callable[[], Awaitable[str]],
) -> Response[Any]:
    """Leads on to the address that `act` gives; sent twice, by a double click say, it is done once.

    Raises what `act` raises.
    """
    nonce = typed.get("key", "")
    path = str(scope["path"])
    digest = request_digest(scope, path)
    # With what was sent in it: whoever goes back and writes something else means another act.
    key = Key(actor, f"form {nonce} {digest}", digest) if _KEY.fullmatch(nonce) else None

    async def make() -> Rendered:
        return Rendered.of(b"", TEXT, {"location": await act(), "cache-control": PRIVATE})

    for _ in range(_LOOKS):
        try:
            status, rendered = await once(desk, key, make, status=303)
        except KeyInUseError as error:
            if error.retry_after is None:
                raise
            # The first of two clicks is being worked on: the browser shows the answer to the second.
            await asyncio.sleep(_SECONDS)
        else:
            return respond(rendered, status)
    raise KeyInUseError(1)
