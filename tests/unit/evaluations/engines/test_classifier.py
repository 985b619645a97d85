"""The classifier of the lexical engines."""

from __future__ import annotations

from evaluations.engines.classifier import Classifier, config, versions
from evaluations.engines.features import NgramCounter

TEXTS = ["buy a watch", "buy a candle", "a rainy morning", "my rainy garden"]
CLASSES = ["ad", "ad", "talk", "talk"]


def _classify(texts: list[str], classes: list[str], others: list[str]) -> list[str]:
    counter = NgramCounter(TEXTS)
    return Classifier(counter.count(texts), classes).classify(counter.count(others))


def test_texts_go_to_the_class_whose_words_they_share() -> None:
    """Shared words decide."""
    assert _classify(TEXTS, CLASSES, ["buy now", "rainy days"]) == ["ad", "talk"]


def test_of_one_class_every_text_is_given_it() -> None:
    """Nothing is fitted when there is nothing to tell apart."""
    assert _classify(TEXTS[:2], CLASSES[:2], ["rainy", ""]) == ["ad", "ad"]


def test_texts_without_a_known_word_are_still_classified() -> None:
    """Fitting on texts without words works, as does answering them."""
    assert set(_classify(["", " "], ["a", "b"], ["", "rainy"])) <= {"a", "b"}


def test_many_texts_without_a_word_in_common_can_be_fitted_on() -> None:
    """Of many texts, n-grams of one alone are dropped, even if that is all of them."""
    texts = [chr(0x4E00 + n) for n in range(600)]
    counter = NgramCounter(texts)
    counted = counter.count(texts)
    assert set(Classifier(counted, ["a", "b"] * 300).classify(counted)) <= {"a", "b"}


def test_the_library_version_is_part_of_the_model() -> None:
    """Another scikit-learn may give other answers, so it enters the run key."""
    assert config()["scikit-learn"] == versions()["scikit-learn"]
    assert sorted(versions()) == ["numpy", "scikit-learn", "scipy"]
