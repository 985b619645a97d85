"""`commons score`: stored outputs read again, without a model."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry.cli.exit_codes import ExitCode
from tests.support.commandline import Command
from tests.support.model_server import MODEL, Asked, Behaviour, ModelServer, completion, gives


@pytest.fixture
def key(commons: Command) -> str:
    """A model's run in `demo.git`: one answer was given as a chat model gives it, all others as asked."""

    def script(asked: Asked) -> Behaviour:
        return gives(completion("LABEL: SP2" if asked.content.startswith("Join") else "SP2"))

    with ModelServer(script) as server:
        said = commons(
            *("bench", "spam", "--engine", "openai", "--base-url", server.base_url, "--model", MODEL),
            *("--record-to", "demo.git", "--json"),
        )
    return str(said.document["key"])


def test_a_run_is_read_again_with_its_own_template(commons: Command, key: str) -> None:
    """Nothing changes, which is what the record promised."""
    said = commons("score", f"run:{key[:8]}", "demo.git", "--json")
    assert (said.code, said.document["changed"], said.document["key"]) == (0, [], key)
    assert said.document["parsed"] == 128
    assert "0 answers changed." in commons("score", f"run:{key[:8]}", "demo.git").out


def test_another_template_says_which_answers_changed_and_writes_a_run(commons: Command, key: str) -> None:
    """The folder that it writes is a run like any other, and never overwrites one."""
    said = commons("score", f"run:{key}", "demo.git", "--template", "chat-label@1", "--out", "again")
    assert said.code == 0
    assert "128 answers changed." in said.out
    assert "A replay: the model was asked with safeguard-label@1." in said.out
    assert "unparsed (not-a-label) -> SP2" in said.out or "unparsed (not-the-format) -> SP2" in said.out
    assert Path("again/record.json").is_file()
    assert commons("export", "again", "--out", "exported").code == 0
    assert commons("score", f"run:{key}", "demo.git", "--out", "again").code == ExitCode.WRONG_INPUT


def test_a_baseline_has_nothing_to_read(commons: Command) -> None:
    """Its verdicts are scored as they stand; a template for it is wrong input."""
    assert commons("bench", "spam", "--out", "one").code == 0
    said = commons("score", "one")
    assert (said.code, "0 of 128 answers read again." in said.out) == (0, True)
    assert commons("score", "one", "--template", "chat-label@1").code == ExitCode.WRONG_INPUT
    assert commons("score", "run:feedbeef", "demo.git").code == ExitCode.NOT_FOUND
