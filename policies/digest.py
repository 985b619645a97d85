"""Digests: what a folder is, what it means, and what a model reads of it. Pure.

All are SHA-256 in 64 hex digits over canonical JSON (`canonical.py`), so they do not depend on the
order of files or keys.
"""

from __future__ import annotations

from collections.abc import Mapping

from policies.canonical import Json, canonical_digest, nfc, sha256_hex
from policies.cases import stated_fields
from policies.folder import PolicyFolder
from policies.model import Case
from policies.prompt import plain_text, prompt_text

NOT_CONTENT = frozenset(("version", "upstream"))
"""Front matter that enactment or a fork sets: it changes without the policy changing."""


def folder_digest(files: Mapping[str, bytes]) -> str:
    """Which bytes a folder holds: any change of any file changes it."""
    return canonical_digest({name: sha256_hex(raw) for name, raw in files.items()})


def content_digest(folder: PolicyFolder) -> str:
    """What the folder says: front matter without `version` and `upstream`, text, attachments, cases.

    Evidence binds to it. Layout does not count: comments and key order of the front matter, line
    ends, blank edges, the spelling of JSON. The order of labels and of cases does.
    """
    document = folder.document
    front_matter = {
        key: _canonical_value(value)
        for key, value in document.front_matter.values.items()
        if key not in NOT_CONTENT and value is not None
    }
    attachments = {
        attachment.file: _text_digest(folder.files[attachment.file].decode("utf-8"))
        for attachment in document.policy.meta.attachments
    }
    return canonical_digest(
        {
            "front_matter": front_matter,
            "body": _text_digest(document.policy.body),
            "attachments": attachments,
            "cases": [case_digest(case) for case in folder.cases],
        }
    )


def prompt_digest(folder: PolicyFolder) -> str:
    """What the model reads of the folder, before a prompt template is put around it."""
    return sha256_hex(prompt_text(folder).encode("utf-8"))


def case_digest(case: Case) -> str:
    """Everything a case says; its line does not count."""
    return canonical_digest({key: _canonical_value(value) for key, value in stated_fields(case)})


def _text_digest(text: str) -> str:
    return sha256_hex(plain_text(text).encode("utf-8"))


def _canonical_value(value: object) -> Json:
    """`value` in a form that canonical JSON keeps apart from every other value."""
    if isinstance(value, str):
        # Canonical JSON would make the two normal forms equal, and a model reads them as two texts.
        return value if nfc(value) == value else {"utf-8": value.encode("utf-8").hex()}
    if isinstance(value, float):
        return {"float": value.hex()}
    if isinstance(value, Mapping):
        return {"map": [[_canonical_value(key), _canonical_value(value[key])] for key in sorted(value)]}
    if isinstance(value, list | tuple):
        return [_canonical_value(item) for item in value]
    if value is None or isinstance(value, bool | int):
        return value
    raise TypeError(f"a policy holds no {type(value).__name__}")
