"""Why a service refused; the command line and the web turn each into an answer of their own."""

from __future__ import annotations

from policies.findings import Finding


class ServiceError(Exception):
    """Root of every error this package raises on purpose."""


class BrokenError(ServiceError):
    """Something in a commons is not what its log says (`place`, `rule`)."""

    def __init__(self, place: str, rule: str) -> None:
        self.place = place
        self.rule = rule
        super().__init__(f"{place}: {rule}")


class UnknownPolicyError(ServiceError):
    """There is no such policy, version or commit (`what` as asked for)."""

    def __init__(self, what: str, remedy: str) -> None:
        self.what = what
        super().__init__(f"{what}: not in this commons. {remedy}")


class UnknownCommonsError(ServiceError):
    """Nothing is served at an address (`place`)."""

    def __init__(self, place: str) -> None:
        self.place = place
        super().__init__(
            f"{place}: not found there. A commons' address ends in `.git`, such as http://host/demo.git."
        )


class UnknownProposalError(ServiceError):
    """There is no such proposal, or none that is still open (`what`)."""

    def __init__(self, what: str, remedy: str) -> None:
        self.what = what
        super().__init__(f"{what}: not open in this commons. {remedy}")


class EndedProposalError(UnknownProposalError):
    """The proposal is over, so nothing more is done about it."""

    def __init__(self, number: int, stage: str) -> None:
        super().__init__(f"proposal {number}", f"It is over ({stage}); open another.")


class OtherContentError(ServiceError):
    """A proposal does not propose any more what somebody read (`content` is what it does now)."""

    def __init__(self, number: int, content: str) -> None:
        self.number = number
        self.content = content
        self.rule = f"Proposal {number} was revised: it does not propose any more what you read."
        self.remedy = "Read the revision at hand, and act on that."
        super().__init__(f"{self.rule} {self.remedy}")


class OtherCharterError(ServiceError):
    """Another charter is in force than the one that somebody read (`content` is its blob)."""

    def __init__(self, content: str) -> None:
        self.content = content
        self.rule = "The charter was changed meanwhile: another one is in force than the one that you read."
        self.remedy = "Look at what is in force now, and at your change again."
        super().__init__(f"{self.rule} {self.remedy}")


class OvertakenError(ServiceError):
    """Something was recorded meanwhile that changes what is meant: whoever asked looks again."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}: something was recorded meanwhile. Look again.")


class UnknownRunError(ServiceError):
    """There is no such run."""

    def __init__(self, key: str, told: str | None = None) -> None:
        self.key, self.told = key, told
        here = "not in this commons. `commons show REPOSITORY SLUG` lists a policy's runs."
        super().__init__(f"run {key}: {told or here}")


class UnknownCaseError(ServiceError):
    """The policy has no case of that id."""

    def __init__(self, slug: str, case_id: str) -> None:
        self.slug = slug
        self.what = case_id
        super().__init__(f"{slug}: it has no case {case_id!r}. Its cases.jsonl lists what is there.")


class LintRefusedError(ServiceError):
    """The folder has lint errors, so it cannot be published."""

    def __init__(self, slug: str, findings: tuple[Finding, ...]) -> None:
        self.slug = slug
        self.findings = findings
        lines = "\n".join(f"  {finding}" for finding in findings)
        stand = "1 lint error stands" if len(findings) == 1 else f"{len(findings)} lint errors stand"
        super().__init__(f"{slug}: {stand} in the way.\n{lines}")


class NothingChangedError(ServiceError):
    """The folder is what was released last."""

    def __init__(self, slug: str, version: str) -> None:
        self.slug = slug
        self.version = version
        super().__init__(f"{slug}: nothing changed since {version}. Change the text or the cases first.")


class ChangeTooSmallError(ServiceError):
    """The declared change is smaller than what the difference shows."""

    def __init__(self, slug: str, declared: str, least: str, why: str) -> None:
        self.slug = slug
        self.least = least
        super().__init__(f"{slug}: declared {declared}, but {why}: declare at least {least}.")


class BlockedContentError(ServiceError):
    """Content that was redacted here is being put back."""

    def __init__(self, place: str) -> None:
        self.place = place
        super().__init__(f"{place}: this was redacted from the commons and may not return. Take it out.")


class StewardError(ServiceError):
    """Somebody who looks after commons wants to be gone from all of them (`names`)."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        listed = ", ".join(names)
        self.rule = f"You look after {listed}."
        self.remedy = (
            "Hand it over first: amend its charter (membership.stewards) so that another member does, or ask "
            "the operator to take a commons of your own off this site."
        )
        super().__init__(f"{listed}: {self.rule} {self.remedy}")


class InputRefusedError(ServiceError):
    """A file or folder given by the user that cannot be used (`place`, `rule`, `remedy`)."""

    def __init__(self, place: str, rule: str, remedy: str) -> None:
        self.place = place
        self.rule = rule
        self.remedy = remedy
        super().__init__(f"{place}: {rule} {remedy}")
