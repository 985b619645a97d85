"""What an engine is, needs and promises. Pure itself; engines may load models and reach networks.

An engine is loaded with a task and gives a session; the session answers cases. Loading is where a
classifier is fitted or a model is fetched, so its cost is told apart from answering.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from evaluations.keys import ModelManifest, Setting
from evaluations.suites import Suite
from evaluations.templates.base import Template
from evaluations.verdicts import Answer
from policies.model import Case, Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What must be there. `extra` names the optional dependency group of the distribution.

    `suite` says that the engine learns from the labelled cases themselves, so it can only answer a
    suite and never a single text.
    """

    gpu: bool = False
    network: bool = False
    extra: str | None = None
    template: bool = False
    suite: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """What may be relied on.

    `deterministic`: the same task and library versions give the same answers. `may_gate`: a charter
    may let its figures decide without naming the engine; one that cannot follow rules only informs.
    `reads_policy`: the policy text is seen, so cases that stand in it are never scored.
    """

    deterministic: bool
    may_gate: bool
    reads_policy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineInfo:
    """An engine as it is presented. `summary` is the sentence that stands beside its scores."""

    name: str
    version: str
    title: str
    summary: str
    needs: Needs
    promises: Promises


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineSettings:
    """What enters the run key: everything about this engine that changes its answers."""

    model: ModelManifest
    effort: str | None = None
    sampling: Mapping[str, Setting] = field(default_factory=dict)
    config: Mapping[str, Setting] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What an engine is loaded with. `policy_text` is what a model reads: body and attachments.

    `template` is None for engines that read no prompt, `suite` when single texts are to be classified.
    """

    policy: Policy
    policy_text: str
    template: Template | None = None
    suite: Suite | None = None


class Session(Protocol):
    """An engine made ready for one task."""

    def classify(self, cases: Sequence[Case]) -> Iterator[Answer]:
        """One answer per case, in any order, each as soon as it is there.

        What goes wrong with one case is that case's `Failed`; only what ends the whole run is raised.
        """
        ...


class Engine(Protocol):
    """What runs a model."""

    @property
    def info(self) -> EngineInfo:
        """What it is, needs and promises."""
        ...

    @property
    def settings(self) -> EngineSettings:
        """What enters the run key."""
        ...

    @property
    def versions(self) -> Mapping[str, str]:
        """Versions of the libraries it rests on, by distribution name."""
        ...

    def load(self, task: Task) -> Session:
        """Makes it ready. Raises `EngineError` when it cannot take the task on."""
        ...
