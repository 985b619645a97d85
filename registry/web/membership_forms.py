"""The forms of acts about who belongs, and which service each ends in. Touches nothing by itself."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping

from governance.commons import Commons
from registry.keys.public_key import parse_public_key
from registry.services import membership
from registry.services.possible_membership import MembershipAct, possible_memberships
from registry.services.standing import leave_one
from registry.store.repository import Acted, Repository
from registry.web.act_fields import ActForm, ActsView, Closed, Field, Shown
from registry.web.forms import Form

_PASSWORD = Field("password", "Your password", "password", help="Once more, so that nobody else can.")
_FOR = "One word, such as `youth-council`; `independent` for none."

CONFIRMED = frozenset({MembershipAct.ADD_KEY, MembershipAct.REVOKE_KEY, MembershipAct.LEAVE})
"""What takes the password once more: whoever finds a screen unlocked cannot do it."""

DONE: Mapping[MembershipAct, str] = {
    MembershipAct.JOIN: "You have asked to be let in.",
    MembershipAct.VOUCH: "You vouched for them.",
    MembershipAct.INVITE: "They are invited.",
    MembershipAct.AFFILIATE: "It is noted for whom you act.",
    MembershipAct.ADD_KEY: "The key is yours to sign with.",
    MembershipAct.REVOKE_KEY: "The key counts for nothing any more.",
    MembershipAct.LEAVE: "You have left.",
}
"""What a page says once an act was taken in."""

RUN: Mapping[MembershipAct, Callable[[Repository, str, Mapping[str, str]], Acted]] = {
    MembershipAct.JOIN: lambda repository, actor, typed: membership.join(
        repository, actor=actor, affiliation=_word(typed)
    ),
    MembershipAct.VOUCH: lambda repository, actor, typed: membership.vouch(
        repository, typed.get("member", ""), actor=actor
    ),
    MembershipAct.INVITE: lambda repository, actor, typed: membership.invite(
        repository, typed.get("member", "").strip(), actor=actor
    ),
    MembershipAct.AFFILIATE: lambda repository, actor, typed: membership.declare_affiliation(
        repository, _word(typed), actor=actor
    ),
    MembershipAct.ADD_KEY: lambda repository, actor, typed: membership.add_key(
        repository, parse_public_key(typed.get("public", "").strip()), actor=actor
    ),
    MembershipAct.REVOKE_KEY: lambda repository, actor, typed: membership.revoke_key(
        repository, typed.get("fingerprint", ""), actor=actor
    ),
    MembershipAct.LEAVE: lambda repository, actor, _typed: leave_one(repository, actor),
}
"""The service that each ends in."""


def form_of(state: Commons, handle: str, act: MembershipAct) -> ActForm:
    """The form of an act, with the people or keys that there are to choose from."""
    match act:
        case MembershipAct.JOIN:
            line = Field("affiliation", "For which organisation you act", "line", help=_FOR, required=False)
            rule = f"People join {state.name}: {state.charter_rules.membership.join}."
            return ActForm(act, "Join", "Join, or ask to", (line,), rule)
        case MembershipAct.VOUCH:
            waiting = tuple((one, one) for one in sorted(state.people.applicants) if one != handle)
            return ActForm(act, "Vouch", "Vouch", (Field("member", "For whom", "choice", waiting),))
        case MembershipAct.INVITE:
            line = Field("member", "Their handle", "line")
            return ActForm(act, "Invite somebody", "Invite", (line,), "They are in once they join.")
        case MembershipAct.AFFILIATE:
            line = Field("affiliation", "For which organisation you act", "line", help=_FOR)
            return ActForm(
                act,
                "Say for whom you act",
                "Say it",
                (line,),
                "Whoever acts for the same organisation as an author does not review their proposals.",
            )
        case MembershipAct.ADD_KEY:
            line = Field("public", "The line of its .pub file")
            return ActForm(
                act,
                "Add a key",
                "Add it",
                (line, _PASSWORD),
                "What you do can be signed with it from here on.",
            )
        case MembershipAct.REVOKE_KEY:
            member = state.people.members.get(handle)
            keys = member.keys if member else ()
            mine = tuple((key.fingerprint, key.fingerprint) for key in keys if key.until is None)
            chosen = Field("fingerprint", "Which", "choice", mine)
            return ActForm(act, "Revoke a key", "Revoke it", (chosen, _PASSWORD), danger=True)
        case MembershipAct.LEAVE:
            said = "The handle stays yours, and ballots that you cast still count."
            return ActForm(act, "Leave", "Leave", (_PASSWORD,), said, danger=True)


def memberships_view(
    repository: Repository,
    handle: str,
    *,
    sent: MembershipAct | None = None,
    typed: Form | None = None,
    done: str | None = None,
) -> ActsView:
    """Every act about who belongs for somebody; the one that was `sent` keeps what was `typed`."""
    state = repository.state()
    shown: list[Shown] = []
    closed: list[Closed] = []
    for one in possible_memberships(repository, handle):
        form, kept = form_of(state, handle, one.act), typed if one.act is sent else None
        if one.refusal is None or kept is not None:
            shown.append(Shown(form, kept or Form()))
        else:
            closed.append(Closed(form.title, one.refusal.rule, one.refusal.remedy))
    return ActsView(
        action=memberships_path(state.name),
        content="",
        key=secrets.token_hex(16),
        open=tuple(shown),
        closed=tuple(closed),
        done=done,
    )


def memberships_path(commons: str) -> str:
    """The page of the acts about who belongs."""
    return f"/{commons}/members/act"


def _word(typed: Mapping[str, str]) -> str:
    return typed.get("affiliation", "").strip() or "independent"
