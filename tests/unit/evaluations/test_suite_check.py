"""What may be wrong with a suite."""

from __future__ import annotations

import re
from pathlib import Path

from evaluations.suite_check import RULES, Against, check_suite
from evaluations.suites import make_suite
from policies.model import Annotation, Case
from tests.unit.evaluations.builders import FLAGS_TEXT, TEXT, case_of, policy_of

LONG = "every morning the old gardener waters the roses behind the house before the sun is up"
GOOD = (
    case_of("a", "the weather in Rome is mild", label="AD0"),
    case_of("b", "cheap boots, this week only", label="AD1"),
    case_of("c", "buy buy buy before midnight", label="AD2"),
)


def found(*cases: Case, against: Against | None = None, text: str = TEXT) -> list[tuple[str, str]]:
    suite = make_suite("s", policy_of(text), cases)
    return [(finding.rule, finding.severity.value) for finding in check_suite(suite, against)]


def test_a_sound_suite_has_no_finding() -> None:
    """Every label has a case, nothing repeats, nobody parts."""
    assert found(*GOOD) == []


def test_one_class_only_is_an_error_either_way() -> None:
    """Where all violates or nothing does, one kind of mistake cannot be seen."""
    assert ("S002", "error") in found(GOOD[0])
    assert ("S002", "error") in found(*GOOD[1:])


def test_missing_gold_and_missing_labels_are_told() -> None:
    """No gold at all is an error; some without, and a label that no case has, are warnings."""
    assert found(case_of("a", label=None)) == [("S001", "error")]
    assert found(*GOOD, case_of("d", "on its own", label=None)) == [("S001", "warning")]
    assert found(*GOOD[:2]) == [("S003", "warning")]


def test_repeats_are_warnings_and_contradictions_errors() -> None:
    """The same content twice counts twice; with another label one of them is wrong."""
    assert found(*GOOD, case_of("d", "The weather in ROME is  mild", label="AD0")) == [("S010", "warning")]
    assert found(*GOOD, case_of("d", "the weather in Rome is mild", label="AD1")) == [("S010", "error")]
    other = case_of("d", "the weather in Rome is mild", label="AD1", context="a shop")
    assert ("S010", "error") not in found(*GOOD, other)


def test_near_repeats_are_told_unless_they_are_a_pair() -> None:
    """One word of many changed is a near-duplicate; a contrast pair is alike on purpose."""
    near = (case_of("d", LONG, label="AD0"), case_of("e", LONG.replace("old", "young"), label="AD0"))
    assert found(*GOOD, *near) == [("S011", "warning")]
    pair = (
        case_of("d", LONG, label="AD0", pair="p"),
        case_of("e", LONG.replace("old", "young"), label="AD1", pair="p"),
    )
    assert found(*GOOD, *pair) == []


def test_what_the_policy_holds_is_told() -> None:
    """Quotations, near quotations and the policy's own cases, each under its rule."""
    against = Against(name="advertising", policy=policy_of(), text=TEXT, cases=(GOOD[0],))
    leaked = (
        case_of("q", "Cheap watches for sale, buy one today.", label="AD1"),
        case_of("n", "Forward this offer to ten friends or lose everything", label="AD2"),
    )
    assert found(*GOOD, *leaked, against=against) == [
        ("S020", "warning"),
        ("S021", "warning"),
        ("S022", "warning"),
    ]


def test_odd_annotations_and_contested_cases_are_told() -> None:
    """One warning names the contested cases, and one each annotation that cannot be used."""
    notes = (
        Annotation(by="A1", label="AD0"),
        Annotation(by="A2", label="AD1"),
        Annotation(by="A3", label="?"),
    )
    case = case_of("d", "a word or two", label="AD0", annotations=notes)
    assert found(*GOOD, case) == [("S030", "warning"), ("S031", "warning")]


def test_flags_are_judged_by_what_is_known() -> None:
    """An unlabelled flag is no class: two cases that may violate and do not are one class only."""
    gaps = (
        Case(id="x", content="one two three", labels={"H": False, "V": False, "Q": True}),
        Case(id="y", content="four five six", labels={"H": False, "V": None, "Q": False}),
    )
    assert ("S002", "error") in found(*gaps, text=FLAGS_TEXT)


def test_every_rule_is_explained() -> None:
    """Each rule stands in evaluations/README.md with its sentence's number, and no other does."""
    text = (Path(__file__).parents[3] / "evaluations" / "README.md").read_text("utf-8")
    assert set(re.findall(r"`(S0\d\d)`", text)) == set(RULES)
