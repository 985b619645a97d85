"""The file that a founding writes: a preset, with its rules shown as comments. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from governance.charter.modes import idle_keys
from governance.charter.resolve import plain_value, resolve
from governance.charter.schema import KEYS, SCHEMA
from governance.charter.written import written

_HEAD = """\
# The rules of this commons: a preset, and whatever is said otherwise below.
schema = {schema}
preset = "{preset}"

# A line that begins with "# " and a key shows what the preset says. To change a rule by hand, take the
# "# " away and give the new value. Times are in hours; 24 are a day and 168 a week.
"""

_ABOUT = {
    "class.routine": "Small changes: metadata, more cases, wording that the tests show to be neutral.",
    "class.policy": "Changes of what a policy says.",
    "class.charter": "Changes of the rules in this file.",
    "class.entrenched": "Changes of the protected ones: how decisions are counted, checked and appealed.",
}

_GROUPS = """
# Organisations that speak for people whom the policies affect; never a trait of a person.
[groups]
# teens = {delegates = ["youth-council"]}
"""


def first_file(preset: str) -> bytes:
    """`governance/charter.toml` of a new commons under this preset.

    Shows every key that does something under it. Raises `InvalidCharterError` for an unknown preset.
    """
    charter = resolve(preset, {})
    idle = idle_keys(charter)
    shown = {
        key: f"# {key.rpartition('.')[2]} = {written(plain_value(charter, key))}"
        for key in KEYS
        if key not in idle
    }
    tables = dict.fromkeys(key.rpartition(".")[0] for key in shown)
    parts = [_HEAD.format(schema=SCHEMA, preset=preset)]
    for table in tables:
        keys = [key for key in shown if key.rpartition(".")[0] == table]
        if table == "ballot":
            parts.append(_GROUPS)
        about = f"# {_ABOUT[table]}\n" if table in _ABOUT else ""
        parts.append(f"\n{about}[{table}]\n{''.join(_lines(keys, shown))}")
    return "".join(parts).encode()


def _lines(keys: list[str], shown: dict[str, str]) -> Iterator[str]:
    width = max(len(shown[key]) for key in keys)
    for key in keys:
        yield f"{shown[key]:<{width}}  # {KEYS[key].meaning}\n"
