"""What an engine answered to a case. Pure.

A verdict holds facts only. Every word that a model wrote stands in `Answer.output` and
`Answer.reasoning`, which a record keeps apart so that it can be erased.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import msgspec

from policies.canonical import Json

_CODE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")


class UnparsedReason(StrEnum):
    """Why an answer could not be read as a verdict."""

    NOT_STOPPED = "not-stopped"
    CONTEXT_FULL = "context-full"
    EMPTY = "empty"
    SPECIAL_TOKEN = "special-token"  # noqa: S105  (a token of the prompt format, not a secret)
    NOT_A_LABEL = "not-a-label"
    NOT_THE_FORMAT = "not-the-format"
    MORE_THAN_ONE = "more-than-one-label"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelVerdict:
    """One label of a single-label policy."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagsVerdict:
    """Which flags of a multi-flag policy are raised. A flag that is missing was not answered."""

    flags: Mapping[str, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unparsed:
    """The model answered, and the answer is not exactly what was asked for."""

    reason: UnparsedReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """No answer came. `error` is a short code such as `timeout` or `http-503`, never a sentence."""

    error: str

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.error):
            raise ValueError(f"failure {self.error[:80]!r} is not a code of lower-case words and hyphens")


CONTEXT_OVERFLOW = "context-overflow"
"""The failure of a prompt that does not fit into the model's context window (`context.py`)."""

LASTING_FAILURES = frozenset(
    {CONTEXT_OVERFLOW, "too-long", "too-short", "no-words", "not-unicode", "not-recorded"}
)
"""Failures that lie in the case: asked again, it fails again. Any other may come from a bad moment."""

Verdict: TypeAlias = LabelVerdict | FlagsVerdict | Unparsed | Failed


class Tokens(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Token counts; None where the engine does not say."""

    input: int | None = None
    output: int | None = None
    cached: int | None = None
    reasoning: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An engine's answer to one case.

    `output` is the text that the verdict was parsed from, `prompt_hash` the SHA-256 of the prompt's
    token ids as 64 hex digits, `latency_ms` whole milliseconds; None where an engine has none.
    """

    case_id: str
    verdict: Verdict
    finish_reason: str | None = None
    output: str | None = None
    reasoning: str | None = None
    tokens: Tokens | None = None
    latency_ms: int | None = None
    prompt_hash: str | None = None


def said(verdict: Verdict) -> str:
    """The verdict in a word or two, for tables and progress lines."""
    match verdict:
        case LabelVerdict(code=code):
            return code
        case FlagsVerdict(flags=flags):
            return ", ".join(code for code, raised in flags.items() if raised) or "no flag"
        case Unparsed(reason=reason):
            return f"unparsed ({reason})"
        case Failed(error=error):
            return f"failed ({error})"


def verdict_to_json(verdict: Verdict) -> dict[str, Json]:
    """One key for the kind of verdict, with what it says."""
    match verdict:
        case LabelVerdict(code=code):
            return {"label": code}
        case FlagsVerdict(flags=flags):
            return {"flags": dict(flags)}
        case Unparsed(reason=reason):
            return {"unparsed": reason.value}
        case Failed(error=error):
            return {"failed": error}
