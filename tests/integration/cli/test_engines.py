"""Engines that run a model on this machine, from the command line, where they cannot run."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from evaluations.prompt_tokens import token_digest
from registry.cli.exit_codes import ExitCode
from tests.support.commandline import Command

pytestmark = pytest.mark.skipif(
    find_spec("vllm") is not None, reason="vLLM is installed here; these say what is told without it"
)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_text('{"model_type": "gpt_oss"}')
    (folder / "model.safetensors").write_bytes(b"x")
    return folder


@pytest.mark.parametrize("command", [("bench", "spam"), ("classify", "spam", "--text", "x")])
def test_without_vllm_the_way_to_it_is_told(commons: Command, model: Path, command: tuple[str, ...]) -> None:
    """How to install it here and elsewhere, and that a server needs nothing."""
    said = commons(*command, "--engine", "vllm", "--model", model)
    assert said.code != 0
    for words in ("vLLM is not installed here", "make vllm", "policy-commons[vllm]", "use the engine openai"):
        assert words in " ".join(said.err.split())


def test_without_a_library_for_vectors_the_way_to_one_is_told(commons: Command, model: Path) -> None:
    """Either will do."""
    said = commons("bench", "spam", "--engine", "embedding", "--model", model)
    assert said.code != 0
    assert "needs vllm or sentence-transformers" in " ".join(said.err.split())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--engine", "vllm"), "give --model FOLDER"),
        (
            ("--engine", "vllm", "--model", "x", "--base-url", "http://h/v1"),
            "--base-url goes with --engine openai",
        ),
        (
            ("--engine", "embedding", "--model", "x", "--effort", "low"),
            "--effort goes with --engine openai or vllm",
        ),
        (("--engine", "openai", "--engine-setting", "dtype=half"), "goes with --engine embedding or vllm"),
        (("--revision", "main"), "--revision goes with --engine embedding or vllm, not with lexical"),
        (("--engine", "vllm", "--model", "x", "--engine-setting", "dtype"), "takes NAME=VALUE"),
        (("--engine", "lexical", "--journal", "j"), "--journal goes with --engine openai or vllm"),
    ],
)
def test_options_of_another_engine_are_refused(
    commons: Command, arguments: tuple[str, ...], told: str
) -> None:
    """What would be passed over is said, with the engines that take it."""
    said = commons("bench", "spam", *arguments)
    assert said.code == ExitCode.WRONG_INPUT
    assert told in " ".join(said.err.split())


def test_render_gives_the_token_ids(commons: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """As ids and their digest; effort and date are in them."""
    monkeypatch.delenv("VLLM_SYSTEM_START_DATE", raising=False)
    rendered = ("render", "spam", "--text", "hi <|end|>", "--format", "tokens", "--json")
    low = commons(*rendered, "--effort", "low").document
    assert low["prompt"] == token_digest(low["tokens"])
    assert low["output"] == f"{low['tokens']}\n"
    assert (
        low["tokens"].count(200_007) == 3
    )  # the ends of system, developer and user, and none of the content
    monkeypatch.setenv("VLLM_SYSTEM_START_DATE", "2026-05-05")
    others = [commons(*rendered, "--effort", effort).document["prompt"] for effort in ("low", "high")]
    assert len({low["prompt"], *others}) == 3


def test_render_refuses_a_date_that_is_none(commons: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would stand in every prompt."""
    monkeypatch.setenv("VLLM_SYSTEM_START_DATE", "today")
    said = commons("render", "spam", "--text", "hi", "--format", "tokens")
    assert said.code != 0
    assert "is no date for the prompt" in said.err
