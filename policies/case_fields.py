"""From a JSON object to a case, field by field. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple, TypeVar

from policies.findings import Severity
from policies.limits import LIMITS
from policies.model import Annotation, Case, CaseStatus, Subject
from policies.reading_rules import FILE_TEXT, MISSING_FIELD, NOT_A_CASE, UNKNOWN_FIELD, WRONG_CASE_FIELD

KNOWN_KEYS = frozenset(
    (
        "id",
        "content",
        "label",
        "labels",
        "pair",
        "subject",
        "context",
        "language",
        "slices",
        "source",
        "license",
        "annotations",
        "status",
        "sensitive",
        "note",
    )
)
MAX_ID_LENGTH = 200

_Choice = TypeVar("_Choice", bound=StrEnum)


class CaseProblem(NamedTuple):
    """What is wrong with one field; the reader of the file adds the place."""

    rule: str
    message: str
    fix: str
    severity: Severity = Severity.ERROR


def case_of(
    value: Mapping[str, object], line: int, problems: list[CaseProblem], *, escaped: bool = True
) -> Case | None:
    """The case that `value` states, or None when a problem was added that forbids it.

    `escaped` says whether the JSON held `\\u` escapes, the only way in for half a character.
    """
    known_before = len(problems)
    get = value.get
    if escaped and _has_lone_surrogate(value):
        problems.append(
            CaseProblem(
                FILE_TEXT,
                "A text holds half a character (a lone surrogate).",
                "Write the whole character, or leave it out.",
            )
        )
        return None
    case = Case(
        id=_id(get("id"), problems),
        content=_content(get("content"), problems),
        label=_text("label", get("label"), problems),
        labels=_flags(get("labels"), problems),
        pair=_text("pair", get("pair"), problems),
        subject=_choice("subject", get("subject"), Subject, problems),
        context=_text("context", get("context"), problems),
        language=_text("language", get("language"), problems),
        slices=_texts("slices", get("slices"), problems),
        source=_text("source", get("source"), problems),
        license=_text("license", get("license"), problems),
        annotations=_annotations(get("annotations"), problems),
        status=_choice("status", get("status"), CaseStatus, problems) or CaseStatus.ACTIVE,
        sensitive=_flag("sensitive", get("sensitive"), problems) or False,
        note=_text("note", get("note"), problems),
        extra=_extra(value, problems),
        line=line,
    )
    refused = any(problem.severity is Severity.ERROR for problem in problems[known_before:])
    return None if refused else case


def _id(value: object, problems: list[CaseProblem]) -> str:
    if value is None:
        problems.append(
            CaseProblem(MISSING_FIELD, "The case has no id.", "Add an id that no other case has.")
        )
    elif not isinstance(value, str):
        _refuse(problems, "id", f"is {_kind(value)}, not text", "Put it in quotes.")
    elif not value.strip() or len(value) > MAX_ID_LENGTH or not value.isprintable():
        fix = f"Use 1 to {MAX_ID_LENGTH} visible characters."
        _refuse(problems, "id", "is blank, too long or holds control characters", fix)
    else:
        return value
    return ""


def _content(value: object, problems: list[CaseProblem]) -> str:
    if value is None:
        problems.append(CaseProblem(MISSING_FIELD, "The case has no content.", "Add the text to be judged."))
    elif not isinstance(value, str):
        _refuse(problems, "content", f"is {_kind(value)}, not text", "Put it in quotes.")
    elif not value.strip():
        _refuse(problems, "content", "is blank", "Add the text to be judged.")
    else:
        return value
    return ""


def _text(key: str, value: object, problems: list[CaseProblem]) -> str | None:
    if value is None or isinstance(value, str):
        return value
    _refuse(problems, key, f"is {_kind(value)}, not text", "Put it in quotes.")
    return None


def _texts(key: str, value: object, problems: list[CaseProblem]) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    _refuse(problems, key, "is not a list of texts", f'Write "{key}": ["one", "two"].')
    return ()


def _choice(key: str, value: object, choices: type[_Choice], problems: list[CaseProblem]) -> _Choice | None:
    if value is None:
        return None
    if isinstance(value, str) and value in choices.__members__.values():
        return choices(value)
    given = repr(value[:40]) if isinstance(value, str) else _kind(value)
    allowed = ", ".join(f'"{choice}"' for choice in choices)
    _refuse(problems, key, f"is {given}", f"Use one of {allowed}.")
    return None


def _flag(key: str, value: object, problems: list[CaseProblem]) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and value in (0, 1):
        return bool(value)
    _refuse(problems, key, f"is {_kind(value)}, not a flag", "Use true, false, 1, 0 or null.")
    return None


def _flags(value: object, problems: list[CaseProblem]) -> Mapping[str, bool | None] | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        _refuse(problems, "labels", "is not an object", 'Write "labels": {"A": 1, "B": 0, "C": null}.')
        return None
    return {code: _flag(f"labels.{code}", flag, problems) for code, flag in value.items()}


def _annotations(value: object, problems: list[CaseProblem]) -> tuple[Annotation, ...]:
    if value is None:
        return ()
    fix = 'Write "annotations": [{"by": "A1", "label": "SP0"}].'
    if not isinstance(value, list):
        _refuse(problems, "annotations", "is not a list", fix)
        return ()
    notes: list[Annotation] = []
    for index, item in enumerate(value):
        by, label = (item.get("by"), item.get("label")) if isinstance(item, dict) else (None, None)
        if not isinstance(item, dict) or not isinstance(by, str) or not isinstance(label, str):
            _refuse(problems, f"annotations[{index}]", "does not say by whom and which label", fix)
            continue
        notes.append(Annotation(by=by, label=label))
        problems.extend(
            CaseProblem(
                UNKNOWN_FIELD,
                f"Key {key!r} of annotations[{index}] is not known and has no effect.",
                "Remove it, or state it in the case's note.",
                Severity.WARNING,
            )
            for key in item
            if key not in ("by", "label")
        )
    return tuple(notes)


def _extra(value: Mapping[str, object], problems: list[CaseProblem]) -> dict[str, object]:
    extra = {key: item for key, item in value.items() if key not in KNOWN_KEYS}
    for key, item in extra.items():
        if isinstance(item, list | dict) and _deeper_than(item, LIMITS.case_depth):
            problems.append(
                CaseProblem(
                    NOT_A_CASE,
                    f"Field {key!r} is nested more than {LIMITS.case_depth} deep.",
                    "Flatten it.",
                )
            )
    return extra


def _deeper_than(value: object, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        level = [child for item in level for child in _children(item)]
        if not level:
            return False
    return True


def _children(value: object) -> list[object]:
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [item for item in items if isinstance(item, list | dict)]


def _has_lone_surrogate(value: object) -> bool:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            try:
                item.encode("utf-8")
            except UnicodeEncodeError:
                return True
        elif isinstance(item, dict):
            waiting.extend(item.keys())
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
    return False


def _refuse(problems: list[CaseProblem], key: str, what: str, fix: str) -> None:
    problems.append(CaseProblem(WRONG_CASE_FIELD, f"Field {key!r} {what}.", fix))


def _kind(value: object) -> str:
    """What JSON calls a value of this kind."""
    if isinstance(value, bool):
        return "true or false"
    if value is None:
        return "null"
    kinds = {str: "a text", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return kinds.get(type(value), type(value).__name__)
