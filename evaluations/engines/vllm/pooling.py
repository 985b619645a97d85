"""Sentence vectors by vLLM's pooling runner. Loads vLLM, inside functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evaluations.engines.embedders import Vectors
from evaluations.engines.local_model import LocalModel
from evaluations.engines.vllm import starting
from evaluations.errors import EngineError
from evaluations.keys import Setting


class PoolingEmbedder:
    """A model of sentences in vLLM. Implements `Embedder`."""

    def __init__(self, engine: str, model: LocalModel, settings: Mapping[str, Setting | float]) -> None:
        """Starts vLLM. Raises `EngineError`."""
        self._engine = engine
        self._started = starting.start(engine, model, settings, runner="pooling")
        self._tokenizer: Any = self._started.llm.get_tokenizer()
        self._longest = int(self._started.llm.model_config.max_model_len)

    def fits(self, texts: Sequence[str]) -> list[bool]:
        """Which texts are not longer than the model's context."""
        return [len(ids) <= self._longest for ids in self._ids(texts)]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """A vector of length one for each text. Raises `EngineError` when vLLM dies."""
        import numpy as np
        from vllm.inputs import TokensPrompt

        prompts = [TokensPrompt(prompt_token_ids=ids) for ids in self._ids(texts)]
        try:
            outputs = self._started.llm.embed(prompts, use_tqdm=False)
        except Exception as error:
            raise EngineError(
                self._engine,
                self._started.ended(error),
                "Look for what ended it (often memory), and run the same command.",
            ) from error
        vectors = np.array([output.outputs.embedding for output in outputs], dtype=np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def close(self) -> None:
        """Ends vLLM and its processes."""
        self._started.close()

    def _ids(self, texts: Sequence[str]) -> list[list[int]]:
        return (
            [list(ids) for ids in self._tokenizer(list(texts), verbose=False)["input_ids"]] if texts else []
        )
