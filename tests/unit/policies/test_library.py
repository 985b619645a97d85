"""The starter policies that ship with the repository are fit to be used."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from policies.findings import Severity
from policies.folder import PolicyFolder, load_folder
from policies.lint import lint_folder
from policies.lint.leak import find_leaks
from policies.lint.tokens import estimate_tokens
from policies.model import CaseStatus
from policies.prompt import prompt_text

LIBRARY = Path(__file__).parents[3] / "policies" / "library"
SLUGS = tuple(sorted(path.name for path in LIBRARY.iterdir() if path.is_dir()))


def _files(slug: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((LIBRARY / slug).iterdir())}


@pytest.fixture(params=SLUGS)
def starter(request: pytest.FixtureRequest) -> PolicyFolder:
    return load_folder(request.param, _files(request.param))


def test_the_eight_subjects_are_there_and_two_in_a_second_language() -> None:
    """Nobody removes one without noticing."""
    assert SLUGS == (
        "dangerous-challenges",
        "harassment",
        "harassment-de",
        "hate-speech",
        "impersonation",
        "private-information",
        "scams",
        "scams-es",
        "self-harm",
        "spam",
    )


def test_each_lints_without_error_or_warning(starter: PolicyFolder) -> None:
    """Beside the others, so that names and translations are judged too."""
    languages = {
        f"starter/{slug}": load_folder(slug, _files(slug)).document.policy.meta.language for slug in SLUGS
    }
    findings = lint_folder(starter.slug, starter.files, siblings=SLUGS, languages=languages)
    assert [str(found) for found in findings if found.severity is not Severity.INFO] == []


def test_each_has_at_least_120_active_cases_in_balanced_labels(starter: PolicyFolder) -> None:
    """The largest label has at most four cases more than the smallest."""
    counts = Counter(case.label for case in starter.cases if case.status is CaseStatus.ACTIVE)
    assert set(counts) == set(starter.document.policy.meta.codes)
    assert counts.total() >= 120
    assert max(counts.values()) - min(counts.values()) <= 4


def test_each_has_at_least_15_contrast_pairs(starter: PolicyFolder) -> None:
    """Two cases each, with different labels (the lint rule P046 looks at that)."""
    assert len({case.pair for case in starter.cases if case.pair is not None}) >= 15


def test_each_case_says_why_and_is_in_a_slice_of_five_or_more(starter: PolicyFolder) -> None:
    """Slices are for counting, so none is made of a few cases."""
    assert [case.id for case in starter.cases if not case.note or not case.slices] == []
    slices = Counter(name for case in starter.cases for name in case.slices)
    assert {name: count for name, count in slices.items() if count < 5} == {}


def test_no_case_stands_in_its_policy(starter: PolicyFolder) -> None:
    """Neither quoted nor nearly."""
    examples = [example for section in starter.document.policy.sections for example in section.examples]
    contents = [case.content for case in starter.cases]
    leaks = find_leaks(prompt_text(starter), examples, contents)
    assert [(starter.cases[leak.position].id, leak.passage) for leak in leaks] == []


def test_each_is_of_the_advised_length(starter: PolicyFolder) -> None:
    """Between 400 and 900 tokens, estimated."""
    assert 400 <= estimate_tokens(prompt_text(starter)) <= 900


def test_each_section_of_a_label_has_examples(starter: PolicyFolder) -> None:
    """Three at least, for the allowed labels as for the violating ones."""
    policy = starter.document.policy
    counts = {
        code: len(section.examples) if (section := policy.section_of(code)) else 0
        for code in policy.meta.codes
    }
    assert {code: count for code, count in counts.items() if count < 3} == {}


@pytest.mark.parametrize("slug", [slug for slug in SLUGS if slug.endswith(("-de", "-es"))])
def test_a_translation_keeps_the_label_schema_of_its_original(slug: str) -> None:
    """Codes, what violates, severity and handling; titles are in its language."""

    def schema(name: str) -> list[tuple[object, ...]]:
        labels = load_folder(name, _files(name)).document.policy.meta.labels
        return [(label.code, label.violates, label.severity, label.handling) for label in labels]

    assert schema(slug) == schema(slug.rpartition("-")[0])
