"""The classifier of the lexical engines: TF-IDF, logistic regression. Loads libraries inside functions.

Deterministic: no random numbers are drawn, and linear algebra runs on one thread, because sums over
several differ in their last digits from run to run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from evaluations.engines.features import CONFIG as FEATURES
from evaluations.engines.features import Counted, Matrix
from evaluations.keys import Setting

# The library's own default. From 1 to 30 the accuracy on the starter policies and the published spam cases
# moves by less than its interval, so no other value can be argued for.
_INVERSE_REGULARISATION = 1.0
_MOST_ITERATIONS = 5_000
# Of many texts, what stands in one alone tells little and is most of the work. A policy's few texts are
# another matter.
_MANY_TEXTS = 500

LIBRARIES = ("numpy", "scipy", "scikit-learn")


def config() -> Mapping[str, Setting]:
    """What decides the answers besides the texts, for a run key."""
    # Another scikit-learn may tokenise, weigh or converge otherwise, so its version is part of the model.
    return {**FEATURES, "weights": "tf-idf", "regression": "C=1 balanced", **versions(("scikit-learn",))}


def versions(libraries: Sequence[str] = LIBRARIES) -> dict[str, str]:
    """Installed versions by distribution name."""
    return {name: version(name) for name in libraries}


class Classifier:
    """Fitted on counted texts and their classes; gives each further text one class."""

    def __init__(self, counted: Counted, classes: Sequence[str]) -> None:
        """`classes[i]` is that of row `i`. Of one class alone, every text is given that class."""
        from sklearn.linear_model import LogisticRegression
        from threadpoolctl import threadpool_limits

        self._only = classes[0] if len(set(classes)) == 1 else None
        if self._only is not None:
            return
        self._weights = [_BlockWeights(block) for block in counted]
        self._regression = LogisticRegression(
            C=_INVERSE_REGULARISATION, class_weight="balanced", max_iter=_MOST_ITERATIONS
        )
        with threadpool_limits(limits=1):
            self._regression.fit(self._weighted(counted), list(classes))

    def classify(self, counted: Counted) -> list[str]:
        """The class of each row."""
        from threadpoolctl import threadpool_limits

        if self._only is not None:
            return [self._only] * counted.words.shape[0]
        with threadpool_limits(limits=1):
            return [str(name) for name in self._regression.predict(self._weighted(counted))]

    def _weighted(self, counted: Counted) -> Matrix:
        from scipy.sparse import hstack

        # Words and characters are normalised apart; together, the many characters would drown the words.
        return hstack(
            [weights.apply(block) for weights, block in zip(self._weights, counted, strict=True)],
            format="csr",
        )


class _BlockWeights:
    """TF-IDF over the n-grams that occur in the texts fitted on (of many: in two); others have no weight."""

    def __init__(self, block: Matrix) -> None:
        from sklearn.feature_extraction.text import TfidfTransformer

        texts_with = block.getnnz(axis=0)
        self._seen = texts_with >= (2 if block.shape[0] >= _MANY_TEXTS else 1)
        if not self._seen.any():
            # Texts without a word in common, or without any: one column is kept, for form's sake.
            self._seen[0] = True
        self._transformer: Any = TfidfTransformer(sublinear_tf=True)
        self._transformer.fit(block[:, self._seen])

    def apply(self, block: Matrix) -> Matrix:
        return self._transformer.transform(block[:, self._seen])
