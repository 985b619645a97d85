"""The engines there are."""

from __future__ import annotations

import subprocess
import sys

import pytest

from evaluations.engines.catalogue import DEFAULT_ENGINE, ENGINES, INFOS, engine_named
from evaluations.errors import EngineError


def test_every_engine_is_found_by_its_own_name() -> None:
    """The catalogue's names are what the engines call themselves; the default is one of them."""
    assert {name: engine_named(name).info.name for name in ENGINES} == {
        "lexical": "lexical",
        "lexical-cv": "lexical-cv",
    }
    assert DEFAULT_ENGINE in ENGINES


def test_an_unknown_engine_is_refused_with_those_there_are() -> None:
    """The message lists the names."""
    told = r"is not known\. Use one of: embedding, lexical, lexical-cv, openai, vllm\."
    with pytest.raises(EngineError, match=told):
        engine_named("gpt")


def test_an_engine_that_needs_more_than_its_name_is_described_and_not_made() -> None:
    """What it is and promises can be read; made by name alone it would not know whom or what to ask."""
    assert {name: info.name for name, info in INFOS.items()} == {name: name for name in INFOS}
    assert set(INFOS) - set(ENGINES) == {"openai", "vllm", "embedding"}
    assert INFOS["openai"].promises.deterministic is False
    assert [INFOS[name].promises.may_gate for name in ("vllm", "embedding")] == [True, False]
    for name, what in (("openai", "server"), ("vllm", "model"), ("embedding", "model")):
        with pytest.raises(EngineError, match=f"which {what} to ask"):
            engine_named(name)


def test_nothing_heavy_is_loaded_until_an_engine_runs() -> None:
    """Importing the whole package brings in neither scikit-learn, scipy, numpy nor aiohttp."""
    code = (
        "import sys, evaluations.records, evaluations.running, evaluations.engines.catalogue, "
        "evaluations.engines.replay, evaluations.templates.export; "
        "sys.exit(', '.join({'sklearn', 'scipy', 'numpy', 'aiohttp', 'asyncio'} & set(sys.modules)))"
    )
    assert (
        subprocess.run(
            [sys.executable, "-c", code], check=False, capture_output=True, text=True
        ).stderr.strip()
        == ""
    )
