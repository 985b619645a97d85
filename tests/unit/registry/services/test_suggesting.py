"""What comes of a form: the change alone, and everything else byte for byte."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policies.folder import PolicyFolder, load_folder
from policies.lint import lint_folder
from registry.services.errors import InputRefusedError
from registry.services.suggesting import (
    CaseRow,
    LabelRow,
    Suggested,
    suggested_files,
    suggested_of,
    table_of,
)
from tests.support.histories import policy_files


def folder(**changed: bytes) -> PolicyFolder:
    files = policy_files("Spam")
    files["policy.md"] = files["policy.md"].replace(b"language: en\n", b"language: en  # for now\n")
    return load_folder("spam", {**files, **changed})


def suggested(policy: PolicyFolder, **changed: Any) -> dict[str, bytes]:
    return suggested_files(policy, suggested_of(policy)._replace(**changed))


def cases(files: dict[str, bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files["cases.jsonl"].splitlines()]


def test_what_nobody_changed_is_the_same_to_the_byte() -> None:
    """Also with the line ends that a browser sends, and with cases pasted back as they were."""
    policy = folder()
    assert suggested(policy) == policy.files
    body = suggested_of(policy).body.replace("\n", "\r\n")
    assert suggested(policy, body=body, table=table_of(policy.cases)) == policy.files


def test_text_and_metadata_change_alone() -> None:
    """Comments and order of the front matter stay; labels are written only where they changed."""
    policy = folder()
    said = suggested_of(policy)
    files = suggested(
        policy,
        title="Junk",
        status="stable",
        body=said.body + "\n## AA2 Worse\nPromotion that lies.\n- A lie: “you have won”\n",
        labels=(
            *said.labels,
            LabelRow("AA2", "Worse", True, "2", "remove"),
            LabelRow("", " ", False, "", ""),
        ),
    )
    text = files["policy.md"].decode()
    assert "title: Junk\n" in text
    assert "language: en  # for now\n" in text
    made = load_folder("spam", files).document.policy
    assert made.meta.codes == ("AA0", "AA1", "AA2")
    assert (made.meta.labels[2].severity, made.meta.labels[2].handling) == (2, "remove")
    assert made.meta.status == "stable"
    assert made.body.endswith("you have won”\n")
    assert lint_folder("spam", files) is not None


def test_windows_line_ends_stay() -> None:
    """A file that was written with them is not rewritten without."""
    raw = policy_files("Spam")["policy.md"].replace(b"\n", b"\r\n")
    policy = folder(**{"policy.md": raw})
    files = suggested(policy, body=suggested_of(policy).body.replace("Ordinary", "Usual"))
    assert files["policy.md"] == raw.replace(b"Ordinary", b"Usual")


def test_rows_are_added_behind_what_is_there() -> None:
    """With ids that follow from what is judged; empty rows are none."""
    policy = folder()
    rows = (CaseRow("AA1", " Buy now! ", "an offer"), CaseRow("", "", ""), CaseRow("AA0", "Hello", ""))
    files = suggested(policy, rows=rows)
    assert files["cases.jsonl"].startswith(policy.files["cases.jsonl"])
    first, second = cases(files)[-2:]
    assert (first["content"], first["label"], first["note"]) == ("Buy now!", "AA1", "an offer")
    assert first["id"].startswith("s-")
    assert "note" not in second
    assert suggested(policy, rows=rows) == files


def test_table_adds_and_replaces() -> None:
    """By id; a row keeps what its columns do not say. Cells of several lines come quoted."""
    policy = folder()
    known = policy.cases[0]
    other = "AA0" if known.label == "AA1" else "AA1"
    table = (
        "ID\tLabel\tContent\tSensitive\n"
        f'{known.id}\t{other}\t"Two\nlines with a ""quote"""\tyes\n\n'
        "\tAA1\tNew one\tno\n"
    )
    found = cases(suggested(policy, table=table))
    assert len(found) == len(policy.cases) + 1
    changed = found[0]
    assert (changed["id"], changed["label"]) == (known.id, other)
    assert changed["content"] == 'Two\nlines with a "quote"'
    assert changed["sensitive"] is True
    assert (found[-1]["content"], found[-1]["label"]) == ("New one", "AA1")
    assert found[1:-1] == cases(dict(policy.files))[1:]


def test_table_without_a_header_is_content_and_label() -> None:
    """As it comes from two columns of a spreadsheet."""
    found = cases(suggested(folder(), table="Rings, cheap!\tAA1\nGood morning\tAA0\tsmall talk"))
    assert [(one["content"], one["label"]) for one in found[-2:]] == [
        ("Rings, cheap!", "AA1"),
        ("Good morning", "AA0"),
    ]
    assert found[-1]["note"] == "small talk"


def test_cases_are_taken_out() -> None:
    """By their ids, and no other line moves."""
    policy = folder()
    files = suggested(policy, drop=(policy.cases[0].id,))
    lines = policy.files["cases.jsonl"].split(b"\n")
    assert files["cases.jsonl"] == b"\n".join(lines[1:])


def test_flags_are_named_together() -> None:
    """Where each label stands for itself, a cell names those that are raised, and none is one too."""
    files = policy_files("Spam")
    files["policy.md"] = files["policy.md"].replace(b"labels:\n", b"labelling: multi\nlabels:\n")
    files["cases.jsonl"] = b""
    policy = load_folder("spam", files)
    found = cases(suggested(policy, table="content\tlabel\nBoth\tAA0, AA1\nNone\t"))
    assert [one["labels"] for one in found] == [{"AA0": 1, "AA1": 1}, {"AA0": 0, "AA1": 0}]


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"table": "only one column"}, "the table, line 1"),
        ({"table": "content\tlabel\tcolour\nx\tAA1\tred"}, "the table"),
        ({"table": "content\tlabel\nx\tAA1\ny\tBB7"}, "the table, line 3"),
        ({"table": "content\tlabel\n\tAA1"}, "the table, line 2"),
        ({"table": 'content\tlabel\n"open\tAA1'}, "the table, line 2"),
        ({"table": "id\tcontent\tlabel\nq\tx\tAA1\nq\ty\tAA1"}, "the table"),
        ({"rows": (CaseRow("AA1", "x", ""), CaseRow("AA0,AA1", "y", ""))}, "case 2"),
        ({"rows": (CaseRow("AA1", "", ""),)}, "case 1"),
        ({"drop": ("nothing",)}, "cases to take out"),
        ({"labels": (LabelRow("AA0", "Fine", False, "mild", ""),)}, "label 1"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(changed: dict[str, Any], place: str) -> None:
    """And with what would be right; nothing is passed over."""
    with pytest.raises(InputRefusedError) as refused:
        suggested(folder(), **changed)
    assert refused.value.place == place
    assert refused.value.remedy


def test_form_begins_with_what_is_there() -> None:
    """Every label with its severity and advice."""
    said = suggested_of(folder())
    assert isinstance(said, Suggested)
    assert said.labels[1] == LabelRow("AA1", "Not fine", True, "1", "")
