"""The fields of the front matter."""

from __future__ import annotations

import pytest

from policies.findings import Severity
from policies.limits import LIMITS
from policies.meta_fields import FIELD_ORDER, meta_of
from policies.model import (
    AppliesTo,
    Attachment,
    Credit,
    Handling,
    Label,
    Labelling,
    Licenses,
    Meta,
    Status,
    Subject,
    Support,
    VersionRef,
)
from policies.yaml_tree import read_map

FULL = """title: Spam
summary: One sentence.
version: 1.10.0
status: deprecated
licenses: {text: CC-BY-4.0, cases: CC0-1.0}
terms: https://terms.example/spam
language: pt-BR
translation_of: {policy: roost/spam, version: 1.2.0}
maintainers: [ana, "007"]
credits: [{name: "Example Org", role: reviewer, url: https://org.example}, {name: Bo}]
support: {until: 2027-12-31, superseded_by: roost/scams, reason: Merged.}
attachments: [{file: annex-1.md, in_prompt: true}, {file: annex-2.md}]
labels:
  - {code: SP0, title: Not spam, violates: false}
  - {code: SP2, title: Likely spam, violates: true, severity: 2, handling: review}
labelling: multi
subject: conversation
applies_to: {surfaces: [comments, dm], jurisdictions: [NO], audiences: [teens]}
content_warnings: [sexual]
upstream: {policy: ~ana/spam, version: 1.1.0, commit: 0123456789abcdef0123456789abcdef01234567}
links: [https://a.example/x?y=1]
x-own: {a: [1, true, no]}
"""


def test_every_field_reads_as_written() -> None:
    """Each known key reads into its field; `NO` is Norway and "007" a handle."""
    meta, findings = meta_of(read_map(FULL), "policy.md", 2)
    assert findings == ()
    assert meta == Meta(
        title="Spam",
        summary="One sentence.",
        version="1.10.0",
        status=Status.DEPRECATED,
        licenses=Licenses(text="CC-BY-4.0", cases="CC0-1.0"),
        terms="https://terms.example/spam",
        language="pt-BR",
        translation_of=VersionRef(policy="roost/spam", version="1.2.0"),
        maintainers=("ana", "007"),
        credits=(
            Credit(name="Example Org", role="reviewer", url="https://org.example"),
            Credit(name="Bo", role="author"),
        ),
        support=Support(until="2027-12-31", superseded_by="roost/scams", reason="Merged."),
        attachments=(Attachment(file="annex-1.md", in_prompt=True), Attachment(file="annex-2.md")),
        labels=(
            Label(code="SP0", title="Not spam", violates=False),
            Label(code="SP2", title="Likely spam", violates=True, severity=2, handling=Handling.REVIEW),
        ),
        labelling=Labelling.MULTI,
        subject=Subject.CONVERSATION,
        applies_to=AppliesTo(surfaces=("comments", "dm"), jurisdictions=("NO",), audiences=("teens",)),
        content_warnings=("sexual",),
        upstream=VersionRef(
            policy="~ana/spam", version="1.1.0", commit="0123456789abcdef0123456789abcdef01234567"
        ),
        links=("https://a.example/x?y=1",),
        extra={"x-own": {"a": [1, True, "no"]}},
    )


def test_full_example_states_every_known_key() -> None:
    """The example above leaves no known field out."""
    assert set(read_map(FULL).items) == {*FIELD_ORDER, "x-own"}


