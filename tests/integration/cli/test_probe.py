"""`commons bench --probe`: a known change of a policy, put to an engine, and which verdicts followed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from registry.cli.exit_codes import ExitCode
from tests.support.commandline import Command
from tests.support.model_server import MODEL, Asked, Behaviour, ModelServer, says, sends


def _asking(server: ModelServer) -> tuple[str, ...]:
    return ("bench", "spam", "--engine", "openai", "--base-url", server.base_url, "--model", MODEL)


def _gold() -> dict[str, str]:
    lines = Path("spam/cases.jsonl").read_text("utf-8").splitlines()
    return {str(case["content"]): str(case["label"]) for case in map(json.loads, lines)}


def _model(reads: Callable[[str, str, str], str]) -> ModelServer:
    """A model that says what `reads` makes of the policy's text, the message, and the true label."""
    gold = _gold()

    def script(asked: Asked) -> Behaviour:
        message = asked.content
        content = message if message in gold else json.loads(message)["content"]
        return says(reads(asked.document["messages"][0]["content"], message, gold[content]))

    return ModelServer(script)


def _turned(label: str) -> str:
    return "SP2" if label == "SP0" else "SP0"


def _inverted(text: str, _message: str, label: str) -> str:
    return _turned(label) if "opposite" in text.partition("# ")[0] + text[:1500] else label


def test_a_model_that_reads_the_text_follows_all_of_it(commons: Command) -> None:
    """Of a perfectly obedient model every verdict turns when the policy is turned round."""
    assert commons is not None
    with _model(_inverted) as server:
        said = commons(*_asking(server), "--probe", "inversion", "--json")
    assert said.code == 0, said.err
    turned = said.document["reaction"]["turned"]
    assert (turned["count"], turned["n"]) == (128, 128)
    assert turned["interval"]["method"] == "clopper-pearson"
    assert said.document["probe"] == "inversion@1"
    assert len(said.document["probe_digest"]) == 64
    assert said.document["runs"]["control"] != said.document["runs"]["changed"]


@pytest.mark.parametrize(("probe", "turning"), [("inversion", 128), ("off-topic", 96)])
def test_a_model_that_answers_by_habit_follows_nothing(commons: Command, probe: str, turning: int) -> None:
    """Whatever the text says it gives the true label of the old one: none turns, and each is named."""
    with _model(lambda _text, _message, label: label) as server:
        found = commons(*_asking(server), "--probe", probe, "--json").document["reaction"]
        said = commons(*_asking(server), "--probe", probe)
    assert (found["turned"]["count"], found["turned"]["n"]) == (0, turning)
    assert sum(len(moved["others"]) for moved in found["moved"]) == turning
    assert f"0 of {turning}" in said.out
    assert "Did not follow, flagged -> not flagged" in said.out
    assert "What it shows:" in said.out
    # Shown a second time, nothing was asked a second time.
    assert len(server.asked) == 2 * 128


def test_an_exception_is_followed_where_it_holds(commons: Command) -> None:
    """A model that minds the place stops flagging there and nowhere else, and both rates are whole."""
    places: Counter[str] = Counter()

    def reads(text: str, message: str, label: str) -> str:
        place = json.loads(message)["context"].removeprefix("Posted in ").rstrip(".")
        places[place] += 1
        return "SP0" if place in text else label

    with _model(reads) as server:
        said = commons(*_asking(server), "--probe", "carve-out", "--json")
    assert said.code == 0, said.err
    reaction = said.document["reaction"]
    assert sorted(places.values()) == [128, 128]
    assert (reaction["turned"]["count"], reaction["turned"]["n"]) == (48, 48)
    assert (reaction["stayed"]["count"], reaction["stayed"]["n"]) == (80, 80)


