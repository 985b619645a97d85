"""Every key of a charter: what it may hold, its unit and its meaning. Pure.

The one list of keys. The model (`model.py`), the presets, the directions, the words and the table in
`governance/README.md` are each held against it by a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from fractions import Fraction
from types import MappingProxyType
from typing import Annotated, TypeAlias

import msgspec

from governance.charter.kinds import Choice, Flag, Kind, Optional, QuorumParts, Share, Text, Texts, Whole
from governance.charter.model import (
    BallotMethod,
    ChangeClass,
    ChildMay,
    Consequence,
    Effort,
    EvidenceMode,
    Join,
    Mode,
    Selection,
    Visibility,
)
from governance.payloads import Handle, Slug

SCHEMA = 1
"""Version of the schema, the file's key `schema`."""

MAX_GROUPS = 16

GROUPS = "groups"
DELEGATES = "delegates"

LATER = ("compute", "sanctions", "maintenance", "evidence.second_run_share")
"""Keys and tables of the design whose rules do not exist yet; a charter may not promise them."""


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """One key: `name` is dotted, `unit` is empty where a value has none, `meaning` is a sentence."""

    name: str
    kind: Kind
    unit: str
    meaning: str


_ZERO, _HALF, _ONE = Fraction(0), Fraction(1, 2), Fraction(1)
_HOURS = Whole(least=0, most=87_600)
_DUE_HOURS = Whole(least=1, most=87_600)
_COUNT = Whole(least=0, most=1_000)
_SOME = Whole(least=1, most=1_000)
_PART = Share(least=_ZERO, most=_ONE, over=True)
_ModelId = Annotated[
    str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}(?:/[A-Za-z0-9][A-Za-z0-9._-]{0,63})?\Z")
]
_Revision = Annotated[str, msgspec.Meta(pattern=r"^(?:[0-9a-f]{40}|[0-9a-f]{64})?\Z")]
_Template = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,40}@[1-9][0-9]{0,3}\Z")]
_Locked = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_.-]{0,127}\Z")]

_AFFILIATION = Text(shape=Slug, what="an affiliation of a-z, 0-9 and inner hyphens")

DELEGATES_KIND = Texts(item=_AFFILIATION, least=1, most=32)

_Row: TypeAlias = tuple[str, Kind, str, str]

_CLASS_FIELDS: tuple[_Row, ...] = (
    ("mode", Choice(words=Mode), "", "How it is decided."),
    ("reviews", _COUNT, "reviews", "Approving reviews by others that it needs first."),
    ("review_min", _HOURS, "hours", "The least time for discussion before it can go on."),
    ("edit_freeze", _HOURS, "hours", "The last part of that time, in which its text stays as it is."),
    ("objection", _HOURS, "hours", "The final comment period, in which members may object."),
    ("undo", _HOURS, "hours", "How long it can be undone after it is in force."),
    ("voting", _HOURS, "hours", "How long a vote is open."),
    ("challenge", _HOURS, "hours", "How long members may challenge an acceptance."),
    ("notice", _HOURS, "hours", "How long it is announced before its vote opens."),
    ("quorum", Optional(QuorumParts()), "approvals", "How many approvals a vote needs, by a named formula."),
    (
        "threshold",
        Optional(Share(least=_HALF, most=_ONE)),
        "of yes and no",
        "The share of yes: more than 1/2, or at least any other.",
    ),
    (
        "group_gate",
        Optional(_PART),
        "of yes and no",
        "The share of yes that each affected group must reach, once three of it voted.",
    ),
    ("call_vote", Optional(_SOME), "members", "How many members together may ask for a vote."),
    ("stay", Optional(_SOME), "members", "How many members together may challenge an acceptance."),
)

