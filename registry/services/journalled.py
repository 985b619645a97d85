"""An engine that keeps a journal: it asks what the journal has not, and writes down what comes."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence

from evaluations.engines.base import Engine, EngineInfo, EngineSettings, Session, Task
from evaluations.verdicts import Answer
from policies.model import Case
from registry.services.journal import Journal


class JournalledEngine:
    """`engine`, as the journal's owner. Implements `Engine`; what it is and promises is the engine's own."""

    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    @property
    def info(self) -> EngineInfo:
        """The engine's."""
        return self._engine.info

    @property
    def settings(self) -> EngineSettings:
        """The engine's: a journal changes no answer."""
        return self._engine.settings

    @property
    def versions(self) -> Mapping[str, str]:
        """The engine's."""
        return self._engine.versions

    def load(self, task: Task) -> JournalledSession:
        """Raises what the engine raises."""
        return JournalledSession(self._engine.load(task), self._journal)


class JournalledSession:
    """Implements `Session`. Each call of `classify` is the next repeat."""

    def __init__(self, session: Session, journal: Journal) -> None:
        self._session = session
        self._journal = journal
        self._repeat = 0

    def classify(self, cases: Sequence[Case]) -> Iterator[Answer]:
        """The answers that are kept, then the others as they come, each written down first."""
        self._repeat += 1
        kept = self._journal.kept
        yield from (kept[self._repeat, case.id] for case in cases if (self._repeat, case.id) in kept)
        left = [case for case in cases if (self._repeat, case.id) not in kept]
        if not left:
            return
        asked = self._session.classify(left)
        try:
            for answer in asked:
                self._journal.append(self._repeat, answer)
                yield answer
        finally:
            # At once, not when the interpreter comes by: what is under way costs somebody's server.
            if isinstance(asked, Generator):
                asked.close()
