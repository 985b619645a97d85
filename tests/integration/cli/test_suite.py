"""`commons suite`: from somebody's table to a suite that policies are run on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from registry.cli.exit_codes import ExitCode
from tests.support.commandline import Command

TABLE = """\
\ufeffid,text,label,label_1,label_2,label_3,topic
1,Buy cheap pills now at my shop and save,SP1,SP1,SP1,SP1,pills
2,Hello dear friends how are you today,SP0,SP0,SP0,SP0,talk
3,Win a prize click on this link right away,SP3,SP3,SP2,SP0,prize
4,The weather is nice this morning in Rome,SP0,SP2,SP2,SP0,talk
5,Join my channel join my channel join my channel,SP2,SP2,SP2,SP2,prize
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "cases.csv"
    path.write_text(TABLE, "utf-8")
    return path


@pytest.fixture
def suite(commons: Command, table: Path) -> Path:
    said = commons(
        "suite", "build", table, "--as", "my-suite@1", "--labels-of", "spam", "--license", "CC0-1.0"
    )
    assert said.code == 0
    return Path("my-suite@1")


def test_a_table_becomes_a_suite(commons: Command, suite: Path) -> None:
    """Labels of the policy, annotators' columns, slices, source and licence are kept; a BOM is no column."""
    facts = commons("suite", "show", suite, "--json").document
    assert (facts["id"], facts["version"], facts["n"], facts["annotated"]) == ("my-suite", "1", 5, 5)
    assert [(label["code"], label["violates"], label["cases"]) for label in facts["labels"]] == [
        ("SP0", False, 2),
        ("SP1", True, 1),
        ("SP2", True, 1),
        ("SP3", True, 1),
    ]
    assert facts["slices"] == {"pills": 1, "prize": 2, "talk": 2}
    assert (facts["license"], facts["prevalence"]) == ("CC0-1.0", "0.600000")
    assert facts["sources"] == {"cases.csv": 5}
    first = json.loads((suite / "cases.jsonl").read_text("utf-8").splitlines()[0])
    assert first["annotations"] == [{"by": f"label_{n}", "label": "SP1"} for n in (1, 2, 3)]
    text = commons("suite", "show", suite).out
    assert text.startswith("my-suite@1: 5 cases count in runs\n")


def test_building_again_changes_nothing_and_another_content_is_refused(
    commons: Command, suite: Path, table: Path
) -> None:
    """A version stands for one content: the same is found there, another is refused and nothing is lost."""
    build = ("suite", "build", table, "--as", "my-suite@1", "--labels-of", "spam", "--license", "CC0-1.0")
    before = {file.name: file.read_bytes() for file in suite.iterdir()}
    again = commons(*build, "--json")
    assert (again.code, again.document["fresh"]) == (0, False)
    table.write_text(TABLE.replace("Rome", "Oslo"), "utf-8")
    refused = commons(*build)
    assert refused.code == ExitCode.WRONG_INPUT
    assert "another suite stands under this name and version" in refused.err
    assert {file.name: file.read_bytes() for file in suite.iterdir()} == before


def test_a_policy_folder_and_a_suite_are_sources_too(commons: Command, suite: Path) -> None:
    """A policy's own cases make a suite under its licence; a suite makes its next version."""
    of_policy = commons("suite", "build", "spam", "--as", "spam-cases@1", "--json").document
    assert of_policy["n"] == len(Path("spam/cases.jsonl").read_text("utf-8").splitlines())
    assert of_policy["license"] == "CC-BY-4.0"
    of_suite = commons("suite", "build", suite, "--as", "my-suite@2", "--json").document
    assert (of_suite["version"], of_suite["license"], of_suite["n"]) == ("2", "CC0-1.0", 5)
    assert of_suite["digest"] == commons("suite", "show", suite, "--json").document["digest"]


def test_a_borrowed_policy_says_nothing_about_the_licence(commons: Command, table: Path) -> None:
    """Labels are taken from the policy, terms are not; what is missing is said."""
    said = commons("suite", "build", table, "--as", "x@1", "--labels-of", "spam")
    assert "No licence is stated" in said.err
    assert commons("suite", "show", "x@1", "--json").document["license"] is None


def test_agreement_and_contested_cases(commons: Command, suite: Path) -> None:
    """Figures by question; contested cases with their votes, a sensitive one's content only revealed."""
    document = commons("suite", "agreement", suite, "--json").document
    views = {view["view"]: view for view in document["views"]}
    assert list(views) == ["label", "violating", "SP0", "SP1", "SP2", "SP3"]
    assert views["SP1"]["alpha"] == "1.000000"
    assert [(entry["case"], entry["why"], entry["hidden"]) for entry in document["contested"]] == [
        ("3", "split", True),
        ("4", "against-gold", False),
    ]
    assert document["contested"][0]["content"] is None
    listed = commons("suite", "agreement", suite, "--list")
    assert "Win a prize" not in listed.out
    assert "SP0 1, SP2 1, SP3 1" in listed.out
    assert "Win a prize" in commons("suite", "agreement", suite, "--list", "--reveal").out


def test_without_annotators_the_way_to_have_some_is_said(commons: Command) -> None:
    """A suite that nobody annotated has no figure and no table."""
    said = commons("suite", "agreement", "spam")
    assert said.code == 0
    assert "no case has two annotators. Columns such as label_1" in said.out


