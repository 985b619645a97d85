"""Tests of `policies.importers.front`."""

from __future__ import annotations

from policies.codec import parse_policy
from policies.folder import check_files
from policies.importers.front import front_matter, stub_text
from policies.model import Handling, Label, Labelling, Subject

_LABELS = (
    Label(code="0", title="Quiet: no, really", violates=False),
    Label(code="NO1", title="Loud {very}", violates=True, handling=Handling.ESCALATE),
)


def test_what_is_written_is_what_is_read() -> None:
    """Titles with YAML's own signs, codes that look like numbers, attachments and licences survive."""
    raw = front_matter(
        title="Noise: a #policy",
        summary='Says "hush".',
        labels=_LABELS,
        labelling=Labelling.SINGLE,
        subject=Subject.PROMPT,
        licenses={"text": "CC-BY-4.0"},
        attachments=("annex-1.md",),
    )
    meta = parse_policy(raw).policy.meta
    assert (meta.title, meta.summary, meta.labels) == ("Noise: a #policy", 'Says "hush".', _LABELS)
    assert (meta.subject, meta.licenses.text, meta.licenses.cases) == (Subject.PROMPT, "CC-BY-4.0", None)
    assert [(item.file, item.in_prompt) for item in meta.attachments] == [("annex-1.md", False)]


def test_a_stub_is_clean_text_whatever_the_source_called_its_labels() -> None:
    """Names with control characters or decomposed letters give a file that a commons holds."""
    label = Label(code="a", title="cafe\u0301\x0b", violates=True)
    raw = front_matter(title="Noise", summary="", labels=(label,), labelling=Labelling.MULTI)
    assert check_files({"policy.md": raw + stub_text("Noise", ["a\x1b.csv"], (label,))}) == ()
