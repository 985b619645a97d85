from __future__ import annotations

import re
from pathlib import Path

import typer

from registry.cli.exit_codes import ExitCode
from registry.cli.main import COMMANDS

_EVERYWHERE = {"--json", "--help", "--install-completion", "--show-completion"}

README = (Path(__file__).parents[4] / "registry" / "cli" / "README.md").read_text("utf-8")


def test_every_command_is_in_the_readme_and_no_other() -> None:
    """The table of commands and the commands are the same."""
    assert sorted(re.findall(r"^\| `([a-z][a-z-]*)` \|", README, re.MULTILINE)) == sorted(
        c.name for c in COMMANDS
    )


def test_every_exit_code_is_in_the_readme_with_its_name() -> None:
    """The table of exit codes and the exit codes are the same."""
    listed = re.findall(r"^\| (\d+) \| `([A-Z_]+)` \|", README, re.MULTILINE)
    assert [(int(code), name) for code, name in listed] == [(code.value, code.name) for code in ExitCode]


def test_every_option_of_serve_is_in_the_readme() -> None:
    """The table of options and the options of the command are the same."""
    command = next(found for found in COMMANDS if found.name == "serve")
    app = typer.Typer()
    app.command()(command.run)
    options = [
        name
        for parameter in typer.main.get_command(app).params
        if parameter.param_type_name == "option"
        for name in (*parameter.opts, *parameter.secondary_opts)
    ]
    rows = README.partition("| Option of `serve` |")[2].partition("\n\n")[0]
    assert set(re.findall(r"`(--[a-z-]+)`", rows)) == set(options) - _EVERYWHERE
