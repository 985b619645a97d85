"""A policy and its versions as the API says them. Touches nothing but what a visit reads."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, cast

import msgspec

from governance.commons import PolicyState
from governance.payloads import Release
from policies.canonical import Json
from policies.model import CaseStatus, Label, VersionRef
from registry.services.withdrawals import withdrawn
from registry.web.shapes.base import Address, Commit, Digest, Moment, Shape, moment
from registry.web.shapes.runs import is_tested
from registry.web.visit import Visit

Status = Annotated[
    str, msgspec.Meta(description="draft, experimental, stable or deprecated.", examples=["stable"])
]


class LabelShape(Shape, frozen=True):
    """One label of the schema; the schema's order is severity, mildest first."""

    code: Annotated[str, msgspec.Meta(examples=["SP2"])]
    title: Annotated[str, msgspec.Meta(examples=["Likely spam"])]
    violates: bool
    severity: int | None = None
    handling: Annotated[
        str | None, msgspec.Meta(description="allow, review, remove or escalate.", examples=["review"])
    ] = None


class LicencesShape(Shape, frozen=True):
    """SPDX expressions; null when not stated."""

    text: Annotated[str | None, msgspec.Meta(examples=["CC-BY-4.0"])]
    cases: Annotated[str | None, msgspec.Meta(examples=["CC-BY-4.0"])]


class ReferenceShape(Shape, frozen=True):
    """Another policy, perhaps at a version or commit."""

    policy: Address
    version: str | None = None
    commit: str | None = None


class CreditShape(Shape, frozen=True):
    """Who made it, and in which part."""

    name: str
    role: str
    url: str | None = None


class AttachmentShape(Shape, frozen=True):
    """A further file; the model reads those with `in_prompt`."""

    file: Annotated[str, msgspec.Meta(examples=["annex-1.md"])]
    in_prompt: bool


class SupportShape(Shape, frozen=True):
    """Until when a deprecated policy is looked after, and what to use instead."""

    until: str | None = None
    superseded_by: str | None = None
    reason: str | None = None


class AppliesToShape(Shape, frozen=True):
    """Where a policy is meant to be applied."""

    surfaces: tuple[str, ...]
    jurisdictions: tuple[str, ...]
    audiences: tuple[str, ...]


class PolicyFacts(Shape, frozen=True):
    """What a list and the policy itself say alike."""

    address: Address
    slug: Annotated[str, msgspec.Meta(examples=["spam"])]
    title: Annotated[str, msgspec.Meta(examples=["Spam"])]
    summary: str
    version: Annotated[str, msgspec.Meta(examples=["1.2.0"])]
    status: Status
    language: Annotated[str, msgspec.Meta(description="BCP 47.", examples=["en"])]
    labels: tuple[LabelShape, ...]
    licences: LicencesShape
    tested: Annotated[
        bool, msgspec.Meta(description="Whether this version was run on gpt-oss-safeguard here.")
    ]
    url: Annotated[str, msgspec.Meta(examples=["/api/v1/commons/starter/policies/spam"])]
    page: Annotated[str, msgspec.Meta(examples=["/starter/spam"])]


class PolicySummary(PolicyFacts, frozen=True):
    """A policy in a list, at its latest version."""

    serial: Annotated[
        int, msgspec.Meta(description="Number of the last event that touched it.", examples=[12])
    ]
    updated_at: Annotated[Moment, msgspec.Meta(description="When that event was.")]


class WithdrawalShape(Shape, frozen=True):
    """That a release is not to be used: why, since when, and until when (null: for good)."""

    reason: Annotated[str, msgspec.Meta(examples=["It flags calls for help."])]
    since: Moment
    until: Moment | None


class VersionShape(Shape, frozen=True):
    """A released version. `content` is what evidence binds to, `folder` the digest of the exact bytes."""

    version: Annotated[str, msgspec.Meta(examples=["1.2.0"])]
    latest: bool
    released_at: Moment
    commit: Commit
    content: Digest
    folder: Digest
    url: Annotated[str, msgspec.Meta(examples=["/api/v1/commons/starter/policies/spam/versions/1.2.0"])]
    page: Annotated[str, msgspec.Meta(examples=["/starter/spam@1.2.0"])]
    withdrawn: WithdrawalShape | None


class CaseCount(Shape, frozen=True):
    """How many cases there are; `by_label` counts cases that have the label or flag."""

    total: int
    sensitive: int
    todo: int
    by_label: Annotated[dict[str, int], msgspec.Meta(examples=[{"SP0": 60, "SP2": 60}])]


