"""Acts over the API: a token's scope, the content that is meant, the first answer again, and a receipt.

Who may do what is decided by the commons' rules over the viewer's handle, which is the only actor there is.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

import msgspec
from litestar import Response

from governance.commons import Commons
from registry.accounts.answers import Key
from registry.services.evidence import (
    Shown,
)
from registry.services.founding import wanted
from registry.services.propose import Opened
from registry.store.repository import Acted, Repository
from registry.web.acts_view import up_to_date
from registry.web.daily import drawn_from
from registry.web.desk import Desk
from registry.web.forking import fork_into_own
from registry.web.founding import found_on
from registry.web.once import once
from registry.web.preconditions import expected_content, idempotency_key, refuse_content, request_digest
from registry.web.rendered import JSON, PRIVATE, Rendered, respond
from registry.web.shapes.acts import (
    EmergencyAct,
    EvidenceAct,
    Left,
    MembershipAct,
    ProposalAct,
    ReleaseAct,
    emergency_act,
    evidence_act,
    membership_act,
    proposal_act,
    release_act,
)
from registry.web.shapes.commons_acts import (
    CharterAct,
    FoundingAct,
    charter_act,
    founding_act,
)
from registry.web.shapes.commons_requests import (
    FoundingRequest,
)
from registry.web.site import Site, commons_name
from registry.web.viewer import Scope, Viewer, require

Verb = Callable[[Repository, str], Acted]
"""A service, with the repository and the actor."""


class Of(NamedTuple):
    """Who acts, and on which content of a proposal (None: on the one at hand)."""

    actor: str
    content: str | None


OnContent = Callable[[Repository, Of], Left]


class Acts:
    """The acts of one request, put together in `app.py`."""

    def __init__(self, scope: Mapping[str, Any], site: Site, desk: Desk, viewer: Viewer | None) -> None:
        self._scope = scope
        self._site = site
        self._desk = desk
        self._viewer = viewer

    async def on_content(
        self, scope: Scope, commons: str, number: int, verb: OnContent
    ) -> Response[ProposalAct]:
        """An act on what a proposal proposes: `If-Match` says on which."""
        actor = require(self._viewer, scope).handle
        of = Of(actor, expected_content(self._scope))
        return await self._answered(
            actor, commons, lambda repository: _on(repository, number, verb(repository, of))
        )

    async def showing(
        self,
        scope: Scope,
        commons: str,
        number: int,
        verb: Callable[[Repository, Of], Shown],
    ) -> Response[EvidenceAct]:
        """Evidence on what a proposal proposes: `If-Match` says on which content."""
        actor = require(self._viewer, scope).handle
        of = Of(actor, expected_content(self._scope))

        def act(repository: Repository) -> Rendered:
            shown = verb(repository, of)
            return _plain(evidence_act(repository.state().name, number, shown))

        budget, name = self._desk.settings.evidence, commons_name(commons)

        async def make() -> Rendered:
            often = "once" if budget.quota == 1 else f"{budget.quota} times"
            async with drawn_from(self._desk, budget, actor, f"bring evidence {often}"):
                return await self._site.acting.do(name, act)

        return await self._once(actor, make)

    async def on_proposal(self, scope: Scope, commons: str, number: int, verb: Verb) -> Response[ProposalAct]:
        """An act on a proposal, whatever it proposes."""
        actor = self._actor(scope)
        return await self._answered(
            actor, commons, lambda repository: _on(repository, number, verb(repository, actor))
        )

    async def opening(self, commons: str, verb: Callable[[Repository, str], Opened]) -> Response[ProposalAct]:
        """An act that opens a proposal."""
        actor = self._actor(Scope.PROPOSE)

        def act(repository: Repository) -> Rendered:
            left = verb(repository, actor)
            return _on(repository, left.number, left)

        return await self._answered(actor, commons, act)

    async def on_member(
        self, scope: Scope, commons: str, member: str | None, verb: Verb
    ) -> Response[MembershipAct]:
        """An act about who belongs: about `member`, or about whoever acts."""
        actor = self._actor(scope)

        def act(repository: Repository) -> Rendered:
            left = verb(repository, actor)
            return _plain(membership_act(repository.state(), member or actor, left))

        return await self._answered(actor, commons, act)

    async def on_release(
        self, scope: Scope, commons: str, release: str, verb: Verb
    ) -> Response[EmergencyAct]:
        """An act about a release (`spam@1.2.0`)."""
        actor = self._actor(scope)
        return await self._answered(
            actor, commons, lambda repository: _plain(emergency_act(release, verb(repository, actor)))
        )

    async def reading(
        self, scope: Scope, commons: str, make: Callable[[Commons, str], msgspec.Struct]
    ) -> Response[Any]:
        """What somebody needs for an act of theirs, as of now."""
        actor, name = require(self._viewer, scope).handle, commons_name(commons)
        await up_to_date(self._site, name)
        catalogue = self._site.library.catalogue
        return respond(_plain(make(catalogue.repository(name).state(), actor)))

    async def on_charter(self, commons: str, verb: Verb) -> Response[CharterAct]:
        """An act that puts a charter in force."""
        actor = self._actor(Scope.ADMIN)
        return await self._answered(
            actor, commons, lambda repository: _plain(charter_act(verb(repository, actor)))
        )

    async def founding(self, asked: FoundingRequest) -> Response[FoundingAct]:
        """Founds a commons."""
        actor = self._actor(Scope.ADMIN)

        async def make() -> Rendered:
            made = await found_on(
                self._site, self._desk, actor, wanted(asked.name, asked.parent, asked.preset)
            )
            rendered = _plain(founding_act(actor, made))
            return rendered._replace(
                headers={**rendered.headers, "location": f"/api/v1/commons/{made.wanted.name}"}
            )

        return await self._once(actor, make)

    async def forking(self, commons: str, slug: str) -> Response[ReleaseAct]:
        """A fork of a policy into the commons of whoever acts, which is founded if need be."""
        actor = self._actor(Scope.PROPOSE)
        catalogue, name = self._site.library.catalogue, commons_name(commons)

        def act(repository: Repository) -> Rendered:
            made = fork_into_own(catalogue, repository, slug, actor)
            return _plain(release_act(made, f"{name}/{slug}@{made.release.version}"))

        return await self._answered(actor, commons, act)

    def _actor(self, scope: Scope) -> str:
        actor = require(self._viewer, scope).handle
        refuse_content(self._scope)
        return actor

    async def _answered(
        self, actor: str, commons: str, act: Callable[[Repository], Rendered]
    ) -> Response[Any]:
        """Carries it out, once for each key; `act` says how things stand then."""
        return await self._once(actor, lambda: self._site.acting.do(commons_name(commons), act))

    async def _once(self, actor: str, make: Callable[[], Awaitable[Rendered]]) -> Response[Any]:
        key = idempotency_key(self._scope)
        path = str(self._scope["path"])
        known = None if key is None else Key(actor, key, request_digest(self._scope, path))
        status, rendered = await once(self._desk, known, make)
        return respond(rendered, status)


def _on(repository: Repository, number: int, left: Left) -> Rendered:
    act = proposal_act(repository, number, left)
    rendered = _plain(act)
    return rendered._replace(headers={**rendered.headers, "etag": f'"{act.content}"'})


def _plain(act: msgspec.Struct) -> Rendered:
    return Rendered.of(msgspec.json.encode(act), JSON, {"cache-control": PRIVATE})
