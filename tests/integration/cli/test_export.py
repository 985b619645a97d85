"""`commons export`: a run in the forms that others read."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from registry.cli.exit_codes import ExitCode
from tests.support.commandline import Command
from tests.support.model_server import MODEL, Asked, Behaviour, ModelServer, completion, gives


@pytest.fixture
def key(commons: Command) -> str:
    """The key of a baseline's run that `demo.git` keeps."""
    recorded: dict[str, Any] = commons("bench", "spam", "--record-to", "demo.git", "--json").document
    return str(recorded["key"])


@pytest.fixture
def model_run(commons: Command) -> str:
    """The key of a model's run, with tokens, reasoning and one answer that cannot be read."""

    def script(asked: Asked) -> Behaviour:
        label = "SP2 or SP3" if asked.content.startswith("Join") else "SP2"
        usage = {"prompt_tokens": 50, "completion_tokens": 4}
        return gives(completion(label, reasoning="It repeats itself.", usage=usage))

    with ModelServer(script) as server:
        said = commons(
            *("bench", "spam", "--engine", "openai", "--base-url", server.base_url, "--model", MODEL),
            *("--record-to", "demo.git", "--json"),
        )
    assert said.code == 0
    return str(said.document["key"])


def test_every_form_is_written_from_a_commons(commons: Command, model_run: str) -> None:
    """eee, inspect, hf and csv each give their files, for the same run under the same key."""
    said = {
        to: commons(
            *("export", f"run:{model_run[:8]}", "demo.git", "--to", to, "--out", f"out-{to}", "--json"),
            *(("--dataset", "my-org/bench") if to == "hf" else ()),
        )
        for to in ("eee", "inspect", "hf", "csv")
    }
    assert {to: one.code for to, one in said.items()} == dict.fromkeys(said, 0)
    files = {to: [Path(path) for path in one.document["files"]] for to, one in said.items()}
    assert all(path.is_file() for paths in files.values() for path in paths)
    answers = said["csv"].document["answers"]
    aggregate, samples = files["eee"]
    assert json.loads(aggregate.read_text())["model_info"]["id"] == MODEL
    assert str(aggregate).startswith("out-eee/data/spam/stub/model-1/")
    assert len(samples.read_text().splitlines()) == answers
    assert len(json.loads(files["inspect"][0].read_text())["samples"]) == answers
    assert files["hf"] == [Path("out-hf/.eval_results/spam.yaml")]
    (entry,) = yaml.safe_load(files["hf"][0].read_text())
    headline = commons("show", "demo.git", "spam", "--runs", "--json").document["runs"]
    (run,) = (one for one in headline if one["key"] == model_run)
    assert f"{entry['value']:.6f}" == run["exact"]
    with files["csv"][0].open(newline="", encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    assert len(rows) == answers
    assert {row["tokens_in"] for row in rows} == {"50"}


def test_no_word_leaves_unless_it_is_asked_for(commons: Command, model_run: str) -> None:
    """Facts alone by default; with content that of cases anyone may see; sensitive ones only revealed."""
    cases = [json.loads(line) for line in Path("spam/cases.jsonl").read_text("utf-8").splitlines()]

    def exported(*options: str) -> str:
        said = commons("export", f"run:{model_run}", "demo.git", "--to", "csv", "--out", "x", *options)
        assert said.code == 0
        text = Path("x/answers.csv").read_text("utf-8")
        Path("x/answers.csv").unlink()
        return text

    facts, shown, full = exported(), exported("--with-content"), exported("--with-content", "--reveal")
    assert "repeats itself" not in facts
    assert not any(case["content"][:30] in facts for case in cases)
    assert "repeats itself" in shown
    assert full.count("repeats itself") >= shown.count("repeats itself")


def test_a_run_in_a_folder_is_exported_with_the_cases_that_are_named(commons: Command) -> None:
    """`bench --out` writes what `export` reads; the content comes from the folder that was run."""
    assert commons("bench", "spam", "--out", "run").code == 0
    said = commons(
        *("export", "run", "--to", "inspect", "--cases", "spam", "--with-content", "--reveal", "--json"),
    ).document
    assert said["withheld"] == 0
    assert said["files"][0].startswith("export-")
    log = json.loads(Path(said["files"][0]).read_text())
    assert all(sample["input"] for sample in log["samples"])
    without = commons("export", "run", "--to", "inspect", "--with-content", "--out", "y")
    assert "stay here" in without.err


def test_a_run_that_was_changed_is_not_exported(commons: Command) -> None:
    """Every figure is recomputed from the rows before it goes anywhere."""
    assert commons("bench", "spam", "--out", "run").code == 0
    record = Path("run/record.json")
    record.write_text(record.read_text().replace('"repeats":1', '"repeats":2'))
    refused = commons("export", "run", "--to", "csv")
    assert refused.code == ExitCode.DAMAGED
    assert not list(Path().glob("export-*"))


def test_nothing_is_overwritten(commons: Command, key: str) -> None:
    """The same export again is fine; another file under one of the names stops it before it writes."""
    export = ("export", f"run:{key[:6]}", "demo.git", "--to", "csv", "--out", "x")
    assert commons(*export).code == 0
    assert commons(*export).code == 0
    Path("x/figures.csv").write_text("mine")
    Path("x/answers.csv").unlink()
    refused = commons(*export)
    assert refused.code == ExitCode.WRONG_INPUT
    assert "another file is there" in refused.err
    assert not Path("x/answers.csv").exists()


def test_a_baseline_has_no_file_for_the_hub(commons: Command, key: str) -> None:
    """The word-matching baseline goes on no model's page; the tables take it."""
    refused = commons("export", f"run:{key}", "demo.git", "--to", "hf", "--dataset", "a/b", "--json")
    assert refused.code == ExitCode.WRONG_INPUT
    assert refused.error["kind"] == "export"
    assert refused.error["place"] == "engine lexical"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("run:ab", "demo.git"), ExitCode.WRONG_INPUT, "4 to 64 hex digits"),
        (("run:abcdef",), ExitCode.NOT_FOUND, "name the repository or the folder that has another"),
        (("run:abcdef", "demo.git"), ExitCode.NOT_FOUND, "not in this commons"),
        (("nowhere",), ExitCode.WRONG_INPUT, "no record.json is here"),
        (("spam", "demo.git"), ExitCode.WRONG_INPUT, "a run's folder is named alone"),
        (("run:abcdef", "demo.git", "--reveal"), ExitCode.WRONG_INPUT, "goes with --with-content"),
        (("run:abcdef", "nowhere.git"), ExitCode.NOT_FOUND, "nowhere.git"),
    ],
)
def test_a_run_that_is_not_there_is_told(
    commons: Command, arguments: tuple[str, ...], code: ExitCode, said: str
) -> None:
    """Each wrong way to name a run says which one was meant."""
    refused = commons("export", *arguments)
    assert refused.code == code
    assert said in " ".join(refused.err.split())


def test_the_hub_needs_a_dataset(commons: Command, model_run: str) -> None:
    """Without a dataset the Hub has no place for a value."""
    refused = commons("export", f"run:{model_run}", "demo.git", "--to", "hf")
    assert refused.code == ExitCode.WRONG_INPUT
    assert "--dataset ORG/NAME" in " ".join(refused.err.split())
