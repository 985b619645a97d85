"""What a release says to those who use the one before it."""

from __future__ import annotations

import pytest

from policies.diff import diff_folders
from policies.folder import PolicyFolder, load_folder
from policies.notice import NOTHING, Notice, notice_of
from policies.versions import Change

POLICY = """---
title: Spam
version: 1.0.0
status: stable
licenses: {text: CC-BY-4.0, cases: CC-BY-4.0}
labels:
  - {code: SP0, title: Not spam, violates: false}
  - {code: SP2, title: Spam, violates: true, severity: 2, handling: review}
  - {code: SP3, title: Scam, violates: true, severity: 3}
---
# Goal
Decide.

## SP0 Not spam
- “thanks”

## SP2 Spam
- ads

## SP3 Scam
- bait
"""
CASES = "".join(f'{{"id": "{n}", "content": "text {n}", "label": "SP{n % 2 * 2}"}}\n' for n in range(4))


def folder(policy: str = POLICY, cases: str = CASES) -> PolicyFolder:
    return load_folder("spam", {"policy.md": policy.encode(), "cases.jsonl": cases.encode()})


def notice(old: PolicyFolder | None, new: PolicyFolder) -> Notice:
    return notice_of(diff_folders(old, new), old, new)


def after(*edits: tuple[str, str], version: str = "1.0.1", cases: str = CASES) -> Notice:
    """The notice of the policy with places of its text changed, under another number."""
    text = POLICY.replace("version: 1.0.0", f"version: {version}")
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return notice(folder(), folder(text, cases))


def test_first_release_counts_what_there_is() -> None:
    """A first release has nothing before it, so it says how much there is."""
    told = notice(None, folder())
    assert told == Notice(
        headline="First release: 3 labels, 4 cases.",
        sentences=("First release: 3 labels, 4 cases.",),
        kind=None,
    )


def test_a_number_alone_changes_nothing() -> None:
    """The same content under another number says that nothing changed."""
    assert after(version="2.0.0") == Notice(headline=NOTHING, sentences=(NOTHING,), kind=None)


@pytest.mark.parametrize(
    ("edit", "version", "kind", "expected"),
    [
        (
            ("title: Spam, violates: true", "title: Spam, violates: false"),
            "2.0.0",
            Change.MAJOR,
            "SP2 no longer means violating; before, it did.",
        ),
        (
            ("title: Not spam, violates: false", "title: Not spam, violates: true"),
            "2.0.0",
            Change.MAJOR,
            "SP0 now means violating; before, it did not.",
        ),
        (("severity: 3", "severity: 4"), "2.0.0", Change.MAJOR, "The severity of SP3 is now 4; before, 3."),
        (
            (", severity: 3", ""),
            "2.0.0",
            Change.MAJOR,
            "The severity of SP3 is no longer stated; before, it was 3.",
        ),
        (
            ("  - {code: SP3, title: Scam, violates: true, severity: 3}\n", ""),
            "2.0.0",
            Change.MAJOR,
            "Label SP3 (Scam) is gone.",
        ),
        (
            ("status: stable", "status: stable\nsubject: prompt"),
            "2.0.0",
            Change.MAJOR,
            "It now judges what a user asks a model; before, a piece of content.",
        ),
        (
            ("severity: 3}\n", "severity: 3}\n  - {code: SP4, title: Phishing, violates: true}\n"),
            "1.1.0",
            Change.MINOR,
            "Label SP4 (Phishing) is new; it means violating.",
        ),
        (
            ("title: Spam, v", "title: Likely spam, v"),
            "1.1.0",
            Change.MINOR,
            "SP2 is now called “Likely spam”.",
        ),
        (
            ("handling: review", "handling: remove"),
            "1.1.0",
            Change.MINOR,
            "The advice for SP2 is now “remove”; before, “send to review”.",
        ),
        (("- bait", "- bait\n\n## Use\nHere."), "1.1.0", Change.MINOR, "Section “Use” is new."),
        (
            ("text: CC-BY-4.0", "text: CC0-1.0"),
            "1.0.1",
            Change.PATCH,
            "The licence of the text is now CC0-1.0; before, CC-BY-4.0.",
        ),
        (
            ("title: Spam\n", "title: Spam and scams\n"),
            "1.0.1",
            Change.PATCH,
            "The policy is now called “Spam and scams”; before, “Spam”.",
        ),
        (
            ("status: stable", "status: stable\nsummary: All of it."),
            "1.0.1",
            Change.PATCH,
            "Its front matter changed: summary.",
        ),
    ],
)
def test_each_change_has_its_sentence(
    edit: tuple[str, str], version: str, kind: Change, expected: str
) -> None:
    """One change gives one sentence, which is also the headline, and the kind that it makes it."""
    told = after(edit, version=version)
    headline = f"Breaking: {expected}" if kind is Change.MAJOR else expected
    assert told == Notice(headline=headline, sentences=(expected,), kind=kind)


