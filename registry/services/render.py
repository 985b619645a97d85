"""Renders what is sent to a model for one policy and one piece of content."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from evaluations.engines.harmony import START_DATE, Harmony
from evaluations.prompt_tokens import token_digest
from evaluations.templates.base import Message, Template
from evaluations.templates.export import ExportFormat, Target, export
from evaluations.templates.registry import DEFAULT_TEMPLATE, render_messages, template_named
from policies.folder import PolicyFolder, load_folder
from policies.model import Case, CaseStatus
from policies.prompt import prompt_text
from registry.services.errors import InputRefusedError, UnknownCaseError
from registry.services.folders import read_policy_folder

MAX_TEXT_BYTES = 1024 * 1024


class PromptTokens(NamedTuple):
    """What a gpt-oss model is handed for a request: the token ids, and their digest as a run's row has it."""

    ids: list[int]
    digest: str


class Rendered(NamedTuple):
    """A request as it stands. `case_id` is None for a text of the user's own."""

    slug: str
    template: Template
    case_id: str | None
    messages: tuple[Message, ...]
    output: str


def render(
    path: Path,
    *,
    form: ExportFormat = ExportFormat.MESSAGES,
    template: str | None = None,
    case_id: str | None = None,
    text: str | None = None,
    target: Target | None = None,
) -> Rendered:
    """The exact request for a case of the folder, or for `text`.

    With neither, the folder's first case that is counted and not sensitive. Raises what reading the
    folder raises, `TemplateError`, `UnknownCaseError` for a case that is not there, and
    `InputRefusedError` for a text that cannot be sent.
    """
    slug, files = read_policy_folder(path)
    folder = load_folder(slug, files)
    chosen = template_named(template) if template else DEFAULT_TEMPLATE
    case = _case(folder, case_id, text)
    meta = folder.document.policy.meta
    messages = render_messages(chosen, prompt_text(folder), meta.labels, meta.labelling, case)
    own = text is not None
    return Rendered(slug, chosen, None if own else case.id, messages, export(messages, form, target))


def prompt_tokens(rendered: Rendered, *, effort: str, start_date: str | None = None) -> PromptTokens:
    """The ids of a request in the format of gpt-oss. Raises `EngineError` for a date that is none."""
    ids = Harmony(effort=effort, start_date=start_date or START_DATE).prompt(rendered.messages)
    return PromptTokens(ids, token_digest(ids))


def _case(folder: PolicyFolder, case_id: str | None, text: str | None) -> Case:
    if text is not None:
        if not text.strip():
            raise InputRefusedError("--text", "it is empty.", "Give the content to judge.")
        if len(text.encode("utf-8", "surrogatepass")) > MAX_TEXT_BYTES:
            raise InputRefusedError("--text", "it is over 1 MiB.", "Give one piece of content.")
        return Case(id="text", content=text)
    if case_id is not None:
        found = next((case for case in folder.cases if case.id == case_id), None)
        if found is None:
            raise UnknownCaseError(folder.slug, case_id)
        return found
    plain = (case for case in folder.cases if not case.sensitive and case.status is CaseStatus.ACTIVE)
    first = next(plain, None)
    if first is None:
        raise InputRefusedError(
            folder.slug, "it has no case to show without asking.", "Choose one with --case, or give --text."
        )
    return first
