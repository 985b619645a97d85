"""The codes of one pack: its policy's schema or one made of the data, applied to every case. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from policies.importers.labels import (
    LabelMap,
    flag_schema,
    flags_of,
    map_to_schema,
    schema_from,
)
from policies.importers.model import Notice, Topic
from policies.importers.reading import CaseDraft, FileReading
from policies.model import Label, Labelling


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """How the words of a pack's files become codes. `maps` holds one map a file."""

    labels: tuple[Label, ...]
    labelling: Labelling
    maps: Mapping[str, LabelMap]
    flag_codes: Mapping[str, str]
    columns: Mapping[str, str]
    notices: tuple[Notice, ...]

    @property
    def codes(self) -> frozenset[str]:
        """The codes of the schema."""
        return frozenset(label.code for label in self.labels)

    @property
    def violating(self) -> frozenset[str]:
        """The codes of the labels that violate."""
        return frozenset(label.code for label in self.labels if label.violates)

    def word(self, word: str, file: str) -> str:
        """The code of a word in a file; the word itself when it has none."""
        found = self.maps.get(file)
        return found.code(word) if found else word

    def label_of(self, draft: CaseDraft) -> str | None:
        """The case's label, None in a schema of flags or where there is none."""
        if draft.gold is None or self.labelling is Labelling.MULTI:
            return None
        return self.word(draft.gold, draft.file)

    def flags_of(self, draft: CaseDraft) -> Mapping[str, bool | None] | None:
        """The case's flags, None where it has a label instead or none can be told."""
        if draft.flags is not None:
            return {self.flag_codes.get(name, name): flag for name, flag in draft.flags.items()}
        if draft.gold is None or self.labelling is Labelling.SINGLE:
            return None
        return flags_of(draft.gold, self.labels, self.columns.get(draft.file, ""))

    def flags_of_word(self, word: str) -> Mapping[str, bool | None] | None:
        """The flags that an answer's word states."""
        return flags_of(word, self.labels)


def coding_for(
    policy: FileReading | None, tables: Sequence[FileReading], drafts: Sequence[CaseDraft]
) -> Coding:
    """The coding of a pack."""
    columns = {table.file: table.label_column for table in tables}
    draft = policy.policy if policy else None
    notices: list[Notice] = []
    if draft is not None and draft.labels:
        labels, labelling = draft.labels, draft.labelling
        flag_codes: Mapping[str, str] = _flag_codes(drafts, labels)
        maps = _maps_to(labels, labelling, tables, drafts, notices)
    else:
        labels, labelling, maps, flag_codes = _from_data(tables, drafts, notices)
    _tell_mismatch(labelling, drafts, notices)
    return Coding(
        labels=labels,
        labelling=labelling,
        maps=maps,
        flag_codes=flag_codes,
        columns=columns,
        notices=tuple(notices),
    )


def _maps_to(
    labels: Sequence[Label],
    labelling: Labelling,
    tables: Sequence[FileReading],
    drafts: Sequence[CaseDraft],
    notices: list[Notice],
) -> dict[str, LabelMap]:
    maps: dict[str, LabelMap] = {}
    if labelling is Labelling.MULTI:
        return maps
    for table in tables:
        gold = {draft.gold for draft in drafts if draft.file == table.file and draft.gold is not None}
        told = map_to_schema(gold, labels, table.label_column)
        notices += _said(told, table.file)
        others = {word for draft in drafts if draft.file == table.file for word in _other_words(draft)} - gold
        # Answers and annotations are told of where they are kept; here they are only translated.
        maps[table.file] = LabelMap(
            codes={**map_to_schema(others, labels, table.label_column).codes, **told.codes}
        )
    return maps


def _other_words(draft: CaseDraft) -> list[str]:
    return [answer.label for answer in draft.answers] + [label for _, label in draft.annotations]


def _from_data(
    tables: Sequence[FileReading], drafts: Sequence[CaseDraft], notices: list[Notice]
) -> tuple[tuple[Label, ...], Labelling, dict[str, LabelMap], Mapping[str, str]]:
    """A schema made of the cases: flags where there are flags, else the labels that occur."""
    if not drafts:
        return (), Labelling.SINGLE, {}, {}
    names = list(dict.fromkeys(name for draft in drafts for name in draft.flags or ()))
    first = drafts[0].file
    if names:
        labels, flag_codes = flag_schema(names)
        shown = ", ".join(label.code for label in labels)
        message = f"the label schema was taken from the data: flags {shown}, all marked violating."
        notices.append(
            Notice(
                topic=Topic.LABELS,
                file=first,
                line=0,
                message=message,
                remedy="Give each a title; check the order.",
            )
        )
        return labels, Labelling.MULTI, {}, flag_codes
    counts = Counter(draft.gold for draft in drafts if draft.gold is not None)
    column = next((table.label_column for table in tables if table.label_column), "")
    labels, made = schema_from(counts, column)
    notices += _said(made, first)
    others = {word for draft in drafts for word in _other_words(draft)} - set(counts)
    told = LabelMap(codes={**map_to_schema(others, labels, column).codes, **made.codes})
    return labels, Labelling.SINGLE, {table.file: told for table in tables}, {}


def _flag_codes(drafts: Sequence[CaseDraft], labels: Sequence[Label]) -> dict[str, str]:
    """Flags whose names differ from a code in case or spacing only."""
    names = {name for draft in drafts for name in draft.flags or ()}
    return dict(map_to_schema(names, labels).codes)


def _tell_mismatch(labelling: Labelling, drafts: Sequence[CaseDraft], notices: list[Notice]) -> None:
    if labelling is Labelling.SINGLE:
        flagged = next((draft for draft in drafts if draft.flags is not None), None)
        if flagged is not None:
            message = "the policy gives one label a case, and these cases carry flags; the flags were kept."
            remedy = "Set `labelling: multi`, or give each case one label."
            notices.append(
                Notice(
                    topic=Topic.LABELS, file=flagged.file, line=flagged.line, message=message, remedy=remedy
                )
            )


def _said(told: LabelMap, file: str) -> list[Notice]:
    return [
        Notice(topic=Topic.LABELS, file=file, line=0, message=message, remedy=remedy)
        for message, remedy in told.said
    ]
