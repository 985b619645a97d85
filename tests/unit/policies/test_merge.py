"""Bringing two versions of a policy together: what comes over, what clashes, and who decides."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from policies.conflicts import Clash, Conflict, Decision, Kind, Merged, Side, Written
from policies.folder import PolicyFolder, load_folder
from policies.merge import merge_folders
from registry.store.line_merge import merge_lines

POLICY = """---
title: Adverts
summary: Whether a post advertises.
version: 1.0.0
status: draft
labels:
  - {code: AD0, title: None, violates: false}
  - {code: AD1, title: Advert, violates: true}
---
# Goal
Find adverts.

## AD0 None
Talk without an advert.

## AD1 Advert
Anything that is sold.
"""
CASES = (
    '{"id": "a", "content": "Hello", "label": "AD0"}\n'
    '{"id": "b",  "content": "Buy this", "label": "AD1"}\n'
    '{"id": "c", "content": "Cheap!", "label": "AD1"}\n'
)


def _folder(policy: str = POLICY, cases: str = CASES, **more: str) -> PolicyFolder:
    stated = "".join(f"  - {{file: {name}.md, in_prompt: false}}\n" for name in more)
    if more:
        policy = policy.replace("labels:", f"attachments:\n{stated}labels:")
    files = {"policy.md": policy, "cases.jsonl": cases} | {f"{name}.md": text for name, text in more.items()}
    return load_folder("adverts", {name: text.encode() for name, text in files.items()})


def _merged(
    ours: PolicyFolder, theirs: PolicyFolder, *sides: Decision, base: PolicyFolder | None = None
) -> Merged:
    chosen = iter(sides)
    return merge_folders(
        base or _folder(), ours, theirs, merge_text=merge_lines, choose=lambda _: next(chosen, None)
    )


def _text(merged: Merged, name: str = "policy.md") -> str:
    assert merged.files is not None
    return merged.files[name].decode()


def _places(conflicts: Sequence[Conflict]) -> list[str]:
    return [conflict.place for conflict in conflicts]


def test_what_only_they_changed_comes_over() -> None:
    """Text, front matter, labels, cases and attachments; ours stays where they changed nothing."""
    theirs = _folder(
        POLICY.replace("Find adverts.", "Find every advert.")
        .replace("title: Adverts", "title: Advertising")
        .replace("code: AD1, title: Advert,", "code: AD1, title: Paid advert,"),
        CASES.replace("Cheap!", "Very cheap!") + '{"id": "d", "content": "Two for one", "label": "AD1"}\n',
    )
    ours = _folder(POLICY.replace("Anything that is sold.", "Whatever is sold."))
    merged = _merged(ours, theirs)
    assert not merged.conflicts
    assert _text(merged) == (
        POLICY.replace("Find adverts.", "Find every advert.")
        .replace("title: Adverts", "title: Advertising")
        .replace("code: AD1, title: Advert,", "code: AD1, title: Paid advert,")
        .replace("Anything that is sold.", "Whatever is sold.")
    )
    assert _text(merged, "cases.jsonl") == theirs.files["cases.jsonl"].decode()
    assert merged.taken == 5


def test_cases_stay_as_they_were_written() -> None:
    """A line that nobody changed keeps its spaces; a new one of theirs follows the case it follows there."""
    lines = CASES.splitlines(keepends=True)
    new = '{"id": "x", "content": "Half price", "label": "AD1"}\n'
    mine = '{"id": "z", "content": "My own", "label": "AD0"}\n'
    merged = _merged(
        _folder(cases="".join([*lines, mine])), _folder(cases="".join([lines[0], new, *lines[1:]]))
    )
    assert _text(merged, "cases.jsonl") == "".join([lines[0], new, *lines[1:], mine])


@pytest.mark.parametrize(("side", "kept"), [(Side.OURS, "Ours."), (Side.THEIRS, "Theirs.")])
def test_a_clash_in_the_text_is_decided(side: Side, kept: str) -> None:
    """Both reworded one line: it is named by its heading, and nothing is merged before somebody decides."""
    ours, theirs = (
        _folder(POLICY.replace("Anything that is sold.", words)) for words in ("Ours.", "Theirs.")
    )
    open_ = _merged(ours, theirs)
    assert open_.files is None
    assert open_.conflicts == (
        Conflict(
            1,
            "text, below “AD1 Advert”",
            "Anything that is sold.\n",
            "Ours.\n",
            "Theirs.\n",
            kind=Kind.LINES,
        ),
    )
    assert kept in _text(_merged(ours, theirs, side))


def test_every_kind_of_clash_is_told_apart() -> None:
    """A key, a label, a case that one removed and the other changed, and an attachment that both added."""
    ours = _folder(
        POLICY.replace("status: draft", "status: stable").replace("title: Advert,", "title: Ours,"),
        CASES.replace('{"id": "c", "content": "Cheap!", "label": "AD1"}\n', ""),
        notes="Ours\n",
    )
    theirs = _folder(
        POLICY.replace("status: draft", "status: experimental").replace("title: Advert,", "title: Theirs,"),
        CASES.replace("Cheap!", "Cheaper!"),
        notes="Theirs\n",
    )
    merged = _merged(ours, theirs)
    assert _places(merged.conflicts) == ["status", "labels, AD1", "case c", "notes.md"]
    assert merged.conflicts[2].ours is None
    decided = _merged(ours, theirs, Side.THEIRS, Side.OURS, Side.THEIRS, Side.THEIRS)
    assert "status: experimental" in _text(decided)
    assert "title: Ours," in _text(decided)
    assert "Cheaper!" in _text(decided, "cases.jsonl")
    assert _text(decided, "notes.md") == "Theirs\n"


def test_both_may_add_an_attachment() -> None:
    """Two attachments of different names stand beside each other, in the list and in the folder."""
    merged = _merged(_folder(mine="Mine\n"), _folder(theirs="Theirs\n"))
    assert not merged.conflicts
    assert merged.files is not None
    folder = load_folder("adverts", merged.files)
    assert [one.file for one in folder.document.policy.meta.attachments] == ["theirs.md", "mine.md"]


def test_what_both_changed_alike_is_no_clash() -> None:
    """The same edit on both sides is there once."""
    same = _folder(POLICY.replace("Find adverts.", "Find them all."), CASES.replace("Cheap!", "Cheap"))
    assert _merged(same, same).conflicts == ()
    assert dict(_merged(same, same).files or {}) == dict(same.files)


def test_what_they_removed_goes() -> None:
    """A case, a key and an attachment that only they took out."""
    base = _folder(notes="Notes\n")
    theirs = _folder(
        POLICY.replace("summary: Whether a post advertises.\n", ""),
        CASES.replace('{"id": "a", "content": "Hello", "label": "AD0"}\n', ""),
    )
    merged = _merged(base, theirs, base=base)
    assert merged.files is not None
    assert sorted(merged.files) == ["cases.jsonl", "policy.md"]
    assert "summary" not in _text(merged)
    assert '"a"' not in _text(merged, "cases.jsonl")


def test_the_number_and_the_origin_stay_ours() -> None:
    """Their version number says nothing of ours."""
    theirs = _folder(POLICY.replace("version: 1.0.0", "version: 4.2.0"))
    assert "version: 1.0.0" in _text(_merged(_folder(), theirs))


def test_line_ends_are_ours() -> None:
    """A fork with Windows line ends keeps them, and the difference in line ends is no clash."""
    ours = _folder(POLICY.replace("\n", "\r\n"))
    merged = _merged(ours, _folder(POLICY.replace("Find adverts.", "Find every advert.")))
    assert not merged.conflicts
    assert _text(merged) == POLICY.replace("Find adverts.", "Find every advert.").replace("\n", "\r\n")


def test_sensitive_cases_say_so() -> None:
    """Whoever shows a conflict knows that its content is one to hide."""
    marked = CASES.replace('"label": "AD0"}', '"label": "AD0", "sensitive": true}')
    merged = _merged(_folder(cases=marked), _folder(cases=CASES.replace("Hello", "Hullo")))
    assert [conflict.sensitive for conflict in merged.conflicts] == [True]


def test_marks_in_a_text_are_text() -> None:
    """Lines that look like git's marks for conflicts are content, however long they are."""
    marks = "<<<<<<< ours\n" + "=" * 60 + "\n>>>>>>> theirs\n"
    base = f"a\n{marks}b\nc\nd\n"
    assert merge_lines(base, base.replace("d", "D"), base.replace("a\n", "A\n")) == (f"A\n{marks}b\nc\nD\n",)
    clash = merge_lines(base, base.replace("b\n", "x\n"), base.replace("b\n", "y\n"))
    assert clash == (f"a\n{marks}", Clash("b\n", "x\n", "y\n"), "c\nd\n")


