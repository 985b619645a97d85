"""Why there is no verdict, in a sentence for people. Touches nothing."""

from __future__ import annotations

import re

from evaluations.verdicts import CONTEXT_OVERFLOW, Failed, Unparsed, UnparsedReason, Verdict

_UNPARSED = {
    UnparsedReason.NOT_STOPPED: "The model's answer was cut off, so it is not read.",
    UnparsedReason.CONTEXT_FULL: "The model's answer was cut off where its context window ends.",
    UnparsedReason.EMPTY: "The model gave no answer.",
    UnparsedReason.SPECIAL_TOKEN: "The model's answer is broken: it holds marks of the prompt format.",
    UnparsedReason.NOT_THE_FORMAT: "The model's answer is not in the form that was asked for.",
    UnparsedReason.MORE_THAN_ONE: "The model gave more than one label, and a text gets one.",
    UnparsedReason.NOT_A_LABEL: "The model answered something other than one label of this policy.",
}
_FAILED = {
    "timeout": "The model server did not answer in time.",
    "unreachable": "The model server cannot be reached.",
    "connection-lost": "The model server broke off its answer.",
    "certificate": "The model server's certificate is not valid.",
    "redirected": "The model server sends us elsewhere, and we do not follow.",
    "bad-http": "The model server answered with something that is not HTTP.",
    "packed-answer": "The model server compressed its answer, although it was asked not to.",
    "endless-answer": "The model server's answer is longer than anything is read.",
    "malformed-answer": "The model server's answer is not of the form that its API has.",
    "not-json": "The model server's answer is not JSON.",
    "no-choice": "The model server's answer holds no answer of a model.",
    "not-unicode": "The text holds half a character, which no server can be sent.",
    "too-long": "Policy and text together are longer than this engine takes.",
    "too-short": "There is too little in this text to judge.",
    CONTEXT_OVERFLOW: "Policy and text together do not fit into the model's context window.",
    "http-400": "The model server refused the request as one that it does not understand.",
    "http-401": "The model server did not accept the key.",
    "http-403": "The model server did not accept the key.",
    "http-404": "The model server has no such model or address.",
    "http-429": "The model server is asked too often.",
    "no-words": "There are no words in what this engine could learn from.",
    "not-recorded": "Nothing was recorded for this text.",
}
_STATUS = re.compile(r"http-(\d{3})")


def why_not(verdict: Verdict) -> str | None:
    """A sentence for `Unparsed` and `Failed`; None for a verdict."""
    if isinstance(verdict, Unparsed):
        return _UNPARSED[verdict.reason]
    if not isinstance(verdict, Failed):
        return None
    status = _STATUS.fullmatch(verdict.error)
    return _FAILED.get(verdict.error) or (
        f"The model server answered with the error {status[1]}." if status else f"No answer: {verdict.error}."
    )
