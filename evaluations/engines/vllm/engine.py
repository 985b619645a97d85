"""`vllm`: a model that vLLM runs in this process, on this machine's GPU or CPU.

The prompt template's messages become token ids here (harmony for gpt-oss, the model's chat template for
others), and vLLM is handed the ids: what the model reads is exactly what is recorded. Answers are greedy and
as long as the context allows, since a cap would cut the reasoning off before the label.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from evaluations.engines import local_model
from evaluations.engines.base import EngineInfo, EngineSettings, Task
from evaluations.engines.chat_format import ChatFormat
from evaluations.engines.harmony import MODEL_TYPE, START_DATE, Harmony
from evaluations.engines.local_model import LocalModel
from evaluations.engines.prompt_format import PromptFormat
from evaluations.engines.vllm import starting
from evaluations.engines.vllm.names import INFO, NAME
from evaluations.engines.vllm.options import CALLED, deciding, read_settings
from evaluations.engines.vllm.session import VllmSession
from evaluations.engines.vllm.starting import Started
from evaluations.errors import EngineError
from evaluations.keys import Setting
from evaluations.templates.registry import render_messages
from policies.model import Case


class _Kept:
    """What was started for an engine; one model serves all the policies that it is loaded with."""

    started: Started | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VllmEngine:
    """Asks `model` with these settings of vLLM. Made by `vllm_engine`; implements `Engine`.

    vLLM is started by the first `load` and stays until `close`.
    """

    model: LocalModel
    effort: str | None = None
    start_date: str = START_DATE
    given: Mapping[str, Setting | float] = field(default_factory=dict)
    batch_invariant: bool = False
    _kept: _Kept = field(default_factory=_Kept, compare=False, repr=False)

    @property
    def info(self) -> EngineInfo:
        """What it is, needs and promises."""
        return INFO

    @property
    def settings(self) -> EngineSettings:
        """The model with its digests, and what of vLLM changes answers. Its version is a part of that."""
        manifest = self.model.manifest
        config: dict[str, Setting] = {
            "vllm": starting.required_version(NAME),
            **self._format_settings,
            **deciding(self.given),
        }
        if self.batch_invariant:
            config["batch-invariant"] = True
        config.setdefault("max-model-len", self.model.context)
        return EngineSettings(
            model=manifest, effort=self.effort, sampling={"temperature": "0"}, config=config
        )

    @property
    def versions(self) -> Mapping[str, str]:
        """Installed versions by distribution name."""
        return starting.versions(NAME)

    def load(self, task: Task) -> VllmSession:
        """Starts vLLM, if it is not yet running. Raises `EngineError` and `TemplateError`."""
        if task.template is None:
            raise EngineError(NAME, "needs a prompt template.", "Name one, such as safeguard-label@1.")
        meta = task.policy.meta
        # What a template refuses it refuses for every case; better before a model of 60 GB is loaded.
        probe = Case(id="probe", content="")
        messages = render_messages(task.template, task.policy_text, meta.labels, meta.labelling, probe)
        if self._kept.started is None:
            self._kept.started = starting.start(NAME, self.model, self.given)
        started = self._kept.started
        format_ = self._format(started)
        format_.prompt(messages)
        return VllmSession(started, format_, task, task.template)

    def close(self) -> None:
        """Ends vLLM and its processes."""
        started, self._kept.started = self._kept.started, None
        if started is not None:
            started.close()

    @property
    def _is_harmony(self) -> bool:
        return self.model.kind == MODEL_TYPE

    @property
    def _format_settings(self) -> Mapping[str, Setting]:
        if self._is_harmony:
            return Harmony(effort=self.effort, start_date=self.start_date).settings
        return {"format": "chat-template"}

    def _format(self, started: Started) -> PromptFormat:
        if self._is_harmony:
            return Harmony(effort=self.effort, start_date=self.start_date)
        return ChatFormat(NAME, started.llm.get_tokenizer())


def vllm_engine(
    name: str,
    *,
    revision: str | None = None,
    effort: str | None = None,
    start_date: str | None = None,
    batch_invariant: bool = False,
    settings: Mapping[str, str] | None = None,
) -> VllmEngine:
    """The engine for a model's folder or name on the Hub; `settings` as `vllm serve` names them.

    Raises `EngineError` for a model that is not there, and a setting that cannot be given.
    """
    given = dict(settings or {})
    starting.required_version(NAME)
    called = given.pop(CALLED, None)
    read = read_settings(NAME, given)
    model = local_model.look(NAME, name, revision=revision, called=called)
    if effort is not None and model.kind != MODEL_TYPE:
        raise EngineError(
            NAME, f"a model of the kind {model.kind} has no effort to choose.", "Leave the effort out."
        )
    return VllmEngine(
        model=_as_run(model, read),
        effort=effort,
        start_date=start_date or START_DATE,
        given=read,
        batch_invariant=batch_invariant,
    )


def _as_run(model: LocalModel, given: Mapping[str, Setting | float]) -> LocalModel:
    """The model as these settings have it loaded."""
    dtype, quantisation = given.get("dtype"), given.get("quantization")
    manifest = replace(
        model.manifest,
        dtype=dtype if isinstance(dtype, str) else model.manifest.dtype,
        quantisation=quantisation if isinstance(quantisation, str) else model.manifest.quantisation,
    )
    return replace(model, manifest=manifest)
