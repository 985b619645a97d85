"""The `policy.md` of an imported pack: front matter before the author's words, or a stub. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from policies.canonical import nfc
from policies.model import Label, Labelling, Status, Subject
from policies.yaml_text import value_lines

FIRST_VERSION = "0.1.0"


def front_matter(
    *,
    title: str,
    summary: str,
    labels: Sequence[Label],
    labelling: Labelling,
    subject: Subject = Subject.CONTENT,
    licenses: Mapping[str, str] | None = None,
    attachments: Sequence[str] = (),
) -> bytes:
    """The front matter of an imported policy; what is not known (licences, maintainers) is left out."""
    values: dict[str, object] = {"title": title}
    if summary:
        values["summary"] = summary
    values["version"] = FIRST_VERSION
    values["status"] = Status.DRAFT.value
    if licenses:
        values["licenses"] = dict(licenses)
    if attachments:
        values["attachments"] = [{"file": name, "in_prompt": False} for name in attachments]
    if labels:
        values["labels"] = [label_fields(label) for label in labels]
    values["labelling"] = labelling.value
    values["subject"] = subject.value
    lines = ["---"]
    for key, value in values.items():
        inline, below = value_lines(value)
        lines.append(f"{key}: {inline}".rstrip())
        lines.extend(below)
    lines.append("---")
    return nfc("\n".join(lines) + "\n").encode("utf-8")


def stub_text(title: str, files: Sequence[str], labels: Sequence[Label]) -> bytes:
    """The body of a policy whose cases came without one. It states no criteria, because there are none."""
    text = (
        f"# {title}\n\n"
        "Only the cases came along: this import found labelled cases and no policy text beside them.\n"
        "A model cannot apply this page. Somebody has to write what each label covers, and what it leaves\n"
        "out, before it is of use to anyone.\n\n"
        f"Cases from: {_printable(', '.join(files))}\n"
    )
    # The headings stand empty on purpose: commons lint names each label that has no criteria yet.
    for label in labels:
        heading = label.code if label.title == label.code else f"{label.code} {_printable(label.title)}"
        text += f"\n## {heading}\n"
    return nfc(text).encode("utf-8")


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)


def label_fields(label: Label) -> dict[str, object]:
    """A label as the front matter states it; what is not known is left out."""
    value: dict[str, object] = {"code": label.code, "title": label.title, "violates": label.violates}
    if label.severity is not None:
        value["severity"] = label.severity
    if label.handling is not None:
        value["handling"] = label.handling.value
    return value
