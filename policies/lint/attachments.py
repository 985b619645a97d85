"""Rules about the folder's other files. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from policies.findings import Finding
from policies.lint.reading import CASES_FILE, POLICY_FILE, Reading
from policies.lint.rules import found


def check_attachments(reading: Reading) -> Iterator[Finding]:
    """P090 and P091."""
    if reading.meta is None:
        return
    named = dict.fromkeys(attachment.file for attachment in reading.meta.attachments)
    for file in named:
        if file not in reading.files:
            yield found(
                "P090",
                POLICY_FILE,
                reading.line_of("attachments"),
                f"The attachment {file[:80]!r} is not in the folder.",
                "Add the file, or take it out of `attachments`.",
            )
    for file in sorted(set(reading.files) - set(named) - {POLICY_FILE, CASES_FILE}):
        yield found(
            "P091",
            POLICY_FILE,
            reading.line_of("attachments"),
            f"The folder holds {file[:80]!r}, which the front matter does not name.",
            f"Add `{{file: {file[:80]}, in_prompt: false}}` to `attachments`, or remove the file.",
        )