def test_unread_answers_follow_nothing(commons: Command) -> None:
    """Under the changed text such an answer counts as not following; under the plain one it is in no rate."""

    def reads(text: str, message: str, label: str) -> str:
        changed = _inverted(text, message, "SP0") == "SP2"
        if label == "SP3":
            return "I would rather not say." if changed else label
        if label == "SP2":
            return "Who knows?"
        return _inverted(text, message, label)

    with _model(reads) as server:
        found = commons(*_asking(server), "--probe", "inversion", "--json").document["reaction"]
    assert (found["turned"]["count"], found["turned"]["n"]) == (64, 96)
    assert (found["no_start"], found["unread"]) == (32, 32)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--engine", "lexical-cv", "--probe", "inversion"), "does not read the policy's text"),
        (("--probe", "inversion", "--record-to", "demo.git"), "texts that are no policy"),
        (("--probe", "inversion", "--journal", "j.jsonl"), ""),
        (("--probe", "sideways"), "sideways"),
    ],
)
def test_a_probe_that_makes_no_sense_is_refused(commons: Command, words: tuple[str, ...], said: str) -> None:
    """An engine that reads no policy, a place for runs of policies, and a probe that is none."""
    answer = commons("bench", "spam", *words)
    assert answer.code == ExitCode.WRONG_INPUT
    assert said in " ".join(answer.err.split())


def test_recorded_answers_follow_nothing(commons: Command) -> None:
    """They were given under another text, so a probe of them is refused."""
    key = commons("bench", "spam", "--record-to", "demo.git", "--json").document["record"]["key"]
    replay = ("--engine", "replay", "--from", "demo.git", "--run", key[:12])
    said = commons("bench", "spam", *replay, "--probe", "inversion")
    assert (said.code, "answers from a recording" in said.err) == (ExitCode.WRONG_INPUT, True)


def test_cases_of_one_kind_cannot_turn(commons: Command) -> None:
    """A suite in which nothing violates has nothing that a probe could turn."""
    path = Path("spam/cases.jsonl")
    cases = [line for line in path.read_text("utf-8").splitlines() if json.loads(line)["label"] == "SP0"]
    path.write_text("\n".join(cases) + "\n", "utf-8")
    said = commons("bench", "spam", "--probe", "inversion")
    assert (said.code, "no case violates by its label" in said.err) == (ExitCode.WRONG_INPUT, True)


def test_the_baseline_is_probed_for_what_it_is(commons: Command) -> None:
    """It reads words and not sense, which is said; nothing of it decides anything, so the exit is 0."""
    said = commons("bench", "spam", "--probe", "inversion")
    assert said.code == 0
    assert "Here: " in said.out
    assert "cannot follow" in said.out


def test_both_runs_are_kept_and_written(commons: Command, tmp_path: Path) -> None:
    """The changed text's run stands under the probe's name, so nobody takes it for the policy's."""
    with _model(_inverted) as server:
        assert commons(*_asking(server), "--probe", "inversion", "--out", "probed").code == 0
    names = {run["policy"]["address"] for run in commons("runs", "--json").document["runs"]}
    assert names == {"spam", "spam+inversion@1"}
    assert {path.name for path in (tmp_path / "probed").iterdir()} == {"control", "changed"}


def test_answers_that_never_came_are_asked_for_by_the_same_command(commons: Command) -> None:
    """Exit 1 and nothing is kept; typed again it asks what is missing and tells the reaction."""
    bad = {"held": True}
    gold = _gold()

    def script(asked: Asked) -> Behaviour:
        message = asked.content
        down = bad["held"] and gold.get(message) == "SP3"
        return sends(b"", status=400) if down else says(gold[message])

    with ModelServer(script) as server:
        said = commons(*_asking(server), "--probe", "inversion")
        assert said.code == ExitCode.CHECK_FAILED
        assert "64 answers never came" in said.err
        assert commons("runs", "--json").document["runs"] == []
        bad["held"] = False
        assert commons(*_asking(server), "--probe", "inversion").code == 0
    assert len(server.asked) == 2 * 128 + 64
