"""What is told of a finished request, and to whom. Touches nothing."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from contextvars import ContextVar
from typing import NamedTuple, Protocol

_WELL_FORMED = re.compile(rb"[A-Za-z0-9._-]{8,64}")

REQUEST_ID: ContextVar[str] = ContextVar("registry.request_id", default="")
"""The request that a task or thread works for, so that an error in it can be found by its id."""


class Answered(NamedTuple):
    """A request that is over.

    `route` is the template, empty where no route was reached; `status` is 0 when the visitor left before
    an answer; `sent` counts the bytes of the body. `client` is the visitor's address: personal data.
    """

    method: str
    route: str
    path: str
    status: int
    sent: int
    seconds: float
    request_id: str
    client: str


class Listener(Protocol):
    """Hears of every request that is over, on the event loop: it may not wait for anything."""

    def __call__(self, answered: Answered) -> None:
        """Takes note."""


def request_id_of(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The id that the request brings, if it is well-formed, or a new one."""
    for name, value in headers:
        if name == b"x-request-id" and _WELL_FORMED.fullmatch(value):
            return value.decode()
    # To be told apart, not to be kept secret.
    return f"{random.getrandbits(64):016x}"
