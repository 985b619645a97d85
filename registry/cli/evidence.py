"""`commons evidence`: runs a proposal's policies before and after the change, and records what that shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from registry.cli.command import Command, Panel
from registry.cli.compare import Judge
from registry.cli.console import Output, plural
from registry.cli.engine_options import EngineSettings, Revision, Wishes, chosen_engine
from registry.cli.evidence_place import evidence_place
from registry.cli.evidence_text import show_evidence
from registry.cli.journal_place import journal_place, told_how_to_go_on
from registry.cli.model_options import (
    CONCURRENCY,
    SECONDS,
    AskedEffort,
    BaseUrl,
    Concurrency,
    Effort,
    Model,
    Seconds,
    Stated,
    TemplateName,
)
from registry.cli.options import As, Json
from registry.cli.places import own_runs
from registry.cli.proposal_options import ProposalNumber
from registry.cli.seats import CommonsPlace
from registry.cli.signing_options import Sign

if TYPE_CHECKING:
    from evaluations.engines.base import Engine
    from governance.charter.model import Evidence as EvidenceRules
    from registry.services.comparing import Compared
    from registry.services.evidence import (
        Measured,
    )
    from registry.store.repository import Repository


def evidence(
    context: typer.Context,
    repository: CommonsPlace,
    number: ProposalNumber,
    engine: Annotated[Judge, typer.Option(help="What answers the cases.")] = Judge.LEXICAL,
    base_url: BaseUrl = None,
    model: Model = None,
    effort: AskedEffort = None,
    template: TemplateName = None,
    stated: Stated = [],  # noqa: B006 - typer reads it and makes a list of its own
    revision: Revision = None,
    settings: EngineSettings = [],  # noqa: B006
    concurrency: Concurrency = CONCURRENCY,
    timeout: Seconds = SECONDS,
    again: Annotated[
        bool, typer.Option("--again", help="Ask a model again though these very runs are there.")
    ] = False,
    handle: As = None,
    sign: Sign = None,
    json: Json = False,
) -> None:
    """Run what a proposal changes, before and after, and record both runs with what they say.

    Model, template and effort are those that the charter asks for unless you name others; evidence of
    another model informs, and decides nothing. All evidence on a content counts, and the worst decides.
    Answers are kept as they come: after a stop, the same command goes on.
    """
    from registry.services.evidence import (
        evidence_rules,
        plan_evidence,
    )

    output = Output(json=json)
    with evidence_place(repository, number, handle, sign, output) as place:
        commons = place.commons
        rules = evidence_rules(commons, number)
        wishes = Wishes(
            base_url=base_url,
            model=model,
            effort=effort,
            template=template,
            stated=stated,
            revision=revision,
            settings=settings,
            concurrency=concurrency,
            timeout=timeout,
        )
        wishes = _as_asked(engine, wishes, rules)
        judge = chosen_engine(engine.value, wishes)
        shown = []
        for measured in plan_evidence(commons, number, judge, template=wishes.template):
            compared = _compared(output, context, commons, measured, judge, rules, again=again)
            shown.append((place.record(measured, compared), compared))
            _discard(compared)
        show_evidence(output, place.seat, place.stands(), shown, rules)


def _as_asked(engine: Judge, wishes: Wishes, rules: EvidenceRules) -> Wishes:
    """What the command line leaves open is as the charter has it, where the engine takes it."""
    from dataclasses import replace

    if engine not in (Judge.OPENAI, Judge.VLLM):
        return wishes
    return replace(
        wishes,
        model=wishes.model or rules.model.id,
        template=wishes.template or rules.model.template,
        effort=wishes.effort or Effort(rules.model.effort),
        revision=wishes.revision or (rules.model.revision or None if engine is Judge.VLLM else None),
    )


def _compared(
    output: Output,
    context: typer.Context,
    commons: Repository,
    measured: Measured,
    judge: Engine,
    rules: EvidenceRules,
    *,
    again: bool,
) -> Compared:
    from evaluations.comparing.gate import stated_margin
    from registry.services.comparing import NOTHING_KNOWN, Terms, compare_versions
    from registry.services.comparing_known import Known

    trial = measured.trial
    own = None if judge.info.promises.deterministic else own_runs()
    known = NOTHING_KNOWN if again else Known(commons, own)
    due = [asked for asked in (trial.old, trial.new) if known.run(asked) is None]
    total = sum(len(asked.plan.cases) for asked in due)
    output.note(f"{measured.slug}: {plural(total, 'answer')} to ask for, in {plural(len(due), 'run')}.")
    journalled = judge.info.needs.template
    kept = journal_place("").parent if journalled else None
    with (
        output.progress(f"Running {judge.info.name}", total) as progress,
        told_how_to_go_on(output, context, kept),
    ):
        done = 0

        def count(_answer: object) -> None:
            nonlocal done
            done += 1
            progress(done)

        return compare_versions(
            trial,
            Terms(margin=stated_margin(rules.margin)),
            known=known,
            journal_at=journal_place if journalled else None,
            on_answer=count,
        )


def _discard(compared: Compared) -> None:
    """The runs are in the commons now; nothing is left to go on with."""
    from registry.services.journal import discard

    for path in compared.journals:
        discard(path)


COMMAND = Command(
    "evidence",
    evidence,
    Panel.DECIDE,
    (
        "commons evidence demo.git 3",
        "commons evidence demo.git 3 --engine openai --base-url http://localhost:8001/v1",
        "commons evidence https://commons.example/roost 3 --engine vllm",
        "commons evidence demo.git 3 --engine vllm --as cleo --sign ~/.ssh/id_ed25519",
    ),
)
