"""What a push asks for: which refs, with what words. Reads the beginning of a body, up to its objects.

Source: git documentation, "gitprotocol-pack", "Pushing Data To a Server".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from policies.versions import Change
from registry.push.errors import PushRefusedError, UnreadablePushError
from registry.push.packets import Incoming

FOR_MAIN = "refs/for/main"
"""The one name that can be pushed to."""

NOTHING = "0" * 40

_OID = re.compile(rb"[0-9a-f]{40}")
_MOST_COMMANDS, _KEPT_COMMANDS = 20_000, 8
_MOST_OPTIONS = 16
_OPTIONS = ("title", "reason", "topic", "declared")
_USAGE = 'git push origin HEAD:refs/for/main -o title="..."'


class Command(NamedTuple):
    """A ref that is to be moved. `new` is `NOTHING` where it is to be deleted."""

    old: str
    new: str
    ref: str


class Asked(NamedTuple):
    """A push before its objects: the first of its commands, how many there are, what git can, the options."""

    commands: tuple[Command, ...]
    refs: int
    abilities: frozenset[str]
    options: tuple[str, ...]


class Wish(NamedTuple):
    """What the options say. `topic` is the number or the title of a proposal that is to be revised."""

    title: str | None = None
    reason: str | None = None
    topic: str | None = None
    declared: Change | None = None


async def read_asked(incoming: Incoming) -> Asked:
    """Reads up to where the objects begin. Raises `UnreadablePushError`."""
    commands: list[Command] = []
    count, seen = 0, 0
    abilities: frozenset[str] = frozenset()
    while (line := await incoming.packet()) is not None:
        seen += 1
        if seen > _MOST_COMMANDS:
            raise UnreadablePushError
        if line.startswith(b"shallow "):
            # Where the pusher's history ends does not matter: ours is whole.
            continue
        stated, _, behind = line.rstrip(b"\n").partition(b"\0")
        command = _command(stated)
        if count == 0:
            abilities = frozenset(behind.decode("utf-8", "replace").split())
        count += 1
        if count <= _KEPT_COMMANDS:
            commands.append(command)
    options: list[str] = []
    if "push-options" in abilities:
        while (line := await incoming.packet()) is not None:
            if len(options) == _MOST_OPTIONS:
                raise UnreadablePushError
            options.append(line.decode("utf-8", "surrogateescape").rstrip("\n"))
    return Asked(tuple(commands), count, abilities, tuple(options))


def commit_of(asked: Asked) -> str:
    """The commit that is proposed. Raises `PushRefusedError` for whatever else a push can ask."""
    first = asked.commands[0]
    for command in asked.commands:
        if command.ref != FOR_MAIN:
            raise _refused_ref(command)
    if asked.refs != 1:
        raise PushRefusedError(
            f"{asked.refs:,} refs", "one push makes one proposal.", f"Push one commit: {_USAGE}"
        )
    if first.new == NOTHING:
        raise PushRefusedError(
            FOR_MAIN,
            "nothing can be deleted by a push.",
            "Give a proposal up with `commons propose --give-up NUMBER`.",
        )
    return first.new


def wish_of(options: tuple[str, ...]) -> Wish:
    """What the options say. Raises `PushRefusedError`."""
    stated: dict[str, str] = {}
    for option in options:
        key, sign, value = option.partition("=")
        if key not in _OPTIONS or not sign:
            raise PushRefusedError(
                f"option {_shown(option)}",
                "there is no such option.",
                f"Those there are: {', '.join(f'{name}=...' for name in _OPTIONS)}.",
            )
        if key in stated:
            raise PushRefusedError(f"option {key}", "it was given twice.", "Give it once.")
        if not _is_text(value):
            raise PushRefusedError(
                f"option {key}", "it holds control characters, or is not UTF-8.", "Write plain text."
            )
        stated[key] = " ".join(unicodedata.normalize("NFC", value).split())
    return Wish(
        title=stated.get("title") or None,
        reason=stated.get("reason") or None,
        topic=stated.get("topic") or None,
        declared=_declared(stated),
    )


def _declared(stated: Mapping[str, str]) -> Change | None:
    if not stated.get("declared"):
        return None
    try:
        return Change(stated["declared"])
    except ValueError:
        raise PushRefusedError(
            f"option declared={_shown(stated['declared'])}",
            "this is no kind of version.",
            f"Use one of {', '.join(change.value for change in Change)}, or leave it out.",
        ) from None


def _command(line: bytes) -> Command:
    old, _, rest = line.partition(b" ")
    new, _, ref = rest.partition(b" ")
    if not (_OID.fullmatch(old) and _OID.fullmatch(new) and ref):
        raise UnreadablePushError
    return Command(old.decode(), new.decode(), ref.decode("utf-8", "replace"))


def _refused_ref(command: Command) -> PushRefusedError:
    place = _shown(command.ref)
    if command.ref.startswith("refs/tags/"):
        return PushRefusedError(
            place,
            "tags name releases, and only the registry makes those.",
            f"Propose the change, and its release follows when it is accepted: {_USAGE}",
        )
    if command.ref.startswith(("refs/commons/", "refs/proposals/")):
        return PushRefusedError(
            place, "this is the record of what was decided, and only acts add to it.", f"Propose: {_USAGE}"
        )
    if command.new == NOTHING:
        return PushRefusedError(
            place,
            "nothing can be deleted by a push.",
            "Give a proposal up with `commons propose --give-up NUMBER`; withdraw a release with "
            "`commons propose --withdraw SLUG@VERSION`.",
        )
    return PushRefusedError(
        place, "changes are decided before they are on a branch.", f"Propose instead: {_USAGE}"
    )


def _is_text(value: str) -> bool:
    return not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in value)


def _shown(text: str) -> str:
    """What somebody sent, in as much as fits on a line and does nothing to a terminal."""
    plain = "".join(letter if letter.isprintable() else "?" for letter in text)
    return plain if len(plain) <= 120 else f"{plain[:117]}..."
