"""How long a registry is waited for. A value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait, in seconds: to be let in, for the next bytes, for one whole answer.

    `busy` is how long a registry that asks to come back later may keep us in all, `tries` how often it
    is asked then.
    """

    connect: float = 10.0
    silence: float = 30.0
    answer: float = 120.0
    busy: float = 20.0
    tries: int = 3
