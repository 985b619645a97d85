"""What changed between two states of a policy, and the least that its author must call it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from typing import NamedTuple, TypeVar

from policies.folder import PolicyFolder
from policies.model import Case, Label, Meta, Section
from policies.prompt import plain_text, prompt_text
from policies.versions import Change

_Value = TypeVar("_Value")

OPENING = "(opening text)"
"""What the text before the first heading is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One key of the front matter; None where it is not stated."""

    key: str
    old: object
    new: object


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDiff:
    """Labels by code, sections by heading, cases by id, attachments by file, in their own order.

    A label is redefined when its title, meaning, severity, handling or place in the order changed.
    A case is relabelled when its label or a flag changed, edited when anything else did; it can be
    both. `text_changed` says whether the model reads something else, sections in another order
    included. `least_change` is the least that the change may be called.
    """

    labels_added: tuple[str, ...] = ()
    labels_removed: tuple[str, ...] = ()
    labels_redefined: tuple[str, ...] = ()
    sections_added: tuple[str, ...] = ()
    sections_removed: tuple[str, ...] = ()
    sections_changed: tuple[str, ...] = ()
    attachments_added: tuple[str, ...] = ()
    attachments_removed: tuple[str, ...] = ()
    attachments_changed: tuple[str, ...] = ()
    cases_added: tuple[str, ...] = ()
    cases_removed: tuple[str, ...] = ()
    cases_relabelled: tuple[str, ...] = ()
    cases_edited: tuple[str, ...] = ()
    front_matter: tuple[FieldChange, ...] = ()
    text_changed: bool = False
    least_change: Change = Change.PATCH

    @property
    def is_empty(self) -> bool:
        """Whether both say the same."""
        return self == PolicyDiff()


def diff_folders(old: PolicyFolder | None, new: PolicyFolder) -> PolicyDiff:
    """What `new` changes. Against None everything is added, and any kind of change may be declared."""
    before, after = _state(old), _state(new)
    labels = _compared(before.labels, after.labels)
    moved = _moved(before.labels, after.labels)
    sections = _compared(before.sections, after.sections)
    attachments = _compared(before.attachments, after.attachments)
    cases_added, cases_removed, common_cases = _names(before.cases, after.cases)
    diff = PolicyDiff(
        labels_added=labels.added,
        labels_removed=labels.removed,
        labels_redefined=tuple(code for code in after.labels if code in (*labels.changed, *moved)),
        sections_added=sections.added,
        sections_removed=sections.removed,
        sections_changed=sections.changed,
        attachments_added=attachments.added,
        attachments_removed=attachments.removed,
        attachments_changed=attachments.changed,
        cases_added=cases_added,
        cases_removed=cases_removed,
        cases_relabelled=tuple(
            case for case in common_cases if _gold(before.cases[case]) != _gold(after.cases[case])
        ),
        cases_edited=tuple(
            case for case in common_cases if _said(before.cases[case]) != _said(after.cases[case])
        ),
        front_matter=_field_changes(before.fields, after.fields),
        text_changed=before.text != after.text,
    )
    return diff if old is None else replace(diff, least_change=_least_change(diff, before, after))


class _State(NamedTuple):
    """One side of the comparison, by the names under which things are reported."""

    meta: Meta
    fields: Mapping[str, object]
    labels: Mapping[str, Label]
    sections: Mapping[str, str]
    attachments: Mapping[str, tuple[bool, str]]
    cases: Mapping[str, Case]
    text: str


class _Compared(NamedTuple):
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]


def _state(folder: PolicyFolder | None) -> _State:
    if folder is None:
        return _State(Meta(title=""), {}, {}, {}, {}, {}, "")
    policy = folder.document.policy
    return _State(
        meta=policy.meta,
        fields=folder.document.front_matter.values,
        labels={label.code: label for label in policy.meta.labels},
        sections=_named_sections(policy.sections),
        attachments={
            attachment.file: (attachment.in_prompt, plain_text(folder.files[attachment.file].decode("utf-8")))
            for attachment in policy.meta.attachments
        },
        cases={case.id: case for case in folder.cases},
        text=prompt_text(folder),
    )


def _named_sections(sections: Iterable[Section]) -> Mapping[str, str]:
    """What stands in each section, by heading; a label's section goes by its code, whatever its title.

    Sections below a label's ("SP2 / Includes") are named with it, since every label may have them.
    """
    named: dict[str, str] = {}
    seen: Counter[str] = Counter()
    label: Section | None = None
    for section in sections:
        if section.code is not None or (label and section.level <= label.level):
            label = section if section.code is not None else None
        name = section.code or section.heading or OPENING
        if label is not None and label is not section:
            name = f"{label.code} / {name}"
        seen[name] += 1
        unique = name if seen[name] == 1 else f"{name} ({seen[name]})"
        named[unique] = f"{section.heading}\n{section.text}"
    return named


def _compared(old: Mapping[str, _Value], new: Mapping[str, _Value]) -> _Compared:
    added, removed, common = _names(old, new)
    return _Compared(added, removed, tuple(name for name in common if old[name] != new[name]))


def _names(old: Mapping[str, object], new: Mapping[str, object]) -> _Compared:
    """Names only in `new`, only in `old`, and in both."""
    return _Compared(
        tuple(name for name in new if name not in old),
        tuple(name for name in old if name not in new),
        tuple(name for name in new if name in old),
    )


def _moved(old: Mapping[str, Label], new: Mapping[str, Label]) -> frozenset[str]:
    """Codes whose place among the labels of both sides changed: the order is severity."""
    before = [code for code in old if code in new]
    after = [code for code in new if code in old]
    return frozenset(code for code, other in zip(after, before, strict=True) if code != other)


def _gold(case: Case) -> object:
    return case.label, case.labels


_said = attrgetter(*(field.name for field in fields(Case) if field.name not in ("label", "labels", "line")))


def _field_changes(old: Mapping[str, object], new: Mapping[str, object]) -> tuple[FieldChange, ...]:
    keys = (*old, *(key for key in new if key not in old))
    changes = (FieldChange(key=key, old=old.get(key), new=new.get(key)) for key in keys)
    return tuple(change for change in changes if change.old != change.new)


def _least_change(diff: PolicyDiff, before: _State, after: _State) -> Change:
    """Major: an answer means something else. Minor: other things are covered. Patch: the rest."""
    old, new = before.meta, after.meta
    redefined = any(
        (before.labels[code].violates, before.labels[code].severity)
        != (after.labels[code].violates, after.labels[code].severity)
        for code in diff.labels_redefined
    )
    reordered = bool(_moved(before.labels, after.labels))
    if diff.labels_removed or redefined or reordered:
        return Change.MAJOR
    if (old.labelling, old.subject) != (new.labelling, new.subject):
        return Change.MAJOR
    covered = (
        diff.labels_added,
        diff.labels_redefined,
        diff.sections_added,
        diff.sections_removed,
        diff.attachments_added,
        diff.attachments_removed,
        diff.cases_added,
        diff.cases_removed,
        diff.cases_relabelled,
    )
    if any(covered) or (old.language, old.applies_to) != (new.language, new.applies_to):
        return Change.MINOR
    return Change.PATCH
