"""What can go wrong when a policy is evaluated. Pure: values in, values out."""

from __future__ import annotations

from collections.abc import Sequence

_SHOWN = 5


class EvaluationError(Exception):
    """Root of every error this package raises on purpose."""


class SuiteError(EvaluationError):
    """Cases that make no suite under their policy's labels.

    `case_ids` are those at fault, `rule` what they break, `remedy` what to do.
    """

    def __init__(self, case_ids: Sequence[str], rule: str, remedy: str) -> None:
        self.case_ids = tuple(case_ids)
        self.rule = rule
        self.remedy = remedy
        super().__init__(f"{named_cases(case_ids)}{rule} {remedy}")


class TemplateError(EvaluationError):
    """A prompt template that is not known, or that cannot ask for what the policy wants answered."""

    def __init__(self, template: str, rule: str, remedy: str) -> None:
        self.template = template
        self.rule = rule
        self.remedy = remedy
        super().__init__(f"template {template}: {rule} {remedy}")


class EngineError(EvaluationError):
    """An engine that is not known, cannot take on a policy, or broke its promise.

    `engine` is its name, `rule` what stands in the way, `remedy` what to do.
    """

    def __init__(self, engine: str, rule: str, remedy: str) -> None:
        self.engine = engine
        self.rule = rule
        self.remedy = remedy
        super().__init__(f"engine {engine}: {rule} {remedy}")


class EngineUnavailableError(EngineError):
    """An engine whose server does not answer just now."""


class TooLittleTextError(EngineError):
    """A policy that gives a learning engine fewer than two labels to tell apart.

    `untrained` are the labels for which nothing was found to learn from.
    """

    def __init__(self, engine: str, untrained: Sequence[str], remedy: str) -> None:
        self.untrained = tuple(untrained)
        missing = ", ".join(untrained) or "every label but one"
        super().__init__(engine, f"needs text for at least two labels; there is none for {missing}.", remedy)


class RecordError(EvaluationError):
    """Root of what is wrong with a stored run."""


class MalformedRecordError(RecordError):
    """A run's files cannot be read. `line` is 1-based, 0 when it is about the whole file."""

    def __init__(self, file: str, line: int, rule: str, remedy: str) -> None:
        self.file = file
        self.line = line
        self.rule = rule
        self.remedy = remedy
        place = f"{file}:{line}" if line else file
        super().__init__(f"{place}: {rule} {remedy}")


class RecordMismatchError(RecordError):
    """A record states what its own rows do not give.

    `field` is the path of the first difference, `stated` what the record says, `found` what follows.
    """

    def __init__(self, field: str, stated: object, found: object) -> None:
        self.field = field
        self.stated = stated
        self.found = found
        super().__init__(
            f"{field}: the record states {_short(stated)}, its rows give {_short(found)}. "
            "Run it again, or store what was measured."
        )


def named_cases(case_ids: Sequence[str]) -> str:
    """The first few ids with a count of the rest, as the start of a message; empty for none."""
    if not case_ids:
        return ""
    first = ", ".join(case_ids[:_SHOWN])
    more = f" and {len(case_ids) - _SHOWN} more" if len(case_ids) > _SHOWN else ""
    noun = "case" if len(case_ids) == 1 else "cases"
    return f"{noun} {first}{more}: "


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:117]}..."
