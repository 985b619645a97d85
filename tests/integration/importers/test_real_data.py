"""The importers on published data sets: every figure that their publishers or their rows give."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest

from policies.folder import PolicyFolder, load_folder
from policies.importers import ImportResult, Pack, SkipReason, Topic, import_files
from policies.lint import lint_folder
from policies.model import Dialect, Labelling, Subject

pytestmark = pytest.mark.real_data


def _import(folder: Path) -> ImportResult:
    return import_files(folder.name, {path.name: path.read_bytes() for path in folder.iterdir()})


def _only(result: ImportResult) -> tuple[Pack, PolicyFolder]:
    (pack,) = result.packs
    return pack, load_folder(pack.slug, pack.files)


def test_the_spam_policy_keeps_its_words_and_gets_its_labels(real_data: Path) -> None:
    """The text is kept byte for byte behind a front matter whose labels it defines itself."""
    pack, folder = _only(_import(real_data / "openai-spam"))
    text = (real_data / "openai-spam" / "policy.txt").read_bytes()
    assert pack.files["policy.md"].endswith(b"\n---\n" + text)
    meta = folder.document.policy.meta
    assert (meta.title, meta.summary, meta.licenses.text) == ("Spam Policy", "Identify spam.", None)
    assert [(label.code, label.violates) for label in meta.labels] == [
        ("SP0", False),
        ("SP2", True),
        ("SP3", True),
        ("SP4", True),
    ]


def test_the_spam_policys_plain_lines_are_its_sections(real_data: Path) -> None:
    """Lines with emoji head a section for each label, and lines with sub-codes are their examples."""
    _, folder = _only(_import(real_data / "openai-spam"))
    policy = folder.document.policy
    assert policy.dialect is Dialect.SEVERITY_CODES
    coded = [(section.code, len(section.examples)) for section in policy.sections if section.code]
    assert coded == [("SP0", 7), ("SP2", 3), ("SP3", 4), ("SP4", 3)]
    assert [section.heading for section in policy.sections if not section.code] == [
        "",
        "DEFINITIONS",
        "LABEL FORMAT",
        "AMBIGUITY & ESCALATION",
    ]


def test_the_spam_policys_gaps_are_told_and_linted(real_data: Path) -> None:
    """The licence is left to be stated, and the output instruction is named by notice and by lint."""
    result = _import(real_data / "openai-spam")
    (pack,) = result.packs
    topics = {notice.topic for notice in result.notices}
    assert {Topic.LICENCE, Topic.OUTPUT_INSTRUCTION} <= topics
    rules = {finding.rule for finding in lint_folder(pack.slug, pack.files)}
    assert {"P064", "P080"} <= rules
    assert not {"P031", "P032", "P036"} & rules


def test_the_golden_set_has_forty_cases_and_as_many_answers(real_data: Path) -> None:
    """Gold labels stand in section rows; the model's own answers match 36 of them."""
    pack, folder = _only(_import(real_data / "openai-spam"))
    assert Counter(case.label for case in folder.cases) == {"SP0": 18, "SP2": 7, "SP3": 8, "SP4": 7}
    assert {answer.engine for answer in pack.answers} == {"gpt-oss-safeguard"}
    gold = {case.id: case.label for case in folder.cases}
    assert sum(gold[answer.case_id] == answer.label for answer in pack.answers) == 36
    assert len(pack.answers) == 40


def test_the_golden_sets_binary_figures_follow_from_its_rows(real_data: Path) -> None:
    """Binary accuracy 0.925, precision 1, recall 0.864: what the rows say, whatever the sheet reports."""
    pack, folder = _only(_import(real_data / "openai-spam"))
    violating = {label.code for label in folder.document.policy.meta.labels if label.violates}
    gold = {case.id: case.label in violating for case in folder.cases}
    counts = Counter((gold[answer.case_id], answer.label in violating) for answer in pack.answers)
    assert counts == {(True, True): 19, (True, False): 3, (False, False): 18}
    assert (19 + 18) / 40 == 0.925
    assert round(19 / 22, 3) == 0.864


def test_the_golden_sets_scores_are_kept_as_reported(real_data: Path) -> None:
    """The sheet's own figures come along as strings with their places, apart from any run."""
    pack, _ = _only(_import(real_data / "openai-spam"))
    assert [(score.metric, score.value, score.source) for score in pack.reported] == [
        ("Accuracy", "0.9", "golden_dataset.csv:48"),
        ("Precision", "1", "golden_dataset.csv:49"),
        ("Recall", "0.8", "golden_dataset.csv:50"),
        ("F1", "0.8888888889", "golden_dataset.csv:51"),
    ]


