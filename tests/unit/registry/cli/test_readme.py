from __future__ import annotations

import re
from pathlib import Path

from registry.cli.exit_codes import ExitCode
from registry.cli.main import COMMANDS

README = (Path(__file__).parents[4] / "registry" / "cli" / "README.md").read_text("utf-8")


def test_every_command_is_in_the_readme_and_no_other() -> None:
    """The table of commands and the commands are the same."""
    assert sorted(re.findall(r"^\| `([a-z]+)` \|", README, re.MULTILINE)) == sorted(c.name for c in COMMANDS)


def test_every_exit_code_is_in_the_readme_with_its_name() -> None:
    """The table of exit codes and the exit codes are the same."""
    listed = re.findall(r"^\| (\d+) \| `([A-Z_]+)` \|", README, re.MULTILINE)
    assert [(int(code), name) for code, name in listed] == [(code.value, code.name) for code in ExitCode]
