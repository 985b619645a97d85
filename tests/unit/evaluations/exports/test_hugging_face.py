"""Files for `.eval_results` on the Hub, whose documentation names the fields."""

from __future__ import annotations

from dataclasses import replace

import pytest
import yaml

from evaluations.exports.gathering import ExportError
from evaluations.exports.hugging_face import hugging_face_files
from tests.unit.evaluations.exports.exported import exported, labels_run

RUN = exported(labels_run())


def test_an_entry_has_the_documented_fields() -> None:
    """Dataset, task and value are there, the value is a number, and the notes say what it rests on."""
    ((path, raw),) = hugging_face_files(RUN, dataset="my-org/my.bench", task="test").items()
    assert path == ".eval_results/advertising.yaml"
    (entry,) = yaml.safe_load(raw)
    assert entry["dataset"] == {"id": "my-org/my.bench", "task_id": "test"}
    assert entry["value"] == 0.5
    assert entry["date"] == "2023-11-14T22:13:20Z"
    assert entry["notes"].startswith(
        "exact label: 2 of 4; 95% interval 0.150 to 0.849 (wilson); policy demo/"
    )
    assert set(entry) == {"dataset", "value", "date", "evaluation_framework", "notes"}


def test_another_figure_may_be_the_value() -> None:
    """`figure` chooses; the notes name it."""
    ((_, raw),) = hugging_face_files(RUN, dataset="a/b", figure="violating_recall").items()
    (entry,) = yaml.safe_load(raw)
    assert entry["value"] == 0.5
    assert entry["notes"].startswith("violating or not: recall: 1 of 2")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"dataset": "nothing"}, "no dataset's id"),
        ({"dataset": "a/b/c"}, "no dataset's id"),
        ({"dataset": "a/b\n"}, "no dataset's id"),
        ({"dataset": "a/b", "task": "x: y"}, "no task's id"),
        ({"dataset": "a/b", "figure": "beauty"}, "no such figure.*accuracy"),
        ({"dataset": "a/b", "figure": "recall[AD2]"}, "undefined"),
    ],
)
def test_what_the_hub_could_not_take_is_refused(asked: dict[str, str], said: str) -> None:
    """Wrong names, unknown figures and undefined ones are refused with a remedy."""
    with pytest.raises(ExportError, match=said):
        hugging_face_files(RUN, **asked)


def test_a_baseline_is_on_no_models_page() -> None:
    """The word-matching baseline predicts nothing about a model, so it has no file."""
    parts = replace(RUN.record.parts, engine="lexical")
    with pytest.raises(ExportError, match=r"engine lexical: it is a baseline.*--to csv"):
        hugging_face_files(replace(RUN, record=replace(RUN.record, parts=parts)), dataset="a/b")
