"""Front matter holds its promises for any values and layouts."""

from __future__ import annotations

from collections.abc import Mapping

import yaml
from hypothesis import given
from hypothesis import strategies as st

from policies.codec import read_policy, render_policy
from policies.front_matter import edit_front_matter, read_front_matter
from policies.meta_fields import FIELD_ORDER
from policies.yaml_text import flow_text, plain_copy

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
KEY = st.sampled_from(FIELD_ORDER) | st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)
SCALAR = (
    TEXT
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.sampled_from(
        [
            "no",
            "1.10",
            "2027-12-31",
            "~",
            "null",
            "1e999",
            ".nan",
            "<<",
            "- x",
            "a: b",
            "#",
            "---",
            "'",
            '"',
            "|",
        ]
    )
)
FLAT = SCALAR | st.lists(SCALAR, max_size=3) | st.dictionaries(TEXT, SCALAR | st.none(), max_size=3)
VALUE = FLAT | st.lists(FLAT, max_size=3)
UPDATES = st.dictionaries(KEY, VALUE | st.none(), max_size=6)

# Lines of the kinds that people write, each a whole key or no key at all.
LINES = st.lists(
    st.sampled_from(
        [
            "title: Spam",
            "title: 'Spam'   # comment",
            "summary: >-\n  folded\n  text\n",
            "summary: |+\n  kept\n\n",
            "summary: plain\n  on two lines # why",
            "version: 1.0.0 # semver",
            "version:",
            "labels: # order\n  - {code: A, violates: true}\n  # between\n  - code: C\n    title: D",
            "labels:\n- a\n- b",
            "licenses: {text: MIT,\n  cases: MIT} # both",
            "support:\n  reason: |\n    long\n\n  until: 2027-01-01",
            "x-own:\n  below # c",
            "# a comment",
            "",
            "  # an indented comment",
        ]
    ),
    max_size=8,
    unique_by=lambda line: line.split(":")[0] if ":" in line else object(),
)
EOL = st.sampled_from(["\n", "\r\n"])


def document(lines: list[str], eol: str, bom: bool, body: str) -> bytes:
    """A file with these front matter lines."""
    matter = "".join(f"{line}\n" for line in ["first: 1", *lines])
    return ("\ufeff" * bom + f"---\n{matter}---\n".replace("\n", eol) + body).encode()


@given(st.binary(max_size=200) | st.binary(max_size=100).map(lambda raw: b"---\n" + raw + b"\n---\n"))
def test_any_bytes_are_read_and_given_back(raw: bytes) -> None:
    """Reading never fails, and never changes the bytes."""
    assert render_policy(read_policy(raw)) == raw


@given(TEXT, LINES, EOL, st.booleans())
def test_body_and_front_matter_make_up_the_file(body: str, lines: list[str], eol: str, bom: bool) -> None:
    """The body is the file's end, byte for byte, and its line is the number of line ends before it."""
    raw = document(lines, eol, bom, body)
    read = read_front_matter(raw)
    assert raw.endswith(read.body.encode())
    before = raw.removesuffix(read.body.encode())
    assert read.body_line == before.count(b"\n") + 1
    assert before.rstrip().endswith(b"---")


@given(LINES, EOL, st.booleans(), UPDATES)
def test_edit_sets_what_was_asked_and_nothing_else(
    lines: list[str], eol: str, bom: bool, updates: Mapping[str, object]
) -> None:
    """After an edit the asked keys have their values, all others have theirs, and so have the comments."""
    raw = document(lines, eol, bom, "# Body\r\n- x\n")
    edited = edit_front_matter(raw, updates)
    before, after = read_front_matter(raw), read_front_matter(edited)
    expected = {key: value for key, value in before.values.items() if key not in updates}
    expected |= {key: plain_copy(value) for key, value in updates.items() if value is not None}
    assert after.values == expected
    assert after.body == before.body
    kept = [key for key in before.values if key not in updates]
    for key in kept:
        first, last = before.spans[key]
        source = b"\n".join(raw.split(b"\n")[first - 1 : last])
        assert source.rstrip() in edited


@given(LINES, EOL, UPDATES)
def test_edit_twice_is_edit_once(lines: list[str], eol: str, updates: Mapping[str, object]) -> None:
    """An edit that changes nothing any more leaves the bytes alone."""
    edited = edit_front_matter(document(lines, eol, False, ""), updates)
    assert edit_front_matter(edited, updates) == edited


@given(LINES, EOL, TEXT)
def test_edit_and_back_restores_a_single_line(lines: list[str], eol: str, value: str) -> None:
    """A key that is set and taken out again leaves no trace."""
    raw = document(lines, eol, False, "")
    assert edit_front_matter(edit_front_matter(raw, {"zz": value}), {"zz": None}) == raw


@given(VALUE)
def test_written_values_mean_the_same_to_another_reader(value: object) -> None:
    """PyYAML's own reader, with all its guessing, gets the value that was meant."""
    assert yaml.safe_load(f"k: {flow_text(value)}") == {"k": value}