def test_a_text_without_a_last_line_end() -> None:
    """Nothing is lost where the last line ends with the file."""
    assert merge_lines("a\nx\ny\nz\nb", "A\nx\ny\nz\nb", "a\nx\ny\nz\nB") == ("A\nx\ny\nz\nB",)


@pytest.mark.parametrize(
    ("decided", "stands"),
    [
        (Side.BOTH, "Ours.\nTheirs.\n"),
        (Written("Somebody\nelse's"), "Somebody\nelse's\n"),
        (Written(""), ""),
    ],
)
def test_lines_take_both_or_other_words(decided: Decision, stands: str) -> None:
    """What is written ends its own line, and nothing written takes the lines out."""
    base = POLICY + "\n## Ambiguity\nAsk.\n"
    ours, theirs = (_folder(base.replace("Anything that is sold.", words)) for words in ("Ours.", "Theirs."))
    merged = _merged(ours, theirs, decided, base=_folder(base))
    assert _text(merged) == base.replace("Anything that is sold.\n", stands)


def test_a_text_of_the_front_matter_takes_other_words() -> None:
    """As they are, also where YAML needs quotes; but not both."""
    ours, theirs = (_folder(POLICY.replace("title: Adverts", f"title: {word}")) for word in ("One", "Two"))
    merged = _merged(ours, theirs, Written("Adverts: paid"))
    (conflict,) = merged.conflicts
    assert (conflict.ours, conflict.theirs, conflict.kind) == ("One", "Two", Kind.WORDS)
    assert merged.files is not None
    assert load_folder("adverts", merged.files).document.policy.meta.title == "Adverts: paid"
    assert _merged(ours, theirs, Side.BOTH).files is None


@pytest.mark.parametrize("decided", [Side.BOTH, Written("Cheapest!")])
def test_a_case_is_taken_from_one_side(decided: Decision) -> None:
    """Its conflict stays open when it is decided in another way."""
    ours, theirs = (_folder(cases=CASES.replace("Cheap!", words)) for words in ("Dear!", "Cheaper!"))
    merged = _merged(ours, theirs, decided)
    assert (merged.files, merged.conflicts[0].kind) == (None, Kind.CASE)
