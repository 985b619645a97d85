"""Tests of `policies.importers.importing`: whole imports, and the account of every row."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.folder import load_folder
from policies.importers import (
    FileRole,
    ImportRefusedError,
    ImportResult,
    Topic,
    UnknownPresetError,
    describe,
    import_files,
)
from policies.lint import lint_folder
from policies.model import Labelling, Status

_POLICY = """Noise Policy (#NO)
GOAL: Find noise.

Quiet (NO0 – Wanted sound)
Output: VALID

Noise (NO1 – Loud)
Output: INVALID
"""
_GOLDEN = """,,,some-model classification
NO0,,,
1,A soft sentence,,NO0
2,Another soft sentence,,NO7
NO1,,,
1,SOMETHING VERY LOUD,,NO1
,,,
,,Accuracy,0.667
"""


def _import(files: dict[str, str], preset: str | None = None) -> ImportResult:
    return import_files("noise", {name: text.encode() for name, text in files.items()}, preset=preset)


@pytest.mark.parametrize(
    ("files", "hidden"),
    [
        ({"policy.txt": _POLICY, "golden.csv": _GOLDEN}, [False, False, True]),
        ({"cases.csv": "text,label\nkind words,ok\nvile words,hateful\n"}, [True, True]),
        ({"cases.csv": "text,hate,spam\nkind words,0,0\nvile words,1,0\n"}, [True, True]),
    ],
    ids=["with a policy", "bare labels", "bare flags"],
)
def test_what_nobody_vouched_for_is_hidden(files: dict[str, str], hidden: list[bool]) -> None:
    """Violating cases are marked sensitive, in a bare data set all of them, and that is told."""
    result = _import(files)
    (pack,) = result.packs
    assert [case.sensitive for case in load_folder(pack.slug, pack.files).cases] == hidden
    assert any(notice.topic is Topic.SENSITIVE for notice in result.notices)


def test_a_policy_and_its_golden_set_become_one_pack() -> None:
    """The folder loads, the gold labels are codes, answers and scores are kept apart."""
    (pack,) = _import({"policy.txt": _POLICY, "golden.csv": _GOLDEN}).packs
    folder = load_folder(pack.slug, pack.files)
    assert (folder.slug, folder.document.policy.meta.status) == ("noise", Status.DRAFT)
    assert folder.document.policy.body == _POLICY
    assert [(case.id, case.label, case.source) for case in folder.cases] == [
        ("NO0-1", "NO0", "golden.csv"),
        ("NO0-2", "NO0", "golden.csv"),
        ("NO1-1", "NO1", "golden.csv"),
    ]
    assert [(answer.case_id, answer.engine, answer.label, answer.in_schema) for answer in pack.answers] == [
        ("NO0-1", "some-model", "NO0", True),
        ("NO0-2", "some-model", "NO7", False),
        ("NO1-1", "some-model", "NO1", True),
    ]
    assert [(score.metric, score.value, score.source) for score in pack.reported] == [
        ("Accuracy", "0.667", "golden.csv:8")
    ]
    assert describe(_import({"policy.txt": _POLICY, "golden.csv": _GOLDEN}))["rows"] == {
        "read": 8,
        "imported": 3,
        "skipped": 5,
        "unread": 0,
    }


def test_nothing_unstated_is_made_up() -> None:
    """No licence is assumed; what a person has to state is told, and lint names it."""
    result = _import({"policy.txt": _POLICY, "golden.csv": _GOLDEN})
    (pack,) = result.packs
    assert b"licenses" not in pack.files["policy.md"]
    assert Topic.LICENCE in {notice.topic for notice in result.notices}
    assert "P080" in {finding.rule for finding in lint_folder(pack.slug, pack.files)}


def test_an_answer_outside_the_schema_is_kept_and_told() -> None:
    """A model that answered a code that does not exist did answer it."""
    (notice,) = [
        notice
        for notice in _import({"policy.txt": _POLICY, "golden.csv": _GOLDEN}).notices
        if notice.topic is Topic.ANSWERS
    ]
    assert (notice.file, notice.line, "'NO7'" in notice.message) == ("golden.csv", 4, True)


def test_cases_without_a_policy_get_a_stub_that_lint_finds_wanting() -> None:
    """The stub says that only cases came along, and its labels have no criteria."""
    (pack,) = _import({"cases.csv": "text,label\nhello,non-rude\nshut up,rude\n"}).packs
    text = pack.files["policy.md"].decode()
    assert "Only the cases came along" in text
    rules = {finding.rule for finding in lint_folder(pack.slug, pack.files)}
    assert "P032" in rules
    meta = load_folder(pack.slug, pack.files).document.policy.meta
    assert [(label.code, label.violates) for label in meta.labels] == [("non-rude", False), ("rude", True)]


def test_flags_without_a_policy_stay_flags() -> None:
    """Multi-flag lines become a schema of flags, unknown ones stay unknown."""
    lines = [{"prompt": "a", "S": 1, "H": 0}, {"prompt": "b", "S": 0}]
    raw = gzip.compress("".join(json.dumps(line) + "\n" for line in lines).encode())
    (pack,) = import_files("flags", {"samples.jsonl.gz": raw}).packs
    folder = load_folder(pack.slug, pack.files)
    assert folder.document.policy.meta.labelling is Labelling.MULTI
    assert [case.labels for case in folder.cases] == [{"S": True, "H": False}, {"S": False, "H": None}]


def test_zero_and_one_become_the_flag_of_an_includes_policy() -> None:
    """One flag in the schema: a 1 sets it and a 0 clears it."""
    policy = "# Criteria\n\n### (SHT) Shouting\n\n#### Includes\n\n- capitals\n\n#### Excludes\n\n- names\n"
    (pack,) = _import({"shouting.md": policy, "cases.csv": "text,label\nHEY,1\nhey,0\n"}).packs
    folder = load_folder(pack.slug, pack.files)
    assert [case.labels for case in folder.cases] == [{"SHT": True}, {"SHT": False}]


def test_importing_again_gives_the_same_bytes() -> None:
    """Same files, same result, in whatever order they are given."""
    files = {"policy.txt": _POLICY, "golden.csv": _GOLDEN, "annex.md": "# Annex\n\nWords.\n"}
    again = dict(reversed(files.items()))
    assert _import(files) == _import(again)


def test_an_import_can_be_imported() -> None:
    """A pack written to a folder reads back as itself: policy byte for byte, cases line for line."""
    (pack,) = _import({"policy.txt": _POLICY, "golden.csv": _GOLDEN, "annex.md": "# Annex\n\nWords.\n"}).packs
    (again,) = import_files("noise", pack.files).packs
    assert dict(again.files) == dict(pack.files)


def test_annexes_are_attached_and_not_read_by_the_model() -> None:
    """A text beside the one policy is an attachment under a name that a folder allows."""
    (pack,) = _import({"noise": _POLICY, "annex 2 - Noise Makers.md": "# Makers\n\nWords.\n"}).packs
    folder = load_folder(pack.slug, pack.files)
    assert folder.files["annex-2-noise-makers.md"] == b"# Makers\n\nWords.\n"
    (attachment,) = folder.document.policy.meta.attachments
    assert (attachment.file, attachment.in_prompt) == ("annex-2-noise-makers.md", False)


def test_each_first_folder_is_a_submitter() -> None:
    """Packs carry their submitter; case files in a folder of their own find the policy by name or codes."""
    other = _POLICY.replace("NO", "LO").replace("Noise", "Light")
    result = _import(
        {
            "README.md": "about",
            "Org One/LICENSE": "Apache License\nVersion 2.0",
            "Org One/policies/noise/policy.md": _POLICY,
            "Org One/policies/light/policy.md": other,
            "Org One/datasets/noise.csv": "text,label\nhm,NO1\n",
            "Org One/datasets/second.csv": "text,label\nflash,LO1\n",
            "orgtwo/shouting.md": _POLICY,
            "orgtwo/tool.py": "print()",
        },
        preset="folders",
    )
    assert result.groups == ("org-one", "orgtwo")
    assert [(pack.group, pack.slug, pack.cases) for pack in result.packs] == [
        ("org-one", "light", 1),
        ("org-one", "noise", 1),
        ("orgtwo", "shouting", 0),
    ]
    light = load_folder("light", result.packs[0].files)
    assert light.document.policy.meta.licenses.text == "Apache-2.0"
    pairing = [notice for notice in result.notices if notice.topic is Topic.PAIRING]
    assert sorted(notice.file for notice in pairing) == [
        "Org One/datasets/noise.csv",
        "Org One/datasets/second.csv",
    ]
    assert {seen.file: seen.role for seen in result.files_seen}["README.md"] is FileRole.DOCUMENTATION


def test_a_clone_is_read_below_the_folder_of_its_packs() -> None:
    """`folders:a/b` takes the submitters from below that path."""
    result = _import({"packs/all/one/noise.md": _POLICY, "src/tool.py": ""}, preset="folders:packs/all")
    assert [(pack.group, pack.slug) for pack in result.packs] == [("one", "noise")]


def test_every_file_is_seen_once() -> None:
    """No file is passed over in silence."""
    files = {
        "policy.txt": _POLICY,
        "golden.csv": _GOLDEN,
        "tool.py": "",
        "odd.csv": "a,b\n1,2\n",
        "README": "x",
    }
    assert [seen.file for seen in _import(files).files_seen] == sorted(files)


def test_a_file_that_is_no_text_is_named_and_the_rest_imported() -> None:
    """A spreadsheet beside a policy does not stop the import."""
    result = import_files("noise", {"policy.txt": _POLICY.encode(), "cases.xlsx": b"PK\x03\x04..."})
    assert len(result.packs) == 1
    (problem,) = result.problems
    assert (problem.file, problem.line, "binary file" in problem.reason) == ("cases.xlsx", 0, True)


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"notes.md": "# Notes\n\nNothing here.\n"},
        {"empty.csv": ""},
        {"odd.csv": "colour,size\nred,3\nblue,4\n"},
        {"headers-only.csv": "text,label\n"},
    ],
)
def test_nothing_importable_is_refused_with_what_was_seen(files: dict[str, str]) -> None:
    """The refusal names each file, and says what would be read."""
    with pytest.raises(ImportRefusedError) as refusal:
        _import(files)
    assert {problem.file for problem in refusal.value.problems} == set(files)
    assert "CSV, TSV, JSON lines" in str(refusal.value)


def test_an_unknown_preset_is_refused() -> None:
    """A preset that does not exist is named, with those that do."""
    with pytest.raises(UnknownPresetError, match="'folders'"):
        _import({"policy.txt": _POLICY}, preset="magic")


@pytest.mark.parametrize(
    ("file", "raw"),
    [
        ("a.csv", "text,label\ncafé “x”,NO1\n".encode()),
        ("a.csv", "text,label\r\ncafé “x”,NO1\r\n".encode("utf-8-sig")),
        ("a.txt", "text\tlabel\ncafé “x”\tNO1\n".encode("utf-16")),
        ("a.csv", "sep=;\ntext;label\ncafé “x”;NO1\n".encode("cp1252")),
        ("a", "café “x”,NO1\nsoft,NO0\n".encode()),
        ("a.jsonl", '{"text": "café “x”", "label": "NO1"}\n'.encode()),
        ("a.gz", gzip.compress("text,label\ncafé “x”,no1\n".encode(), mtime=0)),
    ],
)
def test_one_set_in_many_clothes_is_one_set(file: str, raw: bytes) -> None:
    """Encoding, delimiter, line ends, compression and spelling change nothing about a case."""
    (pack,) = import_files("noise", {"policy.txt": _POLICY.encode(), file: raw}).packs
    case = load_folder(pack.slug, pack.files).cases[0]
    assert (case.content, case.label) == ("café “x”", "NO1")


def test_rows_of_every_kind_are_accounted_for() -> None:
    """Read is imported, skipped and unread together, with a reason for each row."""
    (pack,) = _import(
        {
            "policy.txt": _POLICY,
            "set.csv": "A disclaimer,,\ntext,label,x\n\nhm,NO1,\nno label,,\n"
            '"open,NO1,\nlost, comma,NO0,1\nok,NO0,\n',
        }
    ).packs
    assert (pack.rows.read, pack.rows.imported, pack.rows.skipped, pack.rows.unread) == (8, 2, 3, 3)
    assert [problem.line for problem in pack.problems] == [5, 6, 7]


_CELL = st.text(alphabet='ab ,;"\n\tNO01\x00é', max_size=12)


@given(rows=st.lists(st.lists(_CELL, max_size=4), max_size=12), header=st.booleans())
def test_every_row_of_any_table_is_accounted_for(rows: list[list[str]], header: bool) -> None:
    """However broken a table is, the account balances and every unread row has a place and a reason."""
    lines = [",".join(row) for row in rows]
    text = "\n".join((["text,label,label_1,label_2"] if header else []) + lines)
    try:
        result = _import({"policy.txt": _POLICY, "set.csv": text})
    except ImportRefusedError:
        raise AssertionError("the policy is always importable") from None
    assert result.rows.balanced
    assert all(pack.rows.balanced for pack in result.packs)
    assert all(problem.reason and problem.file for problem in result.problems)
    for pack in result.packs:
        assert len(load_folder(pack.slug, pack.files).cases) == pack.cases


@given(st.dictionaries(st.sampled_from(["a.csv", "b.jsonl", "c.md", "d", "e.gz"]), st.binary(max_size=300)))
def test_any_bytes_are_imported_or_refused(files: dict[str, bytes]) -> None:
    """No content raises anything but the one refusal."""
    try:
        result = import_files("x", files)
    except ImportRefusedError:
        return
    assert result.rows.balanced