def test_wording_alone_says_so_first() -> None:
    """Where only words changed, labels and cases are said to be the same before the places are named."""
    told = after(("- ads", "- ads and bots"), ("Decide.", "Decide with care."))
    assert told.sentences == (
        "Only wording changed: the labels and the cases are the same.",
        "The criteria of SP2 changed.",
        "Section “Goal” changed.",
    )
    assert told.kind is Change.PATCH


def test_a_renamed_label_names_its_criteria_with_it() -> None:
    """A label that got another title and other criteria is told once."""
    told = after(("title: Spam, v", "title: Likely spam, v"), ("- ads", "- adverts"), version="1.1.0")
    assert told.sentences == ("SP2 is now called “Likely spam”; its criteria changed.",)


def test_what_breaks_comes_before_everything() -> None:
    """A breaking change leads, then whether the policy is advised, then what is new."""
    told = after(
        ("title: Spam, violates: true", "title: Bulk, violates: false"),
        ("status: stable", 'status: deprecated\nsupport: {superseded_by: ours/scam, reason: "Split in two"}'),
        ("Decide.", "Decide now."),
        version="2.0.0",
        cases=CASES.replace("SP0", "SP3", 1) + '{"id": "9", "content": "x", "label": "SP3"}\n',
    )
    assert told.sentences == (
        "SP2 no longer means violating; before, it did.",
        "This policy is no longer advised; use ours/scam instead.",
        "Reason given: Split in two.",
        "SP2 is now called “Bulk”.",
        "1 case was relabelled, 1 was added.",
        "Section “Goal” changed.",
    )
    assert told.headline == "Breaking: SP2 no longer means violating; before, it did."


def test_a_policy_that_is_advised_again_says_so() -> None:
    """Going back from a deprecated version reads as its opposite."""
    deprecated = folder(POLICY.replace("status: stable", "status: deprecated"))
    assert notice(deprecated, folder()).sentences == (
        "It is advised again: its status is now stable; before, deprecated.",
    )


def test_a_number_that_says_less_than_what_changed_is_named() -> None:
    """A patch number on a breaking change does not make it one: the kind is the weightier of the two."""
    told = after(("severity: 3", "severity: 4"), version="1.0.1")
    assert told.kind is Change.MAJOR
    assert "The version number announces a patch change; what changed makes it a major one." in told.sentences


def test_a_declared_change_of_meaning_is_told() -> None:
    """An author may know better than the schema that a label means something else."""
    told = after(("- ads", "- only paid ads"), version="2.0.0")
    assert told.kind is Change.MAJOR
    assert told.headline == "Breaking: Its author declares that a label's meaning changed."


def test_many_names_are_counted() -> None:
    """A list of names ends after four, and the rest is a number."""
    sections = "".join(f"\n## Part {n}\nText.\n" for n in range(7))
    told = after(("- bait\n", f"- bait\n{sections}"), version="1.1.0")
    assert told.sentences == ("Sections “Part 0”, “Part 1”, “Part 2”, “Part 3” and 3 more are new.",)


def test_words_of_authors_stay_on_one_line_and_short() -> None:
    """A title cannot break a line of a feed or a terminal, nor fill it."""
    told = after(("title: Spam, v", f'title: "A\\nB{"x" * 500}", v'), version="1.1.0")
    (sentence,) = told.sentences
    assert "\n" not in sentence
    assert len(sentence) < 120
