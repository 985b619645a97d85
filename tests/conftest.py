"""What every test shares: the real-data folder and the hypothesis profiles."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support import postgres as servers

# The suite must give the same answer twice, so examples are derived from the test's own text; the
# deep profile (HYPOTHESIS_PROFILE=deep) explores at random and is for finding, not for judging.
settings.register_profile(
    "suite", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("deep", max_examples=2_000, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

# A shell starts `make test &` with Ctrl-C switched off, and whatever a test starts would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _no_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing that a test runs, here or in another process, writes where the developer keeps their runs."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME"):
            patch.setenv(name, str(tmp_path_factory.mktemp(name.lower())))
        yield


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of published data sets; the test is skipped on a machine without it."""
    folder = os.environ.get("COMMONS_REAL_DATA")
    if not folder:
        pytest.skip("COMMONS_REAL_DATA is not set")
    path = Path(folder)
    assert path.is_dir(), f"COMMONS_REAL_DATA={folder} is not a folder"
    return path


@pytest.fixture(scope="session")
def library() -> Path:
    """The starter policies that ship with the repository."""
    return Path(__file__).parents[1] / "policies" / "library"


@pytest.fixture(scope="session")
def postgres() -> Iterator[servers.Postgres]:
    """A real PostgreSQL of this process's own; the test is skipped where none is installed."""
    found = servers.programs()
    if found is None:
        pytest.skip("no PostgreSQL is installed (Debian: apt-get install postgresql)")
    with servers.running(found) as server:
        yield server
