"""Which lines of a TOML text belong together, and what not all readers take alike."""

from __future__ import annotations

import pytest

from governance.charter.statements import NotPlainError, statements


def test_lines_and_tables() -> None:
    """A statement has its lines, the table that it stands under, and the keys that it gives."""
    text = (
        'a = 1 # {[\n\n# b = 2\n[t.u] # [x]\nc.d = [ # (\n  "]", "#",\n]\n'
        'e = {f = 1, g = {}}\n[[v]]\nh = "[{"\n'
    )
    found = list(statements(text.split("\n")))
    assert [(item.first, item.last, item.table, item.is_header) for item in found] == [
        (0, 0, (), False),
        (3, 3, ("t", "u"), True),
        (4, 6, ("t", "u"), False),
        (7, 7, ("t", "u"), False),
        (8, 8, ("v",), True),
        (9, 9, ("v",), False),
    ]
    assert [dict(item.values) for item in found] == [
        {("a",): 1},
        {},
        {("t", "u", "c", "d"): ["]", "#"]},
        {("t", "u", "e", "f"): 1, ("t", "u", "e", "g"): {}},
        {},
        {("v", "h"): "[{"},
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a = 1\nb = {c = 1,}", 1),  # TOML 1.1 allows this and the next
        ("a = {\nb = 1}", 0),
        ("a = [{\nb = 1}]", 0),
        ("a = [\n1,\n{b = 1, } ]", 2),
        ('a = "\\u0041"', 0),
        ('"\\u0041" = 1', 0),
        ("a = 'b\\c'", 0),
        ('a = """b"""', 0),
        ("a = '''b\nc'''", 0),
        ('a = "', 0),
    ],
)
def test_not_plain(text: str, line: int) -> None:
    """Escapes, texts over several lines, and loose braces are refused before anything reads them."""
    with pytest.raises(NotPlainError) as refused:
        list(statements(text.split("\n")))
    assert refused.value.line == line


def test_comments_are_free() -> None:
    """A comment may hold whatever it likes."""
    lines = ["# \\ ''' {,}", 'a = 1 # " {', "[b] # ,}"]
    assert [item.first for item in statements(lines)] == [1, 2]
