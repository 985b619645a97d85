"""The form in which somebody changes a policy: read as a browser sends it, and looked at. Touches nothing."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import NamedTuple

from policies.errors import MalformedDocumentError
from policies.findings import Finding, Severity, errors_in
from policies.folder import PolicyFolder, load_folder
from policies.lint import lint_folder
from policies.lint.tokens import estimate_tokens
from policies.lint.wording import ADVISED_TOKENS, MOST_TOKENS
from policies.notice import Notice
from registry.services.errors import InputRefusedError
from registry.services.notices import notice_between
from registry.services.suggesting import CaseRow, LabelRow, Suggested, suggested_files, suggested_of
from registry.web.content import Shown, show_markdown
from registry.web.forms import Form

MOST_LABELS, MOST_ROWS = 60, 40
MOST_FIELDS = 512
_ROWS = 2
_MORE_ROWS = 5
_LOOKED_AT = 2
"""Times what is workable: up to there, all that is wrong with a text is said."""

_PLACES = {"the text": "body", "the title": "subject", "the reason": "why", "cases to take out": "drop"}


class Looked(NamedTuple):
    """What comes of a suggestion: findings, length in tokens, the change in plain words, the text."""

    findings: tuple[Finding, ...]
    tokens: int
    notice: Notice | None
    text: Shown

    @property
    def can_be_sent(self) -> bool:
        """Whether nothing is in the way."""
        return not errors_in(self.findings)

    @property
    def errors(self) -> int:
        """How many findings are in the way."""
        return sum(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def length(self) -> str:
        """The length against what is advised and what is workable."""
        if self.tokens > MOST_TOKENS:
            return "over"
        return "long" if self.tokens > ADVISED_TOKENS else "fits"


class Edited(NamedTuple):
    """What is edited: a release, or what proposal `number` makes of a policy.

    `folder` is what the form begins with and `against` what stands on main (None for a new policy); `base`
    names the content that it began with, and `siblings` are the other policies.
    """

    commons: str
    folder: PolicyFolder
    against: PolicyFolder | None
    version: str | None
    base: str
    siblings: tuple[str, ...]
    number: int | None = None

    @property
    def action(self) -> str:
        """Where the form stands, and goes."""
        if self.number is None:
            return f"/{self.commons}/{self.folder.slug}/suggest"
        return f"/{self.commons}/proposals/{self.number}/revise/{self.folder.slug}"


class SuggestView(NamedTuple):
    """The page: the form as it stands, and what was found in it when it was looked at.

    It begins from `version`, or from what proposal `number` proposes.
    """

    action: str
    policy: str
    version: str | None
    number: int | None
    base: str
    key: str
    codes: tuple[str, ...]
    labels: int
    rows: int
    table: str
    typed: Form
    looked: Looked | None = None
    advised: int = ADVISED_TOKENS
    most: int = MOST_TOKENS


def first_form(folder: PolicyFolder) -> Form:
    """The form before anybody changed anything."""
    said = suggested_of(folder)
    values = {name: getattr(said, name) for name in ("body", "title", "summary", "status", "language")}
    for at, row in enumerate(said.labels):
        values |= {f"label-{at}-{name}": str(getattr(row, name)) for name in _LABEL_TEXTS}
        if row.violates:
            values[f"label-{at}-violates"] = "1"
    return Form({**values, "labels": str(len(said.labels) + 1), "rows": str(_ROWS)})


def suggested_by(typed: Mapping[str, str]) -> Suggested:
    """What a browser sent."""
    return Suggested(
        **{name: typed.get(name, "") for name in ("body", "title", "summary", "status", "language", "table")},
        labels=tuple(
            LabelRow(
                violates=f"label-{at}-violates" in typed,
                **{name: typed.get(f"label-{at}-{name}", "") for name in _LABEL_TEXTS},
            )
            for at in range(labels_of(typed))
        ),
        rows=tuple(
            CaseRow(*(typed.get(f"row-{at}-{name}", "") for name in CaseRow._fields))
            for at in range(rows_of(typed))
        ),
        drop=tuple(typed.get("drop", "").split()),
    )


_LABEL_TEXTS = ("code", "title", "severity", "handling")


def labels_of(typed: Mapping[str, str]) -> int:
    """How many rows of labels the form has."""
    return _count(typed.get("labels", ""), MOST_LABELS)


def rows_of(typed: Mapping[str, str]) -> int:
    """How many rows of cases the form has."""
    return _count(typed.get("rows", ""), MOST_ROWS)


def with_more_rows(typed: Mapping[str, str]) -> Form:
    """The same form with room for more cases."""
    return Form({**typed, "rows": str(min(MOST_ROWS, rows_of(typed) + _MORE_ROWS))})


def looked_at(edited: Edited, said: Suggested) -> Looked:
    """What comes of a suggestion, without anybody being told of it. Raises what `suggested_files` raises, and
    `InputRefusedError` for a text so long that looking at it would keep everybody else waiting."""
    folder = edited.folder
    length = estimate_tokens(said.body)
    if length > _LOOKED_AT * MOST_TOKENS:
        raise InputRefusedError(
            "the text",
            f"it has about {length:,} tokens; {MOST_TOKENS:,} are workable at most.",
            "Split the policy: one for each kind of content that is decided apart.",
        )
    files = suggested_files(folder, said)
    findings = lint_folder(folder.slug, files, siblings=edited.siblings)
    notice, tokens = None, length
    if not errors_in(findings):
        made = load_folder(folder.slug, files)
        notice = notice_between(edited.against, made)
        read = (one.file for one in made.document.policy.meta.attachments if one.in_prompt)
        tokens += sum(estimate_tokens(files[name].decode()) for name in read if name in files)
    return Looked(findings, tokens, notice, show_markdown(said.body, below=3, prefix="seen"))


def refused_at(typed: Mapping[str, str], error: InputRefusedError | MalformedDocumentError) -> Form:
    """The form with what is wrong at the field where it is."""
    if isinstance(error, MalformedDocumentError):
        return Form(typed).wrong("", f"{error.findings[0].message} {error.findings[0].fix}")
    place = _PLACES.get(error.place, "")
    kind, _, rest = error.place.partition(" ")
    if error.place.startswith("the table"):
        place = "table"
    elif kind in ("case", "label") and rest.isdigit():
        place = f"row-{int(rest) - 1}-content" if kind == "case" else f"label-{int(rest) - 1}-severity"
    said = f"{error.place}: {error.rule}" if place in ("table", "") else error.rule
    return Form(typed).wrong(place, said[:1].upper() + said[1:], error.remedy)


def fresh_key() -> str:
    """What makes sending the same form twice one act."""
    return secrets.token_hex(16)


def _count(stated: str, most: int) -> int:
    return min(int(stated), most) if stated.isascii() and stated.isdigit() and len(stated) < 4 else 0
