"""Founds a commons on a site: checks what is asked for, then has it put in its place whole."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from governance.charter.first_file import first_file
from governance.charter.presets import PRESETS, SOLO
from policies.errors import InvalidNameError
from policies.names import check_commons_path, look_alike_key
from registry.services.errors import InputRefusedError
from registry.services.found import check_handle, first_entry, found_child, found_whole
from registry.services.founding_choices import first_charter
from registry.services.opening import open_commons
from registry.store.log import LogEntry
from registry.store.repository import Repository

NAME, PARENT, PRESET = "name", "parent", "preset"
"""What is asked for, and the places of what is refused of it."""


class Wanted(NamedTuple):
    """A commons that somebody wants to found; `parent` is the one that it is nested in."""

    name: str
    parent: str | None
    preset: str


class FoundedHere(NamedTuple):
    """A commons as it was founded: its founding in its own log, and its name in its parent's."""

    wanted: Wanted
    founding: LogEntry


def wanted(name: str, parent: str | None = None, preset: str = SOLO) -> Wanted:
    """What is asked for, read: a path, or a last part with the parent's name beside it.

    A preset may be named without its version. Raises `InputRefusedError`.
    """
    within, last = (parent or "").strip(), name.strip()
    full = last if not within or last.startswith(f"{within}/") else f"{within}/{last}"
    try:
        checked = check_commons_path(full)
    except InvalidNameError as error:
        raise InputRefusedError(NAME, f"{error.value!r} {error.rule}", error.remedy) from None
    above = checked.rpartition("/")[0]
    return Wanted(checked, above or None, _preset(preset.strip()))


def check_name(asked: Wanted, founder: str, taken: Collection[str]) -> None:
    """Raises `InputRefusedError` for a name that is somebody else's, or that is taken for another's."""
    top = asked.name.partition("/")[0]
    if top.startswith("~") and top != f"~{founder}":
        raise InputRefusedError(
            NAME, f"{top} is where {top[1:]} keeps their own.", f"Begin it with ~{founder}, or without ~."
        )
    if asked.parent is not None and asked.parent not in taken:
        raise InputRefusedError(
            PARENT, f"there is no commons {asked.parent} here.", "Found that one first, or leave it out."
        )
    alike = look_alike_key(asked.name)
    for other in taken:
        # One that was founded and not let in yet is looked at later: its founder may go on.
        if (other != asked.name and look_alike_key(other) == alike) or (
            other == asked.name and asked.parent is None
        ):
            is_same = other == asked.name
            raise InputRefusedError(
                NAME,
                f"there is a commons {other} here already."
                if is_same
                else f"it is easily taken for {other}, which is here already.",
                "Choose another name.",
            )


def found_here(target: Path, asked: Wanted, *, founder: str) -> FoundedHere:
    """Founds one that stands on its own.

    Raises `InputRefusedError` where something is there already, and what founding raises; nothing is left
    of what was refused.
    """
    check_handle(founder)
    if not found_whole(target, founder=founder, name=asked.name, charter=first_file(asked.preset)):
        raise InputRefusedError(
            NAME, f"there is a commons {asked.name} here already.", "Choose another name."
        )
    with open_commons(target) as made:
        return FoundedHere(asked, first_entry(made))


def found_within(parent: Repository, target: Path, asked: Wanted, *, founder: str) -> FoundedHere:
    """Founds one that is nested in `parent`, as somebody whom its rules let.

    Raises the same, and what the parent's rules refuse.
    """
    check_handle(founder)
    if asked.name in parent.state().children:
        raise InputRefusedError(
            NAME, f"there is a commons {asked.name} here already.", "Choose another name."
        )
    last = asked.name.rpartition("/")[2]
    charter = first_charter(asked.preset, parent.state().rules).text.encode()
    with found_child(parent, target, name=last, founder=founder, actor=founder, charter=charter) as made:
        return FoundedHere(asked, first_entry(made))


def _preset(name: str) -> str:
    versions = [preset for preset in PRESETS if name in (preset, preset.partition("@")[0])]
    if not versions:
        known = ", ".join(PRESETS)
        raise InputRefusedError(PRESET, f"there is no preset {name[:40]!r}.", f"Name one of {known}.")
    return max(versions, key=lambda preset: int(preset.partition("@")[2]))
