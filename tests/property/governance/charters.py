"""Any charter, and any way to write one."""

from __future__ import annotations

import tomllib
from fractions import Fraction

from hypothesis import assume
from hypothesis import strategies as st

from governance.charter.kinds import Choice, Flag, Kind, Optional, QuorumParts, Share, Text, Texts, Whole
from governance.charter.presets import PRESETS
from governance.charter.schema import DELEGATES_KIND, KEYS, group_key
from governance.charter.values import Plain
from governance.charter.written import written

presets = st.sampled_from(sorted(PRESETS))
_names = st.from_regex(r"[a-z0-9](?:[a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
_TEXTS = {
    "a model's id such as openai/gpt-oss-safeguard-20b": st.sampled_from(["a", "open/Model-1.2_b", "x" * 64]),
    "a commit of 40 or 64 hex digits, or nothing": st.sampled_from(["", "a" * 40, "0" * 64]),
    "a prompt template such as safeguard-label@1": st.sampled_from(["safeguard-label@1", "x@9999"]),
    "a key of the charter, or a table of keys": st.sampled_from(["audit", "class.entrenched", *KEYS]),
}


def shares(kind: Share) -> st.SearchStrategy[str]:
    """Fractions of a kind, as they are written."""
    values = st.fractions(min_value=kind.least, max_value=kind.most, max_denominator=9999)
    # Four digits above the line, and four below.
    return values.filter(
        lambda value: value.numerator < 10_000 and value != (kind.least if kind.over else -1)
    ).map(str)


def plain(kind: Kind) -> st.SearchStrategy[Plain]:
    """Any value of a kind, in the form in which it reads back."""
    match kind:
        case Whole(least=least, most=most):
            return st.integers(least, most)
        case Share():
            return shares(kind)
        case Choice(words=words):
            return st.sampled_from([str(word) for word in words])
        case Flag():
            return st.booleans()
        case Text(what=what):
            return _TEXTS.get(what, _names)
        case Texts(item=item, least=least, most=most):
            lists = st.lists(plain(item), min_size=least, max_size=min(most, 5), unique=True)
            return lists.map(lambda texts: tuple(sorted(map(str, texts))))
        case Optional(kind=inner):
            return st.just("none") | plain(inner)
        case QuorumParts():
            floors = st.integers(1, 10_000)
            roots = shares(Share(least=Fraction(0), most=Fraction(100), over=True))
            parts = shares(Share(least=Fraction(0), most=Fraction(1), over=True))
            return st.fixed_dictionaries(
                {"formula": st.just("sqrt"), "factor": roots, "floor": floors}
            ) | st.fixed_dictionaries({"share": parts, "floor": floors})
    raise AssertionError(kind)


@st.composite
def overrides(draw: st.DrawFn, most: int = 12) -> dict[str, Plain]:
    """Some keys with values that they may hold, those of groups included."""
    keys = draw(st.lists(st.sampled_from(sorted(KEYS)), max_size=most, unique=True))
    values = {key: draw(plain(KEYS[key].kind)) for key in keys}
    for group in draw(st.lists(_names, max_size=3, unique=True)):
        values[group_key(group)] = draw(plain(DELEGATES_KIND))
    return values


_comments = st.sampled_from(
    ["", "  # a note", " # [class.policy]", "   # voting = 3", " # \U0001f600 {,} \\"]
)
_between = st.lists(st.sampled_from(["", "# a line", "  # voting = 9", "#", "# [audit]"]), max_size=2)


@st.composite
def files(draw: st.DrawFn, values: dict[str, Plain]) -> tuple[str, str]:
    """A preset, and a text that says these overrides of it in one of the many ways in which TOML can."""
    preset = draw(presets)
    tables: dict[str, dict[str, Plain]] = {}
    for key, value in values.items():
        table, _, name = key.rpartition(".")
        tables.setdefault(table, {})[name] = value
    first = ["schema = 1", f'preset = "{preset}"']
    blocks: list[list[str]] = []
    for table in draw(st.permutations(sorted(tables))):
        style = draw(st.sampled_from(["table", "table", "table", "dotted", "braces"]))
        given = tables[table]
        if style == "braces":
            first.append(f"{table} = {written(given)}{draw(_comments)}")
        elif style == "dotted":
            first += [f"{table}.{name} = {written(value)}{draw(_comments)}" for name, value in given.items()]
        else:
            blocks.append(
                [f"[{table}]{draw(_comments)}", *draw(st.builds(_entries, st.just(given), st.randoms()))]
            )
    lines: list[str] = []
    for line in [*draw(st.permutations(first)), *(line for block in blocks for line in block)]:
        lines += [*draw(_between), f"{line}{draw(_comments)}" if "#" not in line else line]
    text = "\n".join(lines) + draw(st.sampled_from(["", "\n", "\n\n# the end\n"]))
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assume(False)  # some ways exclude each other
    return preset, text


def _entries(given: dict[str, Plain], random: object) -> list[str]:
    """A table's keys, a quorum at times in a table of its own and a list over several lines."""
    lines, own = [], []
    for name, value in given.items():
        odd = random.random() < 0.4  # type: ignore[attr-defined]
        if isinstance(value, dict) and odd:
            own += [f"{name}.{part} = {written(item)}" for part, item in value.items()]
        elif isinstance(value, tuple) and odd:
            lines.append(f"{name} = [ # all of them\n" + "".join(f'\t"{item}",\n' for item in value) + "]")
        else:
            lines.append(f"{name}   =   {written(value)}")
    return [*lines, *own]
