"""One row of a table with known columns to the cases it holds. Pure.

A row with a prompt, a response and a label for each gives two cases. The response's case carries the
prompt as its context; the prompt's case carries nothing, because a prompt is written, and can be
judged, before there is a response.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from policies.importers.columns import Columns, engine_of
from policies.importers.reading import AnswerDraft, CaseDraft
from policies.importers.vocabulary import is_flag_word
from policies.model import Subject

Cell: TypeAlias = "str | tuple[str, ...]"

_TRUE = frozenset({"1", "1.0", "true", "t", "yes", "y"})
_MISSING = frozenset({"", "null", "none", "nan", "n/a", "na", "-1", "?"})
_LONGEST_LABEL = 120


class RowCases(NamedTuple):
    """The cases of a row, or the reason why it has none. `halves` names a half that had to be left out."""

    drafts: tuple[CaseDraft, ...] = ()
    reason: str | None = None
    halves: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowReader:
    """Reads the rows of one file. `header` has the names as written."""

    file: str
    header: tuple[str, ...]
    columns: Columns

    def read(self, line: int, cells: Sequence[Cell]) -> RowCases:
        """The cases of one row. Cells beyond the row's end count as blank."""
        surplus = [cell for cell in cells[len(self.header) :] if _text(cell).strip()]
        if surplus:
            reason = (
                f"the row has {len(cells)} cells where the header has {len(self.header)}; "
                "put cells that hold the delimiter in quotation marks"
            )
            return RowCases(reason=reason)
        flags, wrong = self._flags(cells)
        if wrong:
            return RowCases(reason=wrong)
        content, response = self._at(cells, self.columns.content), self._at(cells, self.columns.response)
        gold, second = self._label(cells, self.columns.label), self._label(cells, self.columns.response_label)
        if content is None and response is None:
            if self.columns.content is None and self.columns.response is None:
                return self._annotations_alone(line, cells)
            return RowCases(reason="the row has no text")
        too_long = next((label for label in (gold, second) if label and len(label) > _LONGEST_LABEL), None)
        if too_long:
            return RowCases(reason=f"the label is longer than {_LONGEST_LABEL} characters")
        shared = self._shared(line, cells)
        if self.columns.response_label is not None:
            return self._two(shared, content, response, gold, second)
        if gold is None and flags is None:
            return RowCases(reason="the row has no label")
        text, subject = self._judged(content, response)
        draft = CaseDraft(**shared, content=text, subject=subject, gold=gold, flags=flags)
        return RowCases(drafts=(draft,))

    def _judged(self, content: str | None, response: str | None) -> tuple[str, Subject | None]:
        """What a row's one label (or one set of flags) judges."""
        if content is None:
            return response or "", Subject.RESPONSE
        if response is None:
            return content, Subject.PROMPT if self.columns.content_is_prompt else None
        if self.columns.label is not None and "prompt" in self.header[self.columns.label].lower():
            return content, Subject.PROMPT
        # One label for a prompt and its response judges the exchange: the table does not say which half.
        return f"User: {content}\n\nAssistant: {response}", Subject.CONVERSATION

    def _two(
        self,
        shared: dict[str, Any],
        content: str | None,
        response: str | None,
        gold: str | None,
        second: str | None,
    ) -> RowCases:
        """The cases of a row that labels prompt and response apart."""
        drafts: list[CaseDraft] = []
        missing: list[str] = []
        key = shared.get("key")
        paired = key is not None and content is not None and response is not None
        if content is not None and gold is not None:
            first = {**shared, "key": f"{key}-prompt" if paired else key}
            drafts.append(CaseDraft(**first, content=content, subject=Subject.PROMPT, gold=gold))
        elif content is not None or gold is not None:
            missing.append("the prompt has no label" if gold is None else "a prompt label without a prompt")
        if response is not None and second is not None:
            other = {**shared, "key": f"{key}-response" if paired else key}
            other["context"] = content or shared.get("context")
            # Whose answers and annotations these are is not said; they are kept once, with the prompt.
            if drafts:
                other.update(answers=(), annotations=())
            drafts.append(CaseDraft(**other, content=response, subject=Subject.RESPONSE, gold=second))
        elif response is not None or second is not None:
            without_text = "a response label without a response"
            missing.append("the response has no label" if second is None else without_text)
        if not drafts:
            return RowCases(reason="; ".join(missing) or "the row has no label")
        return RowCases(drafts=tuple(drafts), halves="; ".join(missing) or None)

    def _annotations_alone(self, line: int, cells: Sequence[Cell]) -> RowCases:
        shared = self._shared(line, cells)
        if "key" not in shared:
            return RowCases(reason="the row has neither a text nor an id")
        gold = self._label(cells, self.columns.label)
        return RowCases(drafts=(CaseDraft(**shared, content="", gold=gold),))

    def _shared(self, line: int, cells: Sequence[Cell]) -> dict[str, Any]:
        """What all cases of the row have in common; only what the table has columns for."""
        columns = self.columns
        shared: dict[str, Any] = {"file": self.file, "line": line}
        if identity := self._label(cells, columns.id):
            shared["key"] = identity
        for name in ("context", "note"):
            if text := self._at(cells, getattr(columns, name)):
                shared[name] = text
        for name in ("language", "source", "license"):
            if text := self._label(cells, getattr(columns, name)):
                shared[name] = text
        if columns.slices:
            shared["slices"] = self._slices(cells)
        if columns.annotations:
            shared["annotations"] = self._annotations(cells)
        if columns.answers:
            shared["answers"] = self._answers(cells)
        return shared

    def _flags(self, cells: Sequence[Cell]) -> tuple[dict[str, bool | None] | None, str | None]:
        """The row's flags, or what is wrong with them. A row with no flag at all has None."""
        if not self.columns.flags:
            return None, None
        flags: dict[str, bool | None] = {}
        for position in self.columns.flags:
            word = _text(cells[position]).strip().casefold() if position < len(cells) else ""
            name = self.header[position].strip()
            if word in _MISSING:
                flags[name] = None
            elif is_flag_word(word):
                flags[name] = word in _TRUE
            else:
                return None, f"the flag {name} is {word[:20]!r}; a flag is 0, 1 or missing"
        return (flags, None) if any(flag is not None for flag in flags.values()) else (None, None)

    def _slices(self, cells: Sequence[Cell]) -> tuple[str, ...]:
        """Slice names: the first slice column's values as they are, the others' with their header."""
        found: list[str] = []
        for order, position in enumerate(self.columns.slices):
            cell = cells[position] if position < len(cells) else ""
            values = cell if isinstance(cell, tuple) else (cell,)
            prefix = f"{self.header[position].strip()}=" if order else ""
            found.extend(f"{prefix}{value.strip()}" for value in values if value.strip())
        return tuple(dict.fromkeys(found))

    def _annotations(self, cells: Sequence[Cell]) -> tuple[tuple[str, str], ...]:
        pairs = ((self.header[i].strip(), self._label(cells, i)) for i in self.columns.annotations)
        return tuple((by, label) for by, label in pairs if label is not None)

    def _answers(self, cells: Sequence[Cell]) -> tuple[AnswerDraft, ...]:
        pairs = ((engine_of(self.header[i]), self._label(cells, i)) for i in self.columns.answers)
        return tuple(AnswerDraft(engine=engine, label=label) for engine, label in pairs if label is not None)

    def _at(self, cells: Sequence[Cell], position: int | None) -> str | None:
        """The text of a cell as it stands, None when it is blank or absent."""
        if position is None or position >= len(cells):
            return None
        text = _text(cells[position])
        return text if text and not text.isspace() else None

    def _label(self, cells: Sequence[Cell], position: int | None) -> str | None:
        return _stripped(self._at(cells, position))


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else ", ".join(cell)


def _stripped(text: str | None) -> str | None:
    return None if text is None else text.strip()
