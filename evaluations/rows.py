"""A row: what a run's record keeps of one answer to one case. Pure.

Rows hold facts only: no content, no prompt and no word that a model wrote. They are all that scoring
needs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from evaluations.errors import MalformedRecordError
from evaluations.suites import Gold, SuiteItem
from evaluations.verdicts import (
    Answer,
    Failed,
    FlagsVerdict,
    LabelVerdict,
    Tokens,
    Unparsed,
    UnparsedReason,
    Verdict,
    verdict_to_json,
)
from policies.canonical import Json

PREDICTIONS_FILE = "predictions.jsonl"

_REQUIRED = frozenset({"case", "repeat", "input", "gold", "verdict"})
_OPTIONAL = frozenset({"slices", "todo", "finish_reason", "tokens", "latency_ms", "prompt"})
_TOKENS = ("input", "output", "cached", "reasoning")
DIGEST = re.compile(r"[0-9a-f]{64}")
FINISH_REASON = re.compile(r"[a-z_]{1,32}")
MAX_ID = 200


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One answer: the case's facts, which repeat it is (from 1), the verdict and what it cost."""

    item: SuiteItem
    repeat: int
    verdict: Verdict
    finish_reason: str | None = None
    tokens: Tokens | None = None
    latency_ms: int | None = None
    prompt: str | None = None


def row_of(item: SuiteItem, repeat: int, answer: Answer) -> Row:
    """The facts of an answer."""
    reason = answer.finish_reason
    # A server may say anything here; words of unknown origin do not belong in a record.
    known = reason if reason is None or FINISH_REASON.fullmatch(reason) else "other"
    return Row(
        item=item,
        repeat=repeat,
        verdict=answer.verdict,
        finish_reason=known,
        tokens=answer.tokens,
        latency_ms=answer.latency_ms,
        prompt=answer.prompt_hash,
    )


def row_to_json(row: Row) -> dict[str, Json]:
    """The row as JSON values; what is not known is left out."""
    result: dict[str, Json] = {
        "case": row.item.id,
        "repeat": row.repeat,
        "input": row.item.input,
        "gold": row.item.gold,
        "verdict": verdict_to_json(row.verdict),
    }
    if row.item.slices:
        result["slices"] = list(row.item.slices)
    if row.item.todo:
        result["todo"] = True
    if row.finish_reason is not None:
        result["finish_reason"] = row.finish_reason
    if row.tokens is not None:
        counts = ((name, getattr(row.tokens, name)) for name in _TOKENS)
        result["tokens"] = {name: count for name, count in counts if count is not None}
    if row.latency_ms is not None:
        result["latency_ms"] = row.latency_ms
    if row.prompt is not None:
        result["prompt"] = row.prompt
    return result


def row_from_json(value: object, line: int) -> Row:
    """Reads what `row_to_json` wrote. Raises `MalformedRecordError` naming the line and the key."""
    if not isinstance(value, dict):
        raise _malformed(line, "the line is not an object.")
    missing = _REQUIRED - value.keys()
    unknown = value.keys() - _REQUIRED - _OPTIONAL
    if missing or unknown:
        raise _malformed(line, f"key {min(missing or unknown)!r} is {'missing' if missing else 'not known'}.")
    finish_reason, prompt = value.get("finish_reason"), value.get("prompt")
    if finish_reason is not None and not _matches(FINISH_REASON, finish_reason):
        raise _malformed(line, "`finish_reason` is not a short lower-case word.")
    if prompt is not None and not _matches(DIGEST, prompt):
        raise _malformed(line, "`prompt` is not a SHA-256 in hex digits.")
    repeat = _whole(value["repeat"], "repeat", line)
    if repeat == 0:
        raise _malformed(line, "`repeat` counts from 1.")
    latency = value.get("latency_ms")
    return Row(
        item=_item_from_json(value, line),
        repeat=repeat,
        verdict=verdict_from_json(value["verdict"], line),
        finish_reason=finish_reason,
        tokens=_tokens_from_json(value["tokens"], line) if "tokens" in value else None,
        latency_ms=None if latency is None else _whole(latency, "latency_ms", line),
        prompt=prompt,
    )


def _item_from_json(value: Mapping[str, object], line: int) -> SuiteItem:
    case, digest = value.get("case"), value.get("input")
    slices, todo = value.get("slices", []), value.get("todo", False)
    if not isinstance(case, str) or not 0 < len(case) <= MAX_ID:
        raise _malformed(line, f"`case` is not an id of 1 to {MAX_ID} characters.")
    if not isinstance(digest, str) or not DIGEST.fullmatch(digest):
        raise _malformed(line, "`input` is not a SHA-256 in hex digits.")
    if not isinstance(slices, list) or not all(isinstance(name, str) for name in slices):
        raise _malformed(line, "`slices` is not a list of names.")
    if not isinstance(todo, bool):
        raise _malformed(line, "`todo` is not true or false.")
    gold = _gold_from_json(value.get("gold"), line)
    return SuiteItem(id=case, input=digest, gold=gold, slices=tuple(slices), todo=todo)


def _gold_from_json(value: object, line: int) -> Gold:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, dict) and all(flag is None or isinstance(flag, bool) for flag in value.values()):
        return value
    raise _malformed(line, "`gold` is neither a label nor an object of true, false and null.")


def verdict_from_json(value: object, line: int) -> Verdict:
    """Reads what `verdict_to_json` wrote. Raises `MalformedRecordError` naming the line."""
    if isinstance(value, dict) and len(value) == 1:
        ((kind, told),) = value.items()
        try:
            if kind == "label" and isinstance(told, str):
                return LabelVerdict(code=told)
            if (
                kind == "flags"
                and isinstance(told, dict)
                and all(isinstance(raised, bool) for raised in told.values())
            ):
                return FlagsVerdict(flags=told)
            if kind == "unparsed" and isinstance(told, str):
                return Unparsed(reason=UnparsedReason(told))
            if kind == "failed" and isinstance(told, str):
                return Failed(error=told)
        except ValueError as error:
            raise _malformed(line, f"`verdict`: {error}.") from error
    raise _malformed(line, "`verdict` is not one of label, flags, unparsed and failed.")


def _tokens_from_json(value: object, line: int) -> Tokens:
    if not isinstance(value, dict) or not value.keys() <= set(_TOKENS):
        raise _malformed(line, f"`tokens` is not an object of {', '.join(_TOKENS)}.")
    return Tokens(**{name: _whole(count, f"tokens.{name}", line) for name, count in value.items()})


def _whole(value: object, name: str, line: int) -> int:
    # A boolean is an int to Python, and JSON integers have no upper end.
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53:
        return value
    raise _malformed(line, f"`{name}` is not a whole number from 0 to 2^53.")


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _malformed(line: int, rule: str) -> MalformedRecordError:
    return MalformedRecordError(PREDICTIONS_FILE, line, rule, "Store the files as `record_files` wrote them.")
