"""`commons classify`: puts a text, or a file of them, to an engine under a policy. Writes nothing down."""

from __future__ import annotations

import json as json_
import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from registry.cli.command import Command, Panel
from registry.cli.console import Output, one_line, plural
from registry.cli.engine_options import EngineSettings, Revision, Wishes, chosen_engine
from registry.cli.exit_codes import ExitCode
from registry.cli.model_options import (
    CONCURRENCY,
    SECONDS,
    AskedEffort,
    BaseUrl,
    Concurrency,
    Model,
    Seconds,
    TemplateName,
)
from registry.cli.options import Json
from registry.cli.policy_source import Chosen, chosen_policy
from registry.cli.where import Registry

if TYPE_CHECKING:
    from registry.services.classify import Judgement, Prepared
    from registry.services.text_files import Text

REASONING = "What the model wrote: may be wrong or harmful, not for end users"
_ADVICE = {"allow": "allow", "review": "send to review", "remove": "remove", "escalate": "escalate"}


class ClassifyEngine(StrEnum):
    """The engines that answer single texts."""

    LEXICAL = "lexical"
    EMBEDDING = "embedding"
    VLLM = "vllm"
    OPENAI = "openai"


def classify(
    context: typer.Context,
    policy: Annotated[
        str,
        typer.Argument(
            metavar="FOLDER|ADDRESS|REPOSITORY",
            help="A policy folder; with --registry an address such as starter/spam; or a repository.",
        ),
    ],
    release: Annotated[
        str | None,
        typer.Argument(metavar="SLUG[@VERSION]", help="In a repository: which policy, such as spam@1.0.0."),
    ] = None,
    registry: Registry = None,
    text: Annotated[str | None, typer.Option(help="The text; - reads one from standard input.")] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Texts: .jsonl with `content` (and `id`), .csv with such columns, .txt one a line.",
        ),
    ] = None,
    engine: Annotated[ClassifyEngine, typer.Option(help="What answers.")] = ClassifyEngine.LEXICAL,
    base_url: BaseUrl = None,
    model: Model = None,
    effort: AskedEffort = None,
    template: TemplateName = None,
    revision: Revision = None,
    settings: EngineSettings = [],  # noqa: B006 - typer reads it and makes a list of its own
    concurrency: Concurrency = CONCURRENCY,
    timeout: Seconds = SECONDS,
    reasoning: Annotated[
        bool, typer.Option("--reasoning", help="Also print what the model wrote before its answer.")
    ] = False,
    json: Json = False,
) -> None:
    """Classify a text, or a file of texts, by a policy. Nothing is stored.

    Exits 1 when the engine gave no verdict on a text. With a file, --json prints one document a line.
    """
    from registry.services.classify import prepare

    output = Output(json=json)
    if (text is None) == (file is None):
        raise typer.BadParameter("give either --text TEXT (- for standard input) or --file FILE.")
    texts = _texts(text, file)
    chosen = chosen_policy(output, context, policy, release, registry)
    wishes = Wishes(
        base_url=base_url,
        model=model,
        effort=effort,
        template=template,
        revision=revision,
        settings=settings,
        concurrency=concurrency,
        timeout=timeout,
    )
    asked = chosen_engine(engine.value, wishes)
    prepared = prepare(chosen.folder, asked, template=template)
    if not prepared.engine.info.promises.may_gate:
        # Said every time, also with --json: whoever reads only the verdicts has seen it pass by.
        print(prepared.engine.info.summary, file=sys.stderr)
    if file is None:
        (_, judged), *_ = _judged(prepared, texts, output)
        document = {**_heading(chosen, prepared), **_document(judged, reasoning=reasoning)}
        output.answer(document, lambda: _show(output, chosen, judged, reasoning=reasoning))
        missing = int(not judged.answered)
    else:
        missing = _run_file(output, chosen, prepared, texts, reasoning=reasoning)
    if missing:
        raise typer.Exit(ExitCode.CHECK_FAILED)


def _texts(text: str | None, file: Path | None) -> Sequence[Text]:
    from registry.services.text_files import MAX_TEXT_BYTES, Text, check_text, read_texts

    if file is not None:
        return read_texts(file)
    content = text or ""
    if text == "-":
        # The last line end is the shell's, not the content's.
        content = sys.stdin.buffer.read(MAX_TEXT_BYTES + 2).decode("utf-8", "replace").removesuffix("\n")
    check_text("--text", content)
    return (Text("text", content),)


