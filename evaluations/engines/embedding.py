"""`embedding`: sentence vectors with a logistic head, learned from the policy's own text.

What `lexical` does with words, done with meaning: the same texts under each label, a stronger reader. It
still cannot follow rules. vLLM's pooling runner or sentence-transformers makes the vectors.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import islice
from typing import Any

from evaluations.engines import local_model, sentence_transformers
from evaluations.engines.base import EngineInfo, EngineSettings, Needs, Promises, Task
from evaluations.engines.embedders import Embedder, Vectors, pieces_that_fit
from evaluations.engines.fitted import Fitted, fit, texts_to_learn
from evaluations.engines.lexical import text_of
from evaluations.engines.local_model import LocalModel
from evaluations.engines.vllm import starting
from evaluations.engines.vllm.options import CALLED, deciding, read_settings
from evaluations.engines.vllm.pooling import PoolingEmbedder
from evaluations.errors import EngineError
from evaluations.keys import Setting
from evaluations.verdicts import CONTEXT_OVERFLOW, Answer, Failed
from policies.model import Case

NAME = "embedding"
VERSION = "1"
_BATCH = 512
_LIBRARY = "library"
_VLLM = "vllm"
# The library's own default, as for `lexical`: nothing was tuned on data that is reported on.
_INVERSE_REGULARISATION = 1.0
_MOST_ITERATIONS = 5_000

INFO = EngineInfo(
    name=NAME,
    version=VERSION,
    title="Sentence-vector baseline",
    summary=(
        "Sentence-vector baseline: a small classifier over a language model's sentence vectors, trained on "
        "this policy's text. It cannot follow rules and predicts nothing about the model."
    ),
    needs=Needs(extra=NAME),
    # Vectors differ in their last digits with the batch that they are computed in.
    promises=Promises(deterministic=False, may_gate=False, reads_policy=True),
)


class _Loaded:
    """The model that was loaded for an engine; all policies share it."""

    embedder: Embedder | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddingEngine:
    """Fits on vectors of `model`. Made by `embedding_engine`; implements `Engine`."""

    model: LocalModel
    library: str
    given: Mapping[str, Setting | float] = field(default_factory=dict)
    _loaded: _Loaded = field(default_factory=_Loaded, compare=False, repr=False)

    @property
    def info(self) -> EngineInfo:
        """What it is, needs and promises."""
        return INFO

    @property
    def settings(self) -> EngineSettings:
        """The model with its digests, what made the vectors, and the head."""
        config: dict[str, Setting] = {
            _LIBRARY: f"{self.library} {self.versions[self.library]}",
            "head": "logistic C=1 balanced",
            "scikit-learn": version("scikit-learn"),
            **deciding(self.given),
        }
        return EngineSettings(model=self.model.manifest, config=config)

    @property
    def versions(self) -> Mapping[str, str]:
        """Installed versions by distribution name."""
        libraries = starting.versions(NAME) if self.library == _VLLM else sentence_transformers.versions()
        return {**libraries, "scikit-learn": version("scikit-learn")}

    def load(self, task: Task) -> EmbeddingSession:
        """Fits on the policy. Raises `TooLittleTextError`, and `EngineError` when the model does not load."""
        texts = texts_to_learn(
            NAME,
            task.policy,
            "Give each label a section headed by its code, with criteria and quoted examples.",
        )
        embedder = self._embedder()
        parts = [
            (piece.code, part) for piece in texts for part in pieces_that_fit(embedder, piece.text) if part
        ]
        vectors = embedder.embed([part for _, part in parts])
        codes = [code for code, _ in parts]
        return EmbeddingSession(embedder, fit(task.policy, codes, lambda classes: _Head(vectors, classes)))

    def close(self) -> None:
        """Lets go of the model."""
        embedder, self._loaded.embedder = self._loaded.embedder, None
        if embedder is not None:
            embedder.close()

    def _embedder(self) -> Embedder:
        if self._loaded.embedder is None:
            self._loaded.embedder = (
                PoolingEmbedder(NAME, self.model, self.given)
                if self.library == _VLLM
                else sentence_transformers.SentenceTransformersEmbedder(NAME, self.model)
            )
        return self._loaded.embedder


class EmbeddingSession:
    """A fitted policy. Implements `Session`."""

    def __init__(self, embedder: Embedder, fitted: Fitted) -> None:
        self._embedder = embedder
        self._fitted = fitted

    def classify(self, cases: Sequence[Case]) -> Iterator[Answer]:
        """Answers in the order given, batch by batch. A text longer than the model's context is `Failed`."""
        left = iter(cases)
        while batch := list(islice(left, _BATCH)):
            texts = [text_of(case) for case in batch]
            fits = self._embedder.fits(texts)
            read = [text for text, whole in zip(texts, fits, strict=True) if whole]
            verdicts = iter(self._fitted.verdicts(self._embedder.embed(read), len(read)) if read else ())
            for case, whole in zip(batch, fits, strict=True):
                verdict = next(verdicts) if whole else Failed(error=CONTEXT_OVERFLOW)
                yield Answer(case_id=case.id, verdict=verdict)


class _Head:
    """Logistic regression over vectors. Implements `Fits`."""

    def __init__(self, vectors: Vectors, classes: Sequence[str]) -> None:
        from sklearn.linear_model import LogisticRegression
        from threadpoolctl import threadpool_limits

        self._only = classes[0] if len(set(classes)) == 1 else None
        if self._only is None:
            self._regression: Any = LogisticRegression(
                C=_INVERSE_REGULARISATION, class_weight="balanced", max_iter=_MOST_ITERATIONS
            )
            with threadpool_limits(limits=1):
                self._regression.fit(vectors, list(classes))

    def classify(self, features: Vectors, /) -> list[str]:
        """The class of each row."""
        from threadpoolctl import threadpool_limits

        if self._only is not None:
            return [self._only] * len(features)
        with threadpool_limits(limits=1):
            return [str(name) for name in self._regression.predict(features)]


def embedding_engine(
    name: str, *, revision: str | None = None, settings: Mapping[str, str] | None = None
) -> EmbeddingEngine:
    """The engine for a model's folder or name on the Hub.

    `settings` may say `library=vllm` or `library=sentence-transformers`, and what else vLLM takes. Raises
    `EngineError` when neither library is there, or the model is not.
    """
    given = dict(settings or {})
    library = _chosen_library(given.pop(_LIBRARY, None))
    called = given.pop(CALLED, None)
    if given and library != _VLLM:
        raise EngineError(
            NAME, f"{min(given)} is a setting of vLLM's.", f"Leave it out, or say {_LIBRARY}={_VLLM}."
        )
    read = read_settings(NAME, given)
    model = local_model.look(NAME, name, revision=revision, called=called)
    return EmbeddingEngine(model=model, library=library, given=read)


def _chosen_library(stated: str | None) -> str:
    installed = {
        _VLLM: starting.installed_version() is not None,
        sentence_transformers.LIBRARY: bool(sentence_transformers.versions()),
    }
    if stated is not None and stated not in installed:
        raise EngineError(
            NAME, f"the library {stated[:40]!r} is not known.", f"Use one of: {', '.join(installed)}."
        )
    for library, there in installed.items():
        if there and stated in (None, library):
            return library
    wanted = stated or " or ".join(installed)
    raise EngineError(
        NAME, f"needs {wanted}, and it is not installed here.", "pip install 'policy-commons[embedding]'."
    )