def test_the_golden_sets_rows_are_all_accounted_for(real_data: Path) -> None:
    """51 rows: 40 cases, and a reason for each of the other eleven."""
    pack, _ = _only(_import(real_data / "openai-spam"))
    assert (pack.rows.read, pack.rows.imported, pack.rows.skipped, pack.rows.unread) == (51, 40, 11, 0)
    reasons: Counter[SkipReason] = Counter()
    for skip in pack.skipped:
        reasons[skip.reason] += skip.rows
    assert reasons == {
        SkipReason.HEADER: 1,
        SkipReason.SECTION: 4,
        SkipReason.BLANK: 2,
        SkipReason.SCORE: 4,
    }


def test_missing_moderation_flags_stay_unknown(real_data: Path) -> None:
    """1,680 prompts with eight flags; what was not labelled is unknown, not clear."""
    pack, folder = _only(_import(real_data / "openai-moderation"))
    assert (pack.rows.read, pack.rows.imported, len(folder.cases)) == (1680, 1680, 1680)
    meta = folder.document.policy.meta
    assert meta.codes == ("S", "H", "V", "HR", "SH", "S3", "H2", "V2")
    assert (meta.labelling, meta.subject) == (Labelling.MULTI, Subject.PROMPT)
    flags: Counter[tuple[str, bool | None]] = Counter()
    for case in folder.cases:
        assert case.labels is not None
        flags.update(case.labels.items())
    assert [flags[code, True] for code in meta.codes] == [237, 162, 94, 76, 51, 85, 41, 24]
    assert [flags[code, False] for code in meta.codes] == [747, 609, 1356, 1368, 1396, 909, 720, 1423]
    assert all(sum(flags[code, value] for value in (True, False, None)) == 1680 for code in meta.codes)


def test_hatecheck_is_joined_with_its_annotators(real_data: Path) -> None:
    """3,728 cases from two files, 29 functional slices, five of ten annotators on each case."""
    pack, folder = _only(_import(real_data / "hatecheck"))
    assert (pack.rows.read, pack.rows.imported, pack.rows.skipped) == (7458, 7456, 2)
    assert Counter(case.label for case in folder.cases) == {"hateful": 2563, "non-hateful": 1165}
    slices = Counter(name for case in folder.cases for name in case.slices)
    assert len([name for name in slices if "=" not in name]) == 29
    assert slices["target_ident=women"] == 509
    assert len([name for name in slices if "=" in name]) == 7
    assert {len(case.annotations) for case in folder.cases} == {5}
    votes = Counter((note.by, note.label) for case in folder.cases for note in case.annotations)
    assert len({by for by, _ in votes}) == 10
    assert sum(votes.values()) == 18_640
    assert [case.id for case in folder.cases[:3]] == ["1", "2", "3"]


@pytest.mark.parametrize("name", ["openai-moderation", "hatecheck"])
def test_sets_without_a_policy_get_a_stub_without_criteria(real_data: Path, name: str) -> None:
    """The stub says so, and lint names every label that has no criteria."""
    pack, folder = _only(_import(real_data / name))
    assert "Only the cases came along" in folder.document.policy.body
    lacking = [finding for finding in lint_folder(pack.slug, pack.files) if finding.rule == "P032"]
    assert len(lacking) == len(folder.document.policy.meta.labels)


def test_importing_again_gives_the_same_bytes(real_data: Path) -> None:
    """A second import of everything equals the first."""
    for name in ("openai-spam", "openai-moderation", "hatecheck"):
        assert _import(real_data / name) == _import(real_data / name)


def test_one_folder_a_submitter(real_data: Path) -> None:
    """The data sets side by side, each as its own submitter, in one import."""
    files = {
        str(path.relative_to(real_data)): path.read_bytes() for path in real_data.rglob("*") if path.is_file()
    }
    result = import_files("data", files, preset="folders")
    assert [(pack.group, pack.slug, pack.cases) for pack in result.packs] == [
        ("hatecheck", "hatecheck", 3728),
        ("openai-moderation", "openai-moderation", 1680),
        ("openai-spam", "openai-spam", 40),
    ]
    assert result.rows.balanced


def test_hatecheck_is_imported_in_a_breath(real_data: Path) -> None:
    """Two files of 3,728 rows take a second, so a person waits for nothing."""
    started = time.process_time()
    _import(real_data / "hatecheck")
    assert time.process_time() - started < 5.0
