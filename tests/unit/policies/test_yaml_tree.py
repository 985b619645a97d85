"""The careful subset of YAML."""

from __future__ import annotations

import pytest

from policies.yaml_tree import MapNode, Scalar, YamlProblem, plain_value, read_map


def test_scalars_stay_what_their_author_wrote() -> None:
    """Versions, dates, leading zeros and yes-or-no words stay text; only the plainest forms are typed."""
    text = (
        "a: 1.10\nb: 2027-12-31\nc: no\nd: on\ne: 012\nf: 1_000\ng: 0x1F\nh: 1e3\ni: 12:30:45\n"
        "j: True\nk: true\nl: false\nm: 7\nn: -7\no: '7'\np: \"true\"\nq:\nr: ~\ns: null\nt: ''\n"
        "u: 9999999999999999999999\n"
    )
    assert plain_value(read_map(text)) == {
        "a": "1.10",
        "b": "2027-12-31",
        "c": "no",
        "d": "on",
        "e": "012",
        "f": "1_000",
        "g": "0x1F",
        "h": "1e3",
        "i": "12:30:45",
        "j": "True",
        "k": True,
        "l": False,
        "m": 7,
        "n": -7,
        "o": "7",
        "p": "true",
        "q": None,
        "r": None,
        "s": None,
        "t": "",
        "u": "9999999999999999999999",
    }


def test_collections_keep_order_and_places() -> None:
    """Lists and maps read in the order written, and each value knows its line."""
    root = read_map("one: {x: 1, y: [a, b]}\n\n# note\ntwo:\n  - c\n  - d: e\n")
    assert plain_value(root) == {"one": {"x": 1, "y": ["a", "b"]}, "two": ["c", {"d": "e"}]}
    assert (root.keys["two"].line, root.items["two"].place.end_line) == (3, 5)


def test_quoted_text_keeps_its_characters() -> None:
    """Escapes, Unicode and line folding in quotes give the text they stand for."""
    root = read_map('a: "é\\u00e9\\n“x”"\nb: >-\n  folded\n  text\nc: |\n  kept\n  lines\n')
    assert plain_value(root) == {"a": "éé\n“x”", "b": "folded text", "c": "kept\nlines\n"}


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: &x 1\nb: 2", 0, "Anchors and aliases are not allowed."),
        ("a: 1\nb: *x", 1, "Anchors and aliases are not allowed."),
        ("a: !!python/object/apply:os.system [ls]", 0, "The tag"),
        ("a: !!str 1", 0, "The tag"),
        ("a: !local {}", 0, "The tag"),
        ("a: ! 1", 0, "The tag"),
        ("a: 1\nb: 2\na: 3", 2, "Key 'a' stands twice."),
        ("x: {a: 1, a: 2}", 0, "Key 'a' stands twice."),
        ("a: 1\n'a': 2", 1, "Key 'a' stands twice."),
        ("<<: {a: 1}", 0, "Merge keys are not allowed."),
        ("a: 1e999", 0, "'1e999' is read as infinity"),
        ("a: -1.5E+400", 0, "'-1.5E+400' is read as infinity"),
        ("a:\n- .nan", 1, "'.nan' is read as infinity"),
        ("a: -.INF", 0, "'-.INF' is read as infinity"),
        ("? [a]\n: b", 0, "A key is not a text."),
        ("{a: 1}: b", 0, "A key is not a text."),
        ("~: b", 0, "A key is not a text."),
        ("a: 1\n---\nb: 2", 1, "A second document or a directive"),
        ("%YAML 1.1\n---\na: 1", 0, "A second document or a directive"),
        ("a: 1\n...\nb: 2", 2, "Not valid YAML"),
        ("a: [1, 2", 1, "Not valid YAML"),
        ("a: 'x\n", 1, "Not valid YAML"),
        ("a: 1\n\tb: 2", 1, "Not valid YAML"),
        ("a: é\nb: \x00", 1, "The character U+0000 cannot stand in front matter."),
        ("a: é\nb: \x1b[2J", 1, "The character U+001B"),
        ("a: 1\nb: 2\x85c: 3", 1, "The character U+0085"),
        ("a: 1\nb: 2\u2028c: 3", 1, "The character U+2028"),
        ("a: 1\nb: \ufeff", 1, "The character U+FEFF"),
        ("a: 1\rb: 2", 0, "The character U+000D"),
        ("- a\n- b", 0, "The front matter is not a list of keys and values."),
        ("text", 0, "The front matter is not a list of keys and values."),
        ("", 0, "The front matter is not a list of keys and values."),
    ],
)
def test_what_readers_disagree_on_is_refused(text: str, line: int, message: str) -> None:
    """Each form that could mean two things, or exhaust a reader, is refused with its line."""
    with pytest.raises(YamlProblem) as caught:
        read_map(text)
    assert caught.value.line == line
    assert caught.value.message.startswith(message)


@pytest.mark.parametrize(
    "text",
    ["a: " + "[" * 30_000, "a: " + "{b: " * 15_000, "a:\n  " + "- " * 30_000, "? " * 30_000],
    ids=["lists", "maps", "hyphens", "keys"],
)
def test_deep_nesting_is_refused_without_recursion(text: str) -> None:
    """A text of brackets ends at the eighth level, not at the interpreter's limit."""
    with pytest.raises(YamlProblem, match="nested more than 8 deep"):
        read_map(text)


def test_eight_levels_are_read() -> None:
    """Eight lists and maps inside one another, the outermost included, are read."""
    text = "a: {b: {c: {d: {e: {f: {g: [1]}}}}}}"
    assert plain_value(read_map(text)) == {"a": {"b": {"c": {"d": {"e": {"f": {"g": [1]}}}}}}}


def test_alias_bomb_is_refused_at_its_first_anchor() -> None:
    """Nine lines that would unfold to a billion values are refused at the first one."""
    bomb = "a: &a [x]\n" + "".join(
        f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    with pytest.raises(YamlProblem) as caught:
        read_map(bomb)
    assert (caught.value.line, caught.value.message) == (0, "Anchors and aliases are not allowed.")


def test_tree_says_how_values_are_written() -> None:
    """Whether a value stands plain, in quotes, in brackets or as a block is kept."""
    items = read_map("a: x\nb: 'x'\nc: [x]\nd:\n  e: x\nf: |\n  x\n").items
    written = {
        key: (node.plain, node.block) if isinstance(node, Scalar) else node.block
        for key, node in items.items()
    }
    assert written == {"a": (True, False), "b": (False, False), "c": False, "d": True, "f": (False, True)}
    assert isinstance(items["d"], MapNode)
