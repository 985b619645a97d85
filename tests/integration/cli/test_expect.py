"""`commons compare --expect`: what a change is meant to do, declared beforehand, and whether it did."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from registry.cli.exit_codes import ExitCode
from tests.support.commandline import Command
from tests.support.model_server import MODEL, Asked, Behaviour, ModelServer, says

OLD_RULE = "Check the labels from the top severity down."
NEW_RULE = "Chain letters are manipulative."


@pytest.fixture
def changed(commons: Command, tmp_path: Path) -> Path:
    """A copy of the policy with one rule more; `commons` makes the folder it stands in."""
    assert commons is not None
    folder = tmp_path / "my-spam"
    shutil.copytree(tmp_path / "spam", folder)
    text = (folder / "policy.md").read_text("utf-8")
    (folder / "policy.md").write_text(text.replace(OLD_RULE, f"{OLD_RULE} {NEW_RULE}"), "utf-8")
    return folder


def _cases() -> list[dict[str, str]]:
    return [json.loads(line) for line in Path("spam/cases.jsonl").read_text("utf-8").splitlines()]


def _of(label: str) -> list[dict[str, str]]:
    return [case for case in _cases() if case["label"] == label]


def _model(moves: dict[str, str]) -> ModelServer:
    """Right by the old text; by the new one it gives other labels to the contents in `moves`."""
    gold = {case["content"]: case["label"] for case in _cases()}

    def script(asked: Asked) -> Behaviour:
        is_new = NEW_RULE in asked.document["messages"][0]["content"]
        return says(moves.get(asked.content, gold[asked.content]) if is_new else gold[asked.content])

    return ModelServer(script)


def _compare(commons: Command, changed: Path, server: ModelServer, *more: str) -> tuple[int, str, str]:
    asking = ("--engine", "openai", "--base-url", server.base_url, "--model", MODEL, "--no-again")
    return commons("compare", "spam", changed, *asking, "--expect", "meant.txt", *more)


def test_both_rates_are_told_with_their_intervals(commons: Command, changed: Path) -> None:
    """Two of three flip as meant; of all others one moved, and each that did otherwise is named."""
    one, two, three = _of("SP2")[:3]
    stray = _of("SP0")[0]
    Path("meant.txt").write_text(
        f"# What this is for\nflip {one['id']} SP3\nflip {two['id']} SP3\nflip {three['id']}\nkeep others\n"
    )
    moves = {one["content"]: "SP3", two["content"]: "SP0", three["content"]: "SP1", stray["content"]: "SP1"}
    with _model(moves) as server:
        _, out, _ = _compare(commons, changed, server)
        document = json.loads(_compare(commons, changed, server, "--json")[1])
    assert "Meant to flip: 2 of 3, 66.7 % (9.4 to 99.2) by Clopper and Pearson, did." in out
    assert f"  did not: {two['id']}: SP2 -> SP0, meant SP3" in out
    assert "Meant to stay: 124 of 125, 99.2 %" in out
    assert f"  flipped all the same: {stray['id']}: SP0 -> SP1" in out
    assert out.index("Meant to flip") < out.index("Flips:")
    told = document["expected"]
    assert (told["flipped"]["count"], told["flipped"]["n"]) == (2, 3)
    assert told["flipped"]["interval"]["method"] == "clopper-pearson"
    assert (told["kept"]["count"], told["kept"]["n"]) == (124, 125)
    assert [case["case"] for case in told["not_flipped"]] == [two["id"]]
    assert [case["case"] for case in told["not_kept"]] == [stray["id"]]


def test_the_declaration_is_said_before_anything_runs(commons: Command, changed: Path) -> None:
    """What was declared stands above what came out, and in the report too."""
    case = _of("SP2")[0]
    Path("meant.txt").write_text(f"flip {case['id']} SP3\nkeep label:SP0\n")
    with _model({case["content"]: "SP3"}) as server:
        _, out, _ = _compare(commons, changed, server, "--html", "report.html")
    before = out[: out.index("Old:")]
    assert "1 line" in before or "meant to" in before
    report = Path("report.html").read_text("utf-8")
    assert "Meant to flip: 1 of 1" in report
    assert "Meant to stay: 32 of 32" in report


def test_what_was_so_before_could_not_flip(commons: Command, changed: Path) -> None:
    """A case that the old version answered as meant is in no rate, and is counted apart."""
    case = _of("SP2")[0]
    Path("meant.txt").write_text(f"flip {case['id']} SP2\n")
    with _model({}) as server:
        _, out, _ = _compare(commons, changed, server)
    assert "Meant to flip: none that could did; 1 were so before." in out or "1 were so before" in out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "nothing is declared"),
        ("# only a remark\n", "nothing is declared"),
        ("turn SP-001\n", "line 1"),
        ("flip others\n", "not every other case"),
        ("keep SP-001\nkeep SP-001\n", "stands on line 1 too"),
        ("flip NOPE-1\n", "names no case"),
        ("flip SP-001 SP9\n", "no label of the new version"),
        ("keep slice:nothing\n", "names no case"),
        ('keep "SP-001\n', "a quote is not closed"),
        ("flip SP-001 SP2 SP3\n", "4 words"),
    ],
)
def test_a_declaration_that_cannot_be_meant_is_refused(
    commons: Command, changed: Path, text: str, said: str
) -> None:
    """The line is named before a model is asked anything."""
    Path("meant.txt").write_text(text)
    with _model({}) as server:
        code, _, err = _compare(commons, changed, server)
        assert server.asked == []
    assert code == ExitCode.WRONG_INPUT
    assert said in " ".join(err.split())


def test_a_file_that_is_no_text_is_refused(commons: Command, changed: Path) -> None:
    """Bytes that are not UTF-8, and a file that is not there."""
    Path("meant.txt").write_bytes(b"flip \xff\n")
    assert "not UTF-8" in commons("compare", "spam", changed, "--expect", "meant.txt").err
    missing = commons("compare", "spam", changed, "--expect", "missing.txt")
    assert (missing.code, "missing.txt" in missing.err) == (ExitCode.WRONG_INPUT, True)


def test_the_first_question_is_declared_too(commons: Command, changed: Path) -> None:
    """The primary question keeps its p, the two others are corrected together; it is said beforehand."""
    said = commons("compare", "spam", changed, "--primary", "over-enforcement")
    assert "Primary question: over-enforcement" in said.out[: said.out.index("Old:")]
    marked = [line.split("  ")[0] for line in said.out.splitlines() if line.rstrip().endswith("  primary")]
    assert marked == ["harmless left alone"]
    ends = commons("compare", "spam", changed, "--primary", "exact-label", "--json").document["endpoints"]
    assert ends["exact"]["adjusted"] is None
    assert None not in (ends["caught"]["adjusted"], ends["spared"]["adjusted"])
