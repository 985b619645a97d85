"""What is wrong with a charter: the key, why, and what to do instead. Pure."""

from __future__ import annotations

import msgspec

from governance.errors import GovernanceError
from policies.findings import Finding


class KeyFinding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing wrong with one key.

    `value` is the value as it is written, `why` the rule that it breaks with its arithmetic, `remedy`
    what would be right; both are sentences.
    """

    key: str
    value: str
    why: str
    remedy: str

    def __str__(self) -> str:
        shown = f"{self.key} = {self.value}" if self.value else self.key
        return f"{shown}: {self.why} {self.remedy}"


class InvalidCharterError(GovernanceError):
    """Values that make no charter, or none that its members could live by; carries every finding.

    `key`, `rule` and `remedy` are those of the first.
    """

    def __init__(self, findings: tuple[KeyFinding, ...]) -> None:
        if not findings:
            raise ValueError("an invalid charter needs at least one finding")
        self.findings = findings
        self.key, self.rule, self.remedy = findings[0].key, findings[0].why, findings[0].remedy
        super().__init__("\n".join(str(finding) for finding in findings))


class MalformedCharterError(GovernanceError):
    """A charter's file that cannot be read; carries every finding, with its line where it has one."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        if not findings:
            raise ValueError("a malformed charter needs at least one finding")
        self.findings = findings
        super().__init__("\n".join(str(finding) for finding in findings))
