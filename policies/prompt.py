"""The policy text that a model reads. Pure.

The output instruction is not part of it: that comes from a versioned prompt template.
"""

from __future__ import annotations

import re

from policies.folder import PolicyFolder
from policies.model import Policy

_LINE_END = re.compile(r"\r\n?")


def prompt_text(folder: PolicyFolder) -> str:
    """The body, then the attachments that the front matter puts in the prompt, in its order.

    Parts are separated by one blank line; line ends are `\\n`, and the text ends in one. What stands
    in the front matter (title, labels, licence) is for people and programs: the model never sees it.
    """
    meta = folder.document.policy.meta
    parts = [folder.document.policy.body]
    parts += [
        folder.files[attachment.file].decode("utf-8")
        for attachment in meta.attachments
        if attachment.in_prompt and attachment.file in folder.files
    ]
    return "\n\n".join(filter(None, map(plain_text, parts))) + "\n"


def plain_text(text: str) -> str:
    """`text` without a byte-order mark and blank edges, its line ends as `\\n`."""
    return _LINE_END.sub("\n", text.removeprefix("\ufeff")).strip()


def text_line(policy: Policy) -> int:
    """The line of `policy.md` on which the plain text of its body begins."""
    body = _LINE_END.sub("\n", policy.body.removeprefix("\ufeff"))
    return policy.body_line + body[: len(body) - len(body.lstrip())].count("\n")