def test_check_tells_errors_from_warnings(commons: Command, suite: Path, table: Path) -> None:
    """Warnings leave 0, an error 1; `--against` finds what the policy holds."""
    fine = commons("suite", "check", suite)
    assert fine.code == 0
    assert fine.out.splitlines()[-1] == "my-suite@1: 0 errors, 1 warning in 5 cases."
    own = commons("suite", "check", "spam", "--against", "spam", "--json").document
    assert {finding["rule"] for finding in own["findings"]} >= {"S022"}
    table.write_text("\n".join(line for line in TABLE.split("\n") if ",SP0," not in line), "utf-8")
    assert commons("suite", "build", table, "--as", "one@1", "--labels-of", "spam").code == 0
    one_class = commons("suite", "check", "one@1")
    assert one_class.code == ExitCode.CHECK_FAILED
    assert "error S002: Every counted case violates" in one_class.out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "cases.csv: the file is empty"),
        ("id,text,label\n", "no row of it could be read as a labelled case"),
        (
            TABLE + "5,Something else entirely for once,SP0,,,,talk\n",
            "cases.csv:7: the id '5' was used before",
        ),
        (TABLE + "6,Something else entirely for once,SP9,,,,talk\n", "case 6: the label is not one"),
        (TABLE + "6,,SP0,,,,talk\n", "cases.csv:7: a row cannot be read"),
        (TABLE + "6,Something else entirely for once,,,,,talk\n", "cases.csv:7: a row cannot be read"),
    ],
)
def test_a_bad_table_is_refused_with_its_place(
    commons: Command, table: Path, content: str, said: str
) -> None:
    """Empty, repeated ids, labels that the policy has not, rows without text or label: nothing is written."""
    table.write_text(content, "utf-8")
    refused = commons("suite", "build", table, "--as", "bad@1", "--labels-of", "spam", "--json")
    assert refused.code == ExitCode.WRONG_INPUT
    assert said in refused.error["message"]
    assert not Path("bad@1").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("build", "spam", "--as", "my-suite"), "does not name a suite at a version"),
        (("build", "spam", "--as", "../x@1"), "is not a name"),
        (("build", "spam", "--as", "x@1", "--license", "MINE"), "SPDX"),
        (("build", "nowhere.csv", "--as", "x@1"), "no such file"),
        (("show", "spam"), "no suite.json is here"),
        (("agreement", "nowhere"), "no suite.json is here"),
    ],
)
def test_wrong_names_are_refused(commons: Command, arguments: tuple[str, ...], said: str) -> None:
    """A suite needs a name with a version; what is read must be one."""
    refused = commons("suite", *arguments)
    assert refused.code == ExitCode.WRONG_INPUT
    assert said in refused.err


def test_a_changed_suite_is_refused_wherever_it_is_used(commons: Command, suite: Path) -> None:
    """An edited case is found before anything is measured on it."""
    cases = suite / "cases.jsonl"
    cases.write_text(cases.read_text("utf-8").replace("Rome", "Oslo"), "utf-8")
    for line in (("suite", "check", suite), ("bench", "spam", "--suite", suite)):
        refused = commons(*line)
        assert refused.code == ExitCode.WRONG_INPUT
        assert "they were changed since" in refused.err


def test_a_policy_is_run_on_another_suite(commons: Command, suite: Path) -> None:
    """The record names the suite; contested cases are shown apart, beside what people reach."""
    document = commons("bench", "spam", "--suite", suite, "--out", "run", "--json").document
    stated = document["record"]["suite"]
    facts = commons("suite", "show", suite, "--json").document
    assert (stated["id"], stated["version"], stated["digest"]) == ("my-suite", "1", facts["digest"])
    apart = document["apart"]
    assert [apart[name] and apart[name]["n"] for name in ("contested", "agreed", "unannotated")] == [
        2,
        3,
        None,
    ]
    assert apart["people"][0]["view"] == "label"
    assert sorted(file.name for file in Path("run").iterdir()) == [
        "predictions.jsonl",
        "reasoning.jsonl",
        "record.json",
    ]
    again = commons("bench", "spam", "--out", "run")
    assert again.code == ExitCode.WRONG_INPUT
    assert "a run is there already" in again.err
    text = commons("bench", "spam", "--suite", suite).out
    assert "People on the label:" in text
    assert commons("bench", "spam", "--json").document["apart"] is None


def test_a_run_on_another_suite_is_not_kept_as_the_policys_own(commons: Command, suite: Path) -> None:
    """A commons shows runs as those of the policy's own cases, so this one goes into a folder."""
    refused = commons("bench", "spam", "--suite", suite, "--record-to", "demo.git")
    assert refused.code == ExitCode.WRONG_INPUT
    assert "--out FOLDER" in " ".join(refused.err.split())


def test_a_suite_with_other_labels_is_refused(commons: Command, tmp_path: Path) -> None:
    """Labels that the policy does not declare, or declares in another sense, cannot be asked for."""
    (tmp_path / "other.csv").write_text(
        "id,text,label\n1,one two,hateful\n2,three four,non-hateful\n", "utf-8"
    )
    assert commons("suite", "build", "other.csv", "--as", "other@1").code == 0
    refused = commons("bench", "spam", "--suite", "other@1")
    assert refused.code == ExitCode.WRONG_INPUT
    assert "labels that the policy does not declare so: non-hateful, hateful" in refused.err
    assert "--labels-of" in refused.err
