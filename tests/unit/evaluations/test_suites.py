"""Suites: the same questions under the same labels have the same digest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evaluations.errors import SuiteError
from evaluations.suites import input_digest, is_labelled, make_suite, suite_of
from policies.folder import load_folder
from policies.model import Case, CaseStatus, Label, Policy, Subject
from tests.unit.evaluations.builders import FLAGS_TEXT, LABELLED, TEXT, case_of, policy_of


def _digest(*cases: Case, policy: Policy | None = None) -> str:
    return make_suite("s", policy or policy_of(), cases).digest


def test_a_folder_gives_a_suite_in_the_policys_version() -> None:
    """Id, version, labels and cases come from the folder."""
    cases = b'{"id": "x", "content": "Hello", "label": "AD0"}\n'
    suite = suite_of(load_folder("advertising", {"policy.md": TEXT.encode(), "cases.jsonl": cases}))
    assert (suite.id, suite.version, suite.codes) == ("advertising", "0.1.0", ("AD0", "AD1", "AD2"))
    assert [(item.id, item.gold) for item in suite.items] == [("x", "AD0")]


def test_the_order_of_cases_does_not_matter() -> None:
    """A suite orders its cases by id, so its digest is that of the set."""
    assert _digest(*LABELLED) == _digest(*reversed(LABELLED))
    assert [case.id for case in make_suite("s", policy_of(), reversed(LABELLED)).cases] == [
        "a",
        "b",
        "c",
        "d",
        "e",
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"content": "other"},
        {"context": "in reply to a shop"},
        {"label": "AD2"},
        {"slices": ("joke",)},
        {"status": CaseStatus.TODO},
        {"subject": Subject.PROMPT},
    ],
)
def test_whatever_changes_a_score_changes_the_digest(change: dict[str, object]) -> None:
    """Content, context, label, slices and status are part of it."""
    case = LABELLED[0]
    assert _digest(case) != _digest(replace(case, **change))  # type: ignore[arg-type]


@pytest.mark.parametrize("change", [{"note": "why"}, {"source": "a sheet"}, {"sensitive": True}, {"line": 7}])
def test_what_changes_no_score_does_not(change: dict[str, object]) -> None:
    """Notes, sources and line numbers are not."""
    case = LABELLED[0]
    assert _digest(case) == _digest(replace(case, **change))  # type: ignore[arg-type]


def test_a_label_that_turns_into_a_violation_changes_the_digest() -> None:
    """The schema is part of the digest: the binary view depends on it."""
    policy = policy_of()
    stricter = replace(
        policy,
        meta=replace(
            policy.meta, labels=(Label(code="AD0", title="x", violates=True), *policy.meta.labels[1:])
        ),
    )
    assert _digest(*LABELLED, policy=policy) != _digest(*LABELLED, policy=stricter)


def test_contents_that_look_alike_have_different_inputs() -> None:
    """A letter with its accent and the same letter with a combining one are two inputs."""
    assert input_digest(case_of("x", "caf\u00e9")) != input_digest(case_of("x", "cafe\u0301"))


def test_half_a_character_has_an_input() -> None:
    """A lone surrogate, which JSON escapes can make, has a digest like any other content."""
    assert len(input_digest(case_of("x", "\ud800"))) == 64


def test_flags_that_are_not_stated_are_unknown() -> None:
    """Every declared flag is in the gold label; those the case does not name are None."""
    policy = policy_of(FLAGS_TEXT)
    suite = make_suite("s", policy, [case_of("x", labels={"V": True}), case_of("y", labels={"H": None})])
    assert [item.gold for item in suite.items] == [{"H": None, "V": True, "Q": None}, dict.fromkeys("HVQ")]
    assert [is_labelled(item) for item in suite.items] == [True, False]


def test_cases_that_make_no_suite_are_refused_by_name() -> None:
    """Undeclared labels, repeated ids and labels of the other kind name the cases at fault."""
    with pytest.raises(
        SuiteError, match=r"cases c, d: the label is not one .* Use one of those declared: AD0"
    ) as e:
        make_suite("s", policy_of(), [case_of("c", label="XX"), case_of("d", label="YY"), LABELLED[0]])
    assert e.value.case_ids == ("c", "d")
    with pytest.raises(SuiteError, match="case a: the id is used more than once"):
        make_suite("s", policy_of(), [LABELLED[0], LABELLED[0]])
    with pytest.raises(SuiteError, match="`labels` is set, and the policy's labelling is single"):
        make_suite("s", policy_of(), [case_of("x", labels={"AD0": True})])
    with pytest.raises(SuiteError, match="`label` is set, and the policy's labelling is multi"):
        make_suite("s", policy_of(FLAGS_TEXT), [case_of("x", label="H")])


def test_a_long_list_of_cases_is_cut_in_the_message() -> None:
    """Five are named, the rest are counted."""
    with pytest.raises(SuiteError, match="cases 0, 1, 2, 3, 4 and 2 more: "):
        make_suite("s", policy_of(), [case_of(str(n), label="XX") for n in range(7)])
