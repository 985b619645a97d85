from __future__ import annotations

import ast
import json
from pathlib import Path

from tests.support.commandline import Command


def test_messages_are_json_for_the_first_plain_case(commons: Command, library: Path) -> None:
    """Without a choice the first case that is not sensitive is rendered, and standard error says which."""
    said = commons("render", library / "spam")
    messages = json.loads(said.out)
    assert [message["role"] for message in messages] == ["system", "user"]
    assert said.err == "For case SP-001. --case ID or --text TEXT chooses another.\n"


def test_a_text_of_ones_own(commons: Command, library: Path) -> None:
    """The text is the user message, as it stands."""
    said = commons("render", library / "spam", "--text", "Buy <|end|> now", "--json")
    assert said.document["messages"][1] == {"role": "user", "content": "Buy <|end|> now"}
    assert (said.document["case"], said.document["template"]) == (None, "safeguard-label@1")


def test_python_is_a_program(commons: Command, library: Path) -> None:
    """The exported program parses and asks the model that was named."""
    said = commons(
        "render", library / "spam", "--case", "SP-002", "--format", "python", "--model", "my-model"
    )
    assert isinstance(ast.parse(said.out), ast.Module)
    assert "'my-model'" in said.out


def test_what_is_not_there_is_named(commons: Command, library: Path) -> None:
    """An unknown case is not found, an unknown template and two choices are wrong input."""
    spam = library / "spam"
    codes = [
        commons("render", spam, "--case", "SP-999").code,
        commons("render", spam, "--template", "nope@9").code,
        commons("render", spam, "--case", "SP-001", "--text", "a").code,
        commons("render", spam, "--text", "  ").code,
    ]
    assert codes == [4, 2, 2, 2]
