"""A request with an `Idempotency-Key` is carried out once; whoever sends it again gets the first answer."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from functools import partial

from litestar.exceptions import HTTPException

from governance.errors import GovernanceError
from policies.errors import PolicyError
from registry.accounts import answers
from registry.accounts.answers import KeptAnswer, Key
from registry.accounts.errors import AccountsError
from registry.keys.errors import KeyRefusedError
from registry.services.errors import ServiceError
from registry.store.errors import BusyError
from registry.web.desk import Desk
from registry.web.refusals import WebError
from registry.web.rendered import Rendered

REPLAYED = "idempotency-replayed"
"""The header of an answer that was given before."""

CREATED = 201
"""Every act adds an event to a log."""

# Raised before anything is written. After anything else nobody knows, and the key stays taken.
_NOTHING_DONE = (
    GovernanceError,
    ServiceError,
    WebError,
    PolicyError,
    KeyRefusedError,
    AccountsError,
    HTTPException,
    BusyError,
)


async def once(
    desk: Desk, key: Key | None, make: Callable[[], Awaitable[Rendered]], status: int = CREATED
) -> tuple[int, Rendered]:
    """The status and the answer that `make` gives, or gave to the same key in the last 24 hours.

    A refusal keeps nothing: nothing was done, and the same request may be allowed later. Raises
    `KeyReusedError`, `KeyInUseError` and what `make` raises.
    """
    if key is None:
        return status, await make()
    kept = await desk.ask(partial(answers.claim, desk.accounts, key))
    if kept is not None:
        return kept.status, _again(kept)
    try:
        made = await make()
    except _NOTHING_DONE:
        await desk.ask(partial(answers.release, desk.accounts, key))
        raise
    headers = {**made.headers, "content-type": made.media_type}
    answer = KeptAnswer(status, json.dumps(headers), made.body)
    await desk.ask(partial(answers.keep, desk.accounts, key, answer))
    return status, made


def _again(kept: KeptAnswer) -> Rendered:
    headers: dict[str, str] = json.loads(kept.headers)
    media_type = headers.pop("content-type")
    return Rendered.of(kept.body, media_type, {**headers, REPLAYED: "true"})
