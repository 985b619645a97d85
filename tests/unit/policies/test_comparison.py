"""Two states of a policy side by side."""

from __future__ import annotations

from policies.case_changes import CaseEvent
from policies.comparison import Fate, compare_folders
from policies.folder import PolicyFolder, load_folder
from policies.text_diff import LineKind

POLICY = """---
title: Spam
version: 1.0.0
labels:
  - {code: SP0, title: Not spam, violates: false}
  - {code: SP2, title: Spam, violates: true}
attachments:
  - {file: annex.md, in_prompt: true}
---
# Goal
Decide.

## SP0 Not spam
- “thanks”

## SP2 Spam
- ads
"""
CASES = (
    '{"id": "1", "content": "a", "label": "SP0"}\n'
    '{"id": "2", "content": "b", "label": "SP2", "sensitive": true}\n'
    '{"id": "3", "content": "c", "label": "SP2"}\n'
)


def folder(policy: str = POLICY, cases: str = CASES, annex: str = "Lines.") -> PolicyFolder:
    files = {"policy.md": policy, "cases.jsonl": cases}
    if "annex.md" in policy:
        files["annex.md"] = annex
    return load_folder("spam", {name: text.encode() for name, text in files.items()})


def test_same_content_is_the_same_under_any_number() -> None:
    """A number does not make another policy."""
    made = compare_folders(folder(), folder(POLICY.replace("1.0.0", "2.0.0")))
    assert made.is_same
    assert not made.schema_changed


def test_labels_are_shown_as_a_whole() -> None:
    """Every label of either side stands in the table with both of its places, removed ones in theirs."""
    new = POLICY.replace("  - {code: SP0, title: Not spam, violates: false}\n", "")
    new = new.replace("title: Spam, v", "title: Bulk, v")
    new = new.replace("attachments:", "  - {code: SP4, title: Fraud, violates: true}\nattachments:")
    made = compare_folders(folder(), folder(new))
    assert [(item.code, item.fate, item.old_place, item.new_place) for item in made.labels] == [
        ("SP0", Fate.REMOVED, 1, None),
        ("SP2", Fate.CHANGED, 2, 1),
        ("SP4", Fate.ADDED, None, 2),
    ]
    assert made.schema_changed


def test_cases_stand_with_both_sides() -> None:
    """Relabelled cases come first; a case is named once, with what else changed of it."""
    new = (
        '{"id": "2", "content": "b", "label": "SP0", "note": "less"}\n'
        '{"id": "3", "content": "cc", "label": "SP2"}\n'
        '{"id": "4", "content": "d", "label": "SP0"}\n'
    )
    changes = compare_folders(folder(), folder(cases=new)).cases
    assert [(item.id, item.event, item.fields, item.sensitive) for item in changes] == [
        ("2", CaseEvent.RELABELLED, ("sensitive", "note"), True),
        ("4", CaseEvent.ADDED, (), False),
        ("1", CaseEvent.REMOVED, (), False),
        ("3", CaseEvent.EDITED, ("content",), False),
    ]
    first, fourth = changes[0], changes[1]
    assert (first.old and first.old.label, first.new and first.new.label) == ("SP2", "SP0")
    assert fourth.old is None


def test_attachments_say_whether_the_model_reads_them() -> None:
    """An attachment that changed is compared like the text; one that is only read now has changed too."""
    (changed,) = compare_folders(folder(), folder(annex="Lines.\nMore.")).attachments
    assert (changed.file, changed.fate, changed.was_read, changed.is_read) == (
        "annex.md",
        Fate.CHANGED,
        True,
        True,
    )
    assert [line.kind for line in changed.text.lines] == [LineKind.SAME, LineKind.ADDED]
    (unread,) = compare_folders(
        folder(), folder(POLICY.replace("in_prompt: true", "in_prompt: false"))
    ).attachments
    assert (unread.was_read, unread.is_read, unread.text.is_empty) == (True, False, True)
    without = POLICY.replace("attachments:\n  - {file: annex.md, in_prompt: true}\n", "")
    (gone,) = compare_folders(folder(), folder(without)).attachments
    assert (gone.fate, [line.kind for line in gone.text.lines]) == (Fate.REMOVED, [LineKind.REMOVED])


def test_against_nothing_everything_is_new() -> None:
    """A first version adds every label, line and case."""
    made = compare_folders(None, folder())
    assert {item.fate for item in made.labels} == {Fate.ADDED}
    assert {line.kind for line in made.text.lines} == {LineKind.ADDED}
    assert [item.event for item in made.cases] == [CaseEvent.ADDED] * 3
