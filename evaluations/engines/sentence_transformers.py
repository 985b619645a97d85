"""Sentence vectors by the library sentence-transformers. Loads it, inside functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from evaluations.engines.embedders import Vectors
from evaluations.engines.local_model import LocalModel
from evaluations.errors import EngineError

LIBRARY = "sentence-transformers"
_LIBRARIES = (LIBRARY, "torch", "transformers")


def versions() -> Mapping[str, str]:
    """Installed versions by distribution name; empty when it is not installed."""
    result = {}
    for name in _LIBRARIES:
        try:
            result[name] = version(name)
        except PackageNotFoundError:
            continue
    return result if LIBRARY in result else {}


class SentenceTransformersEmbedder:
    """A model of sentences in torch. Implements `Embedder`."""

    def __init__(self, engine: str, model: LocalModel) -> None:
        """Loads the model. Raises `EngineError`."""
        from sentence_transformers import SentenceTransformer

        try:
            self._model: Any = SentenceTransformer(model.source, revision=model.commit)
        except Exception as error:
            told = " ".join(f"{type(error).__name__}: {error}".split())[:400]
            raise EngineError(
                engine, f"the model does not load. {LIBRARY} says: {told}", "Check the model's folder."
            ) from error
        self._longest = int(self._model.max_seq_length or model.context or 0)

    def fits(self, texts: Sequence[str]) -> list[bool]:
        """Which texts are not longer than what the model reads."""
        ids = self._model.tokenizer(list(texts), verbose=False)["input_ids"] if texts else []
        return [len(one) <= self._longest for one in ids]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """A vector of length one for each text."""
        return self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)

    def close(self) -> None:
        """The model goes with the last reference to it."""