_OTHER: tuple[_Row, ...] = (
    ("membership.join", Choice(words=Join), "", "How one becomes a member."),
    (
        "membership.vouches_required",
        _COUNT,
        "members",
        "Members of different affiliations who vouch for a newcomer, with join = vouched.",
    ),
    ("membership.tenure_before_vote_hours", _HOURS, "hours", "How long one is a member before one can vote."),
    (
        "membership.inactive_after_hours",
        _DUE_HOURS,
        "hours",
        "After how long without an act one can no longer vote, until one acts again.",
    ),
    (
        "membership.max_join_share_per_30d",
        _PART,
        "of members",
        "The largest share of the members that may join within 30 days.",
    ),
    ("membership.joins_min_per_30d", _SOME, "members", "So many may join within 30 days in any case."),
    (
        "membership.max_affiliation_share",
        _PART,
        "of reviewers",
        "The largest share of reviewers, or of a panel, from one affiliation; one may always.",
    ),
    (
        "membership.stewards",
        Texts(item=Text(shape=Handle, what="a handle of a-z, 0-9 and inner hyphens"), most=32),
        "",
        "Who looks after the commons; nobody named stands for the founder.",
    ),
    ("ballot.method", Choice(words=BallotMethod), "", "How ballots are counted."),
    ("ballot.visibility", Choice(words=Visibility), "", "When a ballot can be read."),
    ("ballot.change_allowed", Flag(), "", "Whether a ballot may be replaced until the vote closes."),
    ("objections.hold_expiry", _DUE_HOURS, "hours", "After how long a hold ends by itself."),
    ("objections.lapse", _DUE_HOURS, "hours", "After how long without an act a proposal lapses."),
    ("evidence.mode", Choice(words=EvidenceMode), "", "Whether test results inform, decide, or are off."),
    (
        "evidence.suites",
        Texts(item=Text(shape=Slug, what="a suite's name of a-z, 0-9 and inner hyphens"), most=16),
        "",
        "The suites that a proposal is tested with.",
    ),
    (
        "evidence.margin",
        _PART,
        "of cases",
        "How much more may be missed, or wrongly flagged, before a change is clearly worse.",
    ),
    (
        "evidence.on_inconclusive",
        Choice(words=Consequence),
        "",
        "What follows, with `gate`, when the tests cannot tell.",
    ),
    (
        "evidence.on_missing",
        Choice(words=Consequence),
        "",
        "What follows, with `gate`, when nobody has tested it.",
    ),
    (
        "evidence.model.id",
        Text(shape=_ModelId, what="a model's id such as openai/gpt-oss-safeguard-20b"),
        "",
        "The shared model: the one whose runs count.",
    ),
    (
        "evidence.model.revision",
        Text(shape=_Revision, what="a commit of 40 or 64 hex digits, or nothing"),
        "",
        "Its exact revision; nothing stands for any.",
    ),
    (
        "evidence.model.template",
        Text(shape=_Template, what="a prompt template such as safeguard-label@1"),
        "",
        "The prompt template.",
    ),
    ("evidence.model.effort", Choice(words=Effort), "", "How long it reasons."),
    (
        "attention.open_proposals_per_member",
        _SOME,
        "proposals",
        "Proposals that one may have open at a time.",
    ),
    (
        "attention.reviews_owed_per_proposal",
        Whole(least=0, most=20),
        "reviews",
        "Reviews of others that one owes for each own proposal after the first.",
    ),
    ("panel.size", Whole(least=1, most=99), "members", "Members of a panel."),
    ("panel.quorum", Whole(least=1, most=99), "members", "Members of it who must take part in a ruling."),
    ("panel.selection", Choice(words=Selection), "", "How they are found: drawn by lot."),
    (
        "panel.ruling_hours",
        _DUE_HOURS,
        "hours",
        "Within what time it rules; otherwise the acceptance stands.",
    ),
    ("emergency.actors", _SOME, "members", "Members who act at once in an emergency, together."),
    ("emergency.expires_hours", _DUE_HOURS, "hours", "When their act reverts itself unless it is ratified."),
    (
        "nesting.child_may",
        Choice(words=ChildMay),
        "",
        "Whether a nested commons may be stricter in a locked key, or has to keep it.",
    ),
    (
        "nesting.locked",
        Texts(item=Text(shape=_Locked, what="a key of the charter, or a table of keys"), most=64),
        "",
        "Keys, or whole tables, that bind the commons nested in this one.",
    ),
    ("audit.checkpoint_hours", _DUE_HOURS, "hours", "How often a checkpoint of the log is due."),
)


def _keys() -> Mapping[str, Key]:
    of_classes: list[_Row] = [
        (f"class.{change_class}.{field}", kind, unit, meaning)
        for change_class in ChangeClass
        for field, kind, unit, meaning in _CLASS_FIELDS
    ]
    first = [row for row in _OTHER if row[0].startswith("membership.")]
    rows = [*first, *of_classes, *(row for row in _OTHER if row not in first)]
    return MappingProxyType(
        {name: Key(name=name, kind=kind, unit=unit, meaning=meaning) for name, kind, unit, meaning in rows}
    )


KEYS: Mapping[str, Key] = _keys()
"""All keys by name, in the order in which they are written, without those of groups."""

CLASS_FIELDS: tuple[str, ...] = tuple(field for field, *_ in _CLASS_FIELDS)
"""The keys of a class, `voting` for `class.policy.voting`."""

TABLES: frozenset[str] = frozenset(
    ".".join(parts[:length])
    for name in KEYS
    for parts in [name.split(".")]
    for length in range(1, len(parts))
)
"""The dotted names of all tables that hold keys, without those of groups."""


def kind_of(key: str) -> Kind | None:
    """What a key may hold, those of groups included; None for a key that does not exist."""
    known = KEYS.get(key)
    if known is not None:
        return known.kind
    return DELEGATES_KIND if group_of(key) is not None else None


def group_of(key: str) -> str | None:
    """The group that `groups.teens.delegates` is about; None for any other key."""
    parts = key.split(".")
    if len(parts) != 3 or parts[0] != GROUPS or parts[2] != DELEGATES:
        return None
    try:
        return msgspec.convert(parts[1], Slug)
    except msgspec.ValidationError:
        return None


def group_key(group: str) -> str:
    """The key that says who speaks for a group."""
    return f"{GROUPS}.{group}.{DELEGATES}"


def closest(name: str) -> str | None:
    """The key or table whose name is most like this one, for a remedy; None when none is."""
    known = [*KEYS, *TABLES, GROUPS]
    shortened = name[:80]
    found = get_close_matches(shortened, known, n=1, cutoff=0.75)
    if not found:
        # Right in its last part and wrong in its table is as common a slip.
        last = shortened.rpartition(".")[2]
        found = [key for key in KEYS if key.rpartition(".")[2] == last][:1]
    return found[0] if found else None
