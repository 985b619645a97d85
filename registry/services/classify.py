"""Puts texts to an engine under a policy and gives each its labels. Keeps nothing of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evaluations.engines.base import Engine, Session, Task
from evaluations.errors import EngineError
from evaluations.templates.base import Template
from evaluations.templates.registry import default_template, template_named
from evaluations.verdicts import Answer, FlagsVerdict, LabelVerdict, Verdict
from policies.folder import PolicyFolder
from policies.model import Case, Label
from policies.prompt import prompt_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What an engine said of one text. `labels` are those given, mildest first; none without a verdict.

    `reasoning` and `output` are a model's own words: they may be wrong or harmful.
    """

    verdict: Verdict
    labels: tuple[Label, ...]
    reasoning: str | None = None
    output: str | None = None
    latency_ms: int | None = None

    @property
    def answered(self) -> bool:
        """Whether there is a verdict. Flags of which none is raised are one."""
        return isinstance(self.verdict, LabelVerdict | FlagsVerdict)

    @property
    def violates(self) -> bool | None:
        """Whether a label that violates was given; None without a verdict."""
        return any(label.violates for label in self.labels) if self.answered else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An engine made ready for one policy."""

    folder: PolicyFolder
    engine: Engine
    session: Session
    template: Template | None

    def judge(self, cases: Sequence[Case]) -> Iterator[tuple[str, Judgement]]:
        """Each case's id with what was said of it, in the order in which answers come. Ids must differ."""
        for answer in self.session.classify(cases):
            yield answer.case_id, judgement_of(self.folder, answer)


def prepare(folder: PolicyFolder, engine: Engine, *, template: str | None = None) -> Prepared:
    """Loads an engine with a policy; `template` is for engines that read a prompt.

    Raises `EngineError` for an engine that answers suites only or cannot take the policy on, and
    `TemplateError`.
    """
    if engine.info.needs.suite:
        raise EngineError(
            engine.info.name, "learns from labelled cases and answers no single text.", "Use lexical."
        )
    chosen = template_for(engine, folder, template)
    task = Task(policy=folder.document.policy, policy_text=prompt_text(folder), template=chosen)
    return Prepared(folder=folder, engine=engine, session=engine.load(task), template=chosen)


def template_for(engine: Engine, folder: PolicyFolder, template: str | None = None) -> Template | None:
    """What an engine asks this policy with: the template named, the usual one, or none if it reads none.

    Raises `TemplateError` and `EngineError`.
    """
    if template is not None:
        named = template_named(template)
        if not engine.info.needs.template:
            raise EngineError(engine.info.name, "reads no prompt.", "Leave the template out.")
        return named
    return default_template(folder.document.policy.meta.labelling) if engine.info.needs.template else None


def about(prepared: Prepared) -> dict[str, str | None]:
    """What answered, for a document that leaves the place where it was asked."""
    needs = prepared.engine.info.needs
    return {
        "engine": prepared.engine.info.name,
        "model": prepared.engine.settings.model.id if needs.network or needs.extra else None,
        "template": prepared.template.id if prepared.template else None,
    }


def judgement_of(folder: PolicyFolder, answer: Answer) -> Judgement:
    """An answer with the labels that it names."""
    verdict = answer.verdict
    if isinstance(verdict, LabelVerdict):
        codes = {verdict.code}
    elif isinstance(verdict, FlagsVerdict):
        codes = {code for code, raised in verdict.flags.items() if raised}
    else:
        codes = set()
    return Judgement(
        verdict=verdict,
        labels=tuple(label for label in folder.document.policy.meta.labels if label.code in codes),
        reasoning=answer.reasoning,
        output=answer.output,
        latency_ms=answer.latency_ms,
    )
