"""What changed between two states of a policy."""

from __future__ import annotations

import pytest

from policies.diff import FieldChange, PolicyDiff, diff_folders
from policies.folder import PolicyFolder, load_folder
from policies.versions import Change

POLICY = """---
title: Spam
version: 1.0.0
labels:
  - {code: SP0, title: Not spam, violates: false}
  - {code: SP2, title: Likely spam, violates: true, severity: 2}
  - {code: SP3, title: Scam, violates: true, severity: 3}
---
# Goal
Decide.

## SP0 Not spam
- “thanks”

## SP2 Likely spam
### Includes
- ads
### Excludes
- orders

## SP3 Scam
### Includes
- bait

## Notes
One.

## Notes
Two.
"""
CASES = (
    '{"id": "1", "content": "a", "label": "SP0"}\n'
    '{"id": "2", "content": "b", "label": "SP2"}\n'
    '{"id": "3", "content": "c", "labels": {"SP0": 1, "SP2": null}}\n'
)


def folder(policy: str = POLICY, cases: str = CASES, **attachments: str) -> PolicyFolder:
    """A folder of these texts; attachments by name without .md."""
    files = {"policy.md": policy, "cases.jsonl": cases} | {
        f"{name}.md": text for name, text in attachments.items()
    }
    return load_folder("spam", {name: text.encode() for name, text in files.items()})


def edited(old: str, new: str) -> PolicyFolder:
    """The folder with one place of its policy changed."""
    assert POLICY.count(old) == 1
    return folder(POLICY.replace(old, new))


def test_same_folder_has_an_empty_diff() -> None:
    """Nothing changed, nothing told."""
    diff = diff_folders(folder(), folder())
    assert diff == PolicyDiff()
    assert diff.is_empty


def test_layout_is_no_change() -> None:
    """Comments, line ends and blank lines say nothing."""
    other = (
        POLICY.replace("version", "# a comment\nversion").replace("# Goal", "\n# Goal").replace("\n", "\r\n")
    )
    assert diff_folders(folder(), folder(other)).is_empty


def test_first_state_adds_everything() -> None:
    """Against nothing all is new, and the author may call it what they like."""
    diff = diff_folders(None, folder())
    assert diff.labels_added == ("SP0", "SP2", "SP3")
    assert diff.sections_added == (
        "Goal",
        "SP0",
        "SP2",
        "SP2 / Includes",
        "SP2 / Excludes",
        "SP3",
        "SP3 / Includes",
        "Notes",
        "Notes (2)",
    )
    assert diff.cases_added == ("1", "2", "3")
    assert [change.key for change in diff.front_matter] == ["title", "version", "labels"]
    assert (diff.text_changed, diff.least_change) == (True, Change.PATCH)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Decide.", "Decide!", PolicyDiff(sections_changed=("Goal",))),
        ("- ads", "- ads and bots", PolicyDiff(sections_changed=("SP2 / Includes",))),
        ("## SP3 Scam", "## SP3: Scams", PolicyDiff(sections_changed=("SP3",))),
        ("Two.", "Three.", PolicyDiff(sections_changed=("Notes (2)",))),
        (
            "# Goal\nDecide.",
            "# Goal\nDecide.\n\n# Use\nOnly here.",
            PolicyDiff(sections_added=("Use",), least_change=Change.MINOR),
        ),
        (
            "### Excludes\n- orders\n",
            "",
            PolicyDiff(sections_removed=("SP2 / Excludes",), least_change=Change.MINOR),
        ),
        (
            "## Notes\nOne.\n\n## Notes\nTwo.",
            "## Notes\nTwo.\n\n## Notes\nOne.",
            PolicyDiff(sections_changed=("Notes", "Notes (2)")),
        ),
    ],
)
def test_sections_are_compared_by_heading(old: str, new: str, expected: PolicyDiff) -> None:
    """A label's section goes by its code; the parts below it go by its code and their heading."""
    actual = diff_folders(folder(), edited(old, new))
    assert actual.text_changed
    assert (actual.sections_added, actual.sections_removed, actual.sections_changed, actual.least_change) == (
        expected.sections_added,
        expected.sections_removed,
        expected.sections_changed,
        expected.least_change,
    )


def test_sections_in_another_order_are_a_change_of_text() -> None:
    """The model reads another text, though no section changed."""
    goal = "# Goal\nDecide.\n\n"
    swapped = folder(POLICY.replace(goal, "") + "\n" + goal)
    diff = diff_folders(folder(), swapped)
    assert (diff.sections_changed, diff.text_changed, diff.is_empty) == ((), True, False)