class PolicyDetail(PolicyFacts, frozen=True):
    """One version of a policy, whole but for its cases."""

    release: VersionShape
    text: Annotated[str, msgspec.Meta(description="Markdown after the front matter.")]
    labelling: Annotated[str, msgspec.Meta(description="single or multi.", examples=["single"])]
    subject: Annotated[
        str, msgspec.Meta(description="content, prompt, response or conversation.", examples=["content"])
    ]
    cases: CaseCount
    maintainers: tuple[str, ...]
    credits: tuple[CreditShape, ...]
    attachments: tuple[AttachmentShape, ...]
    files: Annotated[tuple[str, ...], msgspec.Meta(examples=[["cases.jsonl", "policy.md"]])]
    applies_to: AppliesToShape
    content_warnings: tuple[str, ...]
    links: tuple[str, ...]
    terms: str | None
    support: SupportShape | None
    upstream: ReferenceShape | None
    translation_of: ReferenceShape | None
    extra: Annotated[
        dict[str, object], msgspec.Meta(description="Front matter that this program does not know.")
    ]


def _facts(visit: Visit, policy: PolicyState, chosen: Release) -> PolicyFacts:
    meta = visit.meta(chosen)
    is_latest = chosen.version == policy.latest.version
    at = "" if is_latest else f"@{chosen.version}"
    versioned = "" if is_latest else f"/versions/{chosen.version}"
    return PolicyFacts(
        address=f"{visit.name}/{policy.slug}",
        slug=policy.slug,
        title=meta.title,
        summary=meta.summary,
        version=chosen.version,
        status=meta.status.value,
        language=meta.language,
        labels=tuple(map(label_shape, meta.labels)),
        licences=LicencesShape(text=meta.licenses.text, cases=meta.licenses.cases),
        tested=is_tested(visit, policy.slug, chosen),
        url=policy_url(visit.name, policy.slug) + versioned,
        page=f"/{visit.name}/{policy.slug}{at}",
    )


def policy_detail(visit: Visit, policy: PolicyState, release: Release) -> PolicyDetail:
    """One version of a policy."""
    folder = visit.folder(release)
    read = folder.document.policy
    meta = read.meta
    counted: Counter[str] = Counter()
    for case in folder.cases:
        if case.label is not None:
            counted[case.label] += 1
        counted.update(code for code, flag in (case.labels or {}).items() if flag)
    applies = meta.applies_to
    return PolicyDetail(
        **msgspec.structs.asdict(_facts(visit, policy, release)),
        release=version_shape(visit, policy, release),
        text=read.body,
        labelling=meta.labelling.value,
        subject=meta.subject.value,
        cases=CaseCount(
            total=len(folder.cases),
            sensitive=sum(case.sensitive for case in folder.cases),
            todo=sum(case.status is CaseStatus.TODO for case in folder.cases),
            by_label={code: counted[code] for code in meta.codes},
        ),
        maintainers=meta.maintainers,
        credits=tuple(CreditShape(name=by.name, role=by.role, url=by.url) for by in meta.credits),
        attachments=tuple(
            AttachmentShape(file=item.file, in_prompt=item.in_prompt) for item in meta.attachments
        ),
        files=tuple(sorted(folder.files)),
        applies_to=AppliesToShape(
            surfaces=applies.surfaces, jurisdictions=applies.jurisdictions, audiences=applies.audiences
        ),
        content_warnings=meta.content_warnings,
        links=meta.links,
        terms=meta.terms,
        support=SupportShape(
            until=meta.support.until,
            superseded_by=meta.support.superseded_by,
            reason=meta.support.reason,
        )
        if meta.support
        else None,
        upstream=_reference(meta.upstream),
        translation_of=_reference(meta.translation_of),
        extra=cast("dict[str, object]", json_value(meta.extra)),
    )


def version_shape(visit: Visit, policy: PolicyState, release: Release) -> VersionShape:
    """A version with its places."""
    return VersionShape(
        version=release.version,
        latest=release.version == policy.latest.version,
        released_at=moment(visit.at(release.commit)),
        commit=release.commit,
        content=release.content,
        folder=release.folder,
        url=f"{policy_url(visit.name, policy.slug)}/versions/{release.version}",
        page=f"/{visit.name}/{policy.slug}@{release.version}",
        withdrawn=_withdrawal(visit, release),
    )


def _withdrawal(visit: Visit, release: Release) -> WithdrawalShape | None:
    found = withdrawn(visit.repository.reader, visit.state, release.slug, release.version)
    if found is None:
        return None
    return WithdrawalShape(
        reason=found.reason,
        since=moment(found.since),
        until=moment(found.until) if found.until is not None else None,
    )


def policy_url(commons: str, slug: str) -> str:
    """Where the API has a policy."""
    return f"/api/v1/commons/{commons}/policies/{slug}"


def label_shape(label: Label) -> LabelShape:
    """A label of the schema."""
    handling = label.handling.value if label.handling else None
    return LabelShape(
        code=label.code,
        title=label.title,
        violates=label.violates,
        severity=label.severity,
        handling=handling,
    )


def _reference(reference: VersionRef | None) -> ReferenceShape | None:
    if reference is None:
        return None
    return ReferenceShape(policy=reference.policy, version=reference.version, commit=reference.commit)


def json_value(value: object) -> Json:
    """Front matter as JSON has it."""
    if isinstance(value, dict) or hasattr(value, "items"):
        return {str(key): json_value(item) for key, item in cast("dict[str, object]", value).items()}
    if isinstance(value, list | tuple):
        return [json_value(item) for item in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)
