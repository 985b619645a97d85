"""`commons mock`: the commands for a model, tried against the scripted server that ships."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from registry.cli.exit_codes import ExitCode
from tests.support.commandline import Command

SHARED = "openai/gpt-oss-safeguard-20b"
SCRIPTED = "these figures mean nothing"


@pytest.fixture
def served() -> Iterator[dict[str, Any]]:
    """What the server says of itself, while it runs with a bad moment for every tenth question."""
    command = [sys.executable, "-m", "registry.cli", "mock", "--port", "0", "--faults", "10", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]) as process:
        assert process.stdout is not None
        lines = []
        while not lines or lines[-1] != b"}\n":
            lines.append(process.stdout.readline())
            assert lines[-1], "the scripted server ended"
        yield json.loads(b"".join(lines))
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


def test_the_commands_of_a_model_work_against_it(commons: Command, served: dict[str, Any]) -> None:
    """bench, compare, score, export and a probe, as they would be typed for the shared model."""
    asking = ("--engine", "openai", "--base-url", served["base_url"], "--model", SHARED, "--effort", "low")
    text = Path("spam/policy.md").read_text("utf-8")
    Path("my-policy").mkdir()
    Path("my-policy/policy.md").write_text(text.replace("Go through", "Walk through") + "- Mind the gap.\n")
    Path("my-policy/cases.jsonl").write_bytes(Path("spam/cases.jsonl").read_bytes())
    benched = commons("bench", "my-policy", *asking)
    assert benched.code == 0, benched.err
    assert SCRIPTED in benched.out
    new = commons("bench", "my-policy", *asking, "--json").document
    assert (new["made_now"], new["unanswered"], new["tested_with_shared_model"]) == (False, 0, False)
    compared = commons("compare", "starter/spam@1.0.0", "my-policy", *asking)
    assert "answers changed when the old version was run again" in compared.out
    assert SCRIPTED in compared.out
    runs = commons("runs", "--json").document["runs"]
    assert len(runs) == 3
    (old,) = {run["key"] for run in runs} - {new["key"]}
    html = commons("compare", f"run:{old[:8]}", f"run:{new['key'][:8]}", "--html", "report.html")
    assert html.code in (0, ExitCode.CHECK_FAILED)
    assert SCRIPTED in Path("report.html").read_text("utf-8")
    assert "answers read again by chat-label@1" in " ".join(
        commons("score", f"run:{old[:4]}", "--template", "chat-label@1").out.split()
    )
    for form in ("eee", "inspect", "csv"):
        assert commons("export", f"run:{old[:6]}", "--to", form, "--out", f"as-{form}").code == 0
    probed = commons("bench", "my-policy", *asking, "--probe", "carve-out", "--json")
    assert (probed.code, probed.document["n"]) == (0, 128)


def test_no_commons_takes_its_answers_for_the_shared_models(commons: Command, served: dict[str, Any]) -> None:
    """Under that name they are refused; under their own they count as another model's."""
    asking = ("bench", "spam", "--engine", "openai", "--base-url", served["base_url"])
    refused = commons(*asking, "--model", SHARED, "--record-to", "demo.git")
    assert refused.code == ExitCode.WRONG_INPUT
    assert "a scripted server answered under this name" in refused.err
    assert commons(*asking, "--model", "mock/scripted", "--record-to", "demo.git").code == 0
    (run,) = commons("show", "demo.git", "spam", "--runs", "--json").document["runs"][:1]
    assert run["model"] == "mock/scripted"


def test_a_port_that_is_taken_is_told(commons: Command, served: dict[str, Any]) -> None:
    """Wrong input, with the address and the system's reason."""
    port = served["base_url"].rsplit(":", 1)[1].removesuffix("/v1")
    refused = commons("mock", "--port", port)
    assert refused.code == ExitCode.WRONG_INPUT
    assert f"127.0.0.1:{port} cannot be listened on" in refused.err
