"""What every command hands to `main`: name, function, place in the help, examples. Touches nothing."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple


class Panel(StrEnum):
    """The groups under which `commons --help` lists commands."""

    WRITE = "Write a policy"
    USE = "Use a policy"
    KEEP = "Keep a commons"
    DECIDE = "Decide together"
    CARE = "Look after a repository"


class Command(NamedTuple):
    """One command. `examples` are lines of a shell session."""

    name: str
    run: Callable[..., None]
    panel: Panel
    examples: tuple[str, ...]

    @property
    def help(self) -> str:
        """The function's docstring, each paragraph on one line: the terminal's width wraps it."""
        paragraphs = inspect.cleandoc(self.run.__doc__ or "").split("\n\n")
        return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)

    @property
    def epilog(self) -> str:
        """The examples as the end of the help."""
        return _epilog(self.examples)


class Family(NamedTuple):
    """Commands under one word: `commons suite build`. `help` is what the word stands for."""

    name: str
    help: str
    panel: Panel
    members: tuple[Command, ...]

    @property
    def examples(self) -> tuple[str, ...]:
        """The first example of each member."""
        return tuple(member.examples[0] for member in self.members)

    @property
    def epilog(self) -> str:
        """The examples as the end of the help."""
        return _epilog(self.examples)


def _epilog(examples: tuple[str, ...]) -> str:
    return "\n".join(["Examples:", *(f"  {line}" for line in examples)])
