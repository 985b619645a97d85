"""Tests of `policies.importers.labels`."""

from __future__ import annotations

from policies.importers.labels import flag_schema, flags_of, map_to_schema, schema_from
from policies.model import Label

_SPAM = (
    Label(code="SP0", title="Not spam", violates=False),
    Label(code="SP2", title="Likely spam", violates=True),
    Label(code="SP3", title="High-risk spam", violates=True),
)


def test_spelling_and_titles_lead_to_the_code() -> None:
    """Case, spaces and the label's title do not hide what is meant, and it is told."""
    found = map_to_schema(["SP0", "sp2", "High-risk spam"], _SPAM)
    assert dict(found.codes) == {"SP0": "SP0", "sp2": "SP2", "High-risk spam": "SP3"}
    assert [message for message, _ in found.said] == [
        "labels were read by their spelling or title: 'High-risk spam' as SP3, 'sp2' as SP2."
    ]


def test_synonyms_are_mapped_only_where_one_code_fits() -> None:
    """VALID is the one allowed code; INVALID could be two, so it stays what it is, and both are told."""
    found = map_to_schema(["VALID", "INVALID"], _SPAM)
    assert (dict(found.codes), found.unknown) == ({"VALID": "SP0"}, ("INVALID",))
    assert found.code("INVALID") == "INVALID"
    assert "'VALID' as SP0" in found.said[0][0]
    assert "'INVALID' (SP2 or SP3)" in found.said[1][0]


def test_a_yes_without_a_question_is_not_guessed() -> None:
    """Under `label` a yes means nothing; under `violates` it does."""
    schema = _SPAM[:2]
    assert map_to_schema(["yes"], schema, "label").unknown == ("yes",)
    assert dict(map_to_schema(["yes"], schema, "violates").codes) == {"yes": "SP2"}


def test_unknown_labels_are_kept_and_told() -> None:
    """A label that the policy does not define is named, not dropped."""
    found = map_to_schema(["SP9"], _SPAM)
    assert found.unknown == ("SP9",)
    assert "'SP9'" in found.said[0][0]


def test_flags_of_one_word() -> None:
    """A code sets its flag; a word for nothing wrong clears all; one for a wrong needs a sole flag."""
    schema = (
        Label(code="S", title="Shouting", violates=True),
        Label(code="H", title="Hissing", violates=True),
    )
    assert flags_of("S", schema) == {"S": True, "H": None}
    assert flags_of("safe", schema) == {"S": False, "H": False}
    assert flags_of("1", schema) is None
    assert flags_of("1", schema[:1]) == {"S": True}


def test_a_schema_from_data_knows_what_violates() -> None:
    """The negated label is allowed, its opposite violates, and the mildest comes first."""
    labels, found = schema_from({"hateful": 3, "non-hateful": 2})
    assert [(label.code, label.violates) for label in labels] == [("non-hateful", False), ("hateful", True)]
    assert found.codes == {"hateful": "hateful", "non-hateful": "non-hateful"}


def test_a_schema_from_data_merges_spellings_and_fixes_codes() -> None:
    """`Spam` and `spam` are one label; a label with a space gets a code without one."""
    labels, found = schema_from({"spam": 5, "Spam": 1, "not spam": 4})
    assert [(label.code, label.title) for label in labels] == [("not-spam", "Not spam"), ("spam", "Spam")]
    assert found.codes == {"spam": "spam", "Spam": "spam", "not spam": "not-spam"}
    assert any("taken for one" in message for message, _ in found.said)


def test_a_schema_from_data_says_what_it_does_not_know() -> None:
    """Labels of which nobody knows whether they violate are told as such."""
    labels, found = schema_from({"purple": 1, "green": 1})
    assert all(label.violates for label in labels)
    assert any("green, purple" in message for message, _ in found.said)


def test_flag_schemas_keep_the_order_of_the_source() -> None:
    """Flags are listed as they came, each under a code that a policy allows."""
    labels, codes = flag_schema(["S", "self harm", "H2"])
    assert [label.code for label in labels] == ["S", "self-harm", "H2"]
    assert codes == {"S": "S", "self harm": "self-harm", "H2": "H2"}
