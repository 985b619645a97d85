"""What a visitor chose to see of a run, checked and written as a query. Touches nothing."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from evaluations.run_record import RunRecord
from registry.web.refusals import BadQueryError
from registry.web.run_rows import Choice, RunRows, Show


def check_choice(choice: Choice, record: RunRecord, rows: RunRows) -> None:
    """Raises `BadQueryError` for a label or slice that this run does not have."""
    codes = [label.code for label in record.suite.labels]
    _check("label", choice.label, codes)
    _check("verdict", choice.verdict, codes)
    _check("slice", choice.slice, rows.slices)


def choice_query(choice: Choice) -> str:
    """The choice as a query, without what is left at its usual value."""
    asked = {
        "show": None if choice.show is Show.ALL else choice.show.value,
        "label": choice.label,
        "verdict": choice.verdict,
        "slice": choice.slice,
    }
    return urlencode({name: value for name, value in asked.items() if value is not None})


def _check(field: str, value: str | None, known: Iterable[str]) -> None:
    if value is not None and value not in known:
        raise BadQueryError(
            f"`{field}`: nothing in this run is called {value[:60]!r}.",
            "Choose one on its page.",
        )
