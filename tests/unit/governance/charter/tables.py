"""The tables of keys in governance/README.md, made from the schema: what the README is held against."""

from __future__ import annotations

from governance.charter.directions import DIRECTIONS, GROUP_DIRECTION, Direction
from governance.charter.model import ChangeClass, Mode
from governance.charter.modes import READS
from governance.charter.presets import PRESETS
from governance.charter.schema import CLASS_FIELDS, DELEGATES_KIND, KEYS, Key
from governance.charter.scopes import PROTECTED
from governance.charter.written import written

NAMES = " | ".join(f"`{name}`" for name in PRESETS)


def keys_table() -> str:
    """Every key outside the classes, with its value in each preset."""
    rows = [
        f"| Key | Kind | Unit | Range | Meaning | Stricter | {NAMES} |",
        "|---" * (6 + len(PRESETS)) + "|",
    ]
    for key, spec in KEYS.items():
        if key.startswith("class."):
            continue
        if key == "ballot.method":
            about = ("", DELEGATES_KIND.range, "Who speaks for a group.", GROUP_DIRECTION.value, "", "", "")
            rows.append(_row("`groups.<group>.delegates`", DELEGATES_KIND.name, *about))
        values = (f"`{written(PRESETS[preset][key])}`" for preset in PRESETS)
        rows.append(_row(f"`{key}`", *_about(spec, DIRECTIONS[key]), *values))
    return "\n".join(rows)


def class_table() -> str:
    """Every key of a class."""
    rows = ["| Key | Kind | Unit | Range | Meaning | Stricter |", "|---|---|---|---|---|---|"]
    for field in CLASS_FIELDS:
        key = f"class.policy.{field}"
        rows.append(_row(f"`class.*.{field}`", *_about(KEYS[key], DIRECTIONS[key])))
    return "\n".join(rows)


def preset_table(preset: str) -> str:
    """The values of every class in one preset."""
    classes = " | ".join(f"`{change_class}`" for change_class in ChangeClass)
    rows = [f"| `{preset}` | {classes} |", "|---" * (1 + len(ChangeClass)) + "|"]
    for field in CLASS_FIELDS:
        values = (f"`{written(PRESETS[preset][f'class.{kind}.{field}'])}`" for kind in ChangeClass)
        rows.append(_row(f"`{field}`", *values))
    return "\n".join(rows)


def _about(spec: Key, direction: Direction) -> tuple[str, ...]:
    return spec.kind.name, spec.unit, spec.kind.range, spec.meaning, direction.value


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def mode_table() -> str:
    """What each mode reads."""
    rows = ["| Mode | Reads, beside `mode` |", "|---|---|"]
    for mode in Mode:
        fields = ", ".join(f"`{field}`" for field in CLASS_FIELDS if field in READS[mode])
        rows.append(_row(f"`{mode}`", fields or "nothing"))
    return "\n".join(rows)


def protected_list() -> str:
    """The protected keys and tables."""
    return ", ".join(f"`{name}`" for name in PROTECTED)