def test_unstated_fields_have_their_defaults() -> None:
    """A title is enough, and a key without a value is a key not stated."""
    empty = "".join(f"{key}:\n" for key in FIELD_ORDER if key != "title")
    meta, findings = meta_of(read_map(f"title: x\n{empty}"), "policy.md", 2)
    assert (meta, findings) == (Meta(title="x"), ())


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("title: [x]", "'title' is a list."),
        ("summary: {a: b}", "'summary' is a map of keys and values."),
        ("version: 1.10", "'version' is '1.10', which is not a semantic version."),
        ("version: v1.0.0", "'version' is 'v1.0.0', which is not a semantic version."),
        ("status: Stable", "'status' is 'Stable'."),
        ("licenses: CC-BY-4.0", "'licenses' is 'CC-BY-4.0'."),
        ("terms: javascript:alert(1)", "'terms' is 'javascript:alert(1)'."),
        ("terms: //x.example", "'terms' is '//x.example'."),
        ("links: [data:text/html]", "'links[0]' is 'data:text/html'."),
        ("links: https://a.example", "'links' is 'https://a.example'."),
        ("language: english please", "'language' is 'english please'."),
        ("maintainers: ana", "'maintainers' is 'ana'."),
        ("maintainers: [[ana]]", "'maintainers[0]' is a list."),
        ("credits: [ana]", "'credits[0]' is 'ana'."),
        ("credits: [{role: author}]", "'credits[0]' has no name."),
        ("credits: [{name: ana, url: ftp://x}]", "'credits[0].url' is 'ftp://x'."),
        ("support: {until: 31.12.2027}", "'support.until' is '31.12.2027'."),
        ("support: {until: 2027-13-01}", "'support.until' is '2027-13-01'."),
        ("attachments: [{in_prompt: true}]", "'attachments[0]' has no file."),
        ("attachments: [{file: a.md, in_prompt: yes}]", "'attachments[0].in_prompt' is 'yes'."),
        ("labels: {SP0: x}", "'labels' is a map of keys and values."),
        ("labels: [SP0]", "'labels[0]' is 'SP0'."),
        ("labels: [{title: a, violates: true}]", "'labels[0]' has no code."),
        ("labels: [{code: ~, title: a, violates: true}]", "'labels[0]' has no code."),
        ("labels: [{code: '', title: a, violates: true}]", "'labels[0]' has no code."),
        ("labels: [{code: S P, title: a, violates: true}]", "'labels[0].code' is 'S P'."),
        ("labels: [{code: A, violates: true}]", "'labels[0]' has no title."),
        ("labels: [{code: A, title: a}]", "'labels[0]' has no violates."),
        ("labels: [{code: A, title: a, violates: no}]", "'labels[0].violates' is 'no'."),
        ("labels: [{code: A, title: a, violates: 'true'}]", "'labels[0].violates' is 'true'."),
        ("labels: [{code: A, title: a, violates: true, severity: high}]", "'labels[0].severity' is 'high'."),
        ("labels: [{code: A, title: a, violates: true, severity: 1.5}]", "'labels[0].severity' is '1.5'."),
        ("labels: [{code: A, title: a, violates: true, severity: true}]", "'labels[0].severity' is 'true'."),
        ("labels: [{code: A, title: a, violates: true, handling: ban}]", "'labels[0].handling' is 'ban'."),
        (
            "labels: [{code: A, title: a, violates: true}, {code: A, title: b, violates: true}]",
            "'labels' defines the code 'A' twice.",
        ),
        ("labelling: both", "'labelling' is 'both'."),
        ("subject: video", "'subject' is 'video'."),
        ("applies_to: [comments]", "'applies_to' is a list."),
        ("applies_to: {surfaces: comments}", "'applies_to.surfaces' is 'comments'."),
        ("upstream: roost/spam", "'upstream' is 'roost/spam'."),
        ("upstream: {version: 1.0.0}", "'upstream' has no policy."),
        ("upstream: {policy: roost}", "'upstream.policy' is 'roost'."),
        ("upstream: {policy: roost/spam@1.0.0}", "'upstream.policy' is 'roost/spam@1.0.0'."),
        ("upstream: {policy: a/Spam}", "'upstream.policy' is 'Spam': it is not a name."),
        ("upstream: {policy: a/b, commit: abc}", "'upstream.commit' is 'abc'."),
        ("translation_of: {policy: a/b, version: one}", "'translation_of.version' is 'one'"),
    ],
)
def test_wrong_field_is_one_finding_on_its_line(field: str, message: str) -> None:
    """A value of the wrong kind is named with path, value and line, and is an error."""
    text = f"{field}\n" if field.startswith("title") else f"title: x\n{field}\n"
    _, findings = meta_of(read_map(text), "policy.md", 2)
    found = [finding for finding in findings if finding.message.startswith(message)]
    assert [(finding.line, finding.severity) for finding in found] == [
        (2 if field.startswith("title") else 3, Severity.ERROR)
    ]
    assert all(finding.fix for finding in findings)


def test_every_problem_is_reported_at_once() -> None:
    """An author sees all that is wrong, not the first."""
    text = "status: x\nlabelling: y\nlabels:\n  - {code: A}\n  - {title: b, violates: 1}\n"
    _, findings = meta_of(read_map(text), "policy.md", 2)
    assert [(finding.rule, finding.line, finding.message) for finding in findings] == [
        ("P003", 2, "The policy has no title."),
        ("P004", 2, "'status' is 'x'."),
        ("P003", 5, "'labels[0]' has no title."),
        ("P003", 5, "'labels[0]' has no violates."),
        ("P003", 6, "'labels[1]' has no code."),
        ("P004", 6, "'labels[1].violates' is '1'."),
        ("P004", 3, "'labelling' is 'y'."),
    ]


def test_unknown_key_inside_a_known_field_is_a_warning() -> None:
    """A typing slip such as `severty` has no effect, and its author is told."""
    text = "title: x\nlabels:\n  - {code: A, title: a, violates: true, severty: 2}\n"
    meta, findings = meta_of(read_map(text), "policy.md", 2)
    assert meta.labels == (Label(code="A", title="a", violates=True),)
    assert [(finding.rule, finding.severity, finding.line) for finding in findings] == [
        ("P005", Severity.WARNING, 4)
    ]
    assert "severty" in findings[0].message


def test_findings_are_bounded() -> None:
    """A list of ten thousand wrong labels does not make thirty thousand findings."""
    _, findings = meta_of(read_map("title: x\nlabels: [" + "{}, " * 10_000 + "]"), "policy.md", 2)
    assert len(findings) == LIMITS.findings
