"""A finding: one thing wrong, or worth a look, at one place, with its fix. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs: an error blocks publishing, a warning asks, info tells."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule found.

    `rule` is a stable id (`P001`); `line` is 1-based, 0 when the finding is about the whole file.
    """

    rule: str
    severity: Severity
    file: str
    line: int
    message: str
    fix: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.severity} {self.rule}: {self.message} {self.fix}"

    def to_json(self) -> dict[str, str | int]:
        """The finding as plain JSON values."""
        return {
            "rule": self.rule,
            "severity": self.severity.value,
            "file": self.file,
            "line": self.line,
            "message": self.message,
            "fix": self.fix,
        }


def errors_in(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Only those that block."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)
