"""The label schema and the sections that define it."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("labels", "labelling", "expected"),
    [
        ("[]", "single", ["The policy defines no labels."]),
        ("[{code: SP0, title: Ok, violates: false}]", "single", ["No label violates the policy."]),
        (
            "[{code: SP1, title: Ad, violates: true}, {code: SP2, title: Lie, violates: true}]",
            "single",
            ["Every label violates the policy, so nothing can be allowed."],
        ),
        ("[{code: SP1, title: Ad, violates: true}]", "multi", []),
    ],
)
def test_labels_have_to_decide(folder: Any, labels: str, labelling: str, expected: list[str]) -> None:
    """Single labels need an allowed and a violating one; a flag that is off allows by itself."""
    start, end = folder.policy.index("labels:"), folder.policy.index("labelling:")
    folder.policy = folder.policy[:start] + f"labels: {labels}\n" + folder.policy[end:]
    folder.replace("labelling: single", f"labelling: {labelling}")
    assert [found.message for found in folder.lint() if found.rule == "P030"] == expected


def test_an_allowed_label_after_a_violating_one_is_out_of_order(folder: Any) -> None:
    """The schema's order is severity."""
    folder.replace("title: Promotion, violates: true, severity: 1", "title: Promotion, violates: true")
    folder.replace("title: Fraud, violates: true, severity: 2", "title: Fraud, violates: false")
    assert folder.places("P034") == [("policy.md", folder.line_of("labels:"))]


def test_flags_may_weigh_the_same_and_not_less(folder: Any) -> None:
    """Flags are independent, single labels are ranks."""
    folder.replace("labelling: single", "labelling: multi")
    folder.replace("severity: 2", "severity: 1")
    assert folder.places("P034") == []
    folder.replace("title: Fraud, violates: true, severity: 1", "title: Fraud, violates: true, severity: 0")
    assert folder.places("P034") == [("policy.md", folder.line_of("labels:"))]


def test_criteria_may_stand_in_the_sections_below(folder: Any) -> None:
    """The includes/excludes layout has them one level down."""
    folder.replace(
        "Promotion that nobody asked for.\n- A plug off the topic:",
        "### Includes\n- Promotion off the topic\n\n### Excludes\n- Listings:",
    )
    assert folder.places("P032") == []


def test_a_text_without_codes_may_name_its_labels(folder: Any) -> None:
    """Free texts define labels in prose; one that a free text does not name is not defined."""
    body = folder.policy.index("# Goal")
    folder.policy = (
        folder.policy[:body] + "# Rules\nPromotion is unasked. Fraud lies. The rest is not spam.\n"
    )
    assert folder.places("P031") == []
    folder.replace("Fraud lies. ", "")
    (found,) = (found for found in folder.lint() if found.rule == "P031")
    assert found.fix == "Add a section with the heading '## SP2 Fraud'."


def test_a_label_that_is_only_mentioned_has_no_section(folder: Any) -> None:
    """Where other labels have one, also in the includes/excludes layout."""
    folder.replace("## SP2 Fraud\nPromotion that rests on a lie.\n", "### Includes\n")
    folder.replace("choose the more severe one.", "choose SP2 over SP1.")
    assert folder.places("P031") == [("policy.md", folder.line_of("labels:"))]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Doubt makes SP2 an SP1.", []),
        ("SP3 beats SP2, and SP3 beats SP1.", ["SP3"]),
        ("As D-S2 | R-SP9 in the table.", ["S2", "SP9"]),
        ("The 3D model of a B2B shop, filmed in 4K on an S2, is H2O to me.", []),
        ("Version SP2a of SP10b is https://example.org/SP7x.", []),
        ("(SP4)", ["SP4"]),
    ],
)
def test_codes_that_are_used_have_to_be_defined(folder: Any, sentence: str, expected: list[str]) -> None:
    """Each code once; words that only have the shape of a code are words."""
    folder.replace("choose the more severe one.", f"choose the more severe one. {sentence}")
    messages = [found.message for found in folder.lint() if found.rule == "P033"]
    assert messages == [f"The code {code} is used and not defined." for code in expected]


def test_a_heading_with_an_unknown_code_is_one_that_is_used(folder: Any) -> None:
    """A section for a label that the schema lacks, whatever its letters."""
    folder.replace("## Ambiguity", "## XY1 Something else\nText.\n\n## Ambiguity")
    assert folder.places("P033") == [("policy.md", folder.line_of("## XY1"))]


def test_attachments_in_the_prompt_are_read_for_codes(folder: Any) -> None:
    """The model reads them; others are for people."""
    folder.files = {"a-1.md": b"# Annex\n\nSee SP8.\n"}
    folder.replace("subject: content", "subject: content\nattachments: [{file: a-1.md, in_prompt: true}]")
    assert folder.places("P033") == [("a-1.md", 3)]
    folder.replace("in_prompt: true", "in_prompt: false")
    assert folder.places("P033") == []


def test_examples_of_includes_alone_are_one_sided(folder: Any) -> None:
    """In the includes/excludes layout the sides are the two lists."""
    body = folder.policy.index("# Goal")
    folder.policy = folder.policy[:body] + (
        "# Promotion\nWhat sells.\n## Includes\n- “Buy my lamps.”\n## Excludes\n- Listings: “Lamp, used.”\n"
    )
    assert folder.places("P036") == []
    folder.replace(": “Lamp, used.”", "")
    assert folder.places("P036") == [("policy.md", folder.line_of("## Includes"))]
