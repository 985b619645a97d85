"""What the page of amending a charter shows: its keys, what was typed, and what would come of it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import NamedTuple

from governance.charter.codec import CharterFile
from governance.charter.errors import InvalidCharterError, MalformedCharterError
from governance.charter.model import ChangeClass
from governance.charter.presets import PRESETS
from governance.charter.schema import GROUPS, group_key
from registry.services.amending import Locked, LookedAt, locked_here, look_at_charter, wanted_charter
from registry.services.charters import charter_file
from registry.services.errors import InputRefusedError
from registry.store.repository import Repository
from registry.web.charter_fields import (
    GROUP_DELEGATES,
    GROUP_NAME,
    KeySection,
    changes_in,
    first_values,
    key_sections,
)
from registry.web.forms import Form

PRESET, KEYS, TEXT = "preset", "keys", "text"
"""The three ways to say what should change, and the values of the buttons that look at it."""

KINDS: Mapping[ChangeClass, str] = {
    ChangeClass.CHARTER: "a change of these rules",
    ChangeClass.ENTRENCHED: "a change of protected rules",
}


class AmendView(NamedTuple):
    """The page. `base` is the charter in force, `way` how a change was given, `key` makes sending one act."""

    action: str
    base: str
    key: str
    preset: str
    presets: tuple[str, ...]
    sections: tuple[KeySection, ...]
    groups: tuple[str, ...]
    locked: tuple[Locked, ...]
    parent: str | None
    way: str
    typed: Form
    looked: LookedAt | None

    @property
    def kind(self) -> str:
        """What kind of change it is, in words."""
        assert self.looked is not None
        return KINDS[self.looked.checked.kind]

    def is_wrong(self, section: KeySection) -> bool:
        """Whether something in a section cannot be taken."""
        return any(self.typed.error(one.key) for one in (*section.live, *section.idle))


def amend_view(
    repository: Repository, typed: Form, *, way: str = "", looked: LookedAt | None = None
) -> AmendView:
    """The page for a commons as it stands, with what somebody typed."""
    state, file = repository.state(), charter_file(repository)
    locked = locked_here(state)
    values = {**first_values(file), "text": file.text, **typed.values}
    return AmendView(
        action=f"/{state.name}/charter/amend",
        base=state.charter,
        key=secrets.token_hex(16),
        preset=file.preset,
        presets=tuple(PRESETS),
        sections=key_sections(file, locked),
        groups=tuple(map(group_key, sorted(file.charter.groups))),
        locked=locked,
        parent=state.parent,
        way=way,
        typed=Form(values, typed.errors),
        looked=looked,
    )


def wanted_by(repository: Repository, way: str, typed: Mapping[str, str]) -> CharterFile:
    """The charter that a form asks for.

    Raises what `wanted_charter` raises, and `InputRefusedError` where nothing changes.
    """
    file = charter_file(repository)
    if way == PRESET:
        wanted = wanted_charter(repository, changes={"preset": typed.get("preset", "")})
    elif way == KEYS:
        wanted = wanted_charter(repository, changes=changes_in(file, typed))
    else:
        wanted = wanted_charter(repository, text=typed.get("text", ""))
    if wanted.text == file.text:
        raise InputRefusedError("charter", "nothing is changed.", "Change a rule, or take another preset.")
    return wanted


def looked_at(repository: Repository, wanted: CharterFile, handle: str) -> LookedAt:
    """What it would mean, for whoever asks."""
    return look_at_charter(repository, wanted, handle)


def wrong_charter(typed: Mapping[str, str], error: InvalidCharterError | MalformedCharterError) -> Form:
    """The form with what is wrong at each key, or at the text."""
    form = Form(typed)
    if isinstance(error, MalformedCharterError):
        said = (
            f"{'Line ' + str(one.line) + ': ' if one.line else ''}{one.message}" for one in error.findings
        )
        fixes = dict.fromkeys(one.fix for one in error.findings)
        return form.wrong("text", *said, *fixes)
    for finding in error.findings:
        at = finding.key
        if at.startswith(f"{GROUPS}.") and at not in typed:
            at = GROUP_DELEGATES if finding.key == group_key(typed.get(GROUP_NAME, "")) else GROUP_NAME
        form = form.wrong(at, finding.why, finding.remedy)
    return form
