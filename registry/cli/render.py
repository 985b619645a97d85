"""`commons render`: prints what to send to a model. Reads a policy folder and the environment."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output
from registry.cli.engine_options import DATE_VARIABLE
from registry.cli.model_options import Effort
from registry.cli.options import Json


class Form(StrEnum):
    """`evaluations.templates.export.ExportFormat` and the token ids, without the cost of importing it."""

    MESSAGES = "messages"
    PYTHON = "python"
    CURL = "curl"
    TOKENS = "tokens"


def render(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The policy folder.")],
    form: Annotated[
        Form,
        typer.Option(
            "--format", help="JSON messages, a Python program, a curl command, or the token ids for gpt-oss."
        ),
    ] = (Form.MESSAGES),
    case: Annotated[str | None, typer.Option(metavar="ID", help="For this case of the policy.")] = None,
    text: Annotated[str | None, typer.Option(help="For a text of your own; - reads standard input.")] = None,
    template: Annotated[
        str | None, typer.Option(metavar="NAME", help="The prompt template, such as safeguard-label@1.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="The model that python and curl ask.")] = None,
    base_url: Annotated[
        str | None, typer.Option(metavar="URL", help="The server that they ask, up to /v1.")
    ] = None,
    effort: Annotated[Effort, typer.Option(help="How long the model may reason.")] = Effort.MEDIUM,
    json: Json = False,
) -> None:
    """Print exactly what to send to a model: messages, a Python program, a curl command, or token ids.

    The ids are what a gpt-oss model is handed, by the engine vllm and by a server of vLLM alike; the date in
    them is 2026-01-01, or what VLLM_SYSTEM_START_DATE says.
    """
    from evaluations.templates.export import ExportFormat, Target
    from registry.services.render import MAX_TEXT_BYTES, prompt_tokens
    from registry.services.render import render as render_request

    if case is not None and text is not None:
        raise typer.BadParameter("give --case or --text, not both.")
    output = Output(json=json)
    if text == "-":
        # The last line end is the shell's, not the content's.
        read = sys.stdin.buffer.read(MAX_TEXT_BYTES + 2).decode("utf-8", "replace")
        text = read.removesuffix("\n")
    asked = Target()
    target = Target(base_url=base_url or asked.base_url, model=model or asked.model, effort=effort.value)
    written = ExportFormat.MESSAGES if form is Form.TOKENS else ExportFormat(form.value)
    made = render_request(folder, form=written, template=template, case_id=case, text=text, target=target)
    if case is None and text is None:
        output.note(f"For case {made.case_id}. --case ID or --text TEXT chooses another.")
    document: dict[str, Any] = {
        "policy": made.slug,
        "template": made.template.id,
        "template_digest": made.template.digest,
        "format": form.value,
        "case": made.case_id,
        "messages": [message.to_json() for message in made.messages],
        "output": made.output,
    }
    if form is Form.TOKENS:
        tokens = prompt_tokens(made, effort=effort.value, start_date=os.environ.get(DATE_VARIABLE) or None)
        made = made._replace(output=f"{tokens.ids}\n")
        document |= {"output": made.output, "tokens": tokens.ids, "prompt": tokens.digest}
    # The export escapes whatever does not print, in the way of its own format.
    output.answer(document, lambda: print(made.output, end=""))


COMMAND = Command(
    "render",
    render,
    Panel.WRITE,
    (
        "commons render my-policy",
        "commons render my-policy --format python --case SP-001 > ask.py",
        "commons render my-policy --format tokens --effort low",
        "commons render my-policy --format curl --text 'Buy followers now' | sh",
        "echo 'Buy followers now' | commons render my-policy --text -",
    ),
)
