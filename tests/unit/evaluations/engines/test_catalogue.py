"""The engines there are."""

from __future__ import annotations

import subprocess
import sys

import pytest

from evaluations.engines.catalogue import DEFAULT_ENGINE, ENGINES, engine_named
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
    with pytest.raises(EngineError, match=r"engine gpt: is not known\. Use one of: lexical, lexical-cv\."):
        engine_named("gpt")


def test_nothing_heavy_is_loaded_until_an_engine_runs() -> None:
    """Importing the whole package brings in neither scikit-learn nor scipy nor numpy."""
    code = (
        "import sys, evaluations.records, evaluations.running, evaluations.engines.catalogue, "
        "evaluations.engines.replay, evaluations.templates.export; "
        "sys.exit(', '.join({'sklearn', 'scipy', 'numpy'} & set(sys.modules)))"
    )
    assert (
        subprocess.run(
            [sys.executable, "-c", code], check=False, capture_output=True, text=True
        ).stderr.strip()
        == ""
    )
