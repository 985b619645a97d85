"""Writing values as YAML."""

from __future__ import annotations

import pytest
import yaml

from policies.yaml_text import flow_text, plain_copy, value_lines


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Spam", "Spam"),
        ("1.2.0", "1.2.0"),
        ("CC-BY-4.0", "CC-BY-4.0"),
        ("roost/spam@1.2.0", "roost/spam@1.2.0"),
        ("Haß im Netz", "Haß im Netz"),
        ("1.10", '"1.10"'),
        ("2027-12-31", '"2027-12-31"'),
        ("no", '"no"'),
        ("y", '"y"'),
        ("012", '"012"'),
        ("1e5", '"1e5"'),
        ("", '""'),
        (" x", '" x"'),
        ("a: b", '"a: b"'),
        ("a #b", '"a #b"'),
        ("~ana", '"~ana"'),
        ("<<", '"<<"'),
        ('say "hi"\n', '"say \\"hi\\"\\n"'),
        ("\x85\u2028\ufeff", '"\\u0085\\u2028\\ufeff"'),
        (True, "true"),
        (None, "null"),
        (-3, "-3"),
        (["a", 1, False], "[a, 1, false]"),
        ({"code": "SP0", "title": "no"}, '{code: SP0, title: "no"}'),
    ],
)
def test_value_is_written_so_that_every_reader_takes_it_alike(value: object, text: str) -> None:
    """Text stays plain only where no reader of YAML 1.1 or 1.2 takes it for something else."""
    assert flow_text(value) == text
    assert yaml.safe_load(f"k: {text}") == {"k": value}


def test_list_of_maps_gets_a_line_for_each() -> None:
    """Labels and attachments are read by people, one a line."""
    assert value_lines([{"code": "A"}, {"code": "B"}]) == ("", ("  - {code: A}", "  - {code: B}"))
    assert value_lines(["A", "B"]) == ("[A, B]", ())


@pytest.mark.parametrize("value", [1.5, b"x", object(), {1: "a"}, [1.5], {"a": {"b": float("nan")}}])
def test_what_front_matter_cannot_hold_is_a_type_error(value: object) -> None:
    """Floats, bytes and keys that are not text are a caller's mistake."""
    with pytest.raises(TypeError):
        flow_text(value)


def test_value_that_holds_itself_is_a_type_error() -> None:
    """A list inside itself ends at the depth limit."""
    value: list[object] = []
    value.append(value)
    with pytest.raises(TypeError, match="nested more than"):
        flow_text(value)


def test_plain_copy_is_what_reading_gives_back() -> None:
    """Tuples become lists and enumeration members become text."""
    assert plain_copy({"a": ("x", ("y",)), "b": None}) == {"a": ["x", ["y"]], "b": None}
