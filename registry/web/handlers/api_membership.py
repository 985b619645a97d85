"""The API's acts about who belongs: joining and leaving, vouching, affiliations and keys."""

from __future__ import annotations

from typing import Any

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import JSONBody

from registry.keys.public_key import parse_public_key
from registry.services import membership
from registry.services.standing import leave_one
from registry.web.acts import Acts
from registry.web.handlers.api_act_parameters import (
    act_route,
)
from registry.web.handlers.api_parameters import CommonsPath
from registry.web.shapes.acts import (
    MembershipAct,
)
from registry.web.shapes.member_requests import (
    AffiliationRequest,
    ApplicationRequest,
    KeyRequest,
    MemberRequest,
    RevocationRequest,
)
from registry.web.viewer import Scope

_TAG = "Membership"


@act_route("applications", _TAG, "Join, or ask to")
async def apply(
    acts: NamedDependency[Acts], commons: CommonsPath, data: JSONBody[ApplicationRequest]
) -> Response[MembershipAct]:
    """As the charter says: at once, invited, vouched for, or by a vote. Takes the scope `admin`."""
    return await acts.on_member(
        Scope.ADMIN,
        commons,
        None,
        lambda repository, actor: membership.join(repository, actor=actor, affiliation=data.affiliation),
    )


@act_route("departures", _TAG, "Leave")
async def leave(acts: NamedDependency[Acts], commons: CommonsPath) -> Response[MembershipAct]:
    """Or take an application back. Ballots that you cast still count. Takes the scope `admin`."""
    return await acts.on_member(
        Scope.ADMIN, commons, None, lambda repository, actor: leave_one(repository, actor)
    )


@act_route("affiliations", _TAG, "Say for whom you act")
async def affiliate(
    acts: NamedDependency[Acts], commons: CommonsPath, data: JSONBody[AffiliationRequest]
) -> Response[MembershipAct]:
    """For which organisation, from now on. Takes the scope `admin`."""
    return await acts.on_member(
        Scope.ADMIN,
        commons,
        None,
        lambda repository, actor: membership.declare_affiliation(repository, data.affiliation, actor=actor),
    )


@act_route("invitations", _TAG, "Invite somebody")
async def invite(
    acts: NamedDependency[Acts], commons: CommonsPath, data: JSONBody[MemberRequest]
) -> Response[MembershipAct]:
    """They join by applying. Takes the scope `admin`."""
    return await acts.on_member(
        Scope.ADMIN,
        commons,
        data.member,
        lambda repository, actor: membership.invite(repository, data.member, actor=actor),
    )


@act_route("vouchers", _TAG, "Vouch for somebody who applied")
async def vouch(
    acts: NamedDependency[Acts], commons: CommonsPath, data: JSONBody[MemberRequest]
) -> Response[MembershipAct]:
    """Once as many have as the charter asks for, they are in. Takes the scope `review`."""
    return await acts.on_member(
        Scope.REVIEW,
        commons,
        data.member,
        lambda repository, actor: membership.vouch(repository, data.member, actor=actor),
    )


@act_route("keys", _TAG, "Add a key")
async def add_key(
    acts: NamedDependency[Acts], commons: CommonsPath, data: JSONBody[KeyRequest]
) -> Response[MembershipAct]:
    """Acts are signed with it from here on. Takes the scope `admin`."""
    return await acts.on_member(
        Scope.ADMIN,
        commons,
        None,
        lambda repository, actor: membership.add_key(repository, parse_public_key(data.public), actor=actor),
    )


@act_route("revocations", _TAG, "Revoke a key")
async def revoke_key(
    acts: NamedDependency[Acts], commons: CommonsPath, data: JSONBody[RevocationRequest]
) -> Response[MembershipAct]:
    """It counts for nothing from here on. Takes the scope `admin`."""
    return await acts.on_member(
        Scope.ADMIN,
        commons,
        None,
        lambda repository, actor: membership.revoke_key(repository, data.fingerprint, actor=actor),
    )


ROUTES: list[Any] = [apply, leave, affiliate, invite, vouch, add_key, revoke_key]
