"""Which column of a table holds what, read off its header. Pure.

Headers differ from set to set; the names below are those of published ones. A column that matches
none is left out and named in a notice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from policies.importers.vocabulary import polarity, words

_ID = ("case_id", "id", "item_id", "example_id", "sample_id", "row_id", "uid", "uuid", "guid")
_CONTENT = words(
    "content text test_case prompt user_prompt prompts user_message message example examples input "
    "comment post body sentence tweet statement utterance query question user_input instruction item "
    "document"
)
_PROMPTS = {
    "prompt",
    "user_prompt",
    "prompts",
    "user_message",
    "query",
    "question",
    "user_input",
    "instruction",
}
_RESPONSE = words(
    "response responses model_response assistant_response assistant_message completion reply answer "
    "assistant output_text"
)
_LABEL = words(
    "gold_label label_gold gold expected_label expected ground_truth true_label human_label label "
    "labels classification class category violates violation violating is_violation is_violating "
    "prompt_label label_prompt prompt_classification verdict decision flagged is_flagged toxic "
    "is_toxic hateful is_hateful is_hate spam is_spam harmful is_harmful unsafe is_unsafe safe "
    "is_safe allowed is_allowed valid is_valid"
)
_RESPONSE_LABEL = words(
    "response_label responses_label label_response response_classification response_category "
    "response_gold response_violates completion_label"
)
_SLICES = words(
    "functionality slice slices category subcategory target_ident target subset topic type domain theme group"
)
_LANGUAGE = ("language", "lang", "locale")
_LICENSE = ("license", "licence")
_SOURCE = ("source", "dataset", "origin")
_NOTE = ("note", "notes", "rationale", "reason", "explanation", "comments")
_CONTEXT = ("context", "history", "conversation", "parent")

_TELLING = frozenset({*_ID, *_CONTENT, *_RESPONSE})

_ANNOTATION = re.compile(r"(?:label|annotator|annotation|rater|coder|worker|judge)_?\d{1,3}(?:_label)?")
_MODEL = re.compile(
    r"(?:^|_)(?:predict\w*|pred|model|gpt|llm|llama|claude|gemini|gemma|mistral|qwen|safeguard|cope|shieldstral)"
    r"(?:_|\d|$)"
)
_ANSWER_SUFFIX = re.compile(
    r"[\s_-]*(?:classifications?|labels?|answers?|outputs?|verdicts?|predictions?|predicted|pred)\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Column positions by role; None and empty where the table has none.

    `content_is_prompt` says that the content is what somebody asked of a model. `ignored` are
    positions without a role.
    """

    content: int | None = None
    response: int | None = None
    label: int | None = None
    response_label: int | None = None
    id: int | None = None
    slices: tuple[int, ...] = ()
    annotations: tuple[int, ...] = ()
    answers: tuple[int, ...] = ()
    flags: tuple[int, ...] = ()
    language: int | None = None
    license: int | None = None
    source: int | None = None
    note: int | None = None
    context: int | None = None
    content_is_prompt: bool = False
    ignored: tuple[int, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether cases, or annotations of cases that stand elsewhere, can be made of the table."""
        has_label = self.label is not None or bool(self.flags) or self.response_label is not None
        has_text = self.content is not None or self.response is not None
        return (has_text and has_label) or (self.id is not None and bool(self.annotations))


def normal(name: str) -> str:
    """A header in the one spelling in which it is compared."""
    return re.sub(r"[^a-z0-9]+", "_", name.strip().lstrip("\ufeff").lower()).strip("_")


def engine_of(header: str) -> str:
    """The engine that an answer column names; `unnamed` when it names none."""
    name = _ANSWER_SUFFIX.sub("", header.strip()).strip(" _-:")
    return (
        name
        if name and normal(name) not in {"model", "predicted", "prediction", "pred", "llm"}
        else "unnamed"
    )


def could_be_header(names: Sequence[str]) -> bool:
    """Whether a row of cells names at least one column that cases are read from."""
    return any(normal(name) in _TELLING for name in names)


def find_columns(header: Sequence[str], flag_like: frozenset[int] = frozenset()) -> Columns:
    """The roles of a header's columns.

    `flag_like` are the positions whose values are all 0, 1 or missing: they are flags when no other
    column is a label.
    """
    names = [normal(name) for name in header]
    taken: set[int] = set()

    def take(wanted: Sequence[str]) -> int | None:
        for name in wanted:
            for position, found in enumerate(names):
                if found == name and position not in taken:
                    taken.add(position)
                    return position
        return None

    annotations = tuple(i for i, name in enumerate(names) if _ANNOTATION.fullmatch(name))
    annotations = annotations if len(annotations) > 1 else ()
    taken.update(annotations)
    identity = take(_ID)
    response_label = take(_RESPONSE_LABEL)
    response = take(_RESPONSE)
    content = take(_CONTENT)
    answers = tuple(i for i, name in enumerate(names) if i not in taken and _MODEL.search(name))
    taken.update(answers)
    label = _label_column(names, taken, flag_like)
    slices = tuple(i for name in _SLICES for i, found in enumerate(names) if found == name and i not in taken)
    taken.update(slices)
    language, licence = take(_LANGUAGE), take(_LICENSE)
    source, note, context = take(_SOURCE), take(_NOTE), take(_CONTEXT)
    flags: tuple[int, ...] = ()
    if label is None and response_label is None:
        flags = tuple(i for i in sorted(flag_like) if i not in taken and names[i] and not _counts(names[i]))
        taken.update(flags)
    return Columns(
        content=content,
        response=response,
        label=label,
        response_label=response_label,
        id=identity,
        slices=slices,
        annotations=annotations,
        answers=answers,
        flags=flags,
        language=language,
        license=licence,
        source=source,
        note=note,
        context=context,
        content_is_prompt=content is not None and (response is not None or names[content] in _PROMPTS),
        ignored=tuple(i for i in range(len(names)) if i not in taken),
    )


def _label_column(names: Sequence[str], taken: set[int], flag_like: frozenset[int]) -> int | None:
    """The gold label's column.

    A 0/1 column named after one violation (`toxic`) among several such columns (`threat`, `insult`)
    is one flag of many and no label of its own.
    """
    free_flags = {i for i in flag_like if i not in taken and names[i] and not _counts(names[i])}
    for wanted in _LABEL:
        for position, found in enumerate(names):
            if found != wanted or position in taken:
                continue
            named_after_a_violation = polarity(found.removeprefix("is_")) is not None
            if named_after_a_violation and position in free_flags and len(free_flags) > 1:
                continue
            taken.add(position)
            return position
    return None


def _counts(name: str) -> bool:
    """Whether a 0/1 column is bookkeeping rather than a flag."""
    return name.startswith(("count", "index", "unnamed", "num_", "n_", "fold", "split", "is_train", "row"))
