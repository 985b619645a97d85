"""What a request says of an act about who belongs, as the API takes it. Touches nothing."""

from __future__ import annotations

from typing import Annotated

import msgspec

from governance.payloads.base import Handle, Token, Word
from registry.web.shapes.base import Shape

Member = Annotated[Handle, msgspec.Meta(description="Whom.", examples=["kim"])]


Affiliation = Annotated[
    Word,
    msgspec.Meta(
        description="The organisation that you act for; `independent` for none.", examples=["independent"]
    ),
]


class ApplicationRequest(Shape, frozen=True):
    """Whoever asks to be let in."""

    affiliation: Affiliation = "independent"


class AffiliationRequest(Shape, frozen=True):
    """For whom one acts from now on."""

    affiliation: Affiliation


class MemberRequest(Shape, frozen=True):
    """Somebody whom an act is about."""

    member: Member


class KeyRequest(Shape, frozen=True):
    """A key to sign with."""

    public: Annotated[
        str,
        msgspec.Meta(
            description="The line of its `.pub` file.",
            examples=["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGsB8TAwUF2kjhheJyoGVeK22/ARqf8VIEBi4nQN6TOA"],
            max_length=4_096,
        ),
    ]


class RevocationRequest(Shape, frozen=True):
    """A key of one's own that counts for nothing from here on."""

    fingerprint: Annotated[
        Token, msgspec.Meta(examples=["SHA256:lo3gPFUOWgoITlJNoWCxwLy/zg4NwLdQqGcA0Kk9Tpw"])
    ]
