"""Finding, reading and editing front matter."""

from __future__ import annotations

import pytest

from policies.errors import MalformedPolicyError
from policies.front_matter import KeySpan, edit_front_matter, read_front_matter
from policies.limits import LIMITS

PLAIN = b"""---
title: Spam   # what people browse for
summary: >-
  One sentence that
  goes on.
# The number is given at enactment.
version: 1.2.0            # semver
licenses: {text: CC-BY-4.0, cases: CC-BY-4.0}
labels:                   # order is severity
  - {code: SP0, title: Not spam, violates: false}
  - code: SP2
    title: Likely spam
    violates: true
x-review: {by: [ana]}
---
# Goal
Decide.
"""


def test_front_matter_and_body_are_parted() -> None:
    """The body begins behind the closing fence, and its line is counted in the file."""
    read = read_front_matter(PLAIN)
    assert read.findings == ()
    assert (read.body, read.body_line) == ("# Goal\nDecide.\n", 16)
    assert (read.meta.title, read.meta.version) == ("Spam", "1.2.0")
    assert read.meta.codes == ("SP0", "SP2")


def test_unknown_keys_are_kept() -> None:
    """What this version does not know is in `extra`, and with everything else in `values`."""
    read = read_front_matter(PLAIN)
    assert read.meta.extra == {"x-review": {"by": ["ana"]}}
    assert list(read.values) == ["title", "summary", "version", "licenses", "labels", "x-review"]


def test_places_are_lines_of_the_file() -> None:
    """Spans and lines count from the file's first line, the fence."""
    read = read_front_matter(PLAIN)
    assert read.spans == {
        "title": KeySpan(2, 2),
        "summary": KeySpan(3, 5),
        "version": KeySpan(7, 7),
        "licenses": KeySpan(8, 8),
        "labels": KeySpan(9, 13),
        "x-review": KeySpan(14, 14),
    }
    assert read.line_of("labels", 1, "violates") == 13
    assert read.line_of("labels", 1, "handling") == 11
    assert read.line_of("labels", 7) == 9
    assert read.line_of("terms") == 2


@pytest.mark.parametrize(
    ("raw", "body_line"),
    [
        (PLAIN.replace(b"\n", b"\r\n"), 16),
        (b"\xef\xbb\xbf" + PLAIN, 16),
        (PLAIN.replace(b"---\n", b"--- \t\n"), 16),
        (PLAIN.split(b"# Goal")[0].removesuffix(b"\n"), 15),
    ],
    ids=["crlf", "bom", "blanks-behind-fence", "no-body-no-newline"],
)
def test_odd_layouts_read_alike(raw: bytes, body_line: int) -> None:
    """Line ends, a byte-order mark and blanks behind a fence do not change what is said."""
    read = read_front_matter(raw)
    assert read.findings == ()
    assert read.meta == read_front_matter(PLAIN).meta
    assert read.body_line == body_line


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (b"", ("P001", 1)),
        (b"# Goal\n", ("P001", 1)),
        (b"\n---\ntitle: x\n---\n", ("P001", 1)),
        (b"---\ntitle: x\n", ("P002", 1)),
        (b"---\ntitle: x\n ---\n", ("P002", 1)),
        (b"---\n---\n", ("P002", 2)),
        (b"---\ntitle: x\nfoo: [\n---\n", ("P002", 4)),
        (b"---\ntitle: x\n  \n  foo: 1\n---\n", ("P002", 4)),
        (b"---\n{title: x}\n---\n", ("P002", 2)),
        (b"---\n  title: x\n---\n", ("P002", 2)),
        (b"---\n? title\n: x\n---\n", ("P002", 2)),
        (b"---\nsummary: x\n---\n", ("P003", 2)),
    ],
)
def test_problem_has_rule_and_line(raw: bytes, place: tuple[str, int]) -> None:
    """Each way of not being front matter has one finding with its line."""
    read = read_front_matter(raw)
    assert [(finding.rule, finding.line) for finding in read.findings] == [place]
    assert read.meta.title == ""


def test_text_without_front_matter_is_all_body() -> None:
    """Importers get the whole text of a bare file, without its byte-order mark."""
    read = read_front_matter(b"\xef\xbb\xbf# Goal\n")
    assert (read.body, read.body_line) == ("# Goal\n", 1)


def test_bytes_that_are_not_utf8_have_their_line() -> None:
    """A byte of another encoding is named by line, and the rest is still looked at."""
    read = read_front_matter(PLAIN.replace(b"Decide.", b"Entscheide f\xfcr"))
    assert [(finding.rule, finding.line) for finding in read.findings] == [("P008", 17)]
    assert read.meta.title == "Spam"


def test_front_matter_over_the_limit_is_not_scanned() -> None:
    """More than 64 KiB of YAML is refused by size."""
    big = b"---\ntitle: x\nnote: " + b"x" * LIMITS.front_matter_bytes + b"\n---\nbody\n"
    read = read_front_matter(big)
    assert [finding.message for finding in read.findings] == ["The front matter has 64 KiB, more than 64."]
    assert read.body == "body\n"


def test_file_over_the_limit_is_not_read() -> None:
    """A file of more than 256 KiB gives one finding and no text."""
    read = read_front_matter(b"x" * (LIMITS.policy_bytes + 1))
    assert [(finding.rule, finding.line) for finding in read.findings] == [("P007", 0)]
    assert read.body == ""


