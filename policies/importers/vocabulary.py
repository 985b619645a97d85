"""The words that tell a label, a score or a column apart. Pure.

Collected from the headers and labels of published moderation sets. A word that means different
things in different sets is left out: what is not recognised is reported, not guessed.
"""

from __future__ import annotations

import re

# A severity code: SP0, ARS2, TVEC.01, D-SP4.
CODE = r"[A-Z][A-Z0-9]{0,9}(?:[-_][A-Z][A-Z0-9]{0,9}){0,2}[-_.]{0,2}(?<![0-9])[0-9]{1,3}"
_CODE = re.compile(CODE)


def words(text: str) -> tuple[str, ...]:
    """The words of a list that is easier to read and to add to as one text."""
    return tuple(text.split())


_METRICS = frozenset(
    words(
        "accuracy precision recall f1 specificity sensitivity kappa mcc auc auroc auprc fpr fnr tpr tnr "
        "support"
    )
) | {
    "f1 score",
    "f1-score",
    "macro f1",
    "micro f1",
    "weighted f1",
    "balanced accuracy",
    "cohen's kappa",
    "krippendorff's alpha",
    "false positive rate",
    "false negative rate",
    "true positive rate",
    "true negative rate",
    "roc auc",
    "pr auc",
}
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]+)?|[.][0-9]+) ?%?")

_VIOLATING = frozenset(
    words(
        "1 invalid violating violates violation violative unsafe harmful flagged toxic hateful hate spam "
        "scam abusive offensive remove removed block blocked disallowed prohibited positive"
    )
)
_ALLOWED = frozenset(
    words(
        "0 valid safe allowed allow benign ok okay clean compliant acceptable permitted permit ham "
        "neutral harmless negative none"
    )
)
_YES = frozenset({"yes", "y", "true", "t"})
_NO = frozenset({"no", "n", "false", "f"})
_NEGATED = re.compile(r"(?:non|not|no|un)[-_ ]+(?P<what>.+)|non(?P<joined>[a-z]{3,})")


def is_code(text: str) -> bool:
    """Whether `text` is a severity code and nothing else."""
    return _CODE.fullmatch(text) is not None


def is_metric(text: str) -> bool:
    """Whether `text` names a score."""
    return text.strip().strip("*:").strip().lower() in _METRICS


def is_number(text: str) -> bool:
    """Whether `text` is a decimal number or a percentage."""
    return _NUMBER.fullmatch(text.strip()) is not None


def polarity(label: str, *, column: str = "") -> bool | None:
    """Whether `label` says that content violates; None when the word does not tell.

    `column` is the header the label stood under: a yes means nothing without its question, and a 1
    under `safe` means the opposite of a 1 under `toxic`.
    """
    word = label.strip().casefold()
    question = _question(column)
    if word in _YES or word in _NO:
        return None if question is None else (word in _YES) == question
    if word in {"0", "1", "0.0", "1.0"}:
        return (word[0] == "1") == (question is not False)
    if word in _VIOLATING:
        return True
    if word in _ALLOWED or _NEGATED.fullmatch(word):
        return False
    return None


def is_flag_word(text: str) -> bool:
    """Whether `text` is a yes-or-no value in any of its spellings."""
    word = text.strip().casefold()
    return word in {"0", "1", "0.0", "1.0"} or word in _YES or word in _NO


def opposite_of(label: str) -> str | None:
    """What a negated label negates (`non-hateful` gives `hateful`), in lower case; None when it does not."""
    match = _NEGATED.fullmatch(label.strip().casefold())
    return None if match is None else match["what"] or match["joined"]


def _question(column: str) -> bool | None:
    """What a yes in this column says: True for violating, False for allowed, None when it is unclear."""
    words = re.split(r"[^a-z]+", column.casefold())
    if any(
        word in {"safe", "valid", "allowed", "compliant", "benign", "acceptable", "permitted"}
        for word in words
    ):
        return "not" in words or "non" in words
    known = _VIOLATING - {"1", "positive"} | {"violate", "toxicity", "flag", "harm", "abuse"}
    return True if any(word in known for word in words) else None
