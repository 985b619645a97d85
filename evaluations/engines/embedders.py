"""What turns texts into vectors. A text that a model cannot read whole has none: nothing is cut. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias

Vectors: TypeAlias = Any
"""A numpy array of floats, a row of length one per text."""


class Embedder(Protocol):
    """A loaded model of sentences."""

    def fits(self, texts: Sequence[str]) -> list[bool]:
        """Which texts the model reads whole."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """A vector for each text; all of them must fit."""
        ...

    def close(self) -> None:
        """Lets go of the model."""
        ...


def pieces_that_fit(embedder: Embedder, text: str) -> list[str]:
    """A text of the policy in pieces that the model can read: whole, by lines, or by halves of its words."""
    if embedder.fits([text])[0]:
        return [text]
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > 1:
        return [piece for line in lines for piece in pieces_that_fit(embedder, line)]
    words = text.split()
    if len(words) < 2:
        return []
    half = len(words) // 2
    return [
        piece for part in (words[:half], words[half:]) for piece in pieces_that_fit(embedder, " ".join(part))
    ]
