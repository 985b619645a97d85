"""The policy and the attachments of an imported pack. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

from policies.front_matter import POLICY_FILE
from policies.importers.coding import Coding
from policies.importers.front import front_matter, stub_text
from policies.importers.model import Topic
from policies.importers.naming import attachment_name, title_of
from policies.importers.plan import PackPlan
from policies.importers.reading import FileReading
from policies.importers.source import is_damaged
from policies.limits import KIB, LIMITS
from policies.model import Case, Subject

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_STUB_SUMMARY = "Labelled cases without a policy text: the criteria are still to be written."

Tell = Callable[[Topic, str, str, str], None]
"""Told with a topic, a file, a message and a remedy."""


def policy_files(plan: PackPlan, coding: Coding, cases: Sequence[Case], tell: Tell) -> dict[str, bytes]:
    """`policy.md` and attachments: the author's words behind a front matter, or a stub without them."""
    draft = plan.policy.policy if plan.policy else None
    if draft is not None and draft.ready is not None:
        files = {POLICY_FILE: draft.ready}
        if plan.attachments:
            files.update(_named_attachments(plan.attachments, draft.attachments, tell))
        return files
    attachments = _attachments(plan.attachments, tell)
    title = (draft.title if draft else None) or title_of(plan.slug)
    header = front_matter(
        title=title,
        summary=draft.summary if draft else _STUB_SUMMARY,
        labels=coding.labels,
        labelling=coding.labelling,
        subject=_subject(cases),
        licenses=_licences(plan, has_cases=bool(cases), tell=tell),
        attachments=tuple(attachments),
    )
    if draft is None:
        names = [reading.file for reading in plan.tables]
        tell(
            Topic.POLICY, names[0], "no policy text came with these cases; a stub was made.",
            "Write what each label covers; commons lint names what is missing.",
        )  # fmt: skip
        body = stub_text(title, names, coding.labels)
    else:
        body = draft.body
        remedy = "Set `language` if the text is in another one, and name who looks after it in `maintainers`."
        tell(Topic.POLICY, draft.file, "no language is stated, so the format takes it for English.", remedy)
    return {POLICY_FILE: header + body, **attachments}


def _subject(cases: Sequence[Case]) -> Subject:
    """What the cases judge when they all agree; `content` otherwise."""
    subjects = {case.subject for case in cases}
    only = next(iter(subjects)) if len(subjects) == 1 else None
    return only or Subject.CONTENT


def _licences(plan: PackPlan, *, has_cases: bool, tell: Tell) -> Mapping[str, str]:
    """SPDX ids as the licence file beside the pack gives them; none is ever assumed."""
    first = plan.policy or plan.tables[0]
    if plan.licence is None or plan.licence.licence is None:
        tell(
            Topic.LICENCE, first.file, "no licence came with it.",
            "Find out under which terms it was published and state `licenses` before publishing.",
        )  # fmt: skip
        return {}
    spdx = plan.licence.licence
    tell(
        Topic.LICENCE, plan.licence.file, f"the licence {spdx} was taken from this file.",
        "Check that it holds for the text and the cases, and add `credits`.",
    )  # fmt: skip
    parts = (["text"] if plan.policy else []) + (["cases"] if has_cases else [])
    return dict.fromkeys(parts, spdx)


def _attachments(readings: Sequence[FileReading], tell: Tell) -> dict[str, bytes]:
    """Annexes under names that a policy folder allows. None is put into the prompt unasked."""
    files: dict[str, bytes] = {}
    for reading in readings:
        raw = _clean(reading).encode("utf-8", errors="surrogatepass")
        if is_damaged(reading.text):
            tell(
                Topic.ENCODING,
                reading.file,
                "not attached: it holds bytes that are not UTF-8.",
                "Save it as UTF-8.",
            )
        elif len(raw) > LIMITS.attachment_bytes or len(files) == LIMITS.attachments:
            limit = f"{LIMITS.attachments} attachments of {LIMITS.attachment_bytes // KIB} KiB"
            tell(
                Topic.POLICY,
                reading.file,
                f"not attached: a policy may have {limit}.",
                "Shorten or join them.",
            )
        else:
            name = attachment_name(reading.file, files)
            files[name] = raw
            tell(
                Topic.POLICY, reading.file, f"attached as {name}, which the model does not read.",
                "Set `in_prompt: true` in `attachments` if it should.",
            )  # fmt: skip
    return files


def _named_attachments(readings: Sequence[FileReading], named: Sequence[str], tell: Tell) -> dict[str, bytes]:
    """The attachments that a policy of the commons names; others are told, not added."""
    files: dict[str, bytes] = {}
    for reading in readings:
        name = reading.file.rsplit("/", 1)[-1]
        if name in named:
            files[name] = _clean(reading).encode("utf-8", errors="replace")
        else:
            tell(
                Topic.POLICY, reading.file, "not taken along: the policy's `attachments` do not name it.",
                "Name it there and import again.",
            )  # fmt: skip
    return files


def _clean(reading: FileReading) -> str:
    """An annex in the normal form that a commons requires, without control characters."""
    text = unicodedata.normalize("NFC", reading.text)
    return _CONTROL.sub("", text)
