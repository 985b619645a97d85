"""What can go wrong in the document model. Pure: values in, values out."""

from __future__ import annotations

from policies.findings import Finding


class PolicyError(Exception):
    """Root of every error this package raises on purpose."""


class MalformedDocumentError(PolicyError):
    """A policy or case file that cannot be read; carries every finding, not only the first."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        if not findings:
            raise ValueError("a malformed document needs at least one finding")
        self.findings = findings
        super().__init__("\n".join(str(finding) for finding in findings))


class MalformedPolicyError(MalformedDocumentError):
    """`policy.md` cannot be read."""


class MalformedCasesError(MalformedDocumentError):
    """`cases.jsonl` cannot be read."""


class InvalidNameError(PolicyError):
    """A slug, commons path, version or address that breaks the naming rules.

    `value` is what was given, `rule` what it breaks, `remedy` what to do instead.
    """

    def __init__(self, value: str, rule: str, remedy: str) -> None:
        self.value = value
        self.rule = rule
        self.remedy = remedy
        super().__init__(f"{value!r}: {rule} {remedy}")


class NotCanonicalError(PolicyError):
    """A value that canonical JSON has no form for (a float, a non-string key, a lone surrogate)."""
