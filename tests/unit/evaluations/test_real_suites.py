"""Published data sets as suites: figures held against the `krippendorff` package and a count by hand."""

from __future__ import annotations

import csv
from pathlib import Path

import krippendorff
import numpy as np
import pytest

from evaluations.apart import figures_apart
from evaluations.contested import agreement_in
from evaluations.engines.catalogue import engine_named
from evaluations.exports.every_eval_ever import every_eval_ever_files
from evaluations.exports.gathering import gather
from evaluations.records import read_rows
from evaluations.suite_check import check_suite
from evaluations.suite_files import SuiteFile, load_suite, make_suite_file, parse_suite_name, suite_files
from policies.folder import load_folder
from policies.importers import import_files
from policies.model import Labelling
from tests.unit.evaluations.builders import run_of

pytestmark = pytest.mark.real_data


def _suite(folder: Path) -> SuiteFile:
    (pack,) = import_files(folder.name, {path.name: path.read_bytes() for path in folder.iterdir()}).packs
    read = load_folder(pack.slug, pack.files)
    meta = read.document.policy.meta
    name = parse_suite_name(f"{folder.name}@1")
    made = make_suite_file(name, read.cases, labels=meta.labels, labelling=meta.labelling)
    return load_suite(suite_files(made))


def test_hatecheck_as_a_suite(real_data: Path) -> None:
    """3,728 cases in 29 slices with five annotators each: alpha 0.939019, AC1 0.954455, ceiling 0.986964."""
    made = _suite(real_data / "hatecheck")
    facts = made.facts
    assert (facts.n, facts.annotated, facts.prevalence) == (3_728, 3_728, "0.687500")
    assert len([name for name in facts.slices if not name.startswith("target_ident")]) == 29
    found = agreement_in(made.suite)
    assert (found.annotations, found.raters, found.contested) == (18_640, 10, ())
    assert found.exact is not None
    label = found.exact.agreement
    assert (label.alpha, label.ac1, label.observed, label.ceiling) == (
        *("0.939019", "0.954455", "0.973927", "0.986964"),
    )
    assert found.exact.gold == "0.986964"  # 18,397 of 18,640: at most one of five dissents on any case
    with (real_data / "hatecheck" / "test_suite_annotations.csv").open(encoding="utf-8") as file:
        rows = [
            row for row in csv.DictReader(file) if row["case_id"] in {case.id for case in made.suite.cases}
        ]
    said = {"": np.nan, "hateful": 1.0, "non-hateful": 0.0}
    data = [[said[row[f"label_{rater}"]] for row in rows] for rater in range(1, 11)]
    alpha = krippendorff.alpha(reliability_data=data, level_of_measurement="nominal")
    assert float(label.alpha or "nan") == pytest.approx(alpha, abs=1e-6)


def test_the_moderation_set_as_a_suite(real_data: Path) -> None:
    """1,680 prompts with eight flags and gaps; 17 stand twice, 16 of them with other flags."""
    made = _suite(real_data / "openai-moderation")
    assert (made.facts.n, made.facts.labelling, made.facts.annotated) == (1_680, Labelling.MULTI, 0)
    raised = {
        code: sum(bool((case.labels or {}).get(code)) for case in made.suite.cases)
        for code in made.suite.codes
    }
    assert raised == {"S": 237, "H": 162, "V": 94, "HR": 76, "SH": 51, "S3": 85, "H2": 41, "V2": 24}
    gaps = sum(flag is None for case in made.suite.cases for flag in (case.labels or {}).values())
    assert gaps > 0
    repeated = [finding for finding in check_suite(made.suite) if finding.rule == "S010"]
    assert (len(repeated), sum(finding.severity.value == "error" for finding in repeated)) == (17, 16)


def test_a_run_on_hatecheck_tells_people_beside_the_score(real_data: Path) -> None:
    """The baseline's 3,728 answers are all on agreed cases; every answer is a line for the datastore."""
    (pack,) = import_files(
        "hatecheck", {path.name: path.read_bytes() for path in (real_data / "hatecheck").iterdir()}
    ).packs
    folder = load_folder(pack.slug, pack.files)
    made = _suite(real_data / "hatecheck")
    run = run_of(folder.document.policy, folder.cases, engine_named("lexical-cv"))
    apart = figures_apart(run.rows, made.suite)
    assert apart is not None
    assert apart.contested is None
    assert apart.agreed is not None
    assert apart.agreed.accuracy == run.record.metrics.headline.accuracy
    files = every_eval_ever_files(gather(run.record, read_rows(run.files)))
    assert sorted(raw.count(b"\n") for name, raw in files.items() if name.endswith(".jsonl")) == [3_728]
