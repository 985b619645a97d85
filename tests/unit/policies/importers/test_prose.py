"""Tests of `policies.importers.prose`."""

from __future__ import annotations

import pytest

from policies.importers.prose import DOCUMENTATION, LICENCE_FILES, PROSE, REPORTS, licence_of
from policies.importers.source import Source, read_source


def _source(text: str, file: str = "notes.md") -> Source:
    source = read_source(file, text.encode())
    assert isinstance(source, Source)
    return source


@pytest.mark.parametrize(
    ("text", "spdx"),
    [
        ("                Apache License\n           Version 2.0, January 2004\n", "Apache-2.0"),
        ("Creative Commons\nAttribution 4.0 International\n", "CC-BY-4.0"),
        ("Attribution-ShareAlike 4.0 International", "CC-BY-SA-4.0"),
        ("All rights reserved.", None),
    ],
)
def test_known_licence_texts_are_told(text: str, spdx: str | None) -> None:
    """A licence that is not known is not guessed at."""
    assert licence_of(text) == spdx


def test_a_report_gives_its_scores() -> None:
    """Rows of a Markdown table with a metric and a number are reported scores."""
    text = (
        "# Results\n\n| Metric | Value |\n|---|---|\n"
        "| Precision | **100.0%** |\n| Recall | 0.9 |\n| NO2 recall | 1 |\n"
    )
    source = _source(text, "evaluation report.md")
    assert REPORTS.recognises(source) > PROSE.recognises(source)
    scores = REPORTS.read(source).scores
    assert [(score.metric, score.value, score.source) for score in scores] == [
        ("Precision", "100.0%", "evaluation report.md:5"),
        ("Recall", "0.9", "evaluation report.md:6"),
    ]


def test_conventional_names_are_documentation() -> None:
    """A README describes a pack and is neither its policy nor an annex."""
    assert DOCUMENTATION.recognises(_source("words", "pack/README.md")) > 0
    assert LICENCE_FILES.recognises(_source("words", "LICENSE")) > 0
    assert DOCUMENTATION.recognises(_source("words", "annex 1.md")) == 0.0
