"""`commons evidence`: what a proposal's runs show, in the log, and what the charter makes of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from registry.cli.exit_codes import ExitCode
from tests.support.commandline import Command
from tests.support.model_server import MODEL, Asked, Behaviour, ModelServer, says, sends

STRICT = "When in doubt, it is spam."


@pytest.fixture
def friends(commons: Command) -> Command:
    """`demo.git` with three members, still under its founder's charter."""
    for handle in ("bo", "cleo"):
        assert commons("member", "invite", "demo.git", handle).code == 0
        assert commons("member", "join", "demo.git", handle).code == 0
    return commons


@pytest.fixture
def circle(friends: Command) -> Command:
    """The same under the charter of friends, where evidence informs."""
    assert friends("charter", "amend", "demo.git", "--preset", "circle@1").code == 0
    return friends


@pytest.fixture
def gated(friends: Command) -> Command:
    """The same, and no proposal goes on without evidence of the model of this test, or against it."""
    settings = {
        "evidence.mode": "gate",
        "evidence.on_missing": "block",
        "evidence.model.id": MODEL,
        "evidence.model.effort": "low",
        "evidence.margin": "1/10",
    }
    wanted = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
    said = friends("charter", "amend", "demo.git", "--preset", "circle@1", *wanted)
    assert said.code == 0, said.err
    return friends


def _gold() -> dict[str, str]:
    lines = Path("spam/cases.jsonl").read_text("utf-8").splitlines()
    return {str(case["content"]): str(case["label"]) for case in map(json.loads, lines)}


def _model(harmless: Callable[[str], str]) -> ModelServer:
    """A model that knows every violation, and says of harmless content what it makes of the policy's text."""
    gold = _gold()

    def script(asked: Asked) -> Behaviour:
        message = asked.content
        content = message if message in gold else json.loads(message)["content"]
        text = asked.document["messages"][0]["content"]
        return says(gold[content] if gold[content] != "SP0" else harmless(text))

    return ModelServer(script)


def _propose(commons: Command, words: str) -> None:
    path = Path("spam/policy.md")
    text = path.read_text("utf-8").replace("Check the labels from the top severity down.", words)
    path.write_text(text, "utf-8")
    said = commons("propose", "demo.git", "spam", "--title", "A change", "--as", "bo")
    assert said.code == 0, said.err


def _asking(server: ModelServer) -> tuple[str, ...]:
    return ("evidence", "demo.git", "1", "--engine", "openai", "--base-url", server.base_url)


def _stage(commons: Command) -> str:
    return str(commons("explain", "demo.git", "1", "--json").document["stage"])


def test_a_baseline_informs(circle: Command) -> None:
    """Both runs are kept and verify recounts what they say; the log and the answer name the figures."""
    _propose(circle, "Go from the top.")
    said = circle("evidence", "demo.git", "1")
    assert said.code == 0, said.err
    assert "96 cases, 0 for the better, 0 for the worse: not worse by the margin." in said.out
    assert "which cannot follow rules: it informs, and decides nothing" in said.out
    assert "recorded evidence on spam for proposal 1" in circle("log", "demo.git").out
    verified = circle("verify", "demo.git")
    assert verified.code == 0
    assert "evidence            1  right" in verified.out


def test_the_same_runs_are_recorded_once(circle: Command) -> None:
    """Asked again, nothing is run and nothing is added to the log."""
    _propose(circle, "Go from the top.")
    first = circle("evidence", "demo.git", "1", "--json").document["evidence"][0]
    again = circle("evidence", "demo.git", "1", "--json").document["evidence"][0]
    assert (first["recorded_now"], again["recorded_now"]) == (True, False)
    assert (first["event"], first["base"], first["head"]) == (again["event"], again["base"], again["head"])
    assert "as it was before" in circle("evidence", "demo.git", "1").out


def test_a_change_that_harms_is_stopped(gated: Command) -> None:
    """Where evidence decides, a text by which the charter's model flags harmless content goes no further."""
    _propose(gated, STRICT)
    assert gated("review", "demo.git", "1", "--approve", "--as", "cleo").code == 0
    assert _stage(gated) == "review"
    with _model(lambda text: "SP2" if STRICT in text else "SP0") as server:
        said = gated(*_asking(server))
        asked = server.asked[0].document
    assert said.code == 0, said.err
    assert (asked["model"], asked["reasoning_effort"]) == (MODEL, "low")
    assert "32 cases, 0 for the better, 32 for the worse: worse by more than the margin." in said.out
    assert "it counts" in said.out
    assert _stage(gated) == "review"
    assert "The evidence stops it" in gated("explain", "demo.git", "1").out
    assert gated("verify", "demo.git").code == 0


def test_a_change_that_harms_nothing_goes_on(gated: Command) -> None:
    """The very same with a model that this text does not mislead: wording that moves nothing is routine,
    and with its approval it is in force at once."""
    _propose(gated, STRICT)
    assert gated("review", "demo.git", "1", "--approve", "--as", "cleo").code == 0
    with _model(lambda _text: "SP0") as server:
        document = gated(*_asking(server), "--json").document
    assert document["stage"] == "enacted"
    assert document["evidence"][0]["counts"] is True


def test_another_model_than_the_charters_informs(gated: Command) -> None:
    """With another effort it is recorded, and decides nothing."""
    _propose(gated, STRICT)
    assert gated("review", "demo.git", "1", "--approve", "--as", "cleo").code == 0
    with _model(lambda _text: "SP0") as server:
        said = gated(*_asking(server), "--effort", "high")
    assert said.code == 0, said.err
    assert "this informs, and decides nothing" in said.out
    assert _stage(gated) == "review"


def test_missing_answers_are_no_evidence(gated: Command) -> None:
    """What a server left open is neither recorded nor lost: the same command asks for the rest."""
    _propose(gated, STRICT)
    gold = _gold()

    def script(asked: Asked) -> Behaviour:
        content = asked.content if asked.content in gold else json.loads(asked.content)["content"]
        return sends(503) if content == next(iter(gold)) else says(gold[content])

    with ModelServer(script) as server:
        said = gated(*_asking(server))
        assert (said.code, "answers never came" in said.err) == (ExitCode.WRONG_INPUT, True)
        assert "evidence" not in gated("log", "demo.git").out
        before = len(server.asked)
    assert before > 200


def test_there_is_something_to_compare(circle: Command) -> None:
    """A new policy has nothing in force before it; a proposal that is none is not found."""
    assert circle("new", "adverts").code == 0
    none = circle("evidence", "demo.git", "7")
    assert (none.code, "proposal 7" in none.err) == (ExitCode.NOT_FOUND, True)
