"""A refusal as RFC 9457 has it, with what to do instead. Touches nothing."""

from __future__ import annotations

from typing import Annotated

import msgspec

from policies.findings import Finding


class FindingShape(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing wrong, or worth a look, at one place. `line` is 0 where it is about the whole file."""

    rule: Annotated[str, msgspec.Meta(examples=["P014"])]
    severity: Annotated[str, msgspec.Meta(description="`error`, `warning` or `info`.", examples=["error"])]
    file: Annotated[str, msgspec.Meta(examples=["policy.md"])]
    line: Annotated[int, msgspec.Meta(examples=[12])]
    message: str
    fix: str


def finding_shape(finding: Finding) -> FindingShape:
    """A finding as the API has it."""
    return FindingShape(
        rule=finding.rule,
        severity=finding.severity.value,
        file=finding.file,
        line=finding.line,
        message=finding.message,
        fix=finding.fix,
    )


class Problem(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What went wrong. `type` leads to the documentation of this kind of problem."""

    type: Annotated[str, msgspec.Meta(examples=["/api/v1/docs#unknown-policy"])]
    title: Annotated[str, msgspec.Meta(examples=["No such policy or version"])]
    status: Annotated[int, msgspec.Meta(examples=[404])]
    detail: Annotated[str | None, msgspec.Meta(examples=["There is no “scam” in this commons."])] = None
    instance: Annotated[str | None, msgspec.Meta(examples=["/api/v1/commons/starter/policies/scam"])] = None
    remedy: Annotated[
        str | None, msgspec.Meta(description="What to do.", examples=["The commons lists what is there."])
    ] = None
    findings: Annotated[
        tuple[FindingShape, ...],
        msgspec.Meta(description="Where much may be wrong with what was sent: all of it, with its places."),
    ] = ()