@pytest.mark.parametrize(
    ("updates", "before", "after"),
    [
        ({"version": "1.3.0"}, b"version: 1.2.0            # semver", b"version: 1.3.0            # semver"),
        ({"title": "Scams: a guide"}, b"title: Spam   # what", b'title: "Scams: a guide"   # what'),
        ({"summary": "Short."}, b"summary: >-\n  One sentence that\n  goes on.\n", b"summary: Short.\n"),
        ({"summary": None}, b"summary: >-\n  One sentence that\n  goes on.\n", b""),
        ({"x-review": None}, b"x-review: {by: [ana]}\n", b""),
        ({"nothing": None}, b"", b""),
        ({"licenses": {"text": "MIT"}}, b"{text: CC-BY-4.0, cases: CC-BY-4.0}", b"{text: MIT}"),
        (
            {"labels": [{"code": "A", "title": "B", "violates": True}]},
            PLAIN[PLAIN.index(b"labels:") : PLAIN.index(b"x-review")],
            b"labels:  # order is severity\n  - {code: A, title: B, violates: true}\n",
        ),
        ({"status": "stable"}, b"licenses:", b"status: stable\nlicenses:"),
        ({"links": ["https://a.example/"]}, b"x-review", b'links: ["https://a.example/"]\nx-review'),
        ({"zeta": 1}, b"---\n# Goal", b"zeta: 1\n---\n# Goal"),
        (
            {"upstream": {"policy": "roost/spam", "version": "1.1.0"}},
            b"x-review",
            b"upstream: {policy: roost/spam, version: 1.1.0}\nx-review",
        ),
    ],
)
@pytest.mark.parametrize("eol", [b"\n", b"\r\n"])
def test_edit_changes_the_asked_key_only(
    updates: dict[str, object], before: bytes, after: bytes, eol: bytes
) -> None:
    """One key's bytes change; comments, order, line ends and the body stay."""
    raw, before, after = (text.replace(b"\n", eol) for text in (PLAIN, before, after))
    assert edit_front_matter(raw, updates) == raw.replace(before, after, 1)


def test_edit_of_several_keys_keeps_the_formats_order() -> None:
    """New keys come where the format has them, whatever order they were given in."""
    raw = b"---\ntitle: x\nlabels: []\n---\n"
    edited = edit_front_matter(raw, {"links": [], "status": "draft", "version": "1.0.0", "b": 1, "a": 2})
    assert edited == b"---\ntitle: x\nversion: 1.0.0\nstatus: draft\nlabels: []\nlinks: []\nb: 1\na: 2\n---\n"


@pytest.mark.parametrize(
    ("raw", "edited"),
    [
        (b"---\ntitle:\n---\n", b"---\ntitle: x\n---\n"),
        (b"---\ntitle:   # later\n---\n", b"---\ntitle: x   # later\n---\n"),
        (b"---\ntitle: # a\n  long # b\n---\n", b"---\ntitle: # a\n  x # b\n---\n"),
        (b"---\ntitle: long\n  on two  # c\nb: 1\n---\n", b"---\ntitle: x  # c\nb: 1\n---\n"),
        (b"---\ntitle: |+\n  long\n\n\nb: 1\n---\n", b"---\ntitle: x\nb: 1\n---\n"),
        (b"---\ntitle: |\n  long\n\n# c\nb: 1\n---\n", b"---\ntitle: x\n\n# c\nb: 1\n---\n"),
        (b"---\n'title': \"a\"\n---\n", b"---\n'title': x\n---\n"),
        (b"---\ntitle: [a,\n  b] # c\n# d\n---", b"---\ntitle: x # c\n# d\n---"),
        (b"\xef\xbb\xbf---\r\ntitle: a\r\n---\r\n", b"\xef\xbb\xbf---\r\ntitle: x\r\n---\r\n"),
    ],
)
def test_edit_copes_with_every_layout_of_a_value(raw: bytes, edited: bytes) -> None:
    """Empty values, blocks, quotes and brackets are replaced whole."""
    assert edit_front_matter(raw, {"title": "x"}) == edited


def test_key_is_put_in_where_another_is_taken_out() -> None:
    """An edit may add a key right where it removes one."""
    raw = b"---\nversion: 1.0.0\nsummary: x\nlabels: []\n---\n"
    edited = edit_front_matter(raw, {"summary": None, "status": "draft"})
    assert edited == b"---\nversion: 1.0.0\nstatus: draft\nlabels: []\n---\n"


def test_edit_without_updates_changes_nothing() -> None:
    """No updates, no change."""
    assert edit_front_matter(PLAIN, {}) == PLAIN


@pytest.mark.parametrize(
    "raw", [b"", b"# Goal", b"---\ntitle: x", b"---\na: [\n---\n", b"---\na: \xff\n---\n"]
)
def test_edit_of_what_cannot_be_read_is_refused(raw: bytes) -> None:
    """A file whose front matter cannot be read is not written to."""
    with pytest.raises(MalformedPolicyError):
        edit_front_matter(raw, {"title": "x"})


def test_edit_refuses_values_that_front_matter_cannot_hold() -> None:
    """A float has no agreed spelling, so it is a type error and not a rounded number."""
    with pytest.raises(TypeError):
        edit_front_matter(PLAIN, {"score": 0.5})
