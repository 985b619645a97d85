"""Two states of a policy side by side: notice, label schema, texts and cases, ready to be shown. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from policies.case_changes import CaseChange, case_changes
from policies.diff import PolicyDiff, diff_folders
from policies.digest import NOT_CONTENT
from policies.folder import PolicyFolder
from policies.model import Attachment, Label
from policies.notice import Notice, notice_of
from policies.text_diff import TextDiff, diff_texts


class Fate(StrEnum):
    """What became of something that has a name."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelChange:
    """A label on both sides, None where it is not defined; places count from 1, mildest first."""

    code: str
    fate: Fate
    old: Label | None
    new: Label | None
    old_place: int | None
    new_place: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentChange:
    """An attachment that changed. `was_read` and `is_read` say whether the model read it and reads it."""

    file: str
    fate: Fate
    was_read: bool
    is_read: bool
    text: TextDiff


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Everything that differs. `labels` has the unchanged ones too: a schema is read as a whole."""

    diff: PolicyDiff
    notice: Notice
    labels: tuple[LabelChange, ...]
    text: TextDiff
    attachments: tuple[AttachmentChange, ...]
    cases: tuple[CaseChange, ...]

    @property
    def is_same(self) -> bool:
        """Whether both say the same: the number and where it was taken from do not count."""
        others = [change for change in self.diff.front_matter if change.key not in NOT_CONTENT]
        return self.text.is_empty and not (others or self.attachments or self.cases)

    @property
    def schema_changed(self) -> bool:
        """Whether a label was added, removed or redefined."""
        return any(label.fate is not Fate.SAME for label in self.labels)


def compare_folders(old: PolicyFolder | None, new: PolicyFolder) -> Comparison:
    """What differs between two states; against None everything is added."""
    diff = diff_folders(old, new)
    return Comparison(
        diff=diff,
        notice=notice_of(diff, old, new),
        labels=tuple(_labels(diff, old, new)),
        text=diff_texts(old.document.policy.body if old else "", new.document.policy.body),
        attachments=tuple(_attachments(diff, old, new)),
        cases=case_changes(diff, old, new),
    )


def _labels(diff: PolicyDiff, old: PolicyFolder | None, new: PolicyFolder) -> Iterable[LabelChange]:
    """In the new order; removed ones stand where they stood."""
    before = {label.code: (place, label) for place, label in enumerate(_schema(old), 1)}
    after = {label.code: (place, label) for place, label in enumerate(_schema(new), 1)}
    codes = [*after]
    for code, (place, _) in before.items():
        if code not in after:
            codes.insert(min(place - 1, len(codes)), code)
    for code in codes:
        old_place, was = before.get(code, (None, None))
        new_place, is_ = after.get(code, (None, None))
        yield LabelChange(
            code=code,
            fate=_fate(code, diff.labels_added, diff.labels_removed, diff.labels_redefined),
            old=was,
            new=is_,
            old_place=old_place,
            new_place=new_place,
        )


def _attachments(diff: PolicyDiff, old: PolicyFolder | None, new: PolicyFolder) -> Iterable[AttachmentChange]:
    before, after = _named(old), _named(new)
    for file in (*diff.attachments_changed, *diff.attachments_added, *diff.attachments_removed):
        yield AttachmentChange(
            file=file,
            fate=_fate(file, diff.attachments_added, diff.attachments_removed, diff.attachments_changed),
            was_read=file in before and before[file].in_prompt,
            is_read=file in after and after[file].in_prompt,
            text=diff_texts(_text(old, file, before), _text(new, file, after)),
        )


def _fate(name: str, added: Iterable[str], removed: Iterable[str], changed: Iterable[str]) -> Fate:
    if name in added:
        return Fate.ADDED
    if name in removed:
        return Fate.REMOVED
    return Fate.CHANGED if name in changed else Fate.SAME


def _schema(folder: PolicyFolder | None) -> tuple[Label, ...]:
    return folder.document.policy.meta.labels if folder else ()


def _named(folder: PolicyFolder | None) -> dict[str, Attachment]:
    return {item.file: item for item in folder.document.policy.meta.attachments} if folder else {}


def _text(folder: PolicyFolder | None, file: str, named: dict[str, Attachment]) -> str:
    return folder.files[file].decode("utf-8") if folder is not None and file in named else ""
