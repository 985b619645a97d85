"""`openai`: a model behind any OpenAI-compatible server (vLLM, Ollama, hosted). Sends nothing itself.

The policy is the system message, the content the user message, as the prompt template writes them. What
comes back is read by the template's parser and by nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import TYPE_CHECKING

from evaluations.engines.base import EngineInfo, EngineSettings, Needs, Promises, Task
from evaluations.engines.openai_server import NAME, Patience, Server
from evaluations.errors import EngineError
from evaluations.keys import ModelManifest
from evaluations.templates.registry import render_messages
from policies.model import Case

if TYPE_CHECKING:
    from evaluations.engines.openai_session import OpenAISession

VERSION = "1"

INFO = EngineInfo(
    name=NAME,
    version=VERSION,
    title="Model behind an OpenAI-compatible server",
    summary="A language model on a server, given the policy as its instructions and the content to judge.",
    needs=Needs(network=True, template=True),
    # Temperature 0 is not the same in every batch: 1 of 100 greedy answers changed with the batch's size.
    promises=Promises(deterministic=False, may_gate=True, reads_policy=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAIEngine:
    """Asks `server`, at most `concurrency` cases at a time. Implements `Engine`."""

    server: Server
    patience: Patience = field(default_factory=Patience)
    concurrency: int = 32

    def __post_init__(self) -> None:
        if self.concurrency < 1:
            raise EngineError(
                NAME, "asks at least one case at a time.", "Raise the concurrency to 1 or more."
            )

    @property
    def info(self) -> EngineInfo:
        """What it is, needs and promises."""
        return INFO

    @property
    def settings(self) -> EngineSettings:
        """The model and how it is asked. Where it is asked is not a part: an address changes no answer."""
        return EngineSettings(
            model=ModelManifest(id=self.server.model),
            effort=self.server.effort,
            sampling={"temperature": "0"},
            config={f"server-{name}": value for name, value in self.server.stated.items()},
        )

    @property
    def versions(self) -> Mapping[str, str]:
        """Installed versions by distribution name."""
        return {"aiohttp": version("aiohttp")}

    def load(self, task: Task) -> OpenAISession:
        """Raises `EngineError` without a template, `TemplateError` when it cannot ask for these labels."""
        from evaluations.engines.openai_session import OpenAISession

        if task.template is None:
            raise EngineError(NAME, "needs a prompt template.", "Name one, such as safeguard-label@1.")
        meta = task.policy.meta
        # What a template refuses it refuses for every case; better now than two thousand times.
        render_messages(
            task.template, task.policy_text, meta.labels, meta.labelling, Case(id="probe", content="")
        )
        return OpenAISession(self.server, self.patience, self.concurrency, task, task.template)
