"""Who belongs and which rules are in force, as of the log's last event. Reads through a visit."""

from __future__ import annotations

from governance.charter.words import charter_words
from governance.membership.roll import can_vote
from registry.services.charters import charter_file
from registry.web.shapes.base import moment
from registry.web.shapes.proposals import (
    CharterShape,
    MemberShape,
    MembersShape,
    SectionShape,
    SentenceShape,
)
from registry.web.visit import Visit


def members_of(visit: Visit) -> MembersShape:
    """Everybody who belongs, by handle, and who waits to be admitted, in their order."""
    state = visit.state
    rules = state.charter_rules.membership
    members = tuple(
        MemberShape(
            handle=member.handle,
            joined_at=moment(member.joined_at),
            active_at=moment(member.active_at),
            affiliation=member.affiliation,
            can_vote=can_vote(member, rules, state.at),
            proposed=member.proposed,
            reviewed=member.reviewed,
            keys=tuple(key.fingerprint for key in member.keys if key.until is None),
        )
        for member in sorted(state.people.here.values(), key=lambda one: one.handle)
    )
    waiting = sorted(state.people.applicants.values(), key=lambda one: (one.at, one.handle))
    return MembersShape(
        members=members,
        applicants=tuple(one.handle for one in waiting),
        voters=sum(member.can_vote for member in members),
    )


def charter_of(visit: Visit) -> CharterShape:
    """The charter in force: in plain words, and as the file that it is. Raises `MalformedCharterError`."""
    file = charter_file(visit.repository)
    return CharterShape(
        preset=file.preset,
        blob=visit.state.charter,
        sections=tuple(
            SectionShape(
                title=section.title,
                sentences=tuple(
                    SentenceShape(
                        text=one.text, keys=one.keys, sources=tuple(file.source(key) for key in one.keys)
                    )
                    for one in section.sentences
                ),
            )
            for section in charter_words(file.charter)
        ),
        file=file.text,
    )
