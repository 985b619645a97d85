"""Evidence on a proposal: runs of what is in force and of what is proposed, both kept, and what they say.

The integers and judgements that go into the log follow from the rows of the two runs alone, and
`commons verify` recounts them (`recount_evidence.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from evaluations.comparing.comparison import Side
from evaluations.comparing.endpoint import Endpoint
from evaluations.comparing.gate import gate
from evaluations.engines.base import Engine
from evaluations.running import Run
from governance import payloads
from governance.charter.model import Evidence as EvidenceRules
from governance.commons import Commons, RunState
from governance.events import Draft
from governance.proposals.evidence import as_asked, measurable
from governance.proposals.state import Evidence, Proposal
from governance.proposals.steps import rules_for
from policies.canonical import sha256_hex
from policies.folder import PolicyFolder, load_folder
from registry.services.acting import Signer, act
from registry.services.bench import record_run
from registry.services.comparing import Compared
from registry.services.comparing_known import Ran
from registry.services.comparing_plan import Trial, Version, plan_trial
from registry.services.errors import InputRefusedError
from registry.services.evidence_words import facts_in
from registry.services.proposals import open_proposal
from registry.services.reading import find_policy, release_folder
from registry.store.errors import MissingObjectError
from registry.store.objects import Change
from registry.store.refs import policy_dir
from registry.store.repository import Repository

PUBLIC = "public"
"""The suite that every policy has: its own cases, as they stand in the policy."""


class Measured(NamedTuple):
    """One policy of a proposal, to be run before and after the change."""

    slug: str
    content: str
    trial: Trial


class Sides(NamedTuple):
    """Two runs about one policy of a proposal: of what is in force, and of what has this content."""

    slug: str
    content: str
    old: Ran
    new: Ran


class Shown(NamedTuple):
    """Evidence as it was recorded: its event's number, both runs' keys, and the figures.

    `counts` says whether it was made as the charter asks; other evidence informs. `fresh`: it was recorded
    now, and not found as it was recorded before.
    """

    seq: int
    slug: str
    base: str
    head: str
    missed: payloads.Endpoint
    flagged: payloads.Endpoint
    counts: bool
    fresh: bool


def evidence_rules(repository: Repository, number: int) -> EvidenceRules:
    """What the charter asks evidence on a proposal to be made with. Raises `UnknownProposalError`."""
    state = repository.state()
    return rules_for(state, open_proposal(state, number)).evidence


def plan_evidence(
    repository: Repository, number: int, engine: Engine, *, template: str | None = None
) -> tuple[Measured, ...]:
    """What is to be run: each policy that the proposal changes, on the cases that both versions can be asked.

    Raises `UnknownProposalError`, `InputRefusedError` when there is nothing to compare, and what planning
    raises.
    """
    state = repository.state()
    proposal = open_proposal(state, number)
    changes = tuple(measurable(proposal))
    if not changes:
        raise InputRefusedError(
            f"proposal {number}",
            "it changes no policy that was released before, so there is nothing to compare.",
            "A new policy is measured with `commons bench`.",
        )
    return tuple(_measured(repository, state, proposal, change, engine, template) for change in changes)


def _measured(
    repository: Repository,
    state: Commons,
    proposal: Proposal,
    change: payloads.PolicyChange,
    engine: Engine,
    template: str | None,
) -> Measured:
    assert proposal.revision is not None
    old = base_folder(repository, state, change)
    new = head_folder(repository, state, proposal.revision, change)
    address = f"{state.name}/{change.slug}"
    trial = plan_trial(
        Version(folder=old, address=address),
        Version(folder=new, address=f"{address} (proposal {proposal.number})"),
        engine,
        template=template,
    )
    return Measured(change.slug, proposal.content, trial)


def base_folder(repository: Repository, state: Commons, change: payloads.PolicyChange) -> PolicyFolder:
    """A policy as the change found it. Raises `MissingObjectError`."""
    assert change.base is not None
    wanted = state.current_content(change.base)
    for release in find_policy(state, change.slug).releases:
        if state.current_content(release.content) == wanted:
            return release_folder(repository, release)
    raise MissingObjectError(f"a release of {change.slug} with the content {change.base[:12]}")


def head_folder(
    repository: Repository, state: Commons, revision: payloads.Revision, change: payloads.PolicyChange
) -> PolicyFolder:
    """A policy as a revision would make it. Raises `MissingObjectError`."""
    reader = repository.reader
    tree = reader.commit(state.current_commit(revision.head)).tree
    entry = reader.entry(tree, policy_dir(change.slug))
    if entry is None:
        raise MissingObjectError(f"{revision.head}:{policy_dir(change.slug)}")
    return load_folder(change.slug, reader.files(entry.oid))


def record_evidence(
    repository: Repository,
    number: int,
    measured: Measured,
    compared: Compared,
    *,
    actor: str,
    signer: Signer | None = None,
) -> Shown:
    """Keeps both runs where they are not kept yet, and records what they say.

    Raises `InputRefusedError` when answers are missing or a name cannot stand in a log, and what the rules
    refuse: the proposal may have got another revision while a model was asked.
    """
    refuse_unanswered(measured, compared)
    if open_proposal(repository.state(), number).content != measured.content:
        raise InputRefusedError(
            f"proposal {number}",
            "it got another revision while this one was run.",
            "Run the same command again; what is in force need not be run anew.",
        )
    sides = Sides(measured.slug, measured.content, compared.old, compared.new)
    return record_sides(repository, number, sides, actor=actor, signer=signer)


def refuse_unanswered(measured: Measured, compared: Compared) -> None:
    """Raises `InputRefusedError` while answers are missing that may still come."""
    if compared.unanswered:
        raise InputRefusedError(
            f"the runs of {measured.slug}",
            f"{compared.unanswered} answers never came.",
            "Run the same command again: it asks for what is missing.",
        )


def record_sides(
    repository: Repository, number: int, sides: Sides, *, actor: str, signer: Signer | None = None
) -> Shown:
    """The same for two runs that are known to be of what was and what would be, on the same cases.

    Raises `InputRefusedError` for a name that cannot stand in a log, and what the rules refuse.
    """
    slug, content, old, new = sides
    facts = facts_in(new.record)
    base, head = (_kept(repository, slug, ran, actor) for ran in (old, new))

    def said_under(state: Commons) -> payloads.EvidenceRecorded:
        """By the margin that is in force then: it may have changed while a model was asked."""
        missed, flagged = evidence_of(
            Side(record=old.record, rows=old.rows),
            Side(record=new.record, rows=new.rows),
            rules_for(state, open_proposal(state, number)).evidence.margin,
        )
        return payloads.EvidenceRecorded(
            number=number,
            content=content,
            slug=slug,
            base=base.commit,
            head=head.commit,
            suite=PUBLIC,
            digest=new.record.parts.suite,
            missed=missed,
            flagged=flagged,
            **facts,
        )

    def shown(state: Commons, said: payloads.EvidenceRecorded, seq: int, *, fresh: bool) -> Shown:
        asked = as_asked(said, rules_for(state, open_proposal(state, number)))
        return Shown(seq, slug, base.key, head.key, said.missed, said.flagged, counts=asked, fresh=fresh)

    def decide(state: Commons | None, _change: Change, _at: int) -> Draft:
        assert state is not None
        return Draft(type="evidence_recorded", actor=actor, payload=said_under(state))

    state = repository.state()
    if not old.fresh and not new.fresh:
        said = said_under(state)
        if (known := _known(state, said)) is not None:
            return shown(state, said, known.seq, fresh=False)
    entry = act(repository, decide, signer=signer).entry
    assert isinstance(entry.event.payload, payloads.EvidenceRecorded)
    return shown(state, entry.event.payload, entry.event.seq, fresh=True)


def _known(state: Commons, said: payloads.EvidenceRecorded) -> Evidence | None:
    """The same evidence, recorded before: runs that were there already say nothing new."""
    names = ("content", "slug", "model", "revision", "effort", "template", "suite", "missed", "flagged")
    for shown in state.proposals[said.number].evidence:
        if all(getattr(shown, name) == getattr(said, name) for name in names):
            return shown
    return None


def evidence_of(old: Side, new: Side, margin: Fraction) -> tuple[payloads.Endpoint, payloads.Endpoint]:
    """Missed violations and over-enforcement in exact counts, judged by a charter's margin.

    Raises `UnequalItemsError`.
    """
    said = gate(old, new, margin)
    return _endpoint(said.missed), _endpoint(said.flagged)


def _endpoint(end: Endpoint) -> payloads.Endpoint:
    return payloads.Endpoint(
        cases=end.change.n, mended=end.change.fixed, broken=end.change.broken, judgement=end.judgement.value
    )


def _kept(repository: Repository, slug: str, ran: Ran, actor: str) -> RunState:
    """The run in this commons; put there where it is not."""
    digest = sha256_hex(ran.files["record.json"])
    for known in _newest_first(repository.state()):
        if known.slug == slug and known.record == digest:
            return known
    return record_run(repository, slug, Run(record=ran.record, rows=ran.rows, files=ran.files), actor=actor)


def _newest_first(state: Commons) -> Iterator[RunState]:
    return iter(sorted(state.runs.values(), key=lambda run: run.seq, reverse=True))
