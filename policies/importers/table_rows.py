"""One row of a table with known columns to the cases it holds. Pure.

A row with a prompt, a response and a label for each gives two cases. The response's case carries the
prompt as its context; the prompt's case carries nothing, because a prompt is written, and can be
judged, before there is a response.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from policies.importers.columns import Columns, engine_of
from policies.importers.reading import AnswerDraft, CaseDraft
from policies.importers.vocabulary import is_flag_word
from policies.model import Subject

Cell: TypeAlias = "str | tuple[str, ...]"

_TRUE = frozenset({"1", "1.0", "true", "t", "yes", "y"})
_MISSING = frozenset({"", "null", "none", "nan", "n/a", "na", "-1", "?"})
_LONGEST_LABEL = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCases:
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
        base = self._draft(line, cells, gold=gold, flags=flags)
        if self.columns.response_label is not None:
            return self._two(base, content, response, gold, second)
        if gold is None and flags is None:
            return RowCases(reason="the row has no label")
        return RowCases(drafts=(self._one(base, content, response),))

    def _one(self, base: CaseDraft, content: str | None, response: str | None) -> CaseDraft:
        """The case of a row with one label (or one set of flags)."""
        if content is None or response is None:
            subject = Subject.RESPONSE if content is None else self._prompt_subject()
            return _with(base, content=content or response or "", subject=subject)
        if self.columns.label is not None and "prompt" in self.header[self.columns.label].lower():
            return _with(base, content=content, subject=Subject.PROMPT)
        # One label for a prompt and its response judges the exchange: the table does not say which half.
        return _with(base, content=f"User: {content}\n\nAssistant: {response}", subject=Subject.CONVERSATION)

    def _two(
        self, base: CaseDraft, content: str | None, response: str | None, gold: str | None, second: str | None
    ) -> RowCases:
        """The cases of a row that labels prompt and response apart."""
        drafts: list[CaseDraft] = []
        missing: list[str] = []
        paired = content is not None and response is not None
        if content is not None and gold is not None:
            key = f"{base.key}-prompt" if base.key and paired else base.key
            drafts.append(_with(base, content=content, subject=Subject.PROMPT, gold=gold, key=key))
        elif content is not None or gold is not None:
            missing.append("the prompt has no label" if gold is None else "a prompt label without a prompt")
        if response is not None and second is not None:
            key = f"{base.key}-response" if base.key and paired else base.key
            drafts.append(
                _with(
                    base, content=response, subject=Subject.RESPONSE, gold=second, key=key,
                    context=content or base.context, answers=(), annotations=(),
                )
            )  # fmt: skip
        elif response is not None or second is not None:
            missing.append(
                "the response has no label" if second is None else "a response label without a response"
            )
        if not drafts:
            return RowCases(reason="; ".join(missing) or "the row has no label")
        return RowCases(drafts=tuple(drafts), halves="; ".join(missing) or None)

    def _annotations_alone(self, line: int, cells: Sequence[Cell]) -> RowCases:
        draft = self._draft(line, cells, gold=self._label(cells, self.columns.label), flags=None)
        if draft.key is None:
            return RowCases(reason="the row has neither a text nor an id")
        return RowCases(drafts=(draft,))

    def _draft(
        self, line: int, cells: Sequence[Cell], *, gold: str | None, flags: dict[str, bool | None] | None
    ) -> CaseDraft:
        """The case without its text."""
        columns = self.columns
        identity = self._at(cells, columns.id)
        return CaseDraft(
            file=self.file,
            line=line,
            content="",
            key=identity.strip() if identity else None,
            gold=gold,
            flags=flags,
            context=self._at(cells, columns.context),
            language=_stripped(self._at(cells, columns.language)),
            slices=self._slices(cells),
            source=_stripped(self._at(cells, columns.source)),
            license=_stripped(self._at(cells, columns.license)),
            note=self._at(cells, columns.note),
            annotations=self._annotations(cells),
            answers=self._answers(cells),
        )

    def _prompt_subject(self) -> Subject | None:
        return Subject.PROMPT if self.columns.content_is_prompt else None

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


def _with(draft: CaseDraft, **changes: object) -> CaseDraft:
    """`dataclasses.replace` without its cost: a hundred thousand rows go through here."""
    fields = {name: getattr(draft, name) for name in _FIELDS}
    fields.update(changes)
    return CaseDraft(**fields)


_FIELDS = tuple(CaseDraft.__dataclass_fields__)
