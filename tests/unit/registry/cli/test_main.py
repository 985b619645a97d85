from __future__ import annotations

import subprocess
import sys

from registry.cli.exit_codes import ExitCode
from registry.cli.main import COMMANDS
from tests.support.commandline import Command


def test_help_names_every_command(commons: Command) -> None:
    """`commons --help` lists each command once, under its panel, and says what exit codes mean."""
    said = commons("--help")
    assert said.code == ExitCode.FINE
    listed = [
        line.strip("│ ").split()[0]
        for line in said.out.splitlines()
        if line.startswith("│ ") and line[2] != " "
    ]
    assert [name for name in listed if not name.startswith("-")] == [
        command.name
        for panel in dict.fromkeys(c.panel for c in COMMANDS)
        for command in COMMANDS
        if command.panel == panel
    ]
    assert "6 damaged repository" in " ".join(said.out.split())


def test_every_command_has_help_with_examples_of_itself(commons: Command) -> None:
    """Each command's help shows examples, and each example calls that command."""
    for command in COMMANDS:
        said = commons(command.name, "--help")
        assert said.code == ExitCode.FINE
        assert "Examples:" in said.out
        assert all(f"commons {command.name}" in example for example in command.examples)
        assert "--json" in said.out


def test_an_unknown_command_is_answered_with_the_nearest(commons: Command) -> None:
    """A mistyped command exits 2 and suggests what was meant."""
    said = commons("lnt")
    assert (said.code, said.out) == (ExitCode.WRONG_INPUT, "")
    assert "Did you mean 'lint'?" in said.err


def test_usage_errors_are_json_where_json_was_asked_for(commons: Command) -> None:
    """A command line that does not parse still answers in kind."""
    said = commons("new", "--json")
    assert (said.code, said.out) == (ExitCode.WRONG_INPUT, "")
    assert said.error == {"kind": "usage", "exit_code": 2, "message": "Missing argument 'FOLDER'."}


def test_help_loads_nothing_heavy() -> None:
    """`commons --help` is quick since it imports neither the store, nor the web, nor scikit-learn."""
    script = (
        "import sys; from registry.cli.main import run; run(['--help']); "
        "heavy = {'git', 'sklearn', 'numpy', 'litestar', 'yaml'}; "
        "print(sorted(heavy & {name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
