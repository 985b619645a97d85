"""The command line with a real vLLM: kept, verified, scored again, compared, gone on with after kill -9."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from evaluations.prompt_tokens import token_digest
from registry.cli.exit_codes import ExitCode
from tests.support.commandline import Command
from tests.vllm import promotion
from tests.vllm.running import options

ROOT = Path(__file__).parents[2]
CASES = 300
DATE = os.environ.get("VLLM_SYSTEM_START_DATE", "")


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """The strict version as a folder."""
    return _written(tmp_path / "promotion", promotion.STRICT)


def _written(folder: Path, version: promotion.Version, *, labels: promotion.Version | None = None) -> Path:
    cases = promotion.cases(labels or version, CASES)
    folder.mkdir(parents=True)
    for name, content in promotion.files(version, cases).items():
        (folder / name).write_bytes(content)
    return folder


def test_a_run_is_kept_verified_and_scored_again_offline(
    commons: Command, policy: Path, gpt_oss: Path
) -> None:
    """From `bench --record-to` to `verify`, `score`, `scores` and `export`, with what vLLM answered."""
    assert commons("init", "demo.git", "--founder", "ana").code == 0
    assert commons("publish", "demo.git", policy, "--as", "ana").code == 0
    said = commons(
        "bench",
        policy,
        *options(gpt_oss, "--effort", "low"),
        "--record-to",
        "demo.git",
        "--as",
        "ana",
        "--json",
    )
    assert (said.code, said.document["unanswered"]) == (0, 0), said.err
    key = said.document["key"]
    assert commons("verify", "demo.git").code == 0
    again = commons("score", f"run:{key[:12]}", "demo.git", "--json")
    assert again.code == 0, again.err
    assert commons("export", f"run:{key[:12]}", "demo.git", "--to", "csv", "--out", "out").code == 0
    exported = "".join(path.read_text() for path in Path("out").rglob("*.csv"))
    assert str(gpt_oss) not in exported
    rendered = commons(
        "render", policy, "--case", "PR-0001", "--format", "tokens", "--effort", "low", "--json"
    ).document
    assert rendered["prompt"] == token_digest(rendered["tokens"])
    assert rendered["prompt"] in exported


def test_two_versions_are_compared_with_their_noise(commons: Command, policy: Path, gpt_oss: Path) -> None:
    """Flips are those of the rule that changed; the A/A noise is measured by the same model."""
    _written(Path("other/promotion"), promotion.LENIENT, labels=promotion.STRICT)
    said = commons(
        "compare", policy, "other/promotion", *options(gpt_oss, "--effort", "low"), "--again", "--json"
    )
    assert said.code == ExitCode.CHECK_FAILED, said.err
    text = json.dumps(said.document)
    assert text.count(promotion.DISPUTED) > 20


def test_one_text_is_classified(commons: Command, policy: Path, gpt_oss: Path) -> None:
    """With the label, and the model's words only when asked for."""
    said = commons("classify", policy, *options(gpt_oss), "--text", "casino tonight", "--reasoning", "--json")
    assert said.code == 0, said.err
    assert said.document["verdict"] == {"label": "PR1"}
    assert said.document["reasoning"] == "It offers something."
    assert said.document["model"] == gpt_oss.name


def test_a_killed_run_goes_on_where_it_was(commons: Command, policy: Path, gpt_oss: Path) -> None:
    """kill -9: no process stays behind, what was answered is not asked again, and nothing is missing."""
    arguments = ("bench", str(policy), *options(gpt_oss, "--engine-setting", "max-num-seqs=8"))
    process = subprocess.Popen(
        [sys.executable, "-c", "from registry.cli.main import main\nmain()", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    journal = _journal_with(process, 40)
    children = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    _, alive = psutil.wait_procs(children, timeout=30)
    assert not alive
    kept = _answered(journal)
    said = commons(*arguments, "--out", "run")
    assert said.code == 0, said.err
    assert f"Going on with {len(kept)} of {CASES} answers" in said.err
    rows = [json.loads(line) for line in Path("run/predictions.jsonl").read_text().splitlines()]
    assert len({row["case"] for row in rows}) == len(rows) == CASES
    assert not journal.exists()


def _journal_with(process: subprocess.Popen[bytes], answers: int) -> Path:
    """The child's journal, once it holds so many answers and not yet all."""
    ends = time.monotonic() + 300
    runs = Path(".cache/policy-commons/runs").absolute()
    while time.monotonic() < ends and process.poll() is None:
        for found in runs.glob("*.jsonl"):
            if answers <= len(_answered(found)) < CASES:
                return found
        time.sleep(0.02)
    process.kill()
    raise AssertionError(process.communicate())


def _answered(journal: Path) -> list[str]:
    lines = journal.read_bytes().splitlines()[1:]
    found = []
    for line in lines:
        try:
            found.append(json.loads(line)["case"])
        except ValueError:
            continue
    return found