@pytest.mark.parametrize(
    ("old", "new", "redefined", "least"),
    [
        ("title: Likely spam", "title: Probable spam", ("SP2",), Change.MINOR),
        (
            "violates: true, severity: 2",
            "violates: true, severity: 2, handling: review",
            ("SP2",),
            Change.MINOR,
        ),
        ("violates: true, severity: 2", "violates: true, severity: 1", ("SP2",), Change.MAJOR),
        ("violates: true, severity: 2", "violates: false, severity: 2", ("SP2",), Change.MAJOR),
        ("title: Scam, violates: true", "title: Scam, violates: true, x: 1", (), Change.PATCH),
    ],
)
def test_redefined_labels_are_told(old: str, new: str, redefined: tuple[str, ...], least: Change) -> None:
    """Another meaning or severity breaks those who rely on the label; another name does not."""
    diff = diff_folders(folder(), edited(old, new))
    assert (diff.labels_redefined, diff.least_change) == (redefined, least)
    assert [change.key for change in diff.front_matter] == ["labels"]


def test_added_and_removed_labels_are_told() -> None:
    """A label more covers more; a label less takes an answer away."""
    line = "  - {code: SP3, title: Scam, violates: true, severity: 3}\n"
    without = edited(line, "")
    added, removed = diff_folders(without, folder()), diff_folders(folder(), without)
    assert (added.labels_added, added.labels_removed, added.least_change) == (("SP3",), (), Change.MINOR)
    assert (removed.labels_added, removed.labels_removed, removed.least_change) == (
        (),
        ("SP3",),
        Change.MAJOR,
    )


def test_labels_in_another_order_are_redefined() -> None:
    """The order is severity, so those that changed places mean something else."""
    lines = POLICY.splitlines(keepends=True)
    swapped = "".join([*lines[:5], lines[6], lines[5], *lines[7:]])
    diff = diff_folders(folder(), folder(swapped))
    assert (diff.labels_redefined, diff.least_change) == (("SP3", "SP2"), Change.MAJOR)


@pytest.mark.parametrize(
    ("added", "least"),
    [
        ("labelling: multi", Change.MAJOR),
        ("subject: response", Change.MAJOR),
        ("language: de", Change.MINOR),
        ("applies_to: {surfaces: [dm]}", Change.MINOR),
        ("summary: Better.", Change.PATCH),
        ("x-own: [1, {a: b}]", Change.PATCH),
    ],
)
def test_front_matter_changes_weigh_by_what_they_say(added: str, least: Change) -> None:
    """What is judged, and how, matters to every user; who keeps it does not."""
    diff = diff_folders(folder(), edited("title: Spam\n", f"title: Spam\n{added}\n"))
    assert diff.least_change is least
    assert [change.key for change in diff.front_matter] == [added.split(":")[0]]


def test_front_matter_changes_carry_both_values() -> None:
    """Each key is told with what it was and what it is, None for not stated."""
    diff = diff_folders(folder(), edited("version: 1.0.0\n", "version: 1.1.0\nsummary: New.\n"))
    assert diff.front_matter == (
        FieldChange(key="version", old="1.0.0", new="1.1.0"),
        FieldChange(key="summary", old=None, new="New."),
    )
    back = diff_folders(edited("title: Spam\n", "title: Spam\nsummary: New.\n"), folder())
    assert back.front_matter == (FieldChange(key="summary", old="New.", new=None),)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"content": "a"', '"content": "A"', PolicyDiff(cases_edited=("1",))),
        ('"content": "a"', '"content": "a", "note": "n"', PolicyDiff(cases_edited=("1",))),
        ('"SP2"}', '"SP0"}', PolicyDiff(cases_relabelled=("2",), least_change=Change.MINOR)),
        ("null", "0", PolicyDiff(cases_relabelled=("3",), least_change=Change.MINOR)),
        (
            '"b", "label": "SP2"',
            '"B", "label": "SP3"',
            PolicyDiff(cases_relabelled=("2",), cases_edited=("2",), least_change=Change.MINOR),
        ),
        (
            '"id": "2"',
            '"id": "9"',
            PolicyDiff(cases_added=("9",), cases_removed=("2",), least_change=Change.MINOR),
        ),
    ],
)
def test_cases_are_compared_by_id(old: str, new: str, expected: PolicyDiff) -> None:
    """A case that moved is the same case; its label and the rest of it are told apart."""
    lines = CASES.replace(old, new).splitlines(keepends=True)
    assert diff_folders(folder(), folder(cases="".join(reversed(lines)))) == expected


def test_attachments_are_compared_by_file() -> None:
    """A further text for the model covers more; another wording of it is wording."""
    with_a = POLICY.replace("labels:", "attachments: [{file: a.md, in_prompt: true}]\nlabels:")
    added = diff_folders(folder(), folder(with_a, a="x"))
    assert (added.attachments_added, added.text_changed, added.least_change) == (
        ("a.md",),
        True,
        Change.MINOR,
    )
    changed = diff_folders(folder(with_a, a="x"), folder(with_a, a="y"))
    assert (changed.attachments_changed, changed.text_changed, changed.least_change) == (
        ("a.md",),
        True,
        Change.PATCH,
    )
    removed = diff_folders(folder(with_a, a="x"), folder())
    assert (removed.attachments_removed, removed.least_change) == (("a.md",), Change.MINOR)