def _judged(prepared: Prepared, texts: Sequence[Text], output: Output) -> Iterator[tuple[Text, Judgement]]:
    """Each text with what was said of it, in the order of the file, as soon as those before it are there."""
    from policies.model import Case

    cases = [
        # Ids of a file may repeat; their places do not.
        Case(id=str(place), content=text.content, context=text.context)
        for place, text in enumerate(texts)
    ]
    waiting: dict[int, Judgement] = {}
    due = 0
    with output.progress("Classifying", len(cases) if len(cases) > 1 else None) as progress:
        for done, (place, judged) in enumerate(prepared.judge(cases), start=1):
            progress(done)
            waiting[int(place)] = judged
            while due in waiting:
                yield texts[due], waiting.pop(due)
                due += 1


def _run_file(
    output: Output, chosen: Chosen, prepared: Prepared, texts: Sequence[Text], *, reasoning: bool
) -> int:
    """Prints a line for each text; gives how many have no verdict."""
    heading = _heading(chosen, prepared)
    missing = 0
    for text, judged in _judged(prepared, texts, output):
        missing += not judged.answered
        if output.json:
            line = {"id": text.id, **heading, **_document(judged, reasoning=reasoning)}
            # ASCII only, as every document of this command line.
            print(json_.dumps(line, separators=(",", ":")))
            continue
        output.line(f"{one_line(text.id, 40)}\t{_verdict(judged)}")
        if reasoning and judged.reasoning:
            _show_reasoning(output, judged.reasoning)
    if missing:
        output.note(f"{missing:,} of {plural(len(texts), 'text')} got no verdict.", style="yellow")
    return missing


def _heading(chosen: Chosen, prepared: Prepared) -> dict[str, Any]:
    from registry.services.classify import about

    return {"policy": chosen.address, **about(prepared)}


def _document(judged: Judgement, *, reasoning: bool) -> dict[str, Any]:
    from evaluations.verdicts import verdict_to_json
    from registry.services.verdict_words import why_not

    return {
        "verdict": verdict_to_json(judged.verdict),
        "violates": judged.violates,
        "labels": [
            {"code": label.code, "title": label.title, "violates": label.violates, "handling": label.handling}
            for label in judged.labels
        ],
        "problem": why_not(judged.verdict),
        **({"reasoning": judged.reasoning} if reasoning else {}),
    }


def _verdict(judged: Judgement) -> str:
    """The verdict on one line, its columns parted by tabs: code, title, advice."""
    from evaluations.verdicts import said
    from registry.services.verdict_words import why_not

    if not judged.answered:
        return f"{said(judged.verdict)}\t{why_not(judged.verdict)}"
    if not judged.labels:
        return "no flag"
    return "\t".join(
        (
            ", ".join(label.code for label in judged.labels),
            one_line("; ".join(label.title for label in judged.labels)),
            ", ".join(dict.fromkeys(_ADVICE[label.handling] for label in judged.labels if label.handling)),
        )
    ).rstrip("\t")


def _show(output: Output, chosen: Chosen, judged: Judgement, *, reasoning: bool) -> None:
    from evaluations.verdicts import said
    from registry.services.verdict_words import why_not

    output.line(f"{chosen.address}: {said(judged.verdict)}", style="bold")
    problem = why_not(judged.verdict)
    if problem:
        output.line(problem)
    for label in judged.labels:
        advice = f" Advice: {_ADVICE[label.handling]}." if label.handling else ""
        violates = "violates the policy" if label.violates else "does not violate the policy"
        output.line(f"{label.code} {one_line(label.title)}: {violates}.{advice}")
    if judged.reasoning and reasoning:
        _show_reasoning(output, judged.reasoning)
    elif judged.reasoning:
        output.note("--reasoning prints what the model wrote before its answer; it may be wrong or harmful.")


def _show_reasoning(output: Output, words: str) -> None:
    output.line(f"  {REASONING}:")
    for line in words.splitlines():
        output.line(f"  | {line}")


COMMAND = Command(
    "classify",
    classify,
    Panel.USE,
    (
        "commons classify my-policy --text 'Buy followers now'",
        "commons classify starter/spam --registry policies.bundle --text 'Buy followers now'",
        "commons classify demo.git spam@1.0.0 --file comments.jsonl --json > verdicts.jsonl",
        "commons classify my-policy --text - --engine openai --base-url http://localhost:8000/v1 --model ID",
    ),
)
